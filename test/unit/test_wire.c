/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_wire.c: the header and option codec. Every form of every option is written once, as bytes and as a struct, and
 * is then tested in both directions, at every length, and cut off at every byte.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/mpt_crypto.h"
#include "wire/mpt_wire.h"
#include "unit_support.h"

#define HEADER_BYTES 20u
#define OPTION_BYTES 40u
#define MAX_FORMS 5
#define NOP 1
#define KEY_A UINT64_C(0x0102030405060708)
#define KEY_B UINT64_C(0xf1f2f3f4f5f6f7f8)

/* ---- Comparing what is valid ------------------------------------------------------------------------------ */

static bool has(const mpt_wire *w, mpt_subtype subtype) {
    return (w->mptcp >> subtype & 1) != 0;
}

static void expect_plain_equal(const char *row, const mpt_wire *a, const mpt_wire *b) {
    EXPECT_U64(row, a->has_mss, b->has_mss);
    EXPECT_U64(row, a->has_window_scale, b->has_window_scale);
    EXPECT_U64(row, a->is_sack_permitted, b->is_sack_permitted);
    EXPECT_U64(row, a->has_timestamps, b->has_timestamps);
    EXPECT_U64(row, a->sack_count, b->sack_count);
    if (b->has_mss)
        EXPECT_U64(row, a->mss, b->mss);
    if (b->has_window_scale)
        EXPECT_U64(row, a->window_scale, b->window_scale);
    if (b->has_timestamps) {
        EXPECT_U64(row, a->ts_value, b->ts_value);
        EXPECT_U64(row, a->ts_echo, b->ts_echo);
    }
    for (uint32_t i = 0; i < b->sack_count; i++) {
        EXPECT_U64(row, a->sack[i].start, b->sack[i].start);
        EXPECT_U64(row, a->sack[i].end, b->sack[i].end);
    }
}

static void expect_capable_equal(const char *row, const mpt_wire_capable *a, const mpt_wire_capable *b) {
    EXPECT_U64(row, a->version, b->version);
    EXPECT_U64(row, a->flags, b->flags);
    EXPECT_U64(row, a->has_sender_key, b->has_sender_key);
    EXPECT_U64(row, a->has_receiver_key, b->has_receiver_key);
    EXPECT_U64(row, a->has_data, b->has_data);
    EXPECT_U64(row, a->has_checksum, b->has_checksum);
    if (b->has_sender_key)
        EXPECT_U64(row, a->sender_key, b->sender_key);
    if (b->has_receiver_key)
        EXPECT_U64(row, a->receiver_key, b->receiver_key);
    if (b->has_data)
        EXPECT_U64(row, a->data_bytes, b->data_bytes);
}

static void expect_join_equal(const char *row, const mpt_wire_join *a, const mpt_wire_join *b) {
    EXPECT_U64(row, a->form, b->form);
    if (b->form != MPT_JOIN_ACK) {
        EXPECT_U64(row, a->is_backup, b->is_backup);
        EXPECT_U64(row, a->address_id, b->address_id);
        EXPECT_U64(row, a->nonce, b->nonce);
    }
    if (b->form == MPT_JOIN_SYN)
        EXPECT_U64(row, a->token, b->token);
    else
        EXPECT_BYTES(row, a->hmac, b->hmac, b->form == MPT_JOIN_SYNACK ? 8 : 20);
}

static void expect_dss_equal(const char *row, const mpt_wire_dss *a, const mpt_wire_dss *b) {
    EXPECT_U64(row, a->is_data_fin, b->is_data_fin);
    EXPECT_U64(row, a->has_ack, b->has_ack);
    EXPECT_U64(row, a->is_ack64, b->is_ack64);
    EXPECT_U64(row, a->has_map, b->has_map);
    EXPECT_U64(row, a->is_dsn64, b->is_dsn64);
    EXPECT_U64(row, a->has_checksum, b->has_checksum);
    if (b->has_ack)
        EXPECT_U64(row, a->ack, b->ack);
    if (b->has_map) {
        EXPECT_U64(row, a->dsn, b->dsn);
        EXPECT_U64(row, a->ssn, b->ssn);
        EXPECT_U64(row, a->length, b->length);
    }
}

