#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_engines.sh [MPTCP_RUN [SEEDS [PATTERN [DRAWN]]]]: the link engine of MPTCP_RUN and that of ns-3 say the same of the same
# scenarios: every result line, and every capture to the byte and nanosecond. Random losses and RED are among them: the
# engines draw the same numbers. test_engines.sh build/mptcp-run "$(seq 20)" 'loss|RED' runs those cases with twenty seeds
# instead of one. Then come scenarios drawn by random_scenario.py, with the seeds DRAWN. Last line: N passed, N failed.

cd "$(dirname "$0")/../.." || exit 1
link=$(realpath "${1:-build/mptcp-run}")
seeds=${2:-3} pattern=${3:-.} drawn=${4-$(seq 30)}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

# What all cases have: a client with two lines, a server with one cable.
base() {
    cat <<'END'
duration_s: 6
hosts: [{name: client}, {name: server}]
paths:
  - {name: one, type: ethernet, hosts: [client], rate_mbps: 10, delay_ms: 10}
  - {name: two, type: ethernet, hosts: [client], rate_mbps: 5, delay_ms: 30}
  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 1000}
  - {name: spare, type: ethernet, hosts: [server], rate_mbps: 8, delay_ms: 3, enabled: false}
flows:
  - {name: first, client: client, server: server, start_s: 0.1, start_jitter_s: 0.2}
sampling: {interval_ms: 100, series: [goodput, cwnd, rtt]}
END
}

same() { # NAME SETTING...
    local name=$1 seed
    [[ $name =~ $pattern ]] || return 0
    for seed in $seeds; do same_with "$seed" "$@"; done
}

both_run() { # SEED SETTING...: both engines to their end
    local seed=$1 engine run options=()
    shift
    for setting in "$@"; do options+=(--set "$setting"); done
    for engine in ns3 link; do
        rm -rf "$dir/$engine"
        run=$link
        [ $engine = link ] || run=build/mptcp-run
        "$run" "$dir/scenario.yaml" --seed "$seed" --engine $engine --pcap "$dir/$engine" "${options[@]}" >"$dir/$engine.out" 2>"$dir/$engine.err" ||
            echo "engine $engine: exit status $?: $(cat "$dir/$engine.err")"
        sed -i '/^config/d' "$dir/$engine.out"
    done
    [ "$(tail -1 "$dir/link.out")" = "$(printf 'end\tok')" ]
}

say_the_same() {
    diff -u "$dir/ns3.out" "$dir/link.out" >"$dir/diff" && diff -r "$dir/ns3" "$dir/link" >>"$dir/diff"
}

count() { # STATUS NAME
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2: the engines differ:"
        head -12 "$dir/diff"
    fi
}

same_with() { # SEED NAME SETTING...
    : >"$dir/diff"
    both_run "$1" "${@:3}" && [ "$(find "$dir/link" -size +200c | wc -l)" -ge 2 ] && say_the_same
    count $? "$2, seed $1"
}

