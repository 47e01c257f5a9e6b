#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test_capture.sh BUILD_DIR [--content[=zero]] CAPTURE...: the captures of one host pass the checker, and fail it with any
# one thing made wrong. A kind of which the captures have nothing is skipped. Last line: N passed, N failed, N skipped.
set -u

build=${1:?usage: test_capture.sh BUILD_DIR [--content[=zero]] CAPTURE...}
shift
content=
case ${1:-} in
--content*)
    content=$1
    shift
    ;;
esac
[ $# -gt 0 ] || {
    echo "test_capture.sh: no capture given" >&2
    exit 2
}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

pass() {
    passed=$((passed + 1))
    echo "ok       $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAILED   $1"
}

# check FILE...: the checker's exit status; what it said is in $work/log
check() {
    "$build/mptcp-capture-check" $content "$@" >"$work/log" 2>&1
}

# expect_rejected KIND FILE...: try FILE after FILE until one has something to corrupt.
expect_rejected() {
    kind=$1
    shift
    for victim in "$@"; do
        "$build/mptcp-capture-corrupt" "$victim" "$work/corrupt.pcap" --kind "$kind" 2>/dev/null || continue
        set -- "$work/corrupt.pcap" $(for other in "$@"; do [ "$other" = "$victim" ] || printf '%s\n' "$other"; done)
        check "$@"
        status=$?
        if [ $status -eq 1 ]; then
            pass "$kind is noticed: $(head -n 1 "$work/log" | sed 's|^.*corrupt.pcap: ||')"
        else
            fail "$kind is not noticed (exit status $status)"
        fi
        return
    done
    skipped=$((skipped + 1))
    echo "skipped  $kind: not in these captures"
}

if check "$@"; then
    pass "the captures are right"
else
    fail "the captures are not right"
    cat "$work/log"
fi
cp "$work/log" "$work/summary"
for kind in $("$build/mptcp-capture-corrupt" --list); do
    if [ "$kind" = payload ] && [ -z "$content" ] && ! grep -q '^[1-9][0-9]* *DSS checksums' "$work/summary"; then
        skipped=$((skipped + 1))
        echo "skipped  $kind: neither --content nor DSS checksums"
        continue
    fi
    expect_rejected "$kind" "$@"
done
head -c 30 "$1" >"$work/cut.pcap"
check "$work/cut.pcap"
[ $? -ge 1 ] && pass "a cut file is refused" || fail "a cut file passes"
check "$work/missing.pcap"
[ $? -eq 2 ] && pass "a missing file is exit status 2" || fail "a missing file is not exit status 2"
(PATH=$work && "$build/mptcp-capture-check" "$1" >/dev/null 2>&1)
[ $? -eq 2 ] && pass "a missing tshark is exit status 2" || fail "a missing tshark is not exit status 2"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
