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

# What it is told of its siblings: 12 and 52 ms, and as long as a packet of a handshake takes over 10 and 100 Mb/s. A queue of 100 packets makes it ten times as much.
cat >least.c <<'END'
#include "mpt_ext.h"
#include <stdio.h>
static void init(mpt_cc *c) { (void)c; }
static void on_ack(mpt_cc *c, const mpt_cc_group *g, uint64_t acked, mpt_time now) {
    if (g->count == 2 && now > 3 * MPT_S && now < 3 * MPT_S + 10 * MPT_MS)
        fprintf(stderr, "least %g %g\n", (double)g->members[0]->rtt_min_ns / 1e6, (double)g->members[1]->rtt_min_ns / 1e6);
    (void)mpt_cc_slow_start(c, acked);
}
const mpt_cc_ops mptcp_congestion_control = {.name = "least", .init = init, .on_ack = on_ack, .on_loss = mpt_cc_halve, .on_undo = mpt_cc_undo};
END
check "one that asks for the least round-trip times compiles" compile least.c least.so
simulate flows.f.congestion_control=./least.so
check "it is told those of the paths, whoever asks" is_between "$(awk '$1 == "least" && $2 > 12 && $2 < 12.5 && $3 > 52 && $3 < 52.5 { n++ } $1 == "least" { of++ } END { print (of > 2 ? n / of : 0) }' err)" 1 1

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

# Pieces of less than a segment are a scheduler's right, and are not waited for.
sed 's/return .*; }/mpt_sched_choice c = mpt_sched_new(v, 0); c.bytes_max = 1000; return mpt_sched_has_room(v, 0) ? c : mpt_sched_wait(MPT_NEVER); }/' wrong.c >small.c
check "one of small pieces compiles" compile small.c small.so
simulate flows.f.scheduler=./small.so
check "they leave" is_between "$(value goodput flow:f)" 5 20
check "without a fault" [ ! -s err ]

# Those that let time stand still: asked again, or woken, each nanosecond, with new data or only copies to make.
for wait in has_new always; do
    sed "s/return .*; }/return $([ $wait = always ] || echo 'v->snd_nxt == v->snd_end ? mpt_sched_wait(MPT_NEVER) : ') mpt_sched_wait(v->now + 1); }/; s/.next =/.makes_copies = true, .next =/" wrong.c >restless.c
    check "one that waits a nanosecond ($wait) compiles" compile restless.c restless.so
    timeout 60 "$run" s.yaml --seed 1 --set flows.f.scheduler=./restless.so >out 2>err
    check "it comes to an end" [ "$(tail -n 1 out)" = "end$(printf '\t')ok" ]
    check "stops nothing" is_between "$(value goodput flow:f)" 0.5 20
    check "and is told" grep -q 'PolicyFaults' err
done
cat >awake.c <<'END'
#include "mpt_ext.h"
static uint32_t wanted(const mpt_pm_view *v) { (void)v; return 1; }
static void on_event(mpt_conn *c, const mpt_pm_event *e) { mpt_pm_set_timer(c, e->now + 1); }
const mpt_pm_ops mptcp_path_manager = {.name = "awake", .wanted = wanted, .on_event = on_event};
END
check "a path manager that is woken each nanosecond compiles" compile awake.c awake.so
timeout 60 "$run" s.yaml --seed 1 --set flows.f.path_manager=./awake.so >out 2>err
check "it comes to an end" [ "$(tail -n 1 out)" = "end$(printf '\t')ok" ]
check "stops nothing" is_between "$(value goodput flow:f)" 15 20
check "and is told" grep -q 'PolicyFaults' err

