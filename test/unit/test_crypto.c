/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_crypto.c: known answers. The reference data were made with Python's hashlib and hmac modules, independently of
 * nettle: d = sha256(pack(">Q", key)): token = d[:4], IDSN = d[-8:]; HMACs are
 * hmac.new(pack(">QQ", key_a, key_b), message, sha256) with message = pack(">II", nonce_a, nonce_b) for MP_JOIN and
 * bytes([id]) + address + pack(">H", port), last 8 bytes taken, for ADD_ADDR.
 */
#include "wire/mpt_crypto.h"
#include "unit_support.h"

#define KEY_A UINT64_C(0x0102030405060708)
#define KEY_B UINT64_C(0xf1f2f3f4f5f6f7f8)

static void tokens_and_idsns(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t key;
        uint32_t token;
        uint64_t idsn;
    } rows[] = {
        {"zero", 0, 0xaf5570f5, UINT64_C(0xe5b2328de0e83dfc)},
        {"one", 1, 0xcd266215, UINT64_C(0x19ec509083d00a50)},
        {"counting up", KEY_A, 0x66840dda, UINT64_C(0xf5a101d3d29d6f72)},
        {"counting down", UINT64_C(0x8877665544332211), 0x804d562d, UINT64_C(0x2844f958dbd74c17)},
        {"all ones", UINT64_MAX, 0x12a3ae44, UINT64_C(0x57fb595bbbacf0ca)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t token;
        uint64_t idsn;
        mpt_crypto_key(rows[i].key, &token, &idsn);
        EXPECT_U64(rows[i].name, token, rows[i].token);
        EXPECT_U64(rows[i].name, idsn, rows[i].idsn);
    }
}

/* RFC 6824: the same with SHA-1. */
static void tokens_and_idsns_of_version_0(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t key;
        uint32_t token;
        uint64_t idsn;
    } rows[] = {
        {"zero", 0, 0x05fe4057, UINT64_C(0xac558654f107c7e9)},
        {"one", 1, 0xcb473678, UINT64_C(0x38f11011007ad27d)},
        {"counting up", KEY_A, 0xdd5783bc, UINT64_C(0x3a95ed6e4ebb4ad5)},
        {"counting down", UINT64_C(0x8877665544332211), 0xc3baa7a6, UINT64_C(0x19c3166629dd5af7)},
        {"all ones", UINT64_MAX, 0xbe673e8a, UINT64_C(0x866701c11ef8e089)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t token;
        uint64_t idsn;
        mpt_crypto_key_v0(rows[i].key, &token, &idsn);
        EXPECT_U64(rows[i].name, token, rows[i].token);
        EXPECT_U64(rows[i].name, idsn, rows[i].idsn);
    }
}

static void join_hmacs_of_version_0(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t key_a, key_b;
        uint32_t nonce_a, nonce_b;
        const char *hmac;
    } rows[] = {
        {"from A to B", KEY_A, KEY_B, 0x01020304, 0xa1a2a3a4, "4b52de8721c2bd4ed05706c99d92bba5936da195"},
        {"from B to A", KEY_B, KEY_A, 0xa1a2a3a4, 0x01020304, "69e91a23e4eb307ade8d23d1a3bb2019eb15cf2f"},
        {"zeros", 0, 0, 0, 0, "dab69ad98e28764f977ee2487e4f3f6873b2a297"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t out[20], expected[20];
        assert_int_equal(unit_hex(rows[i].hmac, expected, sizeof expected), sizeof expected);
        mpt_crypto_join_hmac_v0(rows[i].key_a, rows[i].key_b, rows[i].nonce_a, rows[i].nonce_b, out);
        EXPECT_BYTES(rows[i].name, out, expected, sizeof out);
    }
}

