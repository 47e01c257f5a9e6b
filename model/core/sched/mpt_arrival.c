/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_arrival.c: see mpt_arrival.h. */
#include "sched/mpt_arrival.h"

/** As long as a peer may hold an acknowledgement back (RFC 9293 3.8.6.3; 40 ms is what Linux does, and this core). */
#define ACK_DELAY_NS (40 * MPT_MS)

static mpt_time longer(mpt_time a, mpt_time b) {
    return a > b ? a : b;
}

static mpt_time shorter(mpt_time a, mpt_time b) {
    return a < b ? a : b;
}

/** Smoothed at once and by each sample alike; the TCP's own is for its timeout, and may lag. */
static mpt_time srtt_ns(const mpt_arrival *a, const mpt_tcp *t) {
    if (a->srtt_ns > 0)
        return a->srtt_ns;
    return t->rto.srtt_ns > 0 ? t->rto.srtt_ns : mpt_rto_get(&t->rto);
}

mpt_time mpt_arrival_least(const mpt_arrival *a, const mpt_tcp *t) {
    mpt_time least = mpt_least_get(&t->rtt_min);
    return least == MPT_NEVER ? srtt_ns(a, t) : least;
}

/** Was there a queue before the path when an acknowledgement was measured last? */
static bool has_queue(const mpt_arrival *a, const mpt_tcp *t) {
    return a->rtt_ns > mpt_arrival_least(a, t) + mpt_arrival_least(a, t) / 2;
}

static uint64_t rate_of(uint64_t bytes, mpt_time passed_ns) {
    return (uint64_t)((double)(int64_t)bytes * 1e9 / (double)passed_ns);
}

static uint32_t train_bytes(const mpt_tcp *t) {
    return MPT_TRAIN_SEGMENTS * t->cc.mss_bytes;
}

uint32_t mpt_arrival_bottleneck(const mpt_arrival *a, const mpt_tcp *t) {
    return mpt_bottleneck_rate(&a->bottleneck, train_bytes(t), srtt_ns(a, t));
}

/** Values of 32 bits end there: 71 minutes, 34 Gb/s. */
static uint32_t fit(mpt_time value) {
    return (uint32_t)shorter(value, UINT32_MAX);
}

/** A stretch of time over which the rate is measured. */
static void begin_round(mpt_arrival *a, mpt_time round_ns, mpt_time from) {
    a->since_ns = from;
    a->round_us = fit(round_ns / 1000);
    a->bytes = 0;
}

void mpt_arrival_begin(mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    /* no answer is there before; from then on they come at the path's pace */
    begin_round(a, longer(longer(srtt_ns(a, t), a->rtt_ns), MPT_MS), now + mpt_arrival_least(a, t));
}

void mpt_arrival_acked(mpt_arrival *a, const mpt_tcp *t, bool is_stalled, mpt_time now) {
    uint64_t bytes = t->delivered_bytes - a->delivered_bytes;
    if (bytes == 0)
        return;
    a->delivered_bytes = t->delivered_bytes;
    if (t->cc.rtt_ns > 0 && !is_stalled) {
        a->srtt_ns = a->srtt_ns > 0 ? a->srtt_ns + (t->cc.rtt_ns - a->srtt_ns) / 8 : t->cc.rtt_ns;
        a->rtt_ns = t->cc.rtt_ns;
        a->rtt_at_ns = now;
    }
    a->heard_at_ns = now;
    mpt_bottleneck_acked(&a->bottleneck, fit((mpt_time)bytes), train_bytes(t), a->rtt_ns, srtt_ns(a, t), now);
    if (t->q.lost_bytes > 0)
        a->lost_at_ns = now;
    mpt_time round = longer(longer(srtt_ns(a, t), a->rtt_ns), MPT_MS);
    a->bytes = fit((mpt_time)(a->bytes + bytes));
    mpt_time passed = now - a->since_ns;
    if (passed <
        shorter(round, 2000 * (mpt_time)a->round_us)) /* where a path becomes slow they grow as fast as time passes */
        return;
    uint32_t sample = fit((mpt_time)rate_of(a->bytes, passed));
    bool is_window_full = t->snd_una <= t->limited_point && t->ca == MPT_CA_OPEN; /* else something else set the pace */
    bool has_path_set_pace = is_window_full || has_queue(a, t);
    if (sample > a->rate_bytes_per_s)
        a->rate_bytes_per_s = sample;
    else if (has_path_set_pace) /* acknowledgements come in bursts: the better of two round trips counts */
        a->rate_bytes_per_s = sample > a->sample_bytes_per_s ? sample : a->sample_bytes_per_s;
    a->sample_bytes_per_s = sample;
    begin_round(a, round, now);
}

