/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_fallback.c: MPTCP gives way to TCP: missing options, wrong checksums, MP_FAIL, infinite mapping (RFC 8684 3.7). */
#include "script.h"

#define CHECKSUMS SETTING(dss_checksum, true)
#define FLAGS_AH .flags = MPT_CAPABLE_A | MPT_CAPABLE_H
#define SUM .has_sum = true
#define INFINITE(dsn_, ssn_, ...)                                                                                      \
    .dss = {.is_present = true, .has_map = true, .dsn = (dsn_), .ssn = (ssn_), .is_dsn32 = true, __VA_ARGS__}

/** With checksums; both ends know that MPTCP works. */
#define CONNECT_SUMMED                                                                                                 \
    CHECKSUMS, CONNECT, OUT(SYN, SYN_OPTIONS, CAPABLE(FLAGS_AH)), AT(10 * MPT_MS),                                     \
        IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(FLAGS_AH, .keys = 1)),                                               \
        OUT(ACK, .seq = 1, .ack = 1, CAPABLE(FLAGS_AH, .keys = 2)), IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1))
#define ACCEPT_SUMMED                                                                                                  \
    NEEDS_PAYLOAD, CHECKSUMS, LISTEN, IN(SYN, SYN_OPTIONS, CAPABLE()),                                                 \
        OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(FLAGS_AH, .keys = 1)), AT(10 * MPT_MS),                             \
        IN(ACK, .seq = 1, .ack = 1, CAPABLE(FLAGS_AH, .keys = 2)), EXPECT_NOTICE(ACCEPTED),                            \
        IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100, SUM)),                                        \
        OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)), READ(100)

/* ---- A wrong checksum on the only subflow: the receiver of the data ------------------------------------------ */

/* What fails and all that follows waits until the peer agrees; then it counts, for it is what TCP would have delivered. */
static const script_step wrong_checksum_on_the_only_subflow_is_told_by_mp_fail_and_ends_in_tcp[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(ACK, .seq = 201, .ack = 1, .length = 100, DSS_MAP(1, 201, 201, 100, SUM)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 301, DSS_ACK(101)),
    EXPECT_READABLE(0),
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 301, .length = 10, DSS_MAP(101, 1, 1, 10, SUM)),
    IN(ACK, .seq = 301, .ack = 11, FAIL(1), INFINITE(101, 101, SUM)),
    EXPECT_READABLE(200),
    READ(200),
    EXPECT_COUNTER(DataCsumErr, 1),
    EXPECT_COUNTER(DSSCorruptionFallback, 1),
    EXPECT_COUNTER(MPFailRx, 1),
    EXPECT_COUNTER(InfiniteMapRx, 1),
    EXPECT_COUNTER(InfiniteMapTx, 0),
    /* the other direction reverts as well, and says so once */
    WRITE(10),
    OUT(PSHACK, .seq = 11, .ack = 301, .length = 10, .at = 10, INFINITE(1, 1, SUM)),
    IN(ACK, .seq = 301, .ack = 21, .length = 50, .at = 300),
    EXPECT_READABLE(50),
    EXPECT_COUNTER(InfiniteMapTx, 1),
    OUT_AT(130 * MPT_MS, ACK, .seq = 21, .ack = 351),
    WRITE(10),
    OUT(PSHACK, .seq = 21, .ack = 351, .length = 10),
    IN(FINACK, .seq = 351, .ack = 31),
    OUT(ACK, .seq = 31, .ack = 352),
    EXPECT_NOTICE(READABLE),
    READ(50),
    SHUTDOWN,
    OUT(FINACK, .seq = 31, .ack = 352),
    IN(ACK, .seq = 352, .ack = 32),
    EXPECT_NOTICE(CLOSED),
};

/* Linux answers with MP_FAIL alone, and with the infinite mapping on what it sends next. */
static const script_step mp_fail_alone_is_an_answer_too[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    EXPECT_READABLE(100),
    IN(ACK, .seq = 201, .ack = 1, .length = 100, .at = 200,
       .dss = {.is_present = true, .ack = 1, .has_map = true, .dsn = 201, .ssn = 201, SUM}),
    EXPECT_READABLE(200),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 301),
    QUIET_FOR(10 * MPT_S),
};

