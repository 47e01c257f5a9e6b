/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each flow takes at given prices is known in closed form (or, for LIA, by one bisection). The prices are the
 * root of: every link is either exactly full or costs nothing. OLIA and wVegas put all on the best paths,
 * which is a step where two are equally good; such steps are smoothed, and the smoothing is withdrawn bit by bit.
 */
#include "fluid.h"

#include "rules.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multiroots.h>
#include <math.h>

#define PRICE_NONE 1e-9 /* as much as nothing, for what is a logarithm */
#define PRICE_MOST 0.9
#define SHARPNESS_FIRST 10.0
#define SHARPNESS_LAST 700.0

typedef struct {
    double p, rtt_s, y; /* y: what one Reno flow would have */
} seen_path;

typedef struct {
    const network *n;
    double sharpness; /* how steep the smoothed steps are */
    size_t unknown[NET_LINKS_MAX], unknown_count;
    fluid_result *out;
} problem;

/* LIA: w_r = min(2 g / p_r, sqrt(2 / p_r)), where g = max(w/T^2) / (sum w/T)^2. */
static double lia_window(const seen_path *path, double g) {
    return fmin(2 * g / path->p, sqrt(2 / path->p));
}

static double lia_excess(const seen_path *path, size_t n, double g) {
    double sum = 0, best = 0;
    for (size_t r = 0; r < n; r++) {
        double w = lia_window(&path[r], g);
        sum += w / path[r].rtt_s;
        best = fmax(best, w / (path[r].rtt_s * path[r].rtt_s));
    }
    return g * sum * sum - best;
}

static void take_lia(const seen_path *path, size_t n, double *rate) {
    double low = 1e-12, high = 1e6;
    for (int i = 0; i < 200; i++) {
        double middle = sqrt(low * high);
        if (lia_excess(path, n, middle) > 0)
            high = middle;
        else
            low = middle;
    }
    for (size_t r = 0; r < n; r++)
        rate[r] = lia_window(&path[r], low) / path[r].rtt_s;
}

/* `total` goes to the paths with the best `merit`; the others keep `least`. */
static void take_best(const double *merit, const double *least, double total, double sharpness, size_t n,
                      double *rate) {
    double best = 0, weights = 0, kept = 0;
    size_t first = 0;
    for (size_t r = 0; r < n; r++)
        if (merit[r] > best) {
            best = merit[r];
            first = r;
        }
    for (size_t r = 0; r < n; r++)
        weights += pow(merit[r] / best, sharpness);
    for (size_t r = 0; r < n; r++) {
        rate[r] = fmax(total * pow(merit[r] / best, sharpness) / weights, least[r]);
        kept += r == first ? 0 : rate[r];
    }
    rate[first] = fmax(total - kept, least[first]);
}

static void take_olia(const seen_path *path, size_t n, double sharpness, double *rate) {
    double merit[NET_PATHS_MAX], least[NET_PATHS_MAX], total = 0;
    for (size_t r = 0; r < n; r++) {
        merit[r] = path[r].y;
        least[r] = 1 / path[r].rtt_s;
        total = fmax(total, path[r].y);
    }
    take_best(merit, least, total, sharpness, n, rate);
}

/*
 * COUPLED takes sum w / 2 off a window, but no more than there is: with W = sum w, w_r = 1 / (p_r W) where that is below
 * W / 2, and the best path has the rest of W = sqrt(2 / p) (or all are below W / 2: W^2 = sum 1 / p_r).
 */
static void take_coupled(const seen_path *path, size_t n, double *rate) {
    double inverse = 0, best = 0;
    size_t first = 0;
    for (size_t r = 0; r < n; r++) {
        inverse += 1 / path[r].p;
        if (1 / path[r].p > best) {
            best = 1 / path[r].p;
            first = r;
        }
    }
    double total = sqrt(inverse - best <= best ? 2 * best : inverse), others = 0;
    for (size_t r = 0; r < n; r++) {
        double w = fmax(1 / (path[r].p * total), 1);
        others += r == first ? 0 : w;
        rate[r] = w / path[r].rtt_s;
    }
    rate[first] = fmax(total - others, 1) / path[first].rtt_s;
}

static void take_wvegas(const seen_path *path, size_t n, double sharpness, double *rate) {
    double merit[NET_PATHS_MAX], least[NET_PATHS_MAX], total = 0;
    for (size_t r = 0; r < n; r++) {
        merit[r] = 1 / path[r].p;
        least[r] = 2 / path[r].p;
        total = fmax(total, 10 / path[r].p);
    }
    take_best(merit, least, total, sharpness, n, rate);
}

