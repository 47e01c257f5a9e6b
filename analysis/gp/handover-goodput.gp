# SPDX-License-Identifier: GPL-2.0-or-later
# Goodput in range and out of range against walking speed: bars with 95 % intervals, by transport.
gp = ARG1; data = ARG2; format = ARG3; image = ARG4
width_cm = 8.9; height_cm = 5.4
load gp.'/common.gp'

bar = 0.8 / words(series)
aside(i) = (i - (words(series) + 1) / 2.0) * bar
is(panel, name) = strcol('transport') eq name && strcol('panel') eq panel
position(panel, name) = is(panel, name) ? column('position') + aside(place(name)) : NaN
stats data.'.csv' using 'mean' nooutput
set yrange [0 : STATS_max * 1.08]
set xrange [0.4 : words(speeds) + 0.6]
set xtics () scale 0
set for [i = 1 : words(speeds)] xtics add (word(speeds, i) i)
# A bar too flat to be seen has its value written.
flat(panel, name) = column('mean') < 0.01 * STATS_max ? position(panel, name) : NaN
flat_style = 'with labels left rotate offset 0, 0.3 font note_font textcolor rgb note_color'
set bmargin at screen at_bottom(1.3)
set tmargin at screen 0.82

set multiplot
set lmargin at screen 0.11
set rmargin at screen 0.535
call gp.'/key.gp' series 'bars' '0.955'
set label 11 'Walking speed [m/s]' at screen 0.54, x_title_y center
set label 12 'Goodput [Mb/s]' at screen title_x, 0.53 rotate center
set label 13 over_seeds at screen 0.97, note_y right font note_font textcolor rgb note_color
set label 14 'in Wi-Fi range' at graph 0.5, screen 0.86 center
plot for [t in series] data.'.csv' using (position('in_range_mbps', t)):'mean':(bar * 0.9) \
         with boxes linestyle style(t), \
     for [t in series] data.'.csv' using (position('in_range_mbps', t)):'low':(0):(column('high') - column('low')) \
         with vectors @interval linecolor rgb 'black' @thin, \
     for [t in series] data.'.csv' using (flat('in_range_mbps', t)):(0):(sprintf('%.2g', column('mean'))) @flat_style
call gp.'/nokey.gp'
unset label
set lmargin at screen 0.555
set rmargin at screen 0.98
set ytics format ''
set label 14 'out of Wi-Fi range' at graph 0.5, screen 0.86 center
plot for [t in series] data.'.csv' using (position('out_of_range_mbps', t)):'mean':(bar * 0.9) \
         with boxes linestyle style(t), \
     for [t in series] data.'.csv' using (position('out_of_range_mbps', t)):'low':(0):(column('high') - column('low')) \
         with vectors @interval linecolor rgb 'black' @thin, \
     for [t in series] data.'.csv' using (flat('out_of_range_mbps', t)):(0):(sprintf('%.2g', column('mean'))) @flat_style
unset multiplot
