/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

/* What is added to the sequence numbers of each direction. */
struct offsets {
    uint32_t of[2];
};

static struct offsets *draw(mbx_sequence_rewriter *r, const mbx_segment *syn, mbx_direction direction) {
    const mbx_host *host = &r->box.host;
    struct offsets *offsets = mbx_flows_open(&r->flows, host, syn, direction);

    for (int way = MBX_UP; way <= MBX_DOWN; way++)
        if (offsets && mbx_box_is_in_scope(&r->box, (mbx_direction)way))
            offsets->of[way] = host->draw_whole(host->user, 1, UINT32_MAX);
    return offsets;
}

static void translate_acks(const mbx_sequence_rewriter *r, mbx_segment *s, uint32_t offset) {
    uint8_t at[MBX_SACK_EDGES_MAX];
    uint32_t edges;

    if (!mbx_has_flags(s, MBX_ACK))
        return;
    mbx_set_ack(s, mbx_ack(s) - offset);
    edges = r->has_sack ? mbx_sack_edges(&s->tcp, at) : 0;
    for (uint32_t i = 0; i < edges; i++)
        mbx_put32(s->tcp.bytes + at[i], mbx_get32(s->tcp.bytes + at[i]) - offset);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    mbx_sequence_rewriter *r = (mbx_sequence_rewriter *)box;
    struct offsets *offsets = mbx_flows_find(&r->flows, &box->host, s, direction);

    if (!offsets && mbx_has_flags(s, MBX_SYN) && !mbx_has_flags(s, MBX_ACK))
        offsets = draw(r, s, direction);
    if (offsets) {
        box->actions++;
        mbx_set_seq(s, mbx_seq(s) + offsets->of[direction]);
        translate_acks(r, s, offsets->of[mbx_opposite(direction)]);
    }
    mbx_box_forward(box, s, direction);
}

static void free_all(mbx_box *box) {
    mbx_flows_free(&((mbx_sequence_rewriter *)box)->flows, &box->host);
}

void mbx_sequence_rewriter_init(mbx_sequence_rewriter *r) {
    static const mbx_box_ops ops = {process, NULL, free_all};

    r->box.ops = &ops;
    r->flows.state_bytes = sizeof(struct offsets);
}
