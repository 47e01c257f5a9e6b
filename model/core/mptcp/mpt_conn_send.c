/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn_send.c: which segment of a connection leaves next. Data are bound to a subflow here and not before: first what a dead or
 * stalled subflow left behind (reinjection), then new bytes within the peer's window, by the scheduler's choice.
 */
#include "mptcp/mpt_conn.h"

/* ---- What may be sent ---- */

typedef struct piece {
    uint64_t offset;
    uint64_t bytes; /**< 0: nothing */
    bool is_again;  /**< a reinjection */
} piece;

static piece next_piece(const mpt_conn *c) {
    if (c->reinject.count > 0) {
        const mpt_range *r = &c->reinject.items[0];
        return (piece){r->start, r->end - r->start, true};
    }
    uint64_t end = c->snd_written < c->snd_edge ? c->snd_written : c->snd_edge;
    return (piece){c->snd_nxt, end > c->snd_nxt ? end - c->snd_nxt : 0, false};
}

static uint64_t total_flight(const mpt_conn *c) {
    return c->snd_nxt - c->snd_una;
}

/** Greatest window the peer ever offered. */
static uint64_t window_max(const mpt_conn *c) {
    uint64_t max = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.window_bytes_max > max)
            max = c->subflows[i]->t.window_bytes_max;
    return max;
}

/** The window leaves room for so little that it is not worth a segment: silly window avoidance (RFC 9293 3.8.6.2.1). */
static bool is_silly(const mpt_conn *c, const piece *p, uint32_t mss_bytes) {
    bool is_window_limited = p->offset + p->bytes < c->snd_written;
    return is_window_limited && p->bytes < mss_bytes && (total_flight(c) > 0 || p->bytes < window_max(c) / 2);
}

/** Small segments wait: silly window avoidance, and Nagle (RFC 9293 3.7.4). */
static bool must_wait(const mpt_conn *c, const piece *p, uint32_t mss_bytes) {
    if (p->is_again)
        return false;
    bool is_held_by_nagle = c->set.nagle && !c->fin_requested && p->bytes < mss_bytes && total_flight(c) > 0;
    return is_held_by_nagle || is_silly(c, p, mss_bytes);
}

/* ---- On which subflow ---- */

static bool is_backup(const mpt_subflow *sf) {
    return sf->is_backup_local || sf->is_backup_remote;
}

static bool is_fit(const mpt_subflow *sf) {
    return mpt_subflow_can_send(sf) && !sf->is_stalled;
}

/** Subflows that may take new data as far as their state goes: ordinary ones, or, without any, backup ones (RFC 8684 3.3.8). */
static uint32_t fit_subflows(const mpt_conn *c, mpt_subflow **out) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (is_fit(c->subflows[i]) && !is_backup(c->subflows[i]))
            out[n++] = c->subflows[i];
    for (uint32_t i = 0; n == 0 && i < c->subflow_count; i++)
        if (is_fit(c->subflows[i]))
            out[n++] = c->subflows[i];
    return n;
}

static uint32_t with_room(mpt_subflow **subflows, uint32_t count, mpt_time now) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++)
        if (mpt_recovery_allows(&subflows[i]->t, subflows[i]->t.cc.mss_bytes, true, now))
            subflows[n++] = subflows[i];
    return n;
}

/** The subflow for what is not data (a DATA_FIN, a probe): with each @p turn another, for a dead one would not tell. */
static mpt_subflow *any_subflow(const mpt_conn *c, uint32_t turn) {
    mpt_subflow *subflows[MPT_SUBFLOWS_LIMIT];
    uint32_t n = 0;
    for (int is_stalled = 0; is_stalled <= 1 && n == 0; is_stalled++)
        for (uint32_t i = 0; i < c->subflow_count; i++)
            if (mpt_subflow_is_alive(c->subflows[i]) && c->subflows[i]->is_established &&
                c->subflows[i]->is_stalled == is_stalled)
                subflows[n++] = c->subflows[i];
    return n > 0 ? subflows[turn % n] : NULL;
}

