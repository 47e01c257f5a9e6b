/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules.h"

#include <math.h>

typedef struct {
    double windows, rates, best; /* sums of w and of w/T; the largest w/T^2 */
} sums;

static sums add_up(const rule_path *path, size_t n) {
    sums s = {0};
    for (size_t i = 0; i < n; i++) {
        double rate = path[i].window / path[i].rtt_s;
        s.windows += path[i].window;
        s.rates += rate;
        s.best = fmax(s.best, rate / path[i].rtt_s);
    }
    return s;
}

/* OLIA's alpha_r: 1/n is moved from the paths with the largest windows to the best ones, where these are others. */
static double olia_alpha(const rule_path *path, size_t n, size_t r) {
    double largest = 0, best = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, path[i].window);
        best = fmax(best, path[i].between_losses / (path[i].rtt_s * path[i].rtt_s));
    }
    size_t large_count = 0, collected_count = 0;
    bool is_large = false, is_collected = false;
    for (size_t i = 0; i < n; i++) {
        bool large = path[i].window >= largest;
        bool collected = !large && path[i].between_losses / (path[i].rtt_s * path[i].rtt_s) >= best;
        large_count += large;
        collected_count += collected;
        if (i == r) {
            is_large = large;
            is_collected = collected;
        }
    }
    if (collected_count == 0)
        return 0;
    return is_collected ? 1.0 / (double)(n * collected_count) : is_large ? -1.0 / (double)(n * large_count) : 0;
}

static double balia_ratio(const rule_path *path, size_t n, size_t r) {
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, path[i].window / path[i].rtt_s);
    return most / (path[r].window / path[r].rtt_s);
}

double rule_increase(rule_kind rule, const rule_path *path, size_t n, size_t r) {
    double own = 1 / path[r].window, a;
    if (n == 1)
        return own;
    sums s = add_up(path, n);
    switch (rule) {
    case RULE_EWTCP: return own / (double)(n * n);
    case RULE_COUPLED: return 1 / s.windows;
    case RULE_LIA:
    case RULE_LIA_RFC: return fmin(s.best / (s.rates * s.rates), own);
    case RULE_OLIA:
        return path[r].window / (path[r].rtt_s * path[r].rtt_s) / (s.rates * s.rates) +
               olia_alpha(path, n, r) / path[r].window;
    case RULE_BALIA:
        a = balia_ratio(path, n, r);
        return path[r].window / (path[r].rtt_s * path[r].rtt_s) / (s.rates * s.rates) * (1 + a) / 2 * (4 + a) / 5;
    case RULE_RENO:
    case RULE_CUBIC:
    case RULE_WVEGAS:
    case RULE_DCTCP:
    case RULE_BBR:
    case RULE_COUNT: break;
    }
    return own;
}

double rule_decrease(rule_kind rule, const rule_path *path, size_t n, size_t r) {
    double half = path[r].window / 2;
    if (rule == RULE_BALIA)
        return half * fmin(balia_ratio(path, n, r), 1.5);
    if (rule == RULE_COUPLED)
        return fmin(add_up(path, n).windows / 2, path[r].window);
    return half;
}

double rule_lia_alpha(const rule_path *path, size_t n) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (path[i].window / pow(path[i].rtt_s, 2) > path[best].window / pow(path[best].rtt_s, 2))
            best = i;
    double total = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        double bytes = path[i].window * LIA_PACKET_BYTES;
        total += bytes;
        sum += floor(bytes * path[best].rtt_s / path[i].rtt_s);
    }
    return fmax(floor(LIA_ALPHA_SCALE * total * path[best].window * LIA_PACKET_BYTES / (sum * sum)), 1);
}

double wvegas_target(const rule_path *path, size_t n, size_t r) {
    return fmax(2, 10 * path[r].window / path[r].rtt_s / add_up(path, n).rates);
}

double cubic_k(double w_max) {
    return cbrt(w_max * (1 - CUBIC_BETA) / CUBIC_C);
}
