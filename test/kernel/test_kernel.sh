#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_kernel.sh BUILD_DIR [WORD]: the core against this machine's kernel, each case (whose name contains WORD) in namespaces of its
# own, some at once. KEEP=FOLDER keeps the captures and outputs there, JOBS=N says how many at once.
# Last line: N passed, N failed, N skipped; exit status 77 where the machine cannot do it.
set -u

build=${1:?usage: test_kernel.sh BUILD_DIR [WORD]}
word=${2:-}
here=$(dirname "$0")
. "$here/kernel_lib.sh"
. "$here/kernel_cases.sh"

reason=$(kernel_skip_reason)
if [ -n "$reason" ]; then
    echo "skip: $reason"
    exit 77
fi

work=${KEEP:-$(mktemp -d)} || exit 2
mkdir -p "$work"
stop_all() {
    local one
    trap '' INT TERM HUP
    for one in $(jobs -rp); do
        kill "$one" 2>/dev/null
    done
    wait
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 1' INT TERM HUP

run_case() { # FUNCTION ROLE
    case_begin "$work/$1-$2"
    mkdir -p "$dir"
    role=$2 ns=mpt-$$-$3
    netns_up "$ns"
    "case_$1"
    if [ $failed = 0 ]; then
        echo "passed: $1, core is $2$(summary)"
    else
        echo "FAILED: $1, core is $2"
        tail -n 3 "$dir"/{core,peer}.{out,err} "$dir/check.err" 2>/dev/null
    fi
    exit $failed
}

# A case mostly waits, eight at once take half a processor. Those that measure time, the last of CASES, run one by one.
number=0 ran= jobs_max=${JOBS:-8}
for one in $CASES; do
    name=${one%%:*}
    roles=${one#*:}
    for role in ${roles//,/ }; do
        [ -n "$word" ] && [ -n "${name##*$word*}" ] && continue
        number=$((number + 1))
        if [ -z "${name##path_breaks*}" ]; then
            wait
            jobs_max=1
        fi
        while [ "$(jobs -rp | wc -l)" -ge "$jobs_max" ]; do
            wait -n
        done
        rm -rf "$work/$name-$role" # of an earlier run that was kept
        mkdir -p "$work/$name-$role"
        ran="$ran $name-$role"
        run_case "$name" "$role" $number >"$work/$name-$role/said" 2>&1 &
    done
done
wait

passed=0
for one in $ran; do
    cat "$work/$one/said"
    grep -q '^passed' "$work/$one/said" && passed=$((passed + 1))
done
echo "$passed passed, $((number - passed)) failed, 0 skipped"
[ $passed = $number ] && [ $number -gt 0 ]
