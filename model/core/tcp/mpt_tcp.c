/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_tcp.c: a segment arrives at a subflow: RFC 9293 3.10.7 in its order (sequence, RST, SYN, ACK, options, payload, FIN), with the
 * in-window checks of RFC 5961 and PAWS (RFC 7323 5).
 */
#include "tcp/mpt_tcp.h"

enum {
    MSS_LEAST = 48 /* options take up to 40 bytes of it (as in Linux) */
};
#define REFUSALS_APART_NS (500 * MPT_MS)
#define TS_RECENT_LIFE_NS (24 * 86400 * MPT_S) /* RFC 7323 5.5 */

/* ---- Life ---- */

static size_t whole_words(size_t bytes) {
    return (bytes + 7) & ~(size_t)7;
}

size_t mpt_tcp_policy_bytes(const mpt_stack *st, const mpt_conn_settings *set) {
    const mpt_cc_ops *cc = mpt_cc_named(st, set->congestion_control);
    return whole_words(cc->priv_bytes) + (cc->on_rate ? sizeof(mpt_rate) : 0);
}

void mpt_tcp_init(mpt_tcp *t, const mpt_tcp_user *user, mpt_stack *st, const mpt_conn_settings *set, mpt_tcp_node *node,
                  const mpt_endpoint *local, const mpt_endpoint *remote, void *policy, mpt_time now) {
    const mpt_cc_ops *cc = mpt_cc_named(st, set->congestion_control);
    t->user = user;
    t->stack = st;
    t->set = set;
    t->node = node;
    t->local = *local;
    t->remote = *remote;
    t->iss = (uint32_t)mpt_random_u64(&st->random);
    t->ts_offset = (uint32_t)mpt_random_u64(&st->random);
    t->segment_bytes_max = mpt_tcp_own_mss(t);
    t->fin_offset = UINT64_MAX;
    t->rto_at = t->stall_at = t->ack_at = t->time_wait_at = MPT_NEVER;
    t->rack.timer_at = t->tlp.timer_at = t->release_at = MPT_NEVER;
    t->rack.window_steps = 1;
    t->last_data_sent_at = now;
    t->refused_at = now - REFUSALS_APART_NS;
    t->q.resend_from = UINT64_MAX;
    mpt_rto_init(&t->rto, set->rto_initial_ns, set->rto_min_ns, set->rto_max_ns);
    mpt_least_init(&t->rtt_min);
    mpt_cc_init(&t->cc, cc, cc->priv_bytes > 0 ? policy : NULL,
                (uint64_t)set->initial_window_segments * t->segment_bytes_max, t->segment_bytes_max);
    t->cc.seed = t->iss;
    if (cc->on_rate) {
        t->rate = (mpt_rate *)((char *)policy + whole_words(cc->priv_bytes));
        t->q.has_stamps = true;
    }
    mpt_hash_insert(&st->tuples, &t->hash, mpt_tuple_hash(local, remote), &st->mem);
}

uint32_t mpt_tcp_own_mss(const mpt_tcp *t) {
    uint32_t ip_bytes = t->local.addr.family == 6 ? 40 : 20;
    const mpt_local_address *l = mpt_stack_find_local(t->stack, &t->local.addr);
    uint32_t mtu_bytes = l && l->mtu_bytes ? l->mtu_bytes : 1500;
    uint32_t mss = mtu_bytes > ip_bytes + 20 + 88 ? mtu_bytes - ip_bytes - 20 : 88;
    return mss < t->set->mss_bytes_max ? mss : t->set->mss_bytes_max;
}

/* ---- Helpers ---- */

mpt_status mpt_tcp_reserve_beyond(mpt_stack *st, mpt_reasm *q, uint64_t start) {
    mpt_status status = mpt_reasm_reserve(q, start, &st->mem);
    if (status == MPT_ERR_LIMIT)
        MPT_COUNT(st, TCPOFODrop);
    else if (status)
        MPT_COUNT(st, NoMemory);
    return status;
}

void mpt_tcp_ack_soon(mpt_tcp *t, mpt_time now) {
    const mpt_conn_settings *set = t->set;
    t->unacked_segments++;
    if (!set->delayed_ack || t->unacked_segments >= set->delayed_ack_segments) {
        t->ack_wanted = true;
    } else if (t->ack_at == MPT_NEVER) {
        t->ack_at = now + set->delayed_ack_ns;
        mpt_tcp_arm(t, t->ack_at);
    }
}

