/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Result lines of mptcp-run (doc/contracts.md), parsed as they come and checked strictly.
 *
 * The first thing that is wrong is kept as `error`; what follows it is hashed but not read.
 */
#ifndef LAB_RESULT_PARSE_H
#define LAB_RESULT_PARSE_H

#include "hash.h"
#include "text.h"

#include <stdint.h>

typedef struct {
    const char *name, *entity, *unit; /* in the result's memory */
    double value;
    bool is_censored; /* the true value is above this one */
} result_metric;

typedef struct {
    const char *series; /* owned by the result's list of series */
    int64_t time_us;
    double value;
} result_sample;

typedef struct {
    int64_t time_us;
    const char *name, *entity, *detail; /* in the result's memory */
} result_event;

struct result_words;

typedef struct {
    const char *config_expected; /* JSON; NULL: any */
    struct sha256_ctx sha;
    text_buf line; /* the start of a line whose end has not come yet */
    size_t line_number;
    uint64_t bytes;
    bool has_ended;
    result_metric *metrics;
    size_t metric_count;
    result_sample *samples;
    size_t sample_count;
    result_event *events; /* in the order of the output */
    size_t event_count;
    char **series; /* sorted */
    size_t series_count;
    struct result_words *words; /* of metrics and events */
    char *error;                /* NULL as long as all is well */
} result;

void result_init(result *r, const char *config_expected);
void result_feed(void *r, const char *bytes, size_t count); /* a pool_job's on_stdout, so `r` is a result */

/* No more will come. Sorts metrics and samples; true when the output is complete and right. `hash` is of all bytes. */
bool result_finish(result *r, hash_text *hash);
void result_free(result *r);

#endif
