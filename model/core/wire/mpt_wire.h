/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_wire.h: TCP header and options, bytes <-> structs (RFC 9293 3.1, 3.2; RFC 7323; RFC 2018; RFC 8684 3). No state, no
 * policy. Unknown options are skipped; a malformed MPTCP option is left out and flagged, a malformed header refused.
 */
#ifndef MPT_WIRE_H
#define MPT_WIRE_H

#include "mpt.h"

enum {
    MPT_FIN = 0x01,
    MPT_SYN = 0x02,
    MPT_RST = 0x04,
    MPT_PSH = 0x08,
    MPT_ACK = 0x10,
    MPT_URG = 0x20,
    MPT_ECE = 0x40,
    MPT_CWR = 0x80
};

/** Subtypes of TCP option 30 (RFC 8684 table 3). */
typedef enum mpt_subtype {
    MPT_MP_CAPABLE = 0,
    MPT_MP_JOIN = 1,
    MPT_DSS = 2,
    MPT_ADD_ADDR = 3,
    MPT_REMOVE_ADDR = 4,
    MPT_MP_PRIO = 5,
    MPT_MP_FAIL = 6,
    MPT_MP_FASTCLOSE = 7,
    MPT_MP_TCPRST = 8
} mpt_subtype;

/** Flags of MP_CAPABLE (RFC 8684 3.1). */
enum { MPT_CAPABLE_A = 0x80, MPT_CAPABLE_B = 0x40, MPT_CAPABLE_C = 0x20, MPT_CAPABLE_H = 0x01 };

/** Lengths 4 (no key), 12 (sender's key), 20 (both keys), 22 (and data length), 24 (and checksum). */
typedef struct mpt_wire_capable {
    uint8_t version, flags;
    bool has_sender_key, has_receiver_key, has_data, has_checksum;
    uint64_t sender_key, receiver_key;
    uint16_t data_bytes, checksum;
} mpt_wire_capable;

typedef enum mpt_join_form { MPT_JOIN_SYN, MPT_JOIN_SYNACK, MPT_JOIN_ACK } mpt_join_form; /**< lengths 12, 16, 24 */
typedef struct mpt_wire_join {
    mpt_join_form form;
    bool is_backup;     /**< not in the third form */
    uint8_t address_id; /**< not in the third form */
    uint32_t token;     /**< first form */
    uint32_t nonce;     /**< first and second form */
    uint8_t hmac[20];   /**< second form: 8 bytes, third: 20 */
} mpt_wire_join;

typedef struct mpt_wire_dss {
    bool is_data_fin, has_ack, is_ack64, has_map, is_dsn64, has_checksum;
    uint64_t ack; /**< 32 bits when !is_ack64 */
    uint64_t dsn; /**< 32 bits when !is_dsn64 */
    uint32_t ssn; /**< subflow sequence number relative to the subflow's ISN */
    uint16_t length, checksum;
} mpt_wire_dss;

typedef struct mpt_wire_add_addr {
    bool is_echo, has_port; /**< an echo carries no HMAC */
    bool is_v0;             /**< form of RFC 6824: no HMAC, no echo */
    uint8_t id;
    mpt_addr addr;
    uint16_t port;
    uint64_t hmac;
} mpt_wire_add_addr;

#define MPT_REMOVE_IDS_MAX 37
typedef struct mpt_wire_remove_addr {
    uint8_t count, ids[MPT_REMOVE_IDS_MAX];
} mpt_wire_remove_addr;

typedef struct mpt_wire_tcprst {
    uint8_t flags; /**< low nibble: U V W T */
    uint8_t reason;
} mpt_wire_tcprst;
/** Reasons of MP_TCPRST (RFC 8684 table 6). */
enum {
    MPT_RST_UNSPECIFIED = 0,
    MPT_RST_MPTCP = 1,
    MPT_RST_RESOURCE = 2,
    MPT_RST_PROHIBITED = 3,
    MPT_RST_TOO_MUCH_DATA = 4,
    MPT_RST_PERFORMANCE = 5,
    MPT_RST_MIDDLEBOX = 6
};
enum { MPT_RST_TRANSIENT = 0x01 };

typedef struct mpt_wire_sack {
    uint32_t start, end;
} mpt_wire_sack;

typedef struct mpt_wire {
    uint16_t source_port, destination_port;
    uint32_t seq, ack;
    uint8_t flags;
    uint16_t window;

    union {
        struct {
            bool has_mss, has_window_scale, is_sack_permitted;
            uint8_t sack_count;
        };
        uint32_t rare; /**< not 0: some of them are there */
    };
    bool has_timestamps;
    uint16_t mss;
    uint8_t window_scale;
    uint32_t ts_value, ts_echo;
    mpt_wire_sack sack[4];

    uint16_t mptcp;          /**< bit (1 << subtype) for each MPTCP option present and well-formed */
    bool is_mptcp_malformed; /**< there was an option of kind 30 that could not be parsed */
    mpt_wire_capable capable;
    mpt_wire_join join;
    mpt_wire_dss dss;
    mpt_wire_add_addr add_addr;
    mpt_wire_remove_addr remove_addr;
    bool is_prio_backup;
    uint64_t fail_dsn;
    uint64_t fastclose_key;
    mpt_wire_tcprst tcprst;
} mpt_wire;

/** The mapping that ends all mappings (RFC 8684 3.3.1, 3.7). */
static inline bool mpt_wire_is_infinite(const mpt_wire *w) {
    return (w->mptcp & (1u << MPT_DSS)) && w->dss.has_map && w->dss.length == 0;
}

/** Parse a header. Fields of options that are absent are not written: look at the has_ and mptcp bits. @return MPT_OK or MPT_ERR_MALFORMED */
mpt_status mpt_wire_decode(mpt_wire *w, const uint8_t *bytes, uint32_t byte_count);
/**
 * Write a header: MSS, window scale, SACK-permitted, timestamps, then the MPTCP options, then as many SACK blocks as the 40 bytes
 * leave room for; padded to 4 bytes with NOP. The TCP checksum is zero; a DSS checksum is written as it stands in @p w, which for
 * mpt_segment_seal() is the folded sum of the pseudo-header.
 * @param dss_checksum_at receives the offset of the checksum field of a DSS (or of MP_CAPABLE) that has one, else 0
 * @return length of the header; 0 when the options other than SACK do not fit
 */
uint32_t mpt_wire_encode(const mpt_wire *w, uint8_t out[MPT_HEADER_BYTES_MAX], uint8_t *dss_checksum_at);
/** @return bytes the options of @p w take without SACK blocks, padding included (what mpt_wire_encode() would write); may exceed 40. */
uint32_t mpt_wire_option_bytes(const mpt_wire *w);

/** Ones' complement sum (RFC 1071), not folded into its complement; continue with @p sum. An odd length counts as padded with zero. */
uint32_t mpt_wire_sum(uint32_t sum, const uint8_t *bytes, size_t byte_count);
/** @return @p sum folded to 16 bits, not complemented. */
uint16_t mpt_wire_fold(uint32_t sum);
/** Sum of the DSS pseudo-header (RFC 8684 3.3.1): 8-byte DSN, SSN, length. */
uint32_t mpt_wire_dss_pseudo_sum(uint64_t dsn, uint32_t ssn, uint16_t length);

#endif
