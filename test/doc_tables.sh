#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tables of doc/protocol.md, doc/tcp.md and doc/policies.md name what there is: every test in the column `test' is a case in test/, and every
# `file' or `file: function' in the column `where' is in model/core/ (or a setting). Rows without a test are wrong, too. And each policy that ships
# has its row, is named where a user looks for names (the setting, the key of scenarios), and is in the random simulations.
# Prints what is wrong, one line each; exit status 1 if anything is.
# test/doc_tables.sh --self-test: shows that it notices each.

cd "$(dirname "$0")/.." || exit 1

# Print DOCUMENT:LINE:COLUMN:NAME for each name between backquotes in those columns.
names() { # DOCUMENT
    awk -F' *[|] *' '
        /^\|/ && $2 == "RFC" { for (i = 2; i < NF; i++) column[i] = $i; next }
        /^## / { delete column }
        /^\|/ && $2 !~ /^-+$/ {
            for (i = 2; i < NF; i++) {
                if (column[i] != "test" && column[i] != "where") continue
                if (column[i] == "test" && $i !~ /`/) print FILENAME ":" FNR ":none:" $3
                count = split($i, part, "`")
                for (j = 2; j <= count; j += 2) print FILENAME ":" FNR ":" column[i] ":" part[j]
            }
        }' "$1"
}

is_test() { # NAME: a word of a test, a program or a script of test/, as in a name table or a string
    grep -rqwF --include='*.c' --include='*.cc' --include='*.sh' -e "$1" test || [ -n "$(find test -name "$1.*")" ]
}

is_code() { # FILE, FILE: FUNCTION, or a word of mpt.h, such as a setting
    file=$(find model/core -name "mpt_${1%%:*}.c")
    case $1 in
    *:*) [ -f "$file" ] && grep -qw -e "${1##*: }" "$file" ;;
    *) [ -f "$file" ] || grep -qw -e "$1" model/core/mpt.h ;;
    esac
}

problems() { # DOCUMENT...
    for document in "$@"; do
        names "$document" | while IFS= read -r line; do
            name=${line#*:*:*:}
            case $line in
            *:none:*) echo "${line%%:none:*}: no test of \"$name\"" ;;
            *:test:*) is_test "$name" || echo "${line%%:test:*}: no test is called $name" ;;
            *) is_code "$name" || echo "${line%%:where:*}: model/core has no $name" ;;
            esac
        done
    done
}

policies() { # FOLDER: the names of those in model/core/FOLDER
    sed -n 's/.*\.name = "\([^"]*\)".*/\1/p' model/core/"$1"/*.c
}

# SETTING NAME...: which of them are missing, and where
missing() {
    setting=$1 line=$(grep "X(NAME, $1," model/core/mpt.h)
    shift
    for name in "$@"; do
        grep -q "^| [^|]* | \`$name\` |" doc/policies.md || echo "doc/policies.md: no row of $name"
        echo "$line" | grep -qE "[ :]$name[,\"]" || echo "model/core/mpt.h: $setting does not name $name"
        grep -E "^\| \`flows.$setting\`" experiments/README.md | grep -qE "[ :]$name[,;]" || echo "experiments/README.md: flows.$setting does not name $name"
        echo "$line" | grep -q "$setting, \"$name\"" || grep -qF "\"$name\"" test/sim/sim_scenario.c || echo "test/sim/sim_scenario.c: no simulation has $name"
    done
}

all_missing() { # [NAME]: one that there is not, for the self-test
    missing congestion_control $(policies cc) $1
    missing scheduler $(policies sched) $1
    missing path_manager $(policies pm) $1
}

# FOLDER: where wscript, CITATION.cff and the newest heading of CHANGES.md do not have the same version, or a suite is in no group of Doxygen
odd_versions() {
    version=$(sed -n "s/^VERSION = '\(.*\)'/\1/p" "$1/wscript")
    grep -q "^version: \"$version\"$" "$1/CITATION.cff" || echo "CITATION.cff: not version $version of wscript"
    [ "$(sed -n 's/^## \([^ ]*\).*/\1/p' "$1/CHANGES.md" | head -n 1)" = "$version" ] || echo "CHANGES.md: does not begin with $version of wscript"
    grep -L '@ingroup mptcp-tests' "$1"/test/ns3/*-test.cc | sed 's/$/: not in the group mptcp-tests/'
}

if [ "$1" = --self-test ]; then
    dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
    cat >"$dir/table.md" <<'TABLE'
| RFC | requirement | where | test | Linux |
| --- | --- | --- | --- | --- |
| 1 | right | `conn: mpt_conn_write` | `border` | `anything` |
| 1 | no such test | `conn` | `case_PID` | |
| 1 | no such file | `nosuchfile` | `border` | |
| 1 | no such function | `conn: no_such_function` | `border` | |
| 1 | nothing | `conn` | | |
TABLE
    sed -i 's/`case_PID`/`no''such`/' "$dir/table.md"
    found=$(problems "$dir/table.md")
    [ "$(echo "$found" | grep -c .)" = 4 ] || { echo "self-test: expected 4 problems, found: $found"; exit 1; }
    found=$(all_missing nosuchpolicy)
    [ "$(echo "$found" | grep -c 'nosuchpolicy$')" = 12 ] || { echo "self-test: expected 12 places without nosuchpolicy, found: $found"; exit 1; }
    mkdir -p "$dir/test/ns3" && cp CITATION.cff CHANGES.md "$dir" && echo "VERSION = '99.9'" >"$dir/wscript" && echo >"$dir/test/ns3/a-test.cc"
    found=$(odd_versions "$dir")
    [ "$(echo "$found" | grep -c .)" = 3 ] || { echo "self-test: expected 3 odd versions or groups, found: $found"; exit 1; }
    exit
fi
found=$(problems $(grep -lE "^\| RFC \| .*\| where \| test" doc/*.md); all_missing; odd_versions .)
[ -z "$found" ] || { echo "$found"; exit 1; }
