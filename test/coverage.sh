#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test/coverage.sh [SEEDS]: which branches of the core its unit tests, scripts and simulations take together (default 2000 seeds).
# A table for each file, the lines with branches never taken, and out/coverage/index.html with all. Lines with MPT_ASSERT are left out:
# the other branch of an assertion is a bug. Exit status 1 when less than 90 % are taken. Needs gcc and gcovr.
set -u

cd "$(dirname "$0")/.." || exit 2
seeds=${1:-2000}
work=out/coverage
least=90
rm -rf "$work"
mkdir -p "$work/core" "$work/tests"
command -v gcovr >/dev/null || {
    echo "gcovr is not installed"
    exit 77
}

flags="-std=c11 -g -Imodel/core -Itest/unit -Itest/sim -Itest/scripts"
for file in model/core/*/*.c; do
    echo "$file $work/core -O0 --coverage"
done >"$work/list"
for file in test/unit/*.c test/sim/*.c test/scripts/*.c; do
    case $file in */test_keys.c | */test_middlebox.c) ;; *) echo "$file $work/tests -O1" ;; esac # those are not about the core
done >>"$work/list"
xargs -P 2 -L 1 sh -c "gcc $flags \${2} \${3:-} -c \$0 -o \$1/\$(basename \$0 .c).o" <"$work/list" || exit 2

link() { # PROGRAM OBJECT...: with the core
    program=$1
    shift
    gcc --coverage -o "$work/$program" "$work/tests/$program.o" "$@" "$work"/core/*.o -lcmocka -lnettle -lm || exit 2
}

without_main() { # FOLDER: objects of its files that are no program
    for file in "$1"/*.c; do
        grep -q '^int main(\|^main(' "$file" || echo "$work/tests/$(basename "$file" .c).o"
    done
}

run() { # PROGRAM ARGUMENT...
    program=$1
    shift
    "$work/$program" "$@" >"$work/log" 2>&1 || {
        echo "$program fails:"
        tail -n 20 "$work/log"
        exit 1
    }
}

for file in "$work"/tests/test_*.o; do
    program=$(basename "$file" .o)
    case $program in
    test_sim_cases) link "$program" $(without_main test/sim) ;;
    test_scripts) link "$program" $(without_main test/scripts) ;;
    *) link "$program" "$work/tests/unit_support.o" "$work/tests/unit_pair.o" ;;
    esac
    run "$program"
done
link sim_random $(without_main test/sim)
run sim_random --to "$seeds" --jobs 2 --check-every 0

gcovr --root . --object-directory "$work/core" --filter model/core/ --exclude-lines-by-pattern '.*MPT_ASSERT.*' --branches \
    --html-details "$work/index.html" --txt "$work/branches.txt" --fail-under-branch "$least" "$work/core"
status=$?
cat "$work/branches.txt"
exit "$status"
