/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * capture_read.h: TCP segments of captures, in order of time. tshark takes the packets apart (any link type it knows);
 * nothing is checked here. Several captures of one host's interfaces are merged, for a connection spans them.
 */
#ifndef CAPTURE_READ_H
#define CAPTURE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAP_FIN = 0x01, CAP_SYN = 0x02, CAP_RST = 0x04, CAP_ACK = 0x10 };
/** Subtypes of option 30 (RFC 8684 table 3). */
enum {
    CAP_CAPABLE = 0,
    CAP_JOIN = 1,
    CAP_DSS = 2,
    CAP_ADD_ADDR = 3,
    CAP_REMOVE_ADDR = 4,
    CAP_FAIL = 6,
    CAP_FASTCLOSE = 7
};

typedef struct cap_endpoint {
    uint8_t family; /**< 4 or 6 */
    uint8_t addr[16];
    uint16_t port;
} cap_endpoint;

/** A number that may be absent. */
typedef struct cap_number {
    bool is_there;
    uint64_t value;
} cap_number;

typedef struct cap_segment {
    const char *file;
    uint64_t frame; /**< 1, 2, ... in its file */
    int64_t time_ns;
    cap_endpoint source, destination;
    uint8_t flags;
    uint32_t seq, ack, payload_bytes;
    uint8_t *payload; /**< captured_bytes of it */
    uint32_t captured_bytes;

    uint32_t subtypes; /**< bit (1 << subtype) for each MPTCP option */
    cap_number version, send_key, receive_key, receive_token, send_random, send_hmac64;
    uint8_t send_hmac160[20];
    bool has_hmac160;
    cap_number add_addr_id, add_addr_hmac, add_addr_port;
    bool is_add_addr_echo;
    cap_endpoint add_addr; /**< family 0 = none */
    cap_number data_ack, dsn, ssn, data_length, checksum;
    bool is_ack64, is_dsn64, is_data_fin;
} cap_segment;

static inline bool cap_has(const cap_segment *s, unsigned subtype) {
    return s->subtypes & 1u << subtype;
}

typedef struct cap_reader cap_reader;

/** Start one tshark a file. On failure: one line on standard error and NULL. */
cap_reader *cap_reader_open(char *const *files, size_t file_count);
/** @return the next segment in time (equal times: in the order of the files), owned by the reader until the next call; NULL at the end. */
const cap_segment *cap_reader_next(cap_reader *r);
/** @return false when a tshark failed; one line on standard error says which file. */
bool cap_reader_close(cap_reader *r);

#endif