void mpt_tcp_challenge_ack(mpt_tcp *t, mpt_time now) {
    mpt_stack *st = t->stack;
    if (now >= st->challenge_second + MPT_S) {
        st->challenge_second = now;
        st->challenge_count = 0;
    }
    if (st->challenge_count++ >= st->set.challenge_acks_per_s)
        return;
    MPT_COUNT(st, TCPChallengeACK);
    t->ack_wanted = true;
}

void mpt_tcp_enter_time_wait(mpt_tcp *t, mpt_time now) {
    t->state = MPT_TCP_TIME_WAIT;
    t->rto_at = MPT_NEVER;
    if (t->q.count == 0)
        mpt_sendq_free(&t->q, &t->stack->mem);
    t->time_wait_at = now + t->set->time_wait_ns;
    mpt_tcp_arm(t, t->time_wait_at);
    t->user->event(t, MPT_TCP_EVENT_TIME_WAIT, now);
}

uint8_t mpt_tcp_window_scale(const mpt_conn_settings *set) {
    uint8_t scale = 0;
    while (scale < 14 && (set->receive_buffer_bytes >> scale) > 65535)
        scale++;
    return scale;
}

void mpt_tcp_syn_options_received(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    const mpt_conn_settings *set = t->set;
    uint32_t own = mpt_tcp_own_mss(t), peer = w->has_mss && w->mss > 0 ? w->mss : set->mss_bytes_default;
    t->segment_bytes_max = own < peer ? own : peer;
    if (t->segment_bytes_max < MSS_LEAST)
        t->segment_bytes_max = MSS_LEAST;
    t->has_timestamps = set->timestamps && w->has_timestamps;
    t->has_sack = set->sack && w->is_sack_permitted;
    t->rack.is_on = t->has_sack && set->rack;
    t->tlp.is_on = t->has_sack && set->tail_loss_probe;
    bool is_synack = w->flags & MPT_ACK;
    bool is_ecn_offer = (w->flags & (MPT_ECE | MPT_CWR)) == (is_synack ? MPT_ECE : (MPT_ECE | MPT_CWR));
    t->has_ecn = set->ecn && is_ecn_offer;
    if (set->window_scaling && w->has_window_scale) {
        t->snd_scale = w->window_scale > 14 ? 14 : w->window_scale;
        t->rcv_scale = mpt_tcp_window_scale(set);
    } else {
        t->snd_scale = t->rcv_scale = 0; /* both or none (RFC 7323 2.2) */
    }
    if (w->has_timestamps) {
        t->ts_recent = w->ts_value;
        t->ts_recent_at = now;
    }
    t->window_bytes_max = w->window; /* not scaled in a SYN (RFC 7323 2.2) */
    uint32_t mss_bytes = mpt_tcp_mss(t);
    mpt_cc_end(&t->cc);
    mpt_cc_init(&t->cc, t->cc.ops, t->cc.priv, (uint64_t)set->initial_window_segments * mss_bytes, mss_bytes);
    t->cc.seed = t->iss;
}

/* ---- Our SYN or SYN/ACK was acknowledged ---- */

/** One that was sent again measures nothing, unless the echo tells which was answered. */
static void measure_handshake(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    mpt_time rtt_ns = now > t->last_data_sent_at ? now - t->last_data_sent_at : 1;
    if (t->syn_sent_count > 1)
        rtt_ns = mpt_tcp_echoed_rtt(t, w, now);
    if (rtt_ns > 0)
        mpt_tcp_rtt_measured(t, rtt_ns, now);
    else
        mpt_rto_unmeasured(&t->rto);
    mpt_rto_reset_backoff(&t->rto);
    t->snd_una = 1;
    t->rto_at = MPT_NEVER;
}

/** The initial window is one segment after more than one loss in the handshake (RFC 5681 3.1; the first is forgiven, as in Linux). */
static void start_sending(mpt_tcp *t) {
    uint32_t segments = t->syn_sent_count > 2 ? 1 : t->set->initial_window_segments;
    t->state = MPT_TCP_ESTABLISHED;
    t->cc.mss_bytes = mpt_tcp_mss(t);
    mpt_cc_set_window(&t->cc, (uint64_t)segments * mpt_tcp_payload_max(t)); /* segments like the first one */
    mpt_tcp_tell_rtts(t); /* the peer's MSS may have begun the congestion control anew */
}

/* ---- SYN-SENT (RFC 9293 3.10.7.3) ---- */

static void synack_accepted(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    measure_handshake(t, w, now);
    if (!t->user->handshake_in(t, w, MPT_TCP_STEP_SYNACK, now))
        return;
    start_sending(t);
    t->ack_wanted = true;
    t->user->established(t, w, now);
}

