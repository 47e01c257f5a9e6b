/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_middlebox.c: what boxes on the path do to the bytes of a TCP header and to a stream's numbers. */
#include <stdlib.h>
#include <string.h>

#include "mbx_edits.h"
#include "mbx_tcp.h"
#include "unit_support.h"

#define PORTS "1234 fedc 00000001 00000002 " /* and numbers */
#define REST " 18 ffff 0000 0000 "           /* flags, window, checksum, urgent pointer */

static mbx_tcp header(const char *row, const char *hex) {
    uint8_t bytes[128];
    mbx_tcp t;
    size_t count = unit_hex(hex, bytes, sizeof bytes);
    uint8_t *exact = unit_exact_copy(bytes, count);
    bool is_read = mbx_tcp_read(&t, exact, count);
    EXPECT_U64(row, is_read, true);
    free(exact);
    return t;
}

/* ---- Headers ---- */

static const struct {
    const char *name, *hex;
    bool is_whole;
} read_rows[] = {
    {"no options", PORTS "50" REST, true},
    {"one byte short", PORTS "50 18 ffff 0000 00", false},
    {"length below the least", PORTS "40" REST, false},
    {"options", PORTS "60" REST "01010101", true},
    {"options one byte short", PORTS "60" REST "010101", false},
    {"payload", PORTS "50" REST "ffffffff", true},
};

static void header_is_read_only_when_it_is_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(read_rows); i++) {
        uint8_t bytes[128];
        mbx_tcp t;
        size_t count = unit_hex(read_rows[i].hex, bytes, sizeof bytes);
        uint8_t *exact = unit_exact_copy(bytes, count);
        EXPECT_U64(read_rows[i].name, mbx_tcp_read(&t, exact, count), read_rows[i].is_whole);
        if (read_rows[i].is_whole)
            EXPECT_BYTES(read_rows[i].name, t.bytes, bytes, t.count);
        free(exact);
    }
}

/* ---- Options ---- */

#define DSS "1e 08 20 01 00000005"
#define CAPABLE "1e 04 01 81"
#define STAMPS "0101 08 0a 00000001 00000002"

static const struct {
    const char *name, *before, *after;
    uint8_t kind;
    int subtype;
    uint32_t count;
} remove_rows[] = {
    {"the only one", PORTS "70" REST DSS, PORTS "70" REST "0101010101010101", 30, MBX_ANY_SUBTYPE, 1},
    {"behind another", PORTS "a0" REST STAMPS DSS, PORTS "a0" REST STAMPS "0101010101010101", 30, MBX_ANY_SUBTYPE, 1},
    {"before another", PORTS "a0" REST DSS STAMPS, PORTS "a0" REST "0101010101010101" STAMPS, 30, MBX_ANY_SUBTYPE, 1},
    {"two of a kind", PORTS "80" REST DSS CAPABLE, PORTS "80" REST "010101010101010101010101", 30, MBX_ANY_SUBTYPE, 2},
    {"one subtype of two", PORTS "80" REST DSS CAPABLE, PORTS "80" REST DSS "01010101", 30, 0, 1},
    {"another subtype", PORTS "70" REST DSS, PORTS "70" REST DSS, 30, 1, 0},
    {"another kind", PORTS "a0" REST STAMPS DSS,
     PORTS "a0" REST "0101"
           "01010101010101010101" DSS,
     8, MBX_ANY_SUBTYPE, 1},
    {"behind the end of options", PORTS "80" REST "00000000" DSS, PORTS "80" REST "00000000" DSS, 30, MBX_ANY_SUBTYPE,
     0},
    {"behind one of length 0", PORTS "80" REST "05000000" DSS, PORTS "80" REST "05000000" DSS, 30, MBX_ANY_SUBTYPE, 0},
    {"longer than the header", PORTS "60" REST "1e082001", PORTS "60" REST "1e082001", 30, MBX_ANY_SUBTYPE, 0},
    {"without room for its length", PORTS "60" REST "0101011e", PORTS "60" REST "0101011e", 30, MBX_ANY_SUBTYPE, 0},
    {"without room for a subtype", PORTS "60" REST "01011e02", PORTS "60" REST "01011e02", 30, 0, 0},
};

