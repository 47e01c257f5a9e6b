/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

static void forward_piece(mbx_box *box, const mbx_segment *s, uint32_t at, uint32_t bytes, mbx_direction direction) {
    enum { LAST_ONLY = MBX_FIN | MBX_PSH };
    mbx_segment piece = *s;

    piece.carrier = box->host.part(box->host.user, s, at, bytes);
    piece.payload_bytes = bytes;
    mbx_set_seq(&piece, mbx_seq(s) + at);
    if (at + bytes < s->payload_bytes)
        piece.tcp.bytes[MBX_AT_FLAGS] &= (uint8_t)~LAST_ONLY;
    mbx_box_forward(box, &piece, direction);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    uint32_t most = ((mbx_splitter *)box)->payload_bytes_max;

    if (s->payload_bytes <= most || mbx_has_flags(s, MBX_SYN) || !mbx_box_is_in_scope(box, direction)) {
        mbx_box_forward(box, s, direction);
        return;
    }
    box->actions++;
    for (uint32_t at = 0; at < s->payload_bytes; at += most) {
        uint32_t left = s->payload_bytes - at;

        forward_piece(box, s, at, left < most ? left : most, direction);
    }
    mbx_box_drop(box, s);
}

void mbx_splitter_init(mbx_splitter *splitter) {
    static const mbx_box_ops ops = {process, NULL, NULL};

    splitter->box.ops = &ops;
}
