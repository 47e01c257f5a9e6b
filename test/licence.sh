#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# licence.sh BUILD_DIR: no program or library of the project links both ns-3 (GPL-2.0-only) and GSL (GPL-3.0-or-later), by itself or by a
# library of the project; and every file says its licence. Prints what is wrong, one line each.
# licence.sh --self-test: shows that it notices.

needs() { # FILE: names of the libraries that it asks for, those of the project's own that it asks for included
    local name own
    readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r name; do
        echo "$name"
        own=$(dirname "$1")/$name
        [ ! -f "$own" ] || needs "$own"
    done
}

is_both() { # LIST OF LIBRARIES
    grep -q '^libns3' <<<"$1" && grep -q '^libgsl' <<<"$1"
}

binaries() { # BUILD_DIR
    find "$1" -path '*/contrib' -prune -o -type f -perm -u+x -print | while read -r file; do
        [ "$(head -c 4 "$file" | tail -c 3)" != ELF ] || echo "$file"
    done
}

if [ "$1" = --self-test ]; then
    is_both $'libns3.37-core.so.37\nlibgsl.so.27' || { echo "self-test: both are not noticed"; exit 1; }
    ! is_both $'libns3.37-core.so.37\nlibm.so.6' || { echo "self-test: ns-3 alone is no fault"; exit 1; }
    ! is_both $'libgsl.so.27\nlibgslcblas.so.0' || { echo "self-test: GSL alone is no fault"; exit 1; }
    exit
fi
build=${1:?usage: licence.sh BUILD_DIR}
count=0 status=0 with_ns3=0 with_gsl=0
while read -r file; do
    libraries=$(needs "$file")
    count=$((count + 1))
    ! grep -q '^libns3' <<<"$libraries" || with_ns3=$((with_ns3 + 1))
    ! grep -q '^libgsl' <<<"$libraries" || with_gsl=$((with_gsl + 1))
    ! is_both "$libraries" || { echo "$file links ns-3 and GSL"; status=1; }
done < <(binaries "$build")
[ "$with_ns3" -gt 0 ] && [ "$with_gsl" -gt 0 ] || { echo "of $count programs $with_ns3 link ns-3, $with_gsl GSL: nothing was built?"; status=1; }
# Prose, the texts of licence and authors, tables, pictures and the fuzzer's inputs have no comments to say it in.
without=$(git ls-files | grep -vE '\.(md|csv|svg|png|gz)$|^(LICENSE|AUTHORS)$|^test/fuzz/corpus/' |
    xargs grep -L 'SPDX-License-Identifier: GPL-2.0-or-later')
[ -z "$without" ] || { echo "$without" | sed 's/$/: no SPDX head/'; status=1; }
exit $status
