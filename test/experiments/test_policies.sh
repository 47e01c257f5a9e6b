#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_policies.sh [MPTCP_RUN]: policies of one's own out of shared objects, those of examples/policy_*.c among them: they are in force, what is wrong with
# the file is said, and one that misbehaves is told. Ends with "N passed, N failed".

top=$(realpath "$(dirname "$0")/../..")
run=$(realpath "${1:-$top/build/mptcp-run}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
passed=0 failed=0

cat >s.yaml <<'END'
duration_s: 4
engine: link
hosts: [{name: client}, {name: server}]
paths:
  - {name: a, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 5}
  - {name: b, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 25}
  - {name: core, type: ethernet, hosts: [server], rate_mbps: 100}
flows:
  - {name: f, client: client, server: server, direction: upload}
counters: [PolicyFaults]
END
check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
    fi
}
compile() { ${CC:-cc} -std=c11 -Wall -Wextra -Werror -shared -fPIC -I "$top/model/core" "$1" -o "$2"; } # FILE.c FILE.so
simulate() { "$run" s.yaml --seed 1 --set "$1" >out 2>err; }
value() { awk -F'\t' -v name="$1" -v entity="$2" '$1 == "metric" && $2 == name && $3 == entity { print $5 }' out; }
is_between() { awk -v a="$1" -v b="$2" -v c="$3" 'BEGIN { exit !(a != "" && a + 0 >= b && a + 0 <= c) }' || { echo "  expected $2 to $3, got '$1'"; false; }; }
is_refused() { # SETTING TEXT
    simulate "$1"
    local status=$?
    [ $status = 2 ] && [ "$(wc -l <err)" = 1 ] && grep -q "$2" err && [ ! -s out ] || { echo "  status $status: $(cat err)"; false; }
}
waited() { awk -F'\t' '$1 == "event" && $3 == "subflow_up" { at[$4] = $2 / 1e6 } END { print at["flow:f path:b"] - at["flow:f path:a"] }' out; }

for name in scheduler congestion_control path_manager; do
    check "example of a $name compiles" compile "$top/examples/policy_$name.c" $name.so
done
check "a scheduler takes at most 60 lines" [ "$(wc -l <"$top/examples/policy_scheduler.c")" -le 60 ]

simulate flows.f.scheduler=./scheduler.so
check "a scheduler in a file uses both paths" is_between "$(value goodput flow:f)" 15 20
"$run" s.yaml --seed 1 --set flows.f.scheduler=./scheduler.so --set flows.f.bytes=60000 --set flows.f.settings=[OpportunisticRetransmission=false] >out 2>err
check "and its own rule: where little waits, the faster path alone" is_between "$(value path_share 'flow:f path:a')" 1 1
"$run" s.yaml --seed 1 --set flows.f.scheduler=roundrobin --set flows.f.bytes=2000000 >out 2>err
check "which roundrobin does not keep to" is_between "$(value path_share 'flow:f path:a')" 0.1 0.99

simulate flows.f.congestion_control=lia
lia=$(value rtt_mean flow:f)
simulate flows.f.congestion_control=./congestion_control.so
check "a congestion control in a file fills the queue more than lia" is_between "$(value rtt_mean flow:f)" "$(awk "BEGIN { print 1.1 * $lia }")" 1000
check "and the links" is_between "$(value goodput flow:f)" 15 20

simulate flows.f.path_manager=./path_manager.so
check "a path manager in a file opens its subflow when it wants to" is_between "$(waited)" 2 2.4

for answer in 'mpt_sched_new(v, 99)' 'mpt_sched_wait(MPT_NEVER)' 'mpt_sched_copy(0, v->snd_nxt + 1)'; do
    cat >wrong.c <<END
#include "mpt_ext.h"
static mpt_sched_choice next(const mpt_sched_view *v) { (void)v; return $answer; }
const mpt_sched_ops mptcp_scheduler = {.name = "wrong", .next = next};
END
    check "one that answers $answer compiles" compile wrong.c wrong.so
    simulate flows.f.scheduler=./wrong.so
    check "it stops nothing" is_between "$(value goodput flow:f)" 0.5 20
    check "and is told" grep -q 'PolicyFaults' err
done

echo 'int nothing;' >empty.c && compile empty.c empty.so
check "no such file" is_refused flows.f.scheduler=./nonesuch.so 's.yaml:.*: scheduler: .*nonesuch.so'
check "a file without a policy" is_refused flows.f.scheduler=./empty.so mptcp_scheduler
check "one of another kind" is_refused flows.f.congestion_control=./scheduler.so mptcp_congestion_control
sed 's/"wrong"/"blest"/' wrong.c >twice.c && compile twice.c twice.so
check "a name that is there" is_refused flows.f.scheduler=./twice.so 'name'

# In ns-3 the same files do the same.
for change in flows.f.scheduler=./scheduler.so flows.f.congestion_control=./congestion_control.so flows.f.path_manager=./path_manager.so; do
    "$run" s.yaml --seed 1 --set "$change" 2>/dev/null | grep -v '^config' >link.out
    "$run" s.yaml --seed 1 --set "$change" --set engine=ns3 2>err | grep -v '^config' >ns3.out
    check "$change in engine ns3 as in engine link" cmp -s link.out ns3.out
    check "and not in vain" [ "$(wc -l <ns3.out)" -gt 20 ]
done
"$run" s.yaml --seed 1 --set engine=ns3 --set flows.f.scheduler=./wrong.so >out 2>err
check "one that misbehaves stops nothing in engine ns3" is_between "$(value goodput flow:f)" 0.5 20
check "and is told" grep -q PolicyFaults err
"$run" s.yaml --seed 1 --set engine=ns3 --set flows.f.scheduler=./twice.so >out 2>err
check "a name that is there, in engine ns3" grep -q 's.yaml:.*: scheduler: .*name' err

echo "$passed passed, $failed failed"
[ $failed = 0 ]