/* Linux answers each MP_FAIL with one of its own until it has new data: that comes to an end. */
static const script_step answers_to_answers_come_to_an_end[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    EXPECT_READABLE(100),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    OUT(ACK, .seq = 1, .ack = 201, FAIL(201), INFINITE(1, 1, SUM)),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    OUT(ACK, .seq = 1, .ack = 201, FAIL(201), INFINITE(1, 1, SUM)),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    OUT(ACK, .seq = 1, .ack = 201, FAIL(201), INFINITE(1, 1, SUM)),
    IN(ACK, .seq = 201, .ack = 1, DSS_ACK(1), FAIL(1)),
    QUIET_FOR(10 * MPT_S),
};

/* MP_FAIL is not reliable: it is said again, later and later. Without an answer the subflow is reset, as in Linux. */
static const script_step mp_fail_without_an_answer_is_repeated_and_then_the_subflow_reset[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 1, ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 3, ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 7, ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 15, ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 31, ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    OUT_AT(50 * MPT_MS + 210 * MPT_MS * 63, RSTACK, .seq = 1, .ack = 201, TCPRST(MPT_RST_MIDDLEBOX)),
    EXPECT_READABLE(0),
};

static const script_step end_in_the_mapping_that_failed_is_not_believed[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 101, SUM, .fin = true, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(ACK, .seq = 201, .ack = 1, .length = 100, DSS_MAP(1, 201, 201, 101, SUM, .fin = true)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 301, DSS_ACK(101)),
    IN(FINACK, .seq = 301, .ack = 1, FAIL(1), INFINITE(101, 101, SUM)),
    OUT(ACK, .seq = 1, .ack = 302),
    READ(200),
    EXPECT_NOTICE(READABLE),
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 302, INFINITE(1, 1, SUM)),
    IN(ACK, .seq = 302, .ack = 2),
    EXPECT_NOTICE(CLOSED),
};

/* A middlebox makes the stream longer than the DATA_FIN said that came before: the FIN tells where it ends. */
static const script_step end_told_before_the_failure_does_not_count[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 201, .ack = 1,
       .dss = {.is_present = true, .ack = 1, .has_map = true, .fin = true, .dsn = 201, .length = 1, SUM}),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(ACK, .seq = 201, .ack = 1, .length = 7, .at = 200),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 208, DSS_ACK(101)),
    IN(FINACK, .seq = 208, .ack = 1, FAIL(1), INFINITE(101, 101, SUM)),
    OUT(ACK, .seq = 1, .ack = 209),
    READ(107),
};

static const script_step end_told_before_an_infinite_mapping_does_not_count[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 201, .ack = 1, DSS_FIN(1, 201)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, .length = 107, .at = 100, INFINITE(101, 101)),
    READ(107),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 208),
    IN(FINACK, .seq = 208, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 209),
};

/* Out of order: the hole is filled, then all counts. */
static const script_step wrong_checksum_behind_a_hole_waits_for_the_hole[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 201, .ack = 1, .length = 100, DSS_MAP(1, 201, 201, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101), FAIL(201), SACK(201, 301)),
    IN(ACK, .seq = 201, .ack = 1, FAIL(1), INFINITE(101, 101, SUM)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100),
    OUT(ACK, .seq = 1, .ack = 301),
    READ(200),
};

/* ---- Mappings in pieces: a middlebox has cut the segment -------------------------------------------------------- */

