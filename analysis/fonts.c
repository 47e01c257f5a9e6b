/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "fonts.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "report.h"

/* Latin, Greek and Cyrillic, and the signs of figures: Liberation and DejaVu have them. */
static bool is_common(uint32_t character) {
    return character < 0x0530 || (character >= 0x1E00 && character < 0x2300);
}

/* The character that begins there, and how many bytes it has; 0 for none. */
static uint32_t character_at(const char *text, size_t *bytes) {
    unsigned char lead = (unsigned char)text[0];
    uint32_t character = lead < 0x80 ? lead : lead >= 0xF0 ? lead & 0x07 : lead >= 0xE0 ? lead & 0x0F : lead & 0x1F;
    *bytes = lead < 0xC0 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    for (size_t i = 1; i < *bytes; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80) {
            *bytes = i;
            return 0;
        }
        character = character << 6 | ((unsigned char)text[i] & 0x3F);
    }
    return character;
}

static bool is_missing(uint32_t character) {
    char command[64];
    snprintf(command, sizeof command, "fc-list :charset=%x family 2>/dev/null", (unsigned)character);
    FILE *said = popen(command, "r");
    if (said == NULL)
        return false;
    bool is_any = fgetc(said) != EOF;
    while (fgetc(said) != EOF)
        ;
    return pclose(said) == 0 && !is_any;
}

void fonts_tell_missing(const char *text) {
    static uint32_t *asked;
    static size_t count;
    for (size_t bytes = 1; *text != '\0'; text += bytes) {
        uint32_t character = character_at(text, &bytes);
        size_t i = 0;
        while (i < count && asked[i] != character)
            i++;
        if (is_common(character) || i < count)
            continue;
        asked = memory_grow(asked, count, sizeof *asked);
        asked[count++] = character;
        if (is_missing(character))
            report_note("no font here has '%.*s' (U+%04X): the figure is spoiled; install one, such as Debian's "
                        "fonts-noto-cjk, or give another name with --style",
                        (int)bytes, text, (unsigned)character);
    }
}
