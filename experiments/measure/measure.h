/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * measure.h: what is kept of a run, whichever engine simulates it, and the result lines made of it (doc/contracts.md).
 *
 * An engine makes a struct measure of the scenario, tells it what happens, and at the end prints. Times are in
 * nanoseconds from the start of the run.
 */
#ifndef EXP_MEASURE_H
#define EXP_MEASURE_H

#include "byte_log.h"
#include "event_log.h"
#include "level_log.h"
#include "scenario.h"
#include "subflow_log.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Payload of a flow that arrived at its receiver over one path, copies included. */
struct measure_path {
    const struct scn_path *spec;
    bool is_clients; /**< the client may use it, and its address says what came over it; else the server's does */
    struct byte_log arrived;
};

/** Reinjections that follow each other. */
struct measure_burst {
    int64_t first_ns, last_ns;
    uint64_t before, after; /**< bytes reinjected in all; equal: there is none */
};

struct measure_flow {
    const struct scn_flow *spec;
    int64_t start_ns;           /**< when the client connects */
    uint64_t received_bytes;    /**< by the receiving application */
    int64_t completed_ns;       /**< when all bytes of a flow of limited size had arrived; 0 = not yet */
    int sides_closed;           /**< sides that saw the other's close; 2 = closed in good order */
    bool is_connected;          /**< at the client, at some time */
    bool has_failed;            /**< it could not connect, or broke */
    bool is_damaged;            /**< content differed from what was sent */
    uint64_t bytes_reinjected;  /**< at the end of the run */
    bool has_fallen_back;       /**< likewise */
    struct measure_burst burst; /**< that has not been told yet */
    struct byte_log delivered;  /**< to the receiving application */
    struct byte_log written;    /**< by the sending application; kept where app_delay is sampled */
    struct level_log reorder;   /**< bytes that wait at the receiver for what comes before; where reorder is sampled */
    uint64_t bytes_duplicate;   /**< that the receiver had already; likewise */
    struct measure_path *paths; /**< the client's that it may use, and the server's where it has several; by name */
    size_t path_count;
    struct subflow_log subflows[2]; /**< as the server, [0], and the client, [1], know them */
};

/** What is told of a subflow. */
enum measure_subflow_kind {
    MEASURE_UP,            /**< it can carry data */
    MEASURE_DOWN,          /**< one that was up ended; with the reason of MP_TCPRST, or 0 */
    MEASURE_RTT,           /**< smoothed round-trip time (ns) */
    MEASURE_RETRANSMITTED, /**< payload sent again on it, so far (bytes) */
    MEASURE_TIMEOUTS,      /**< retransmission timeouts, so far */
    MEASURE_REINJECTED /**< of the connection, by whichever subflow: stream bytes sent once more on another one, so far */
};

/** A host enters or leaves the range of a Wi-Fi path. */
struct measure_change {
    int64_t time_ns;
    bool is_in_range;
};
/** Of one host and one Wi-Fi path. */
struct measure_range {
    const struct scn_path *path;
    const char *host;
    struct measure_change *changes; /**< in order of time */
    size_t count, capacity;
};

/** A counter of a host at the end of the run. */
struct measure_counter {
    const char *host, *name;
    uint64_t value;
};

/** What a path's cable, or a link, was given in one direction since measure_from_s, and what its queue or its losses took. */
struct measure_wire {
    uint64_t given, dropped;           /**< packets */
    uint64_t queue_sum, queue_samples; /**< packets in the queue, of all samples together */
};

struct measure {
    const struct scenario *spec;
    struct measure_flow *flows; /**< in the scenario's order */
    size_t flow_count;
    struct measure_range *ranges; /**< of all Wi-Fi paths that are enabled */
    size_t range_count;
    uint64_t *middlebox_actions; /**< by path of the scenario */
    struct measure_counter *counters;
    size_t counter_count;
    struct event_log events;
    struct measure_wire
        *wires; /**< of paths and then links, towards the hosts and away from them; where queue is sampled */
    FILE *out;  /**< where result lines go */
};

/** @return what is empty yet; to be freed by measure_free(). */
struct measure *measure_new(const struct scenario *spec, FILE *out);
void measure_free(struct measure *m);

