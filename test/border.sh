#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The border between the C core and its hosts (doc/architecture.md):
#   1. model/core includes nothing of ns-3, and of libc nothing with I/O, time or randomness;
#   2. of the C++ files, only the three that translate between ns-3 and the core include its headers, and only mpt.h; those that let in policies of
#      one's own include mpt_ext.h; of the experiments, only the link engine includes either;
#   3. the core library calls nothing but mem*, strcmp, nettle and the assert hook;
#   4. the folders of model/core are layers: each includes only itself and those below it, in the order of `layers`;
#   5. the C files of model/middlebox keep to the same, and do not know the core either.
# Prints what is wrong, one line each; exit status 1 if anything is.
# test/border.sh --self-test: shows that each of them notices a violation.

cd "$(dirname "$0")/.." || exit 1

# The headers that the core may include, besides its own.
allowed_headers='assert|inttypes|limits|stdalign|stdarg|stdbool|stddef|stdint|stdnoreturn|string|nettle/[a-z0-9-]+'
# The files that may include mpt.h, and those that may include mpt_ext.h.
allowed_users='mptcp-stack(-[a-z]+)?|mptcp-settings|mptcp-convert'
policy_users='mptcp-policy\.(h|cc)|mptcp-policy-test\.cc|experiments/run/transport\.cc'
# The folders of the core, from below.
layers='base wire host cc tcp pm sched mptcp stack'
# The symbols that it may leave undefined.
allowed_symbols='mem[a-z]+|strcmp|nettle_[a-z0-9_]+|_nettle_[a-z0-9_]+|mpt_assert_failed|_GLOBAL_OFFSET_TABLE_'

own_includes() { # FOLDER PREFIX: what its C files (those of C++ have hyphens) may include, besides allowed_headers
    grep -HnE '^[[:space:]]*#[[:space:]]*include' $(find "$1" -name '*.[ch]' | grep -v -e -) |
        grep -vE "include[[:space:]]*(<($allowed_headers)\.h>|\"([a-z]+/)?$2_?[a-z0-9_]*\.h\")" |
        sed "s|\$|   <- not allowed in $1|"
}

core_users() { # FILE...
    local lines
    grep -lE '#[[:space:]]*include[[:space:]]*"([^"]*/)?mpt(_[a-z0-9_]+)?\.h"' "$@" |
        grep -vE "(^|/)(($allowed_users)\.cc|$policy_users)$|^experiments/link/" | sed "s/$/   <- may not include the core's headers/"
    lines=$(grep -HnE '#[[:space:]]*include[[:space:]]*"([^"]*/)?mpt_[a-z0-9_]+\.h"' "$@" | grep -vE '"(ns3/)?mpt_ext\.h"')
    [ -z "$lines" ] || echo "$lines   <- only mpt.h and mpt_ext.h are for hosts"
    lines=$(grep -HnE '#[[:space:]]*include[[:space:]]*"([^"]*/)?mpt_ext\.h"' "$@" | grep -vE "(^|/)($policy_users):|^experiments/link/")
    [ -z "$lines" ] || echo "$lines   <- mpt_ext.h is for policies"
}

upward_includes() { # FOLDER: includes of its folders that do not point down
    local below='' layer
    for layer in $layers; do
        below="$below|$layer"
        [ ! -d "$1/$layer" ] || grep -HnE '#[[:space:]]*include[[:space:]]*"[^"]*/' "$1/$layer"/*.[ch] |
            grep -vE "\"(${below#|})/" | sed "s/\$/   <- $layer may include ${below//|/ } only/"
    done
    find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -vwE "${layers// /|}" | sed 's/$/   <- is no layer/'
}

undefined_symbols() { # ARCHIVE
    nm -A "$1" | awk '
        NF >= 3 && $(NF-1) != "U" && $(NF-1) ~ /^[A-Zuvw]$/ { defined[$NF] = 1 }
        $(NF-1) == "U" { sub(/:.*/, "", $1); user[$NF] = user[$NF] " " FILENAME }
        END { for (s in user) if (!(s in defined)) print s }' |
        sort | grep -vxE "$allowed_symbols" | sed 's/$/   <- symbol the core may not use/'
}

problems() { # FOLDER PREFIX ARCHIVE
    own_includes "$1" "$2"
    [ "$2" = mbx ] || upward_includes "$1"
    undefined_symbols "$3"
}

# Each planted violation must be noticed, and the same input without it must not.
self_test() {
    local dir
    dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
    expect() { # NUMBER_OF_PROBLEMS
        local found
        found=$(cd "$dir" && ${CC:-cc} -c -o core/a.o core/a.c && ar rcs core/a.a core/a.o &&
            problems core mpt core/a.a && core_users ./*.cc $(ls ./*.h 2>/dev/null))
        [ "$(echo "$found" | grep -c .)" = "$1" ] || { echo "self-test: expected $1 problems, found: $found"; exit 1; }
    }
    mkdir "$dir/core"
    printf '#include <string.h>\nvoid a(char *p);\nvoid a(char *p) { memset(p, 0, 9999); }\n' >"$dir/core/a.c"
    printf '#include "mpt.h"\n' >"$dir/mptcp-stack.cc"
    printf '#include "ns3/socket.h"\n' >"$dir/other.cc"
    expect 0
    printf '#include "core/mpt.h"\n' >"$dir/other.cc" && expect 1
    printf '#include "mpt_range.h"\n' >"$dir/other.cc" && expect 2
    rm "$dir/other.cc" && expect 0
    printf '#include "core/mpt_range.h"\n' >"$dir/mptcp-stack.cc" && expect 1
    printf '#include "core/mpt.h"\n' >"$dir/mptcp-stack.cc" && expect 0
    printf '#include "ns3/mpt_ext.h"\n' >"$dir/mptcp-policy.h" && cp "$dir/mptcp-policy.h" "$dir/mptcp-policy.cc" && expect 0
    printf '#include "ns3/mpt_ext.h"\n' >"$dir/mptcp-stack.cc" && expect 1
    printf '#include "core/mpt.h"\n' >"$dir/mptcp-stack.cc" && expect 0
    printf '#include <time.h>\nlong a(void);\nlong a(void) { return time(0); }\n' >"$dir/core/a.c" && expect 2
    printf '#include "ns3/socket.h"\n' >"$dir/core/b.h"
    printf 'int a(void);\nint a(void) { return 1; }\n' >"$dir/core/a.c" && expect 1
    rm "$dir/core/b.h" && expect 0
    mkdir "$dir/core/tcp" "$dir/core/mptcp"
    printf '#include "tcp/mpt_a.h"\n#include "wire/mpt_b.h"\n' >"$dir/core/tcp/mpt_a.h"
    printf '#include "tcp/mpt_a.h"\n' >"$dir/core/mptcp/mpt_c.h" && expect 0
    printf '#include "mptcp/mpt_c.h"\n' >>"$dir/core/tcp/mpt_a.h" && expect 1
    mkdir "$dir/core/other" && expect 2
}

if [ "$1" = --self-test ]; then
    self_test
    exit
fi
found=$(
    problems model/core mpt build/libmptcore.a
    problems model/middlebox mbx build/libmptbox.a
    core_users $(ls model/*.cc model/*.h model/middlebox/*.cc model/middlebox/*.h helper/*.cc helper/*.h examples/*.cc \
        experiments/*/*.cc experiments/*/*.h test/ns3/*.cc test/ns3/*.h 2>/dev/null)
)
[ -z "$found" ] || { echo "$found"; exit 1; }
