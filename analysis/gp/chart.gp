# SPDX-License-Identifier: GPL-2.0-or-later
# The one style of all figures. Sizes are those on paper: text of 7 pt, a line of 1 pt where linewidth says 1. The
# terminals differ in what they take for a point: pdfcairo draws text 1.32 times larger than it says, pngcairo and svg
# count 96 to the inch.
set encoding utf8
font = 'Liberation Sans'
text_pt = 7
note_pt = 6
svg_scale = 96 / 72.
png_dpi = 300
T(text, tex) = format eq 'tex' ? tex : text
if (format eq 'pdf') {
    set terminal pdfcairo size width_cm cm, height_cm cm font sprintf('%s,%g', font, text_pt) fontscale 1 / 1.32 \
        rounded linewidth 2 dashlength 1.5 noenhanced
}
if (format eq 'tex') {
    set terminal cairolatex pdf input colortext size width_cm cm, height_cm cm font sprintf(',%g', text_pt) \
        rounded linewidth 2 dashlength 1.5
}
if (format eq 'svg') {
    set terminal svg size 96 / 2.54 * width_cm, 96 / 2.54 * height_cm font sprintf('%s,%g', font, text_pt * svg_scale) \
        rounded linewidth svg_scale dashlength 0.7 noenhanced background 'white'
}
if (format eq 'png') {
    set terminal pngcairo size int(png_dpi / 2.54 * width_cm), int(png_dpi / 2.54 * height_cm) \
        font sprintf('%s,%g', font, text_pt) fontscale png_dpi / 96. rounded linewidth png_dpi / 72. pointscale png_dpi / 96. \
        dashlength 0.6 * png_dpi / 72. noenhanced
}
set output image

# Okabe-Ito colours, each with a dash and a point of its own; then their tints, whose points are open.
array colour = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#CC79A7', '#56B4E9', '#000000', \
    '#66AAD1', '#F0C566', '#66C5AB', '#E69E66', '#E0AFCA', '#9AD2F2', '#8C8C8C']