/* The checksum is that of the whole. */
static const script_step partly_acknowledged_data_are_sent_again_under_their_whole_checksum[] = {
    CONNECT_SUMMED,
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, DSS_MAP(1, 1, 1, 1000, SUM)),
    IN(ACK, .seq = 1, .ack = 401, DSS_ACK(1)),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 1000, DSS_MAP(1, 1, 1, 1000, SUM)),
    IN(ACK, .seq = 1, .ack = 1001, DSS_ACK(1001)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step whole_data_complete_the_pieces_of_a_checksummed_mapping[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 300, SUM)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 201, DSS_ACK(101)),
    IN(ACK, .seq = 301, .ack = 1, .length = 100, .at = 300, DSS_MAP(1, 101, 101, 300, SUM)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), SACK(301, 401)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 101, .ack = 1, .length = 300, DSS_MAP(1, 101, 101, 300, SUM)),
    OUT(ACK, .seq = 1, .ack = 401, DSS_ACK(401), SACK(101, 201)),
    READ(300),
    EXPECT_COUNTER(DataCsumErr, 0),
};

static const script_step no_join_is_taken_while_mp_fail_is_not_answered[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 201, DSS_ACK(101), FAIL(101)),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(RSTACK, .on = 1, .peer = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
};

static const script_step hole_that_is_filled_before_the_answer_waits_too[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 201, .ack = 1, .length = 100, DSS_MAP(1, 201, 201, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101), FAIL(201), SACK(201, 301)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100),
    OUT(ACK, .seq = 1, .ack = 301, DSS_ACK(101)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 301, .ack = 1, FAIL(1), INFINITE(101, 101, SUM)),
    READ(200),
};

/* ---- The sender of the data ---------------------------------------------------------------------------------- */

static const script_step mp_fail_is_answered_by_mp_fail_and_the_infinite_mapping[] = {
    CONNECT_SUMMED,
    WRITE(2000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436, SUM)),
    IN(ACK, .seq = 1, .ack = 1437, DSS_ACK(1437)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 564, DSS_MAP(1, 1437, 1437, 564, SUM)),
    IN(ACK, .seq = 1, .ack = 2001, DSS_ACK(1437), FAIL(1437)),
    OUT(ACK, .seq = 2001, .ack = 1, FAIL(1), INFINITE(1437, 1437, SUM)),
    EXPECT_COUNTER(MPFailRx, 1),
    EXPECT_COUNTER(MPFailTx, 1),
    EXPECT_COUNTER(InfiniteMapTx, 1),
    /* the answer may be lost: asked again, it is given again */
    AFTER(300 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2001, DSS_ACK(1437), FAIL(1437)),
    OUT(ACK, .seq = 2001, .ack = 1, FAIL(1), INFINITE(1437, 1437, SUM)),
    WRITE(100),
    OUT(PSHACK, .seq = 2001, .ack = 1, .length = 100, .at = 2000, INFINITE(1437, 1437, SUM)),
    OUT_AT(520 * MPT_MS, PSHACK, .seq = 2001, .ack = 1, .length = 100, .at = 2000, INFINITE(1437, 1437, SUM)),
    IN(ACK, .seq = 1, .ack = 2101),
    WRITE(100),
    OUT(PSHACK, .seq = 2101, .ack = 1, .length = 100),
    IN(ACK, .seq = 1, .ack = 2201),
    EXPECT_COUNTER(InfiniteMapTx, 1),
    SHUTDOWN,
    OUT(FINACK, .seq = 2201, .ack = 1),
};

/* Linux waits for the MP_FAIL, but looks at no options once it has the infinite mapping. */
static const script_step answer_to_mp_fail_goes_before_data[] = {
    CONNECT_SUMMED,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100, SUM)),
    WRITE(100),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(1), FAIL(1)),
    OUT(ACK, .seq = 101, .ack = 1, FAIL(1), INFINITE(1, 1, SUM)),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, .at = 100, INFINITE(1, 1, SUM)),
};

static const script_step mp_fail_about_what_was_never_sent_is_ignored[] = {
    CONNECT_SUMMED,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100, SUM)),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101), FAIL(5000)),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM)),
    IN(ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    QUIET_FOR(10 * MPT_S),
};

/* ---- Several subflows ----------------------------------------------------------------------------------------- */

#define JOINED                                                                                                         \
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),                                                       \
        OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),                                         \
        IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()), OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(101))

#define DATA_ON_1                                                                                                      \
    IN(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 101, 1, 10, SUM)), READ(10),                      \
        OUT_AT(90 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 11, DSS_ACK(111))

