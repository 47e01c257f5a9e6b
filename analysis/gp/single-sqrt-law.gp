# SPDX-License-Identifier: GPL-2.0-only
# K = x T sqrt(p) against the loss rate p, with theory and the TCPs of ns-3.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.25
load gp.'/common.gp'

set lmargin screen 0.12
set rmargin screen 0.97
set bmargin screen 0.22
set tmargin screen 0.88
set xlabel 'Loss rate p [%]' offset 0, 0.4
set ylabel 'K = x T p^{1/2}' offset 1, 0
set logscale x 10
set xrange [100 * x_min / 1.3 : 100 * x_max * 1.3]
set xtics format '%g'
set yrange [0 : *]
set object 1 rectangle from 100 * accepted_from, accepted_low to 100 * accepted_to, accepted_high behind fillcolor rgb '#D9D9D9' fillstyle solid noborder
set label 'mean, 95 % interval, n = '.seeds.' seeds' at screen 0.97, 0.035 right font note_font textcolor rgb '#606060'
is(name) = strcol('curve') eq name
curves = series eq '' ? 'tcp' : series
others = 'linux-reno new-reno'
plot theory_random_loss with lines linecolor rgb black linewidth 0.6 notitle, \
     theory_fluid with lines linecolor rgb black linewidth 0.6 notitle, \
     for [c in others] data.'.csv' using (is(c) ? 100 * column('loss') : NaN):'k' with linespoints linestyle style(c) title label(c), \
     for [c in curves] data.'.csv' using (is(c) ? 100 * column('loss') : NaN):'k':'low':'high' \
         with yerrorbars linestyle style(c) dashtype solid linewidth 0.8 notitle, \
     for [c in curves] data.'.csv' using (is(c) ? 100 * column('loss') : NaN):'k' with linespoints linestyle style(c) title label(c)
