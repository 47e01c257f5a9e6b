# SPDX-License-Identifier: GPL-2.0-or-later
# Takes the key of key.gp away, before the next panel.
do for [i = 1 : words(names)] {
    unset object 100 + i
    unset arrow 100 + i
    unset label 100 + i
    unset label 200 + i
}
