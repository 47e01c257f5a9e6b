/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sndbuf.c: a send buffer that grows with the windows, as Linux's tcp_sndbuf_expand(): it holds twice what all paths together carry in the longest of their
 * round trips (RFC 6182 5.3), for until the slowest path has answered the others go on. It never shrinks. What the application writes ahead beyond that
 * waits for no reason; where it writes little, or the peer reads little, the windows do not grow, nor does this.
 */
#include "mptcp/mpt_send.h"

enum { INITIAL_BYTES = 16384 };

void mpt_sndbuf_init(mpt_conn *c) {
    uint32_t most_bytes = c->set.send_buffer_bytes;
    c->sndbuf_bytes = c->set.send_buffer_autotuning && most_bytes > INITIAL_BYTES ? INITIAL_BYTES : most_bytes;
}

/** Does it carry data, or may it at any time? A backup counts while it is in use. */
static bool counts(const mpt_subflow *sf) {
    return mpt_subflow_is_fit(sf) && (!mpt_subflow_is_backup(sf) || sf->t.q.count > 0);
}

static mpt_time longest_round_trip_ns(const mpt_conn *c) {
    mpt_time longest_ns = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (counts(c->subflows[i]) && c->subflows[i]->t.rto.srtt_ns > longest_ns)
            longest_ns = c->subflows[i]->t.rto.srtt_ns;
    return longest_ns;
}

/** What all paths carry in that time, each of them its window in a round trip of its own. */
static double bytes_in(const mpt_conn *c, mpt_time longest_ns) {
    double bytes = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_tcp *t = &c->subflows[i]->t;
        double rounds = t->rto.srtt_ns > 0 ? (double)longest_ns / (double)t->rto.srtt_ns : 1;
        if (counts(c->subflows[i]))
            bytes += (double)t->cc.cwnd_bytes * rounds;
    }
    return bytes;
}

void mpt_sndbuf_grow(mpt_conn *c) {
    double bytes = 2 * bytes_in(c, longest_round_trip_ns(c)), most_bytes = c->set.send_buffer_bytes;
    if (bytes <= (double)c->sndbuf_bytes)
        return;
    c->sndbuf_bytes = (uint32_t)(bytes < most_bytes ? bytes : most_bytes);
    mpt_conn_notify(c, MPT_NOTICE_WRITABLE);
}
