/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tex.h"

#include <string.h>

#include "memory.h"

/* TeX's own characters; what has no meaning in text mode goes by its name. */
char *tex_escaped(const char *text) {
    static const struct {
        const char *from, *to;
    } special[] = {{"\\", "\\textbackslash{}"},
                   {"^", "\\textasciicircum{}"},
                   {"~", "\\textasciitilde{}"},
                   {"|", "\\textbar{}"},
                   {"<", "\\textless{}"},
                   {">", "\\textgreater{}"},
                   {"√", "$\\surd$"},
                   {"µ", "$\\mu$"},
                   {"…", "\\dots{}"},
                   {"–", "--"},
                   {"≤", "$\\le$"},
                   {"−", "$-$"},
                   {"×", "$\\times$"}};
    char *escaped = memory_text("");
    while (*text != '\0') {
        size_t i = 0;
        while (i < sizeof special / sizeof *special && strncmp(text, special[i].from, strlen(special[i].from)) != 0)
            i++;
        if (i < sizeof special / sizeof *special) {
            memory_append(&escaped, "%s", special[i].to);
            text += strlen(special[i].from);
        } else {
            memory_append(&escaped, strchr("_%&#${}", *text) != NULL ? "\\%c" : "%c", *text);
            text++;
        }
    }
    return escaped;
}
