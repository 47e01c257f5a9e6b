#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_boxes.sh [MPTCP_RUN]: boxes work on each kind of path, in both directions, and the same seed gives the same output.
# Last line: N passed, N failed.

run=$(realpath "${1:-$(dirname "$0")/../../build/mptcp-run}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
passed=0 failed=0

cat >boxes.yaml <<'END'
duration_s: 6
hosts:
  - name: phone
  - name: server
paths:
  - {name: access, type: ethernet, hosts: [phone]}
  - {name: cable, type: ethernet, hosts: [server]}
mobility:
  - {name: phone, x_m: 3}
flows:
  - {name: transfer, client: phone, server: server, check_content: true, bytes: 500000}
sampling: {series: [goodput]}
END

check() { # NAME EXPECTED_FELL_BACK BOXES SETTING...
    local name=$1 fell_back=$2 i options=(--set "paths.access.middleboxes=[$3]")
    shift 3
    for set in "$@"; do options+=(--set "$set"); done
    for i in 1 2; do
        "$run" boxes.yaml --seed 1 "${options[@]}" >"out$i" 2>err || { echo "$name: exit status $?: $(cat err)"; break; }
    done
    metric() { awk -F '\t' -v name="$1" -v entity="$2" '$2 == name && $3 == entity { print $5 }' out1; }
    if cmp -s out1 out2 && [ "$(metric closed flow:transfer)" = 1 ] && [ "$(metric fell_back flow:transfer)" = "$fell_back" ] &&
        [ "$(metric bytes_delivered flow:transfer)" = 500000 ] && [ "$(metric path_share 'flow:transfer path:access')" = 1 ] &&
        [ "$(metric middlebox_actions path:access)" -gt 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: different from what was expected, or from run to run:"
        grep '^metric' out1
    fi
    rm -f out1 out2
}

for type in wifi lte ethernet; do
    for direction in download upload; do
        check "nat and sequence-rewriter on $type, $direction" 0 '{type: nat}, {type: sequence-rewriter}' \
            "paths.access.type=$type" "flows.transfer.direction=$direction"
        check "option-filter on $type, $direction" 1 '{type: option-filter}' \
            "paths.access.type=$type" "flows.transfer.direction=$direction"
    done
done
shared='paths.access.hosts=[phone, phone, phone]'
check 'nat of three interfaces' 0 '{type: nat}' "$shared"
check 'nat on a bus' 0 '{type: nat}' "$shared" 'paths.access.medium=csma'
check 'splitter and coalescer' 0 '{type: splitter, payload_max_bytes: 500}, {type: coalescer, payload_max_bytes: 1460, hold_ms: 0.5}'
check 'some options' 0 '{type: option-filter, mptcp_subtype: dss, probability: 0.05}'
check 'resets' 0 '{type: reset-injector, after_bytes: 200000}' 'flows.transfer.direction=upload'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