static void expect_add_addr_equal(const char *row, const mpt_wire_add_addr *a, const mpt_wire_add_addr *b) {
    EXPECT_U64(row, a->is_echo, b->is_echo);
    EXPECT_U64(row, a->is_v0, b->is_v0);
    EXPECT_U64(row, a->has_port, b->has_port);
    EXPECT_U64(row, a->id, b->id);
    EXPECT_U64(row, a->addr.family, b->addr.family);
    EXPECT_BYTES(row, a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
    if (b->has_port)
        EXPECT_U64(row, a->port, b->port);
    if (!b->is_echo && !b->is_v0)
        EXPECT_U64(row, a->hmac, b->hmac);
}

static void expect_mptcp_equal(const char *row, const mpt_wire *a, const mpt_wire *b) {
    EXPECT_U64(row, a->mptcp, b->mptcp);
    EXPECT_U64(row, a->is_mptcp_malformed, b->is_mptcp_malformed);
    if (has(b, MPT_MP_CAPABLE))
        expect_capable_equal(row, &a->capable, &b->capable);
    if (has(b, MPT_MP_JOIN))
        expect_join_equal(row, &a->join, &b->join);
    if (has(b, MPT_DSS))
        expect_dss_equal(row, &a->dss, &b->dss);
    if (has(b, MPT_ADD_ADDR))
        expect_add_addr_equal(row, &a->add_addr, &b->add_addr);
    if (has(b, MPT_REMOVE_ADDR)) {
        EXPECT_U64(row, a->remove_addr.count, b->remove_addr.count);
        EXPECT_BYTES(row, a->remove_addr.ids, b->remove_addr.ids, b->remove_addr.count);
    }
    if (has(b, MPT_MP_PRIO))
        EXPECT_U64(row, a->is_prio_backup, b->is_prio_backup);
    if (has(b, MPT_MP_FAIL))
        EXPECT_U64(row, a->fail_dsn, b->fail_dsn);
    if (has(b, MPT_MP_FASTCLOSE))
        EXPECT_U64(row, a->fastclose_key, b->fastclose_key);
    if (has(b, MPT_MP_TCPRST)) {
        EXPECT_U64(row, a->tcprst.flags, b->tcprst.flags);
        EXPECT_U64(row, a->tcprst.reason, b->tcprst.reason);
    }
}

static void expect_head_equal(const char *row, const mpt_wire *a, const mpt_wire *b) {
    EXPECT_U64(row, a->source_port, b->source_port);
    EXPECT_U64(row, a->destination_port, b->destination_port);
    EXPECT_U64(row, a->seq, b->seq);
    EXPECT_U64(row, a->ack, b->ack);
    EXPECT_U64(row, a->flags, b->flags);
    EXPECT_U64(row, a->window, b->window);
}

/* ---- Every form of every option --------------------------------------------------------------------------- */

/** An option as bytes and as a struct, and the other lengths at which its first bytes are well-formed, too. */
typedef struct option_row {
    const char *name;
    const char *hex;
    mpt_wire w;
    uint8_t other_lengths[MAX_FORMS];
    uint8_t checksum_at; /**< offset of the checksum field in the option, which holds beef; 0 = none */
} option_row;

#define B(subtype) (uint16_t)(1u << (subtype))
#define CAPABLE(...)                                                                                                   \
    {                                                                                                                  \
        .mptcp = B(MPT_MP_CAPABLE), .capable = {.version = 1, __VA_ARGS__ }                                            \
    }
#define JOIN(...)                                                                                                      \
    {                                                                                                                  \
        .mptcp = B(MPT_MP_JOIN), .join = { __VA_ARGS__ }                                                               \
    }
#define DSS(...)                                                                                                       \
    {                                                                                                                  \
        .mptcp = B(MPT_DSS), .dss = { __VA_ARGS__ }                                                                    \
    }
#define ADD_ADDR(...)                                                                                                  \
    {                                                                                                                  \
        .mptcp = B(MPT_ADD_ADDR), .add_addr = { __VA_ARGS__ }                                                          \
    }
#define V4 .addr = {.family = 4, .bytes = {10, 1, 2, 3}}
#define V6 .addr = {.family = 6, .bytes = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd}}
#define HMAC8                                                                                                          \
    { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7 }
#define HMAC20                                                                                                         \
    {                                                                                                                  \
        0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1,    \
            0xb2, 0xb3                                                                                                 \
    }
#define MAP32 .has_map = true, .dsn = 0x89abcdef, .ssn = 0x11223344, .length = 0x05a8
#define MAP64                                                                                                          \
    .has_map = true, .is_dsn64 = true, .dsn = UINT64_C(0x0123456789abcdef), .ssn = 0x11223344, .length = 0x05a8
#define ACK32 .has_ack = true, .ack = 0xfedcba98
#define ACK64 .has_ack = true, .is_ack64 = true, .ack = UINT64_C(0xfedcba9876543210)

static const option_row option_rows[] = {
    {"MP_CAPABLE of a SYN", "1e04 01 01", CAPABLE(.flags = MPT_CAPABLE_H), {12, 20, 22, 24}, 0},
    {"MP_CAPABLE with all flags", "1e04 01 ff", CAPABLE(.flags = 0xff), {12, 20, 22, 24}, 0},
    {"MP_CAPABLE of version 0",
     "1e0c 00 81 0102030405060708",
     {.mptcp = B(MPT_MP_CAPABLE), .capable = {.flags = 0x81, .has_sender_key = true, .sender_key = KEY_A}},
     {4, 20, 22, 24},
     0},
    {"MP_CAPABLE of version 15",
     "1e04 0f 01",
     {.mptcp = B(MPT_MP_CAPABLE), .capable = {.version = 15, .flags = 1}},
     {12, 20, 22, 24},
     0},
    {"MP_CAPABLE of a SYN/ACK",
     "1e0c 01 01 0102030405060708",
     CAPABLE(.flags = 1, .has_sender_key = true, .sender_key = KEY_A),
     {4, 20, 22, 24},
     0},
    {"MP_CAPABLE of an ACK",
     "1e14 01 01 0102030405060708 f1f2f3f4f5f6f7f8",
     CAPABLE(.flags = 1, .has_sender_key = true, .has_receiver_key = true, .sender_key = KEY_A, .receiver_key = KEY_B),
     {4, 12, 22, 24},
     0},
    {"MP_CAPABLE with data",
     "1e16 01 01 0102030405060708 f1f2f3f4f5f6f7f8 05a8",
     CAPABLE(.flags = 1, .has_sender_key = true, .has_receiver_key = true, .has_data = true, .sender_key = KEY_A,
             .receiver_key = KEY_B, .data_bytes = 1448),
     {4, 12, 20, 24},
     0},
    {"MP_CAPABLE with data and checksum",
     "1e18 01 81 0102030405060708 f1f2f3f4f5f6f7f8 05a8 beef",
     CAPABLE(.flags = 0x81, .has_sender_key = true, .has_receiver_key = true, .has_data = true, .has_checksum = true,
             .sender_key = KEY_A, .receiver_key = KEY_B, .data_bytes = 1448, .checksum = 0xbeef),
     {4, 12, 20, 22},
     22},

    {"MP_JOIN of a SYN",
     "1e0c 10 07 01020304 f1f2f3f4",
     JOIN(.form = MPT_JOIN_SYN, .address_id = 7, .token = 0x01020304, .nonce = 0xf1f2f3f4),
     {16, 24},
     0},
    {"MP_JOIN of a SYN, backup",
     "1e0c 11 ff 01020304 f1f2f3f4",
     JOIN(.form = MPT_JOIN_SYN, .is_backup = true, .address_id = 255, .token = 0x01020304, .nonce = 0xf1f2f3f4),
     {16, 24},
     0},
    {"MP_JOIN of a SYN/ACK",
     "1e10 10 07 a0a1a2a3a4a5a6a7 f1f2f3f4",
     JOIN(.form = MPT_JOIN_SYNACK, .address_id = 7, .nonce = 0xf1f2f3f4, .hmac = HMAC8),
     {12, 24},
     0},
    {"MP_JOIN of a SYN/ACK, backup",
     "1e10 11 00 a0a1a2a3a4a5a6a7 f1f2f3f4",
     JOIN(.form = MPT_JOIN_SYNACK, .is_backup = true, .nonce = 0xf1f2f3f4, .hmac = HMAC8),
     {12, 24},
     0},
    {"MP_JOIN of an ACK",
     "1e18 10 00 a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3",
     JOIN(.form = MPT_JOIN_ACK, .hmac = HMAC20),
     {12, 16},
     0},

    {"DSS with nothing", "1e04 20 00", DSS(.is_data_fin = false), {0}, 0},
    {"DSS with DATA_FIN alone", "1e04 20 10", DSS(.is_data_fin = true), {0}, 0},
    {"DSS with a 4-byte ACK", "1e08 20 01 fedcba98", DSS(ACK32), {0}, 0},
    {"DSS with an 8-byte ACK", "1e0c 20 03 fedcba9876543210", DSS(ACK64), {0}, 0},
    {"DSS with a 4-byte DSN", "1e0e 20 04 89abcdef 11223344 05a8", DSS(MAP32), {16}, 0},
    {"DSS with a 4-byte DSN and checksum",
     "1e10 20 04 89abcdef 11223344 05a8 beef",
     DSS(MAP32, .has_checksum = true),
     {14},
     14},
    {"DSS with an 8-byte DSN", "1e12 20 0c 0123456789abcdef 11223344 05a8", DSS(MAP64), {20}, 0},
    {"DSS with an 8-byte DSN and checksum",
     "1e14 20 0c 0123456789abcdef 11223344 05a8 beef",
     DSS(MAP64, .has_checksum = true),
     {18},
     18},
    {"DSS 4-byte ACK, 4-byte DSN", "1e12 20 05 fedcba98 89abcdef 11223344 05a8", DSS(ACK32, MAP32), {20}, 0},
    {"DSS 4-byte ACK, 4-byte DSN, checksum",
     "1e14 20 05 fedcba98 89abcdef 11223344 05a8 beef",
     DSS(ACK32, MAP32, .has_checksum = true),
     {18},
     18},
    {"DSS 4-byte ACK, 8-byte DSN", "1e16 20 0d fedcba98 0123456789abcdef 11223344 05a8", DSS(ACK32, MAP64), {24}, 0},
    {"DSS 4-byte ACK, 8-byte DSN, checksum",
     "1e18 20 0d fedcba98 0123456789abcdef 11223344 05a8 beef",
     DSS(ACK32, MAP64, .has_checksum = true),
     {22},
     22},
    {"DSS 8-byte ACK, 4-byte DSN", "1e16 20 07 fedcba9876543210 89abcdef 11223344 05a8", DSS(ACK64, MAP32), {24}, 0},
    {"DSS 8-byte ACK, 4-byte DSN, checksum",
     "1e18 20 07 fedcba9876543210 89abcdef 11223344 05a8 beef",
     DSS(ACK64, MAP32, .has_checksum = true),
     {22},
     22},
    {"DSS 8-byte ACK, 8-byte DSN",
     "1e1a 20 0f fedcba9876543210 0123456789abcdef 11223344 05a8",
     DSS(ACK64, MAP64),
     {28},
     0},
    {"DSS with everything",
     "1e1c 20 1f fedcba9876543210 0123456789abcdef 11223344 05a8 beef",
     DSS(.is_data_fin = true, ACK64, MAP64, .has_checksum = true),
     {26},
     26},

    {"ADD_ADDR IPv4",
     "1e10 30 05 0a010203 a0a1a2a3a4a5a6a7",
     ADD_ADDR(.id = 5, V4, .hmac = UINT64_C(0xa0a1a2a3a4a5a6a7)),
     {18, 28, 30},
     0},
    {"ADD_ADDR IPv4 with port",
     "1e12 30 05 0a010203 1f90 a0a1a2a3a4a5a6a7",
     ADD_ADDR(.id = 5, V4, .has_port = true, .port = 8080, .hmac = UINT64_C(0xa0a1a2a3a4a5a6a7)),
     {16, 28, 30},
     0},
    {"ADD_ADDR IPv6",
     "1e1c 30 05 20010db80000000000000000 0000abcd a0a1a2a3a4a5a6a7",
     ADD_ADDR(.id = 5, V6, .hmac = UINT64_C(0xa0a1a2a3a4a5a6a7)),
     {16, 18, 30},
     0},
    {"ADD_ADDR IPv6 with port",
     "1e1e 30 05 20010db80000000000000000 0000abcd 1f90 a0a1a2a3a4a5a6a7",
     ADD_ADDR(.id = 5, V6, .has_port = true, .port = 8080, .hmac = UINT64_C(0xa0a1a2a3a4a5a6a7)),
     {16, 18, 28},
     0},
    {"ADD_ADDR of version 0, IPv4",
     "1e08 34 05 0a010203",
     ADD_ADDR(.is_v0 = true, .id = 5, V4),
     {10, 16, 18, 28, 30},
     0},
    {"ADD_ADDR of version 0, IPv4 with port",
     "1e0a 34 05 0a010203 1f90",
     ADD_ADDR(.is_v0 = true, .id = 5, V4, .has_port = true, .port = 8080),
     {8, 16, 18, 28, 30},
     0},
    {"ADD_ADDR of version 0, IPv6",
     "1e14 36 05 20010db80000000000000000 0000abcd",
     ADD_ADDR(.is_v0 = true, .id = 5, V6),
     {16, 18, 22, 28, 30},
     0},
    {"ADD_ADDR of version 0, IPv6 with port",
     "1e16 36 05 20010db80000000000000000 0000abcd 1f90",
     ADD_ADDR(.is_v0 = true, .id = 5, V6, .has_port = true, .port = 8080),
     {16, 18, 20, 28, 30},
     0},
    {"ADD_ADDR echo IPv4", "1e08 31 05 0a010203", ADD_ADDR(.is_echo = true, .id = 5, V4), {10, 20, 22}, 0},
    {"ADD_ADDR echo IPv4 with port",
     "1e0a 31 05 0a010203 1f90",
     ADD_ADDR(.is_echo = true, .id = 5, V4, .has_port = true, .port = 8080),
     {8, 20, 22},
     0},
    {"ADD_ADDR echo IPv6",
     "1e14 31 05 20010db80000000000000000 0000abcd",
     ADD_ADDR(.is_echo = true, .id = 5, V6),
     {8, 10, 22},
     0},
    {"ADD_ADDR echo IPv6 with port",
     "1e16 31 05 20010db80000000000000000 0000abcd 1f90",
     ADD_ADDR(.is_echo = true, .id = 5, V6, .has_port = true, .port = 8080),
     {8, 10, 20},
     0},

    {"MP_PRIO, not backup", "1e03 50", {.mptcp = B(MPT_MP_PRIO), .is_prio_backup = false}, {0}, 0},
    {"MP_PRIO, backup", "1e03 51", {.mptcp = B(MPT_MP_PRIO), .is_prio_backup = true}, {0}, 0},
    {"MP_FAIL", "1e0c 60 00 0102030405060708", {.mptcp = B(MPT_MP_FAIL), .fail_dsn = KEY_A}, {0}, 0},
    {"MP_FASTCLOSE", "1e0c 70 00 f1f2f3f4f5f6f7f8", {.mptcp = B(MPT_MP_FASTCLOSE), .fastclose_key = KEY_B}, {0}, 0},
    {"MP_TCPRST", "1e04 80 00", {.mptcp = B(MPT_MP_TCPRST), .tcprst = {0, 0}}, {0}, 0},
    {"MP_TCPRST, transient, middlebox",
     "1e04 81 06",
     {.mptcp = B(MPT_MP_TCPRST), .tcprst = {MPT_RST_TRANSIENT, MPT_RST_MIDDLEBOX}},
     {0},
     0},
    {"MP_TCPRST with all flags", "1e04 8f ff", {.mptcp = B(MPT_MP_TCPRST), .tcprst = {0x0f, 255}}, {0}, 0},
};

static const mpt_wire head = {.source_port = 0x1234,
                              .destination_port = 0xfedc,
                              .seq = 0x89abcdef,
                              .ack = 0x01020304,
                              .flags = MPT_ACK | MPT_PSH,
                              .window = 0xa1b2};
#define HEAD_HEX "1234fedc 89abcdef 01020304 5018a1b2 00000000"

static mpt_wire with_head(const mpt_wire *options) {
    mpt_wire w = *options;
    w.source_port = head.source_port;
    w.destination_port = head.destination_port;
    w.seq = head.seq;
    w.ack = head.ack;
    w.flags = head.flags;
    w.window = head.window;
    return w;
}

/** Lay out a header of @p option_bytes (a multiple of 4) of options. */
static uint32_t build_header(uint8_t header[MPT_HEADER_BYTES_MAX], const uint8_t *options, uint32_t option_bytes) {
    unit_hex(HEAD_HEX, header, MPT_HEADER_BYTES_MAX);
    memcpy(header + HEADER_BYTES, options, option_bytes);
    header[12] = (uint8_t)((HEADER_BYTES + option_bytes) / 4 << 4);
    return HEADER_BYTES + option_bytes;
}

/** Decode from memory of exactly that size into a struct full of rubbish. */
static mpt_status decode(mpt_wire *w, const uint8_t *bytes, uint32_t byte_count) {
    uint8_t *exact = unit_exact_copy(bytes, byte_count);
    memset(w, 0xa5, sizeof *w);
    mpt_status status = mpt_wire_decode(w, exact, byte_count);
    free(exact);
    return status;
}

static uint32_t padded(uint32_t bytes) {
    return (bytes + 3) / 4 * 4;
}

static void each_option_decodes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const option_row *row = &option_rows[i];
        uint8_t options[OPTION_BYTES], header[MPT_HEADER_BYTES_MAX];
        memset(options, NOP, sizeof options);
        uint32_t bytes = (uint32_t)unit_hex(row->hex, options, sizeof options);
        EXPECT_U64(row->name, options[1], bytes);
        mpt_wire w, expected = with_head(&row->w);
        EXPECT_U64(row->name, decode(&w, header, build_header(header, options, padded(bytes))), MPT_OK);
        expect_head_equal(row->name, &w, &expected);
        expect_plain_equal(row->name, &w, &expected);
        expect_mptcp_equal(row->name, &w, &expected);
        if (row->checksum_at != 0)
            EXPECT_U64(row->name, has(&w, MPT_DSS) ? w.dss.checksum : w.capable.checksum, 0xbeef);
    }
}

