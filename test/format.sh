#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Is the source formatted as .clang-format says (C: the top folder's; C++: ns-3's, in the folders that hold it)?
# test/format.sh --fix formats it.

cd "$(dirname "$0")/.." || exit 1
command -v clang-format >/dev/null || { echo "clang-format is not installed"; exit 77; }

# C files have underscores or one word, the classes of ns-3 hyphens; the scenario engine mixes both.
c_sources() {
    git ls-files '*.c'
    git ls-files '*.h' | xargs grep -LE '^(namespace|class) |^#include <(string|vector|map|memory|functional)>|^#include "ns3/' --
}

# C++: the folders of the ns-3 module, and what uses it.
cpp_sources() {
    git ls-files 'model/*.cc' 'helper/*.cc' 'helper/*.h' 'examples/*.cc' 'test/ns3/*.cc' 'test/ns3/*.h' 'doc/*.cc' 'experiments/*.cc' 'experiments/run/*.h' 'test/kernel/*.cc' 'model/mptcp-*.h' 'model/middlebox/mptcp-*.h'
}

cpp_style=--style=file:.clang-format-cpp
if [ "$1" = --fix ]; then
    c_sources | xargs clang-format -i
    cpp_sources | xargs clang-format -i $cpp_style
else
    # All of it is looked at before any is cut off: a pipe into head would end grep with a status of its own.
    faults=$({
        c_sources | xargs clang-format --dry-run -Werror
        cpp_sources | xargs clang-format --dry-run -Werror $cpp_style
    } 2>&1 | grep -A3 'warning\|error')
    [ -z "$faults" ] || { head -n 40 <<<"$faults"; exit 1; }
fi
