# SPDX-License-Identifier: GPL-2.0-only
# What a whole MPTCP connection gets against one TCP flow, with what is expected; and Jain's index of all flows.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.25
load gp.'/common.gp'

is(metric, name) = strcol('metric') eq metric && strcol('congestion_control') eq name
at(metric, i) = is(metric, word(series, i)) ? i : NaN
set xrange [0.4 : words(series) + 0.6]
set xtics () scale 0
set for [i = 1 : words(series)] xtics add (label(word(series, i)) i)
set bmargin screen 0.17
set tmargin screen 0.88

set multiplot
set label 1 'mean, 95 % interval, n = '.seeds.' seeds' at screen 0.98, 0.035 right font note_font textcolor rgb '#606060'
set lmargin screen 0.12
set rmargin screen 0.48
set ylabel 'MPTCP / one TCP flow' offset 1, 0
set yrange [0 : *]
set key at screen 0.55, 0.985 center top
plot for [i = 1 : words(series)] data.'.csv' using (at('ratio', i)):'mean':(i - 0.32):(i + 0.32):'accepted_low':'accepted_high' \
         with boxxyerror fillcolor rgb '#D9D9D9' fillstyle solid noborder title i == 1 ? 'accepted' : '', \
     for [i = 1 : words(series)] data.'.csv' using (at('ratio', i)):'expected':(0.32) \
         with xerrorbars linecolor rgb black linewidth 0.8 pointtype 0 title i == 1 ? 'expected' : '', \
     for [i = 1 : words(series)] data.'.csv' using (at('ratio', i)):'mean':'low':'high' \
         with yerrorbars linestyle style(word(series, i)) dashtype solid title label(word(series, i))
unset label 1
unset key
set lmargin screen 0.64
set rmargin screen 0.98
set ylabel "Jain's fairness index"
set yrange [* : 1]
plot for [i = 1 : words(series)] data.'.csv' using (at('jain', i)):'mean':'low':'high' \
         with yerrorbars linestyle style(word(series, i)) dashtype solid notitle
unset multiplot
