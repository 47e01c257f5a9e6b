#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test_fuzz.sh SECONDS: builds the fuzz targets with ASan and UBSan, replays their corpora, then lets each look for new inputs for
# so long, all at once. What breaks a target is kept in out/fuzz/. Needs clang with its fuzzer runtime.
# test_fuzz.sh SECONDS --keep: afterwards writes the corpora anew, with what was found and as small as covers the same.
# test_fuzz.sh --replay TARGET FILE: runs one input. Last line: N passed, N failed.
set -u

cd "$(dirname "$0")/../.." || exit 2
work=out/fuzz
targets="codec conn pair"
flags="-std=c11 -g -O2 -Imodel/core -Itest/sim -fsanitize=address,undefined -fno-sanitize-recover=all"
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

build() {
    command -v clang >/dev/null && echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return d == 0 && n == 1; }' |
        clang -fsanitize=fuzzer -x c - -o "$work/probe" 2>/dev/null || {
        echo "skipped: clang with its fuzzer runtime is not installed (Debian: clang, libclang-rt-14-dev)"
        exit 77
    }
    rm -rf "$work/objects"
    mkdir -p "$work/objects"
    printf '%s\n' model/core/*/*.c test/sim/sim_memory.c test/fuzz/*.c | xargs -P 2 -I {} sh -c \
        "clang $flags -fsanitize=fuzzer-no-link -c {} -o $work/objects/\$(basename {} .c).o" || exit 2
    for target in $targets; do
        clang $flags -fsanitize=fuzzer "$work"/objects/mpt_*.o "$work"/objects/sim_memory.o "$work"/objects/fuzz_host.o \
            "$work"/objects/fuzz_segment.o "$work/objects/fuzz_$target.o" -lnettle -o "$work/fuzz_$target" || exit 2
    done
}

unpack() { # TARGET: its corpus, for a start
    rm -rf "$work/corpus-$1"
    mkdir -p "$work/corpus-$1"
    tar -xzf "test/fuzz/corpus/$1.tar.gz" -C "$work/corpus-$1" || exit 2
}

fuzz() { # TARGET SECONDS
    "$work/fuzz_$1" -max_total_time="$2" -max_len=400 -len_control=0 -timeout=20 -reload=0 -print_final_stats=1 \
        -artifact_prefix="$work/$1-" "$work/corpus-$1" >"$work/$1.log" 2>&1 </dev/null
}

keep() { # TARGET
    rm -rf "$work/small-$1"
    mkdir -p "$work/small-$1"
    "$work/fuzz_$1" -merge=1 "$work/small-$1" "$work/corpus-$1" >/dev/null 2>&1 || exit 2
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work/small-$1" -c . | gzip -9n >"test/fuzz/corpus/$1.tar.gz"
    echo "$1: $(ls "$work/small-$1" | wc -l) inputs, $(wc -c <"test/fuzz/corpus/$1.tar.gz") bytes"
}

report() { # TARGET STATUS
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1.log")
    cover=$(sed -n 's/.*\(cov: [0-9]* ft: [0-9]* corp: [0-9]*\).*/\1/p' "$work/$1.log" | tail -n 1)
    if [ "$2" -eq 0 ]; then
        echo "ok       fuzz_$1: $runs executions, $cover"
        passed=$((passed + 1))
    else
        echo "FAILED   fuzz_$1 after $runs executions"
        grep -v '^#' "$work/$1.log" | head -n 60
        sed -n "s|.*written to \(.*\)|replay: test/fuzz/test_fuzz.sh --replay $1 \1|p" "$work/$1.log"
        failed=$((failed + 1))
    fi
}

mkdir -p "$work"
build
if [ "${1:-}" = --replay ]; then
    exec "$work/fuzz_$2" "$3"
fi
seconds=${1:?usage: test_fuzz.sh SECONDS [--keep]}
for target in $targets; do
    unpack "$target"
done
# A target whose corpus breaks it ends at once, so that this is the replay, too.
fuzz codec "$seconds" & codec=$!
fuzz conn "$seconds" & conn=$!
fuzz pair "$seconds" & pair=$!
passed=0
failed=0
wait $codec; report codec $?
wait $conn; report conn $?
wait $pair; report pair $?
if [ "${2:-}" = --keep ]; then
    for target in $targets; do
        keep "$target"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