/*
 * BALIA: with a_r = max x / x_r a path other than the best has (1 + a)(4 + a) / (10 min(a, 1.5)) = (X / y_r)^2 and the
 * sum X is the best path's y. At equal paths a jumps from 1/1.65 to 1.65: smoothed.
 */
static double balia_ratio(double q, double sharpness) {
    double at = fmax(q, 1 + 10 / sharpness), a = (-5 + sqrt(25 - 4 * (4 - 15 * at))) / 2;
    return q >= at ? a : 1 + (a - 1) * (q - 1) / (at - 1);
}

static void take_balia(const seen_path *path, size_t n, double sharpness, double *rate) {
    double best = 0, inverse = 0;
    for (size_t r = 0; r < n; r++)
        best = fmax(best, path[r].y);
    for (size_t r = 0; r < n; r++) {
        rate[r] = 1 / balia_ratio(pow(best / path[r].y, 2), sharpness);
        inverse += rate[r];
    }
    for (size_t r = 0; r < n; r++)
        rate[r] *= best / inverse;
}

/* CUBIC's window, mean field: it sits at w_max, k after the last loss; or Reno's with CUBIC's constants. */
static double cubic_window(const seen_path *path) {
    double cubic = pow(CUBIC_C / (1 - CUBIC_BETA), 0.25) * pow(path->rtt_s / path->p, 0.75);
    return fmax(cubic, sqrt(CUBIC_ALPHA / (1 - CUBIC_BETA) / path->p));
}

/*
 * DCTCP: alpha = p. After a mark the window falls by w p / 2 and rests for a round trip, then grows by a packet a round trip until the next
 * mark, which takes 1 / p packets or 1 / (w p) round trips: w p / 2 = 1 / (w p).
 */
static double dctcp_window(const seen_path *path) {
    return sqrt(2) / path->p;
}

static void take(rule_kind rule, const seen_path *path, size_t n, double sharpness, double *rate) {
    if (n > 1 && (rule == RULE_LIA || rule == RULE_LIA_RFC)) {
        take_lia(path, n, rate);
    } else if (n > 1 && rule == RULE_OLIA) {
        take_olia(path, n, sharpness, rate);
    } else if (n > 1 && rule == RULE_COUPLED) {
        take_coupled(path, n, rate);
    } else if (n > 1 && rule == RULE_BALIA) {
        take_balia(path, n, sharpness, rate);
    } else if (rule == RULE_WVEGAS) {
        take_wvegas(path, n, sharpness, rate);
    } else {
        for (size_t r = 0; r < n; r++)
            rate[r] = rule == RULE_CUBIC   ? cubic_window(&path[r]) / path[r].rtt_s
                      : rule == RULE_DCTCP ? dctcp_window(&path[r]) / path[r].rtt_s
                                           : path[r].y / (rule == RULE_EWTCP ? (double)n : 1);
    }
}

/* The rates of all paths at the prices in .out, and the load of each link. */
static void take_all(const problem *b, double *load) {
    for (size_t l = 0; l < b->n->link_count; l++)
        load[l] = 0;
    for (size_t f = 0; f < b->n->flow_count; f++) {
        const net_flow *flow = &b->n->flow[f];
        double *rate = &b->out->rate_pps[network_index(b->n, f, 0)];
        seen_path path[NET_PATHS_MAX];
        for (size_t r = 0; r < flow->path_count; r++) {
            double p = fmax(fluid_path_price(b->n, &flow->path[r], b->out->price), 1e-12);
            double rtt_s = fluid_path_rtt_s(b->n, &flow->path[r], b->out->price);
            path[r] = (seen_path){.p = p, .rtt_s = rtt_s, .y = sqrt(2 / p) / rtt_s};
        }
        take(flow->rule, path, flow->path_count, b->sharpness, rate);
        for (size_t r = 0; r < flow->path_count; r++)
            for (size_t i = 0; i < flow->path[r].hop_count; i++)
                load[flow->path[r].hop[i]] += rate[r] * fluid_load(flow);
    }
}

static void set_prices(const problem *b, const gsl_vector *x) {
    for (size_t i = 0; i < b->unknown_count; i++)
        b->out->price[b->unknown[i]] = fmin(exp(gsl_vector_get(x, i)), PRICE_MOST);
}