static void simultaneous_open(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    if (!t->user->handshake_in(t, w, MPT_TCP_STEP_CROSSED, now))
        return;
    t->state = MPT_TCP_SYN_RECEIVED;
    t->syn_wanted = true;
}

static void syn_sent_received(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    bool is_ack = w->flags & MPT_ACK;
    if (is_ack && (w->ack - t->iss != 1 || t->snd_nxt == 0)) {
        mpt_reply_reset(t->stack, w, in, -1, 0);
        return;
    }
    if (w->flags & MPT_RST) {
        if (is_ack) {
            MPT_COUNT(t->stack, AttemptFails);
            t->user->event(t, MPT_TCP_EVENT_ENDED, now);
        }
        return;
    }
    if (!(w->flags & MPT_SYN))
        return;
    t->irs = w->seq;
    mpt_reasm_init(&t->rx, 1, t->set->receive_buffer_bytes);
    mpt_tcp_syn_options_received(t, w, now);
    if (is_ack)
        synack_accepted(t, w, now);
    else
        simultaneous_open(t, w, now);
}

/* ---- Checks before anything is believed ---- */

/** After 24 days without one a timestamp may have come round: the next is taken as it is (RFC 7323 5.5). */
static bool is_ts_recent_outdated(const mpt_tcp *t, mpt_time now) {
    return now - t->ts_recent_at > TS_RECENT_LIFE_NS;
}

/** @return true when the segment is too old by its timestamp. A late pure ACK is harmless and may pass (as in Linux). */
static bool fails_paws(mpt_tcp *t, const mpt_wire *w, uint32_t length, mpt_time now) {
    if (!t->has_timestamps || !w->has_timestamps || (w->flags & MPT_RST) || length == 0)
        return false;
    return mpt_seq32_before(w->ts_value, t->ts_recent) && !is_ts_recent_outdated(t, now);
}

static bool is_acceptable(const mpt_tcp *t, int64_t seq, uint32_t length) {
    int64_t next = (int64_t)t->rx.next, edge;
    if (seq == next)
        return true; /* whatever the window: in a closed one the acknowledgement is still good */
    edge = (int64_t)t->user->acceptable_edge(t);
    if (edge <= next)
        return false;
    return length == 0 ? seq >= next && seq <= edge : seq < edge && seq + length > next;
}

/** [start, end) has arrived twice: the next acknowledgement says so (RFC 2883 4). */
static void duplicate_received(mpt_tcp *t, uint64_t start, uint64_t end) {
    if (!t->has_sack || start >= end)
        return;
    t->dsack_start = start;
    t->dsack_end = end;
    MPT_COUNT(t->stack, TCPDSACKOldSent);
}

/** A segment that is dropped: was it late, because what was sent after it in its place has arrived? */
static void refuse(mpt_tcp *t, const mpt_wire *w, int64_t seq, uint32_t length) {
    int64_t end = seq + length - (w->flags & MPT_FIN ? 1 : 0), next = (int64_t)t->rx.next;
    if (seq >= 0 && seq < next && !(w->flags & MPT_SYN))
        duplicate_received(t, (uint64_t)seq, (uint64_t)(end < next ? end : next));
    t->ack_wanted = true;
}

/** RFC 4022: tcpEstabResets and tcpAttemptFails. @param state the TCP was in when the RST came */
static void count_reset(mpt_stack *st, mpt_tcp_state state) {
    if (state == MPT_TCP_SYN_RECEIVED)
        MPT_COUNT(st, AttemptFails);
    else if (state == MPT_TCP_ESTABLISHED || state == MPT_TCP_CLOSE_WAIT)
        MPT_COUNT(st, EstabResets);
}

/**
 * What is outside the window is answered, so that a peer that is wrong learns what is right. Without payload it is so no more often than every half
 * second: two ends that are both wrong would answer each other for ever (Linux: tcp_invalid_ratelimit).
 */
static void refuse_unacceptable(mpt_tcp *t, const mpt_wire *w, int64_t seq, uint32_t length, mpt_time now) {
    if (length == 0 && now < t->refused_at + REFUSALS_APART_NS) {
        MPT_COUNT(t->stack, TCPACKSkippedSeq);
        return;
    }
    if (length == 0)
        t->refused_at = now;
    refuse(t, w, seq, length);
}

