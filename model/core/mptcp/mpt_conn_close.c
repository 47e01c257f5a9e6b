/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn_close.c: the ends of a connection and its own timers: DATA_FIN (RFC 8684 3.3.3), FIN without MPTCP, the last subflow
 * going, probing a closed window, orphans.
 */
#include "mptcp/mpt_conn.h"

static void ask_for_fins(mpt_conn *c) {
    mpt_conn_wake(c);
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if ((sf->t.state == MPT_TCP_ESTABLISHED || sf->t.state == MPT_TCP_CLOSE_WAIT) && !sf->t.was_fin_sent)
            sf->t.fin_wanted = true;
    }
}

static void tell_closed(mpt_conn *c) {
    if (c->was_closed_told)
        return;
    c->was_closed_told = true;
    mpt_conn_notify(c, MPT_NOTICE_CLOSED);
}

/**
 * Everything is acknowledged both ways: the connection is over when its subflows are. The side that cannot know whether its
 * last DATA_ACK arrived stays to repeat it, on a new subflow if need be (TIME_WAIT of RFC 8684 appendix D).
 */
static void finish_mptcp(mpt_conn *c, mpt_time now) {
    tell_closed(c);
    if (!c->is_fin_last) {
        c->linger_at = now + c->set.time_wait_ns;
        mpt_conn_arm(c, c->linger_at);
    }
    c->probe_at = c->fin_at = c->no_subflow_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->t.state == MPT_TCP_SYN_SENT || sf->t.state == MPT_TCP_SYN_RECEIVED || sf->joining != MPT_JOINING_NONE)
            mpt_subflow_reset(sf, MPT_RST_UNSPECIFIED, 0, now);
    }
    ask_for_fins(c);
    mpt_conn_set_dead(c); /* nothing more to transmit but what the subflows want */
    c->failure = MPT_OK;
}

void mpt_conn_close_progress(mpt_conn *c, mpt_time now) {
    if (c->is_dead)
        return;
    if (mpt_conn_is_mptcp(c)) {
        if (c->fin_requested && !c->fin_sent && c->snd_nxt == c->snd_written)
            c->data_fin_wanted = true;
        if (c->fin_acked && c->peer_ended)
            finish_mptcp(c, now);
        return;
    }
    if (c->mode == MPT_MODE_OPENING)
        return; /* what it will be is not known yet */
    if (c->fin_requested && c->snd_nxt == c->snd_written && mpt_ranges_overlap(&c->reinject, 0, UINT64_MAX) == 0)
        ask_for_fins(c);
    if (c->fin_acked && c->peer_ended)
        tell_closed(c);
}

bool mpt_conn_may_be_joined(const mpt_conn *c) {
    bool was_dss_sent = c->snd_nxt > 0 || c->rx.next > 0 || c->fin_sent;
    return mpt_conn_is_mptcp(c) && (c->is_fully_established || (!c->is_client && was_dss_sent));
}

void mpt_conn_subflow_gone(mpt_conn *c, uint8_t reason, bool was_refused, mpt_time now) {
    (void)reason;
    if (c->is_dead)
        return;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        if (mpt_subflow_is_alive(sf) && (sf->is_established || !sf->is_join))
            return; /* a join that is under way carries nothing, and may never do */
    }
    if (!mpt_conn_may_be_joined(c)) {
        if (c->fin_acked && c->peer_ended) {
            tell_closed(c);
            mpt_conn_set_dead(c);
        } else {
            mpt_conn_fail(c, was_refused ? MPT_ERR_REFUSED : c->failure ? c->failure : MPT_ERR_RESET, now);
        }
        return;
    }
    mpt_pm_in_need(c, now);
    mpt_conn_expect_subflow(c, now);
}

/** Break before make: another subflow may come (RFC 8684 3.3.3, last paragraph). */
void mpt_conn_expect_subflow(mpt_conn *c, mpt_time now) {
    if (c->no_subflow_at == MPT_NEVER) /* joins that fail meanwhile do not put it off */
        c->no_subflow_at = now + c->set.no_subflow_timeout_ns;
    mpt_conn_arm(c, c->no_subflow_at);
}

/* ---- Timers ---- */

/**
 * The peer was not heard of for too long. When all that it wrote is here and it acknowledged all data, only the acknowledgement of our
 * DATA_FIN is missing (M_LAST_ACK of RFC 8684 appendix D): the peer may have got it, ended and gone, and nothing is lost.
 */
static void timed_out(mpt_conn *c, mpt_time now) {
    bool is_last_ack = mpt_conn_is_mptcp(c) && c->peer_ended && c->fin_sent && c->snd_una == c->snd_written;
    if (!is_last_ack) {
        mpt_conn_fail(c, MPT_ERR_TIMEOUT, now);
        return;
    }
    finish_mptcp(c, now);
    c->linger_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_is_alive(c->subflows[i]))
            mpt_subflow_reset(c->subflows[i], MPT_RST_PERFORMANCE, 0, now);
}

static mpt_time earlier(mpt_time a, mpt_time b) {
    return a < b ? a : b;
}

