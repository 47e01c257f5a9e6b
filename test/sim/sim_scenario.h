/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_scenario.h: everything that decides a run: paths, settings, applications, faults, and what must come out. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim_link.h"

enum { SIM_LINKS_MAX = 4, SIM_APPS_MAX = 4, SIM_SERVER_ADDRESSES_MAX = 3, SIM_FAULTS_MAX = 32 };

/** One side's half of an application. */
typedef struct sim_app_side {
    uint64_t bytes;           /**< writes this many, then shuts down */
    uint64_t message_bytes;   /**< 0 = bulk; else it writes in messages of this size, in turn with the other side */
    uint64_t write_bytes_max; /**< most bytes of one write */
    uint64_t read_bytes_max;  /**< most bytes read at once; 0 = all there is */
    mpt_time read_pause_ns;   /**< pause between reads of read_bytes_max */
    mpt_time read_start_ns;   /**< reads nothing before this long after the connection is there */
    mpt_time abort_ns;        /**< aborts this long after the application's start; MPT_NEVER = never */
    bool waits_for_closed;    /**< releases on MPT_NOTICE_CLOSED instead of as soon as all is read and shut down */
    bool releases_early;      /**< releases as soon as all is written (the other side writes nothing then) */
} sim_app_side;

typedef struct sim_app_settings {
    mpt_time start_ns;
    uint32_t link; /**< of the initial subflow */
    sim_app_side side[2];
} sim_app_settings;

typedef enum sim_fault_kind {
    SIM_FAULT_DOWN, /**< the client's address goes, and the link with it; left out while a connection would not survive */
    SIM_FAULT_UP,
    SIM_FAULT_BLOCK, /**< the link loses everything, nobody is told */
    SIM_FAULT_UNBLOCK,
    SIM_FAULT_KILL,   /**< as BLOCK, for ever; left out while no other link carries a subflow of every connection */
    SIM_FAULT_BACKUP, /**< the client's address becomes backup */
    SIM_FAULT_NO_BACKUP,
    SIM_FAULT_UNREACHABLE, /**< an ICMP error about the application's first subflow */
    SIM_FAULT_SERVER_DOWN, /**< the server's address of this index goes */
    SIM_FAULT_SERVER_UP
} sim_fault_kind;

typedef struct sim_fault {
    mpt_time time;
    sim_fault_kind kind;
    uint32_t link; /**< or index of the server's address */
} sim_fault;

typedef struct sim_scenario {
    char name[64];
    uint64_t seed;
    uint32_t link_count, server_address_count, app_count, fault_count;
    bool server_signals, client_signals; /**< announces its further addresses */
    uint16_t server_port;                /**< announced with them; 0 = none */
    bool is_backup[SIM_LINKS_MAX];
    bool is_fullmesh[SIM_LINKS_MAX]; /**< the client's address there, for the path manager linux */
    bool is_laminar[SIM_LINKS_MAX];  /**< likewise */
    sim_link_settings link[SIM_LINKS_MAX];
    mpt_settings settings[2];
    sim_app_settings app[SIM_APPS_MAX];
    sim_fault fault[SIM_FAULTS_MAX];
    mpt_time faults_end_ns;     /**< loss, duplication, corruption, failing allocations, late timers stop */
    mpt_time delivery_ns;       /**< after that long everything must have been delivered */
    mpt_time end_ns;            /**< and by then everything must be closed, freed and quiet */
    mpt_time late_timer_ns;     /**< timers are late by 0 .. this */
    mpt_time spurious_timer_ns; /**< a timer call without reason every so often; 0 = never */
    mpt_time attack_ns;         /**< somebody sends segments that must do nothing, every so often; 0 = never */
    uint32_t allocation_fail_ppm;
    uint64_t allocation_fail_nth; /**< counted from the start of the applications; 0 = none */
    bool is_sealed;               /**< checksums are written and verified */
    bool expect_content; /**< bytes delivered are those written (not with corruption that no checksum covers) */
    uint64_t
        rewritten_bytes_max; /**< so many bytes of each direction may arrive changed: in place, none lost or invented */
    bool expect_delivery;    /**< all is delivered and closed on both sides, no connection fails */
} sim_scenario;

/** One link, one connection without application data, no faults; everything expected. */
void sim_scenario_default(sim_scenario *s, const char *name, uint64_t seed);
/** Whatever @p seed says. */
void sim_scenario_random(sim_scenario *s, uint64_t seed);
void sim_scenario_print(const sim_scenario *s);
/** Append a fault. */
void sim_scenario_fault(sim_scenario *s, mpt_time time, sim_fault_kind kind, uint32_t link);

#endif
