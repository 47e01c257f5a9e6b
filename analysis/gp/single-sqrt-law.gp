# SPDX-License-Identifier: GPL-2.0-or-later
# K = x T sqrt(p) against the loss rate p, with theory and the TCPs of ns-3.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.4
load gp.'/common.gp'

set lmargin at screen 0.11
set rmargin at screen 0.97
set bmargin at screen at_bottom(1.3)
set tmargin at screen 0.9
curves = series eq '' ? 'tcp' : series
others = 'linux-reno new-reno'
call gp.'/key.gp' curves.' '.others 'linespoints' '0.955'
set label 11 'Loss rate p [%]' at screen 0.54, x_title_y center
set label 12 'K = x T √p' at screen title_x, 0.57 rotate center
set label 13 over_seeds at screen 0.97, note_y right font note_font textcolor rgb note_color
set logscale x 10
set xrange [100 * x_min / 1.3 : 100 * x_max * 1.3]
set xtics format '%g'
set yrange [y_min : 1.08 * accepted_high]
set object 1 rectangle from 100 * accepted_from, accepted_low to 100 * accepted_to, accepted_high \
    behind fillcolor rgb strong_shade fillstyle solid noborder
set label 14 'accepted' at 100 * accepted_from, accepted_low offset 0.4, -0.6 left font note_font textcolor rgb note_color
set label 15 'fluid model' at graph 0.985, first theory_fluid offset 0, 0.5 right font note_font textcolor rgb note_color
set label 16 'random loss' at graph 0.985, first theory_random_loss offset 0, 0.5 right font note_font textcolor rgb note_color
set label 17 'dotted: ideal sender of RFC 5681' at graph 0.02, graph 0.07 left font note_font textcolor rgb note_color
is(name) = strcol('curve') eq name
percent(name) = is(name) ? 100 * column('loss') : NaN
plot theory_random_loss with lines linecolor rgb 'black' linewidth 0.5, \
     theory_fluid with lines linecolor rgb 'black' linewidth 0.5, \
     data.'.csv' using (percent('rfc-5681')):'k' with lines linecolor rgb 'black' linewidth 0.8 dashtype (2,2), \
     for [c in others] data.'.csv' using (percent(c)):'k' with linespoints linestyle style(c), \
     for [c in curves] data.'.csv' using (percent(c)):'low':(0):(column('high') - column('low')) \
         with vectors @interval linestyle style(c) @thin, \
     for [c in curves] data.'.csv' using (percent(c)):'k' with linespoints linestyle style(c)