/** How long an answer may take. */
static mpt_time patience_ns(const mpt_arrival *a, const mpt_tcp *t) {
    mpt_time spread = srtt_ns(a, t) / 2, least = t->q.count <= 1 ? ACK_DELAY_NS : 5 * MPT_MS;
    return srtt_ns(a, t) + longer(spread, least); /* sooner than a tail loss probe (RFC 8985 7.2) */
}

mpt_time mpt_arrival_silent_at(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *in_flight, mpt_time least_ns) {
    return longer(in_flight->sent_at, a->heard_at_ns) + longer(patience_ns(a, t), least_ns) + 1;
}

/** @return for how long nothing was heard though an answer was due; 0 when all is well */
static mpt_time silence_ns(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    const mpt_chunk *oldest = mpt_sendq_oldest(&t->q);
    mpt_time passed = oldest ? now - longer(oldest->sent_at, a->heard_at_ns) : 0;
    bool is_due = passed > a->srtt_ns && mpt_arrival_silent_at(a, t, oldest, 0) <= now;
    return is_due ? passed : 0; /* patience is longer than a round trip */
}

/** Then the rate is about to double. */
bool mpt_arrival_is_opening(const mpt_arrival *a, const mpt_tcp *t) {
    return t->cc.cwnd_bytes < t->cc.ssthresh_bytes &&
           a->rtt_ns <= mpt_arrival_least(a, t) + mpt_arrival_least(a, t) / 4 + 2 * MPT_MS;
}

