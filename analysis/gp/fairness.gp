# SPDX-License-Identifier: GPL-2.0-or-later
# What a whole MPTCP connection gets against one TCP flow, with what is expected; and Jain's index of all flows.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.4
load gp.'/common.gp'

is(metric, name) = strcol('metric') eq metric && strcol('congestion_control') eq name
at(metric, name) = is(metric, name) ? place(name) : NaN
band = 0.3
set xrange [0.4 : words(series) + 0.6]
set xtics () scale 0
set for [i = 1 : words(series)] xtics add (column_label(word(series, i)) i)
set bmargin at screen at_bottom(1.3)
set tmargin at screen 0.88

set multiplot
set lmargin at screen 0.11
set rmargin at screen 0.49
set label 12 'MPTCP / one TCP flow' at screen title_x, graph 0.5 rotate center
set label 13 over_seeds at screen 0.97, note_y right font note_font textcolor rgb note_color
set object 30 rectangle center screen 0.135, screen 0.945 size screen 0.03, screen 0.035 front fillcolor rgb strong_shade fillstyle solid noborder
set label 30 'accepted' at screen 0.16, screen 0.945 left
set arrow 30 from screen 0.3, screen 0.945 to screen 0.335, screen 0.945 nohead linecolor rgb 'black' @thin
set label 31 'expected' at screen 0.345, screen 0.945 left
set yrange [0 : *]
plot for [c in series] data.'.csv' using (at('ratio', c)):'mean':(place(c) - band):(place(c) + band):'accepted_low':'accepted_high' \
         with boxxyerror fillcolor rgb strong_shade fillstyle solid noborder, \
     for [c in series] data.'.csv' using (at('ratio', c) - band):'expected':(2 * band):(0) \
         with vectors nohead linecolor rgb 'black' @thin, \
     for [c in series] data.'.csv' using (at('ratio', c)):'low':(0):(column('high') - column('low')) \
         with vectors @interval linestyle style(c) @thin, \
     for [c in series] data.'.csv' using (at('ratio', c)):'mean' with points linestyle style(c)
unset label
unset object
unset arrow
set lmargin at screen 0.65
set rmargin at screen 0.98
set label 12 "Jain's index of all flows" at screen 0.53, graph 0.5 rotate center
set yrange [* : 1]
plot for [c in series] data.'.csv' using (at('jain', c)):'low':(0):(column('high') - column('low')) \
         with vectors @interval linestyle style(c) @thin, \
     for [c in series] data.'.csv' using (at('jain', c)):'mean' with points linestyle style(c)
unset multiplot