static const script_step wrong_checksum_on_one_of_two_subflows_resets_that_one[] = {
    ACCEPT_SUMMED,
    JOINED,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 101, 1, 100, SUM, .forged = true)),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MIDDLEBOX), FAIL(101)),
    EXPECT_COUNTER(DSSCorruptionReset, 1),
    EXPECT_COUNTER(DSSCorruptionFallback, 0),
    /* the data come again on the other */
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 201, DSS_ACK(201)),
    READ(100),
};

/* RFC 8684 3.7: "... drop out of MPTCP mode": possible as long as the other subflow has carried nothing. */
static const script_step first_data_without_options_end_mptcp_and_a_new_subflow[] = {
    ACCEPT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MIDDLEBOX)),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 101, .ack = 101),
};

/* The other has carried nothing yet, but it may. */
static const script_step wrong_checksum_on_the_initial_of_two_subflows_resets_that_one[] = {
    ACCEPT_SUMMED,
    JOINED,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(RSTACK, .seq = 1, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX), FAIL(101)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 101, 1, 100, SUM)),
    READ(100),
    OUT_AT(90 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(201)),
};

/* There were two: the stream cannot be told from the subflow any more (RFC 8684 3.7, "in the rare case"). */
static const script_step wrong_checksum_on_the_last_of_two_subflows_resets_it[] = {
    ACCEPT_SUMMED,
    JOINED,
    DATA_ON_1,
    IN(RSTACK, .on = 1, .seq = 11, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 111, 101, 100, SUM, .forged = true)),
    OUT(RSTACK, .seq = 1, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX), FAIL(111)),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step mp_fail_on_the_last_of_two_subflows_resets_it[] = {
    ACCEPT_SUMMED,
    JOINED,
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(RSTACK, .on = 1, .seq = 1, .ack = 101, TCPRST(MPT_RST_UNSPECIFIED)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 101, 1, 100, SUM)),
    IN(ACK, .seq = 101, .ack = 101, DSS_ACK(101), FAIL(101)),
    OUT(RSTACK, .seq = 101, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX), FAIL(101)),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step mp_fail_on_one_of_two_subflows_resets_that_one[] = {
    ACCEPT_SUMMED,
    JOINED,
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(1), FAIL(1)),
    OUT(RSTACK, .on = 1, .seq = 101, .ack = 1, TCPRST(MPT_RST_MIDDLEBOX), FAIL(101)),
    /* although the subflow's ACK covered them */
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .seq = 101, .ack = 101, DSS_ACK(101)),
};

/* What the other one has under way is no data. */
static const script_step mp_fail_on_one_subflow_while_the_other_ends_resets_that_one[] = {
    ACCEPT_SUMMED,
    JOINED,
    IN(FINACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(FINACK, .on = 1, .seq = 1, .ack = 2, DSS_ACK(101)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .seq = 101, .ack = 101, DSS_ACK(1), FAIL(1)),
    OUT(RSTACK, .seq = 101, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX), FAIL(101)),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step reset_with_mp_fail_has_the_data_sent_again[] = {
    ACCEPT_SUMMED,
    JOINED,
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(1)),
    IN(RSTACK, .on = 1, .seq = 1, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX), FAIL(1)),
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 1, 1, 100, SUM)),
    IN(ACK, .seq = 101, .ack = 101, DSS_ACK(101)),
    EXPECT_COUNTER(MPFailRx, 1),
};

static const script_step infinite_mapping_on_one_of_two_subflows_resets_that_one[] = {
    ACCEPT_SUMMED,
    JOINED,
    DATA_ON_1,
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 110, INFINITE(111, 101, SUM)),
    OUT(RSTACK, .seq = 1, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX)),
    EXPECT_READABLE(0),
};

/* ---- Infinite mapping from the peer ---------------------------------------------------------------------------- */

static const script_step infinite_mapping_ends_mptcp[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100, INFINITE(101, 101)),
    EXPECT_READABLE(200),
    EXPECT_COUNTER(InfiniteMapRx, 1),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 201),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    IN(FINACK, .seq = 201, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 202),
    EXPECT_NOTICE(READABLE),
};