static void options_are_overwritten_by_kind_and_subtype(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(remove_rows); i++) {
        mbx_tcp t = header(remove_rows[i].name, remove_rows[i].before),
                after = header(remove_rows[i].name, remove_rows[i].after);
        EXPECT_U64(remove_rows[i].name, mbx_option_find(&t, remove_rows[i].kind, remove_rows[i].subtype),
                   remove_rows[i].count > 0);
        EXPECT_U64(remove_rows[i].name, mbx_option_remove(&t, remove_rows[i].kind, remove_rows[i].subtype),
                   remove_rows[i].count);
        EXPECT_U64(remove_rows[i].name, t.count, after.count);
        EXPECT_BYTES(remove_rows[i].name, t.bytes, after.bytes, after.count);
    }
}

static void options_are_compared_and_cleared(void **state) {
    (void)state;
    mbx_tcp a = header("a", PORTS "70" REST DSS),
            b = header("b", PORTS "70"
                                  "10 0001 0002 0000" DSS),
            c = header("c", PORTS "80" REST DSS CAPABLE);
    EXPECT_U64("same options", mbx_options_equal(&a, &b), true);
    EXPECT_U64("one more", mbx_options_equal(&a, &c), false);
    b.bytes[27] ^= 1;
    EXPECT_U64("last byte", mbx_options_equal(&a, &b), false);
    mbx_options_clear(&a);
    EXPECT_U64("cleared", a.count, 20);
    EXPECT_U64("cleared", a.bytes[MBX_AT_LENGTH], 0x50);
}

static void sack_edges_are_found(void **state) {
    (void)state;
    uint8_t at[MBX_SACK_EDGES_MAX];
    mbx_tcp none = header("none", PORTS "70" REST DSS);
    EXPECT_U64("none", mbx_sack_edges(&none, at), 0);
    mbx_tcp two = header("two", PORTS "d0" REST STAMPS "0101 05 12 00000010 00000020 00000030 00000040");
    EXPECT_U64("two blocks", mbx_sack_edges(&two, at), 4);
    EXPECT_U64("two blocks", mbx_get32(two.bytes + at[0]), 0x10);
    EXPECT_U64("two blocks", mbx_get32(two.bytes + at[3]), 0x40);
    mbx_tcp half = header("half", PORTS "80" REST "05 0c 00000010 00000020 0000");
    EXPECT_U64("half an edge left over", mbx_sack_edges(&half, at), 2);
}

/* ---- Checksum ---- */

static void checksum_is_the_one_that_the_core_writes(void **state) {
    (void)state;
    const uint8_t payload[] = "odd and even payload";
    for (uint32_t payload_bytes = 0; payload_bytes < sizeof payload; payload_bytes++)
        for (uint8_t family = 4; family <= 6; family += 2) {
            mpt_segment s = {.source = {family, {32, 1, 2, 255}},
                             .destination = {family, {32, 1, 2, 3}},
                             .payload_bytes = payload_bytes};
            mbx_tcp t = header("checksum", PORTS "80" REST DSS CAPABLE);
            memcpy(s.header, t.bytes, t.count);
            s.header_bytes = t.count;
            mpt_segment_seal(&s, payload);
            t.bytes[MBX_AT_CHECKSUM] = 0xab; /* what was there before does not count */
            mbx_tcp_seal(&t, s.source.bytes, s.destination.bytes, family == 4 ? 4 : 16, payload, payload_bytes);
            EXPECT_U64("checksum", mbx_get16(t.bytes + MBX_AT_CHECKSUM), mbx_get16(s.header + MBX_AT_CHECKSUM));
        }
}

/* ---- Numbers ---- */

static const struct {
    const char *name;
    uint32_t number, zero;
    int64_t near, distance;
} distance_rows[] = {
    {"start", 7, 7, 0, 0},
    {"forward over the wrap", 5, 0xfffffffb, 0, 10},
    {"before the start", 6, 7, 0, -1},
    {"in the second round", 7, 7, INT64_C(0x100000003), INT64_C(0x100000000)},
    {"half a round behind", 0, 0, INT64_C(0x7fffffff), 0},
    {"half a round ahead", 0, 0, INT64_C(0x80000001), INT64_C(0x100000000)},
};

static void numbers_are_unwrapped_near_what_is_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(distance_rows); i++)
        EXPECT_U64(distance_rows[i].name,
                   mbx_distance(distance_rows[i].number, distance_rows[i].zero, distance_rows[i].near),
                   distance_rows[i].distance);
}

/* ---- Edits ---- */

#define STREAM_BYTES 60