static void each_option_encodes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const option_row *row = &option_rows[i];
        uint8_t options[OPTION_BYTES], expected[MPT_HEADER_BYTES_MAX], out[MPT_HEADER_BYTES_MAX], checksum_at = 99;
        memset(options, NOP, sizeof options);
        uint32_t bytes = (uint32_t)unit_hex(row->hex, options, sizeof options);
        uint32_t header_bytes = build_header(expected, options, padded(bytes));
        mpt_wire w = with_head(&row->w);
        w.dss.checksum = w.capable.checksum = 0xbeef;
        EXPECT_U64(row->name, mpt_wire_option_bytes(&w), padded(bytes));
        EXPECT_U64(row->name, mpt_wire_encode(&w, out, &checksum_at), header_bytes);
        EXPECT_BYTES(row->name, out, expected, header_bytes);
        EXPECT_U64(row->name, checksum_at, row->checksum_at != 0 ? HEADER_BYTES + row->checksum_at : 0);
    }
}

static bool is_length_of(const option_row *row, uint32_t own_bytes, uint32_t bytes) {
    for (uint32_t i = 0; i < MAX_FORMS; i++)
        if (row->other_lengths[i] == bytes)
            return true;
    return bytes == own_bytes;
}

static void each_option_at_every_length(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const option_row *row = &option_rows[i];
        uint8_t option[OPTION_BYTES], options[OPTION_BYTES], header[MPT_HEADER_BYTES_MAX];
        uint32_t own_bytes = (uint32_t)unit_hex(row->hex, option, sizeof option);
        for (uint32_t bytes = 2; bytes <= OPTION_BYTES; bytes++) {
            mpt_wire w;
            memset(options, NOP, sizeof options);
            memcpy(options, option, bytes < own_bytes ? bytes : own_bytes);
            options[1] = (uint8_t)bytes;
            EXPECT_U64(row->name, decode(&w, header, build_header(header, options, padded(bytes))), MPT_OK);
            bool is_good = is_length_of(row, own_bytes, bytes);
            if (w.is_mptcp_malformed == is_good)
                print_error("length %u\n", bytes);
            EXPECT_U64(row->name, w.is_mptcp_malformed, !is_good);
            EXPECT_U64(row->name, w.mptcp, is_good ? row->w.mptcp : 0);
        }
    }
}

