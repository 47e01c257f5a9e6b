/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_rcvbuf.c: a receive buffer that grows with the rate (dynamic right-sizing, as Linux's mptcp_rcv_space_adjust()): it holds twice what
 * arrived and was read within the longest round trip of the subflows, and more while that grows. It never shrinks, so that the window
 * does not (RFC 9293 3.8.6.2.1). Unlike Linux's, a hole that fills and lets the application read much at once is no growth.
 */
#include "mptcp/mpt_conn.h"

enum { INITIAL_BYTES = 65536, SPARE_SEGMENTS = 16 };

void mpt_rcvbuf_init(mpt_conn *c, mpt_time now) {
    uint32_t most_bytes = c->set.receive_buffer_bytes;
    c->rcvbuf_bytes = c->set.receive_buffer_autotuning && most_bytes > INITIAL_BYTES ? INITIAL_BYTES : most_bytes;
    c->rcvbuf.round_at = now;
}

void mpt_rcvbuf_segment_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    if (!sf->conn->set.receive_buffer_autotuning || !sf->t.has_timestamps || !w->has_timestamps ||
        w->ts_echo == sf->rtt_echo)
        return;
    int32_t ms = (int32_t)(mpt_tcp_timestamp(&sf->t, now) - w->ts_echo);
    sf->rtt_echo = w->ts_echo;
    if (w->ts_echo == 0 || ms < 0)
        return;
    mpt_time sample_ns = ms > 0 ? ms * MPT_MS : MPT_MS;
    sf->receiver_rtt_ns += sf->receiver_rtt_ns == 0 ? sample_ns : (sample_ns - sf->receiver_rtt_ns) / 8;
}

/** The longest round-trip time: what was timed by timestamps of the data, else by the handshake. */
static mpt_time round_trip_ns(const mpt_conn *c) {
    mpt_time longest_ns = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        mpt_time rtt_ns = sf->receiver_rtt_ns > 0 ? sf->receiver_rtt_ns : sf->t.rto.srtt_ns;
        if (sf->is_established && rtt_ns > longest_ns)
            longest_ns = rtt_ns;
    }
    return longest_ns;
}

/** Twice what the last round trip brought, and as much again as slow start adds meanwhile: at most three times that. */
static uint64_t wanted_bytes(const mpt_conn *c, uint64_t round_bytes) {
    uint64_t before = c->rcvbuf.round_bytes, mss = c->last_received ? c->last_received->t.segment_bytes_max : 1460;
    uint64_t bytes = 2 * round_bytes + SPARE_SEGMENTS * mss, more = round_bytes - before;
    return more >= before ? 3 * bytes : bytes + 2 * bytes * more / before;
}

void mpt_rcvbuf_read(mpt_conn *c, mpt_time now) {
    mpt_rcvbuf *b = &c->rcvbuf;
    if (!c->set.receive_buffer_autotuning)
        return;
    mpt_time passed = now - b->round_at;
    if (c->last_received && passed < c->last_received->receiver_rtt_ns && c->last_received->is_established)
        return; /* the longest is no shorter */
    mpt_time round_trip = round_trip_ns(c);
    if (round_trip == 0 || passed < round_trip)
        return;
    uint64_t arrived = c->rx.next + c->rx.beyond.total, most_bytes = c->set.receive_buffer_bytes;
    uint64_t read_bytes = c->rx_read - b->round_read, arrived_bytes = arrived - b->round_arrived;
    uint64_t bytes_passed = read_bytes < arrived_bytes ? read_bytes : arrived_bytes;
    uint64_t round_bytes =
        (uint64_t)((double)bytes_passed * (double)round_trip / (double)passed); /* reading may have paused for longer */
    if (round_bytes > b->round_bytes) {
        uint64_t bytes = wanted_bytes(c, round_bytes);
        if (bytes > c->rcvbuf_bytes)
            c->rcvbuf_bytes = (uint32_t)(bytes < most_bytes ? bytes : most_bytes);
        b->round_bytes = round_bytes;
    }
    b->round_at = now;
    b->round_read = c->rx_read;
    b->round_arrived = arrived;
}
