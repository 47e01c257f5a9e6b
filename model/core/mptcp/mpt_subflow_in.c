/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_subflow_in.c: what MPTCP makes of the news of a subflow's TCP (see mpt_tcp_user): segments that arrive, timeouts, ends. */
#include "mptcp/mpt_conn.h"

/* ---- The stream's window ---- */

static uint64_t window(mpt_tcp *t, uint8_t scale) {
    return mpt_conn_receive_window(mpt_sf(t)->conn, scale);
}

/** The window counts from the DATA_ACK: a subflow may be ahead of it (RFC 8684 3.3.4). */
static uint64_t acceptable_edge(const mpt_tcp *t) {
    const mpt_conn *c = mpt_sf(t)->conn;
    return mpt_conn_is_mptcp(c) ? t->rx.next + c->set.receive_buffer_bytes : t->rcv_edge;
}

static bool is_in_use(const mpt_subflow *sf) {
    return sf->is_established && !sf->is_stalled && sf->t.snd_nxt != sf->t.snd_una;
}

/** Those that carry data: the window of one that has nothing to do must not hold the others back (RFC 6356 2, goal 1). */
static uint32_t siblings(const mpt_tcp *t, mpt_cc **members) {
    const mpt_conn *c = mpt_sf(t)->conn;
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (is_in_use(c->subflows[i]) || &c->subflows[i]->t == t)
            members[count++] = &c->subflows[i]->t.cc;
    return count;
}

/* ---- Handshake ---- */

static bool crossed(mpt_subflow *sf, mpt_time now) {
    if (sf->is_join) {
        mpt_subflow_remove(sf, 0, now);
        return false;
    }
    mpt_fallback(sf->conn, sf, now); /* RFC 8684 has no crossing of MP_CAPABLE SYNs */
    return true;
}

static bool handshake_in(mpt_tcp *t, const mpt_wire *w, mpt_tcp_step step, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    switch (step) {
    case MPT_TCP_STEP_SYNACK: return mpt_subflow_synack_received(sf, w, now);
    case MPT_TCP_STEP_CROSSED: return crossed(sf, now);
    case MPT_TCP_STEP_ACK: return mpt_subflow_third_ack_received(sf, w, now);
    }
    return false;
}

static void established(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    if (sf->joining == MPT_JOINING_THIRD_ACK) {
        t->syn_sent_count = 0; /* counts third ACKs from here */
        mpt_tcp_arm_rto(t, now);
        return;
    }
    uint8_t scale = w->flags & MPT_SYN ? 0 : t->snd_scale; /* not scaled in a SYN (RFC 7323 2.2) */
    if (!sf->is_join)
        mpt_conn_window(sf->conn, (uint64_t)w->window << scale, now);
    mpt_subflow_set_established(sf, now);
}

static void fourth_ack_received(mpt_subflow *sf, mpt_time now) {
    sf->joining = MPT_JOINING_NONE;
    sf->t.rto_at = MPT_NEVER;
    mpt_rto_reset_backoff(&sf->t.rto);
    mpt_subflow_set_established(sf, now);
}

/* ---- Segments ---- */

/** Does an MP_FASTCLOSE show that the peer sent it? */
static bool has_fastclose(const mpt_subflow *sf, const mpt_wire *w) {
    const mpt_conn *c = sf->conn;
    if (!(w->mptcp & (1u << MPT_MP_FASTCLOSE)) || !mpt_conn_is_mptcp(c))
        return false;
    if (w->fastclose_key == c->key_local)
        return true;
    MPT_COUNT(c->stack, MPFastcloseKeyFailure);
    return false;
}

__attribute__((noinline)) static bool rare_segment_in(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    if (sf->is_fastclosing) {
        if (has_fastclose(sf, w))
            mpt_fastclose_received(sf->conn, NULL, now); /* both at once */
        return false;
    }
    fourth_ack_received(sf, now);
    return true;
}

