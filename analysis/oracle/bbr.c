/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bbr.h"

#include <math.h>

#define HIGH_GAIN 2.885    /* 2 / ln 2 */
#define PACING_MARGIN 0.99 /* of Linux, since 2018: the queue drains */
#define RT_PROP_FILTER_S 10
#define PROBE_RTT_S 0.2
#define CWND_GAIN 2
#define EXTRA_ACKED_MAX_S 0.1
enum {
    WINDOW_INITIAL = 10,
    WINDOW_LEAST = 4,
    PHASES = 8,
    FULL_BW_ROUNDS = 3,
    EXTRA_ACKED_ROUNDS = 5,
    MTU_BITS = 1500 * 8
};

void bbr_init(bbr_model *b) {
    uint32_t random = b->random;
    *b = (bbr_model){.window = WINDOW_INITIAL, .rt_prop_s = INFINITY, .random = random};
}

void bbr_send(bbr_model *b, bbr_sent *out, uint64_t in_flight, uint64_t delivered, double now) {
    if (in_flight == 0)
        b->first_sent_at = b->delivered_at = now;
    *out = (bbr_sent){delivered, b->delivered_at, b->first_sent_at, b->limited_until > delivered};
    if (b->pacing_pps > 0)
        b->departs_at = fmax(b->departs_at, now) + 1 / b->pacing_pps;
}

/* ---- The path's model ---------------------------------------------------------------------------------------------- */

static void update_btl_bw(bbr_model *b, const bbr_sent *p, const bbr_ack *ack) {
    b->is_round_start = p->delivered >= b->round_ends;
    if (b->is_round_start) {
        b->round++;
        b->round_ends = ack->delivered;
        b->is_conserving = false;
    }
    double interval_s = fmax(ack->sent_at - p->first_sent_at, ack->now - p->delivered_at);
    if (interval_s <= 0 || interval_s < b->rt_prop_s * (1 - 1e-9))
        return; /* ACKs came together: that is not the bottleneck's rate */
    double rate = (double)(ack->delivered - p->delivered) / interval_s;
    if (p->is_limited && rate < b->btl_bw)
        return;
    unsigned slot = b->round % BBR_ROUNDS;
    b->rate_of_round[slot] = b->round_of[slot] == b->round ? fmax(b->rate_of_round[slot], rate) : rate;
    b->round_of[slot] = b->round;
    b->btl_bw = 0;
    for (unsigned i = 0; i < BBR_ROUNDS; i++)
        if (b->round - b->round_of[i] < BBR_ROUNDS)
            b->btl_bw = fmax(b->btl_bw, b->rate_of_round[i]);
}

/* By how many more ACKs come than at the bottleneck's rate: the most of five to ten rounds (Linux, since 2019). */
static void update_aggregation(bbr_model *b, const bbr_ack *ack) {
    if (b->is_round_start && ++b->extra_rounds >= EXTRA_ACKED_ROUNDS) {
        b->extra_rounds = 0;
        b->extra[1] = b->extra[0];
        b->extra[0] = 0;
    }
    double expected = b->btl_bw * (ack->now - b->epoch_at);
    if (b->epoch_acked <= expected) {
        b->epoch_acked = expected = 0;
        b->epoch_at = ack->now;
    }
    b->epoch_acked++;
    b->extra[0] = fmax(b->extra[0], fmin(b->epoch_acked - expected, b->window));
}

/* Packets that leave at once. */
static double quantum(const bbr_model *b) {
    double bits = b->pacing_pps * MTU_BITS;
    return bits < 1.2e6 ? 1 : bits < 24e6 ? 2 : fmin(floor(b->pacing_pps * 1e-3), 64e3 * 8 / MTU_BITS);
}

static double inflight(const bbr_model *b, double gain, double more) {
    if (!isfinite(b->rt_prop_s))
        return WINDOW_INITIAL;
    double packets = ceil(gain * b->btl_bw * b->rt_prop_s + more) + 3 * quantum(b);
    return 2 * ceil(packets / 2) + (b->state == BBR_PROBE_BW && b->cycle == 0 ? 2 : 0);
}

/* ---- States -------------------------------------------------------------------------------------------------------- */

static double phase_gain(const bbr_model *b) {
    return b->cycle == 0 ? 1.25 : b->cycle == 1 ? 0.75 : 1;
}

static double pacing_gain(const bbr_model *b) {
    switch (b->state) {
    case BBR_STARTUP: return HIGH_GAIN;
    case BBR_DRAIN: return 1 / HIGH_GAIN;
    case BBR_PROBE_BW: return phase_gain(b);
    case BBR_PROBE_RTT: break;
    }
    return 1;
}

static double window_gain(const bbr_model *b) {
    switch (b->state) {
    case BBR_STARTUP:
    case BBR_DRAIN: return HIGH_GAIN;
    case BBR_PROBE_BW: return CWND_GAIN;
    case BBR_PROBE_RTT: break;
    }
    return 1;
}

static void enter_probe_bw(bbr_model *b, double now) {
    b->state = BBR_PROBE_BW;
    b->random = b->random * 1103515245u + 12345u;
    unsigned skip = (b->random >> 16) % (PHASES - 1); /* any phase but that of 0.75 */
    b->cycle = skip == 0 ? 0 : skip + 1;
    b->cycle_at = now;
}

