# SPDX-License-Identifier: GPL-2.0-or-later
# Longest stall against walking speed: means with 95 % intervals, by transport.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.4
load gp.'/common.gp'

set lmargin at screen 0.14
set rmargin at screen 0.97
set bmargin at screen at_bottom(1.3)
set tmargin at screen 0.9
call gp.'/key.gp' series 'linespoints' '0.955'
set label 11 'Walking speed [m/s]' at screen 0.555, x_title_y center
set label 12 'Longest stall [s]' at screen title_x, 0.57 rotate center
set label 13 over_seeds at screen 0.97, note_y right font note_font textcolor rgb note_color
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

# Curves stand side by side, about a hundredth of the axis apart, so that intervals do not hide each other.
aside(i) = (1.69 * x_max / x_min) ** (0.012 * (i - (words(series) + 1) / 2.0))
is(name) = strcol('transport') eq name
speed(name) = is(name) ? column('speed_mps') * aside(place(name)) : NaN
from_axis(y) = y_log && y < y_min ? y_min : y
plot for [t in series] data.'.csv' \
         using (speed(t)):(from_axis(column('low'))):(0):(column('high') - from_axis(column('low'))) \
         with vectors @interval linestyle style(t) @thin, \
     for [t in series] data.'.csv' using (speed(t)):'mean' with linespoints linestyle style(t)
