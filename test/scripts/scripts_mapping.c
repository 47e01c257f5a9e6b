/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_mapping.c: mappings of unusual length, order and overlap, as received (RFC 8684 3.3.1); signals and duplicate ACKs (4). */
#include "script.h"

static const script_step mapping_may_be_as_long_as_its_field[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 30000, DSS_MAP(1, 1, 1, 65535)),
    READ(30000),
    OUT(ACK, .seq = 1, .ack = 30001, DSS_ACK(30001)),
    IN(ACK, .seq = 30001, .ack = 1, .length = 35535),
    READ(35535),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 65536, DSS_ACK(65536)),
};

static const script_step checksum_over_the_longest_mapping_is_looked_at_in_the_end[] = {
    NEEDS_PAYLOAD,
    SETTING(dss_checksum, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .length = 30001, DSS_MAP(1, 1, 1, 65535, .has_sum = true)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 30002, .ack = 1, .length = 35533),
    OUT(ACK, .seq = 1, .ack = 65535, DSS_ACK(1)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 65535, .ack = 1, .length = 1),
    READ(65535),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 65536, DSS_ACK(65536)),
    EXPECT_COUNTER(DataCsumErr, 0),
};

/* A segment lost, sent again with the same mapping, and once more. */
static const script_step repeated_mapping_is_taken_once[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1), SACK(101, 201)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1), SACK2(101, 201, 101, 201)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    READ(200),
};

/* Two mappings over the same bytes that say the same. */
static const script_step overlapping_mappings_that_agree_are_one_stream[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 200)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100, DSS_MAP(1, 51, 51, 250)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    IN(ACK, .seq = 201, .ack = 1, .length = 100),
    READ(300),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 301, DSS_ACK(301)),
};

/* "Once a mapping is known ... it cannot be changed": the bytes follow the one that came with them, what was received stays. */
static const script_step overlapping_mappings_that_contradict_do_no_harm[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, .length = 50, .at = 1100,
       .dss = {.is_present = true, .ack = 1, .has_map = true, .dsn = 1051, .ssn = 51, .length = 100}),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 151, DSS_ACK(101)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 151, .ack = 1, .length = 1000, DSS_MAP(1, 101, 151, 1000)),
    READ(1050),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 1151, DSS_ACK(1151)),
};

/* A mapping does not count that comes without a byte of what it maps; without its own the data are not taken. */
static const script_step mapping_of_an_ack_is_no_mapping[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 1, 1, 10)),
    READ(10),
    OUT(ACK, .seq = 1, .ack = 11, DSS_ACK(11)),
    IN(ACK, .seq = 11, .ack = 1, DSS_MAP(1, 11, 11, 100)),
    IN(ACK, .seq = 11, .ack = 1, .length = 100),
    OUT(ACK, .seq = 1, .ack = 11, DSS_ACK(11)),
    IN(ACK, .seq = 11, .ack = 1, .length = 100, DSS_MAP(1, 11, 11, 100)),
    READ(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 111, DSS_ACK(111)),
};

/* A segment has one DSS; of two the last counts, and what it does not cover comes again. The second here: DSN 101, SSN 101, 100 bytes. */
static const script_step second_mapping_of_a_segment_is_not_mistaken_for_the_first[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 200, DSS_MAP(0, 1, 1, 100),
       .raw = "1e 0e 20 04 00 00 00 10 00 00 00 65 00 64"),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    READ(200),
};

/* Segments cut anew on the way: two mappings in one segment; the second comes again with its own. */
static const script_step segment_over_two_mappings_is_taken_up_to_the_first[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 200, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    READ(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
};

/* Over 2^32 in the middle of a mapping (the peer's numbers wrap after 84 bytes), with short numbers. */
static const script_step short_numbers_wrap_in_the_middle_of_a_mapping[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 50, DSS_MAP(1, 1, 1, 200)),
    IN(ACK, .seq = 51, .ack = 1, .length = 150),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    READ(200),
    IN(ACK, .seq = 201, .ack = 1, .length = 10, DSS_MAP(1, 201, 201, 10)),
    READ(10),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 211, DSS_ACK(211)),
    /* one from before the wrap, late */
    IN(ACK, .seq = 211, .ack = 1, .length = 10, .at = 0, DSS_MAP(1, 1, 211, 10)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 221, DSS_ACK(211)),
    EXPECT_COUNTER(DuplicateData, 1),
};

/* RFC 8684 4: an ACK with an MPTCP signal other than DSS is no duplicate ACK; without SACK they are counted. */
#define FOUR_SEGMENTS                                                                                                  \
    SETTING(sack, false), SETTING(rack, false), SETTING(nagle, false), CONNECT,                                        \
        OUT(SYN, MSS(1460), WSCALE(7), CAPABLE()), AT(10 * MPT_MS),                                                    \
        IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),       \
        IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)), WRITE(10),                                                            \
        OUT(PSHACK, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 1, 1, 10)), WRITE(10),                                \
        OUT(PSHACK, .seq = 11, .ack = 1, .length = 10, DSS_MAP(1, 11, 11, 10)), WRITE(10),                             \
        OUT(PSHACK, .seq = 21, .ack = 1, .length = 10, DSS_MAP(1, 21, 21, 10)), WRITE(10),                             \
        OUT(PSHACK, .seq = 31, .ack = 1, .length = 10, DSS_MAP(1, 31, 31, 10))

static const script_step three_duplicate_acks_are_a_loss[] = {
    FOUR_SEGMENTS,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 1, 1, 10)),
};

static const script_step acks_with_a_signal_are_no_duplicates[] = {
    FOUR_SEGMENTS,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), PRIO(true)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), PRIO(false)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), PRIO(true)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), PRIO(false)),
    QUIET_FOR(100 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 41, DSS_ACK(41)),
};

TOPIC(scripts_mapping, SCRIPT(mapping_may_be_as_long_as_its_field),
      SCRIPT(checksum_over_the_longest_mapping_is_looked_at_in_the_end), SCRIPT(repeated_mapping_is_taken_once),
      SCRIPT(overlapping_mappings_that_agree_are_one_stream), SCRIPT(overlapping_mappings_that_contradict_do_no_harm),
      SCRIPT(mapping_of_an_ack_is_no_mapping), SCRIPT(second_mapping_of_a_segment_is_not_mistaken_for_the_first),
      SCRIPT(segment_over_two_mappings_is_taken_up_to_the_first), SCRIPT(short_numbers_wrap_in_the_middle_of_a_mapping),
      SCRIPT(three_duplicate_acks_are_a_loss), SCRIPT(acks_with_a_signal_are_no_duplicates));
