/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_world.h: two hosts with a core each, the links between them, and their applications, in virtual time.
 *
 * sim_world_run() goes on until nothing is left to happen. Rules that are broken on the way end the process by
 * sim_fail(). Everything is a function of the scenario.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdio.h>

#include "sim_event.h"
#include "sim_fail.h"
#include "sim_memory.h"
#include "sim_scenario.h"
#include "sim_stats.h"
#include "sim_store.h"

/** What a program wants of a run besides its outcome. */
typedef struct sim_options {
    uint32_t check_every;    /**< mpt_stack_check() after one of so many events; 1 = all, 0 = never */
    bool is_verbose;         /**< a line for each segment and notice */
    const char *pcap_prefix; /**< PREFIX-0.pcap, ... one for each of the client's interfaces; NULL = none */
    sim_totals *totals;      /**< the run is added to these; NULL = not */
} sim_options;

typedef struct sim_host sim_host;

/** One side of one application's connection. */
typedef struct sim_conn {
    sim_host *host;
    mpt_conn *conn; /**< only a name once is_gone */
    uint32_t app;   /**< UINT32_MAX until the connection is accepted */
    sim_store sent, received;
    uint64_t written, read;
    uint64_t rewritten;    /**< bytes read that are not those written */
    mpt_time connected_at; /**< MPT_NEVER until connected or accepted */
    bool is_shut, is_released, is_gone, is_aborted;
    mpt_conn_info last_info; /**< at the release */
    bool is_ended;           /**< the peer's end was seen, after all of its bytes */
    bool is_closed;          /**< MPT_NOTICE_CLOSED */
    mpt_status failure;      /**< reason of MPT_NOTICE_FAILED, else MPT_OK */
    uint64_t edge_promised;  /**< right edge of the windows offered, stream offset; 0 = none yet */
    mpt_time tick_at;        /**< pending application timer; MPT_NEVER = none */
} sim_conn;

struct sim_host {
    sim_world *world;
    int side;
    mpt_stack *stack;
    sim_memory memory;
    uint64_t blocks_at_start, bytes_at_start;
    mpt_listener *listener[SIM_APPS_MAX];
    sim_conn *conn[SIM_APPS_MAX]; /**< by application */
    sim_conn *unclaimed;          /**< has received data, not yet accepted */
    mpt_time timer_deadline;      /**< what the armed timer is for; MPT_NEVER = none */
    uint64_t timer_number;        /**< of the armed timer; older ones are ignored */
    uint32_t timer_storm;         /**< timer calls in a row at the same moment */
    mpt_time timer_last;
    uint64_t segments_sent, segments_received;
};

struct sim_world {
    sim_scenario scenario;
    sim_options options;
    mpt_time now;
    sim_events events;
    sim_rng rng;
    sim_link link[SIM_LINKS_MAX];
    sim_host host[2];
    FILE *pcap[SIM_LINKS_MAX];
    uint64_t hash;
    uint64_t stats[SIM_STAT_KINDS];
    uint64_t event_count;
    uint64_t events_now; /**< in a row at the same moment */
    bool are_faults_over;
    bool is_server_down[SIM_SERVER_ADDRESSES_MAX]; /**< the server has not this address */
    /**
     * Of a test: sees each segment before its link does and may change it.
     * @return false = it is lost
     */
    bool (*filter)(sim_world *w, int from, sim_packet *p);
    void *filter_user;
    /** Of a test: takes what a host sends to an address that no link has; without it such a segment is a mistake. */
    void (*stranger)(sim_world *w, int from, const sim_packet *p);
    void *stranger_user;
};

sim_world *sim_world_new(const sim_scenario *s, const sim_options *o);
/** Run until nothing is left to happen, and check the outcome. */
void sim_world_run(sim_world *w);
/** Run events up to and including @p until. */
void sim_world_run_until(sim_world *w, mpt_time until);
/** Free everything; the cores must have given all their memory back. */
void sim_world_free(sim_world *w);
/** Run @p s once. @return the trace hash */
uint64_t sim_run(const sim_scenario *s, const sim_options *o);

/* For tests, and between the simulator's own parts. */

/** Do what mpt.h asks a host to do after each input. */
void sim_host_settle(sim_host *h);
void sim_host_start(sim_world *w, int side);
/** The server's address @p index goes or comes, in each family that a link has. */
void sim_host_server_address(sim_host *h, uint32_t index, bool is_up);
/** Give @p p to the host it is for. */
void sim_host_receive(sim_host *h, sim_packet *p);
/** Put @p p, whose link and direction are set, on the wire behind the filter. Takes it over. */
void sim_world_put(sim_world *w, sim_packet *p);
/** A segment that no host sent arrives after the link's delay; the filter does not see it, no queue holds it up. */
void sim_world_inject(sim_world *w, sim_packet *p);
/** Take the link away from the client or give it back, telling the core. */
void sim_world_address(sim_world *w, uint32_t link, bool is_up);
void sim_fault_do(sim_world *w, void *object, uint64_t index);
/** Somebody sends a segment that must do nothing, and will again. */
void sim_attack(sim_world *w, void *object, uint64_t number);
/** sim_host_receive() of a segment of which a token or HMAC was changed: it must not be believed. */
void sim_receive_forged(sim_world *w, sim_packet *p);

void sim_app_start(sim_world *w, void *object, uint64_t app);
void sim_app_notice(sim_host *h, const mpt_notice *n);
/** The application of @p c does whatever it can. */
void sim_app_step(sim_conn *c);
/** @return the host's side of the connection that the core calls @p conn, or NULL. */
sim_conn *sim_host_conn(sim_host *h, const mpt_conn *conn);
sim_conn *sim_conn_new(sim_host *h, mpt_conn *conn);
void sim_conn_free(sim_conn *c);

/** Mix @p bytes into the trace hash. */
void sim_hash(sim_world *w, const void *bytes, size_t count);
void sim_hash_segment(sim_world *w, const sim_packet *p);
/** Rules for every segment that leaves a core. */
void sim_check_segment(sim_world *w, const sim_packet *p);
void sim_check_kept(const sim_conn *c,
                    const mpt_segment *out); /**< payload that is sent is still there, or not needed */
/** Rules for what a core has just received. @param removals_before its counter RmAddr before */
void sim_check_received(const sim_host *h, const sim_packet *p, uint64_t removals_before);
/** mpt_stack_check() on both hosts, as often as asked for. */
void sim_check_stacks(sim_world *w);
/** All delivered: called at scenario.delivery_ns. */
void sim_check_delivery(sim_world *w, void *object, uint64_t number);
/** At the very end. */
void sim_check_end(sim_world *w);

void sim_print_segment(const sim_world *w, const sim_packet *p, const char *what);
void sim_print_notice(const sim_host *h, const mpt_notice *n);
FILE *sim_pcap_open(const char *prefix, uint32_t link);
void sim_pcap_write(FILE *f, mpt_time now, const sim_packet *p, bool is_sealed);

#endif
