/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_bbr.c: BBR, version 1, as Linux has it in net/ipv4/tcp_bbr.c (Cardwell, Cheng, Gunn, Yeganeh and Jacobson, ACM Queue 14 (5), 2016). A model of
 * the path, not its losses, decides: bw, the greatest delivery rate of ten rounds, and min_rtt, the least round-trip time of ten seconds.
 *
 *   pacing rate = pacing_gain 0.99 bw,  cwnd = cwnd_gain bw min_rtt + extra_acked + 3 bursts
 *
 *   STARTUP    gains 2.89 until bw has not grown by a quarter in three rounds
 *   DRAIN      pacing 1 / 2.89 until no more is in flight than bw min_rtt
 *   PROBE_BW   eight phases of min_rtt: pacing 1.25, 0.75, 1, 1, 1, 1, 1, 1; cwnd gain 2
 *   PROBE_RTT  when min_rtt is ten seconds old: four segments in flight for 200 ms and a round
 *
 * Losses: in the first round of a recovery as much leaves as is delivered, afterwards the window is back. Where more than a fifth is lost and the rate is
 * the same in two intervals, a policer is at work: bw is the mean of those intervals for 48 rounds.
 *
 * What Linux counts in packets are bytes here, and real numbers what it scales. Segments leave one by one, so that a burst of its segmentation offload stands
 * in the window's allowance only.
 */
#include "cc/mpt_cc.h"

enum {
    BW_ROUNDS = 10,
    CYCLE_PHASES = 8,
    CWND_MIN_SEGMENTS = 4,
    FULL_BW_ROUNDS = 3,
    LT_ROUNDS_MIN = 4,
    LT_ROUNDS_USED = 48,
    EXTRA_ACKED_ROUNDS = 5,
    MIN_TSO_RATE = 1200000 / 8, /* bytes/s */
    TSO_BYTES_MAX = 65536 - 1 - 320
};
#define HIGH_GAIN 2.885
#define FULL_BW_GROWTH 1.25
#define PACING_MARGIN 0.99
#define MIN_RTT_WINDOW_NS (10 * MPT_S)
#define PROBE_RTT_NS (200 * MPT_MS)
#define EXTRA_ACKED_MAX_S 0.1
#define LT_LOSS_MIN (50.0 / 256)
#define LT_BW_RATIO 0.125
#define LT_BW_DIFF (4000.0 / 8) /* bytes/s */

static const double phase_gain[CYCLE_PHASES] = {1.25, 0.75, 1, 1, 1, 1, 1, 1};

/* ---- The model ---- */

static double max_bw(const mpt_cc_bbr_state *b) {
    return b->bw.best[0].value;
}

static double bw_of(const mpt_cc_bbr_state *b) {
    return b->is_lt_bw_used ? b->lt_bw : max_bw(b);
}

/** A new value; the best of the last BW_ROUNDS rounds stays (Kathleen Nichols' filter, as in Linux's lib/win_minmax.c). */
static void max_add(mpt_bbr_max *m, uint32_t round, double value) {
    if (value >= m->best[0].value || round - m->best[2].round > BW_ROUNDS) {
        for (int i = 0; i < 3; i++) {
            m->best[i].round = round;
            m->best[i].value = value;
        }
        return;
    }
    if (value >= m->best[1].value) {
        m->best[1].round = m->best[2].round = round;
        m->best[1].value = m->best[2].value = value;
    } else if (value >= m->best[2].value) {
        m->best[2].round = round;
        m->best[2].value = value;
    }
    if (round - m->best[0].round > BW_ROUNDS) { /* the best is too old: the next ones move up */
        m->best[0] = m->best[1];
        m->best[1] = m->best[2];
        m->best[2].round = round;
        m->best[2].value = value;
        if (round - m->best[0].round > BW_ROUNDS) {
            m->best[0] = m->best[1];
            m->best[1] = m->best[2];
        }
    } else if (m->best[1].round == m->best[0].round && round - m->best[0].round > BW_ROUNDS / 4) {
        m->best[1].round = m->best[2].round = round;
        m->best[1].value = m->best[2].value = value;
    } else if (m->best[2].round == m->best[1].round && round - m->best[0].round > BW_ROUNDS / 2) {
        m->best[2].round = round;
        m->best[2].value = value;
    }
}

static double bdp_bytes(const mpt_cc *cc, double bw, double gain) {
    const mpt_cc_bbr_state *b = cc->priv;
    if (b->min_rtt_ns == MPT_NEVER)
        return 10.0 * cc->mss_bytes;
    return bw * (double)b->min_rtt_ns / 1e9 * gain;
}