# Three that misbehave by chance, all at once, over unlike paths the better of which goes and comes back: content is right, every fault is told, nothing hangs.
cat >chance.h <<'END'
#include "mpt_ext.h"
static uint32_t draw(void *priv, uint32_t below) { uint32_t *x = priv; *x = *x * 1664525u + 1013904223u; return (*x >> 8) % below; }
END
cat >evil_scheduler.c <<'END'
#include "chance.h"
static mpt_sched_choice next(const mpt_sched_view *v) {
    mpt_sched_choice choice = mpt_sched_new(v, draw(v->priv, 2));
    switch (draw(v->priv, 10)) {
    case 0: return mpt_sched_wait(MPT_NEVER);
    case 1: return mpt_sched_wait(v->now);
    case 2: return mpt_sched_wait(v->now + 3600 * MPT_S);
    case 3: return mpt_sched_new(v, draw(v->priv, 40));
    case 4: return mpt_sched_copy(draw(v->priv, 3), v->snd_nxt + draw(v->priv, 100000));
    case 5: return mpt_sched_copy(draw(v->priv, 2), v->snd_una - draw(v->priv, 2));
    case 6: return mpt_sched_copy(draw(v->priv, 2), UINT64_MAX);
    case 7: choice.bytes_max = draw(v->priv, 2); return choice;
    default: return choice;
    }
}
const mpt_sched_ops mptcp_scheduler = {.name = "evil", .priv_bytes = 4, .makes_copies = true, .next = next};
END
cat >evil_control.c <<'END'
#include "chance.h"
static void spoil(mpt_cc *c) {
    static const uint64_t wrong[] = {0, 1, 1459, 14600, UINT64_MAX}, paces[] = {0, 1, 11, UINT64_MAX};
    if (draw(c->priv, 3) == 0) c->cwnd_bytes = wrong[draw(c->priv, 5)];
    if (draw(c->priv, 3) == 0) c->ssthresh_bytes = wrong[draw(c->priv, 5)];
    if (draw(c->priv, 3) == 0) c->pacing_bytes_per_s = paces[draw(c->priv, 4)];
}
static void init(mpt_cc *c) { spoil(c); }
static void on_rate(mpt_cc *c, const mpt_cc_group *g, mpt_cc_sample *s, mpt_time now) { (void)g; (void)s; (void)now; spoil(c); }
static void on_ack(mpt_cc *c, const mpt_cc_group *g, uint64_t bytes, mpt_time now) { (void)g; (void)bytes; (void)now; spoil(c); }
static void on_loss(mpt_cc *c, const mpt_cc_group *g, mpt_cc_loss k, uint64_t f, mpt_time now) { (void)g; (void)k; (void)f; (void)now; spoil(c); }
static void on_undo(mpt_cc *c, mpt_time now) { (void)now; spoil(c); }
const mpt_cc_ops mptcp_congestion_control = {
    .name = "evil", .priv_bytes = 4, .owns_window = OWNS, .init = init, .on_rate = on_rate, .on_ack = on_ack, .on_loss = on_loss, .on_undo = on_undo};
END
cat >evil_manager.c <<'END'
#include "chance.h"
static uint32_t wanted(const mpt_pm_view *v) { return draw(v->priv, 4) == 0 ? UINT32_MAX : draw(v->priv, 5); }
/* One of the host's, or what is none, by loopback, link-local and a zero address among it. */
static mpt_addr any_address(mpt_conn *c, void *priv) {
    static const mpt_addr wrong[] = {{4, {127, 0, 0, 1}}, {4, {169, 254, 0, 1}}, {4, {0}}, {0}, {6, {0xfe, 0x80}}, {5, {9}}, {4, {192, 168, 3, 1}}};
    const mpt_local_address *own = mpt_pm_local(c, draw(priv, 4));
    return own != NULL ? own->addr : wrong[draw(priv, 7)];
}
static void on_event(mpt_conn *c, const mpt_pm_event *e) {
    mpt_addr a = any_address(c, e->priv);
    for (int i = 0; i < 7; i++)
        switch (draw(e->priv, 6)) {
        case 4: mpt_pm_announce(c, &a); break;
        case 5: mpt_pm_withdraw(c, &a); break;
        case 0: mpt_pm_close(c, draw(e->priv, 20)); break;
        case 1: mpt_pm_set_backup(c, draw(e->priv, 20), draw(e->priv, 2)); break;
        case 2: mpt_pm_set_timer(c, e->now + draw(e->priv, 1000) * MPT_MS); break;
        default: mpt_pm_set_timer(c, e->now - draw(e->priv, 1000) * MPT_MS);
        }
}
const mpt_pm_ops mptcp_path_manager = {.name = "evil", .priv_bytes = 4, .wanted = wanted, .on_event = on_event};
END
check "a scheduler of chance compiles" compile evil_scheduler.c evil_scheduler.so
check "a path manager of chance compiles" compile evil_manager.c evil_manager.so
unlike=(--set duration_s=20 --set 'events=[{time_s: 5, path: a, link: down}, {time_s: 9, path: a, link: up}]' --set paths.b.rate_mbps=2 --set paths.b.delay_ms=150
    --set paths.b.loss_down=0.02 --set paths.b.loss_up=0.02 --set flows.f.check_content=true)
