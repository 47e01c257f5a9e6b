/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_stack.c: creation, dispatch of segments, deadlines and notices of one host's stack. No protocol decisions. */
#include <string.h>

#include "base/mpt_bytes.h"
#include "stack/mpt_stack.h"
#include "tcp/mpt_time_wait.h"

enum { HEADER_BYTES_MIN = 20 };

/* ---- Life ---- */

mpt_status mpt_stack_new(mpt_stack **out, const mpt_settings *s, const mpt_mem *mem, mpt_time now) {
    MPT_ASSERT(out && s && mem && mem->alloc && mem->free);
    *out = NULL;
    if (mpt_conn_settings_check(&s->conn))
        return MPT_ERR_SETTING;
    mpt_stack *st = mem->alloc(mem->user, sizeof *st);
    if (!st)
        return MPT_ERR_MEMORY;
    mpt_status status = mpt_host_init(st, s, mem, now);
    if (status)
        mem->free(mem->user, st);
    else
        *out = st;
    return status;
}

void mpt_stack_free(mpt_stack *st) {
    if (!st)
        return;
    while (mpt_list_is_linked(&st->conns))
        mpt_conn_free(MPT_LIST_ENTRY(st->conns.next, mpt_conn, all_node));
    while (mpt_list_is_linked(&st->listeners)) {
        mpt_listener *l = MPT_LIST_ENTRY(st->listeners.next, mpt_listener, node);
        mpt_listener_delist(l);
        mpt_free(st, l);
    }
    mpt_time_wait_free(st);
    mpt_host_free(st);
    st->mem.free(st->mem.user, st);
}

/* ---- Segments in ---- */

static void advance(mpt_stack *st, mpt_time now) {
    MPT_ASSERT(now >= st->now); /* time never goes back */
    st->now = now;
}

static void finish(mpt_conn *c, mpt_time now) {
    if (c->stack->set.traces)
        mpt_trace_moved(c);
    mpt_conn_settle(c, now);
}

static bool ends_of(const mpt_segment *in, mpt_endpoint *local, mpt_endpoint *remote) {
    if (in->header_bytes < HEADER_BYTES_MIN)
        return false;
    *local = (mpt_endpoint){in->destination, mpt_get16(in->header + 2)};
    *remote = (mpt_endpoint){in->source, mpt_get16(in->header)};
    return true;
}

/** The SYN of an MP_JOIN. @param c the connection of its token, or NULL. @return true when it is for this stack */
static bool is_our_join(const mpt_stack *st, const mpt_conn *c, const mpt_endpoint *local) {
    return mpt_listener_takes_joins(st, local) || (c && mpt_listener_is_join_port(c, local));
}

static mpt_status receive_new(mpt_stack *st, const mpt_endpoint *local, const mpt_segment *in, mpt_time now) {
    mpt_wire w;
    if (!(in->header[13] & MPT_SYN) || (in->header[13] & (MPT_ACK | MPT_RST)))
        return MPT_ERR_NOT_OURS;
    mpt_listener *l = mpt_listener_find(st, local);
    if (mpt_wire_decode(&w, in->header, in->header_bytes)) {
        if (!l)
            return MPT_ERR_NOT_OURS;
        MPT_COUNT(st, InErrs);
        return MPT_ERR_MALFORMED;
    }
    if ((w.mptcp & (1u << MPT_MP_JOIN)) && w.join.form == MPT_JOIN_SYN) {
        mpt_conn *c = mpt_conn_find_token(st, w.join.token);
        if (!is_our_join(st, c, local))
            return MPT_ERR_NOT_OURS;
        if (!c) {
            MPT_COUNT(st, InSegs);
            MPT_COUNT(st, MPJoinNoTokenFound);
            mpt_reply_reset(st, &w, in, MPT_RST_MPTCP, 0);
            return MPT_OK;
        }
        mpt_status status = mpt_listener_join(c, &w, in, now);
        finish(c, now);
        return status;
    }
    return l ? mpt_listener_syn(l, &w, in, now) : MPT_ERR_NOT_OURS;
}

