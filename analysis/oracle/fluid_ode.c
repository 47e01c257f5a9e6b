/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules as differential equations. Of a path with window w, rate x = w / T and loss p:
 *
 *   dw/dt = x (increase - p decrease)
 *
 * CUBIC (Vardoyan, Hollot and Towsley 2018): w = max(C (s - K)^3 + w_max, w_est); each loss sets w_max to w and s to 0.
 * DCTCP's alpha follows p by g a round trip; a reduction by alpha / 2 comes once in the time from mark to mark and the round trip of rest
 * before, and the window grows in the former. wVegas moves by one packet a round trip towards its target. A link's price rises while more comes than it can carry:
 * d log price / dt = (load / capacity - 1) / 1 s. CUBIC's curve is flat where it rests, so that it gets there slowly
 * (up to 4 % are left when two averages agree). Windows do not fall below a packet. OLIA's alpha jumps, so that the
 * rates may wander about a point: they are averaged over longer and longer intervals, until two averages agree.
 */
#include "fluid.h"

#include "rules.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>

enum { PER_PATH = 3 /* log w (CUBIC: log w_est), CUBIC's w_max and s, DCTCP's alpha in the place of w_max */ };
#define STEPS_MAX 2e6
#define AGREE 2e-3

typedef struct {
    const network *n;
    size_t paths;
    double rate[NET_TOTAL_MAX]; /* of the last state looked at */
} system_state;

static double cubic_window(const double *y) {
    double k = cubic_k(y[1]);
    return fmax(fmax(CUBIC_C * pow(y[2] - k, 3) + y[1], exp(y[0])), 1);
}

/* One flow: fills in its part of dydt, and its rates. */
static void flow_derivative(const network *n, const net_flow *flow, const double *price, const double *y, double *dydt,
                            double *rate) {
    rule_path path[NET_PATHS_MAX];
    double p[NET_PATHS_MAX];
    size_t count = flow->path_count;
    for (size_t r = 0; r < count; r++) {
        p[r] = fmax(fluid_path_price(n, &flow->path[r], price), 1e-12);
        path[r].rtt_s = fluid_path_rtt_s(n, &flow->path[r], price);
        path[r].window = flow->rule == RULE_CUBIC ? cubic_window(&y[PER_PATH * r]) : exp(y[PER_PATH * r]);
        path[r].between_losses = 1 / p[r];
        rate[r] = path[r].window / path[r].rtt_s;
    }
    for (size_t r = 0; r < count; r++) {
        const double *of = &y[PER_PATH * r];
        double *d = &dydt[PER_PATH * r], w = path[r].window, losses_per_s = p[r] * rate[r];
        d[1] = d[2] = 0;
        if (flow->rule == RULE_CUBIC) {
            d[0] = CUBIC_ALPHA / path[r].rtt_s / exp(of[0]) - (1 - CUBIC_BETA) * losses_per_s;
            d[1] = (w - of[1]) * losses_per_s;
            d[2] = 1 - of[2] * losses_per_s;
        } else if (flow->rule == RULE_DCTCP) {
            double growing_s = 1 / losses_per_s, cycle_s = growing_s + path[r].rtt_s, alpha = fmin(of[1], 1);
            d[0] = growing_s / cycle_s / path[r].rtt_s / w - alpha / 2 / cycle_s;
            d[1] = DCTCP_GAIN * (p[r] - alpha) / path[r].rtt_s;
        } else if (flow->rule == RULE_WVEGAS) {
            d[0] = tanh(wvegas_target(path, count, r) - rate[r] * p[r]) / path[r].rtt_s / w;
        } else {
            d[0] = rate[r] / w *
                   (rule_increase(flow->rule, path, count, r) - p[r] * rule_decrease(flow->rule, path, count, r));
        }
        if (of[0] <= 0 && d[0] < 0)
            d[0] = 0;
    }
}

