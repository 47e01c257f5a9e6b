/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_reply.c: segments that belong to no connection any more, or never did: RSTs. A short queue; what overflows is lost. */
#include <string.h>

#include "host/mpt_host.h"

void mpt_reply_queue(mpt_stack *st, const mpt_segment *s) {
    if (st->reply_count == MPT_REPLIES_MAX)
        return;
    st->replies[(st->reply_head + st->reply_count) % MPT_REPLIES_MAX] = *s;
    st->reply_count++;
}

bool mpt_reply_next(mpt_stack *st, mpt_segment *out) {
    if (st->reply_count == 0)
        return false;
    *out = st->replies[st->reply_head];
    st->reply_head = (st->reply_head + 1) % MPT_REPLIES_MAX;
    st->reply_count--;
    return true;
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