/** The header ends within the option, after any number of its bytes. */
static void each_option_cut_off_at_every_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const option_row *row = &option_rows[i];
        uint8_t option[OPTION_BYTES], options[OPTION_BYTES], header[MPT_HEADER_BYTES_MAX];
        uint32_t own_bytes = (uint32_t)unit_hex(row->hex, option, sizeof option);
        for (uint32_t kept = 1; kept < own_bytes; kept++) {
            mpt_wire w;
            uint32_t nops = padded(kept) - kept;
            memset(options, NOP, nops);
            memcpy(options + nops, option, kept);
            EXPECT_U64(row->name, decode(&w, header, build_header(header, options, nops + kept)), MPT_ERR_MALFORMED);
        }
    }
}

/** The header says that it is longer than what there is. */
static void header_cut_off_at_every_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const option_row *row = &option_rows[i];
        uint8_t options[OPTION_BYTES], header[MPT_HEADER_BYTES_MAX];
        memset(options, NOP, sizeof options);
        uint32_t bytes = (uint32_t)unit_hex(row->hex, options, sizeof options);
        uint32_t header_bytes = build_header(header, options, padded(bytes));
        mpt_wire w;
        for (uint32_t there = 0; there < header_bytes; there++)
            EXPECT_U64(row->name, decode(&w, header, there), MPT_ERR_MALFORMED);
        EXPECT_U64(row->name, decode(&w, header, header_bytes), MPT_OK);
    }
}

