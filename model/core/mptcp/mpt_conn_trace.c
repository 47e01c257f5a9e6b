/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_conn_trace.c: trace events are differences between what a connection was and is, taken after every input and segment. */
#include "mptcp/mpt_conn.h"

void mpt_trace_event(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t old_value, uint64_t new_value) {
    mpt_stack *st = c->stack;
    mpt_trace_push(st, &(mpt_trace){kind, c, c->user, subflow_id, st->now, old_value, new_value});
}

static void changed(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t *known, uint64_t value) {
    if (*known == value)
        return;
    mpt_trace_event(c, subflow_id, kind, *known, value);
    *known = value;
}

#define MPT_X(name, help) | MPT_TRACE_BIT(MPT_TRACE_##name)
static const uint32_t of_subflows = 0 MPT_SUBFLOW_TRACES(MPT_X),
                      of_stream = (0 MPT_CONN_TRACES(MPT_X)) &
                                  ~(MPT_TRACE_BIT(MPT_TRACE_SubflowUp) | MPT_TRACE_BIT(MPT_TRACE_SubflowDown));
#undef MPT_X

/** Called after every segment: what nobody wants must cost no more than a test. */
#define TRACE(subflow_id, kind, known, value)                                                                          \
    do {                                                                                                               \
        if (wanted & MPT_TRACE_BIT(MPT_TRACE_##kind))                                                                  \
            changed(c, subflow_id, MPT_TRACE_##kind, &(known), value);                                                 \
    } while (0)

/** Not inlined: a loop's optimiser would look at all that may be wanted before the first subflow. */
__attribute__((noinline)) static void trace_subflow(mpt_conn *c, mpt_subflow *sf, uint32_t wanted) {
    const mpt_tcp *t = &sf->t;
    TRACE(sf->id, State, sf->traced.state, t->state);
    TRACE(sf->id, Cwnd, sf->traced.cwnd, t->cc.cwnd_bytes);
    TRACE(sf->id, Ssthresh, sf->traced.ssthresh, t->cc.ssthresh_bytes);
    TRACE(sf->id, Rtt, sf->traced.rtt, (uint64_t)t->rto.srtt_ns);
    TRACE(sf->id, BytesInFlight, sf->traced.flight, mpt_sendq_pipe(&t->q));
    TRACE(sf->id, BytesSent, sf->traced.sent, t->bytes_sent);
    TRACE(sf->id, BytesAcked, sf->traced.acked, t->bytes_acked);
    TRACE(sf->id, BytesRetransmitted, sf->traced.resent, t->bytes_resent);
    TRACE(sf->id, Timeouts, sf->traced.timeouts, t->timeouts);
    TRACE(sf->id, Rto, sf->traced.rto, (uint64_t)mpt_rto_get(&t->rto));
}

static void trace_stream(mpt_conn *c, uint32_t wanted) {
    TRACE(0, DsnSent, c->traced.sent, c->snd_nxt);
    TRACE(0, DsnAcked, c->traced.acked, c->snd_una);
    TRACE(0, DsnDelivered, c->traced.delivered, c->rx.next);
    TRACE(0, ReorderBytes, c->traced.reorder, c->rx.beyond.total);
    TRACE(0, Reinjected, c->traced.reinjected, c->bytes_reinjected);
    if (c->last_used)
        TRACE(c->last_used->id, Scheduled, c->traced.scheduled, c->last_used->id);
}

void mpt_trace_moved(mpt_conn *c) {
    uint32_t wanted = c->stack->set.traces, moved = c->node.moved & mpt_bits_below(c->subflow_count);
    c->node.moved = 0;
    for (uint32_t rest = wanted & of_subflows ? moved : 0; rest != 0; rest &= rest - 1)
        trace_subflow(c, c->subflows[mpt_bits_first(rest)], wanted);
    if (wanted & of_stream)
        trace_stream(c, wanted);
}

void mpt_trace_conn(mpt_conn *c) {
    c->node.moved = MPT_LOOK_ALL;
    mpt_trace_moved(c);
}
