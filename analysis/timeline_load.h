/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_TIMELINE_LOAD_H
#define ANALYSIS_TIMELINE_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

typedef struct {
    double time_s, value;
} timeline_sample;

typedef struct {
    char *name, *entity, *unit;
    timeline_sample *sample;
    size_t n;
} timeline_series;

typedef struct {
    double time_s, end_s; /* end_s: NaN for what has no length */
    char *name, *entity, *detail;
    bool is_derived; /* found in the samples, so only as exact as they are */
} timeline_event;

typedef struct {
    char *head; /* who, when, where: two lines */
    timeline_series *series;
    size_t series_count;
    timeline_event *event; /* in order of time */
    size_t events;
    double end_s;
} timeline;

timeline timeline_load(const store *s, int64_t run);
void timeline_free(timeline *t);

#endif
