/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How mptcp-figures ends and what it says: one line on standard error, one exit status for each kind of error. */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

enum {
    EXIT_CHECK = 1,    /* verify: a figure is outside of its reference */
    EXIT_USAGE = 2,    /* bad command line */
    EXIT_DATABASE = 3, /* no such file, not a database of results, or it can't be read */
    EXIT_DATA = 4,     /* the database doesn't hold what was asked for */
    EXIT_DRAW = 5,     /* gnuplot is missing, failed or drew nothing */
    EXIT_FILE = 6,     /* a file can't be read or written */
};

/* Prints "mptcp-figures: MESSAGE" and ends the program; work in progress is removed by handlers of atexit(). */
_Noreturn void report_fatal(int exit_status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints "mptcp-figures: note: MESSAGE": something the reader of the result should know. */
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