static void remove_addr_of_every_count(void **state) {
    (void)state;
    for (uint32_t bytes = 2; bytes <= OPTION_BYTES; bytes++) {
        uint8_t options[OPTION_BYTES] = {30, (uint8_t)bytes, bytes > 2 ? 0x40 : NOP};
        uint8_t header[MPT_HEADER_BYTES_MAX], out[MPT_HEADER_BYTES_MAX], at;
        for (uint32_t i = 3; i < OPTION_BYTES; i++)
            options[i] = i < bytes ? (uint8_t)(200 + i) : NOP;
        mpt_wire w;
        uint32_t header_bytes = build_header(header, options, padded(bytes));
        assert_int_equal(decode(&w, header, header_bytes), MPT_OK);
        assert_int_equal(w.is_mptcp_malformed, bytes < 4);
        assert_int_equal(w.mptcp, bytes < 4 ? 0 : B(MPT_REMOVE_ADDR));
        if (bytes < 4)
            continue;
        assert_int_equal(w.remove_addr.count, bytes - 3);
        assert_memory_equal(w.remove_addr.ids, options + 3, bytes - 3);
        assert_int_equal(mpt_wire_encode(&w, out, &at), header_bytes);
        assert_memory_equal(out, header, header_bytes);
    }
}

static void unknown_subtypes_are_skipped(void **state) {
    (void)state;
    for (uint32_t subtype = MPT_MP_TCPRST + 1; subtype <= 15; subtype++) {
        uint8_t options[8] = {30, 4, (uint8_t)(subtype << 4), 0, 30, 3, 0x51, NOP}, header[MPT_HEADER_BYTES_MAX];
        mpt_wire w;
        assert_int_equal(decode(&w, header, build_header(header, options, sizeof options)), MPT_OK);
        assert_int_equal(w.mptcp, B(MPT_MP_PRIO));
        assert_false(w.is_mptcp_malformed);
    }
}

/* ---- Header and plain options ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *hex; /* of the options */
    mpt_status status;
    mpt_wire w;
} plain_rows[] = {
    {"none", "", MPT_OK, {0}},
    {"MSS", "020405b4", MPT_OK, {.has_mss = true, .mss = 1460}},
    {"window scale", "030307 01", MPT_OK, {.has_window_scale = true, .window_scale = 7}},
    {"window scale beyond 14 is the caller's matter",
     "0303ff 01",
     MPT_OK,
     {.has_window_scale = true, .window_scale = 255}},
    {"SACK permitted", "0402 0101", MPT_OK, {.is_sack_permitted = true}},
    {"timestamps",
     "0101 080a 01020304 fffefdfc",
     MPT_OK,
     {.has_timestamps = true, .ts_value = 0x01020304, .ts_echo = 0xfffefdfc}},
    {"one SACK block", "0101 050a 00000001 00000005", MPT_OK, {.sack_count = 1, .sack = {{1, 5}}}},
    {"four SACK blocks",
     "0101 0522 00000001 00000005 00000011 00000015 00000021 00000025 ffffffff 00000003",
     MPT_OK,
     {.sack_count = 4, .sack = {{1, 5}, {0x11, 0x15}, {0x21, 0x25}, {0xffffffff, 3}}}},
    {"no SACK block", "0101 0502", MPT_OK, {0}},
    {"SACK one byte short", "0509 00000001 000000 01 0101", MPT_OK, {0}},
    {"SACK one byte long", "050b 00000001 00000005 00 01", MPT_OK, {0}},
    {"MSS too short", "0203 05 01", MPT_OK, {0}},
    {"MSS too long", "0205 05b400 010101", MPT_OK, {0}},
    {"window scale too short", "0302 0101", MPT_OK, {0}},
    {"window scale too long", "0304 0700", MPT_OK, {0}},
    {"SACK permitted too long", "0403 00 01", MPT_OK, {0}},
    {"timestamps too short", "0809 01020304 fffefd 01 0101", MPT_OK, {0}},
    {"timestamps too long", "080b 01020304 fffefdfc 00 01", MPT_OK, {0}},
    {"unknown kind, then a known one", "fd05 000000 0303 07", MPT_OK, {.has_window_scale = true, .window_scale = 7}},
    {"after the end of the list nothing counts", "00 030307", MPT_OK, {0}},
    {"after the end of the list nothing is wrong", "0402 00ff", MPT_OK, {.is_sack_permitted = true}},
    {"NOPs alone", "01010101", MPT_OK, {0}},
    {"length 0", "fd00 0101", MPT_ERR_MALFORMED, {0}},
    {"length 1", "fd01 0101", MPT_ERR_MALFORMED, {0}},
    {"length 2", "fd02 0101", MPT_OK, {0}},
    {"up to the last byte", "fd04 0101", MPT_OK, {0}},
    {"one byte past the end", "fd05 0101", MPT_ERR_MALFORMED, {0}},
    {"length missing", "010101fd", MPT_ERR_MALFORMED, {0}},
    {"MPTCP with length 0", "1e00 0101", MPT_ERR_MALFORMED, {0}},
    {"MPTCP without a subtype", "1e02 0101", MPT_OK, {.is_mptcp_malformed = true}},
    {"a malformed MPTCP option hides no other",
     "1e05 01ffff 1e03 51",
     MPT_OK,
     {.mptcp = B(MPT_MP_PRIO), .is_prio_backup = true, .is_mptcp_malformed = true}},
    {"the later of two counts", "1e03 51 1e03 50 0101", MPT_OK, {.mptcp = B(MPT_MP_PRIO)}},
    {"SYN of MPTCP",
     "020405b4 030307 0402 080a 01020304 00000000 1e04 0101 01",
     MPT_OK,
     {.has_mss = true,
      .mss = 1460,
      .has_window_scale = true,
      .window_scale = 7,
      .is_sack_permitted = true,
      .has_timestamps = true,
      .ts_value = 0x01020304,
      .mptcp = B(MPT_MP_CAPABLE),
      .capable = {.version = 1, .flags = 1}}},
};

