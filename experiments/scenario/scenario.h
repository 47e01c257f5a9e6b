/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * scenario.h: what a scenario file says, as plain structs with every default resolved.
 *
 * scenario_keys.c ties each member to its key, default and range; that table is the only place that knows them.
 * Everything lives in the arena that scenario_load() was given.
 */
#ifndef EXP_SCENARIO_H
#define EXP_SCENARIO_H

#include "document.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct scn_texts {
    const char **at;
    size_t count;
};

struct scn_host {
    struct doc_mark mark;
    const char *name;
};

enum scn_middlebox_type {
    SCN_NAT,
    SCN_OPTION_FILTER,
    SCN_SEQUENCE_REWRITER,
    SCN_PAYLOAD_REWRITER,
    SCN_SPLITTER,
    SCN_COALESCER,
    SCN_RESET_INJECTOR
};

struct scn_middlebox {
    struct doc_mark mark;
    const char *name;  /**< "": none */
    int64_t type;      /**< enum scn_middlebox_type */
    int64_t direction; /**< as MptcpMiddlebox::Scope */
    /* nat */
    double timeout_s;
    /* option-filter */
    int64_t option_kind;
    int64_t mptcp_subtype; /**< 0 = any, else 1 + subtype */
    int64_t segments;      /**< as MptcpOptionFilter::Segments */
    int64_t action;        /**< as MptcpOptionFilter::Action */
    double probability;
    /* sequence-rewriter */
    bool rewrite_sack;
    /* payload-rewriter */
    int64_t position_bytes, interval_bytes, removed_bytes, inserted_bytes;
    /* splitter and coalescer */
    int64_t payload_max_bytes;
    double hold_ms;
    int64_t merge_options; /**< as MptcpSegmentCoalescer::Options */
    /* reset-injector */
    int64_t after_bytes;
    double reset_probability;
};
struct scn_middleboxes {
    struct scn_middlebox *at;
    size_t count;
};

enum { SCN_LINKS_MAX = 16 /**< of one path */, SCN_LINKS_ALL_MAX = 200 /**< of a scenario */ };

enum scn_path_type { SCN_WIFI, SCN_LTE, SCN_ETHERNET, SCN_TRACE };
enum scn_queue_discipline { SCN_DROP_TAIL, SCN_RED, SCN_CODEL, SCN_FQ_CODEL };
enum scn_medium { SCN_POINT_TO_POINT, SCN_CSMA };
enum scn_wifi_standard { SCN_WIFI_A, SCN_WIFI_N, SCN_WIFI_AC };

struct scn_path {
    struct doc_mark mark;
    const char *name;
    int64_t type; /**< enum scn_path_type */
    struct scn_texts hosts;
    bool enabled;
    double rate_mbps, delay_ms;
    int64_t queue_packets, queue_bytes; /**< the limit is that of bytes where this is not 0 */
    int64_t queue_discipline;
    bool ecn;
    double red_min_packets, red_max_packets, red_max_probability;
    double loss_down, loss_up;
    double loss_burst_packets, jitter_ms, reorder, reorder_ms, duplicate;
    struct scn_texts links;
    struct scn_middleboxes middleboxes;
    /* trace */
    const char *trace_down, *trace_up; /**< names of files; "none" */
    const char *trace_down_sha256, *trace_up_sha256;
    bool trace_loop;
    /* ethernet and trace */
    int64_t medium;
    double access_rate_mbps, access_delay_spread_ms;
    /* wifi and lte */
    double x_m, y_m;
    int64_t radio_queue_packets;
    int64_t standard;
    double range_m, path_loss_exponent;
    int64_t resource_blocks; /**< index into the choices of the key */
};

struct scn_waypoint {
    struct doc_mark mark;
    const char *name; /**< "": none */
    double time_s, x_m, y_m;
};
struct scn_waypoints {
    struct scn_waypoint *at;
    size_t count;
};

