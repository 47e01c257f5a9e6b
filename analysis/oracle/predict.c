/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A flow needs the buffers to hold what arrives at its rate in the longest of its round trips. */
static bool are_buffers_short(const network *n, const fluid_result *fluid) {
    for (size_t f = 0; f < n->flow_count; f++) {
        const net_flow *flow = &n->flow[f];
        double rate = 0, longest_s = 0;
        for (size_t r = 0; r < flow->path_count; r++) {
            rate += fluid->rate_pps[network_index(n, f, r)];
            longest_s = fmax(longest_s, fluid_path_rtt_s(n, &flow->path[r], fluid->price));
        }
        if (flow->buffer_packets > 0 && !flow->is_over && rate * longest_s > flow->buffer_packets)
            return true;
    }
    return false;
}

static void predict_packets(const oracle_case *c, size_t runs, predictions *p) {
    for (size_t i = 0; i < runs; i++) {
        packets_settings settings = {fmax(c->warm_up_s, c->started_s), c->measured_s, 0, p->first_seed + i};
        packets_run(&c->n, &settings, &p->packets[i * p->rates]);
    }
    p->runs = runs;
}

void predict(const oracle_case *c, unsigned long first_seed, size_t runs, predictions *p) {
    size_t rates = packets_rates(&c->n);
    *p = (predictions){.first_seed = first_seed, .rates = rates, .packets = calloc(runs * rates, sizeof *p->packets)};
    if (p->packets == NULL || runs > PREDICT_RUNS_MAX)
        abort();
    p->refusal = fluid_refuses(&c->n);
    if (p->refusal == NULL && fluid_is_fair(&c->n)) {
        p->has_root = fluid_by_filling(&c->n, &p->root);
        p->is_fair = true;
    } else if (p->refusal == NULL) {
        p->has_root = fluid_by_root(&c->n, &p->root);
        p->has_ode = fluid_by_ode(&c->n, &p->ode);
    }
    if (p->has_root && are_buffers_short(&c->n, &p->root)) {
        p->refusal = "a flow needs larger buffers than it has; the oracles know flows that only the network limits";
        p->has_root = p->has_ode = false;
        return;
    }
    predict_packets(c, runs, p);
}

void predictions_free(predictions *p) {
    free(p->packets);
    p->packets = NULL;
}

bool predictions_have_both(const predictions *p) {
    return p->has_root && (p->has_ode || p->is_fair);
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
    return p->runs > 0 ? stats_mean(sum, p->runs) : (stats_interval){NAN, NAN, NAN, 0};
}

double fluid_of(const fluid_result *result, bool is_found, size_t from, size_t to) {
    double sum = is_found ? 0 : NAN;
    for (size_t r = from; r < to && is_found; r++)
        sum += result->rate_pps[r];
    return sum;
}

/* ---- As lines ------------------------------------------------------------------------------------------------- */

typedef struct {
    const oracle_case *c;
    const struct scenario *s;
    FILE *out;
    const char *method;
    unsigned long seed;
    const double *rate; /* by network_index() */
} listing;

static void print_line(const listing *l, const char *quantity, const char *entity, const char *unit, double value) {
    if (isfinite(value))
        fprintf(l->out, "predicted\t%lu\tpredicted_%s%s\t%s\t%s\t%.17g\n", l->seed, l->method, quantity, entity, unit,
                value);
}

static double rate_of_flow(const listing *l, size_t f) {
    double sum = 0;
    for (size_t r = 0; r < l->c->n.flow[f].path_count; r++)
        sum += l->rate[network_index(&l->c->n, f, r)];
    return l->c->n.flow[f].is_over ? 0 : sum * l->c->mbps_per_pps[f];
}

/* Subflows over one path of the scenario are one entity. */
static void print_paths(const listing *l, size_t f) {
    const net_flow *flow = &l->c->n.flow[f];
    for (size_t r = 0; r < flow->path_count; r++) {
        double sum = 0;
        size_t first = flow->path_count;
        for (size_t q = 0; q < flow->path_count; q++)
            if (strcmp(flow->path[q].name, flow->path[r].name) == 0) {
                first = q < first ? q : first;
                sum += l->rate[network_index(&l->c->n, f, q)] * l->c->mbps_per_pps[f];
            }
        char entity[512];
        snprintf(entity, sizeof entity, "flow:%s path:%s", flow->name, flow->path[r].name);
        if (first == r && flow->path_count > 1 && !flow->is_over)
            print_line(l, "", entity, "Mb/s", sum);
    }
}

static void print_all(const listing *l) {
    double sum = 0, squares = 0, of[2] = {0}, count[2] = {0}, flows = 0;
    for (size_t f = 0; f < l->c->n.flow_count; f++) {
        char entity[512];
        double rate = rate_of_flow(l, f);
        bool is_mptcp = l->s->flows.at[f].protocol == SCN_MPTCP;
        snprintf(entity, sizeof entity, "flow:%s", l->c->n.flow[f].name);
        if (l->c->n.flow[f].is_over)
            continue;
        print_line(l, "", entity, "Mb/s", rate);
        print_paths(l, f);
        sum += rate;
        squares += rate * rate;
        of[is_mptcp] += rate;
        count[is_mptcp]++;
        flows++;
    }
    if (count[0] > 0 && count[1] > 0)
        print_line(l, "_ratio_to_tcp", "", "1", of[1] / count[1] / (of[0] / count[0]));
    if (flows > 1)
        print_line(l, "_jain", "", "1", sum * sum / (flows * squares));
}

void predictions_print(const predictions *p, const oracle_case *c, const struct scenario *s, FILE *out) {
    listing l = {.c = c, .s = s, .out = out};
    if (p->has_root) {
        l.method = "fluid";
        l.rate = p->root.rate_pps;
        print_all(&l);
    }
    if (p->has_ode) {
        l.method = "fluid_ode";
        l.rate = p->ode.rate_pps;
        print_all(&l);
    }
    l.method = "packets";
    for (size_t i = 0; i < p->runs; i++) {
        l.seed = p->first_seed + i;
        l.rate = &p->packets[i * p->rates];
        print_all(&l);
    }
}
