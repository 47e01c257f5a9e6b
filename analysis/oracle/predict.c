/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "predict.h"

#include <math.h>
#include <stdlib.h>

void predict(const oracle_case *c, size_t runs, predictions *p) {
    size_t rates = packets_rates(&c->n);
    *p = (predictions){.runs = runs, .rates = rates, .packets = calloc(runs * rates, sizeof *p->packets)};
    if (p->packets == NULL || runs > PREDICT_RUNS_MAX)
        abort();
    p->refusal = fluid_refuses(&c->n);
    if (p->refusal == NULL) {
        p->has_root = fluid_by_root(&c->n, &p->root);
        p->has_ode = fluid_by_ode(&c->n, &p->ode);
    }
    for (size_t i = 0; i < runs; i++) {
        packets_settings settings = {fmax(c->warm_up_s, c->start_s), c->measured_s, c->start_s, i + 1};
        packets_run(&c->n, &settings, &p->packets[i * rates]);
    }
}

void predictions_free(predictions *p) {
    free(p->packets);
    p->packets = NULL;
}

double packets_in_run(const predictions *p, size_t run, size_t from, size_t to) {
    double sum = 0;
    for (size_t r = from; r < to; r++)
        sum += p->packets[run * p->rates + r];
    return sum;
}

stats_interval packets_of(const predictions *p, size_t from, size_t to) {
    double sum[PREDICT_RUNS_MAX];
    for (size_t i = 0; i < p->runs; i++)
        sum[i] = packets_in_run(p, i, from, to);
    return stats_mean(sum, p->runs);
}

double fluid_of(const fluid_result *result, bool is_found, size_t from, size_t to) {
    double sum = is_found ? 0 : NAN;
    for (size_t r = from; r < to && is_found; r++)
        sum += result->rate_pps[r];
    return sum;
}