static bool segment_in(mpt_tcp *t, const mpt_wire *w, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    sf->conn->unanswered_probes = 0;
    sf->heard_at = now;
    return (!sf->is_fastclosing && sf->joining != MPT_JOINING_THIRD_ACK) || rare_segment_in(sf, w, now);
}

static void reset_received(mpt_subflow *sf, const mpt_wire *w, bool is_fastclose, mpt_time now) {
    mpt_conn *c = sf->conn;
    uint8_t reason = w->mptcp & (1u << MPT_MP_TCPRST) ? w->tcprst.reason : 0;
    bool is_fail = (w->mptcp & (1u << MPT_MP_FAIL)) && mpt_conn_is_mptcp(c) && c->has_key_remote;
    if (w->mptcp & (1u << MPT_MP_TCPRST)) {
        MPT_COUNT(c->stack, MPRstRx);
        sf->verdict = w->tcprst.flags & MPT_RST_TRANSIENT ? MPT_VERDICT_AGAIN : MPT_VERDICT_REFUSED;
    }
    if (is_fail || (sf->verdict == MPT_VERDICT_REFUSED && reason == MPT_RST_MIDDLEBOX))
        sf->verdict = MPT_VERDICT_MEDDLED;
    if (w->mptcp & (1u << MPT_MP_FAIL))
        MPT_COUNT(c->stack, MPFailRx);
    if (is_fastclose) {
        mpt_fastclose_received(c, sf, now);
        return;
    }
    mpt_subflow_remove(sf, reason, now);
    if (is_fail && !c->is_dead)
        mpt_conn_reinject_after(c, w->fail_dsn - mpt_conn_dsn(c, 0));
}

/** The key of MP_FASTCLOSE is a better proof than the number, which data lost before it make wrong. */
static bool reset_in(mpt_tcp *t, const mpt_wire *w, bool is_exact, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    bool is_fastclose = has_fastclose(sf, w);
    if (!is_fastclose && !sf->is_fastclosing && !is_exact)
        return false;
    reset_received(sf, w, is_fastclose, now);
    return true;
}

/** The subflow works. */
static void acked(mpt_tcp *t, uint64_t ack, bool is_new, const mpt_wire *w, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    uint64_t fresh = t->delivered_bytes - sf->path.arrival.delivered_bytes;
    if (fresh > 0) {
        mpt_sched_tell(sf, MPT_SCHED_ACKED, 0, fresh, false, now);
        mpt_arrival_acked(&sf->path.arrival, t, sf->is_stalled, now);
        mpt_sndbuf_acked(sf->conn);
    }
    (void)ack, (void)w; /* the stream moves with the DATA_ACK */
    if (is_new && sf->is_stalled) {
        sf->is_stalled = false;
        MPT_COUNT(t->stack, SubflowRecover);
    }
}

/**
 * Data with both keys, and mapped from the stream's first byte on, that do not begin there: a later segment of the first flight, which with another peer has
 * a DSS. Of one that begins there a box has cut off the end.
 */
static bool is_later_with_keys(const mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in) {
    bool has_keys = (w->mptcp & (1u << MPT_MP_CAPABLE)) && w->capable.has_data && !sf->t.is_client && !sf->is_join;
    return has_keys && w->capable.data_bytes > in->payload_bytes && w->seq - sf->t.irs != 1;
}

static bool options_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (w->mptcp == 0 && !mpt_fallback_on_missing_option(sf, w, in->payload_bytes, now))
        return false;
    if (w->mptcp & (1u << MPT_MP_JOIN) && !sf->t.is_client && sf->is_join)
        sf->t.ack_wanted = true; /* the fourth ACK was lost */
    if (has_fastclose(sf, w)) {
        mpt_fastclose_received(c, NULL, now);
        return false;
    }
    if (w->mptcp & (1u << MPT_DSS))
        mpt_conn_dss_received(sf, w, in, now);
    if (sf->t.state == MPT_TCP_CLOSED)
        return false;
    if (is_later_with_keys(sf, w, in))
        mpt_conn_fully_established(c, now);
    if (w->mptcp & (1u << MPT_ADD_ADDR | 1u << MPT_REMOVE_ADDR | 1u << MPT_MP_PRIO))
        mpt_addr_options_received(c, sf, w, now);
    return sf->t.state != MPT_TCP_CLOSED;
}

