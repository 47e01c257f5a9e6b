/* SPDX-License-Identifier: GPL-2.0-or-later */
/** subflow_log.h: what one end of a connection knows of its subflows, those that have ended included. */
#ifndef EXP_SUBFLOW_LOG_H
#define EXP_SUBFLOW_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scn_path;

#ifdef __cplusplus
extern "C" {
#endif

/** A time for which the smoothed round-trip time was the same. */
struct rtt_span {
    int64_t rtt_ns, duration_ns;
};

struct subflow_record {
    uint32_t id;                 /**< of the core */
    const struct scn_path *path; /**< of the client's address; NULL: of none */
    bool was_up;
    uint64_t bytes_retransmitted, timeouts;
    int64_t rtt_ns, rtt_since_ns; /**< rtt_ns 0: not measured yet, or over */
    struct rtt_span *spans;
    size_t span_count, span_capacity;
};

struct subflow_log {
    struct subflow_record *at;
    size_t count, capacity;
};

/** @return NULL when there is none of that id. */
struct subflow_record *subflow_log_find(const struct subflow_log *log, uint32_t id);
/** @return valid until the next call */
struct subflow_record *subflow_log_add(struct subflow_log *log, uint32_t id, const struct scn_path *path);
/** The smoothed round-trip time is @p rtt_ns from now on; 0: no more. */
void subflow_record_rtt(struct subflow_record *r, int64_t now_ns, int64_t rtt_ns);
void subflow_log_free(struct subflow_log *log);

/**
 * Mean and quantile over time of the spans of all records of @p path (NULL: of all records), which are closed.
 * @return false when no time was spent there
 */
bool subflow_log_rtt(const struct subflow_log *log, const struct scn_path *path, double quantile, double *mean_ns,
                     double *quantile_ns);

#ifdef __cplusplus
}
#endif
#endif
