# SPDX-License-Identifier: GPL-2.0-only
# Longest stall against walking speed: points with 95 % intervals, by transport.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.25
load gp.'/common.gp'

set lmargin screen 0.14
set rmargin screen 0.97
set bmargin screen 0.22
set tmargin screen 0.88
set xlabel 'Walking speed [m/s]' offset 0, 0.4
set ylabel 'Longest stall [s]'
set logscale x 2
set xrange [x_min / 1.3 : x_max * 1.3]
set xtics ()
set for [x in speeds] xtics add (x x + 0)
if (y_log) {
    set logscale y 10
    set yrange [y_min : *]
    set ytics format '%g'
} else {
    set yrange [0 : *]
}
set label 'mean, 95 % interval, n = '.seeds.' seeds' at screen 0.97, 0.035 right font note_font textcolor rgb '#606060'

# Curves stand side by side by a few percent, so that intervals do not hide each other.
aside(i) = 1.03 ** (i - (words(series) + 1) / 2.0)
from_axis(y) = y_log && y < y_min ? y_min : y
is(name) = strcol('transport') eq name
plot for [i = 1 : words(series)] data.'.csv' \
         using (is(word(series, i)) ? column('speed_mps') * aside(i) : NaN):'mean':(from_axis(column('low'))):'high' \
         with yerrorbars linestyle style(word(series, i)) dashtype solid linewidth 0.8 notitle, \
     for [i = 1 : words(series)] data.'.csv' \
         using (is(word(series, i)) ? column('speed_mps') * aside(i) : NaN):'mean' \
         with linespoints linestyle style(word(series, i)) title label(word(series, i))