static void plain_options_decode(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(plain_rows); i++) {
        uint8_t options[OPTION_BYTES], header[MPT_HEADER_BYTES_MAX];
        memset(options, NOP, sizeof options);
        uint32_t bytes = (uint32_t)unit_hex(plain_rows[i].hex, options, sizeof options);
        mpt_wire w;
        EXPECT_U64(plain_rows[i].name, decode(&w, header, build_header(header, options, padded(bytes))),
                   plain_rows[i].status);
        if (plain_rows[i].status != MPT_OK)
            continue;
        expect_plain_equal(plain_rows[i].name, &w, &plain_rows[i].w);
        expect_mptcp_equal(plain_rows[i].name, &w, &plain_rows[i].w);
    }
}

static void data_offset_is_bounded(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t offset_words, there_bytes;
        mpt_status status;
    } rows[] = {
        {"nothing there", 5, 0, MPT_ERR_MALFORMED},
        {"one byte short of a header", 5, 19, MPT_ERR_MALFORMED},
        {"a bare header", 5, 20, MPT_OK},
        {"offset below a header", 4, 60, MPT_ERR_MALFORMED},
        {"offset zero", 0, 60, MPT_ERR_MALFORMED},
        {"one byte short of the offset", 6, 23, MPT_ERR_MALFORMED},
        {"exactly the offset", 6, 24, MPT_OK},
        {"payload behind is not looked at", 5, 60, MPT_OK},
        {"longest, one short", 15, 59, MPT_ERR_MALFORMED},
        {"longest", 15, 60, MPT_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t header[MPT_HEADER_BYTES_MAX], nops[OPTION_BYTES];
        memset(nops, NOP, sizeof nops);
        if (rows[i].offset_words == 5)
            memset(nops, 0xff, sizeof nops); /* an illegal list, were it read */
        build_header(header, nops, OPTION_BYTES);
        header[12] = (uint8_t)(rows[i].offset_words << 4);
        mpt_wire w;
        EXPECT_U64(rows[i].name, decode(&w, header, rows[i].there_bytes), rows[i].status);
    }
}

static void all_head_fields_have_their_place(void **state) {
    (void)state;
    uint8_t bytes[MPT_HEADER_BYTES_MAX], out[MPT_HEADER_BYTES_MAX], at;
    unit_hex("1234fedc 89abcdef 01020304 50ffa1b2 beefc3d4", bytes, sizeof bytes);
    mpt_wire w;
    assert_int_equal(decode(&w, bytes, HEADER_BYTES), MPT_OK);
    mpt_wire expected = with_head(&w);
    expected.flags = 0xff;
    expect_head_equal("head", &w, &expected);
    assert_int_equal(mpt_wire_encode(&w, out, &at), HEADER_BYTES);
    memset(bytes + 16, 0, 4); /* the checksum is the sealer's, and nothing is urgent */
    assert_memory_equal(out, bytes, HEADER_BYTES);
    assert_int_equal(MPT_FIN | MPT_SYN | MPT_RST | MPT_PSH | MPT_ACK | MPT_URG | MPT_ECE | MPT_CWR, 0xff);
}

static void options_come_in_the_written_order(void **state) {
    (void)state;
    mpt_wire w = with_head(&(mpt_wire){.has_mss = true,
                                       .mss = 1460,
                                       .has_window_scale = true,
                                       .window_scale = 7,
                                       .is_sack_permitted = true,
                                       .has_timestamps = true,
                                       .ts_value = 0x01020304,
                                       .ts_echo = 0x05060708,
                                       .mptcp = B(MPT_MP_CAPABLE),
                                       .capable = {.version = 1, .flags = 1}});
    uint8_t expected[MPT_HEADER_BYTES_MAX], options[OPTION_BYTES], out[MPT_HEADER_BYTES_MAX], at;
    uint32_t bytes =
        (uint32_t)unit_hex("020405b4 030307 0402 080a0102030405060708 1e040101 01", options, sizeof options);
    uint32_t header_bytes = build_header(expected, options, bytes);
    assert_int_equal(mpt_wire_encode(&w, out, &at), header_bytes);
    assert_memory_equal(out, expected, header_bytes);
}

/* ---- Who gets the 40 bytes -------------------------------------------------------------------------------- */

#define TIMESTAMPS .has_timestamps = true, .ts_value = 1, .ts_echo = 2
#define FOUR_SACKS .sack_count = 4, .sack = {{1, 2}, {3, 4}, {5, 6}, {7, 8}}

static const struct {
    const char *name;
    mpt_wire w;
    uint32_t fixed_bytes; /* padded */
    uint32_t header_bytes;
    uint32_t sacks;
} room_rows[] = {
    {"SACK alone", {FOUR_SACKS}, 0, 56, 4},
    {"with timestamps", {TIMESTAMPS, FOUR_SACKS}, 12, 56, 3},
    {"with timestamps and a 4-byte DATA_ACK", {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_DSS), .dss = {ACK32}}, 20, 56, 2},
    {"with timestamps and an 8-byte DATA_ACK",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_DSS), .dss = {ACK64}},
     24,
     60,
     2},
    {"with timestamps and the short mapping",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_DSS), .dss = {ACK32, MAP32}},
     28,
     60,
     1},
    {"with timestamps and the usual mapping",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_DSS), .dss = {ACK32, MAP64}},
     32,
     52,
     0},
    {"without timestamps, the usual mapping", {FOUR_SACKS, .mptcp = B(MPT_DSS), .dss = {ACK32, MAP64}}, 24, 60, 2},
    {"room for exactly one",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_MP_CAPABLE),
      .capable = {.has_sender_key = true, .has_receiver_key = true}},
     32,
     60,
     1},
    {"one byte short of one",
     {FOUR_SACKS, .mptcp = B(MPT_MP_PRIO) | B(MPT_MP_FAIL) | B(MPT_MP_JOIN), .join = {.form = MPT_JOIN_SYNACK}},
     32,
     52,
     0},
    {"fewer SACKs than there is room for", {TIMESTAMPS, .sack_count = 1, .sack = {{1, 2}}}, 12, 40, 1},
    {"39 bytes of options", {.mptcp = B(MPT_REMOVE_ADDR), .remove_addr = {.count = 36}}, 40, 60, 0},
    {"40 bytes of options", {.mptcp = B(MPT_REMOVE_ADDR), .remove_addr = {.count = 37}}, 40, 60, 0},
    {"40 bytes with timestamps",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_ADD_ADDR), .add_addr = {V6, .has_port = true}},
     40,
     60,
     0},
    {"41 bytes of options",
     {.is_sack_permitted = true, .mptcp = B(MPT_REMOVE_ADDR), .remove_addr = {.count = 36}},
     44,
     0,
     0},
    {"DSS and ADD_ADDR with port on one segment",
     {TIMESTAMPS, FOUR_SACKS, .mptcp = B(MPT_DSS) | B(MPT_ADD_ADDR), .dss = {ACK32},
      .add_addr = {V4, .has_port = true}},
     36,
     56,
     0},
    {"a full DSS and an ADD_ADDR do not fit",
     {TIMESTAMPS, .mptcp = B(MPT_DSS) | B(MPT_ADD_ADDR), .dss = {ACK32, MAP64}, .add_addr = {V4}},
     48,
     0,
     0},
};