static void join_hmacs(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t key_a, key_b;
        uint32_t nonce_a, nonce_b;
        const char *hmac;
    } rows[] = {
        {"from A to B", KEY_A, KEY_B, 0x01020304, 0xa1a2a3a4,
         "8deee72034b69c22963c2187014c93b21ccccecd759e4bb29616f81c040a6b81"},
        {"from B to A", KEY_B, KEY_A, 0xa1a2a3a4, 0x01020304,
         "6333ec7515fa0a66c4e49bd6093463d8c8f33d7f881a6bfcaa0844793ee95a61"},
        {"zeros", 0, 0, 0, 0, "f375180aba92888401f1919be4a8715a62763b65c1c10e1d0858e81d4d6f9fd2"},
        {"ones", UINT64_MAX, UINT64_MAX, UINT32_MAX, UINT32_MAX,
         "1a883dbb5066fea110496036d071503447d710de4ee22739d2feb8227c7564b2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t out[32], expected[32];
        assert_int_equal(unit_hex(rows[i].hmac, expected, sizeof expected), sizeof expected);
        mpt_crypto_join_hmac(rows[i].key_a, rows[i].key_b, rows[i].nonce_a, rows[i].nonce_b, out);
        EXPECT_BYTES(rows[i].name, out, expected, sizeof out);
    }
}

static void add_addr_hmacs(void **state) {
    (void)state;
    static const mpt_addr v4 = {.family = 4, .bytes = {10, 1, 2, 3}};
    static const mpt_addr v6 = {.family = 6, .bytes = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd}};
    static const struct {
        const char *name;
        uint64_t key_a, key_b;
        uint8_t id;
        const mpt_addr *addr;
        uint16_t port;
        uint64_t hmac;
    } rows[] = {
        {"IPv4", KEY_A, KEY_B, 5, &v4, 0, UINT64_C(0x4d10924f2d3daac0)},
        {"IPv4, keys exchanged", KEY_B, KEY_A, 5, &v4, 0, UINT64_C(0x50fd2a7ad7aca053)},
        {"IPv4 with port", KEY_A, KEY_B, 5, &v4, 8080, UINT64_C(0x6d4a07144a392350)},
        {"IPv4, last id and port", KEY_A, KEY_B, 255, &v4, 65535, UINT64_C(0x564fcda1269b6191)},
        {"IPv6", KEY_A, KEY_B, 5, &v6, 0, UINT64_C(0x4ce355737f9c7b4a)},
        {"IPv6 with port", KEY_A, KEY_B, 5, &v6, 8080, UINT64_C(0xc6523f564ad687bf)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        EXPECT_U64(rows[i].name,
                   mpt_crypto_add_addr_hmac(rows[i].key_a, rows[i].key_b, rows[i].id, rows[i].addr, rows[i].port),
                   rows[i].hmac);
}

static void equality_looks_at_every_bit(void **state) {
    (void)state;
    uint8_t a[20], b[20];
    for (uint32_t i = 0; i < sizeof a; i++)
        a[i] = b[i] = (uint8_t)(i * 13);
    assert_true(mpt_crypto_equal(a, b, sizeof a));
    for (uint32_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(mpt_crypto_equal(a, b, sizeof a));
        assert_true(mpt_crypto_equal(a, b, bit / 8));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/** First 8 bytes of SHA-256 over seed and count, 8 bytes each in network order; from Python's hashlib. */
static void random_numbers_are_digests_of_seed_and_count(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t seed, first, second, third;
    } rows[] = {
        {"0", 0, UINT64_C(0x374708fff7719dd5), UINT64_C(0x7c3ccd10bb7ec37b), UINT64_C(0x692865c9a376a1a8)},
        {"1234567", 1234567, UINT64_C(0x201dcfa527152ab2), UINT64_C(0xdc0fe086380d3289), UINT64_C(0xa14c343c95042d81)},
        {"all ones", UINT64_MAX, UINT64_C(0x60c69a3e87bf5c4f), UINT64_C(0x7e6f1ad0dcc726b7),
         UINT64_C(0xf489a254597ec8f2)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        mpt_random r = {.seed = rows[i].seed};
        EXPECT_U64(rows[i].name, mpt_random_u64(&r), rows[i].first);
        EXPECT_U64(rows[i].name, mpt_random_u64(&r), rows[i].second);
        EXPECT_U64(rows[i].name, mpt_random_u64(&r), rows[i].third);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_and_idsns),
        cmocka_unit_test(join_hmacs),
        cmocka_unit_test(tokens_and_idsns_of_version_0),
        cmocka_unit_test(join_hmacs_of_version_0),
        cmocka_unit_test(add_addr_hmacs),
        cmocka_unit_test(equality_looks_at_every_bit),
        cmocka_unit_test(random_numbers_are_digests_of_seed_and_count),
    };
    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