base >"$dir/scenario.yaml"
tcp='flows.first.protocol=tcp'
same 'one path, TCP' $tcp
same 'one path, MPTCP' 'flows.first.paths=[two]'
same 'two unlike paths'
same 'two like paths' 'paths.two.rate_mbps=10' 'paths.two.delay_ms=10'
same 'short queues' 'paths.one.queue_packets=5' 'paths.two.queue_packets=3'
same 'a queue of one packet' 'paths.one.queue_packets=1' $tcp
same 'long queues' 'paths.one.queue_packets=1000' 'paths.two.queue_packets=1000'
same 'upload' 'flows.first.direction=upload'
same 'a short file that is closed' 'flows.first.bytes=300000'
same 'a file of one byte' 'flows.first.bytes=1'
same 'stopped by the sender' 'flows.first.stop_s=3'
same 'small buffers' 'flows.first.send_buffer_bytes=60000' 'flows.first.receive_buffer_bytes=50000'
same 'content and DSS checksums' 'flows.first.check_content=true' 'flows.first.settings=[DssChecksum=true]'
same 'other settings' 'flows.first.settings=[RtoMin=300ms, DelayedAckTime=100ms, Pacing=true]' 'flows.first.scheduler=roundrobin'
same 'a server with two cables' 'paths.spare.enabled=true'
same 'first link down and up' 'events=[{time_s: 1, path: one, link: down}, {time_s: 2.5, path: one, link: up}]'
same 'second link down and up' 'events=[{time_s: 1, path: two, link: down}, {time_s: 1.1, path: two, link: up}]'
same 'all links down and up' 'events=[{time_s: 1, path: one, link: down}, {time_s: 1.5, path: two, link: down}, {time_s: 3, path: two, link: up}]'
same "the server's cable down and up" 'paths.spare.enabled=true' 'events=[{time_s: 1, path: cable, link: down}, {time_s: 2, path: cable, link: up}]'
same 'rate and delay change' 'events=[{time_s: 1, path: one, rate_mbps: 3}, {time_s: 1.5, path: two, delay_ms: 2}, {time_s: 3, path: one, rate_mbps: 20, delay_ms: 40}]'
same 'random loss' 'paths.one.loss_down=0.01' 'paths.one.loss_up=0.02' 'paths.two.loss_down=0.002'
same 'RED' 'paths.one.queue_discipline=red' 'paths.two.queue_discipline=red'
same 'RED that marks' 'paths.one.queue_discipline=red' 'paths.one.ecn=true' 'flows.first.settings=[Ecn=true]'
same 'CoDel' 'paths.one.queue_discipline=codel' 'paths.two.queue_discipline=codel'
same 'CoDel that marks' 'paths.one.queue_discipline=codel' 'paths.one.ecn=true' 'flows.first.settings=[Ecn=true]'
same 'FQ-CoDel' 'paths.one.queue_discipline=fq-codel' 'paths.two.queue_discipline=fq-codel'
same 'a switch with two interfaces of one host' 'paths.one.hosts=[client, client]' 'paths.one.access_delay_spread_ms=1'
same 'a server behind the switch of its client' 'paths.one.hosts=[client, server]' 'paths.one.access_delay_spread_ms=2'
same 'FQ-CoDel, two subflows on each path' 'paths.spare.enabled=true' 'paths.one.queue_discipline=fq-codel' 'paths.two.queue_discipline=fq-codel'
same 'a slow access' 'paths.one.hosts=[client, client]' 'paths.one.access_rate_mbps=6' 'flows.first.direction=upload'

same 'a connection that breaks, all counters' 'events=[{time_s: 1, path: one, link: down}, {time_s: 1, path: two, link: down}]' 'flows.first.settings=[NoSubflowTimeout=1s]' 'counters=[all]'
same 'a queue of bytes' 'paths.one.queue_bytes=20000' 'paths.two.queue_bytes=4000'
same 'CoDel with a queue of bytes' 'paths.one.queue_discipline=codel' 'paths.one.queue_bytes=20000'

walk='{name: client, x_m: 3, y_m: 1, walk_to_x_m: 9.7, speed_mps: 3.3, leave_s: 0.7, leave_jitter_s: 0.3, pause_s: 0.4}'
same 'a host that walks' 'sampling.series=[position, goodput]' "mobility=[$walk]"
same 'a host on a track' 'sampling.series=[position]' \
    'mobility=[{name: client, waypoints: [{time_s: 0.5, x_m: 1}, {time_s: 2.3, x_m: 7, y_m: 3.1}, {time_s: 4, x_m: -2}]}]'

box() { # NAME BOXES SETTING...: on the first path
    same "$1" "paths.one.middleboxes=[$2]" "${@:3}"
}
box 'a NAT' '{type: nat}'
box 'a NAT of two interfaces' '{type: nat}' 'paths.one.hosts=[client, client]'
box 'a filter of some options' '{type: option-filter, mptcp_subtype: dss, probability: 0.05}'
box 'a filter that drops' '{type: option-filter, mptcp_subtype: mp-join, action: drop}' 'flows.first.paths=[two, one]'
box 'other sequence numbers' '{type: sequence-rewriter}' 'paths.one.loss_down=0.01'
box 'other payload' '{type: payload-rewriter, position_bytes: 200000, interval_bytes: 300000}' 'flows.first.settings=[DssChecksum=true]'
box 'smaller segments' '{type: splitter, payload_max_bytes: 500}' 'flows.first.direction=upload'
box 'smaller and larger segments' '{type: splitter, payload_max_bytes: 500}, {type: coalescer, payload_max_bytes: 1400, hold_ms: 0.5, merge_options: first}'
box 'resets of the only subflow' '{type: reset-injector, after_bytes: 100000}' $tcp
box 'resets' '{type: reset-injector, after_bytes: 200000, reset_probability: 0.001}'

printf 'time_s,rate_mbps,delay_ms,loss\n0,10,10,0\n0.7,2,10,0.01\n1.2,0,15,0\n1.9,20,4,0.001\n2.6,3,4,0\n' >"$dir/rates.csv"
printf '%s\n' 2 3 3 7 12 12 12 13 20 22 23 24 24 40 >"$dir/opportunities"
trace='paths.one.type=trace'
same 'a trace of rates, delays and losses' $trace 'paths.one.trace_down=rates.csv'
same 'a trace of rates away from the hosts, once' $trace 'paths.one.trace_down=rates.csv' 'paths.one.trace_up=rates.csv' \
    'paths.one.trace_loop=false' 'flows.first.direction=upload'
