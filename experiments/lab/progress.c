/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include "pool.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERMINAL_EVERY_S 0.2
#define LOG_EVERY_S 10.0

void progress_init(progress *p, const char *name, size_t point_count, size_t jobs) {
    *p = (progress){.name = name, .point_count = point_count, .jobs = jobs};
    p->points = text_alloc(point_count * sizeof *p->points);
    p->is_terminal = isatty(STDERR_FILENO) == 1;
    p->shown_s = p->is_terminal ? 0.0 : pool_clock_s();
}

void progress_finished(progress *p, size_t point, double wall_s, bool is_ok) {
    progress_point *of = &p->points[point];
    of->open--;
    p->done++;
    if (is_ok) {
        of->wall_sum_s += wall_s;
        of->wall_count++;
    } else {
        p->failed++;
    }
}

double progress_left_s(const progress *p) {
    double sum_s = 0.0;
    size_t count = 0, open = 0;
    for (size_t i = 0; i < p->point_count; i++) {
        sum_s += p->points[i].wall_sum_s;
        count += p->points[i].wall_count;
        open += p->points[i].open;
    }
    if (count == 0) {
        return -1.0;
    }
    double mean_s = sum_s / (double)count, left_s = 0.0;
    for (size_t i = 0; i < p->point_count; i++) {
        const progress_point *of = &p->points[i];
        left_s += (double)of->open * (of->wall_count ? of->wall_sum_s / (double)of->wall_count : mean_s);
    }
    size_t workers = open < p->jobs ? open : p->jobs;
    return workers ? left_s / (double)workers : 0.0;
}

char *progress_left_text(const progress *p) {
    double left_s = progress_left_s(p);
    unsigned long seconds = left_s > 0.0 ? (unsigned long)(left_s + 0.5) : 0;
    if (left_s < 0.0) {
        return text_copy("unknown");
    }
    if (seconds >= 3600) {
        return text_format("%lu h %02lu min", seconds / 3600, seconds / 60 % 60);
    }
    return seconds >= 60 ? text_format("%lu min %02lu s", seconds / 60, seconds % 60) : text_format("%lu s", seconds);
}

static int terminal_columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void progress_show(progress *p, size_t running) {
    double now_s = pool_clock_s();
    if (now_s - p->shown_s < (p->is_terminal ? TERMINAL_EVERY_S : LOG_EVERY_S) ||
        (!p->is_terminal && p->done == p->shown_done)) {
        return;
    }
    char *left = progress_left_text(p);
    p->shown_s = now_s;
    p->shown_done = p->done;
    char *numbers =
        text_format(": %zu/%zu done, %zu failed, %zu running, ETA %s", p->done, p->total, p->failed, running, left);
    if (p->is_terminal) {
        int columns = terminal_columns() - 1, room = columns - (int)strlen(numbers);
        /* a line that wraps cannot be written over */
        fprintf(stderr, "\r%.*s%.*s\033[K", room > 0 ? room : 0, p->name, columns, numbers);
    } else {
        fprintf(stderr, "%s%s\n", p->name, numbers);
    }
    free(numbers);
    free(left);
}

void progress_clear(progress *p) {
    if (p->is_terminal) {
        fputs("\r\033[K", stderr);
        p->shown_s = 0.0;
    }
}

void progress_free(progress *p) {
    free(p->points);
    *p = (progress){0};
}