static void advance_cycle(bbr_model *b, const bbr_ack *ack) {
    if (b->state != BBR_PROBE_BW)
        return;
    bool is_full_length = ack->now - b->cycle_at > b->rt_prop_s, is_over = is_full_length;
    if (b->cycle == 0)
        is_over = is_full_length && (ack->lost > 0 || (double)ack->prior_flight >= inflight(b, 1.25, 0));
    else if (b->cycle == 1)
        is_over = is_full_length || (double)ack->prior_flight <= inflight(b, 1, 0);
    if (is_over) {
        b->cycle = (b->cycle + 1) % PHASES;
        b->cycle_at = ack->now;
    }
}

static void check_full_pipe(bbr_model *b, bool is_limited) {
    if (b->is_pipe_filled || !b->is_round_start || is_limited)
        return;
    if (b->btl_bw >= b->full_bw * 1.25) {
        b->full_bw = b->btl_bw;
        b->full_bw_count = 0;
    } else {
        b->is_pipe_filled = ++b->full_bw_count >= FULL_BW_ROUNDS;
    }
}

static void check_drain(bbr_model *b, const bbr_ack *ack) {
    if (b->state == BBR_STARTUP && b->is_pipe_filled)
        b->state = BBR_DRAIN;
    if (b->state == BBR_DRAIN && (double)ack->in_flight <= inflight(b, 1, 0))
        enter_probe_bw(b, ack->now);
}

static void save_window(bbr_model *b, bool was_fine) {
    b->prior_window = was_fine && b->state != BBR_PROBE_RTT ? b->window : fmax(b->prior_window, b->window);
}

static void probe_rtt(bbr_model *b, const bbr_ack *ack) {
    b->limited_until = ack->delivered + ack->in_flight;
    if (b->probe_rtt_done_at <= 0 && ack->in_flight <= WINDOW_LEAST) {
        b->probe_rtt_done_at = ack->now + PROBE_RTT_S;
        b->is_probe_rtt_round_done = false;
        b->round_ends = ack->delivered;
    } else if (b->probe_rtt_done_at > 0) {
        b->is_probe_rtt_round_done = b->is_probe_rtt_round_done || b->is_round_start;
        if (!b->is_probe_rtt_round_done || ack->now <= b->probe_rtt_done_at)
            return;
        b->rt_prop_at = ack->now;
        b->window = fmax(b->window, b->prior_window);
        if (b->is_pipe_filled)
            enter_probe_bw(b, ack->now);
        else
            b->state = BBR_STARTUP;
    }
}

static void update_rt_prop(bbr_model *b, const bbr_ack *ack) {
    double rtt_s = ack->now - ack->sent_at;
    bool is_expired = isfinite(b->rt_prop_s) && ack->now > b->rt_prop_at + RT_PROP_FILTER_S;
    if (rtt_s <= b->rt_prop_s || is_expired) {
        b->rt_prop_s = rtt_s;
        b->rt_prop_at = ack->now;
    }
    if (is_expired && b->state != BBR_PROBE_RTT) {
        save_window(b, !b->was_recovering);
        b->state = BBR_PROBE_RTT;
        b->probe_rtt_done_at = 0;
    }
    if (b->state == BBR_PROBE_RTT)
        probe_rtt(b, ack);
}

/* ---- How fast and how much ----------------------------------------------------------------------------------------- */

static void set_pacing(bbr_model *b, const bbr_ack *ack) {
    if (b->pacing_pps <= 0)
        b->pacing_pps = HIGH_GAIN * PACING_MARGIN * b->window / ack->srtt_s;
    double rate = pacing_gain(b) * PACING_MARGIN * b->btl_bw;
    if (rate > 0 && (b->is_pipe_filled || rate > b->pacing_pps))
        b->pacing_pps = rate;
}

/* In a recovery's first round as much leaves as is delivered; when it is over the window is what it was. */
static void recover(bbr_model *b, const bbr_ack *ack) {
    double conserved = (double)ack->in_flight + 1;
    if (ack->is_recovering && !b->was_recovering)
        save_window(b, true);
    b->window = fmax(b->window - (double)ack->lost, 1);
    if (ack->is_recovering && !b->was_recovering) {
        b->is_conserving = true;
        b->round_ends = ack->delivered;
        b->window = conserved;
    } else if (!ack->is_recovering && b->was_recovering) {
        b->is_conserving = false;
        b->window = fmax(b->window, b->prior_window);
    }
    b->was_recovering = ack->is_recovering;
    if (b->is_conserving)
        b->window = fmax(b->window, conserved);
}

static void set_window(bbr_model *b, const bbr_ack *ack) {
    recover(b, ack);
    if (!b->is_conserving) {
        double extra = fmin(fmax(b->extra[0], b->extra[1]), b->btl_bw * EXTRA_ACKED_MAX_S);
        double target = inflight(b, window_gain(b), b->is_pipe_filled ? extra : 0);
        if (b->is_pipe_filled)
            b->window = fmin(b->window + 1, target);
        else if (b->window < target || ack->delivered < WINDOW_INITIAL)
            b->window++;
        b->window = fmax(b->window, WINDOW_LEAST);
    }
    if (b->state == BBR_PROBE_RTT)
        b->window = fmin(b->window, WINDOW_LEAST);
}

void bbr_acked(bbr_model *b, const bbr_sent *packet, const bbr_ack *ack) {
    update_btl_bw(b, packet, ack);
    update_aggregation(b, ack);
    advance_cycle(b, ack);
    check_full_pipe(b, packet->is_limited);
    check_drain(b, ack);
    update_rt_prop(b, ack);
    set_pacing(b, ack);
    set_window(b, ack);
    b->delivered_at = ack->now;
    b->first_sent_at = ack->sent_at;
}