/** @return whether the scenario asks for the series. */
bool measure_wants(const struct measure *m, const char *series);

/** The receiving application got @p bytes more. */
void measure_delivered(struct measure_flow *flow, int64_t now_ns, uint64_t bytes);
/** @return the log of @p path, or NULL when it is none of those that the flow is measured on. */
struct byte_log *measure_path_log(struct measure_flow *flow, const struct scn_path *path);
/** @return where payload is counted of which the client's address, or the server's, is on @p path: each path counts by one end. */
struct byte_log *measure_log_by_end(struct measure_flow *flow, const struct scn_path *path, bool is_client);
/** The host's range changes; what changed earlier may be told later only by so much as a lost beacon takes. */
void measure_range_changed(struct measure *m, const char *host, const struct scn_path *path, int64_t since_ns,
                           bool is_in_range);
/** Something happened; @p name must outlive the run, @p detail is words for people. */
void measure_event(struct measure *m, int64_t now_ns, const char *name, const char *entity, const char *detail);
/** The flow could not connect, or its connection broke. */
void measure_failed(struct measure *m, int64_t now_ns, struct measure_flow *flow, const char *what);
/** @return whether all has arrived, both sides have closed, or it has failed: what its subflows were like last is of no time any more. */
bool measure_is_over(const struct measure_flow *flow);
/** Something happened to a flow; @p path may be NULL. */
void measure_flow_event(struct measure *m, int64_t now_ns, const char *name, const struct measure_flow *flow,
                        const struct scn_path *path, const char *detail);
/** @return whether measure_subflow() was told the path of that subflow. */
bool measure_knows_subflow(const struct measure_flow *flow, bool is_client, uint32_t id);
/** The client, or the server, tells of one of its subflows. @param path of the client's address, or NULL; once is enough */
void measure_subflow(struct measure *m, struct measure_flow *flow, bool is_client, uint32_t id,
                     const struct scn_path *path, enum measure_subflow_kind kind, int64_t now_ns, uint64_t value);
/** Tell of the reinjections since the last pause of a second. */
void measure_end_burst(struct measure *m, struct measure_flow *flow);
/** @return whether the scenario asks for the counter of that name ... */
bool measure_wants_counter(const struct measure *m, const char *name);
/** ... of that host, which is an end of a flow that the core carries. */
bool measure_wants_counters_of(const struct measure *m, const char *host);
/** A host's counter at the end of the run; both names must outlive it. */
void measure_count(struct measure *m, const char *host, const char *name, uint64_t value);
/** Print what app_delay, reorder and queue ask for; the last part of measure_print(). */
void measure_print_delays(const struct measure *m, int64_t end_ns);
/** Print a metric at once. */
void measure_metric(const struct measure *m, const char *name, const char *entity, const char *unit, double value);
/** Likewise one that the run was too short for: the true value is above @p value. */
void measure_censored(const struct measure *m, const char *name, const char *entity, const char *unit, double value);
/** Print a sample of @p series (name, entity, unit) at once. */
void measure_sample(const struct measure *m, const char *series, int64_t now_ns, double value);

/** Add the changes that the scenario makes to paths. */
void measure_add_changes(struct measure *m);
/** Add the events that follow from the logs. */
void measure_add_events(struct measure *m, int64_t end_ns);
/** Print series, metrics and events of the run, which ended at @p end_ns. */
void measure_print(struct measure *m, int64_t end_ns);

/* ---- Names ------------------------------------------------------------------------------------------------- */

enum { MEASURE_ENTITY_BYTES = 512 };

/** Write the entity of @p flow, on @p path where that is not NULL. */
void measure_entity(char out[MEASURE_ENTITY_BYTES], const struct measure_flow *flow, const struct scn_path *path);

/* ---- Of the scenario --------------------------------------------------------------------------------------- */

/** @return how many interfaces @p host has on enabled paths. */
size_t measure_interface_count(const struct scenario *s, const char *host);
/** @return whether @p host has an interface on @p path. */
bool measure_path_has_host(const struct scn_path *path, const char *host);
const struct scn_path *measure_path_of_name(const struct scenario *s, const char *name);

#ifdef __cplusplus
}
#endif
#endif
