/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_tlp.c: tail loss probes (RFC 8985 7): two round trips without news one segment leaves, whatever the congestion window says; the
 * answer tells RACK what of the flight's end is lost, long before a timeout would. What to send is mpt_conn_send.c's choice.
 */
#include "mpt_stack.h"

/** One probe at a time, for peers that speak SACK, while nothing is known or thought to be lost (RFC 8985 7.2). */
static bool is_probe_due(const mpt_subflow *sf) {
    return sf->tlp.end == 0 && sf->q.count > 0 && sf->q.sacked_count == 0 && sf->ca < MPT_CA_RECOVERY && sf->tlp.is_on;
}

void mpt_tlp_arm(mpt_subflow *sf, mpt_time now) {
    sf->tlp.timer_at = MPT_NEVER;
    if (!is_probe_due(sf))
        return;
    mpt_time at, wait = sf->rto.srtt_ns > 0 ? 2 * sf->rto.srtt_ns : MPT_S;
    if (sf->q.count == 1)
        wait += sf->rto.min_ns; /* its ACK may be delayed: TLP.max_ack_delay, as in Linux */
    at = sf->rto_at < now + wait ? sf->rto_at : now + wait;
    sf->tlp.timer_at = at;
    mpt_conn_arm(sf->conn, at);
}

void mpt_tlp_timer(mpt_subflow *sf, mpt_time now) {
    sf->tlp.timer_at = MPT_NEVER;
    if (!is_probe_due(sf))
        return;
    sf->tlp.is_wanted = true;
    sf->stall_at = sf->rto_at; /* what the other subflows wait for does not */
    mpt_conn_arm(sf->conn, sf->stall_at);
    mpt_tcp_arm_rto(sf, now); /* RFC 8985 7.3: the timeout counts from the probe */
    mpt_conn_wake(sf->conn);
}

void mpt_tlp_sent(mpt_subflow *sf, bool is_resend) {
    sf->tlp.end = sf->snd_nxt;
    sf->tlp.is_resend = is_resend;
    sf->tlp.timer_at = MPT_NEVER;
    MPT_COUNT(sf->conn->stack, TCPLossProbes);
}

bool mpt_tlp_is_answer(const mpt_subflow *sf, uint64_t dsack_end) {
    return sf->tlp.end != 0 && sf->tlp.is_resend && dsack_end == sf->tlp.end;
}

bool mpt_tlp_acked(mpt_subflow *sf, bool is_dsacked, bool is_bare_duplicate) {
    mpt_tlp *t = &sf->tlp;
    if (t->end == 0 || sf->snd_una < t->end)
        return false;
    bool has_repaired = t->is_resend && !is_dsacked && sf->snd_una > t->end;
    if (!t->is_resend || is_dsacked || is_bare_duplicate || has_repaired)
        t->end = 0;
    return has_repaired;
}
