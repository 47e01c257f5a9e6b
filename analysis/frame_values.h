/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of one metric, or the samples of one series, of the chosen runs, and of what they are. */
#ifndef ANALYSIS_FRAME_VALUES_H
#define ANALYSIS_FRAME_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "axes.h"
#include "store.h"

typedef struct {
    const axes_run *run;
    char *entity;
    double value;
    double time_s; /* of a series: middle of the bin */
    bool is_censored;
} value_of_run;

typedef struct {
    value_of_run *item; /* by run */
    size_t n;
    char *unit;
} values;

typedef struct {
    const char *metric;
    const char *entity;  /* pattern; NULL: what is of a whole flow, host... */
    const char *combine; /* how several entities of a run become one; NULL: not */
    bool shows_parts;    /* the figure tells paths apart */
    bool shows_entities; /* it tells some entities apart */
    double bin_s;        /* of a series, averaged over this time; 0 for a metric */
} values_request;

/* Ends the program when there is nothing, or when several entities would be mixed. */
values values_load(const store *s, const axes *a, const values_request *r);
void values_free(values *list);
bool values_are_of_one(const values *list);

#endif
