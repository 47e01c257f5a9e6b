/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mbx_kinds.h: the kinds of boxes. Each is allocated by its host, {0}, with host and scope of its mbx_box and the settings
 * that stand first filled in, then initialised once. Settings may be changed between two segments.
 */
#ifndef MBX_KINDS_H
#define MBX_KINDS_H

#include "mbx_flows.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Translates addresses and ports by a table that SYNs from the hosts fill; IPv6 passes. */
typedef struct mbx_nat {
    mbx_box box;
    uint8_t address[4];             /**< outside; 0.0.0.0: hosts keep theirs, ports alone are translated */
    int64_t timeout_ns;             /**< of idle connections */
    mbx_table ports;                /**< outside, by connection inside */
    struct mbx_nat_entry **entries; /**< by port outside */
    size_t entry_count;
} mbx_nat;
void mbx_nat_init(mbx_nat *nat);
/** @return connections that have an entry and were not idle for too long. */
size_t mbx_nat_count(mbx_nat *nat);

typedef enum mbx_filter_segments { MBX_FILTER_ALL, MBX_FILTER_SYN, MBX_FILTER_DATA } mbx_filter_segments;
/** Overwrites an option with NOPs, or drops the segment that has it. */
typedef struct mbx_option_filter {
    mbx_box box;
    uint8_t kind;
    int subtype; /**< of an MPTCP option, or MBX_ANY_SUBTYPE */
    mbx_filter_segments segments;
    bool is_dropping;
    double probability;
} mbx_option_filter;
void mbx_option_filter_init(mbx_option_filter *filter);

/** Adds an offset, drawn for each connection, to sequence numbers, and takes it off what acknowledges them. */
typedef struct mbx_sequence_rewriter {
    mbx_box box;
    bool has_sack; /**< edges of SACK blocks are translated, too */
    mbx_flows flows;
} mbx_sequence_rewriter;
void mbx_sequence_rewriter_init(mbx_sequence_rewriter *rewriter);

/** Replaces bytes of the payload and shifts the numbers after them (mbx_edits.h). */
typedef struct mbx_payload_rewriter {
    mbx_box box;
    mbx_edits edits; /**< of each stream, its end INT64_MAX */
    mbx_flows flows;
} mbx_payload_rewriter;
void mbx_payload_rewriter_init(mbx_payload_rewriter *rewriter);

/** Cuts large segments; the options are copied to all pieces. */
typedef struct mbx_splitter {
    mbx_box box;
    uint32_t payload_bytes_max;
} mbx_splitter;
void mbx_splitter_init(mbx_splitter *splitter);

/** Merges segments that follow each other. */
typedef struct mbx_coalescer {
    mbx_box box;
    uint32_t payload_bytes_max;
    int64_t hold_ns; /**< how long a segment waits for the next */
    bool
        keeps_first_options; /**< segments of any options merge, and the first one's are kept; else those of equal ones */
    mbx_table held;          /**< by connection and direction */
    struct mbx_held *first, *last; /**< the same, in the order in which they came */
} mbx_coalescer;
void mbx_coalescer_init(mbx_coalescer *coalescer);

/** Sends RSTs in the names of both ends. */
typedef struct mbx_reset_injector {
    mbx_box box;
    uint64_t after_bytes; /**< of payload that a side has sent; 0 = not for that reason */
    double probability;   /**< that a data segment is struck */
    mbx_flows flows;
} mbx_reset_injector;
void mbx_reset_injector_init(mbx_reset_injector *injector);

#ifdef __cplusplus
}
#endif
#endif