same "a trace of Mahimahi's" $trace 'paths.one.trace_down=opportunities' 'paths.one.trace_up=opportunities'
same 'a trace with CoDel and a change of delay' $trace 'paths.one.trace_down=opportunities' 'paths.one.queue_discipline=codel' \
    'events=[{time_s: 1, path: one, delay_ms: 30}]'

cat >"$dir/scenario.yaml" <<'END'
duration_s: 5
hosts: [{name: multi}, {name: single}, {name: server}]
paths:
  - {name: shared, type: ethernet, hosts: [multi, single, multi], rate_mbps: 12, delay_ms: 9, access_delay_spread_ms: 0.5}
  - {name: other, type: ethernet, hosts: [multi], rate_mbps: 4, delay_ms: 20, queue_packets: 20}
  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 100}
flows:
  - {name: multi, client: multi, server: server, start_s: 0.1, start_jitter_s: 0.5}
  - {name: single, client: single, server: server, protocol: tcp, start_s: 0.1, start_jitter_s: 0.5, congestion_control: cubic}
  - {name: back, client: single, server: server, direction: upload, start_s: 1, bytes: 400000}
sampling: {interval_ms: 200, series: [goodput, cwnd, rtt]}
END
same 'three flows'
same 'three flows, one of them kept to one path' 'flows.multi.paths=[other]' 'flows.back.client=multi' 'flows.back.paths=[shared]'
same 'three flows through RED' 'paths.shared.queue_discipline=red'
same 'three flows through FQ-CoDel' 'paths.shared.queue_discipline=fq-codel'


# A parking lot: a connection that crosses two links, one flow on each of them; the other way the links lie in turn.
cat >"$dir/scenario.yaml" <<'END'
duration_s: 5
hosts: [{name: multi}, {name: near}, {name: far}, {name: server}]
links:
  - {name: left, rate_mbps: 8, delay_ms: 4}
  - {name: right, rate_mbps: 6, delay_ms: 7, queue_packets: 30}
paths:
  - {name: both, type: ethernet, hosts: [multi], links: [left, right]}
  - {name: turned, type: ethernet, hosts: [multi], delay_ms: 3, links: [right, left]}
  - {name: one, type: ethernet, hosts: [near], links: [left]}
  - {name: other, type: ethernet, hosts: [far], links: [right]}
  - {name: cable, type: ethernet, hosts: [server], rate_mbps: 100}
flows:
  - {name: multi, client: multi, server: server, start_s: 0.1, start_jitter_s: 0.3}
  - {name: near, client: near, server: server, protocol: tcp, start_s: 0.1, start_jitter_s: 0.3}
  - {name: far, client: far, server: server, protocol: tcp, direction: upload, start_s: 0.1, start_jitter_s: 0.3}
sampling: {interval_ms: 200, series: [goodput, cwnd, rtt]}
END
same 'links that paths share'
same 'shared links with RED and losses' 'links.left.queue_discipline=red' 'links.right.loss_down=0.01' 'links.left.loss_up=0.005'
same 'a link of the server' 'paths.cable.links=[right]' 'paths.both.links=[left]' 'paths.turned.links=[left]' 'paths.other.links=[]'
same 'a shared link is slower, longer, lossy' 'events=[{time_s: 1, path: left, rate_mbps: 3}, {time_s: 1.5, path: right, delay_ms: 20}, {time_s: 2, path: right, loss_down: 0.02, loss_up: 0.01}, {time_s: 3, path: right, loss_down: 0}]'
same 'a shared link breaks and is mended' 'events=[{time_s: 1, path: left, link: down}, {time_s: 1.7, path: left, link: up}]'
same 'a shared link with losses breaks' 'links.right.loss_down=0.01' 'events=[{time_s: 1, path: right, link: down}, {time_s: 1.5, path: right, link: up, loss_up: 0.02}]'
same 'losses of a path begin and end' 'events=[{time_s: 1, path: both, loss_down: 0.01}, {time_s: 2, path: both, loss_down: 0, loss_up: 0.02}]'

for seed in $drawn; do
    : >"$dir/diff"
    test/experiments/random_scenario.py "$seed" >"$dir/scenario.yaml"
    both_run "$seed" && say_the_same
    count $? "the scenario drawn by $seed"
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