/** No TCP has this four-tuple; one in TIME-WAIT may have had it. */
static mpt_status receive_without(mpt_stack *st, const mpt_segment *in, mpt_time now) {
    mpt_endpoint local, remote;
    ends_of(in, &local, &remote);
    mpt_time_wait *waits = mpt_time_wait_find(st, &local, &remote);
    if (!waits)
        return receive_new(st, &local, in, now);
    mpt_wire w;
    mpt_time_wait_next next;
    if (mpt_wire_decode(&w, in->header, in->header_bytes)) {
        MPT_COUNT(st, InSegs);
        MPT_COUNT(st, InErrs);
        return MPT_ERR_MALFORMED;
    }
    bool may_open = mpt_listener_find(st, &local) != NULL;
    if (mpt_time_wait_received(st, waits, &w, in, may_open, &next, now) == MPT_TIME_WAIT_ANSWERED) {
        MPT_COUNT(st, InSegs);
        return MPT_OK;
    }
    mpt_status status = receive_new(st, &local, in, now);
    mpt_subflow *sf = mpt_conn_find_subflow(st, &local, &remote);
    if (sf) {
        sf->t.iss = next.iss;
        sf->t.ts_offset = next.ts_offset;
    }
    return status;
}

bool mpt_stack_wants(const mpt_stack *st, const mpt_segment *in) {
    mpt_endpoint local, remote;
    mpt_wire w;
    if (!ends_of(in, &local, &remote))
        return false;
    if (mpt_conn_find_subflow(st, &local, &remote) || mpt_time_wait_find(st, &local, &remote))
        return true;
    if (!(in->header[13] & MPT_SYN) || (in->header[13] & (MPT_ACK | MPT_RST)))
        return false;
    if (mpt_listener_find(st, &local))
        return true;
    if (mpt_wire_decode(&w, in->header, in->header_bytes) || !(w.mptcp & (1u << MPT_MP_JOIN)) ||
        w.join.form != MPT_JOIN_SYN)
        return false;
    return is_our_join(st, mpt_conn_find_token(st, w.join.token), &local);
}

/** Nothing but data and acknowledgements: of the subflows, it can make only the one that it came by send something. */
static bool is_of_stream(const mpt_wire *w) {
    bool has_dss = w->mptcp & (1u << MPT_DSS);
    return !(w->flags & (MPT_SYN | MPT_FIN | MPT_RST)) && !(w->mptcp & ~(1u << MPT_DSS)) &&
           !(has_dss && w->dss.has_map && w->dss.is_data_fin);
}

mpt_status mpt_stack_receive(mpt_stack *st, const mpt_segment *in, mpt_store *store, mpt_time now) {
    mpt_wire w;
    advance(st, now);
    store->conn = NULL;
    store->bytes = 0;
    if (in->header_bytes < HEADER_BYTES_MIN) {
        MPT_COUNT(st, InErrs);
        return MPT_ERR_MALFORMED;
    }
    mpt_tcp *t = mpt_tuple_of_segment(st, in);
    if (!t)
        return receive_without(st, in, now);
    mpt_subflow *sf = mpt_sf(t);
    MPT_COUNT(st, InSegs);
    if (mpt_wire_decode(&w, in->header, in->header_bytes)) {
        MPT_COUNT(st, InErrs);
        return MPT_ERR_MALFORMED;
    }
    mpt_conn *c = sf->conn;
    mpt_tcp_state before = sf->t.state;
    sf->t.segments_received++;
    mpt_tcp_receive(&sf->t, &w, in, store, now);
    mpt_sendq_shrink(&sf->t.q, &st->mem);
    if (is_of_stream(&w) && sf->t.state == before)
        mpt_conn_wake_for(sf);
    else
        mpt_conn_wake(c);
    finish(c, now);
    return MPT_OK;
}

bool mpt_stack_needs_payload(const mpt_stack *st) {
    return st->needs_payload;
}

