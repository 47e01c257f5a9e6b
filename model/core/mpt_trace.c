/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_trace.c: trace events are differences between what a connection was and is, taken after every input and segment. */
#include "mpt_stack.h"

static void push(mpt_stack *st, const mpt_trace *t) {
    if (st->trace_count == MPT_TRACES_MAX) {
        st->trace_head = (st->trace_head + 1) % MPT_TRACES_MAX;
        st->trace_count--;
        MPT_COUNT(st, TraceDropped);
    }
    st->traces[(st->trace_head + st->trace_count) % MPT_TRACES_MAX] = *t;
    st->trace_count++;
}

void mpt_trace_event(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t old_value, uint64_t new_value) {
    mpt_stack *st = c->stack;
    if (st->set.trace)
        push(st, &(mpt_trace){kind, c, c->user, subflow_id, st->now, old_value, new_value});
}

static void changed(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t *known, uint64_t value) {
    if (*known == value)
        return;
    mpt_trace_event(c, subflow_id, kind, *known, value);
    *known = value;
}

void mpt_trace_subflow(mpt_subflow *sf) {
    mpt_conn *c = sf->conn;
    changed(c, sf->id, MPT_TRACE_State, &sf->traced.state, sf->state);
    changed(c, sf->id, MPT_TRACE_Cwnd, &sf->traced.cwnd, sf->cc.cwnd_bytes);
    changed(c, sf->id, MPT_TRACE_Ssthresh, &sf->traced.ssthresh, sf->cc.ssthresh_bytes);
    changed(c, sf->id, MPT_TRACE_Rtt, &sf->traced.rtt, (uint64_t)sf->rto.srtt_ns);
    changed(c, sf->id, MPT_TRACE_BytesInFlight, &sf->traced.flight, mpt_sendq_pipe(&sf->q));
    changed(c, sf->id, MPT_TRACE_BytesSent, &sf->traced.sent, sf->bytes_sent);
    changed(c, sf->id, MPT_TRACE_BytesAcked, &sf->traced.acked, sf->bytes_acked);
    changed(c, sf->id, MPT_TRACE_BytesRetransmitted, &sf->traced.resent, sf->bytes_resent);
}

void mpt_trace_conn(mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        mpt_trace_subflow(c->subflows[i]);
    changed(c, 0, MPT_TRACE_DsnSent, &c->traced.sent, c->snd_nxt);
    changed(c, 0, MPT_TRACE_DsnAcked, &c->traced.acked, c->snd_una);
    changed(c, 0, MPT_TRACE_DsnDelivered, &c->traced.delivered, c->rx.next);
    changed(c, 0, MPT_TRACE_ReorderBytes, &c->traced.reorder, c->rx.beyond.total);
    changed(c, 0, MPT_TRACE_Reinjected, &c->traced.reinjected, c->bytes_reinjected);
    if (c->last_used)
        changed(c, c->last_used->id, MPT_TRACE_Scheduled, &c->traced.scheduled, c->last_used->id);
}

bool mpt_stack_trace(mpt_stack *st, mpt_trace *out) {
    if (st->trace_count == 0)
        return false;
    *out = st->traces[st->trace_head];
    st->trace_head = (st->trace_head + 1) % MPT_TRACES_MAX;
    st->trace_count--;
    return true;
}

mpt_status mpt_stack_set_trace(mpt_stack *st, bool is_on) {
    if (is_on && !st->traces)
        st->traces = mpt_alloc(st, MPT_TRACES_MAX * sizeof *st->traces);
    if (is_on && !st->traces)
        return MPT_ERR_MEMORY;
    st->set.trace = is_on;
    return MPT_OK;
}
