/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures by name, and what the command line says about how to draw them. */
#ifndef ANALYSIS_FIGURES_H
#define ANALYSIS_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "store.h"

typedef struct {
    const char *folder; /* where the files go */
    int64_t seed;       /* handover-timeline: this one only, or -1 for the mean over all */
    double bin_s;       /* handover-timeline: width of the averages over time */
} figure_options;

typedef struct {
    const char *name;     /* of the figure and its files */
    const char *campaign; /* it is drawn from this one unless told otherwise */
    const char *about;
    void (*draw)(const store *s, const char *name, const figure_options *options);
} figure;

extern const figure figures[];
extern const size_t figures_count;

void figure_handover_timeline(const store *s, const char *name, const figure_options *options);
void figure_handover_stall(const store *s, const char *name, const figure_options *options);
void figure_handover_goodput(const store *s, const char *name, const figure_options *options);
void figure_fairness(const store *s, const char *name, const figure_options *options);
void figure_sqrt_law(const store *s, const char *name, const figure_options *options);

#endif