/* ---- Sending ---- */

static void after_new_data(mpt_conn *c, uint64_t bytes, bool is_data_fin, mpt_time now) {
    c->snd_nxt += bytes;
    if (is_data_fin) {
        c->is_fin_last = c->peer_ended;
        c->fin_sent = true;
        c->data_fin_wanted = false;
        c->fin_at = now + 2 * c->set.rto_initial_ns;
        mpt_conn_arm(c, c->fin_at);
    } else if (c->fin_requested && c->snd_nxt == c->snd_written) {
        mpt_conn_close_progress(c, now);
    }
}

static bool transmit_piece(mpt_conn *c, mpt_subflow *sf, const piece *p, mpt_segment *out, mpt_time now) {
    uint32_t max = mpt_tcp_payload_max(&sf->t), bytes = p->bytes < max ? (uint32_t)p->bytes : max;
    bool is_mptcp = mpt_conn_is_mptcp(c);
    bool is_last = p->offset + bytes == c->snd_written && c->fin_requested;
    bool may_end = is_mptcp && c->is_fully_established && bytes < 65535;
    bool is_data_fin = is_last && may_end && (!p->is_again || c->fin_sent);
    if (p->is_again && mpt_ranges_remove(&c->reinject, p->offset, p->offset + bytes, &c->stack->mem)) {
        mpt_conn_starved(c, now);
        return false;
    }
    uint32_t flags =
        (is_data_fin ? MPT_CHUNK_DATA_FIN : 0) | (p->offset + bytes == c->snd_written ? MPT_CHUNK_PUSH : 0);
    if (mpt_tcp_transmit_data(&sf->t, p->offset, bytes, (uint8_t)flags, out, now)) {
        mpt_conn_starved(c, now);
        if (p->is_again)
            mpt_ranges_add(&c->reinject, p->offset, p->offset + bytes, NULL, &c->stack->mem);
        return false;
    }
    c->last_used = sf;
    c->fallback.is_straight &= !p->is_again && !sf->is_join;
    if (p->is_again) {
        c->bytes_reinjected += bytes;
        MPT_COUNT(c->stack, MPTCPRetrans);
    } else {
        after_new_data(c, bytes, is_data_fin, now);
    }
    return true;
}

/** The third ACK with both keys goes before a DATA_FIN (RFC 8684 3.1), and, in version 0, before data. */
static bool waits_for_third_ack(const mpt_conn *c) {
    const mpt_subflow *sf = c->subflow_count > 0 ? c->subflows[0] : NULL;
    return sf && !sf->is_join && c->is_client && mpt_conn_is_mptcp(c) && !c->is_fully_established && sf->t.ack_wanted;
}

static bool transmit_data(mpt_conn *c, mpt_segment *out, mpt_time now) {
    mpt_subflow *subflows[MPT_SUBFLOWS_LIMIT];
    piece p = next_piece(c);
    if (p.bytes == 0 || waits_for_third_ack(c))
        return false;
    uint32_t count = with_room(subflows, fit_subflows(c, subflows), now);
    if (count == 0)
        return false;
    mpt_subflow *sf = count == 1 ? subflows[0] : mpt_sched_find(c->set.scheduler)->pick(subflows, count, c->last_used);
    if (must_wait(c, &p, sf->t.cc.mss_bytes))
        return false;
    return transmit_piece(c, sf, &p, out, now);
}

/** A tail loss probe (RFC 8985 7.3): new data if there are, whatever the congestion window says, else the last segment again. */
static bool transmit_tail_probe(mpt_conn *c, mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    piece p = next_piece(c);
    sf->t.tlp.is_wanted = false;
    bool has_new = p.bytes > 0 && !p.is_again && !c->is_dead && is_fit(sf) && !is_backup(sf);
    if (has_new && transmit_piece(c, sf, &p, out, now)) {
        mpt_tlp_sent(&sf->t, false);
        return true;
    }
    if (sf->t.q.count == 0 || sf->t.ca >= MPT_CA_RECOVERY)
        return false;
    mpt_tcp_transmit_tail(&sf->t, out, now);
    mpt_tlp_sent(&sf->t, true);
    return true;
}

