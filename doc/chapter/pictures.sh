#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pictures.sh BUILD_DIR [NAME...]: draws the pictures of the examples (all, or those named) from what they print, as NAME.png in doc/figures, or where
# $FIGURES says. What an example prints of a time is of the interval that ends there: with fsteps, a level is drawn to the left of its point.

build=$(realpath "${1:?usage: pictures.sh BUILD_DIR [NAME...]}") || exit 1
shift
top=$(realpath "$(dirname "$0")/../..")
figures=$(realpath "${FIGURES:-$top/doc/figures}")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT && cd "$dir" || exit 1
names=${*:-$(cd "$top/examples" && ls mptcp-*.cc | sed 's/\.cc$//')}

draw() { # NAME: gnuplot commands on standard input
    { printf 'set terminal pngcairo size 760,340 font "sans,10"\nset output "%s/%s.png"\n' "$figures" "$1"
      printf 'set grid ytics lc rgb "#dddddd"\nset border 3\nset tics nomirror\nset style fill solid 0.75 noborder\n'
      printf 'set linetype 1 lc rgb "#1f77b4" lw 2\nset linetype 2 lc rgb "#d95f02" lw 2\nset linetype 3 lc rgb "#3a923a" lw 2\nset yrange [0:*]\n'
      cat; } >"$1.gp"
    gnuplot "$1.gp" || { echo "pictures.sh: $1 was not drawn"; exit 1; }
}
levels() { # lines "time value...": once more with the beginning of the first interval, for fsteps
    awk 'NR == 1 { first = $0; at = $1; next } NR == 2 { begin = 2 * at - $1; rest = first; sub(/^[^ ]+/, "", rest); print begin rest; print first } { print }'
}
run() { # NAME OPTION...: its output in the file NAME
    local name=$1
    shift
    "$build/$name" "$@" 2>/dev/null || { echo "pictures.sh: $name failed" >&2; exit 1; }
}
bars() { # NAME LABEL [BELOW [LINE]]: of "label;value" on standard input, with a dashed line at LINE
    cat >"$1.txt"
    printf 'set datafile separator ";"\nset ylabel "%s"\nset boxwidth 0.6\nset offsets 0,0,graph 0.08,0\nset xrange [-0.6:%s]\nunset key\n' "$2" "$(($(wc -l <"$1.txt") - 1)).6" >"$1.head"
    [ -z "${3-}" ] || printf 'set xlabel "%s"\n' "$3" >>"$1.head"
    [ "$(wc -l <"$1.txt")" -le 5 ] || echo 'set xtics rotate by -25 left' >>"$1.head"
    printf 'plot "%s.txt" using 0:2:xtic(1) with boxes lc 1, "" using 0:2:(sprintf("%%.3g", $2)) with labels offset 0,0.6%s\n' "$1" "${4:+, $4 lc rgb \"#555555\" dt 2}" |
        cat "$1.head" - | draw "$1"
}