/* Fischer and Burmeister: 0 when one of price and spare capacity is 0 and the other is not negative. */
static int excess(const gsl_vector *x, void *user, gsl_vector *f) {
    const problem *b = user;
    double load[NET_LINKS_MAX];
    set_prices(b, x);
    take_all(b, load);
    for (size_t i = 0; i < b->unknown_count; i++) {
        size_t l = b->unknown[i];
        double price = b->out->price[l] / 1e-4, spare = 1 - load[l] / b->n->link[l].capacity_pps;
        /* what asks for many times a link's rate asks for no more than a few, so that the steps stay small */
        spare = spare < -1 ? -1 - log(-spare) : spare;
        gsl_vector_set(f, i, price + spare - hypot(price, spare));
    }
    return GSL_SUCCESS;
}

static bool solve(problem *b, gsl_vector *x) {
    gsl_multiroot_function function = {excess, b->unknown_count, b};
    gsl_multiroot_fsolver *solver = gsl_multiroot_fsolver_alloc(gsl_multiroot_fsolver_hybrids, b->unknown_count);
    gsl_multiroot_fsolver_set(solver, &function, x);
    bool is_found = false;
    for (int i = 0; i < 500 && !is_found; i++) {
        if (gsl_multiroot_fsolver_iterate(solver) != GSL_SUCCESS)
            break;
        is_found = gsl_multiroot_test_residual(solver->f, 1e-8) == GSL_SUCCESS;
    }
    is_found = is_found || gsl_multiroot_test_residual(solver->f, 1e-4) == GSL_SUCCESS;
    gsl_vector_memcpy(x, solver->x);
    gsl_multiroot_fsolver_free(solver);
    return is_found;
}

/* Link by link, the price at which it is just full while the others' stay: near the root, from wherever it starts. */
static void approach(problem *b) {
    enum { SWEEPS = 40, HALVINGS = 40 };
    double load[NET_LINKS_MAX], moved = 1;
    for (int sweep = 0; sweep < SWEEPS && moved > 0.01; sweep++) {
        moved = 0;
        for (size_t l = 0; l < b->n->link_count; l++) {
            if (b->n->link[l].capacity_pps <= 0)
                continue;
            double low = log(PRICE_NONE), high = log(PRICE_MOST), before = b->out->price[l];
            for (int i = 0; i < HALVINGS; i++) {
                b->out->price[l] = exp((low + high) / 2);
                take_all(b, load);
                if (load[l] > b->n->link[l].capacity_pps)
                    low = (low + high) / 2;
                else
                    high = (low + high) / 2;
            }
            b->out->price[l] = exp(low);
            moved = fmax(moved, fabs(log(b->out->price[l] / fmax(before, PRICE_NONE))));
        }
    }
}

/* The links that cost something are the unknowns; the others' prices are nothing. */
static gsl_vector *choose_unknowns(problem *b) {
    gsl_vector *x = gsl_vector_alloc(b->n->link_count);
    for (size_t l = 0; l < b->n->link_count; l++) {
        if (b->out->price[l] > 10 * PRICE_NONE) {
            gsl_vector_set(x, b->unknown_count, log(b->out->price[l]));
            b->unknown[b->unknown_count++] = l;
        } else {
            b->out->price[l] = 0;
        }
    }
    return x;
}

static bool is_overloaded(const problem *b, const double *load) {
    for (size_t l = 0; l < b->n->link_count; l++)
        if (b->n->link[l].capacity_pps > 0 && load[l] > 1.001 * b->n->link[l].capacity_pps)
            return true;
    return false;
}

bool fluid_by_root(const network *n, fluid_result *out) {
    problem b = {.n = n, .sharpness = SHARPNESS_FIRST, .out = out};
    double load[NET_LINKS_MAX];
    *out = (fluid_result){0};
    approach(&b);
    gsl_vector *start = choose_unknowns(&b);
    bool is_found = true;
    if (b.unknown_count == 0) {
        b.sharpness = SHARPNESS_LAST;
    } else {
        gsl_error_handler_t *before = gsl_set_error_handler_off();
        gsl_vector *x = gsl_vector_alloc(b.unknown_count);
        for (size_t i = 0; i < b.unknown_count; i++)
            gsl_vector_set(x, i, gsl_vector_get(start, i));
        for (double sharpness = SHARPNESS_FIRST; sharpness <= SHARPNESS_LAST; sharpness *= 1.5) {
            b.sharpness = sharpness;
            is_found = solve(&b, x);
        }
        set_prices(&b, x);
        gsl_vector_free(x);
        gsl_set_error_handler(before);
    }
    gsl_vector_free(start);
    take_all(&b, load);
    return is_found && !is_overloaded(&b, load);
}
