/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void print_line(const char *prefix, const char *format, va_list args) {
    fputs(prefix, stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void report_fatal(int exit_status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("mptcp-figures: ", format, args);
    va_end(args);
    exit(exit_status);
}

void report_note(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("mptcp-figures: note: ", format, args);
    va_end(args);
}
