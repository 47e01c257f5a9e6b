# SPDX-License-Identifier: GPL-2.0-or-later
# goodput_lib.sh: sourced, after kernel_lib.sh, by what compares the core's goodput with the kernel's over the same emulated paths.
# $build is the build's folder, $work one for what runs leave behind.

PORT=5000
# What makes the core behave as Linux does where it does not by itself.
# shellcheck disable=SC2034
LIKE_LINUX='scheduler=linux cubic_alpha_one=false receive_buffer_autotuning=true opportunistic_retransmission=false penalisation=false'

# path N KEY=VALUE,...: path N between 10.77.N.1, the kernel that is always there, and 10.77.N.2, the core or the kernel in its place.
path() { echo "device=k$1,kernel=10.77.$1.1,core=10.77.$1.2,$2"; }

# One transfer in namespaces of its own. The sender is the client and joins: core, kernel, or the one of two kernels that takes the place
# of the core (as_core) or of the kernel (as_kernel), so that on every path the same packets of a seed are lost. Nothing announces
# addresses, so that without MPTCP and with one path it is the same.
# MODE: tcp or mptcp. SETTINGS: NAME=VALUE by spaces, of the core, or net.NAME=VALUE, of the kernels. Prints Mb/s and how many of 1000 packets were late by this machine.
one_run() { # SENDER MODE CONGESTION SEED BYTES SETTINGS PATH1 [PATH2]
    local sender=$1 mode=$2 congestion=$3 seed=$4 bytes=$5 settings=$6 links=() one
    shift 6
    for one in "$@"; do
        links+=(--path "$one")
    done
    case_begin "$work/$sender-$mode-$congestion-$seed-$BASHPID"
    mkdir -p "$dir"
    local ns=mpg-$BASHPID-a far=mpg-$BASHPID-b is_plain=false
    [ "$mode" = tcp ] && is_plain=true
    local peer="--congestion $congestion --timeout 100" core="--netns $ns --seed $seed --timeout 100 --set congestion_control=$congestion"
    $is_plain && peer="$peer --tcp" core="$core --set mptcp=false"
    for one in $settings; do
        [ -z "${one%%net.*}" ] || core="$core --set $one"
    done
    netns_up "$ns"
    set_kernel "$ns" "$settings"
    local near_program="ip netns exec $ns $build/test/kernel/kernel_peer $peer" far_program="$build/test/kernel/kernel_host $core ${links[*]}"
    local far_listen="--listen $PORT" far_connect="--connect $PORT" teller
    case $sender in
    as_*)
        netns_up "$far" 2
        set_kernel "$far" "$settings"
        start bridge "$build/test/kernel/kernel_bridge" --netns "$ns" --netns "$far" --seed "$seed" "${links[@]}"
        wait_for 10 is_ready bridge
        far_program="ip netns exec $far $build/test/kernel/kernel_peer $peer"
        far_listen="--listen 0.0.0.0/$PORT" far_connect="--connect 10.77.1.1/$PORT"
        ;;
    esac
    # commands are words
    # shellcheck disable=SC2086
    case $sender in
    *core)
        [ $sender = as_core ] && joins_from "$far" 10.77.2.2
        start receiver $near_program --respond --listen 0.0.0.0/$PORT
        wait_for 10 is_ready receiver
        start sender $far_program $far_connect --bytes "$bytes"
        teller=sender
        ;;
    *kernel)
        joins_from "$ns" 10.77.2.1
        start receiver $far_program --respond $far_listen
        wait_for 10 is_ready receiver
        start sender $near_program --connect 10.77.1.2/$PORT --bytes "$bytes"
        teller=receiver
        ;;
    esac
    finish sender || fail "the sender ends with status $?"
    finish receiver || fail "the receiver ends with status $?"
    want receiver read -eq "$bytes"
    want receiver mode = "$mode"
    want sender mode = "$mode"
    case $sender in
    as_*)
        kill "$pid_bridge"
        finish bridge || fail "the bridge ends with status $?"
        teller=bridge
        ;;
    esac
    if [ $# = 2 ]; then
        for one in 1 2; do # both paths carry data
            [ $(($(value $teller path${one}_to_bytes) + $(value $teller path${one}_from_bytes))) -gt $((bytes / 100)) ] ||
                fail "path $one has not carried anything"
        done
    fi
    [ $failed = 0 ] && awk -v b="$bytes" -v s="$(value receiver seconds)" -v late="$(value $teller late_permille)" \
        'BEGIN { printf "%.3f %d\n", b * 8 / s / 1e6, late }'
    exit $failed
}