/* ---- Options that are missing ---------------------------------------------------------------------------------- */

/* RFC 8684 3.7: "The sender will send one final data sequence mapping, with the Data-Level Length value of 0". */
static const script_step ack_of_the_first_data_without_data_ack_ends_mptcp[] = {
    CONNECT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    IN(ACK, .seq = 1, .ack = 101),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, .at = 100, INFINITE(1, 1)),
    IN(ACK, .seq = 1, .ack = 201),
    WRITE(100),
    OUT(PSHACK, .seq = 201, .ack = 1, .length = 100),
    EXPECT_COUNTER(InfiniteMapTx, 1),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

static const script_step first_data_without_options_end_mptcp[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101),
    ADDRESS_UP(1, .is_signal = true),
    QUIET_FOR(10 * MPT_S),
};

static const script_step third_ack_without_options_ends_mptcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    IN(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(ACCEPTED),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

/* That the peer's data had a mapping does not tell that its ACKs have a DATA_ACK. */
static const script_step ack_of_the_first_data_without_data_ack_ends_mptcp_though_data_had_a_mapping[] = {
    SETTING(delayed_ack, false),
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 1, 1, 100)),
    IN(ACK, .seq = 101, .ack = 101),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 101, .length = 100, .at = 100, INFINITE(1, 1)),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

/* Once a DATA_ACK has come it is no reason any more: "the sender has the confirmation that the DSS option passes in both directions". */
static const script_step later_ack_without_data_ack_does_not_end_mptcp[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    IN(ACK, .seq = 1, .ack = 201),
    WRITE(100),
    OUT(PSHACK, .seq = 201, .ack = 1, .length = 100, DSS_MAP(1, 201, 201, 100)),
    AFTER(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 301, DSS_ACK(301)),
    EXPECT_COUNTER(MPCapableFallbackACK, 0),
};

/* A peer that gave MPTCP up said so with its end, and a box took that: its end is the stream's. */
static const script_step end_without_options_before_the_first_data_ack_ends_mptcp[] = {
    SETTING(delayed_ack, false),
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    READ(100),
    IN(FINACK, .seq = 101, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 102),
    EXPECT_NOTICE(READABLE),
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 102, INFINITE(1, 1)),
    IN(ACK, .seq = 102, .ack = 2),
    EXPECT_NOTICE(CLOSED),
};

/* The peer has not heard of it, and sends again what we took as TCP, at another place: a guess would deliver wrong bytes. */
static const script_step data_that_contradict_the_fallback_are_refused[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 1, .ack = 101),
    IN(ACK, .seq = 1, .ack = 101, .length = 100, DSS_MAP(101, 1, 1, 100)),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 101, .ack = 101),
    IN(ACK, .seq = 101, .ack = 101, .length = 100, DSS_MAP(101, 1, 101, 100)),
    OUT(RSTACK, .seq = 101, .ack = 101),
    EXPECT_COUNTER(DSSNotMatching, 1),
    EXPECT_FAILED(RESET),
};

/* A box took 5 bytes out of the first segment: the second begins under the first mapping. Without checksums that is all that can be noticed. */
static const script_step mapping_that_begins_inside_a_segment_ends_in_tcp[] = {
    SETTING(delayed_ack, false),
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 95, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 96, DSS_ACK(96)),
    READ(95),
    IN(ACK, .seq = 96, .ack = 1, .length = 100, .at = 95, DSS_MAP(1, 101, 101, 100)),
    OUT(ACK, .seq = 1, .ack = 196, DSS_ACK(96), FAIL(96)),
    EXPECT_READABLE(0),
    IN(ACK, .seq = 196, .ack = 1, FAIL(1), INFINITE(96, 96)),
    READ(100),
    EXPECT_COUNTER(DSSNotMatching, 1),
};

/* An additional subflow would stand in the way of a fallback: it waits until data have passed with their mapping. */
static const script_step no_subflow_is_opened_before_the_first_data_are_acknowledged[] = {
    CONNECT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1),
    QUIET_FOR(100 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
};

