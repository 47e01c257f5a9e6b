/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_segment.c: addresses, and the checksums of whole segments. The reference checksums were computed with a few
 * lines of Python that add the 16-bit words of pseudo-header, header and payload one by one.
 */
#include <string.h>

#include "wire/mpt_wire.h"
#include "unit_support.h"

#define V6(last_but_one, last)                                                                                         \
    {                                                                                                                  \
        .family = 6, .bytes = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last_but_one, last }                 \
    }
#define HEAD_HEX "1234fedc 89abcdef 01020304 5018a1b2 0000c3d4"
#define DSS_HEX "1234fedc 89abcdef 01020304 a018a1b2 0000c3d4 1e14200c 0123456789abcdef 11223344 05a8 0000"
#define DSS_CHECKSUM_AT 38

static const struct {
    const char *name;
    mpt_addr source, destination;
    const char *header;
    const char *payload;
    uint16_t checksum, dss_checksum; /* 0 = has no DSS checksum */
} seal_rows[] = {
    {"IPv4, no payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, HEAD_HEX, "", 0xc990, 0},
    {"IPv4, odd payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, HEAD_HEX, "hello", 0x85b9, 0},
    {"IPv4, even payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, HEAD_HEX, "hello!", 0x8597, 0},
    {"IPv4, the checksum is zero", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, HEAD_HEX, "\xc9\x8e", 0, 0},
    {"IPv6, no payload", V6(0xab, 0xcd), V6(0, 1), HEAD_HEX, "", 0xd652, 0},
    {"IPv6, odd payload", V6(0xab, 0xcd), V6(0, 1), HEAD_HEX, "hello", 0x927b, 0},
    {"IPv6, even payload", V6(0xab, 0xcd), V6(0, 1), HEAD_HEX, "hello!", 0x9259, 0},
    {"IPv4, DSS, no payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, DSS_HEX, "", 0x3b5c, 0x17cc},
    {"IPv4, DSS, odd payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, DSS_HEX, "hello", 0x3b57, 0xd3f9},
    {"IPv4, DSS, even payload", {4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}, DSS_HEX, "hello!", 0x3b56, 0xd3d8},
    {"IPv6, DSS, no payload", V6(0xab, 0xcd), V6(0, 1), DSS_HEX, "", 0x481e, 0x17cc},
    {"IPv6, DSS, odd payload", V6(0xab, 0xcd), V6(0, 1), DSS_HEX, "hello", 0x4819, 0xd3f9},
    {"IPv6, DSS, even payload", V6(0xab, 0xcd), V6(0, 1), DSS_HEX, "hello!", 0x4818, 0xd3d8},
};

/** As the core hands a segment out: the DSS checksum field holds the sum of its pseudo-header. */
static mpt_segment unsealed(size_t row) {
    mpt_segment s = {.source = seal_rows[row].source,
                     .destination = seal_rows[row].destination,
                     .payload_bytes = (uint32_t)strlen(seal_rows[row].payload)};
    s.header_bytes = (uint8_t)unit_hex(seal_rows[row].header, s.header, sizeof s.header);
    if (seal_rows[row].dss_checksum != 0) {
        uint16_t pseudo = mpt_wire_fold(mpt_wire_dss_pseudo_sum(UINT64_C(0x0123456789abcdef), 0x11223344, 0x05a8));
        s.dss_checksum_at = DSS_CHECKSUM_AT;
        s.header[DSS_CHECKSUM_AT] = (uint8_t)(pseudo >> 8);
        s.header[DSS_CHECKSUM_AT + 1] = (uint8_t)pseudo;
    }
    return s;
}

static void sealing_writes_both_checksums(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(seal_rows); i++) {
        const char *name = seal_rows[i].name;
        const uint8_t *payload = (const uint8_t *)seal_rows[i].payload;
        mpt_segment s = unsealed(i);
        mpt_segment_seal(&s, s.payload_bytes > 0 ? payload : NULL);
        EXPECT_U64(name, s.header[16] << 8 | s.header[17], seal_rows[i].checksum);
        if (seal_rows[i].dss_checksum != 0)
            EXPECT_U64(name, s.header[DSS_CHECKSUM_AT] << 8 | s.header[DSS_CHECKSUM_AT + 1], seal_rows[i].dss_checksum);
        s.payload = payload;
        EXPECT_U64(name, mpt_segment_verify(&s), true);
    }
}

static void any_flipped_bit_is_seen(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(seal_rows); i++) {
        uint8_t payload[8];
        mpt_segment s = unsealed(i);
        memcpy(payload, seal_rows[i].payload, s.payload_bytes);
        mpt_segment_seal(&s, payload);
        s.payload = payload;
        for (uint32_t bit = 0; bit < 8u * (s.header_bytes + s.payload_bytes); bit++) {
            uint8_t *byte = bit / 8 < s.header_bytes ? &s.header[bit / 8] : &payload[bit / 8 - s.header_bytes];
            *byte ^= (uint8_t)(1u << bit % 8);
            EXPECT_U64(seal_rows[i].name, mpt_segment_verify(&s), false);
            *byte ^= (uint8_t)(1u << bit % 8);
        }
        s.destination.bytes[3] ^= 1;
        EXPECT_U64(seal_rows[i].name, mpt_segment_verify(&s), false);
    }
}

static void a_host_without_payload_vouches(void **state) {
    (void)state;
    mpt_segment s = unsealed(1);
    assert_true(mpt_segment_verify(&s)); /* not sealed, and no payload to check it with */
}

static void addresses_compare_by_family_and_bytes(void **state) {
    (void)state;
    mpt_addr a = mpt_addr_v4(10, 0, 0, 1);
    static const struct {
        const char *name;
        mpt_addr b;
        bool is_equal;
    } rows[] = {
        {"the same", {4, {10, 0, 0, 1}}, true},
        {"last byte", {4, {10, 0, 0, 2}}, false},
        {"first byte", {4, {11, 0, 0, 1}}, false},
        {"family", {6, {10, 0, 0, 1}}, false},
        {"any", {0, {0}}, false},
        {"last byte of 16", {4, {[0] = 10, [3] = 1, [15] = 1}}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].name, mpt_addr_equal(&a, &rows[i].b), rows[i].is_equal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealing_writes_both_checksums),
        cmocka_unit_test(any_flipped_bit_is_seen),
        cmocka_unit_test(a_host_without_payload_vouches),
        cmocka_unit_test(addresses_compare_by_family_and_bytes),
    };
    return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
