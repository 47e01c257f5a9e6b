# SPDX-License-Identifier: GPL-2.0-only
# Goodput over time: above, the total of each transport; below, the paths of MPTCP. Shaded: the phone is out of Wi-Fi range.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 7.6
load gp.'/common.gp'

is(transport, path) = strcol('transport') eq transport && strcol('path') eq path
time(transport, path) = is(transport, path) ? column('time_s') : NaN
stats data.'.csv' using (column('goodput_mbps')) nooutput
set xrange [0 : time_end]
set yrange [0 : STATS_max * 1.12]
set lmargin screen 0.12
set rmargin screen 0.97
set for [i = 1 : words(out_of_range_begin)] object i rectangle \
    from word(out_of_range_begin, i) + 0, graph 0 to word(out_of_range_end, i) + 0, graph 1 behind fillcolor rgb shade fillstyle solid noborder
set style fill solid 0.2 noborder
run = seed >= 0 ? sprintf('seed %d', seed) : 'mean'.(seeds eq '1' ? '' : ', 95 % interval').', n = '.seeds.' seeds'

set multiplot
set tmargin screen 0.92
set bmargin screen 0.55
set xtics format ''
set ylabel 'Goodput [Mb/s]' offset 1, 0
set key at screen 0.545, 0.995 center top
if (words(out_of_range_begin) > 0) {
    set label 2 'out of Wi-Fi range' at (word(out_of_range_begin, 1) + word(out_of_range_end, 1)) / 2.0, graph 0.96 center font note_font textcolor rgb '#606060'
}
plot for [t in series] data.'.csv' using (time(t, 'total')):'low_mbps':'high_mbps' \
         with filledcurves linecolor rgb word(blue.' '.orange.' '.green, style(t) > 3 ? 1 : style(t)) notitle, \
     for [t in series] data.'.csv' using (time(t, 'total')):'goodput_mbps' with lines linestyle style(t) title label(t)

unset label 2
set tmargin screen 0.46
set bmargin screen 0.15
set xtics format '%g'
set xlabel 'Time [s]' offset 0, 0.4
set key at screen 0.545, 0.535 center top
set label 1 (speed eq '' ? '' : 'walking at '.speed.' m/s, ').run at screen 0.97, 0.025 right font note_font textcolor rgb '#606060'
plot for [p in paths] data.'.csv' using (time('mptcp', p)):'low_mbps':'high_mbps' \
         with filledcurves linecolor rgb word(blue.' '.orange.' '.green, style(p) > 3 ? 1 : style(p)) notitle, \
     for [p in paths] data.'.csv' using (time('mptcp', p)):'goodput_mbps' with lines linestyle style(p) title 'MPTCP on '.label(p)
unset multiplot