/** Any but a DSS alone, or an answer that somebody waits for. */
__attribute__((noinline)) static bool rare_options_in(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in,
                                                      mpt_time now) {
    mpt_keepalive_heard(sf); /* by a segment whose acknowledgement may be believed */
    if (mpt_conn_is_mptcp(sf->conn) && !options_received(sf, w, in, now))
        return false;
    if (w->mptcp & (1u << MPT_MP_FAIL))
        mpt_fallback_fail_received(sf, w->fail_dsn, mpt_wire_is_infinite(w), now);
    return sf->t.state != MPT_TCP_CLOSED;
}

static bool options_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    if (w->mptcp != 1u << MPT_DSS || !mpt_conn_is_mptcp(sf->conn) || mpt_keepalive_asks(sf))
        return rare_options_in(sf, w, in, now);
    mpt_conn_dss_received(sf, w, in, now);
    return true;
}

/** Not inlined, nor followed by anything: it costs the others no registers. */
__attribute__((noinline)) static uint64_t data_in_watched(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in,
                                                          uint64_t start, uint64_t end, uint32_t skip, mpt_store *store,
                                                          mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    mpt_rcvbuf_segment_received(sf, w, now);
    if (mpt_watch_is_due(sf->conn, now))
        mpt_watch_silent(sf, now);
    return mpt_conn_data_received(sf, w, in, start, end, skip, store, now);
}

static uint64_t data_in(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t end,
                        uint32_t skip, mpt_store *store, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    mpt_conn *c = sf->conn;
    c->last_received = sf; /* before the end, which is acknowledged there, is found to be reached */
    if (c->set.receive_buffer_autotuning || mpt_watch_is_due(c, now))
        return data_in_watched(t, w, in, start, end, skip, store, now);
    return mpt_conn_data_received(sf, w, in, start, end, skip, store, now);
}

/* ---- Timers ---- */

