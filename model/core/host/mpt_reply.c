/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_reply.c: segments that belong to no connection any more, or never did: RSTs. A queue; what overflows it, or finds no memory, is lost. */
#include <string.h>

#include "host/mpt_host.h"

static bool grow(mpt_stack *st) {
    uint32_t capacity = st->reply_capacity > 0 ? 2 * st->reply_capacity : 4;
    if (st->reply_capacity == MPT_REPLIES_MAX)
        return false;
    mpt_segment *replies = mpt_alloc(st, capacity * sizeof *replies);
    if (!replies)
        return false;
    for (uint32_t i = 0; i < st->reply_count; i++)
        replies[i] = st->replies[(st->reply_head + i) % st->reply_capacity];
    mpt_free(st, st->replies);
    st->replies = replies;
    st->reply_head = 0;
    st->reply_capacity = capacity;
    return true;
}

void mpt_reply_queue(mpt_stack *st, const mpt_segment *s) {
    if (st->reply_count == st->reply_capacity && !grow(st))
        return;
    st->replies[(st->reply_head + st->reply_count) % st->reply_capacity] = *s;
    st->reply_count++;
}

bool mpt_reply_take(mpt_stack *st, mpt_segment *out) {
    if (st->reply_count == 0)
        return false;
    *out = st->replies[st->reply_head];
    st->reply_head = (st->reply_head + 1) % st->reply_capacity;
    if (--st->reply_count == 0)
        mpt_reply_free(st);
    return true;
}

void mpt_reply_free(mpt_stack *st) {
    mpt_free(st, st->replies);
    st->replies = NULL;
    st->reply_head = st->reply_count = st->reply_capacity = 0;
}

void mpt_reply_reset(mpt_stack *st, const mpt_wire *w, const mpt_segment *in, int reason, uint8_t flags) {
    if (w->flags & MPT_RST)
        return;
    mpt_segment s;
    mpt_wire r;
    memset(&s, 0, sizeof s);
    memset(&r, 0, sizeof r);
    r.source_port = w->destination_port;
    r.destination_port = w->source_port;
    r.flags = MPT_RST;
    if (w->flags & MPT_ACK) {
        r.seq = w->ack;
    } else {
        r.flags |= MPT_ACK;
        r.ack = w->seq + in->payload_bytes + (w->flags & MPT_SYN ? 1 : 0) + (w->flags & MPT_FIN ? 1 : 0);
    }
    if (reason >= 0) {
        r.mptcp = 1u << MPT_MP_TCPRST;
        r.tcprst.reason = (uint8_t)reason;
        r.tcprst.flags = flags;
        MPT_COUNT(st, MPRstTx);
    }
    s.source = in->destination;
    s.destination = in->source;
    s.header_bytes = (uint8_t)mpt_wire_encode(&r, s.header, &s.dss_checksum_at);
    MPT_COUNT(st, OutRsts);
    mpt_reply_queue(st, &s);
}
