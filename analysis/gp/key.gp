# SPDX-License-Identifier: GPL-2.0-or-later
# call 'key.gp' NAMES KIND Y [PREFIX]: the key of a panel in one row, centred in the figure at the height Y of the
# screen. KIND is lines, linespoints, points or bars. It replaces gnuplot's own key, whose layout depends on what each
# terminal takes for a text's width.
names = ARG1; kind = ARG2; y = ARG3 + 0
prefix = ARGC > 3 ? ARG4 : ''

# Shares of the figure's width: an em of the text, a sample of a curve, a gap. A letter is half an em wide, a capital
# 0.7 em.
em = text_pt / (width_cm * points_per_cm)
is_capital(letter) = strstrt('ABCDEFGHIJKLMNOPQRSTUVWXYZ', letter) > 0
width(text) = em * (sum [k = 1 : strlen(text)] (is_capital(text[k : k]) ? 0.7 : 0.48))
sample = kind eq 'lines' || kind eq 'linespoints' ? 0.06 : 0.025
gap = 0.014
entry(name) = sample + gap + width(prefix.label(name)) + 3 * gap
total = sum [i = 1 : words(names)] entry(word(names, i))
x = 0.5 - (total - 3 * gap) / 2.0
do for [i = 1 : words(names)] {
    name = word(names, i)
    tag = 100 + i
    if (kind eq 'bars') {
        set object tag rectangle center screen x + sample / 2.0, screen y size screen sample, screen 0.024 \
            front fillcolor rgb fill(name) fillstyle solid 1.0 noborder
    }
    if (kind eq 'lines' || kind eq 'linespoints') {
        set arrow tag from screen x, screen y to screen x + sample, screen y nohead linestyle style(name)
    }
    if (kind eq 'points' || kind eq 'linespoints') {
        set label 100 + tag '' at screen x + sample / 2.0, screen y point linestyle style(name)
    }
    set label tag prefix.label(name) at screen x + sample + gap, screen y left
    x = x + entry(name)
}
