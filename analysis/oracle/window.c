/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an ideal sender's window grows and falls: whole packets, growth kept until it makes one (RFC 3465, 5681). */
#include "sender.h"

#include <math.h>

enum { WINDOW_INITIAL = 10, WINDOW_LEAST = 2 };

void window_init(path_window *w) {
    *w = (path_window){
        .window = WINDOW_INITIAL, .threshold = INFINITY, .rtt_min_s = INFINITY, .epoch_s = -1, .alpha = 1};
}

/* The paths of the connection that have a round-trip time, as the rules see them; @return how many; *r: which is s. */
static size_t look(const sender *s, rule_path *path, size_t *r) {
    size_t n = 0;
    for (size_t i = 0; i < s->of->count; i++) {
        const path_window *w = &s->of->path[i]->w;
        if (w->srtt_s <= 0)
            continue;
        if (s->of->path[i] == s)
            *r = n;
        double window = s->of->path[i]->is_recovering ? w->threshold : w->window;
        path[n++] = (rule_path){window, w->srtt_s, fmax(fmax(w->since_loss, w->before_loss), 1)};
    }
    return n;
}

/* wVegas, once a round: a packet more or less, towards the target number of packets in queues. */
static void end_round(sender *s, double now) {
    path_window *w = &s->w;
    double rtt_s = w->round_samples > 0 ? w->round_sum_s / w->round_samples : w->srtt_s;
    double queued = w->window * (1 - w->rtt_min_s / rtt_s);
    rule_path path[NET_PATHS_MAX];
    size_t r = 0, n = look(s, path, &r);
    double target = wvegas_target(path, n, r);
    if (w->window < w->threshold && queued > 1)
        w->threshold = w->window; /* slow start is over (gamma = 1) */
    else if (w->window >= w->threshold)
        w->window = fmax(w->window + (queued < target ? 1 : queued > target ? -1 : 0), WINDOW_LEAST);
    w->round_end_s = now + w->srtt_s;
    w->round_sum_s = w->round_samples = 0;
}

void window_rtt(sender *s, double rtt_s, double now) {
    path_window *w = &s->w;
    w->srtt_s = w->srtt_s > 0 ? w->srtt_s + (rtt_s - w->srtt_s) / 8 : rtt_s;
    w->rtt_min_s = fmin(w->rtt_min_s, rtt_s);
    w->round_sum_s += rtt_s;
    w->round_samples++;
    if (s->of->rule == RULE_WVEGAS && !s->is_recovering && now >= w->round_end_s)
        end_round(s, now);
}

/* RFC 9438 4.2 to 4.4. */
static void grow_cubic(path_window *w, double now) {
    if (w->epoch_s < 0) {
        w->epoch_s = now;
        w->w_est = w->window;
        w->w_max = fmax(w->w_max, w->window);
        w->k_s = cbrt((w->w_max - w->window) / CUBIC_C);
    }
    double t = now - w->epoch_s, k = w->k_s;
    w->w_est += (w->w_est < w->prior ? CUBIC_ALPHA : 1) / w->window;
    double target = fmin(CUBIC_C * pow(t + w->srtt_s - k, 3) + w->w_max, 1.5 * w->window);
    if (CUBIC_C * pow(t - k, 3) + w->w_max < w->w_est)
        w->window = fmax(w->window, w->w_est);
    else if (target > w->window)
        w->window += (target - w->window) / w->window;
}

/* RFC 6356 4: alpha is the connection's, and is computed again after a loss and where a window has another whole packet. */
static double increase_in_whole_numbers(sender *s, const rule_path *path, size_t n, size_t r) {
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += path[i].window;
    if (s->of->lia_alpha <= 0 || s->w.window_then != s->w.window) {
        s->of->lia_alpha = rule_lia_alpha(path, n);
        s->w.window_then = s->w.window;
    }
    double own = 1 / path[r].window;
    return n == 1 ? own : fmin(s->of->lia_alpha / (LIA_ALPHA_SCALE * total), own);
}

void window_grow(sender *s, double now) {
    path_window *w = &s->w;
    if (w->window < w->threshold) {
        w->window++;
        return;
    }
    if (s->of->rule == RULE_WVEGAS)
        return;
    if (s->of->rule == RULE_CUBIC) {
        grow_cubic(w, now);
        return;
    }
    rule_path path[NET_PATHS_MAX];
    size_t r = 0, n = look(s, path, &r);
    w->growth += w->window * (s->of->rule == RULE_LIA_RFC ? increase_in_whole_numbers(s, path, n, r)
                                                          : rule_increase(s->of->rule, path, n, r));
    if (w->growth >= w->window) {
        w->growth -= w->window;
        w->window++;
    } else if (w->growth <= -w->window) { /* OLIA */
        w->growth += w->window;
        w->window = fmax(w->window - 1, 1);
    }
}

void window_fall(sender *s, double now) {
    path_window *w = &s->w;
    rule_path path[NET_PATHS_MAX];
    size_t r = 0, n = look(s, path, &r);
    (void)now;
    double kept = w->window - (n > 0 ? rule_decrease(s->of->rule, path, n, r) : w->window / 2);
    if (s->of->rule == RULE_CUBIC) {
        w->w_max = w->window < w->w_max ? w->window * (1 + CUBIC_BETA) / 2 : w->window; /* fast convergence */
        kept = w->window * CUBIC_BETA;
        w->prior = w->window;
        w->epoch_s = -1;
    }
    w->threshold = fmax(floor(kept), WINDOW_LEAST);
    w->growth = fmax(kept - w->threshold, 0) * w->threshold;
    w->before_loss = w->since_loss;
    w->since_loss = 0;
    s->of->lia_alpha = 0;
}

void window_look_at_mark(sender *s, uint64_t i, bool is_marked) {
    path_window *w = &s->w;
    w->arrived++;
    w->marked += is_marked;
    if (i < s->window_end)
        return;
    w->alpha += DCTCP_GAIN * (w->marked / w->arrived - w->alpha);
    w->arrived = w->marked = 0;
    s->window_end = s->next;
}

void window_fall_by_marks(sender *s) {
    path_window *w = &s->w;
    double kept = w->window * (1 - w->alpha / 2);
    w->threshold = fmax(floor(kept), WINDOW_LEAST);
    w->growth = fmax(kept - w->threshold, 0) * w->threshold;
}
