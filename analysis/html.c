/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "html.h"

#include <errno.h>
#include <string.h>

#include "report.h"

void html_text(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&': fputs("&amp;", file); break;
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '"': fputs("&quot;", file); break;
        default: fputc(*text, file);
        }
    }
}

void html_data(FILE *file, const char *type, const char *path) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char bytes[3];
    FILE *from = fopen(path, "rb");
    if (from == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    fprintf(file, "data:%s;base64,", type);
    for (size_t n; (n = fread(bytes, 1, 3, from)) > 0;) {
        memset(bytes + n, 0, 3 - n);
        const char four[4] = {digits[bytes[0] >> 2], digits[(bytes[0] & 3) << 4 | bytes[1] >> 4],
                              n > 1 ? digits[(bytes[1] & 15) << 2 | bytes[2] >> 6] : '=',
                              n > 2 ? digits[bytes[2] & 63] : '='};
        fwrite(four, 1, 4, file);
    }
    fclose(from);
}