static int derivative(double t, const double y[], double dydt[], void *user) {
    system_state *s = user;
    const network *n = s->n;
    double price[NET_LINKS_MAX] = {0}, load[NET_LINKS_MAX] = {0};
    const double *log_price = &y[PER_PATH * s->paths];
    (void)t;
    for (size_t l = 0; l < n->link_count; l++)
        price[l] = n->link[l].capacity_pps > 0 ? fmin(exp(log_price[l]), 0.9) : 0;
    size_t at = 0;
    for (size_t f = 0; f < n->flow_count; f++) {
        const net_flow *flow = &n->flow[f];
        flow_derivative(n, flow, price, &y[PER_PATH * at], &dydt[PER_PATH * at], &s->rate[at]);
        for (size_t r = 0; r < flow->path_count; r++, at++)
            for (size_t i = 0; i < flow->path[r].hop_count; i++)
                load[flow->path[r].hop[i]] += s->rate[at] * fluid_load(flow);
    }
    for (size_t l = 0; l < n->link_count; l++) {
        double *d = &dydt[PER_PATH * s->paths + l];
        *d = n->link[l].capacity_pps > 0 ? fmin(load[l] / n->link[l].capacity_pps - 1, 10) : 0;
        if (log_price[l] < log(1e-9) && *d < 0)
            *d = 0; /* it costs nothing as it is */
    }
    return GSL_SUCCESS;
}

static double shortest_rtt_s(const network *n) {
    double shortest = 1;
    for (size_t f = 0; f < n->flow_count; f++)
        for (size_t r = 0; r < n->flow[f].path_count; r++)
            shortest = fmin(shortest, n->flow[f].path[r].rtt_s);
    return shortest;
}

static bool agree(const double *a, const double *b, size_t n, double total) {
    for (size_t i = 0; i < n; i++)
        if (fabs(a[i] - b[i]) > AGREE * total)
            return false;
    return true;
}

/* The average rates of that many steps. */
static bool average(gsl_odeiv2_driver *driver, system_state *s, double *y, double *t, double step_s, size_t steps,
                    double *mean) {
    double dydt[PER_PATH * NET_TOTAL_MAX + NET_LINKS_MAX];
    for (size_t i = 0; i < s->paths; i++)
        mean[i] = 0;
    for (size_t step = 0; step < steps; step++) {
        if (gsl_odeiv2_driver_apply_fixed_step(driver, t, step_s, 1, y) != GSL_SUCCESS)
            return false;
        derivative(*t, y, dydt, s);
        for (size_t i = 0; i < s->paths; i++)
            mean[i] += s->rate[i] / (double)steps;
    }
    return true;
}

bool fluid_by_ode(const network *n, fluid_result *out) {
    system_state s = {.n = n, .paths = network_paths(n)};
    size_t dimension = PER_PATH * s.paths + n->link_count;
    double y[PER_PATH * NET_TOTAL_MAX + NET_LINKS_MAX], mean[2][NET_TOTAL_MAX] = {{0}}, t = 0;
    *out = (fluid_result){0};
    for (size_t i = 0; i < s.paths; i++) {
        /* not all alike: where equal windows are no stable point, they shall not stay at it */
        y[PER_PATH * i] = log(10 + 0.1 * (double)i);
        y[PER_PATH * i + 1] = 10;
        y[PER_PATH * i + 2] = cubic_k(10);
    }
    for (size_t l = 0; l < n->link_count; l++)
        y[PER_PATH * s.paths + l] = log(0.005);
    gsl_odeiv2_system system = {derivative, NULL, dimension, &s};
    /* steps of one length: error control would stop at every jump of OLIA's alpha */
    double step_s = shortest_rtt_s(n) / 5;
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk4, step_s, 1e-3, 1e-3);
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    bool is_done = false;
    int now = 0;
    for (double span_s = 20; !is_done && t < STEPS_MAX * step_s; span_s *= 1.5, now = 1 - now) {
        if (!average(driver, &s, y, &t, step_s, (size_t)(span_s / step_s), mean[now]))
            break;
        double total = 0;
        for (size_t i = 0; i < s.paths; i++)
            total += mean[now][i] / (double)s.paths;
        is_done = agree(mean[0], mean[1], s.paths, total);
    }
    for (size_t i = 0; i < s.paths; i++)
        out->rate_pps[i] = mean[1 - now][i];
    for (size_t l = 0; l < n->link_count; l++)
        out->price[l] = n->link[l].capacity_pps > 0 ? exp(y[PER_PATH * s.paths + l]) : 0;
    gsl_odeiv2_driver_free(driver);
    gsl_set_error_handler(before);
    return is_done;
}
