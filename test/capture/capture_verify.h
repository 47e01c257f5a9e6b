/* SPDX-License-Identifier: GPL-2.0-or-later */
/** capture_verify.h: the rules of RFC 8684 that a capture must obey. */
#ifndef CAPTURE_VERIFY_H
#define CAPTURE_VERIFY_H

#include "capture_model.h"

/* What was seen and found right: X(name, sentence of the summary). */
/* clang-format off */
#define CAP_COUNTS(X)                                                                                                \
    X(segments, "TCP segments")                                                                                      \
    X(connections, "MPTCP connections")                                                                              \
    X(fallbacks, "connections that fell back to TCP")                                                                \
    X(capable, "MP_CAPABLE options")                                                                                 \
    X(join_syn, "MP_JOIN tokens")                                                                                    \
    X(join_synack, "MP_JOIN SYN/ACK HMACs")                                                                          \
    X(join_ack, "MP_JOIN ACK HMACs")                                                                                 \
    X(add_addr, "ADD_ADDR HMACs")                                                                                    \
    X(add_addr_echo, "ADD_ADDR echoes")                                                                              \
    X(fastclose, "MP_FASTCLOSE keys")                                                                                \
    X(data_ack, "DATA_ACKs")                                                                                         \
    X(mapping, "DSS mappings")                                                                                       \
    X(checksum, "DSS checksums")                                                                                     \
    X(data_fin, "DATA_FINs")                                                                                         \
    X(data_segments, "segments with mapped data")                                                                    \
    X(bytes_a, "bytes of the side that opened the connection")                                                       \
    X(bytes_b, "bytes of the other side")                                                                            \
    X(bytes_again, "bytes that came more than once")
/* clang-format on */

/** What the payload must be (--content). */
typedef enum cap_content {
    CAP_CONTENT_ANY,
    CAP_CONTENT_PATTERN, /**< byte i of A is (i * 2654435761 >> 13) & 255, of B its complement */
    CAP_CONTENT_ZERO     /**< zero bytes, as ns-3's stock applications send */
} cap_content;

typedef struct cap_verify {
    cap_model model;
    cap_content content;
    uint64_t error_count;
#define X(name, text) uint64_t name;
    CAP_COUNTS(X)
#undef X
} cap_verify;

/** Everything of a segment but its DATA_ACK. Segments must come in order of time. */
void cap_verify_segment(cap_verify *v, const cap_segment *s);
/** Its DATA_ACK: after cap_verify_segment() of all segments of the same moment, whose order is not known. */
void cap_verify_data_ack(cap_verify *v, const cap_segment *s);
/** What can only be said when all has been seen: holes, DATA_FINs, checksums of mappings in pieces. */
void cap_verify_end(cap_verify *v);

#endif
