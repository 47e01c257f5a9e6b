# SPDX-License-Identifier: GPL-2.0-or-later
# The one style of all figures: gnuplot -c FIGURE.gp GP_FOLDER DATA FORMAT IMAGE, where DATA.csv and DATA.gpv hold
# every number. A figure sets width_cm and height_cm before it loads this file, and calls no terminal of its own.
set encoding utf8
set datafile separator comma
set datafile columnheaders
load data.'.gpv'

# One size on paper in the three formats: the text is 7 pt, lines are 1 pt where linewidth says 1. The terminals
# differ in what they take for a point: pdfcairo draws text 1.32 times larger than it says, pngcairo and svg count 96
# to the inch.
font = 'Liberation Sans'
text_pt = 7
note_pt = 6
points_per_cm = 72 / 2.54
svg_scale = 96 / 72.
png_dpi = 300
if (format eq 'pdf') {
    set terminal pdfcairo size width_cm cm, height_cm cm font sprintf('%s,%g', font, text_pt) fontscale 1 / 1.32 \
        rounded linewidth 2 dashlength 1.5 enhanced
}
if (format eq 'svg') {
    set terminal svg size 96 / 2.54 * width_cm, 96 / 2.54 * height_cm font sprintf('%s,%g', font, text_pt * svg_scale) \
        rounded linewidth svg_scale dashlength 0.7 enhanced background 'white'
}
if (format eq 'png') {
    set terminal pngcairo size int(png_dpi / 2.54 * width_cm), int(png_dpi / 2.54 * height_cm) \
        font sprintf('%s,%g', font, text_pt) fontscale png_dpi / 96. rounded linewidth png_dpi / 72. pointscale png_dpi / 96. \
        dashlength 0.6 * png_dpi / 72. enhanced
}
set output image

# Okabe-Ito colours, each with a dash, a point and a lightness of its own: a name looks the same in every figure.
colours = '#0072B2 #E69F00 #009E73 #D55E00 #CC79A7 #56B4E9 #000000'
point_types = '7 5 9 13 11 4 8'
point = format eq 'pdf' ? 0.4 : format eq 'svg' ? 0.55 : 0.5
set style line 1 dashtype solid
set style line 2 dashtype (8,3)
set style line 3 dashtype (3,3)
set style line 4 dashtype (8,3,2,3)
set style line 5 dashtype (12,3)
set style line 6 dashtype (5,2,1,2)
set style line 7 dashtype (4,2)
set for [i = 1 : words(colours)] style line i linecolor rgb word(colours, i) linewidth i == 1 ? 1.4 : 1.2 \
    pointtype int(word(point_types, i)) pointsize point
style_names = 'mptcp=1 tcp-wifi=2 wifi=2 tcp-lte=3 lte=3 tcp=1 lia=1 reno=4 olia=5 balia=6 wvegas=3 '. \
    'linux-reno=7 new-reno=6'
label_names = 'mptcp=MPTCP tcp-wifi=TCP~over~Wi-Fi tcp-lte=TCP~over~LTE wifi=Wi-Fi lte=LTE lia=LIA '. \
    'reno=uncoupled~Reno olia=OLIA balia=BALIA wvegas=wVegas tcp=this~model linux-reno=ns-3~LinuxReno new-reno=ns-3~NewReno'

# Value of NAME in 'NAME=VALUE NAME=VALUE'; a blank within a value is written '~'.
after(text, mark) = text[strstrt(text, mark) + strlen(mark) : *]
lookup(list, name, otherwise) = strstrt(' '.list, ' '.name.'=') ? word(after(' '.list, ' '.name.'='), 1) : otherwise
unblank(text, blank) = strstrt(text, '~') == 0 ? text : \
    unblank(text[1 : strstrt(text, '~') - 1].blank.text[strstrt(text, '~') + 1 : *], blank)
style(name) = int(lookup(style_names, name, '7'))
fill(name) = word(colours, style(name))
label(name) = unblank(lookup(label_names, name, name), ' ')
column_label(name) = unblank(lookup(label_names, name, name), "\n")

# Place of a name among the series, from 1.
place(name) = int(sum [k = 1 : words(series)] (word(series, k) eq name ? k : 0))

set border 3 back linecolor rgb '#404040' linewidth 0.5
set tics nomirror out scale 0.5 textcolor rgb 'black'
if (format eq 'svg') { set xtics offset 0, 0.45 }
set grid ytics back linetype 1 linecolor rgb '#DDDDDD' linewidth 0.5 dashtype solid, linetype 1
set style fill solid 1.0 noborder
set bars 0.6
# Intervals are arrows with flat heads, since style yerrorbars puts a white disc under each point, over curves and bars.
over_seeds = seeds eq '1' ? '1 seed' : 'mean, 95 % interval, n = '.seeds.' seeds'
interval = 'heads size screen 0.007, 90 fixed nofilled'
thin = 'dashtype solid linewidth 0.8'
unset key
shade = '#EEEEEE'
strong_shade = '#D9D9D9'
note_font = sprintf('%s,%g', font, format eq 'svg' ? note_pt * svg_scale : note_pt)
note_color = '#606060'

# Titles of the axes stand at places of the screen, for each terminal has its own idea of the room that the numbers
# need.
title_x = 0.022
at_bottom(centimetres) = centimetres / height_cm
x_title_y = at_bottom(0.62)
note_y = at_bottom(0.2)
