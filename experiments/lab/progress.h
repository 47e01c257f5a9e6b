/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The progress line on standard error: rewritten in place on a terminal, elsewhere a line after ten
 * seconds or more, when there is something new to say.
 *
 * The time left is the sum over the open runs of the long-term mean wall time of their configuration, so that a mix of
 * short and long configurations does not make it jump.
 */
#ifndef LAB_PROGRESS_H
#define LAB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double wall_sum_s;
    size_t wall_count;
    size_t open; /* runs of this point that are not finished */
} progress_point;

typedef struct {
    const char *name;
    progress_point *points;
    size_t point_count;
    size_t total;
    size_t done; /* failed ones included */
    size_t failed;
    size_t jobs;
    bool is_terminal;
    double shown_s;    /* when a line was last shown */
    size_t shown_done; /* what it said */
} progress;

void progress_init(progress *p, const char *name, size_t point_count, size_t jobs);
void progress_finished(progress *p, size_t point, double wall_s, bool is_ok);
void progress_show(progress *p, size_t running);
void progress_clear(progress *p); /* before any other line on standard error */
void progress_free(progress *p);

/* Seconds left; negative when nothing is known yet. */
double progress_left_s(const progress *p);
char *progress_left_text(const progress *p); /* "3 min 20 s", to be freed */

#endif