/** Segments of a burst that Linux would hand to the device at once. */
static double burst_segments(const mpt_cc *cc) {
    double bytes = (double)(cc->pacing_bytes_per_s >> 10), least = cc->pacing_bytes_per_s < MIN_TSO_RATE ? 1 : 2;
    uint64_t segments = (uint64_t)((bytes < TSO_BYTES_MAX ? bytes : TSO_BYTES_MAX) / cc->mss_bytes);
    double most = segments < 127 ? (double)segments : 127;
    return most > least ? most : least;
}

/** Room for bursts and delayed acknowledgements beside @p bytes. */
static double with_allowance(const mpt_cc *cc, double bytes) {
    const mpt_cc_bbr_state *b = cc->priv;
    uint64_t segments = (uint64_t)((bytes + cc->mss_bytes - 1) / cc->mss_bytes) + 3 * (uint64_t)burst_segments(cc);
    segments = (segments + 1) & ~(uint64_t)1;
    if (b->mode == MPT_BBR_PROBE_BW && b->cycle_index == 0)
        segments += 2;
    return (double)segments * cc->mss_bytes;
}

static double inflight_bytes(const mpt_cc *cc, double bw, double gain) {
    return with_allowance(cc, bdp_bytes(cc, bw, gain));
}

/** What will be in the network when the next segment may leave. */
static double in_network_bytes(const mpt_cc *cc, const mpt_cc_sample *s, uint64_t flight_bytes, mpt_time now) {
    const mpt_cc_bbr_state *b = cc->priv;
    double delivered = bw_of(b) * (double)(s->departs_at_ns - now) / 1e9, bytes = (double)flight_bytes;
    if (b->pacing_gain > 1)
        bytes += burst_segments(cc) * cc->mss_bytes;
    return bytes > delivered ? bytes - delivered : 0;
}

/* ---- Pacing ---- */

/** The first rate: the window, which is the initial one, at the gain of STARTUP. */
static void pace_at_start(mpt_cc *cc) {
    mpt_cc_bbr_state *b = cc->priv;
    if (b->has_seen_rtt || cc->srtt_ns == 0)
        return;
    b->has_seen_rtt = true;
    cc->pacing_bytes_per_s = (uint64_t)(HIGH_GAIN * PACING_MARGIN * (double)cc->cwnd_bytes * 1e9 / (double)cc->srtt_ns);
}

static void pace(mpt_cc *cc, double bw, double gain) {
    uint64_t rate = (uint64_t)(bw * gain * PACING_MARGIN);
    pace_at_start(cc);
    if (rate > cc->pacing_bytes_per_s || (((mpt_cc_bbr_state *)cc->priv)->is_full_bw_reached && rate > 0))
        cc->pacing_bytes_per_s = rate;
}

/* ---- Modes ---- */

static uint32_t chance(mpt_cc_bbr_state *b, uint32_t below) {
    b->random = b->random * 1664525u + 1013904223u;
    return (b->random >> 16) % below;
}

static void next_phase(mpt_cc_bbr_state *b, mpt_time now) {
    b->cycle_index = (uint8_t)((b->cycle_index + 1) % CYCLE_PHASES);
    b->cycle_at = now;
}

static void begin_probe_bw(mpt_cc_bbr_state *b, mpt_time now) {
    b->mode = MPT_BBR_PROBE_BW;
    b->cycle_index = (uint8_t)(CYCLE_PHASES - 1 - chance(b, CYCLE_PHASES - 1)); /* any phase but that of 0.75 */
    next_phase(b, now);
}

static bool is_phase_over(const mpt_cc *cc, const mpt_cc_sample *s, mpt_time now) {
    const mpt_cc_bbr_state *b = cc->priv;
    bool is_full_length = now - b->cycle_at > b->min_rtt_ns;
    if (b->pacing_gain == 1)
        return is_full_length;
    double in_network = in_network_bytes(cc, s, s->prior_flight_bytes, now);
    if (b->pacing_gain > 1)
        return is_full_length && (s->lost_bytes > 0 || in_network >= inflight_bytes(cc, max_bw(b), b->pacing_gain));
    return is_full_length || in_network <= inflight_bytes(cc, max_bw(b), 1);
}

static void save_window(mpt_cc *cc) {
    mpt_cc_bbr_state *b = cc->priv;
    bool is_good = b->prev_state < MPT_CC_RECOVERY && b->mode != MPT_BBR_PROBE_RTT;
    if (is_good || cc->cwnd_bytes > b->prior_cwnd_bytes)
        b->prior_cwnd_bytes = cc->cwnd_bytes;
}

