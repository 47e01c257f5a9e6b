/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be drawn: the options of 'plot' on the command line, or the same keys in a figure file. */
#ifndef ANALYSIS_PLOT_REQUEST_H
#define ANALYSIS_PLOT_REQUEST_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "store.h"

typedef enum {
    KIND_LINES,
    KIND_DOTS,
    KIND_BARS,
    KIND_BOX,
    KIND_CDF,
    KIND_HEAT,
    KIND_DIFFERENCE,
    KIND_TIME,
    KIND_SCATTER,
    KINDS
} plot_kind;

/* Every key that has one text. */
typedef enum {
    PLOT_KIND,
    PLOT_X,
    PLOT_Y,
    PLOT_SERIES,
    PLOT_PANEL,
    PLOT_ENTITY,
    PLOT_COMBINE,
    PLOT_POOL,
    PLOT_BASELINE,
    PLOT_RATIO,
    PLOT_INTERVAL,
    PLOT_REFERENCE,
    PLOT_LOG,
    PLOT_ZERO,
    PLOT_X_RANGE,
    PLOT_Y_RANGE,
    PLOT_X_TITLE,
    PLOT_Y_TITLE,
    PLOT_BIN,
    PLOT_RUNS,
    PLOT_SEED,
    PLOT_SHADE,
    PLOT_WIDTH,
    PLOT_COLUMNS,
    PLOT_FORMAT,
    PLOT_STYLE,
    PLOT_NAME,
    PLOT_ABOUT,
    PLOT_CAMPAIGN,
    PLOT_KEYS
} plot_key;

#define PLOT_WHERE_MAX 16

typedef struct {
    char *text[PLOT_KEYS]; /* NULL where nothing is said */
    store_filter where[PLOT_WHERE_MAX];
    size_t wheres;
} plot_request;

/* One KEY=VALUE for the runs; false when it isn't like that, or there are too many. */
bool plot_request_where(plot_request *r, const char *text);

/* Sets one key. Returns what was expected if the value isn't allowed there, else NULL. */
const char *plot_request_set(plot_request *r, plot_key key, const char *text);

/* Reads a figure file, whose keys are those of the options; ends the program on a wrong one. */
plot_request plot_request_read(const char *path);
void plot_request_free(plot_request *r);

plot_kind plot_request_kind(const plot_request *r);
bool plot_request_is(const plot_request *r, plot_key key);                    /* a yes or no that is yes */
bool plot_request_has(const plot_request *r, plot_key key, const char *word); /* a list that holds the word */
double plot_request_number(const plot_request *r, plot_key key, double otherwise);

/* LOW:HIGH; NaN where a side is empty or nothing is said. */
void plot_request_range(const plot_request *r, plot_key key, double *low, double *high);

/* A copy in which what over says goes before. */
plot_request plot_request_merged(const plot_request *r, const plot_request *over);

/* Ends the program when keys don't go together or one is missing. */
bool plot_request_is_whole(const plot_request *r); /* what to draw over what is said */
void plot_request_check(const plot_request *r);

/* The command that draws the same, for captions. The caller frees it. */
char *plot_request_command(const plot_request *r, const char *db);

/* For argp_child: its input is a plot_request. */
extern const struct argp plot_request_argp;

#endif