array shape = [7, 5, 9, 13, 11, 15, 2, 6, 4, 8, 12, 10, 14, 1]
point = format eq 'pdf' || format eq 'tex' ? 0.4 : format eq 'svg' ? 0.55 : 0.5
do for [i = 1 : 14] {
    set style line i linecolor rgb colour[i] linewidth 1.2 pointtype shape[i] pointsize point
}
set style line 1 dashtype solid linewidth 1.4
set style line 2 dashtype (8,3)
set style line 3 dashtype (3,3)
set style line 4 dashtype (8,3,2,3)
set style line 5 dashtype (12,3)
set style line 6 dashtype (5,2,1,2)
set style line 7 dashtype (4,2)
set style line 8 dashtype (10,2,2,2)
set style line 9 dashtype (2,2)
set style line 10 dashtype (6,2)
set style line 11 dashtype (12,3,2,3,2,3)
set style line 12 dashtype (4,4)
set style line 13 dashtype (8,2,4,2)
set style line 14 dashtype (1,2)
bar1 = "fillcolor rgb '#0072B2' fillstyle solid 1.0 noborder"
box1 = "linecolor rgb '#0072B2' linewidth 0.8 fillstyle solid 0.45 border"
band1 = "fillcolor rgb '#0072B2' fillstyle transparent solid band_opacity noborder"
bar2 = "fillcolor rgb '#E69F00' fillstyle solid 1.0 noborder"
box2 = "linecolor rgb '#E69F00' linewidth 0.8 fillstyle solid 0.45 border"
band2 = "fillcolor rgb '#E69F00' fillstyle transparent solid band_opacity noborder"
bar3 = "fillcolor rgb '#009E73' fillstyle solid 1.0 noborder"
box3 = "linecolor rgb '#009E73' linewidth 0.8 fillstyle solid 0.45 border"
band3 = "fillcolor rgb '#009E73' fillstyle transparent solid band_opacity noborder"
bar4 = "fillcolor rgb '#D55E00' fillstyle solid 1.0 noborder"
box4 = "linecolor rgb '#D55E00' linewidth 0.8 fillstyle solid 0.45 border"
band4 = "fillcolor rgb '#D55E00' fillstyle transparent solid band_opacity noborder"
bar5 = "fillcolor rgb '#CC79A7' fillstyle solid 1.0 noborder"
box5 = "linecolor rgb '#CC79A7' linewidth 0.8 fillstyle solid 0.45 border"
band5 = "fillcolor rgb '#CC79A7' fillstyle transparent solid band_opacity noborder"
bar6 = "fillcolor rgb '#56B4E9' fillstyle solid 1.0 noborder"
box6 = "linecolor rgb '#56B4E9' linewidth 0.8 fillstyle solid 0.45 border"
band6 = "fillcolor rgb '#56B4E9' fillstyle transparent solid band_opacity noborder"
bar7 = "fillcolor rgb '#000000' fillstyle solid 1.0 noborder"
box7 = "linecolor rgb '#000000' linewidth 0.8 fillstyle solid 0.45 border"
band7 = "fillcolor rgb '#000000' fillstyle transparent solid band_opacity noborder"
bar8 = "fillcolor rgb '#66AAD1' fillstyle solid 1.0 border linecolor rgb '#0072B2'"
box8 = "linecolor rgb '#0072B2' linewidth 0.8 fillstyle solid 0.45 border"
band8 = "fillcolor rgb '#66AAD1' fillstyle transparent solid band_opacity noborder"
bar9 = "fillcolor rgb '#F0C566' fillstyle solid 1.0 border linecolor rgb '#E69F00'"
box9 = "linecolor rgb '#E69F00' linewidth 0.8 fillstyle solid 0.45 border"
band9 = "fillcolor rgb '#F0C566' fillstyle transparent solid band_opacity noborder"
bar10 = "fillcolor rgb '#66C5AB' fillstyle solid 1.0 border linecolor rgb '#009E73'"
box10 = "linecolor rgb '#009E73' linewidth 0.8 fillstyle solid 0.45 border"
band10 = "fillcolor rgb '#66C5AB' fillstyle transparent solid band_opacity noborder"
bar11 = "fillcolor rgb '#E69E66' fillstyle solid 1.0 border linecolor rgb '#D55E00'"
box11 = "linecolor rgb '#D55E00' linewidth 0.8 fillstyle solid 0.45 border"
band11 = "fillcolor rgb '#E69E66' fillstyle transparent solid band_opacity noborder"
bar12 = "fillcolor rgb '#E0AFCA' fillstyle solid 1.0 border linecolor rgb '#CC79A7'"
box12 = "linecolor rgb '#CC79A7' linewidth 0.8 fillstyle solid 0.45 border"
band12 = "fillcolor rgb '#E0AFCA' fillstyle transparent solid band_opacity noborder"
bar13 = "fillcolor rgb '#9AD2F2' fillstyle solid 1.0 border linecolor rgb '#56B4E9'"
box13 = "linecolor rgb '#56B4E9' linewidth 0.8 fillstyle solid 0.45 border"
band13 = "fillcolor rgb '#9AD2F2' fillstyle transparent solid band_opacity noborder"
bar14 = "fillcolor rgb '#8C8C8C' fillstyle solid 1.0 border linecolor rgb '#000000'"
box14 = "linecolor rgb '#000000' linewidth 0.8 fillstyle solid 0.45 border"
band14 = "fillcolor rgb '#8C8C8C' fillstyle transparent solid band_opacity noborder"

set border 3 back linecolor rgb '#404040' linewidth 0.5
set tics nomirror out scale 0.5 textcolor rgb 'black'
if (format eq 'svg') { set xtics offset 0, 0.45 }
set grid ytics back linetype 1 linecolor rgb '#DDDDDD' linewidth 0.5 dashtype solid, linetype 1
set bars 0.6
# Intervals are arrows with flat heads, since style yerrorbars puts a white disc under each point, over curves and bars.
interval = 'heads size screen 0.007, 90 fixed nofilled'
thin = 'dashtype solid linewidth 0.8'
unset key
note_font = format eq 'tex' ? sprintf(',%g', note_pt) : sprintf('%s,%g', font, format eq 'svg' ? note_pt * svg_scale : note_pt)
note_colour = '#606060'
# Viridis: even in lightness, so that it can be read in grey.
set palette defined (0 '#440154', 0.125 '#472D7B', 0.25 '#3B528B', 0.375 '#2C728E', 0.5 '#21918C', 0.625 '#28AE80', \
    0.75 '#5EC962', 0.875 '#ADDC30', 1 '#FDE725')