/** A DATA_FIN on its own: an ACK with a mapping of length 1 (RFC 8684 3.3.3). */
static bool transmit_data_fin(mpt_conn *c, mpt_segment *out, mpt_time now) {
    if (!c->data_fin_wanted)
        return false;
    mpt_subflow *sf = any_subflow(c, c->fin_sent_count);
    if (waits_for_third_ack(c))
        return false;
    bool is_all_sent = c->snd_nxt == c->snd_written;
    if (!sf || !is_all_sent || c->fin_acked || !mpt_conn_is_mptcp(c))
        return false;
    c->data_fin_wanted = false;
    if (!c->fin_sent)
        c->is_fin_last = c->peer_ended;
    c->fin_sent = true;
    if (c->fin_at == MPT_NEVER || c->fin_at <= now)
        c->fin_at = now + mpt_rto_get(&sf->t.rto);
    mpt_conn_arm(c, c->fin_at);
    mpt_subflow_transmit_data_fin(sf, out, now);
    return true;
}

static bool transmit_probe(mpt_conn *c, mpt_segment *out, mpt_time now) {
    mpt_subflow *sf = c->probe_wanted ? any_subflow(c, c->probe_count - 1) : NULL;
    if (!sf)
        return false;
    c->probe_wanted = false;
    piece p = next_piece(c);
    if (p.bytes > 0 && total_flight(c) == 0 && is_fit(sf))
        return transmit_piece(c, sf, &p, out,
                              now); /* a little after all: "the override timeout occurs" (RFC 9293 3.8.6.2.1) */
    mpt_tcp_transmit_probe(&sf->t, out, now);
    return true;
}

static bool transmit_keepalive(mpt_conn *c, mpt_segment *out, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->keepalive_wanted && sf->t.state != MPT_TCP_CLOSED) {
            sf->keepalive_wanted = false;
            mpt_tcp_transmit_probe(&sf->t, out, now);
            return true;
        }
    }
    return false;
}

bool mpt_conn_is_unheard_of(const mpt_conn *c) {
    if (!mpt_conn_is_mptcp(c) || total_flight(c) == 0 || c->reinject.count > 0 || c->is_dead)
        return false;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.q.count > 0)
            return false;
    return true;
}

/** The peer's window is closed, or as good as closed: for the subflow of the longest segments at least, and none else took the data. */
static bool is_shut(const mpt_conn *c) {
    piece p = next_piece(c);
    uint32_t mss_bytes = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_can_send(c->subflows[i]) && c->subflows[i]->t.cc.mss_bytes > mss_bytes)
            mss_bytes = c->subflows[i]->t.cc.mss_bytes;
    return c->snd_nxt < c->snd_written && total_flight(c) == 0 && !c->is_dead &&
           (p.bytes == 0 || is_silly(c, &p, mss_bytes));
}

/**
 * The peer's window is closed (RFC 9293 3.8.6.1), or its DATA_ACK is missing, and nothing is under way that would bring news:
 * probe.
 */
static void watch_window(mpt_conn *c, mpt_time now) {
    if (!is_shut(c) && !mpt_conn_is_unheard_of(c)) {
        c->probe_at = MPT_NEVER;
        c->probe_count = 0;
        c->probe_wanted = false;
    } else if (c->probe_at == MPT_NEVER && any_subflow(c, 0)) {
        c->probe_at = now + mpt_rto_get(&any_subflow(c, 0)->t.rto);
        mpt_conn_arm(c, c->probe_at);
    }
}

/** Nothing could be sent: is there something that waited for new data in vain? */
static bool has_waited_in_vain(mpt_conn *c, mpt_time now) {
    bool has = false;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        has |= mpt_frto_give_up(&c->subflows[i]->t, now);
    return has;
}

