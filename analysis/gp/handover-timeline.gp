# SPDX-License-Identifier: GPL-2.0-or-later
# Goodput over time: above, the total of each transport; below, the paths of MPTCP. Shaded: the phone is out of Wi-Fi
# range.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 7.8
load gp.'/common.gp'

is(transport, path) = strcol('transport') eq transport && strcol('path') eq path
seconds(transport, path) = is(transport, path) ? column('time_s') : NaN
stats data.'.csv' using (column('goodput_mbps')) nooutput
set xrange [0 : time_end]
set yrange [0 : STATS_max * 1.15]
set lmargin at screen 0.11
set rmargin at screen 0.97
set for [i = 1 : words(out_of_range_begin)] object i rectangle from word(out_of_range_begin, i) + 0, graph 0 \
    to word(out_of_range_end, i) + 0, graph 1 behind fillcolor rgb shade fillstyle solid noborder
set style fill transparent solid 0.25 noborder
over = seed >= 0 ? sprintf('seed %d', seed) : over_seeds

set multiplot
set tmargin at screen 0.925
set bmargin at screen 0.56
set xtics format ''
call gp.'/key.gp' series 'lines' '0.965'
set label 12 'Goodput [Mb/s]' at screen title_x, graph 0.5 rotate center
set for [i = 1 : words(out_of_range_begin)] label 20 + i 'out of Wi-Fi range' \
    at (word(out_of_range_begin, i) + word(out_of_range_end, i)) / 2.0, graph 0.93 center font note_font textcolor rgb note_color
plot for [t in series] data.'.csv' using (seconds(t, 'total')):'low_mbps':'high_mbps' with filledcurves fillcolor rgb fill(t), \
     for [t in series] data.'.csv' using (seconds(t, 'total')):'goodput_mbps' with lines linestyle style(t)
call gp.'/nokey.gp'
unset label

set tmargin at screen 0.46
set bmargin at screen at_bottom(1.3)
set xtics format '%g'
call gp.'/key.gp' paths 'lines' '0.5' 'MPTCP on '
set label 11 'Time [s]' at screen 0.54, x_title_y center
set label 12 'Goodput [Mb/s]' at screen title_x, graph 0.5 rotate center
set label 13 (speed eq '' ? '' : 'walking at '.speed.' m/s; ').over at screen 0.97, note_y right font note_font textcolor rgb note_color
plot for [p in paths] data.'.csv' using (seconds('mptcp', p)):'low_mbps':'high_mbps' with filledcurves fillcolor rgb fill(p), \
     for [p in paths] data.'.csv' using (seconds('mptcp', p)):'goodput_mbps' with lines linestyle style(p)
unset multiplot