/** Sequence, RST and SYN. @return true when the segment may be believed. */
static bool passes_checks(mpt_tcp *t, const mpt_wire *w, int64_t seq, uint32_t length, mpt_time now) {
    if (fails_paws(t, w, length, now)) {
        MPT_COUNT(t->stack, PAWSEstab);
        refuse(t, w, seq, length);
        return false;
    }
    if (!is_acceptable(t, seq, length)) {
        if (w->flags & MPT_RST)
            return false;
        if ((w->flags & MPT_SYN) && t->state != MPT_TCP_SYN_RECEIVED) { /* whatever its number (RFC 5961 4.2) */
            mpt_tcp_challenge_ack(t, now);
            return false;
        }
        if (t->state == MPT_TCP_SYN_RECEIVED && (w->flags & MPT_SYN)) {
            if (t->is_client && seq == 0 && (w->flags & MPT_ACK))
                return true;      /* SYNs crossed: the peer's SYN/ACK is the answer to ours (RFC 9293 3.5 figure 7) */
            t->syn_wanted = true; /* our SYN/ACK was lost */
            t->is_syn_doubled =
                now - t->last_data_sent_at < t->set->rto_initial_ns / 2; /* or the network doubled theirs */
            return false;
        }
        if (t->state == MPT_TCP_TIME_WAIT && (w->flags & MPT_FIN))
            mpt_tcp_enter_time_wait(t, now); /* from the beginning (RFC 9293 3.10.7.4) */
        refuse_unacceptable(t, w, seq, length, now);
        return false;
    }
    if ((w->flags & (MPT_RST | MPT_SYN | MPT_ACK)) == MPT_ACK)
        return true;
    if (w->flags & MPT_RST) { /* RFC 5961 3.2 */
        mpt_tcp_state state = t->state;
        if (t->user->reset_in(t, w, seq == (int64_t)t->rx.next, now))
            count_reset(t->stack, state);
        else
            mpt_tcp_challenge_ack(t, now);
        return false;
    }
    if (w->flags & MPT_SYN) { /* RFC 5961 4.2 */
        mpt_tcp_challenge_ack(t, now);
        return false;
    }
    return false;
}

static void timestamp_received(mpt_tcp *t, const mpt_wire *w, int64_t seq, mpt_time now) {
    if (!t->has_timestamps || !w->has_timestamps || seq > (int64_t)t->last_ack_sent)
        return;
    if (!mpt_seq32_before(w->ts_value, t->ts_recent) || is_ts_recent_outdated(t, now)) {
        t->ts_recent = w->ts_value;
        t->ts_recent_at = now;
    }
}

/* ---- SYN-RECEIVED ---- */

static bool syn_received_acked(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    if (w->ack - t->iss != 1 || t->snd_nxt == 0) {
        mpt_reply_reset(t->stack, w, in, -1, 0);
        return false;
    }
    if (!t->user->handshake_in(t, w, MPT_TCP_STEP_ACK, now))
        return false;
    measure_handshake(t, w, now);
    start_sending(t);
    t->user->established(t, w, now);
    return true;
}

/* ---- Payload and FIN ---- */

static void ecn_received(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in) {
    if (!t->has_ecn)
        return;
    if (t->cc.ops->is_each_mark_echoed) { /* RFC 8257 3.2, but the acknowledgement held back goes with the new state */
        bool is_marked = in->ecn == 3;
        if (in->payload_bytes > 0 && is_marked != t->is_ece_wanted) {
            t->is_ece_wanted = is_marked;
            t->ack_wanted = true;
        }
        return;
    }
    if (w->flags & MPT_CWR)
        t->is_ece_wanted = false;
    if (in->ecn == 3) {
        t->is_ece_wanted = true;
        t->ack_wanted = true;
    }
}

/** Payload at [seq, seq + payload_bytes), part of which may be old or beyond the window. */
__attribute__((noinline)) static void any_payload_received(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in,
                                                           int64_t seq, mpt_store *store, mpt_time now) {
    uint64_t next = t->rx.next, start = seq > (int64_t)next ? (uint64_t)seq : next;
    uint64_t end = (uint64_t)(seq + in->payload_bytes), fresh = 0;
    if (end <= start)
        return;
    bool is_out_of_order = start > next || t->rx.beyond.count > 0;
    if (mpt_tcp_reserve(t->stack, &t->rx, start))
        return;
    uint64_t taken = t->user->data_in(t, w, in, start, end, (uint32_t)(start - (uint64_t)seq), store, now);
    if (taken == UINT64_MAX || t->state == MPT_TCP_CLOSED)
        return;
    if (taken <= start) {
        t->ack_wanted = true;
        return;
    }
    mpt_range twice = {start, start};
    if (seq > 0 && (uint64_t)seq < start)
        twice.start = (uint64_t)seq;
    else if (t->rx.beyond.count > 0)
        twice = mpt_reasm_duplicate(&t->rx, start, taken);
    mpt_status status = mpt_reasm_insert(&t->rx, start, taken, &fresh, &t->stack->mem);
    MPT_ASSERT(status == MPT_OK);
    duplicate_received(t, twice.start, twice.end);
    if (is_out_of_order) {
        mpt_recent_arrived(&t->recent, &t->rx, start);
        t->ack_wanted = true; /* RFC 5681 4.2: at once, holes filled included */
    }
    mpt_tcp_ack_soon(t, now);
}