for name in $names; do
    case $name in
    mptcp-coexist)
        run $name | awk '/Mb\/s/ { sub("^mptcp$", "MPTCP, two paths", $1); sub("^tcp$", "TCP of the module", $1); sub("^ns3-tcp$", "TCP of ns-3", $1); NF -= 1
            v = $NF; NF -= 1; print $0 ";" v }' | bars $name "goodput (Mb/s)" ;;
    mptcp-fairness)
        for cc in lia olia balia reno; do
            run $name --cc=$cc | awk -v cc=$cc '$1 == "ratio" { print cc ";" $2 }'
        done | bars $name "goodput, Multipath TCP / TCP" "congestion control of Multipath TCP" 1 ;;
    mptcp-first-program)
        run $name >out
        awk '/Mb/ { sub("[+]", "", $1); sub("s:?$", "", $1); print $1, $2 }' out | levels >points
        awk '/subflow/ { sub("[+]", "", $1); sub("s$", "", $1); print $1, $2, $3, $4 }' out |
            awk '{ printf "set arrow from %s, graph 0 to %s, graph 1 nohead dt 2 lc rgb \"#888888\"\nset label \"%s %s %s\" at %s, graph %s rotate left offset -0.7,0 font \",8\"\n", $1, $1, $2, $3, $4, $1, NR % 2 ? 0.05 : 0.4 }' >marks
        { cat marks; echo 'unset key; set xrange [0:20]; set xlabel "time (s)"; set ylabel "goodput (Mb/s)"; plot "points" with fsteps lt 1'; } | draw $name ;;
    mptcp-middleboxes)
        none=$(run $name | awk '/goodput/ { print $2 }')
        for box in 'OptionFilter[Segments=Syn];options off SYNs' 'OptionFilter[Segments=Data];options off data' 'Nat;NAT' 'SegmentSplitter;splitter'; do
            printf '"%s"' "${box#*;}"
            for path in 1 2; do
                run $name "--box=${box%;*}" --path=$path | awk '/goodput/ { printf " %s", $2 }'
            done
            echo
        done >points
        printf 'set style data histograms\nset style histogram clustered gap 1\nset ylabel "goodput (Mb/s)"\nset yrange [0:24]\nset key top left horizontal\n' >head
        printf 'plot "points" using 2:xtic(1) lc 1 title "box on path 1", "" using 3 lc 2 title "box on path 2", %s lc rgb "#555555" dt 2 title "no box"\n' "$none" | cat head - | draw $name ;;
    mptcp-own-scheduler)
        run $name | grep -v LTE | levels >out
        run $name --scheduler=roundrobin | grep -v LTE | levels >other
        { printf 'set multiplot layout 1,2\nset xlabel "time (s)"\nset ylabel "carried (Mb/s)"\nset yrange [0:13]\nset key top left\n'
          for file in out other; do
              [ $file = out ] && title='ns3::CheapFirst' || title='roundrobin'
              printf 'set title "%s"\nplot "%s" using 1:2 with fsteps lt 1 title "Wi-Fi", "" using 1:3 with fsteps lt 2 title "LTE"\n' "$title" $file
          done; } | draw $name ;;
    mptcp-server-two-addresses)
        for change in '' --signal=0 --routes=0 --host-route=0; do
            run $name $change | awk -v what="${change:-all three calls}" '/goodput/ { print what ";" $2 }'
        done | sed 's/--signal=0/no SetSignal()/; s/--routes=0/no AddDefaultRoute()/; s/--host-route=0/no AddHostRouteTo()/' | bars $name "goodput (Mb/s)" ;;
    mptcp-trace-windows)
        run $name --prefix=w >/dev/null
        for subflow in $(awk '{ print $3 }' w.txt | sort -nu); do
            awk -v subflow="$subflow" '$3 == subflow { print $1, $4 / 1e3 }' w.txt >"subflow $subflow"
        done
        printf 'set xlabel "time (s)"\nset ylabel "congestion window (kB)"\nplot for [s in "%s"] "subflow ".s with steps title "subflow ".s\n' "$(ls subflow* | cut -d" " -f2 | paste -sd" ")" | draw $name ;;
    mptcp-two-access-points)
        run $name | awk '/Mb/ { for (i = 1; i <= NF; i++) if ($i == "m,") x = $(i - 1); two = /ap1 ap2/; v = $(NF - 1); print x, v, two ? 1 : 0 }' >points
        printf 'unset key\nset xlabel "position of the phone (m)"\nset ylabel "goodput (Mb/s)"\nset title "shaded: in reach of both access points"\n' >head
        printf 'plot "points" using 1:($3 > 0.5 ? 45 : 0) with boxes fs solid 0.15 lc rgb "#888888", "" using 1:2 with linespoints lt 1 pt 7 ps 0.5\n' | cat head - | draw $name ;;
    mptcp-two-paths)
        run $name | awk '/^subflow/ { print "subflow " $2 " " $3 " " substr($4, 1, length($4) - 1) ";" $5 / 1e6 }' | bars $name "carried (MB)" ;;
    mptcp-wifi-lte)
        run $name | awk '/Mb/ { t = $1; gsub("[+s:]", "", t); w = last_w; l = last_l
            for (i = 1; i <= NF; i++) { if ($i == "10.1.0.2") w = $(i + 1); if ($i == "7.0.0.2") l = $(i + 1) }
            print t, $2, (w - last_w) * 8 / 1e6, (l - last_l) * 8 / 1e6; last_w = w; last_l = l }' | levels >points
        printf 'set xlabel "time (s)"\nset ylabel "Mb/s"\nplot "points" using 1:2 with fsteps lt 3 title "received", "" using 1:3 with fsteps lt 1 title "sent over Wi-Fi", "" using 1:4 with fsteps lt 2 title "sent over LTE"\n' | draw $name ;;
    *) echo "pictures.sh: there is no picture of $name"; exit 1 ;;
    esac
done