for owns in true false; do
    sed "s/OWNS/$owns/" evil_control.c >control.c
    check "a congestion control of chance compiles" compile control.c evil_control.so
    for others in '' '--set flows.f.scheduler=./evil_scheduler.so' '--set flows.f.scheduler=./evil_scheduler.so --set flows.f.path_manager=./evil_manager.so'; do
        timeout 120 "$run" s.yaml --seed 1 "${unlike[@]}" --set flows.f.congestion_control=./evil_control.so $others >out 2>err
        check "owns_window $owns, $others: it comes to an end" [ "$(tail -n 1 out)" = "end$(printf '\t')ok" ]
        check "something goes through" is_between "$(value goodput flow:f)" 0.5 20
        check "faults are told" grep -q 'did [0-9]* times what it may not (PolicyFaults)' err
    done
done

# The server, too: its manager of chance announces what the client joins or finds gone, at both ends at once.
for seed in 1 2 3 4 5; do
    timeout 120 "$run" s.yaml --seed $seed "${unlike[@]}" --set 'paths=[{name: a, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 5}, {name: b, type: ethernet, hosts: [client], rate_mbps: 2, delay_ms: 150}, {name: core, type: ethernet, hosts: [server], rate_mbps: 100}, {name: more, type: ethernet, hosts: [server], rate_mbps: 5, delay_ms: 20}]' \
        --set flows.f.path_manager=./evil_manager.so --set 'counters=[PolicyFaults, AddAddrTx, RmAddrTx, RmAddr]' >out 2>err
    check "managers of chance at both ends, seed $seed: it comes to an end" [ "$(tail -n 1 out)" = "end$(printf '\t')ok" ]
    check "something goes through" is_between "$(value goodput flow:f)" 0.5 20
    check "addresses are announced" is_between "$(value AddAddrTx host:server)" 1 100000
    check "and withdrawn" is_between "$(value RmAddrTx host:server)" 1 100000
done

echo 'int nothing;' >empty.c && compile empty.c empty.so
check "no such file" is_refused flows.f.scheduler=./nonesuch.so 's.yaml:.*: scheduler: .*nonesuch.so'
check "a file without a policy" is_refused flows.f.scheduler=./empty.so mptcp_scheduler
check "one of another kind" is_refused flows.f.congestion_control=./scheduler.so mptcp_congestion_control
sed 's/"wrong"/"blest"/' wrong.c >twice.c && compile twice.c twice.so
check "a name that is there" is_refused flows.f.scheduler=./twice.so 'there is a policy of the name'
sed 's/, .next = next//' wrong.c >bare.c && cc -w -shared -fPIC -I "$top/model/core" bare.c -o bare.so
check "a scheduler without next()" is_refused flows.f.scheduler=./bare.so 'lacks a function'

# Two flows at once, each with a policy of its own; the same file twice is one policy, two files of one name are not.
sed 's/"overflow"/"other"/' "$top/examples/policy_scheduler.c" >other.c && compile other.c other.so
two=(--set 'flows=[{name: f, client: client, server: server, direction: upload, scheduler: ./scheduler.so}, {name: g, client: client, server: server, scheduler: ./other.so, congestion_control: ./congestion_control.so}]')
"$run" s.yaml --seed 1 "${two[@]}" >out 2>err
check "two policies of a kind at once" is_between "$(awk -v f="$(value goodput flow:f)" -v g="$(value goodput flow:g)" 'BEGIN { print (f < g ? f : g) }')" 1 20
"$run" s.yaml --seed 1 "${two[@]}" --set flows.g.scheduler=./scheduler.so >out 2>err
check "one for two flows" is_between "$(value goodput flow:g)" 1 20
cp scheduler.so copied.so
"$run" s.yaml --seed 1 "${two[@]}" --set flows.g.scheduler=./copied.so >out 2>err
check "two of one name" grep -q 'there is a policy of the name' err

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