static const struct {
    const char *name;
    mbx_edits edits;
    const char *result; /* of "abcdefghijkl", where a capital is an inserted byte */
} edit_rows[] = {
    {"one grows", {3, 0, 1, 3, INT64_MAX}, "abcDDDefghijkl"},
    {"one shrinks", {3, 0, 3, 1, INT64_MAX}, "abcFghijkl"},
    {"one keeps its length", {3, 0, 2, 2, INT64_MAX}, "abcDEfghijkl"},
    {"at the start", {0, 0, 1, 2, INT64_MAX}, "AAbcdefghijkl"},
    {"every fourth", {2, 4, 1, 2, INT64_MAX}, "abCCdefGGhijKKl"},
    {"back to back", {2, 2, 2, 1, INT64_MAX}, "abDFHJL"},
    {"all behind the end", {3, 4, 1, 3, 3}, "abcdefghijkl"},
    {"the second behind the end", {3, 4, 1, 3, 7}, "abcDDDefghijkl"},
};

static void edits_replace_what_they_say(void **state) {
    (void)state;
    const char *stream = "abcdefghijkl";
    for (size_t i = 0; i < COUNT_OF(edit_rows); i++) {
        char out[64] = {0};
        mbx_edits_apply(&edit_rows[i].edits, 0, (const uint8_t *)stream, 12, (uint8_t *)out);
        for (char *c = out; *c; c++) /* an inverted byte, as a capital */
            *c = (uint8_t)*c & 0x80 ? (char)(~*c - 'a' + 'A') : *c;
        /* A shrinking edit keeps the place of its last byte: which letter it is made of does not matter. */
        EXPECT_U64(edit_rows[i].name, strlen(out), strlen(edit_rows[i].result));
        for (size_t at = 0; at < strlen(out); at++)
            EXPECT_U64(edit_rows[i].name, out[at] >= 'a' ? out[at] : '*',
                       edit_rows[i].result[at] >= 'a' ? edit_rows[i].result[at] : '*');
    }
}

/** Any cut of the stream into segments gives the same bytes, at the numbers that the translation says; and back. */
static void check_edits(const mbx_edits *e) {
    uint8_t stream[STREAM_BYTES], whole[STREAM_BYTES * 5], piece[STREAM_BYTES * 5];
    for (uint32_t i = 0; i < STREAM_BYTES; i++)
        stream[i] = (uint8_t)(i * 7);
    int64_t total = mbx_edits_forward(e, STREAM_BYTES);
    assert_true(total <= (int64_t)sizeof whole);
    mbx_edits_apply(e, 0, stream, STREAM_BYTES, whole);
    for (int64_t from = 0; from <= STREAM_BYTES; from++)
        for (int64_t to = from; to <= STREAM_BYTES; to++) {
            int64_t start = mbx_edits_forward(e, from), bytes = mbx_edits_forward(e, to) - start;
            mbx_edits_apply(e, from, stream + from, (uint32_t)(to - from), piece);
            EXPECT_U64("number of bytes", bytes >= 0 && start + bytes <= total, true);
            EXPECT_BYTES("piece", piece, whole + start, (size_t)bytes);
        }
    for (int64_t last = e->position + e->removed; last <= STREAM_BYTES && last <= e->end;
         last += e->interval ? e->interval : STREAM_BYTES)
        EXPECT_U64("the end of an edit is not empty", mbx_edits_forward(e, last) > mbx_edits_forward(e, last - 1),
                   true);
    for (int64_t renewed = -2; renewed <= total; renewed++) {
        int64_t greatest = -2;
        while (greatest < STREAM_BYTES + 9 && mbx_edits_forward(e, greatest + 1) <= renewed)
            greatest++;
        EXPECT_U64("back", mbx_edits_backward(e, renewed), greatest);
    }
}

static void edits_do_not_depend_on_segment_boundaries(void **state) {
    (void)state;
    const int64_t ends[] = {INT64_MAX, 0, 5, 17, 40, STREAM_BYTES};
    for (size_t end = 0; end < COUNT_OF(ends); end++)
        for (uint32_t removed = 1; removed <= 4; removed++)
            for (uint32_t inserted = 1; inserted <= 4; inserted++)
                for (int64_t interval = 0; interval <= 12; interval += interval ? 4 : removed)
                    check_edits(&(mbx_edits){5, interval, removed, inserted, ends[end]});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_read_only_when_it_is_whole),
        cmocka_unit_test(options_are_overwritten_by_kind_and_subtype),
        cmocka_unit_test(options_are_compared_and_cleared),
        cmocka_unit_test(sack_edges_are_found),
        cmocka_unit_test(checksum_is_the_one_that_the_core_writes),
        cmocka_unit_test(numbers_are_unwrapped_near_what_is_known),
        cmocka_unit_test(edits_replace_what_they_say),
        cmocka_unit_test(edits_do_not_depend_on_segment_boundaries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