static uint64_t greater(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/** The rate over a round trip that ends now: what this one has brought so far, and for the rest of it the one before. */
static uint64_t of_last_round_trip(const mpt_arrival *a, const mpt_tcp *t, mpt_time passed) {
    mpt_time whole = longer(srtt_ns(a, t), a->rtt_ns);
    if (a->sample_bytes_per_s == 0 || passed < 0 || passed > whole) /* none has begun yet, or it is long over */
        return 0;
    double of_before = (double)a->sample_bytes_per_s * (double)(whole - passed);
    return (uint64_t)(((double)a->bytes * 1e9 + of_before) / (double)whole);
}

/** The rate of delivery, 0 = not known. */
static uint64_t rate_lately(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    if (mpt_arrival_is_opening(a, t))
        return 2 * (uint64_t)a->rate_bytes_per_s;
    return greater(a->rate_bytes_per_s, of_last_round_trip(a, t, now - a->since_ns));
}

/**
 * The same, but a round trip that lasts longer than it should counts before it is over: what it brought, and one segment that may be about to
 * come, is then an upper bound.
 */
static inline uint64_t rate_by_now(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    mpt_time passed = now - a->since_ns, usual = a->rate_bytes_per_s > 0 ? srtt_ns(a, t) : 0;
    uint64_t rate = rate_lately(a, t, now);
    if (t->q.count == 0 || passed <= usual + usual / 2 + 5 * MPT_MS)
        return rate;
    uint64_t most = rate_of(a->bytes + t->cc.mss_bytes, passed);
    return rate == 0 || most < rate ? most : rate;
}

uint64_t mpt_arrival_rate(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    return rate_by_now(a, t, now);
}

/** No more than the narrowest link passes. */
static inline uint64_t bounded(const mpt_arrival *a, const mpt_tcp *t, uint64_t rate) {
    uint64_t most = a->bottleneck.rate_bytes_per_s;
    if (most > 0 && most < rate)
        most = mpt_arrival_bottleneck(a, t);
    return most > 0 && most < rate ? most : rate;
}

static inline uint64_t rate_bytes_per_s(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    return bounded(a, t, rate_by_now(a, t, now));
}

/** How long the path needs for @p bytes at @p rate of delivery; 0: not known. */
static mpt_time span_at(const mpt_arrival *a, const mpt_tcp *t, uint64_t bytes, uint64_t rate) {
    if (rate > 0)
        return (mpt_time)((double)(int64_t)bytes * 1e9 / (double)(int64_t)rate);
    return (mpt_time)((double)srtt_ns(a, t) * (double)(int64_t)bytes / (double)(int64_t)t->cc.cwnd_bytes);
}

mpt_time mpt_arrival_spacing(const mpt_arrival *a, const mpt_tcp *t) {
    return span_at(a, t, t->cc.mss_bytes, rate_bytes_per_s(a, t, a->heard_at_ns));
}

/** What is to be delivered before a new segment. */
static uint64_t ahead_bytes(const mpt_tcp *t) {
    return mpt_sendq_pipe(&t->q) + (t->q.lost_bytes - t->q.retransmitted_bytes);
}

mpt_time mpt_arrival_of_new(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    mpt_time at_least_ns;
    uint64_t steady_bytes_per_s;
    return mpt_arrival_of_new_from_now(a, t, now, &at_least_ns, &steady_bytes_per_s);
}

mpt_time mpt_arrival_of_new_from_now(const mpt_arrival *a, const mpt_tcp *t, mpt_time now, mpt_time *at_least_ns,
                                     uint64_t *steady_bytes_per_s) {
    mpt_time silence = silence_ns(a, t, now), idle = a->rtt_ns > 0 ? a->rtt_ns - (now - a->rtt_at_ns) : 0;
    mpt_time least = mpt_arrival_least(a, t);
    mpt_time ns = longer(least, shorter(idle, srtt_ns(a, t))); /* a queue seen lately drains meanwhile */
    uint64_t ahead = ahead_bytes(t), rate = rate_bytes_per_s(a, t, now);
    *at_least_ns = least;
    *steady_bytes_per_s = silence == 0 ? rate : 0;
    if (rate == 0) {
        ns += span_at(a, t, ahead, 0); /* no more than a window a round trip is known to pass */
    } else {
        mpt_time span = span_at(a, t, ahead + t->cc.mss_bytes, rate);
        ns = longer(ns, span);
        *at_least_ns = longer(least, span); /* the rate seems but less as time passes and nothing comes */
    }
    return silence > 0 ? longer(ns, silence + srtt_ns(a, t)) : ns;
}

/**
 * With some outstanding, and answers as they should be, all that grows when more is sent is the time that the path needs for what is ahead.
 * A billionth less than that is certain whatever the rounding.
 */
uint64_t mpt_arrival_bytes_within(const mpt_tcp *t, mpt_time ns, uint64_t steady_bytes_per_s) {
    uint64_t ahead = ahead_bytes(t) + t->cc.mss_bytes;
    if (t->q.count < 2)
        return 0;
    uint64_t bytes = (uint64_t)((double)ns * (1 - 1e-9) / 1e9 * (double)(int64_t)steady_bytes_per_s);
    return bytes > ahead ? bytes - ahead : 0;
}

/** How long an acknowledgement usually takes. */
static mpt_time usual_ns(const mpt_arrival *a, const mpt_tcp *t) {
    return longer(srtt_ns(a, t), a->rtt_ns);
}

mpt_time mpt_arrival_overdue_at(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *k) {
    mpt_time usual = usual_ns(a, t), late = usual / 8 + 5 * MPT_MS;
    return k->sent_at + usual + (t->q.count <= 1 ? longer(late, ACK_DELAY_NS) : late);
}

/** Nothing is heard although an answer is due: it is lost, but that has to be found out by a probe or a timeout first. */
static mpt_time by_recovery_ns(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    mpt_time least =
        has_queue(a, t) ? 2 * longer(srtt_ns(a, t), a->rtt_ns) : 0; /* a round trip may well be longer than the last */
    if (silence_ns(a, t, now) <= least)
        return 0;
    if (t->tlp.timer_at != MPT_NEVER)
        return longer(t->tlp.timer_at - now, 0) + 2 * srtt_ns(a, t);
    return t->rto_at == MPT_NEVER ? 0 : longer(t->rto_at - now, 0) + srtt_ns(a, t);
}

bool mpt_arrival_is_silent(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    return silence_ns(a, t, now) > (has_queue(a, t) ? 2 * usual_ns(a, t) : 0); /* as long as a tail loss probe waits */
}

/** How long the path needs for what is ahead of @p k, in flight, and for @p k itself; 0: not known. What was sent again had all that is in flight before it. */
static mpt_time by_queue_ns(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *k, mpt_time now) {
    uint64_t ahead = mpt_chunk_end(k) - t->snd_una, sacked = t->q.sacked_bytes < ahead ? t->q.sacked_bytes : ahead;
    uint64_t rate = rate_bytes_per_s(a, t, now);
    if (rate == 0)
        return 0;
    if (t->ca != MPT_CA_OPEN && (k->flags & MPT_CHUNK_EVER_RESENT))
        return longer(span_at(a, t, mpt_sendq_pipe(&t->q), rate) - (now - k->sent_at), 0);
    return span_at(a, t, ahead - sacked, rate);
}

mpt_time mpt_arrival_of_chunk(const mpt_arrival *a, const mpt_tcp *t, const mpt_chunk *k, bool is_last, mpt_time now) {
    mpt_time age = now - k->sent_at, due = usual_ns(a, t) - age;
    bool is_late = mpt_arrival_overdue_at(a, t, k) <= now;
    if (!mpt_chunk_is_flying(k))
        return mpt_arrival_of_new(a, t, now);
    mpt_time by_queue = by_queue_ns(a, t, k, now);
    if (!is_late)
        return longer(due, by_queue);
    if (t->ca == MPT_CA_OPEN && (is_last ? silence_ns(a, t, now) == 0 : !mpt_arrival_is_silent(a, t, now)))
        return longer(by_queue, usual_ns(a, t) / 4);
    if ((k->flags & MPT_CHUNK_EVER_RESENT) &&
        t->rto_at != MPT_NEVER) /* it is lost again: only the timeout finds that */
        return longer(by_queue, longer(t->rto_at - now, 0) + srtt_ns(a, t));
    return longer(longer(by_queue, age), is_last ? by_recovery_ns(a, t, now) : 0);
}

mpt_time mpt_arrival_of_chunks_at_most(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    uint64_t rate = rate_bytes_per_s(a, t, now);
    return longer(usual_ns(a, t), rate > 0 ? span_at(a, t, t->snd_nxt - t->snd_una, rate) : 0);
}

mpt_time mpt_arrival_of_new_at_worst(const mpt_arrival *a, const mpt_tcp *t, mpt_time now) {
    enum { ROUNDS_REMEMBERED = 20 };
    mpt_time ns = mpt_arrival_of_new(a, t, now);
    return a->lost_at_ns > 0 && now - a->lost_at_ns < ROUNDS_REMEMBERED * ns ? 2 * ns : ns;
}

bool mpt_arrival_is_guess(const mpt_arrival *a, mpt_time ns, mpt_time other_ns) {
    enum { WAITED_FOR_MOST = 8 };
    return a->rate_bytes_per_s == 0 && other_ns < WAITED_FOR_MOST * ns;
}

uint64_t mpt_arrival_bytes(const mpt_arrival *a, const mpt_tcp *t, mpt_time span, mpt_time now) {
    enum { DOUBLINGS_MAX = 20 };
    mpt_time round = longer(mpt_arrival_of_new(a, t, now), 1);
    if (span <= 0)
        return 0;
    if (mpt_arrival_is_opening(a, t) && silence_ns(a, t, now) == 0) {
        mpt_time rounds = span / round;
        uint64_t window = t->cc.cwnd_bytes, bytes = 0;
        for (mpt_time i = 0; i < rounds && i < DOUBLINGS_MAX; i++, window *= 2)
            bytes += window;
        return bytes + (uint64_t)((double)window * (double)(span % round) / (double)round);
    }
    double rounds = (double)span / (double)round, steady = (double)t->cc.cwnd_bytes * rounds;
    uint64_t rate = rate_bytes_per_s(a, t, now);
    if (rate > 0)
        steady = (double)rate * (double)span / 1e9;
    if (a->lost_at_ns > 0 && now - a->lost_at_ns < span)
        return (uint64_t)steady; /* what it gains in some rounds it loses in others */
    double grown = steady + (double)t->cc.mss_bytes * rounds * rounds / 2; /* by a segment a round trip */
    return (uint64_t)(grown < 2 * steady ? grown : 2 * steady);
}
