/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "text_width.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Thousandths of an em of the characters from ' ' to '~' in Helvetica, which Liberation Sans shares. */
static const short widths[] = {278,  278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
                               556,  556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
                               1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
                               667,  778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
                               333,  556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
                               556,  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};

static bool begins_character(char byte) {
    return ((unsigned char)byte & 0xC0) != 0x80; /* not a continuation byte of UTF-8 */
}

double text_width_cm(const char *text, double size_pt) {
    double em = 0.0;
    for (; *text != '\0'; text++) {
        if (*text >= ' ' && *text <= '~')
            em += widths[*text - ' '] / 1000.0;
        else if (begins_character(*text))
            em += 0.6;
    }
    return em * size_pt * CM_PER_PT;
}

char *text_fitted(const char *text, double size_pt, double width_cm) {
    size_t length = strlen(text), head = length;
    char *fitted = memory_text(text);
    while (text_width_cm(fitted, size_pt) > width_cm && head > 1) {
        do
            head--;
        while (head > 1 && !begins_character(text[head]));
        size_t tail = length - head / 2; /* names differ at both ends: a third is the end */
        while (tail < length && !begins_character(text[tail]))
            tail++;
        if (tail <= head)
            continue;
        free(fitted);
        fitted = memory_format("%.*s…%s", (int)head, text, text + tail);
    }
    return fitted;
}