bool mpt_conn_transmit(mpt_conn *c, mpt_segment *out, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (mpt_tcp_transmit_urgent(&sf->t, out, now) || (sf->t.tlp.is_wanted && transmit_tail_probe(c, sf, out, now)))
            return true;
    }
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->fail_wanted && mpt_subflow_transmit_ack(c->subflows[i], out, now))
            return true; /* before data with the infinite mapping: a peer that takes it (Linux) looks at no options any more */
    if (!c->is_dead) {
        if (transmit_data(c, out, now) || transmit_data_fin(c, out, now) || transmit_probe(c, out, now) ||
            transmit_keepalive(c, out, now))
            return true;
    }
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_transmit_ack(c->subflows[i], out, now))
            return true;
    if (has_waited_in_vain(c, now))
        return mpt_conn_transmit(c, out, now);
    watch_window(c, now);
    bool has_data = next_piece(c).bytes > 0 && !c->is_dead;
    for (uint32_t i = 0; c->set.pacing && i < c->subflow_count; i++)
        mpt_pacing_watch(&c->subflows[i]->t, has_data, now);
    return false;
}

/* ---- News from the peer ---- */

void mpt_conn_acked(mpt_conn *c, uint64_t offset, bool is_fin_acked, mpt_time now) {
    if (offset > c->snd_una && offset <= c->snd_nxt) {
        bool is_first = c->snd_una == 0;
        c->snd_una = offset;
        if (is_first)
            mpt_pm_update(c);
        mpt_ranges_remove_below(&c->reinject, offset);
        mpt_conn_notify(c, MPT_NOTICE_WRITABLE);
    }
    if (is_fin_acked && c->fin_sent && !c->fin_acked) {
        c->fin_acked = true;
        c->fin_at = MPT_NEVER;
        mpt_conn_close_progress(c, now);
    }
}

void mpt_conn_window(mpt_conn *c, uint64_t edge, mpt_time now) {
    (void)now;
    if (edge > c->snd_edge)
        c->snd_edge = edge;
}

void mpt_conn_reinject_from(mpt_conn *c, mpt_subflow *sf) {
    for (uint32_t i = 0; i < sf->t.q.count; i++) {
        mpt_chunk *k = mpt_sendq_at(&sf->t.q, i);
        uint64_t start = k->stream_offset > c->snd_una ? k->stream_offset : c->snd_una,
                 end = k->stream_offset + k->bytes;
        bool is_on_its_way = (k->flags & MPT_CHUNK_SACKED) && sf->t.state != MPT_TCP_CLOSED;
        if (k->flags & MPT_CHUNK_DATA_FIN)
            c->data_fin_wanted = true;
        if (start >= end || is_on_its_way)
            continue;
        k->flags |= MPT_CHUNK_REINJECTED;
        if (mpt_ranges_add(&c->reinject, start, end, NULL, &c->stack->mem) == MPT_OK)
            continue;
        /* no memory for a list of ranges: everything that is not acknowledged, as one; its room was made at creation */
        c->reinject.items[0] = (mpt_range){c->snd_una, c->snd_nxt};
        c->reinject.count = 1;
        c->reinject.total = c->snd_nxt - c->snd_una;
        break;
    }
}

void mpt_conn_reinject_after(mpt_conn *c, uint64_t offset) {
    const mpt_mem *mem = &c->stack->mem;
    uint64_t start = offset > c->snd_una ? offset : c->snd_una;
    if (start >= c->snd_nxt || mpt_ranges_add(&c->reinject, start, c->snd_nxt, NULL, mem))
        return; /* without memory: found missing once everything else is acknowledged */
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_sendq *q = &c->subflows[i]->t.q;
        for (uint32_t j = 0; j < q->count && c->subflows[i]->t.state != MPT_TCP_CLOSED; j++) {
            const mpt_chunk *k = mpt_sendq_at(q, j);
            if (k->bytes > 0) /* not a FIN */
                mpt_ranges_remove(&c->reinject, k->stream_offset, k->stream_offset + k->bytes, mem);
        }
    }
}
