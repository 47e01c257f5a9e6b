# SPDX-License-Identifier: GPL-2.0-only
# The one style of all figures: gnuplot -c FIGURE.gp GP_FOLDER DATA FORMAT IMAGE, where DATA.csv and DATA.gpv hold every number.
# A figure sets width_cm and height_cm before it loads this file, and calls no terminal of its own.
set encoding utf8
set datafile separator comma
set datafile columnheaders
load data.'.gpv'

# One size on paper in the three formats: the text is 8 pt, lines are 1 pt where linewidth says 1.
points_per_cm = 72 / 2.54
font = 'Liberation Sans'
if (format eq 'pdf') {
    set terminal pdfcairo size width_cm cm, height_cm cm font font.',8' rounded linewidth 1 enhanced
}
if (format eq 'svg') {
    set terminal svg size 96 / 2.54 * width_cm, 96 / 2.54 * height_cm font font.',10.67' rounded linewidth 1.33 enhanced background 'white'
}
if (format eq 'png') {
    png_dpi = 300
    set terminal pngcairo size int(png_dpi / 2.54 * width_cm), int(png_dpi / 2.54 * height_cm) \
        font font.',8' fontscale png_dpi / 72. rounded linewidth png_dpi / 72. pointscale png_dpi / 72. * 0.7 enhanced
}
set output image

# Okabe-Ito colours, each with a dash, a point and a lightness of its own: a name looks the same in every figure.
blue = '#0072B2'; orange = '#E69F00'; green = '#009E73'; vermillion = '#D55E00'; purple = '#CC79A7'; sky = '#56B4E9'; black = '#000000'
set style line 1 linecolor rgb blue       linewidth 1.4 dashtype solid     pointtype 7 pointsize 0.5
set style line 2 linecolor rgb orange     linewidth 1.2 dashtype (8,3)     pointtype 5 pointsize 0.5
set style line 3 linecolor rgb green      linewidth 1.2 dashtype (2,2)     pointtype 9 pointsize 0.6
set style line 4 linecolor rgb vermillion linewidth 1.2 dashtype (8,3,2,3) pointtype 13 pointsize 0.6
set style line 5 linecolor rgb purple     linewidth 1.2 dashtype (12,3)    pointtype 11 pointsize 0.6
set style line 6 linecolor rgb sky        linewidth 1.2 dashtype (5,2,1,2) pointtype 4 pointsize 0.5
set style line 7 linecolor rgb black      linewidth 1.2 dashtype (4,2)     pointtype 8 pointsize 0.5
style_names = 'mptcp=1 tcp-wifi=2 wifi=2 tcp-lte=3 lte=3 tcp=1 lia=1 reno=4 olia=5 balia=6 wvegas=3 linux-reno=7 new-reno=6'
label_names = 'mptcp=MPTCP tcp-wifi=TCP~over~Wi-Fi tcp-lte=TCP~over~LTE wifi=Wi-Fi lte=LTE lia=LIA reno=uncoupled~Reno olia=OLIA '. \
    'balia=BALIA wvegas=wVegas tcp=this~model linux-reno=ns-3~LinuxReno new-reno=ns-3~NewReno'

# Value of NAME in 'NAME=VALUE NAME=VALUE'; a blank within a value is written '~'.
after(text, mark) = text[strstrt(text, mark) + strlen(mark) : *]
lookup(list, name, otherwise) = strstrt(' '.list, ' '.name.'=') ? word(after(' '.list, ' '.name.'='), 1) : otherwise
unblank(text) = strstrt(text, '~') ? unblank(text[1 : strstrt(text, '~') - 1].' '.text[strstrt(text, '~') + 1 : *]) : text
style(name) = int(lookup(style_names, name, '7'))
label(name) = unblank(lookup(label_names, name, name))

set border 3 back linecolor rgb '#404040' linewidth 0.5
set tics nomirror out scale 0.5
set grid ytics back linecolor rgb '#DDDDDD' linewidth 0.5 dashtype solid
set style fill solid 1.0 noborder
set bars 0.6
set key horizontal center top outside samplen 2.2 width 0.5 height 0 spacing 1.0 maxrows 1
shade = '#EEEEEE'
note_font = font.(format eq 'svg' ? ',8.5' : ',6.5')
