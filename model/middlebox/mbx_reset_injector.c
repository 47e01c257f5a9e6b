/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

#include <string.h>

/* What is kept of a connection: payload of both sides since its SYN. */
static bool is_struck(mbx_reset_injector *r, const mbx_segment *s, mbx_direction direction) {
    const mbx_host *host = &r->box.host;
    bool is_syn = mbx_has_flags(s, MBX_SYN), is_data = s->payload_bytes > 0 && mbx_has_flags(s, MBX_ACK), is_unlucky;
    uint64_t *bytes = is_syn || is_data ? mbx_flows_open(&r->flows, host, s, direction)
                                        : mbx_flows_find(&r->flows, host, s, direction);

    if (bytes && is_syn)
        *bytes = 0;
    if (!is_data || !mbx_box_is_in_scope(&r->box, direction))
        return false;
    if (bytes)
        *bytes += s->payload_bytes;
    is_unlucky = r->probability > 0 && host->draw(host->user) < r->probability;
    return is_unlucky || (bytes && r->after_bytes > 0 && *bytes >= r->after_bytes);
}

/* An RST to where @p s goes, behind it. */
static mbx_segment reset_after(const mbx_box *box, const mbx_segment *s) {
    mbx_segment reset = *s;

    reset.carrier = box->host.part(box->host.user, s, 0, 0);
    reset.payload_bytes = 0;
    mbx_options_clear(&reset.tcp);
    reset.tcp.bytes[MBX_AT_FLAGS] = MBX_RST | MBX_ACK;
    mbx_set_seq(&reset, mbx_seq(s) + s->payload_bytes + mbx_has_flags(s, MBX_FIN));
    return reset;
}

/* The same to the other side. */
static mbx_segment reply_to(const mbx_box *box, const mbx_segment *reset) {
    mbx_segment reply = *reset;

    reply.carrier = box->host.part(box->host.user, reset, 0, 0);
    memcpy(reply.source, reset->destination, sizeof reply.source);
    memcpy(reply.destination, reset->source, sizeof reply.destination);
    memcpy(reply.tcp.bytes + MBX_AT_SOURCE_PORT, reset->tcp.bytes + MBX_AT_DESTINATION_PORT, 2);
    memcpy(reply.tcp.bytes + MBX_AT_DESTINATION_PORT, reset->tcp.bytes + MBX_AT_SOURCE_PORT, 2);
    mbx_set_seq(&reply, mbx_ack(reset));
    mbx_set_ack(&reply, mbx_seq(reset));
    return reply;
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    mbx_segment reset, reply;

    if (!is_struck((mbx_reset_injector *)box, s, direction)) {
        mbx_box_forward(box, s, direction);
        return;
    }
    box->actions++;
    reset = reset_after(box, s);
    reply = reply_to(box, &reset);
    mbx_box_forward(box, s, direction);
    mbx_box_forward(box, &reset, direction);
    mbx_box_forward(box, &reply, mbx_opposite(direction));
}

static void free_all(mbx_box *box) {
    mbx_flows_free(&((mbx_reset_injector *)box)->flows, &box->host);
}

void mbx_reset_injector_init(mbx_reset_injector *r) {
    static const mbx_box_ops ops = {process, NULL, free_all};

    r->box.ops = &ops;
    r->flows.state_bytes = sizeof(uint64_t);
}
