/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fuzz_segment.h: bytes to segments of a peer that knows all: by default a segment is the next that the subflow expects, with the
 * right keys, tokens and HMACs; each of its parts may be wrong instead.
 */
#ifndef FUZZ_SEGMENT_H
#define FUZZ_SEGMENT_H

#include "fuzz_host.h"

enum { FUZZ_PAYLOAD_MAX = 3000 };

typedef struct fuzz_packet {
    mpt_segment segment;
    uint8_t payload[FUZZ_PAYLOAD_MAX];
} fuzz_packet;

/** For a subflow of @p h. @return false when the options asked for do not fit */
bool fuzz_segment_for_subflow(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p);
/** A SYN: for a listener, or an MP_JOIN for a connection. @return as above */
bool fuzz_segment_syn(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p);
/** A header made of bytes, to the addresses and ports of a subflow or a listener. */
void fuzz_segment_raw(fuzz_host *h, fuzz_bytes *in, fuzz_packet *p);

#endif
