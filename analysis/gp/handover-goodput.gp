# SPDX-License-Identifier: GPL-2.0-only
# Goodput in range and out of range against walking speed: bars with 95 % intervals, by transport.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.25
load gp.'/common.gp'

is(panel, name) = strcol('transport') eq name && strcol('panel') eq panel
bar = 0.8 / words(series)
aside(i) = (i - (words(series) + 1) / 2.0) * bar
stats data.'.csv' using (column('high') > column('mean') ? column('high') : column('mean')) nooutput
set yrange [0 : STATS_max * 1.05]
set xrange [0.4 : words(speeds) + 0.6]
set xtics () scale 0
set for [i = 1 : words(speeds)] xtics add (word(speeds, i) i)
set bmargin screen 0.22
set tmargin screen 0.81
set xlabel 'Walking speed [m/s]' offset 0, 0.4

set multiplot
set label 1 'mean, 95 % interval, n = '.seeds.' seeds' at screen 0.98, 0.035 right font note_font textcolor rgb '#606060'
set lmargin screen 0.12
set rmargin screen 0.54
set ylabel 'Goodput [Mb/s]' offset 1, 0
set title 'in Wi-Fi range' offset 0, -0.7
set key at screen 0.55, 0.985 center top
plot for [i = 1 : words(series)] data.'.csv' \
         using (is('in_range_mbps', word(series, i)) ? column('position') + aside(i) : NaN):'mean':'low':'high':(bar * 0.9) \
         with boxerrorbars linestyle style(word(series, i)) dashtype solid linewidth 0.8 title label(word(series, i))
unset label 1
set lmargin screen 0.56
set rmargin screen 0.98
unset ylabel
set ytics format ''
set title 'out of Wi-Fi range'
unset key
plot for [i = 1 : words(series)] data.'.csv' \
         using (is('out_of_range_mbps', word(series, i)) ? column('position') + aside(i) : NaN):'mean':'low':'high':(bar * 0.9) \
         with boxerrorbars linestyle style(word(series, i)) dashtype solid linewidth 0.8 notitle
unset multiplot
