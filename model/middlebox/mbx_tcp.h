/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mbx_tcp.h: a TCP header as a box on the path sees it: bytes to read and to change (RFC 9293 3.1).
 *
 * Boxes know nothing of connections' ends: this does not use the protocol's code, nor the other way round.
 */
#ifndef MBX_TCP_H
#define MBX_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MBX_TCP_BYTES_MIN 20
#define MBX_TCP_BYTES_MAX 60
#define MBX_SACK_EDGES_MAX 8 /**< of the four blocks that an option can hold */
#define MBX_ANY_SUBTYPE (-1)

enum { MBX_FIN = 0x01, MBX_SYN = 0x02, MBX_RST = 0x04, MBX_PSH = 0x08, MBX_ACK = 0x10, MBX_URG = 0x20 };
enum { MBX_OPTION_END = 0, MBX_OPTION_NOP = 1, MBX_OPTION_SACK = 5, MBX_OPTION_MPTCP = 30 };
/** Where the fields are. */
enum {
    MBX_AT_SOURCE_PORT = 0,
    MBX_AT_DESTINATION_PORT = 2,
    MBX_AT_SEQ = 4,
    MBX_AT_ACK = 8,
    MBX_AT_LENGTH = 12,
    MBX_AT_FLAGS = 13,
    MBX_AT_WINDOW = 14,
    MBX_AT_CHECKSUM = 16
};

typedef struct mbx_tcp {
    uint8_t bytes[MBX_TCP_BYTES_MAX];
    uint8_t count; /**< 20..60 */
} mbx_tcp;

/** One option; {0} is before the first. */
typedef struct mbx_option {
    uint8_t kind;
    uint8_t at;    /**< index of its kind in the header */
    uint8_t bytes; /**< its length, kind and length included */
} mbx_option;

uint16_t mbx_get16(const uint8_t *p);
uint32_t mbx_get32(const uint8_t *p);
void mbx_put16(uint8_t *p, uint16_t value);
void mbx_put32(uint8_t *p, uint32_t value);

/** @return whether @p bytes begin with a whole TCP header, which is then in @p t. */
bool mbx_tcp_read(mbx_tcp *t, const uint8_t *bytes, size_t byte_count);

/** The next option but NOP. @return false at the end, and where the options are malformed. */
bool mbx_option_next(const mbx_tcp *t, mbx_option *option);

/** @param kind of option @param subtype of an MPTCP option, or MBX_ANY_SUBTYPE. @return whether there is such an option. */
bool mbx_option_find(const mbx_tcp *t, uint8_t kind, int subtype);

/** Overwrite such options with NOPs, as routers do: the header keeps its length. @return how many there were. */
uint32_t mbx_option_remove(mbx_tcp *t, uint8_t kind, int subtype);

/** @return whether both have the same option bytes. */
bool mbx_options_equal(const mbx_tcp *a, const mbx_tcp *b);

/** Drop all options. */
void mbx_options_clear(mbx_tcp *t);

/** Find the edges of SACK blocks. @param at gets their indices in the header @return how many there are */
uint32_t mbx_sack_edges(const mbx_tcp *t, uint8_t at[MBX_SACK_EDGES_MAX]);

/**
 * Write the TCP checksum.
 * @param source, destination address_bytes bytes each: 4 or 16
 * @param payload payload_bytes bytes (may be NULL when there are none)
 */
void mbx_tcp_seal(mbx_tcp *t, const uint8_t *source, const uint8_t *destination, uint32_t address_bytes,
                  const uint8_t *payload, uint32_t payload_bytes);

/** @return the distance of @p number from @p zero, which is known modulo 2^32 only, nearest to @p near. */
int64_t mbx_distance(uint32_t number, uint32_t zero, int64_t near);

#ifdef __cplusplus
}
#endif
#endif