static void mptcp_goes_first_and_sack_takes_the_rest(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(room_rows); i++) {
        const char *name = room_rows[i].name;
        uint8_t out[MPT_HEADER_BYTES_MAX], at;
        mpt_wire w;
        EXPECT_U64(name, mpt_wire_option_bytes(&room_rows[i].w), room_rows[i].fixed_bytes);
        EXPECT_U64(name, mpt_wire_encode(&room_rows[i].w, out, &at), room_rows[i].header_bytes);
        if (room_rows[i].header_bytes == 0)
            continue;
        mpt_wire expected = room_rows[i].w;
        expected.sack_count = (uint8_t)room_rows[i].sacks;
        EXPECT_U64(name, decode(&w, out, room_rows[i].header_bytes), MPT_OK);
        expect_plain_equal(name, &w, &expected);
        expect_mptcp_equal(name, &w, &expected);
    }
}

/* ---- Properties ------------------------------------------------------------------------------------------- */

static bool coin(mpt_random *r) {
    return mpt_random_u64(r) & 1;
}

static void random_bytes(mpt_random *r, void *out, size_t byte_count) {
    uint8_t *p = out;
    for (size_t i = 0; i < byte_count; i++)
        p[i] = (uint8_t)mpt_random_u64(r);
}

static uint32_t below(mpt_random *r, uint32_t limit) {
    return (uint32_t)(mpt_random_u64(r) % limit);
}

/** Bring the MPTCP options of a struct of random bytes to what they may hold. */
static void tame_mptcp(mpt_random *r, mpt_wire *w) {
    uint32_t form = below(r, 5);
    w->capable.version &= 15;
    w->capable.has_sender_key = form > 0;
    w->capable.has_receiver_key = form > 1;
    w->capable.has_data = form > 2;
    w->capable.has_checksum = form > 3;
    w->join.form = (mpt_join_form)below(r, 3);
    w->join.is_backup = coin(r);
    w->dss.is_data_fin = coin(r);
    w->dss.has_ack = coin(r);
    w->dss.is_ack64 = w->dss.has_ack && coin(r);
    w->dss.has_map = coin(r);
    w->dss.is_dsn64 = w->dss.has_map && coin(r);
    w->dss.has_checksum = w->dss.has_map && coin(r);
    w->dss.ack >>= w->dss.is_ack64 ? 0 : 32;
    w->dss.dsn >>= w->dss.is_dsn64 ? 0 : 32;
    w->add_addr.is_v0 = coin(r);
    w->add_addr.is_echo = !w->add_addr.is_v0 && coin(r);
    w->add_addr.has_port = coin(r);
    w->add_addr.addr.family = coin(r) ? 4 : 6;
    if (w->add_addr.addr.family == 4)
        memset(w->add_addr.addr.bytes + 4, 0, 12);
    uint32_t ids_max = coin(r) ? 3 : MPT_REMOVE_IDS_MAX;
    w->remove_addr.count = (uint8_t)(1 + below(r, ids_max));
    w->is_prio_backup = coin(r);
    w->tcprst.flags &= 15;
}

static void random_wire(mpt_random *r, mpt_wire *w) {
    random_bytes(r, w, sizeof *w);
    w->has_mss = coin(r);
    w->has_window_scale = coin(r);
    w->is_sack_permitted = coin(r);
    w->has_timestamps = coin(r);
    w->sack_count = (uint8_t)below(r, 5);
    w->is_mptcp_malformed = false;
    w->mptcp = 0;
    tame_mptcp(r, w);
    for (uint32_t options = below(r, 4); options > 0; options--)
        w->mptcp |= B(below(r, MPT_MP_TCPRST + 1));
}

static void decoding_undoes_encoding(void **state) {
    (void)state;
    mpt_random random = {.seed = 8684};
    uint32_t fitted = 0, too_long = 0;
    for (int i = 0; i < 200000; i++) {
        mpt_wire x, y;
        uint8_t out[MPT_HEADER_BYTES_MAX], at;
        random_wire(&random, &x);
        uint32_t fixed_bytes = mpt_wire_option_bytes(&x), header_bytes = mpt_wire_encode(&x, out, &at);
        assert_int_equal(header_bytes == 0, fixed_bytes > OPTION_BYTES);
        if (header_bytes == 0) {
            too_long++;
            continue;
        }
        fitted++;
        assert_true(header_bytes % 4 == 0 && header_bytes >= HEADER_BYTES + fixed_bytes &&
                    header_bytes <= MPT_HEADER_BYTES_MAX);
        assert_int_equal(decode(&y, out, header_bytes), MPT_OK);
        assert_true(y.sack_count <= x.sack_count);
        assert_true(y.sack_count == x.sack_count || HEADER_BYTES + fixed_bytes + 8u * (y.sack_count + 1u) + 2 > 56);
        x.sack_count = y.sack_count;
        expect_head_equal("random", &y, &x);
        expect_plain_equal("random", &y, &x);
        expect_mptcp_equal("random", &y, &x);
        bool has_checksum =
            (has(&x, MPT_DSS) && x.dss.has_checksum) || (has(&x, MPT_MP_CAPABLE) && x.capable.has_checksum);
        assert_int_equal(at != 0, has_checksum);
    }
    assert_true(fitted > 20000 && too_long > 20000); /* both happen often enough to mean something */
}