void mpt_subflow_give_up(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (!mpt_conn_may_be_joined(c))
        c->failure = MPT_ERR_TIMEOUT;
    if (sf->t.state == MPT_TCP_SYN_SENT || sf->t.state == MPT_TCP_SYN_RECEIVED) {
        if (!sf->is_join)
            c->failure = MPT_ERR_TIMEOUT;
        MPT_COUNT(c->stack, AttemptFails);
        mpt_subflow_remove(sf, MPT_RST_PERFORMANCE, now);
    } else {
        mpt_subflow_reset(sf, MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
    }
}

static bool handshake_timed_out(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    mpt_tcp *t = &sf->t;
    if (t->syn_sent_count > (sf->is_join ? c->set.join_retries : c->set.syn_retries)) {
        mpt_subflow_give_up(sf, now);
        return false;
    }
    if (sf->joining == MPT_JOINING_THIRD_ACK) {
        mpt_rto_backoff(&t->rto);
        t->ack_wanted = true;
        mpt_tcp_arm_rto(t, now);
        return false;
    }
    bool is_opener = t->state == MPT_TCP_SYN_SENT && c->mode == MPT_MODE_OPENING && !sf->is_join;
    if (is_opener && t->syn_sent_count >= c->set.capable_syn_retries + 1) {
        MPT_COUNT(c->stack, MPCapableSYNTXDrop); /* something on the way may drop SYNs with MP_CAPABLE (RFC 8684 3.1) */
        c->was_capable_unanswered = true;
        mpt_fallback(c, sf, now);
    }
    return true;
}

static bool data_timed_out(mpt_subflow *sf, mpt_time now) {
    if (sf->t.timeouts_in_row <= mpt_watch_retries(sf))
        return true;
    mpt_subflow_give_up(sf, now);
    return false;
}

static bool timed_out(mpt_tcp *t, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    if (sf->is_fastclosing) {
        mpt_fastclose_timer(sf, now);
        return false;
    }
    bool is_handshake = t->state == MPT_TCP_SYN_SENT || t->state == MPT_TCP_SYN_RECEIVED;
    if (is_handshake || sf->joining == MPT_JOINING_THIRD_ACK)
        return handshake_timed_out(sf, now);
    return t->q.count == 0 || data_timed_out(sf, now);
}

mpt_time mpt_subflow_deadline(const mpt_subflow *sf) {
    mpt_time at = mpt_tcp_deadline(&sf->t);
    at = sf->signal_at < at ? sf->signal_at : at;
    at = sf->watch_at < at ? sf->watch_at : at;
    return sf->keepalive_at < at ? sf->keepalive_at : at;
}

void mpt_subflow_timer(mpt_subflow *sf, mpt_time now) {
    if (sf->signal_at <= now) {
        sf->signal_at = MPT_NEVER;
        mpt_conn_wake(sf->conn);
    }
    if (sf->watch_at <= now)
        mpt_watch_timer(sf, now);
    if (sf->keepalive_at <= now && sf->t.time_wait_at > now)
        mpt_keepalive_timer(sf, now);
    if (mpt_tcp_deadline(&sf->t) <= now)
        mpt_tcp_timer(&sf->t, now);
}

/* ---- Ends ---- */

/** Of a connection that is over nobody waits for what the peer may say on this subflow. */
static void fin_acked(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (sf->t.state == MPT_TCP_LAST_ACK)
        mpt_conn_close_progress(c, now);
    if (sf->t.state != MPT_TCP_FIN_WAIT_2 || !c->is_dead)
        return;
    sf->t.time_wait_at = now + c->set.fin_timeout_ns;
    mpt_conn_arm(c, sf->t.time_wait_at);
}

/** The peer gives this subflow up: so do we, unless it is the only way for our data. */
static void fin_in(mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    if (sf->t.state == MPT_TCP_CLOSE_WAIT && (c->is_dead || mpt_subflow_has_other(sf)))
        sf->t.fin_wanted = true;
    mpt_pm_update(sf->conn);
}

static void event(mpt_tcp *t, mpt_tcp_event what, mpt_time now) {
    mpt_subflow *sf = mpt_sf(t);
    switch (what) {
    case MPT_TCP_EVENT_FIN_IN: fin_in(sf); break;
    case MPT_TCP_EVENT_FIN_OUT: break;
    case MPT_TCP_EVENT_FIN_ACKED: fin_acked(sf, now); break;
    case MPT_TCP_EVENT_TIME_WAIT: mpt_conn_close_progress(sf->conn, now); break;
    case MPT_TCP_EVENT_LOSS: mpt_sched_tell(sf, MPT_SCHED_LOSS, 0, 0, false, now); break;
    case MPT_TCP_EVENT_STALLED:
        mpt_subflow_stall(sf);
        mpt_watch_start(sf);
        break;
    case MPT_TCP_EVENT_ENDED: mpt_subflow_remove(sf, 0, now); break;
    }
}

const mpt_tcp_user mpt_subflow_user = {
    .options_out = mpt_subflow_options_out,
    .option_bytes = mpt_subflow_option_bytes,
    .window = window,
    .acceptable_edge = acceptable_edge,
    .siblings = siblings,
    .handshake_in = handshake_in,
    .established = established,
    .segment_in = segment_in,
    .reset_in = reset_in,
    .acked = acked,
    .options_in = options_in,
    .data_in = data_in,
    .timed_out = timed_out,
    .event = event,
};