set_kernel() { # NS SETTINGS
    local one
    for one in $2; do
        [ -n "${one%%net.*}" ] || ip netns exec "$1" sysctl -qw "$one"
    done
}

# The kernel of a namespace joins from its second address.
joins_from() { # NS ADDRESS
    ip -n "$1" mptcp endpoint add "$2" dev k2 id 2 subflow
    ip -n "$1" rule add from "$2" table 2
    ip -n "$1" route add default dev k2 table 2
}

# ---- Rows: NAME|MODE|CONGESTION|BYTES|RUNS|SETTINGS|KEY=VALUE,... of path 1[|of path 2] ----

split() { # ROW: into variables; the row's results are lines SEED SENDER Mb/s LATE_PERMILLE, or SEED SENDER and why there is none
    local rest
    IFS='|' read -r name mode congestion bytes first settings rest <<<"$1"
    IFS='|' read -ra links <<<"$rest"
    results="$work/$name $congestion.rates"
}

# Add a line to the row's results. A run that the machine held up (LATE_PERMILLE_MAX) is done again, up to three times.
LATE_PERMILLE_MAX=5
note_run() { # ROW SENDER SEED
    local said try
    split "$1"
    [ -n "${links[1]:-}" ] && links[1]=$(path 2 "${links[1]}")
    links[0]=$(path 1 "${links[0]}")
    for try in 1 2 3; do
        said=$(one_run "$2" "$mode" "$congestion" "$3" "$bytes" "$settings" "${links[@]}")
        [ "${said##* }" -gt $LATE_PERMILLE_MAX ] 2>/dev/null || break
    done
    # words, on one line
    # shellcheck disable=SC2086
    echo "$3 $2" $said >>"$results"
}

# All rows take turns, so that whatever else the machine does meets all alike; $jobs_max at once.
run_rows() { # SEED SEED ROW...
    local seed row sender from=$1 to=$2
    shift 2
    for seed in $(seq "$from" "$to"); do
        for row in "$@"; do
            split "$row"
            [ "$from" = 1 ] && [ "$seed" -gt "$first" ] && continue
            for sender in core as_core kernel as_kernel; do
                while [ "$(jobs -rp | wc -l)" -ge "$jobs_max" ]; do
                    wait -n
                done
                note_run "$row" $sender "$seed" &
            done
        done
    done
    wait
}

# Of a row's results: medians of the core's and Linux's rates and of the ratio of a seed's pair, their number, an interval that has the ratio's
# median with 95 % (order statistics), the least and the greatest ratio; 0 when a run failed.
medians() { # core|kernel RESULTS
    awk -v one="$1" '
        function sort(v, n, i, j, x) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && v[j - 1] > v[j]; j--) { x = v[j]; v[j] = v[j - 1]; v[j - 1] = x }
        }
        function median(v, n) { sort(v, n); return (v[int((n + 1) / 2)] + v[int(n / 2) + 1]) / 2 }
        # The greatest k so that fewer than k of n are below the median with at most 2.5 %; 1 where there are too few.
        function rank(n, k, p, sum) {
            p = 0.5 ^ n
            for (k = 0; sum + p <= 0.025; k++) { sum += p; p *= (n - k) / (k + 1) }
            return k < 1 ? 1 : k
        }
        $2 == one || $2 == "as_" one { rate[$1, $2] = NF == 4 ? $3 : 0; seen[$1] }
        END {
            for (i in seen) {
                n++
                a[n] = rate[i, one]; b[n] = rate[i, "as_" one]
                if (a[n] * b[n] == 0) bad = 1
                else r[n] = a[n] / b[n]
            }
            if (bad || n == 0) { print 0, 0, 0, n + 0, 0, 0, 0, 0; exit }
            m = median(r, n); k = rank(n)
            printf "%.2f %.2f %.3f %d %.3f %.3f %.2f %.2f\n", median(a, n), median(b, n), m, n, r[k], r[n + 1 - k], r[1], r[n]
        }' "$2"
}
