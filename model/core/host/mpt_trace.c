/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_trace.c: the ring of trace events that the host has not taken yet; the oldest go when it is full. */
#include "host/mpt_host.h"

void mpt_trace_push(mpt_stack *st, const mpt_trace *t) {
    if (!(st->set.traces & MPT_TRACE_BIT(t->kind)))
        return;
    if (st->trace_count == MPT_TRACES_MAX) {
        st->trace_head = (st->trace_head + 1) % MPT_TRACES_MAX;
        st->trace_count--;
        MPT_COUNT(st, TraceDropped);
    }
    st->traces[(st->trace_head + st->trace_count) % MPT_TRACES_MAX] = *t;
    st->trace_count++;
}

bool mpt_stack_trace(mpt_stack *st, mpt_trace *out) {
    if (st->trace_count == 0)
        return false;
    *out = st->traces[st->trace_head];
    st->trace_head = (st->trace_head + 1) % MPT_TRACES_MAX;
    st->trace_count--;
    return true;
}

mpt_status mpt_stack_set_trace(mpt_stack *st, uint32_t kinds) {
    if (kinds != 0 && !st->traces)
        st->traces = mpt_alloc(st, MPT_TRACES_MAX * sizeof *st->traces);
    if (kinds != 0 && !st->traces)
        return MPT_ERR_MEMORY;
    st->set.traces = kinds;
    return MPT_OK;
}
