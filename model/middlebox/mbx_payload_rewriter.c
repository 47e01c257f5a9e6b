/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

/* One direction of a connection. Offsets count from the first byte of payload. */
struct stream {
    bool is_known;   /* its SYN was seen */
    uint32_t first;  /* sequence number of the first byte */
    int64_t sent;    /* old offset after what was sent */
    int64_t acked;   /* new offset of what was acknowledged last */
    mbx_edits edits; /* what is done to it */
};

/* By the way their data go. */
struct streams {
    struct stream of[2];
};

static void start(const mbx_payload_rewriter *r, struct stream *stream, const mbx_segment *syn) {
    uint32_t first = mbx_seq(syn) + 1;

    if (stream->is_known && stream->first == first)
        return; /* sent again */
    *stream = (struct stream){.is_known = true, .first = first, .edits = r->edits};
}

static void edit(mbx_payload_rewriter *r, struct stream *stream, mbx_segment *s) {
    const mbx_host *host = &r->box.host;
    int64_t begin = mbx_distance(mbx_seq(s), stream->first, stream->sent), end = begin + s->payload_bytes, renewed;

    stream->sent = stream->sent > end ? stream->sent : end;
    if (mbx_has_flags(s, MBX_FIN))
        stream->edits.end = end;
    renewed = mbx_edits_forward(&stream->edits, begin);
    mbx_set_seq(s, stream->first + (uint32_t)renewed);
    if (s->payload_bytes > 0 &&
        host->edit(host->user, s, &stream->edits, begin, (uint32_t)(mbx_edits_forward(&stream->edits, end) - renewed)))
        r->box.actions++;
}

static uint32_t translate_ack(const struct stream *stream, uint32_t number) {
    int64_t renewed = mbx_distance(number, stream->first, stream->acked);
    int64_t old = mbx_edits_backward(&stream->edits, renewed);
    /* Of bytes that an edit leaves nothing of, none may be acknowledged before it is sent; a FIN counts as one. */
    int64_t most = stream->sent + (stream->edits.end == INT64_MAX ? 0 : 1);

    return stream->first + (uint32_t)(old < most ? old : most);
}

static void translate_acks(struct stream *stream, mbx_segment *s) {
    uint8_t at[MBX_SACK_EDGES_MAX];
    uint32_t edges = mbx_sack_edges(&s->tcp, at);

    stream->acked = mbx_distance(mbx_ack(s), stream->first, stream->acked);
    mbx_set_ack(s, translate_ack(stream, mbx_ack(s)));
    for (uint32_t i = 0; i < edges; i++)
        mbx_put32(s->tcp.bytes + at[i], translate_ack(stream, mbx_get32(s->tcp.bytes + at[i])));
}

static void translate(mbx_payload_rewriter *r, struct streams *streams, mbx_segment *s, mbx_direction direction) {
    struct stream *own = &streams->of[direction], *reverse = &streams->of[mbx_opposite(direction)];

    if (mbx_has_flags(s, MBX_SYN) && mbx_box_is_in_scope(&r->box, direction))
        start(r, own, s);
    else if (own->is_known && !mbx_has_flags(s, MBX_SYN))
        edit(r, own, s);
    if (reverse->is_known && mbx_has_flags(s, MBX_ACK))
        translate_acks(reverse, s);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    mbx_payload_rewriter *r = (mbx_payload_rewriter *)box;
    bool is_start = mbx_has_flags(s, MBX_SYN) && mbx_box_is_in_scope(box, direction);
    struct streams *streams = is_start ? mbx_flows_open(&r->flows, &box->host, s, direction)
                                       : mbx_flows_find(&r->flows, &box->host, s, direction);

    if (streams)
        translate(r, streams, s, direction);
    mbx_box_forward(box, s, direction);
}

static void free_all(mbx_box *box) {
    mbx_flows_free(&((mbx_payload_rewriter *)box)->flows, &box->host);
}

void mbx_payload_rewriter_init(mbx_payload_rewriter *r) {
    static const mbx_box_ops ops = {process, NULL, free_all};

    r->box.ops = &ops;
    r->flows.state_bytes = sizeof(struct streams);
}