static void end_probe_rtt(mpt_cc *cc, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    if (b->probe_rtt_done_at == 0 || now <= b->probe_rtt_done_at)
        return;
    b->min_rtt_at = now;
    if (cc->cwnd_bytes < b->prior_cwnd_bytes)
        mpt_cc_set_window(cc, b->prior_cwnd_bytes);
    if (b->is_full_bw_reached)
        begin_probe_bw(b, now);
    else
        b->mode = MPT_BBR_STARTUP;
}

/* ---- Policers: long-term sampling ---- */

static void lt_begin_interval(mpt_cc_bbr_state *b, mpt_time now) {
    b->lt_last_at = now;
    b->lt_last_delivered = b->total_delivered;
    b->lt_last_lost = b->total_lost;
    b->lt_round_count = 0;
}

static void lt_reset(mpt_cc_bbr_state *b, mpt_time now) {
    b->lt_bw = 0;
    b->is_lt_bw_used = b->is_lt_sampling = false;
    lt_begin_interval(b, now);
}

static void lt_interval_done(mpt_cc_bbr_state *b, double bw, mpt_time now) {
    double diff = bw > b->lt_bw ? bw - b->lt_bw : b->lt_bw - bw;
    if (b->lt_bw > 0 && (diff <= LT_BW_RATIO * b->lt_bw || diff * PACING_MARGIN <= LT_BW_DIFF)) {
        b->lt_bw = (bw + b->lt_bw) / 2;
        b->is_lt_bw_used = true;
        b->pacing_gain = 1;
        b->lt_round_count = 0;
        return;
    }
    b->lt_bw = bw;
    lt_begin_interval(b, now);
}

static void lt_sample(mpt_cc_bbr_state *b, bool has_loss, bool is_app_limited, mpt_time now) {
    if (b->is_lt_bw_used) {
        if (b->mode == MPT_BBR_PROBE_BW && b->is_round_start && ++b->lt_round_count >= LT_ROUNDS_USED) {
            lt_reset(b, now);
            begin_probe_bw(b, now);
        }
        return;
    }
    if (!b->is_lt_sampling) {
        if (!has_loss)
            return;
        lt_begin_interval(b, now);
        b->is_lt_sampling = true;
    }
    if (is_app_limited) {
        lt_reset(b, now);
        return;
    }
    b->lt_round_count += b->is_round_start;
    if (b->lt_round_count < LT_ROUNDS_MIN)
        return;
    if (b->lt_round_count > 4 * LT_ROUNDS_MIN) {
        lt_reset(b, now);
        return;
    }
    double lost = (double)(b->total_lost - b->lt_last_lost),
           delivered = (double)(b->total_delivered - b->lt_last_delivered);
    if (!has_loss || delivered <= 0 || lost < LT_LOSS_MIN * delivered || now - b->lt_last_at < MPT_MS)
        return;
    lt_interval_done(b, delivered * 1e9 / (double)(now - b->lt_last_at), now);
}

/* ---- Each acknowledgement ---- */

static void update_bw(mpt_cc_bbr_state *b, const mpt_cc_sample *s, mpt_time now) {
    b->is_round_start = false;
    if (s->interval_ns <= 0)
        return;
    if (s->prior_delivered_bytes >= b->next_round_delivered) {
        b->next_round_delivered = s->total_delivered_bytes;
        b->round_count++;
        b->is_round_start = true;
        b->is_packet_conservation = false;
    }
    lt_sample(b, s->lost_bytes > 0, s->is_app_limited, now);
    double bw = (double)s->rate_bytes * 1e9 / (double)s->interval_ns;
    if (!s->is_app_limited || bw >= max_bw(b))
        max_add(&b->bw, b->round_count, bw);
}

/** By how much more acknowledgements bring at once than bw would. */
static void update_aggregation(mpt_cc *cc, const mpt_cc_sample *s, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    if (s->delivered_bytes == 0 || s->interval_ns <= 0)
        return;
    if (b->is_round_start && ++b->extra_acked_rounds >= EXTRA_ACKED_ROUNDS) {
        b->extra_acked_rounds = 0;
        b->extra_acked_index = !b->extra_acked_index;
        b->extra_acked[b->extra_acked_index] = 0;
    }
    uint64_t expected = (uint64_t)(bw_of(b) * (double)(now - b->ack_epoch_at) / 1e9);
    if (b->ack_epoch_acked <= expected) {
        b->ack_epoch_acked = expected = 0;
        b->ack_epoch_at = now;
    }
    b->ack_epoch_acked += s->delivered_bytes;
    uint64_t extra = b->ack_epoch_acked - expected;
    extra = extra < cc->cwnd_bytes ? extra : cc->cwnd_bytes;
    if (extra > b->extra_acked[b->extra_acked_index])
        b->extra_acked[b->extra_acked_index] = extra;
}