/** Nearly all payload is what comes next. */
static void payload_received(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, int64_t seq, mpt_store *store,
                             mpt_time now) {
    uint64_t next = t->rx.next;
    if (seq != (int64_t)next || t->rx.beyond.count > 0) {
        any_payload_received(t, w, in, seq, store, now);
        return;
    }
    uint64_t taken = t->user->data_in(t, w, in, next, next + in->payload_bytes, 0, store, now);
    if (taken == UINT64_MAX || t->state == MPT_TCP_CLOSED)
        return;
    t->rx.next = taken;
    if (taken > next)
        mpt_tcp_ack_soon(t, now);
    else
        t->ack_wanted = true;
}

static void fin_arrived(mpt_tcp *t, mpt_time now) {
    t->ack_wanted = true;
    switch (t->state) {
    case MPT_TCP_ESTABLISHED: t->state = MPT_TCP_CLOSE_WAIT; break;
    case MPT_TCP_FIN_WAIT_1:
        t->state = MPT_TCP_CLOSING; /* had our FIN been acknowledged, the state would be FIN-WAIT-2 */
        break;
    case MPT_TCP_FIN_WAIT_2: mpt_tcp_enter_time_wait(t, now); break;
    case MPT_TCP_CLOSED:
    case MPT_TCP_LISTEN:
    case MPT_TCP_SYN_SENT:
    case MPT_TCP_SYN_RECEIVED:
    case MPT_TCP_CLOSE_WAIT:
    case MPT_TCP_CLOSING:
    case MPT_TCP_LAST_ACK:
    case MPT_TCP_TIME_WAIT: break;
    }
    t->user->event(t, MPT_TCP_EVENT_FIN_IN, now);
}

static void fin_received(mpt_tcp *t, const mpt_wire *w, uint64_t end, mpt_time now) {
    uint64_t fresh;
    if ((w->flags & MPT_FIN) && t->fin_offset == UINT64_MAX)
        t->fin_offset = end;
    if (t->rx.next != t->fin_offset) {
        t->ack_wanted |= (w->flags & MPT_FIN) != 0; /* out of order (RFC 5681 4.2) */
        return;
    }
    if (mpt_reasm_insert(&t->rx, t->fin_offset, t->fin_offset + 1, &fresh, &t->stack->mem) == MPT_OK) {
        mpt_recent_arrived(&t->recent, &t->rx, t->fin_offset);
        fin_arrived(t, now);
    }
}

/* ---- The whole ---- */

void mpt_tcp_receive(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_store *store, mpt_time now) {
    if (t->state == MPT_TCP_SYN_SENT) {
        syn_sent_received(t, w, in, now);
        return;
    }
    int64_t next = (int64_t)t->rx.next;
    int64_t seq = next + (int32_t)(w->seq - t->irs - (uint32_t)next);
    uint32_t length = in->payload_bytes;
    if (w->flags & (MPT_SYN | MPT_FIN))
        length += (w->flags & MPT_SYN ? 1u : 0u) + (w->flags & MPT_FIN ? 1u : 0u);
    if (!passes_checks(t, w, seq, length, now) || !t->user->segment_in(t, w, now))
        return;
    timestamp_received(t, w, seq, now);
    if (t->state == MPT_TCP_SYN_RECEIVED && !syn_received_acked(t, w, in, now))
        return;
    if (!mpt_tcp_ack_received(t, w, in->payload_bytes, now) || t->state == MPT_TCP_CLOSED)
        return;
    if (!t->user->options_in(t, w, in, now) || t->state == MPT_TCP_CLOSED)
        return;
    ecn_received(t, w, in);
    bool may_receive =
        t->state == MPT_TCP_ESTABLISHED || t->state == MPT_TCP_FIN_WAIT_1 || t->state == MPT_TCP_FIN_WAIT_2;
    if (may_receive && in->payload_bytes > 0)
        payload_received(t, w, in, seq, store, now);
    if (t->state != MPT_TCP_CLOSED && may_receive)
        fin_received(t, w, (uint64_t)(seq + in->payload_bytes), now);
}
