/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_conn_trace.c: trace events are differences between what a connection was and is, taken after every input and segment. */
#include "mptcp/mpt_conn.h"

void mpt_trace_event(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t old_value, uint64_t new_value) {
    mpt_stack *st = c->stack;
    mpt_trace_push(st, &(mpt_trace){kind, c, c->user, subflow_id, st->now, old_value, new_value});
}

static bool is_traced(const mpt_conn *c, mpt_trace_kind kind) {
    return c->stack->set.traces & MPT_TRACE_BIT(kind);
}

static void changed(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t *known, uint64_t value) {
    if (*known == value || !is_traced(c, kind))
        return;
    mpt_trace_event(c, subflow_id, kind, *known, value);
    *known = value;
}

static void trace_subflow(mpt_subflow *sf) {
    mpt_conn *c = sf->conn;
    changed(c, sf->id, MPT_TRACE_State, &sf->traced.state, sf->t.state);
    changed(c, sf->id, MPT_TRACE_Cwnd, &sf->traced.cwnd, sf->t.cc.cwnd_bytes);
    changed(c, sf->id, MPT_TRACE_Ssthresh, &sf->traced.ssthresh, sf->t.cc.ssthresh_bytes);
    changed(c, sf->id, MPT_TRACE_Rtt, &sf->traced.rtt, (uint64_t)sf->t.rto.srtt_ns);
    if (is_traced(c, MPT_TRACE_BytesInFlight)) /* it has to be counted */
        changed(c, sf->id, MPT_TRACE_BytesInFlight, &sf->traced.flight, mpt_sendq_pipe(&sf->t.q));
    changed(c, sf->id, MPT_TRACE_BytesSent, &sf->traced.sent, sf->t.bytes_sent);
    changed(c, sf->id, MPT_TRACE_BytesAcked, &sf->traced.acked, sf->t.bytes_acked);
    changed(c, sf->id, MPT_TRACE_BytesRetransmitted, &sf->traced.resent, sf->t.bytes_resent);
    changed(c, sf->id, MPT_TRACE_Timeouts, &sf->traced.timeouts, sf->t.timeouts);
    changed(c, sf->id, MPT_TRACE_Rto, &sf->traced.rto, (uint64_t)mpt_rto_get(&sf->t.rto));
}

void mpt_trace_conn(mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        trace_subflow(c->subflows[i]);
    changed(c, 0, MPT_TRACE_DsnSent, &c->traced.sent, c->snd_nxt);
    changed(c, 0, MPT_TRACE_DsnAcked, &c->traced.acked, c->snd_una);
    changed(c, 0, MPT_TRACE_DsnDelivered, &c->traced.delivered, c->rx.next);
    changed(c, 0, MPT_TRACE_ReorderBytes, &c->traced.reorder, c->rx.beyond.total);
    changed(c, 0, MPT_TRACE_Reinjected, &c->traced.reinjected, c->bytes_reinjected);
    if (c->last_used)
        changed(c, c->last_used->id, MPT_TRACE_Scheduled, &c->traced.scheduled, c->last_used->id);
}