static void check_full_bw(mpt_cc_bbr_state *b, const mpt_cc_sample *s) {
    if (b->is_full_bw_reached || !b->is_round_start || s->is_app_limited)
        return;
    if (max_bw(b) >= b->full_bw * FULL_BW_GROWTH) {
        b->full_bw = max_bw(b);
        b->full_bw_count = 0;
        return;
    }
    b->is_full_bw_reached = ++b->full_bw_count >= FULL_BW_ROUNDS;
}

static void check_drain(mpt_cc *cc, const mpt_cc_sample *s, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    double target = inflight_bytes(cc, max_bw(b), 1);
    if (b->mode == MPT_BBR_STARTUP && b->is_full_bw_reached) {
        b->mode = MPT_BBR_DRAIN;
        mpt_cc_end_slow_start(cc, (uint64_t)target);
    }
    if (b->mode == MPT_BBR_DRAIN && in_network_bytes(cc, s, s->flight_bytes, now) <= target)
        begin_probe_bw(b, now);
}

static void probe_rtt(mpt_cc *cc, mpt_cc_sample *s, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    s->limits_by_itself = true;
    if (b->probe_rtt_done_at == 0 && s->flight_bytes <= CWND_MIN_SEGMENTS * (uint64_t)cc->mss_bytes) {
        b->probe_rtt_done_at = now + PROBE_RTT_NS;
        b->is_probe_rtt_round_done = false;
        b->next_round_delivered = s->total_delivered_bytes;
    } else if (b->probe_rtt_done_at != 0) {
        b->is_probe_rtt_round_done |= b->is_round_start;
        if (b->is_probe_rtt_round_done)
            end_probe_rtt(cc, now);
    }
}

static void update_min_rtt(mpt_cc *cc, mpt_cc_sample *s, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    bool is_expired = b->min_rtt_ns != MPT_NEVER && now > b->min_rtt_at + MIN_RTT_WINDOW_NS;
    if (s->rtt_ns > 0 && (s->rtt_ns <= b->min_rtt_ns || (is_expired && !s->is_ack_delayed))) {
        b->min_rtt_ns = s->rtt_ns;
        b->min_rtt_at = now;
    }
    if (is_expired && !b->is_idle_restart && b->mode != MPT_BBR_PROBE_RTT) {
        save_window(cc);
        b->mode = MPT_BBR_PROBE_RTT;
        b->probe_rtt_done_at = 0;
    }
    if (b->mode == MPT_BBR_PROBE_RTT)
        probe_rtt(cc, s, now);
    if (s->rate_bytes > 0)
        b->is_idle_restart = false;
}

static void update_gains(mpt_cc_bbr_state *b) {
    switch (b->mode) {
    case MPT_BBR_STARTUP: b->pacing_gain = b->cwnd_gain = HIGH_GAIN; break;
    case MPT_BBR_DRAIN:
        b->pacing_gain = 1 / HIGH_GAIN;
        b->cwnd_gain = HIGH_GAIN;
        break;
    case MPT_BBR_PROBE_BW:
        b->pacing_gain = b->is_lt_bw_used ? 1 : phase_gain[b->cycle_index];
        b->cwnd_gain = 2;
        break;
    case MPT_BBR_PROBE_RTT: b->pacing_gain = b->cwnd_gain = 1; break;
    }
}

/* ---- The window ---- */

/** @return true: as much leaves as is delivered, *cwnd is final */
static bool recover_or_restore(mpt_cc *cc, const mpt_cc_sample *s, uint64_t *cwnd) {
    mpt_cc_bbr_state *b = cc->priv;
    uint64_t conserved = s->flight_bytes + s->delivered_bytes;
    mpt_cc_state prev = b->prev_state;
    if (s->lost_bytes > 0)
        *cwnd = *cwnd > s->lost_bytes + cc->mss_bytes ? *cwnd - s->lost_bytes : cc->mss_bytes;
    if (s->state == MPT_CC_RECOVERY && prev != MPT_CC_RECOVERY) {
        b->is_packet_conservation = true;
        b->next_round_delivered = s->total_delivered_bytes;
        *cwnd = conserved;
    } else if (prev >= MPT_CC_RECOVERY && s->state < MPT_CC_RECOVERY) {
        *cwnd = *cwnd > b->prior_cwnd_bytes ? *cwnd : b->prior_cwnd_bytes;
        b->is_packet_conservation = false;
    }
    b->prev_state = s->state;
    if (b->is_packet_conservation && *cwnd < conserved)
        *cwnd = conserved;
    return b->is_packet_conservation;
}