/* A retransmission in TCP must not hide the end of MPTCP from a peer that still waits for mappings. */
static const script_step what_is_sent_again_after_fallback_carries_the_infinite_mapping[] = {
    SETTING(nagle, false),
    CONNECT_MPTCP,
    WRITE(3000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    OUT(ACK, .seq = 1437, .ack = 1, .length = 1436, CAPABLE_DATA(2872)),
    OUT(PSHACK, .seq = 2873, .ack = 1, .length = 128, CAPABLE_DATA(3000)),
    IN(ACK, .seq = 1, .ack = 1437),
    WRITE(100),
    OUT(PSHACK, .seq = 3001, .ack = 1, .length = 100, .at = 3000, INFINITE(1, 1)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1437, .ack = 1, .length = 1436, .at = 1436, INFINITE(1, 1)),
    IN(ACK, .seq = 1, .ack = 3101),
};

/* RFC 8684 3.7: on an additional subflow "the host MUST close the subflow with a RST". */
static const script_step data_without_options_on_a_new_subflow_reset_it[] = {
    ACCEPT_SUMMED,
    JOINED,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .length = 100),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MIDDLEBOX)),
    EXPECT_READABLE(0),
};

/** Data without a mapping that stay away from it, though other options pass. */
#define UNMAPPED_TWICE                                                                                                 \
    IN(ACK, .seq = 101, .ack = 1, .length = 100), OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)), AFTER(200 * MPT_MS),   \
        IN(ACK, .seq = 101, .ack = 1, .length = 100), OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),                    \
        AFTER(400 * MPT_MS), IN(ACK, .seq = 101, .ack = 1, .length = 100)

/* Options that stop passing later: where TCP can go on the peer is told so, as after a wrong checksum (3.7). */
static const script_step data_that_stay_without_mapping_end_mptcp_on_the_only_subflow[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    UNMAPPED_TWICE,
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101), FAIL(101)),
    EXPECT_COUNTER(DSSNoMatchTCP, 3),
    IN(ACK, .seq = 101, .ack = 1, FAIL(1)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100),
    EXPECT_READABLE(200),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step data_that_stay_without_mapping_end_their_subflow[] = {
    ACCEPT_SUMMED,
    JOINED,
    UNMAPPED_TWICE,
    OUT(RSTACK, .seq = 1, .ack = 101, TCPRST(MPT_RST_MIDDLEBOX)),
    EXPECT_COUNTER(DSSNoMatchTCP, 3),
    EXPECT_NO_NOTICE(FAILED),
};

/* A box that takes DSS options, and lets MP_CAPABLE pass: the data that came with that one prove nothing. */
static const script_step data_under_mp_capable_do_not_prove_that_dss_passes[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, .at = 100),
    OUT(ACK, .seq = 1, .ack = 201),
    EXPECT_READABLE(200),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

/* A mapping of length 0 begins the infinite one with the data that it comes with: a bare ACK has none. */
static const script_step mapping_of_no_length_on_a_bare_ack_means_nothing[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, DSS_MAP(1, 1, 1, 0)),
    EXPECT_COUNTER(InfiniteMapRx, 0),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
};

/* All before the peer's end arrived and was said to: what a box adds behind it changes that no more, whatever its checksum. */
static const script_step wrong_checksum_behind_the_end_that_was_reached_does_not_undo_it[] = {
    ACCEPT_SUMMED,
    IN(ACK, .seq = 101, .ack = 1, DSS_FIN(1, 101)),
    EXPECT_NOTICE(READABLE),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(102)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(102), FAIL(101)),
    EXPECT_COUNTER(DataCsumErr, 1),
    IN(FINACK, .seq = 101, .ack = 1, FAIL(1), INFINITE(101, 101, SUM)),
    OUT(ACK, .seq = 1, .ack = 102),
    EXPECT_READABLE(0),
};

