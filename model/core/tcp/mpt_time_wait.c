/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_time_wait.c: see mpt_time_wait.h. */
#include <string.h>

#include "tcp/mpt_time_wait.h"

#define REFUSALS_APART_NS (500 * MPT_MS)

static void end(mpt_stack *st, mpt_time_wait *w) {
    mpt_hash_remove(&st->time_wait_tuples, &w->hash);
    mpt_timers_set(&st->time_waits, &w->timer, MPT_NEVER);
    mpt_free(st, w);
}

static void restart(mpt_stack *st, mpt_time_wait *w, mpt_time now) {
    mpt_timers_set(&st->time_waits, &w->timer, now + w->wait_ns);
}

static mpt_time_wait *of_timer(mpt_timer *t) {
    return MPT_LIST_ENTRY(t, mpt_time_wait, timer);
}

bool mpt_time_wait_take(mpt_tcp *t, mpt_time now) {
    mpt_stack *st = t->stack;
    if (st->time_waits.count >= st->set.connections_max)
        end(st, of_timer(
                    mpt_timers_first(&st->time_waits))); /* as Linux beyond tcp_max_tw_buckets: the oldest makes room */
    if (mpt_timers_reserve(&st->time_waits, st->time_waits.count + 1, &st->mem))
        return false;
    mpt_time_wait *w = mpt_alloc(st, sizeof *w);
    if (!w)
        return false;
    w->local = t->local;
    w->remote = t->remote;
    w->wait_ns = t->set->time_wait_ns;
    w->refused_at = t->refused_at;
    w->snd_nxt = t->iss + (uint32_t)t->snd_nxt;
    w->rcv_nxt = t->irs + (uint32_t)t->rx.next;
    w->ts_recent = t->ts_recent;
    w->ts_offset = t->ts_offset;
    w->has_timestamps = t->has_timestamps;
    w->window = (uint16_t)(t->user->window(t, t->rcv_scale) >> t->rcv_scale);
    w->timer.at = MPT_NEVER;
    mpt_hash_insert(&st->time_wait_tuples, &w->hash, mpt_tuple_hash(&w->local, &w->remote), &st->mem);
    mpt_timers_set(&st->time_waits, &w->timer, t->time_wait_at);
    if (t->ack_wanted) {
        mpt_segment s;
        memset(&s, 0, sizeof s);
        mpt_tcp_transmit_ack(t, &s, now);
        mpt_reply_queue(st, &s);
    }
    return true;
}

mpt_time_wait *mpt_time_wait_find(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote) {
    if (st->time_waits.count == 0)
        return NULL;
    uint64_t hash = mpt_tuple_hash(local, remote);
    for (mpt_hash_node *n = mpt_hash_first(&st->time_wait_tuples, hash); n; n = n->next) {
        mpt_time_wait *w = MPT_LIST_ENTRY(n, mpt_time_wait, hash);
        bool is_it = n->hash == hash && w->local.port == local->port && w->remote.port == remote->port &&
                     mpt_addr_equal(&w->local.addr, &local->addr) && mpt_addr_equal(&w->remote.addr, &remote->addr);
        if (is_it)
            return w;
    }
    return NULL;
}

static void acknowledge(mpt_stack *st, const mpt_time_wait *w, mpt_time now) {
    mpt_segment s;
    mpt_wire r;
    memset(&s, 0, sizeof s);
    memset(&r, 0, sizeof r);
    r.source_port = w->local.port;
    r.destination_port = w->remote.port;
    r.seq = w->snd_nxt;
    r.ack = w->rcv_nxt;
    r.flags = MPT_ACK;
    r.window = w->window;
    r.has_timestamps = w->has_timestamps;
    r.ts_value = (uint32_t)(now / MPT_MS) + w->ts_offset;
    r.ts_echo = w->ts_recent;
    s.source = w->local.addr;
    s.destination = w->remote.addr;
    s.header_bytes = (uint8_t)mpt_wire_encode(&r, s.header, &s.dss_checksum_at);
    mpt_reply_queue(st, &s);
}

/** Is this SYN of a new connection, and not a late one of the old? Its timestamp says so, or its sequence number (RFC 6191 2). */
static bool is_new(const mpt_time_wait *w, const mpt_wire *wire) {
    if (w->has_timestamps && wire->has_timestamps && wire->ts_value != w->ts_recent)
        return mpt_seq32_before(w->ts_recent, wire->ts_value);
    return mpt_seq32_before(w->rcv_nxt, wire->seq);
}

mpt_time_wait_end mpt_time_wait_received(mpt_stack *st, mpt_time_wait *w, const mpt_wire *wire, const mpt_segment *in,
                                         bool may_open, mpt_time_wait_next *next, mpt_time now) {
    uint32_t length = in->payload_bytes + (wire->flags & MPT_FIN ? 1u : 0u);
    if (wire->flags & MPT_RST) {
        if (wire->seq == w->rcv_nxt) /* RFC 5961 3.2 */
            end(st, w);
        return MPT_TIME_WAIT_ANSWERED;
    }
    if ((wire->flags & (MPT_SYN | MPT_ACK)) == MPT_SYN && may_open && is_new(w, wire)) {
        *next = (mpt_time_wait_next){w->snd_nxt + 65535 + 2, w->ts_offset}; /* as Linux */
        end(st, w);
        return MPT_TIME_WAIT_OVER;
    }
    bool is_late_fin = (wire->flags & MPT_FIN) && wire->seq + length == w->rcv_nxt;
    bool is_bare = length == 0 && !(wire->flags & MPT_SYN);
    if (is_late_fin)
        restart(st, w, now); /* the acknowledgement was lost (RFC 9293 3.10.7.4) */
    if (is_bare && (wire->seq == w->rcv_nxt || now < w->refused_at + REFUSALS_APART_NS))
        return MPT_TIME_WAIT_ANSWERED;
    if (is_bare)
        w->refused_at = now;
    acknowledge(st, w, now);
    return MPT_TIME_WAIT_ANSWERED;
}

void mpt_time_wait_timer(mpt_stack *st, mpt_time now) {
    mpt_timer *t;
    while ((t = mpt_timers_first(&st->time_waits)) && t->at <= now)
        end(st, of_timer(t));
}

void mpt_time_wait_free(mpt_stack *st) {
    mpt_timer *t;
    while ((t = mpt_timers_first(&st->time_waits)))
        end(st, of_timer(t));
    mpt_timers_free(&st->time_waits, &st->mem);
}