struct scn_mobility {
    struct doc_mark mark;
    const char *name; /**< of the host */
    double x_m, y_m;
    double walk_to_x_m, walk_to_y_m, speed_mps, leave_s, leave_jitter_s, pause_s;
    bool come_back;
    struct scn_waypoints waypoints;
};

enum scn_protocol { SCN_MPTCP, SCN_TCP, SCN_NS3_TCP };
enum scn_direction { SCN_DOWNLOAD, SCN_UPLOAD };

struct scn_flow {
    struct doc_mark mark;
    const char *name, *client, *server;
    int64_t protocol, direction;
    const char *congestion_control, *scheduler, *path_manager;
    struct scn_texts paths;
    int64_t bytes;
    double start_s, start_jitter_s, stop_s;
    int64_t send_buffer_bytes, receive_buffer_bytes, mss_bytes;
    bool check_content;
    struct scn_texts settings;
};

enum scn_engine { SCN_ENGINE_NS3, SCN_ENGINE_LINK };

enum scn_link { SCN_LINK_SAME, SCN_LINK_DOWN, SCN_LINK_UP };

struct scn_event {
    struct doc_mark mark;
    const char *name; /**< "": none */
    double time_s;
    const char *path; /**< or a link */
    int64_t link;
    double rate_mbps;          /**< 0 = as before */
    double delay_ms;           /**< -1 = as before */
    double loss_down, loss_up; /**< likewise */
};

struct scn_sampling {
    struct doc_mark mark;
    int64_t interval_ms;
    struct scn_texts series;
};

/** A sequence of groups: @c at points to @c count structs of the section's size. */
#define SCN_SEQUENCE(type)                                                                                             \
    struct {                                                                                                           \
        struct type *at;                                                                                               \
        size_t count;                                                                                                  \
    }

struct scenario {
    struct doc_mark mark;
    int64_t engine; /**< enum scn_engine */
    double duration_s, measure_from_s;
    SCN_SEQUENCE(scn_host) hosts;
    SCN_SEQUENCE(scn_path) links; /**< of a path's keys they have those of its cable */
    SCN_SEQUENCE(scn_path) paths;
    SCN_SEQUENCE(scn_mobility) mobility;
    SCN_SEQUENCE(scn_flow) flows;
    SCN_SEQUENCE(scn_event) events;
    struct scn_sampling sampling;
    struct scn_texts counters;
};

/**
 * Read @p file, apply @p sets ("path.key=value") in their order, fill in defaults and check everything.
 * @return false after writing one line "FILE:LINE:COLUMN: key: what was expected" to @p error.
 */
bool scenario_load(struct scenario *out, const char *file, const char *const *sets, size_t set_count,
                   struct scn_arena *arena, char *error, size_t error_bytes);

/** Every resolved parameter as one line of JSON, keys sorted, no line end. */
void scenario_print_json(const struct scenario *s, FILE *out);

/** A line "FILE:LINE:COLUMN: key: has no effect ..." for each value that another one makes pointless. */
void scenario_tell_unused(const struct scenario *s, FILE *out);

/** All keys with default, range and meaning, as the Markdown table of README.md. */
void scenario_print_keys(FILE *out);

/**
 * The name of a path's trace: where @p sha256 is known, the file of that name in the folder that $MPTCP_TRACES says, for
 * traces travel with results; else, or where there is none, scenario_file().
 * @return in the arena
 */
const char *scenario_trace(const struct scn_path *path, const char *name, const char *sha256, struct scn_arena *arena);

struct capacity;
/** @return what the trace @p c of @p path may not say, as the scenario says it; NULL: it may */
const char *scenario_contradicts_trace(const struct scenario *s, const struct scn_path *path, const struct capacity *c,
                                       bool is_down);

/**
 * The name of a file that a scenario names: relative to the scenario's folder where that is written in the file.
 * @return in the arena
 */
const char *scenario_file(const struct doc_mark *mark, const char *name, struct scn_arena *arena);

/** The number of resource blocks that the choice @p index stands for. */
int scenario_resource_blocks(int64_t index);

#ifdef __cplusplus
}
#endif
#endif
