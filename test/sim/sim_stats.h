/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_stats.h: what happened in a run, so that nobody believes in a fault that never comes: X(name, what it counts). The totals of
 * many runs are shared between processes.
 */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include "mpt.h"

/* clang-format off */
#define SIM_STATS(X)                                                                                                 \
    X(lost, "segments lost at random") X(overflowed, "segments lost because a queue was full")                       \
    X(blocked, "segments lost on a link that is blocked or dead") X(duplicated, "segments that came twice")          \
    X(reordered, "segments that overtook another") X(replayed, "segments that came once more long after")            \
    X(marked, "segments with a congestion mark") X(flipped, "segments with a flipped bit that a checksum shows")     \
    X(corrupted, "headers changed, checksum made right") X(rewritten, "payloads changed, checksum made right")       \
    X(stripped, "segments whose MPTCP options were taken away") X(translated, "segments translated by a NAT")        \
    X(renumbered, "segments with sequence numbers changed") X(split, "segments split in two")                        \
    X(coalesced, "segments merged with the one before") X(forged, "joins and ADD_ADDRs with a changed token or HMAC") \
    X(address_down, "addresses of the client gone") X(address_up, "addresses of the client back")                    \
    X(server_down, "addresses of the server gone") X(server_up, "addresses of the server back")                      \
    X(link_blocked, "links that lost all for a time") X(link_killed, "links that died") X(backup, "changes of backup") \
    X(unreachable, "ICMP errors") X(timer_late, "timers called late") X(timer_spurious, "timers called without reason") \
    X(allocation_failed, "allocations refused") X(connect_refused, "connects refused at a limit")                    \
    X(ipv6, "segments over IPv6") X(ipv4, "segments over IPv4") X(mixed, "runs with both") X(seq_wrapped, "segments over whose payload the sequence number wraps") \
    X(dsn_wrapped, "segments over whose payload the low half of the DSN wraps") X(zero_window, "segments that offer no window") \
    X(half_closed, "data segments after the sender heard the peer's end") X(aborted, "connections aborted by the application")  \
    X(released_early, "connections released with data under way") X(fell_back, "connections that ended in plain TCP") \
    X(failed, "connections that broke") X(attack_rst, "RSTs in the window") X(attack_syn, "SYNs in the window")      \
    X(attack_ack, "ACKs of what was not sent, or too old") X(attack_sack, "SACKs of what was not sent")              \
    X(attack_data_ack, "DATA_ACKs of what was not sent, or stale") X(attack_mapping, "data mapped beyond the window") \
    X(attack_data_fin, "ends of the stream before what has arrived") X(attack_fastclose, "MP_FASTCLOSEs with a wrong key") \
    X(attack_add_addr, "ADD_ADDRs with a wrong HMAC") X(attack_token, "MP_JOINs with a wrong token")                 \
    X(attack_join, "MP_JOINs with a right token and a wrong HMAC") X(attack_flood, "SYNs of nobody")
/* clang-format on */

typedef enum sim_stat {
#define SIM_X(name, help) SIM_STAT_##name,
    SIM_STATS(SIM_X)
#undef SIM_X
        SIM_STAT_KINDS
} sim_stat;

#define SIM_COUNT(stats, name) ((stats)[SIM_STAT_##name]++)

typedef struct sim_totals sim_totals;

/** Shared with every process forked from here on. */
sim_totals *sim_totals_new(void);
/** One run: its statistics and both cores' counters. */
void sim_totals_add(sim_totals *t, const uint64_t stats[SIM_STAT_KINDS], const mpt_counters *client,
                    const mpt_counters *server, uint64_t events);
/**
 * Print, for each fault and each counter, in how many runs it moved, and how often.
 * @return how many of the faults never happened
 */
uint32_t sim_totals_print(const sim_totals *t);

#endif