static void set_window(mpt_cc *cc, const mpt_cc_sample *s) {
    mpt_cc_bbr_state *b = cc->priv;
    uint64_t cwnd = cc->cwnd_bytes, least = CWND_MIN_SEGMENTS * (uint64_t)cc->mss_bytes;
    if (s->delivered_bytes > 0 && !recover_or_restore(cc, s, &cwnd)) {
        double bytes = bdp_bytes(cc, bw_of(b), b->cwnd_gain);
        if (b->is_full_bw_reached) {
            double extra = (double)(b->extra_acked[0] > b->extra_acked[1] ? b->extra_acked[0] : b->extra_acked[1]);
            bytes += extra < bw_of(b) * EXTRA_ACKED_MAX_S ? extra : bw_of(b) * EXTRA_ACKED_MAX_S;
        }
        uint64_t target = (uint64_t)with_allowance(cc, bytes), grown = cwnd + s->delivered_bytes;
        if (b->is_full_bw_reached)
            cwnd = grown < target ? grown : target;
        else if (cwnd < target || s->total_delivered_bytes < 10 * (uint64_t)cc->mss_bytes)
            cwnd = grown;
        cwnd = cwnd > least ? cwnd : least;
    }
    if (b->mode == MPT_BBR_PROBE_RTT && cwnd > least)
        cwnd = least;
    mpt_cc_set_window(cc, cwnd > cc->mss_bytes ? cwnd : cc->mss_bytes);
}

/* ---- What the core calls ---- */

static void init(mpt_cc *cc) {
    ((mpt_cc_bbr_state *)cc->priv)->min_rtt_ns = MPT_NEVER;
    cc->pacing_bytes_per_s = 0; /* until there is a round-trip time */
    update_gains(cc->priv);
}

static void on_rate(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_sample *s, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    (void)group;
    b->total_delivered = s->total_delivered_bytes;
    b->total_lost = s->total_lost_bytes;
    update_bw(b, s, now);
    update_aggregation(cc, s, now);
    if (b->mode == MPT_BBR_PROBE_BW && is_phase_over(cc, s, now))
        next_phase(b, now);
    check_full_bw(b, s);
    check_drain(cc, s, now);
    update_min_rtt(cc, s, now);
    update_gains(b);
    pace(cc, bw_of(b), b->pacing_gain);
    set_window(cc, s);
}

static void on_event(mpt_cc *cc, const mpt_cc_event *e, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    switch (e->kind) {
    case MPT_CC_STARTED:
        if (b->random == 0)
            b->random = cc->seed | 1;
        pace_at_start(cc);
        if (!e->is_app_limited)
            break;
        b->is_idle_restart = true;
        b->ack_epoch_at = now;
        b->ack_epoch_acked = 0;
        if (b->mode == MPT_BBR_PROBE_BW)
            pace(cc, bw_of(b), 1);
        else if (b->mode == MPT_BBR_PROBE_RTT)
            end_probe_rtt(cc, now);
        break;
    case MPT_CC_TIMED_OUT:
        b->prev_state = MPT_CC_AFTER_TIMEOUT;
        b->full_bw = 0;
        b->is_round_start = true;
        lt_sample(b, true, false, now);
        mpt_cc_set_window(cc, e->flight_bytes + cc->mss_bytes);
        break;
    }
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)group;
    (void)kind;
    (void)flight_bytes;
    (void)now;
    save_window(cc);
}

static void on_undo(mpt_cc *cc, mpt_time now) {
    mpt_cc_bbr_state *b = cc->priv;
    b->full_bw = 0;
    b->full_bw_count = 0;
    lt_reset(b, now);
}

const mpt_cc_ops mpt_cc_bbr = {
    .name = "bbr",
    .priv_bytes = sizeof(mpt_cc_bbr_state),
    .owns_window = true,
    .init = init,
    .on_rate = on_rate,
    .on_event = on_event,
    .on_loss = on_loss,
    .on_undo = on_undo,
};
