/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_tlp.c: tail loss probes (RFC 8985 7): two round trips without news one segment leaves, whatever the congestion window says; the
 * answer tells RACK what of the flight's end is lost, long before a timeout would. What to send is mpt_conn_send.c's choice.
 */
#include "tcp/mpt_tcp.h"

/** One probe at a time, for peers that speak SACK, while nothing is known or thought to be lost (RFC 8985 7.2). */
static bool is_probe_due(const mpt_tcp *t) {
    return t->tlp.end == 0 && t->q.count > 0 && t->q.sacked_count == 0 && t->ca < MPT_CA_RECOVERY && t->tlp.is_on;
}

void mpt_tlp_arm(mpt_tcp *t, mpt_time now) {
    t->tlp.timer_at = MPT_NEVER;
    if (!is_probe_due(t))
        return;
    mpt_time at, wait = t->rto.srtt_ns > 0 ? 2 * t->rto.srtt_ns : MPT_S;
    if (t->q.count == 1)
        wait += t->rto.min_ns; /* its ACK may be delayed: TLP.max_ack_delay, as in Linux */
    at = t->rto_at < now + wait ? t->rto_at : now + wait;
    t->tlp.timer_at = at;
    mpt_tcp_arm(t, at);
}

void mpt_tlp_timer(mpt_tcp *t, mpt_time now) {
    t->tlp.timer_at = MPT_NEVER;
    if (!is_probe_due(t))
        return;
    t->tlp.is_wanted = true;
    t->stall_at = t->rto_at; /* what the other subflows wait for does not */
    mpt_tcp_arm(t, t->stall_at);
    mpt_tcp_arm_rto(t, now); /* RFC 8985 7.3: the timeout counts from the probe */
    mpt_tcp_wake(t);
}

void mpt_tlp_sent(mpt_tcp *t, bool is_resend) {
    t->tlp.end = t->snd_nxt;
    t->tlp.is_resend = is_resend;
    t->tlp.timer_at = MPT_NEVER;
    MPT_COUNT(t->stack, TCPLossProbes);
}

bool mpt_tlp_is_answer(const mpt_tcp *t, uint64_t dsack_end) {
    return t->tlp.end != 0 && t->tlp.is_resend && dsack_end == t->tlp.end;
}

bool mpt_tlp_acked(mpt_tcp *t, bool is_dsacked, bool is_bare_duplicate) {
    mpt_tlp *probe = &t->tlp;
    if (probe->end == 0 || t->snd_una < probe->end)
        return false;
    bool has_repaired = probe->is_resend && !is_dsacked && t->snd_una > probe->end;
    if (!probe->is_resend || is_dsacked || is_bare_duplicate || has_repaired)
        probe->end = 0;
    return has_repaired;
}
