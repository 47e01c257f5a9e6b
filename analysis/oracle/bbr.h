/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BBR version 1 for an ideal sender, in packets, in the words of its paper and draft (Cardwell, Cheng, Gunn, Yeganeh and
 * Jacobson, ACM Queue 14 (5), 2016; draft-cardwell-iccrg-bbr-congestion-control-00): a model of the path, which is its
 * bottleneck's rate and its least round-trip time, says how fast packets leave and how many are in flight.
 *
 * Not there: what depends on an end's machine (bursts beyond the draft's quantum, aggregated ACKs) and policers.
 */
#ifndef ORACLE_BBR_H
#define ORACLE_BBR_H

#include <stdbool.h>
#include <stdint.h>

enum { BBR_ROUNDS = 10 };

typedef enum { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BW, BBR_PROBE_RTT } bbr_state;

typedef struct {
    bbr_state state;
    double window;     /* cwnd, packets */
    double pacing_pps; /* 0: not known yet, everything may leave */
    double departs_at; /* before then no packet leaves */
    uint32_t random;

    double rate_of_round[BBR_ROUNDS]; /* greatest delivery rate of each of the last rounds that had one */
    uint64_t round_of[BBR_ROUNDS], round, round_ends; /* round_ends: packets delivered */
    double btl_bw, rt_prop_s, rt_prop_at;
    bool is_round_start;

    double epoch_at, epoch_acked,
        extra[2]; /* ACKs that came faster than btl_bw; the most of these and of the last rounds */
    unsigned extra_rounds;

    double full_bw;
    unsigned full_bw_count;
    bool is_pipe_filled;

    unsigned cycle; /* phase of PROBE_BW */
    double cycle_at;
    double probe_rtt_done_at; /* 0: not known yet */
    bool is_probe_rtt_round_done;

    double prior_window;
    bool is_conserving, was_recovering;

    uint64_t limited_until;             /* delivered by then: rates are those of PROBE_RTT's few packets */
    double delivered_at, first_sent_at; /* the last delivery; when what it delivered was sent */
} bbr_model;

/* What a packet knows when it leaves (draft-cheng-iccrg-delivery-rate-estimation). */
typedef struct {
    uint64_t delivered;
    double delivered_at, first_sent_at;
    bool is_limited;
} bbr_sent;

/* What an acknowledgement tells. */
typedef struct {
    double now, sent_at, srtt_s;
    uint64_t delivered;               /* so far, this one included */
    uint64_t in_flight, prior_flight; /* after and before it */
    uint64_t lost;                    /* found lost with it */
    bool is_recovering;
} bbr_ack;

void bbr_init(bbr_model *b);
/* A packet leaves while `in_flight` others are under way and `delivered` have arrived. */
void bbr_send(bbr_model *b, bbr_sent *out, uint64_t in_flight, uint64_t delivered, double now);
void bbr_acked(bbr_model *b, const bbr_sent *packet, const bbr_ack *ack);

#endif
