#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# test_protocol_doc.sh: what doc/protocol.md and doc/tcp.md name is there: each `file: function` in model/core, each `test` in a test. Last line: N passed, N failed.
set -u

cd "$(dirname "$0")/.." || exit 2
passed=0
failed=0

judge() { # STATUS WHAT
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED   $2"
    fi
}

names() { # COLUMN: what stands in backticks there, one a line, blanks as '='
    awk -F ' \\| ' -v column="$1" '/^\| / && NF >= 5 { n = split($column, part, "`")
        for (i = 2; i <= n; i += 2) { gsub(" ", "=", part[i]); print part[i] } }' doc/protocol.md doc/tcp.md | sort -u
}

for name in $(names 3); do
    file=${name%%:*}
    function=${name#*:=}
    [ "$file" = "$name" ] && continue # a setting
    grep -qE "(^|[^a-z_])$function\(" "model/core/mpt_$file.c"
    judge $? "mpt_$file.c has no function $function"
done
for name in $(names 4); do
    grep -rqw --include='*.c' --include='*.cc' --include='*.sh' "$name" test || grep -qw "$name" test/run_tests.py
    judge $? "there is no test $name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