/* Nothing told the client that its keys arrived, but who sends data has them: MP_CAPABLE, MP_FAIL and timestamps have no room in one header. */
static const script_step mp_fail_takes_the_place_of_the_keys[] = {
    SETTING(timestamps, true),
    CHECKSUMS,
    NEEDS_PAYLOAD,
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE(FLAGS_AH), TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(FLAGS_AH, .keys = 1), TS(100, 0)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(FLAGS_AH, .keys = 2), TS(10, 100)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, TS(110, 10), DSS_MAP(1, 1, 1, 100, SUM, .forged = true)),
    OUT(ACK, .seq = 1, .ack = 101, TS(10, 110), DSS_ACK(1), FAIL(1)),
    EXPECT_READABLE(0),
};

TOPIC(scripts_fallback, SCRIPT(data_that_stay_without_mapping_end_mptcp_on_the_only_subflow),
      SCRIPT(data_under_mp_capable_do_not_prove_that_dss_passes),
      SCRIPT(mapping_of_no_length_on_a_bare_ack_means_nothing),
      SCRIPT(wrong_checksum_on_the_only_subflow_is_told_by_mp_fail_and_ends_in_tcp),
      SCRIPT(mp_fail_alone_is_an_answer_too), SCRIPT(answers_to_answers_come_to_an_end),
      SCRIPT(mp_fail_without_an_answer_is_repeated_and_then_the_subflow_reset),
      SCRIPT(end_in_the_mapping_that_failed_is_not_believed), SCRIPT(end_told_before_the_failure_does_not_count),
      SCRIPT(end_told_before_an_infinite_mapping_does_not_count),
      SCRIPT(wrong_checksum_behind_the_end_that_was_reached_does_not_undo_it),
      SCRIPT(mp_fail_takes_the_place_of_the_keys), SCRIPT(wrong_checksum_behind_a_hole_waits_for_the_hole),
      SCRIPT(partly_acknowledged_data_are_sent_again_under_their_whole_checksum),
      SCRIPT(whole_data_complete_the_pieces_of_a_checksummed_mapping),
      SCRIPT(mp_fail_is_answered_by_mp_fail_and_the_infinite_mapping), SCRIPT(answer_to_mp_fail_goes_before_data),
      SCRIPT(mp_fail_about_what_was_never_sent_is_ignored),
      SCRIPT(wrong_checksum_on_one_of_two_subflows_resets_that_one),
      SCRIPT(first_data_without_options_end_mptcp_and_a_new_subflow),
      SCRIPT(wrong_checksum_on_the_initial_of_two_subflows_resets_that_one),
      SCRIPT(no_join_is_taken_while_mp_fail_is_not_answered), SCRIPT(hole_that_is_filled_before_the_answer_waits_too),
      SCRIPT(mp_fail_on_the_last_of_two_subflows_resets_it),
      SCRIPT(wrong_checksum_on_the_last_of_two_subflows_resets_it),
      SCRIPT(mp_fail_on_one_of_two_subflows_resets_that_one),
      SCRIPT(mp_fail_on_one_subflow_while_the_other_ends_resets_that_one),
      SCRIPT(reset_with_mp_fail_has_the_data_sent_again),
      SCRIPT(infinite_mapping_on_one_of_two_subflows_resets_that_one), SCRIPT(infinite_mapping_ends_mptcp),
      SCRIPT(ack_of_the_first_data_without_data_ack_ends_mptcp), SCRIPT(first_data_without_options_end_mptcp),
      SCRIPT(third_ack_without_options_ends_mptcp), SCRIPT(no_subflow_is_opened_before_the_first_data_are_acknowledged),
      SCRIPT(what_is_sent_again_after_fallback_carries_the_infinite_mapping),
      SCRIPT(data_without_options_on_a_new_subflow_reset_it), SCRIPT(data_that_stay_without_mapping_end_their_subflow),
      SCRIPT(ack_of_the_first_data_without_data_ack_ends_mptcp_though_data_had_a_mapping),
      SCRIPT(later_ack_without_data_ack_does_not_end_mptcp),
      SCRIPT(end_without_options_before_the_first_data_ack_ends_mptcp),
      SCRIPT(data_that_contradict_the_fallback_are_refused), SCRIPT(mapping_that_begins_inside_a_segment_ends_in_tcp));