static mpt_time best_rto(const mpt_conn *c) {
    mpt_time rto = MPT_NEVER;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_can_send(c->subflows[i]))
            rto = earlier(rto, c->subflows[i]->t.rto.base_ns);
    return rto == MPT_NEVER ? c->set.rto_initial_ns : rto;
}

static mpt_time backed_off(const mpt_conn *c, uint32_t count) {
    mpt_time at = best_rto(c);
    while (count-- > 0 && at < c->set.rto_max_ns)
        at *= 2;
    return earlier(at, c->set.rto_max_ns);
}

static void probe_timer(mpt_conn *c, mpt_time now) {
    enum { PROBES_BEFORE_DATA = 2, AGAIN_BYTES_MAX = 65536 };
    c->probe_count++;
    if (c->unanswered_probes++ >=
        c->set.data_retries) { /* a closed window is no reason to give up, silence is (RFC 9293 3.8.6.1) */
        mpt_conn_fail(c, MPT_ERR_TIMEOUT, now);
        return;
    }
    c->probe_wanted = c->probe_count <= PROBES_BEFORE_DATA || !mpt_conn_is_unheard_of(c) || c->fallback.is_failing;
    bool is_again = !c->probe_wanted;
    if (is_again) {
        c->unheard_of = c->last_used;
        uint64_t all = c->snd_nxt - c->snd_una, bytes = all < AGAIN_BYTES_MAX ? all : AGAIN_BYTES_MAX;
        mpt_ranges_add(&c->reinject, c->snd_una, c->snd_una + bytes, NULL,
                       &c->stack->mem); /* its room was made at creation */
    }
    /* a closed window may stay so for long, data that do not arrive may not */
    c->probe_at = now + backed_off(c, !is_again && mpt_conn_is_unheard_of(c) ? 0 : c->probe_count);
    mpt_conn_wake(c);
}

static void data_fin_timer(mpt_conn *c, mpt_time now) {
    c->data_fin_wanted = true;
    c->fin_sent_count++;
    c->fin_at = now + backed_off(c, c->fin_sent_count);
    if (c->fin_sent_count > c->set.data_retries) {
        timed_out(c, now);
        return;
    }
    mpt_conn_wake(c);
}

/** The application let go: a peer that has nothing left to say to us does not keep the connection forever. */
static void orphan_timer(mpt_conn *c, mpt_time now) {
    c->orphan_at = MPT_NEVER;
    if (!c->fin_acked) {
        c->orphan_at = now + c->set.fin_timeout_ns; /* still sending: the retransmission limits decide */
        return;
    }
    if (!mpt_conn_is_mptcp(c) && c->peer_ended)
        return; /* over; TIME-WAIT has its own time */
    mpt_fastclose_send(c, MPT_ERR_TIMEOUT, now);
}

static void linger_timer(mpt_conn *c, mpt_time now) {
    c->linger_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.state == MPT_TCP_ESTABLISHED ||
            c->subflows[i]->t.state == MPT_TCP_SYN_RECEIVED) /* came while we lingered, and has not ended */
            mpt_subflow_reset(c->subflows[i], MPT_RST_UNSPECIFIED, 0, now);
}

static void own_timers(mpt_conn *c, mpt_time now) {
    if (c->linger_at <= now)
        linger_timer(c, now);
    if (c->no_subflow_at <= now)
        timed_out(c, now);
    if (c->memory_at <= now) {
        c->memory_at = MPT_NEVER;
        mpt_conn_wake(c);
    }
    if (c->orphan_at <= now)
        orphan_timer(c, now);
    if (c->is_dead)
        return;
    if (c->probe_at <= now)
        probe_timer(c, now);
    if (c->fin_at <= now)
        data_fin_timer(c, now);
    mpt_pm_timer(c, now);
    if (c->sched_at <= now) {
        c->sched_at = MPT_NEVER;
        mpt_conn_wake(c);
    }
    if (c->fallback.fail_at <= now)
        mpt_fallback_timer(c, now);
    if (c->pm.retry_at <= now) {
        c->pm.retry_at = MPT_NEVER;
        mpt_pm_update(c);
    }
    if (mpt_addr_deadline(c) <= now)
        mpt_conn_wake(c);
}

void mpt_conn_timer(mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_deadline(c->subflows[i]) <= now)
            mpt_subflow_timer(c->subflows[i], now);
    own_timers(c, now);
    mpt_time next = earlier(earlier(c->no_subflow_at, c->orphan_at), earlier(c->memory_at, c->linger_at));
    if (!c->is_dead) {
        next = earlier(earlier(next, c->sched_at), earlier(c->probe_at, c->fin_at));
        next = earlier(next, earlier(c->pm.retry_at, c->fallback.fail_at));
        next = earlier(next, c->pm.timer_at);
        mpt_time advert = mpt_addr_deadline(c);
        next = earlier(next, advert > now ? advert : now + c->set.rto_initial_ns);
    }
    for (uint32_t i = 0; i < c->subflow_count; i++)
        next = earlier(next, mpt_subflow_deadline(c->subflows[i]));
    mpt_conn_arm(c, next);
}
