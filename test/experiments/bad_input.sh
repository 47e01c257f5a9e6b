#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What mptcp-run says about scenarios and command lines that are wrong: one line, exit status 2, nothing on standard
# output. Each case changes a good scenario with sed, or the command line, and names the line that must be printed.

run=$(realpath "${1:-$(dirname "$0")/../../build/mptcp-run}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
passed=0 failed=0

cat >good.yaml <<'END'
duration_s: 1
hosts:
  - name: phone
  - name: server
paths:
  - name: line
    type: ethernet
    hosts: [phone]
    rate_mbps: 10
  - name: cable
    type: ethernet
    hosts: [server]
mobility:
  - name: phone
    waypoints:
      - {time_s: 1, x_m: 2}
      - {time_s: 3, x_m: 4}
flows:
  - name: download
    client: phone
    server: server
    protocol: ns3-tcp
    start_s: 0.1
events:
  - {time_s: 0.5, path: line, link: down}
END

check() { # NAME EXPECTED_STATUS EXPECTED_LINE ACTUAL_STATUS
    local printed
    printed=$(cat err)
    if [ "$4" = "$2" ] && [ "$printed" = "$3" ] && [ ! -s out ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n  expected: (%s) %s\n  printed:  (%s) %s\n' "$1" "$2" "$3" "$4" "$printed"
    fi
}

file() { # SED_SCRIPT EXPECTED_LINE: the changed scenario is refused
    sed -e "$1" good.yaml >bad.yaml
    "$run" bad.yaml --seed 1 >out 2>err
    check "sed '$1'" 2 "$2" $?
}

set_() { # ASSIGNMENT EXPECTED_LINE: the changed scenario is refused
    "$run" good.yaml --seed 1 --set "$1" >out 2>err
    check "--set '$1'" 2 "$2" $?
}

arguments() { # EXPECTED_FIRST_LINE ARGUMENT...: the command line is refused
    local expected=$1 status
    shift
    "$run" "$@" >out 2>all
    status=$?
    head -1 all | sed "s|^$run:|mptcp-run:|" >err
    check "mptcp-run $*" 2 "$expected" $status
}

# Form
file 's/^hosts:$/hosts: [/' 'bad.yaml:3:3: not valid YAML: did not find expected node content'
file '1,$d' 'bad.yaml:1:1: expected a value'
file '1,$d; $a - a' 'bad.yaml:1:1: expected a value'
file '3s/phone/\&a phone/; 4s/server/*a/' 'bad.yaml:4:11: aliases are not supported'
file '9s/$/\n    rate_mbps: 20/' 'bad.yaml:10:5: rate_mbps: is given twice'
# Keys
file '9s/rate/rat/' 'bad.yaml:9:5: rat_mbps: expected a key of paths'
file '1s/duration_s/duration/' 'bad.yaml:1:1: duration: expected a key of a scenario'
file '7d' 'bad.yaml:6:5: type: is missing'
file '1d' 'bad.yaml:1:1: duration_s: is missing'
file '9s/rate_mbps: 10/range_m: 10/' 'bad.yaml:9:5: range_m: is a key of wifi paths only'
# Types and ranges
file '9s/10/fast/' 'bad.yaml:9:16: rate_mbps: expected a number from 0.001 to 1e+06'
file '9s/10/0/' 'bad.yaml:9:16: rate_mbps: expected a number from 0.001 to 1e+06'
file '9s/10/nan/' 'bad.yaml:9:16: rate_mbps: expected a number from 0.001 to 1e+06'
file '9s/10/"10"/' 'bad.yaml:9:16: rate_mbps: expected a number from 0.001 to 1e+06'
file '9s/$/\n    queue_packets: 1.5/' 'bad.yaml:10:20: queue_packets: expected a whole number from 1 to 10000000'
file '9s/$/\n    access_delay_spread_ms: 4295/' 'bad.yaml:10:29: access_delay_spread_ms: expected a number from 0 to 4000'
file '9s/$/\n    loss_down: 1.01/' 'bad.yaml:10:16: loss_down: expected a number from 0 to 1'
file '9s/$/\n    enabled: maybe/' 'bad.yaml:10:14: enabled: expected true or false'
file '7s/ethernet/token-ring/' 'bad.yaml:7:11: type: expected one of wifi, lte, ethernet, trace'
file '8s/\[phone\]/phone/' 'bad.yaml:8:12: hosts: expected a list, as in [first, second]'
file '3s/- name: phone/- phone/' 'bad.yaml:3:5: hosts: expected keys with values'
file '3s/phone/my phone/' "bad.yaml:3:11: name: expected a name of letters, digits, '-' and '_'"
file '$a sampling: {series: [goodput, speed]}' \
    'bad.yaml:26:30: series: expected one of goodput, position, in_range, cwnd, rtt, app_delay, reorder, queue'
# Boxes on a path
box() { # KEYS COLUMN_AND_MESSAGE: of a box on line 10
    file "9s/\$/\n    middleboxes: [{$1}]/" "bad.yaml:10:$2"
}
box 'type: firewall' \
    '26: type: expected one of nat, option-filter, sequence-rewriter, payload-rewriter, splitter, coalescer, reset-injector'
box 'direction: up' '19: type: is missing'
box 'type: nat, timeout: 5' '31: timeout: expected a key of middleboxes'
box 'type: nat, timeout_s: -5' '42: timeout_s: expected a number from 0 to 1e+06'
box 'type: coalescer, payload_max_bytes: 900, timeout_s: 5' '61: timeout_s: is a key of nat middleboxes only'
box 'type: splitter' '19: payload_max_bytes: is missing'
box 'type: option-filter, option_kind: 1' '54: option_kind: expected a whole number from 2 to 255'
box 'type: option-filter, option_kind: 8, mptcp_subtype: dss' '19: mptcp_subtype: expected option_kind 30 with it'
box 'type: payload-rewriter, interval_bytes: 2, removed_bytes: 3' \
    '19: interval_bytes: expected 0, or no less than removed_bytes'
box 'type: payload-rewriter, interval_bytes: 2, inserted_bytes: 21' \
    '19: inserted_bytes: expected at most 10 times interval_bytes'
box 'type: reset-injector' '19: after_bytes: expected this or reset_probability to be above 0'
file '9s/$/\n    middleboxes: nat/' 'bad.yaml:10:18: middleboxes: expected a list of groups of keys'
# References
file '8s/phone/phon/' 'bad.yaml:8:13: hosts: expected the name of one of the hosts, not "phon"'
file '4s/server/phone/' 'bad.yaml:4:11: name: expected a name that is not used above, not "phone"'
file '25s/path: line/path: wire/' 'bad.yaml:25:25: path: expected the name of one of the paths or links, not "wire"'
# What ns-3's TCP cannot do
file '20s/$/\n    send_buffer_bytes: 60001\n    receive_buffer_bytes: 60000/' \
    'bad.yaml:19:5: send_buffer_bytes: expected at most receive_buffer_bytes with protocol ns3-tcp, which crashes (TcpRateLinux::SkbSent) once the peer'"'"'s window is full'
# What an engine does not have
file '1s/^/engine: link\n/' 'bad.yaml:20:5: protocol: expected mptcp or tcp with engine link; ns3-tcp needs engine ns3'
file '1s/^/engine: link\n/; 7s/ethernet/wifi/' \
    'bad.yaml:7:5: type: expected ethernet or trace with engine link; radio needs engine ns3'
file '1s/^/engine: link\n/; 9s/$/\n    medium: csma/' \
    'bad.yaml:7:5: medium: expected point-to-point with engine link; csma needs engine ns3'
file '7s/ethernet/trace/; 9s/$/\n    trace_down: trace\n    middleboxes: [{type: nat}]/' \
    'bad.yaml:11:19: middleboxes: expected none on a trace with engine ns3; they need engine link there'
file '9s/$/\n    jitter_ms: 1/' \
    'bad.yaml:6:5: loss_burst_packets, jitter_ms, reorder, duplicate: expected the defaults with engine ns3; they need engine link'
file '$s/$/\nsampling: {series: [goodput, reorder]}/' 'bad.yaml:26:11: series: reorder needs engine link'
file '5s/^/links: [{name: l, jitter_ms: 1}]\n/' 'bad.yaml:5:9: loss_burst_packets, jitter_ms, reorder, duplicate: expected the defaults with engine ns3; they need engine link'
file '5s/^/links: [{name: l}]\n/; 9s/$/\n    links: [l, l]/' 'bad.yaml:7:5: links: l: expected each only once'
file '5s/^/links: [{name: line}]\n/' 'bad.yaml:5:9: name: expected another one than that of a path'
file '25s/link: down/link: down, loss_up: -0.5/' 'bad.yaml:25:5: loss_down, loss_up: expected -1 or at least 0'
file '1s/^/engine: radio\n/' 'bad.yaml:1:9: engine: expected one of ns3, link'
"$run" good.yaml --seed 1 --engine link --set 'flows.download.protocol=tcp' --set 'mobility=[]' --record traces >out 2>err
check 'record without ns-3' 2 'good.yaml:1:1: engine: expected ns3 with --record, which records radio paths' $?
# Traces
printf 'x\n' >trace
file '7s/ethernet/trace/' 'bad.yaml:6:5: trace_down: is missing'
file '7s/ethernet/trace/; 9s/$/\n    trace_down: none.csv/; 1s/^/engine: link\n/; /^mobility/,/x_m: 4/d; s/ns3-tcp/tcp/' \
    'bad.yaml:7:5: trace_down: cannot be opened: No such file or directory'
file '7s/ethernet/trace/; 9s/$/\n    trace_down: trace/; 1s/^/engine: link\n/; /^mobility/,/x_m: 4/d; s/ns3-tcp/tcp/' \
    'bad.yaml:7:5: trace_down: trace:1: expected the columns time_s, rate_mbps and, if wanted, delay_ms, loss, not "x"'
file '7s/ethernet/trace/; 9s/$/\n    trace_down: trace/; $s/link: down/rate_mbps: 5/' \
    'bad.yaml:26:5: rate_mbps, loss_down, loss_up: expected a path of which no trace says them'
# Conditions between keys
file '9s/$/\n    queue_discipline: red\n    queue_bytes: 1000/' \
    'bad.yaml:6:5: queue_bytes: expected 0 with this queue_discipline: its limit is in packets'
file '25s/link: down/rate_mbps: 0/' 'bad.yaml:25:5: link: expected this, rate_mbps, delay_ms, loss_down or loss_up'
file '8s/phone//' 'bad.yaml:6:5: hosts: expected at least one host'
file '21s/server$/phone/' 'bad.yaml:19:5: server: expected another host than the client'
file '17s/3/1/' 'bad.yaml:17:9: time_s: expected a later time than the waypoint before'
file '23s/0.1/2/' 'bad.yaml:19:5: start_s: expected a time before the end of the run'
file '23s/$/\n    paths: [cable]/' 'bad.yaml:19:5: paths: expected enabled paths of host phone, not "cable"'
file '23s/$/\n    paths: [line, line]/' 'bad.yaml:19:5: paths: expected each path once, not "line" again'
file '9s/$/\n    enabled: false/' 'bad.yaml:20:5: name: client and server of download need an enabled path each'
file '11s/ethernet/wifi/' 'bad.yaml:10:5: hosts: server needs an element of mobility to be on a radio path'
file '11s/ethernet/wifi\n    radio_queue_packets: 1/' \
    'bad.yaml:10:5: radio_queue_packets: expected at least 2 with wifi: with 1 nothing is sent'
file '9s/$/\n    red_min_packets: 9\n    red_max_packets: 9\n    queue_discipline: red/' \
    'bad.yaml:6:5: red_min_packets: expected less than red_max_packets'
# Names that only the core or ns-3 knows: before any run
known() { # SED_SCRIPT EXPECTED_LINE
    sed -e "$1" good.yaml >bad.yaml
    "$run" bad.yaml --print-config >out 2>err
    check "--print-config, sed '$1'" 2 "$2" $?
}
known '23s/$/\n    congestion_control: TcpBest/' \
    'bad.yaml:19:5: congestion_control: expected one of ns-3'"'"'s, e.g. TcpLinuxReno or TcpCubic'
known '23s/$/\n    settings: ["NoSuch=1"]/' \
    'bad.yaml:19:5: settings: expected Attribute=value with an Attribute of ns3::TcpSocketBase, not "NoSuch=1"'
known '22s/ns3-tcp/mptcp/; 23s/$/\n    settings: ["NoSuch=1"]/' \
    'bad.yaml:19:5: settings: expected Attribute=value with an Attribute of ns3::MptcpSocket, not "NoSuch=1"'
known '22s/ns3-tcp/mptcp/; 23s/$/\n    settings: ["CongestionControl=cubic"]/' \
    'bad.yaml:19:5: settings: expected the key congestion_control instead of "CongestionControl=cubic"'
known '23s/$/\n    settings: ["SegmentSize=500"]/' 'bad.yaml:19:5: settings: expected the key mss_bytes instead of "SegmentSize=500"'
known '22s/ns3-tcp/tcp/; 23s/$/\n    settings: ["RtoMin=1s", "Sack=true", "RtoMin=300ms"]/' \
    'bad.yaml:19:5: settings: expected each once, not "RtoMin=300ms" as well'
known '23s/$/\n    start_jitter_s: 0.5\n    stop_s: 0.6/' 'bad.yaml:19:5: stop_s: expected a time after start_s and start_jitter_s'
known "19s/download/$(printf '%0101d' 0)/" 'bad.yaml:19:11: name: expected at most 100 characters'
known '22s/ns3-tcp/mptcp/; 23s/$/\n    settings: ["RtoMin=never"]/' \
    'bad.yaml:19:5: settings: expected name=value with a setting of the core as ns3::MptcpSocket names it, not "RtoMin=never"'

# Values without effect are told, and no error
told() { # SED_SCRIPT EXPECTED_LINE
    sed -e "$1" good.yaml >odd.yaml
    "$run" odd.yaml --print-config >out 2>err
    local status=$?
    : >out
    check "told, sed '$1'" 0 "$2" $status
}
told '9s/$/\n    ecn: true/' 'odd.yaml:6:5: ecn: has no effect with queue_discipline drop-tail, which marks nothing'
told '9s/$/\n    red_max_packets: 30/' 'odd.yaml:6:5: red_*: has no effect without queue_discipline red'
link='1s/^/engine: link\n/; 22s/ns3-tcp/mptcp/'
told "$link; 9s/\$/\n    loss_burst_packets: 3/" 'odd.yaml:7:5: loss_burst_packets: has no effect without loss_down or loss_up'
told "$link; 9s/\$/\n    reorder_ms: 3/" 'odd.yaml:7:5: reorder_ms: has no effect without reorder'
told '22s/ns3-tcp/mptcp/; 23s/$/\n    congestion_control: dctcp/' \
    'odd.yaml:19:5: congestion_control: dctcp is reno without Ecn=true among its settings, as nothing is marked'
told '15,17d; 14s/$/\n    walk_to_x_m: 30/' 'odd.yaml:14:5: walk_to_x_m, walk_to_y_m: have no effect without speed_mps'
told '14s/$/\n    speed_mps: 1/' 'odd.yaml:14:5: walk_to_x_m, walk_to_y_m, speed_mps: have no effect with waypoints'

# A file of nothing but keys takes no time to refuse
{ cat good.yaml && seq -f 'k%.0f: 1' 200000; } >keys.yaml
if timeout 5 "$run" keys.yaml --seed 1 >out 2>err; then status=0; else status=$?; fi
check 'too many keys' 2 'keys.yaml:1:1: expected at most 1000 keys' $status

# The last of many names is looked for among all of them, and that takes no time either
{ sed '/^flows:/,$d' good.yaml && echo flows: && seq -f '  - {name: f%.0f, client: phone, server: server}' 40000 &&
    echo '  - {name: f7, client: phone, server: server}'; } >flows.yaml
if timeout 10 "$run" flows.yaml --seed 1 >out 2>err; then status=0; else status=$?; fi
check 'many names' 2 'flows.yaml:40019:12: name: expected a name that is not used above, not "f7"' $status

# Ports come to their end
{ sed '/^flows:/,$d' good.yaml && echo flows: && seq -f '  - {name: f%.0f, client: phone, server: server, start_s: 0.1}' 16384; } >flows.yaml
"$run" flows.yaml --seed 1 >out 2>err
check 'many flows of a client' 2 'flows.yaml:16402:5: client: expected at most 16383 flows of one client' $?

# --set
set_ duration_s '--set:1:1: duration_s: expected path.key=value'
set_ paths.line.rate_mbps=-1 '--set:1:22: rate_mbps: expected a number from 0.001 to 1e+06'
set_ paths.lines.rate_mbps=1 '--set:1:7: lines: expected the name of an element of paths, or its number from 0; it has 2 (line, cable)'
set_ paths.line.rat_mbps=1 '--set:1:12: rat_mbps: expected a key of paths'
set_ duration_s.x=1 '--set:1:12: x: there is only a single value above it'
set_ 'duration_s=[' '--set:1:12: duration_s: expected a value'
set_ flows.download.client=server 'good.yaml:19:5: server: expected another host than the client'
set_ 'events=[{time_s: 1, path: line, link: down}]' '--set:1:9: time_s: expected a time before the end of the run'
set_ flows.download.mss_bytes=1461 'good.yaml:19:5: mss_bytes: expected at most 1460, for all links carry packets of 1500 bytes'
set_ events.1.time_s=0.2 '--set:1:8: 1: expected the name of an element of events, or its number from 0; it has 1'
set_ events.0.time_s=2 'good.yaml:25:5: time_s: expected a time before the end of the run'
set_ mobility.phone.waypoints.1.time_s=0.5 'good.yaml:17:9: time_s: expected a later time than the waypoint before'
set_ counters=[NoSuch] 'good.yaml:1:1: counters: expected names of MIB counters, or all, not "NoSuch"'
file '6s/line/"li\\0ne"/' 'bad.yaml:6:11: expected text without NUL'
file '9s/rate/"ra\\0te/; 9s/:/":/' 'bad.yaml:9:5: expected a key without NUL'
file '$a\--- {}' 'bad.yaml:26:1: expected the end of the file, for it has one document only'

unknown_name() { # KEY: a name that the core does not have is refused before any run, with those that it has
    "$run" good.yaml --print-config --set flows.download.protocol=mptcp --set "flows.download.$1=nonesuch" >out 2>err
    local status=$?
    grep -qE "^good.yaml:19:5: $1: expected one of the core's \\(.*: [a-z]+, .*\\), not \"nonesuch\"$" err && echo "$1 is refused" >err
    check "unknown $1" 2 "$1 is refused" $status
}
unknown_name congestion_control
unknown_name scheduler
unknown_name path_manager
# Command line
arguments 'none.yaml:1:1: cannot be opened: No such file or directory' none.yaml --seed 1
arguments 'mptcp-run: expected --seed' good.yaml
arguments "mptcp-run: --seed: expected a whole number from 1, not 'x'" good.yaml --seed x
arguments "mptcp-run: --seed: expected a whole number from 1, not '0'" good.yaml --seed 0
arguments 'mptcp-run: expected a scenario file'
arguments "mptcp-run: unrecognized option '--sed'" good.yaml --sed 1

# The good one is good, and says the same twice.
for i in 1 2; do
    "$run" good.yaml --seed 7 >"run$i" 2>err || { echo "good.yaml: exit status $?: $(cat err)"; failed=$((failed + 1)); }
done
if cmp -s run1 run2 && [ "$(tail -1 run1)" = "$(printf 'end\tok')" ]; then
    passed=$((passed + 1))
else
    echo "good.yaml: two runs with the same seed differ, or are not complete"
    failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