void mpt_stack_refuse(mpt_stack *st, const mpt_segment *in, mpt_time now) {
    mpt_wire w;
    advance(st, now);
    if (mpt_wire_decode(&w, in->header, in->header_bytes) == MPT_OK)
        mpt_reply_reset(st, &w, in, -1, 0);
}

void mpt_stack_unreachable(mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote, mpt_time now) {
    advance(st, now);
    mpt_subflow *sf = mpt_conn_find_subflow(st, local, remote);
    if (!sf || !sf->is_join || sf->t.state != MPT_TCP_SYN_SENT)
        return; /* an established connection outlives passing trouble (RFC 5461) */
    mpt_conn *c = sf->conn;
    mpt_subflow_remove(sf, 0, now);
    finish(c, now);
}

/* ---- Time ---- */

static mpt_conn *timer_conn(mpt_timer *t) {
    return MPT_LIST_ENTRY(t, mpt_conn, node.timer);
}

void mpt_stack_timer(mpt_stack *st, mpt_time now) {
    advance(st, now);
    mpt_timer *t;
    mpt_time_wait_timer(st, now);
    while ((t = mpt_timers_first(&st->timers)) && mpt_timers_at(&st->timers) <= now) {
        mpt_conn *c = timer_conn(t);
        mpt_timers_set(&st->timers, t, MPT_NEVER);
        mpt_conn_timer(c, now);
        c->node.moved = MPT_LOOK_ALL;
        finish(c, now);
    }
}

mpt_time mpt_stack_deadline(const mpt_stack *st) {
    mpt_time at = mpt_timers_at(&st->timers), wait_at = mpt_timers_at(&st->time_waits);
    return wait_at < at ? wait_at : at;
}

/* ---- Segments out ---- */

static bool next_segment(mpt_stack *st, mpt_segment *out, mpt_time now) {
    if (mpt_reply_next(st, out))
        return true;
    while (mpt_list_is_linked(&st->ready)) {
        mpt_conn *c = MPT_LIST_ENTRY(st->ready.next, mpt_conn, node.ready);
        out->payload = NULL;
        out->conn = NULL;
        out->user = c->user;
        out->payload_bytes = 0;
        bool sent = mpt_conn_transmit(c, out, now);
        if (st->set.traces)
            mpt_trace_moved(c);
        if (sent) {
            out->conn = out->payload_bytes > 0 ? c : NULL;
            if (mpt_conn_is_quiet(c)) {
                mpt_list_remove(&c->node.ready);
                mpt_conn_settle(c, now);
            }
            return true;
        }
        mpt_list_remove(&c->node.ready);
        mpt_conn_settle(c, now);
    }
    return mpt_reply_next(st, out);
}

/** Not inlined: most calls have nothing to send, and should cost next to nothing. */
__attribute__((noinline)) static bool transmit_next(mpt_stack *st, mpt_segment *out, mpt_time now) {
    while (next_segment(st, out, now)) {
        MPT_COUNT(st, OutSegs);
        if (!st->was_address_left || mpt_stack_find_local(st, &out->source))
            return true; /* else no interface would take it */
    }
    return false;
}

bool mpt_stack_transmit(mpt_stack *st, mpt_segment *out, mpt_time now) {
    advance(st, now);
    if (!mpt_list_is_linked(&st->ready) && st->reply_count == 0)
        return false;
    return transmit_next(st, out, now);
}

/* ---- Notices ---- */

bool mpt_stack_poll(mpt_stack *st, mpt_notice *out) {
    if (!mpt_list_is_linked(&st->noticed))
        return false;
    mpt_conn *c = MPT_LIST_ENTRY(st->noticed.next, mpt_conn, notice_node);
    uint32_t kind = mpt_bits_first(c->notices);
    c->notices &= c->notices - 1;
    if (c->notices == 0)
        mpt_list_remove(&c->notice_node);
    *out = (mpt_notice){(mpt_notice_kind)kind, c, c->listener, c->user, c->failure};
    if (kind == MPT_NOTICE_GONE)
        mpt_conn_free(c);
    return true;
}

const mpt_counters *mpt_stack_counters(const mpt_stack *st) {
    return &st->counters;
}
