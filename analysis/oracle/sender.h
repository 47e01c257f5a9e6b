/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path's ideal sender, ACK by ACK, as test/analysis/model_reno.c is for Reno in unit time: always something to
 * send, every packet acknowledged at once, a loss known with the third delivery behind it (RFC 6675), one reduction for
 * all that was in flight, no growth in the recovery, which lasts until its window has arrived, packets in it in
 * proportion to what is delivered (RFC 6937), lost retransmissions found by what was sent after them. Where nothing
 * comes back for two round-trip times, a probe shows what is missing (RFC 8985), without a timeout's collapse.
 *
 * What the window does is in window.c. BBR's (bbr.c) is not reduced by losses, nor by the recovery; its packets are paced.
 */
#ifndef ORACLE_SENDER_H
#define ORACLE_SENDER_H

#include "bbr.h"
#include "network.h"
#include "rules.h"

#include <stdbool.h>
#include <stdint.h>

enum { SENDER_RING = 1 << 14 }; /* packets in flight at most */

typedef struct {
    double sent_at;
    bool is_arrived, is_known; /* known: to be lost */
    bool is_old;               /* of the window that the recovery under way has to mend */
    bool is_marked;            /* on its way, where the queue would have dropped it (DCTCP) */
    bbr_sent bbr;
} sent_packet;

/* What the rules keep of a path. */
typedef struct {
    double window, threshold; /* packets; whole, for what is sent */
    double growth; /* towards the next whole packet: 1 when `window` packets' worth of Reno are acknowledged */
    double srtt_s, rtt_min_s;
    double since_loss, before_loss;                 /* OLIA: packets since the last loss, and between the two before */
    double w_max, epoch_s, k_s, w_est, prior;       /* CUBIC; epoch_s < 0: none; prior: cwnd_prior */
    double round_end_s, round_sum_s, round_samples; /* wVegas: the round-trip times of a round */
    double alpha, marked, arrived;                  /* DCTCP: the part that is marked; packets of this window */
    double window_then;                             /* LIA in whole numbers: when the connection's alpha was computed */
} path_window;

typedef struct connection connection;

typedef struct {
    connection *of;
    sent_packet ring[SENDER_RING];
    uint64_t first, next;             /* the oldest not settled, the next to be sent */
    uint64_t reduced_at;              /* .next at the last reduction: losses before it cost nothing more */
    uint64_t window_end;              /* DCTCP: .next when this window began */
    bool is_recovering, is_hit_again; /* hit again: what was sent in the recovery is lost, too; the next one follows */
    uint64_t old_left, to_resend_old, to_resend;   /* of this recovery's window; those known lost and waiting */
    double delivered_then, sent_then, flight_then; /* RFC 6937: prr_delivered, prr_out, RecoverFS */
    uint64_t in_flight, delivered;
    double heard_at; /* when something was last delivered, or a probe sent */
    path_window w;
    bbr_model bbr; /* in the place of .w where that is the rule */
    uint64_t lost; /* found lost since the last acknowledgement */
} sender;

struct connection {
    rule_kind rule;
    double lia_alpha; /* in whole numbers; 0: to be computed */
    size_t count;
    sender *path[NET_PATHS_MAX];
};

void sender_init(sender *s, connection *of);
/* A packet leaves: @return its number. */
uint64_t sender_send(sender *s, double now);
/* How many packets may leave, and when the next one may. */
double sender_allows(const sender *s);
double sender_departs_at(const sender *s);
/* Packet number i has been acknowledged. */
void sender_acked(sender *s, uint64_t i, double now);
/* Nothing came back for too long: all that is out is known to be lost. */
void sender_probe(sender *s, double now);
/* When sender_probe() is due; infinite where nothing is out. */
double sender_probe_at(const sender *s);

/* window.c */
void window_init(path_window *w);
void window_rtt(sender *s, double rtt_s, double now);
/* One packet was delivered outside of a recovery. */
void window_grow(sender *s, double now);
/* A loss: sets .threshold, where the window shall fall to. */
void window_fall(sender *s, double now);
/* DCTCP: packet i arrived, with a mark or not. A mark: sets .threshold likewise. */
void window_look_at_mark(sender *s, uint64_t i, bool is_marked);
void window_fall_by_marks(sender *s);

#endif