/** Rubbish in: no read past the end (AddressSanitizer), and what is understood survives another round. */
static void random_bytes_are_survived(void **state) {
    (void)state;
    mpt_random random = {.seed = 9293};
    uint32_t understood = 0;
    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[MPT_HEADER_BYTES_MAX], out[MPT_HEADER_BYTES_MAX], at;
        uint32_t byte_count = HEADER_BYTES;
        random_bytes(&random, bytes, sizeof bytes);
        uint32_t bytes_wanted = HEADER_BYTES + (uint32_t)(mpt_random_u64(&random) % (OPTION_BYTES + 1));
        while (byte_count < bytes_wanted) {
            static const uint8_t kinds[] = {30, 30, 30, 30, 2, 3, 4, 5, 8, 253, 1, 0};
            static const uint8_t lengths[] = {2, 3, 4, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 5};
            uint8_t *option = bytes + byte_count;
            option[0] = kinds[mpt_random_u64(&random) % COUNT_OF(kinds)];
            byte_count++;
            if (option[0] < 2 || byte_count + 2 > MPT_HEADER_BYTES_MAX)
                continue;
            option[1] = lengths[mpt_random_u64(&random) % COUNT_OF(lengths)];
            option[2] &= coin(&random) ? 0x7f : 0x8f;
            byte_count += option[1] - 1u;
        }
        for (; byte_count % 4 != 0 && byte_count < MPT_HEADER_BYTES_MAX; byte_count++)
            bytes[byte_count] = NOP;
        if (byte_count > MPT_HEADER_BYTES_MAX)
            byte_count = MPT_HEADER_BYTES_MAX; /* the last option is cut off */
        if (mpt_random_u64(&random) % 8 != 0)  /* else any data offset at all */
            bytes[12] = (uint8_t)(byte_count / 4 << 4);
        mpt_wire x, y;
        if (decode(&x, bytes, byte_count) != MPT_OK)
            continue;
        uint32_t header_bytes = mpt_wire_encode(&x, out, &at);
        assert_true(header_bytes >= HEADER_BYTES); /* a part of what fitted fits */
        assert_int_equal(decode(&y, out, header_bytes), MPT_OK);
        x.is_mptcp_malformed = false;
        expect_head_equal("rubbish", &y, &x);
        expect_plain_equal("rubbish", &y, &x);
        expect_mptcp_equal("rubbish", &y, &x);
        understood += x.mptcp != 0;
    }
    assert_true(understood > 10000);
}

/* ---- Checksums -------------------------------------------------------------------------------------------- */

static void sums_of_rfc_1071(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t start;
        const char *hex;
        uint16_t folded;
    } rows[] = {
        {"nothing", 0, "", 0},
        {"RFC 1071 section 3", 0, "0001 f203 f4f5 f6f7", 0xddf2},
        {"one byte counts as padded", 0, "ab", 0xab00},
        {"three bytes", 0, "0102 03", 0x0402},
        {"five bytes", 0, "0102 0304 05", 0x0906},
        {"six bytes", 0, "0102 0304 0506", 0x090c},
        {"seven bytes", 0, "0102 0304 0506 07", 0x100c},
        {"continued", 0xddf2, "0001", 0xddf3},
        {"carry comes round", 0, "ffff 0001", 0x0001},
        {"minus zero stays", 0, "ffff ffff", 0xffff},
        {"largest start", 0xffffffff, "0001", 0x0001},
        {"a carry out of the carry", 0xffffffff, "ffff ffff 0001", 0x0001},
        {"largest start and more", 0xffffffff, "ffff ffff ffff ffff", 0xffff},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t bytes[16];
        size_t byte_count = unit_hex(rows[i].hex, bytes, sizeof bytes);
        EXPECT_U64(rows[i].name, mpt_wire_fold(mpt_wire_sum(rows[i].start, bytes, byte_count)), rows[i].folded);
    }
}

static void long_sums_do_not_overflow(void **state) {
    (void)state;
    enum { BYTES = 1 << 20 };
    uint8_t *bytes = malloc(BYTES);
    assert_non_null(bytes);
    memset(bytes, 0xff, BYTES);
    assert_int_equal(mpt_wire_fold(mpt_wire_sum(0, bytes, BYTES)), 0xffff);
    mpt_random random = {.seed = 1071};
    random_bytes(&random, bytes, BYTES);
    uint64_t expected = 0;
    for (uint32_t i = 0; i < BYTES; i++)
        expected += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    assert_int_equal(mpt_wire_fold(mpt_wire_sum(0, bytes, BYTES)), (expected - 1) % 65535 + 1);
    uint32_t in_parts = mpt_wire_sum(mpt_wire_sum(0, bytes, 1002), bytes + 1002, BYTES - 1002);
    assert_int_equal(mpt_wire_fold(in_parts), (expected - 1) % 65535 + 1);
    free(bytes);
}

static void pseudo_sum_is_that_of_its_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t dsn;
        uint32_t ssn;
        uint16_t length;
        const char *hex;
    } rows[] = {
        {"zero", 0, 0, 0, ""},
        {"each field", UINT64_C(0x0123456789abcdef), 0x11223344, 0x05a8, "0123456789abcdef 11223344 05a8 0000"},
        {"all ones", UINT64_MAX, UINT32_MAX, UINT16_MAX, "ffffffffffffffff ffffffff ffff 0000"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t bytes[16];
        size_t byte_count = unit_hex(rows[i].hex, bytes, sizeof bytes);
        EXPECT_U64(rows[i].name, mpt_wire_fold(mpt_wire_dss_pseudo_sum(rows[i].dsn, rows[i].ssn, rows[i].length)),
                   mpt_wire_fold(mpt_wire_sum(0, bytes, byte_count)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_decodes),
        cmocka_unit_test(each_option_encodes),
        cmocka_unit_test(each_option_at_every_length),
        cmocka_unit_test(each_option_cut_off_at_every_byte),
        cmocka_unit_test(header_cut_off_at_every_byte),
        cmocka_unit_test(remove_addr_of_every_count),
        cmocka_unit_test(unknown_subtypes_are_skipped),
        cmocka_unit_test(plain_options_decode),
        cmocka_unit_test(data_offset_is_bounded),
        cmocka_unit_test(all_head_fields_have_their_place),
        cmocka_unit_test(options_come_in_the_written_order),
        cmocka_unit_test(mptcp_goes_first_and_sack_takes_the_rest),
        cmocka_unit_test(decoding_undoes_encoding),
        cmocka_unit_test(random_bytes_are_survived),
        cmocka_unit_test(sums_of_rfc_1071),
        cmocka_unit_test(long_sums_do_not_overflow),
        cmocka_unit_test(pseudo_sum_is_that_of_its_bytes),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
