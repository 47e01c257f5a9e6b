/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_tcp.c: a segment arrives at a subflow: RFC 9293 3.10.7 in its order (sequence, RST, SYN, ACK, options, payload, FIN), with the
 * in-window checks of RFC 5961 and PAWS (RFC 7323 5).
 */
#include "mpt_stack.h"

/* ---- Helpers ---- */

void mpt_tcp_ack_soon(mpt_subflow *sf, mpt_time now) {
    const mpt_conn_settings *set = &sf->conn->set;
    sf->unacked_segments++;
    if (!set->delayed_ack || sf->unacked_segments >= set->delayed_ack_segments) {
        sf->ack_wanted = true;
    } else if (sf->ack_at == MPT_NEVER) {
        sf->ack_at = now + set->delayed_ack_ns;
        mpt_conn_arm(sf->conn, sf->ack_at);
    }
}

void mpt_tcp_challenge_ack(mpt_subflow *sf, mpt_time now) {
    mpt_stack *st = sf->conn->stack;
    if (now >= st->challenge_second + MPT_S) {
        st->challenge_second = now;
        st->challenge_count = 0;
    }
    if (st->challenge_count++ >= st->set.challenge_acks_per_s)
        return;
    MPT_COUNT(st, TCPChallengeACK);
    sf->ack_wanted = true;
}

void mpt_tcp_enter_time_wait(mpt_subflow *sf, mpt_time now) {
    sf->state = MPT_TCP_TIME_WAIT;
    sf->rto_at = MPT_NEVER;
    sf->time_wait_at = now + sf->conn->set.time_wait_ns;
    mpt_conn_arm(sf->conn, sf->time_wait_at);
    mpt_conn_close_progress(sf->conn, now);
}

uint8_t mpt_tcp_window_scale(const mpt_conn_settings *set) {
    uint8_t scale = 0;
    while (scale < 14 && (set->receive_buffer_bytes >> scale) > 65535)
        scale++;
    return scale;
}

void mpt_tcp_syn_options_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    const mpt_conn_settings *set = &sf->conn->set;
    uint32_t own = mpt_subflow_mss(sf), peer = w->has_mss && w->mss >= 88 ? w->mss : 536; /* RFC 9293 3.7.1 */
    sf->mss_bytes = own < peer ? own : peer;
    sf->has_timestamps = set->timestamps && w->has_timestamps;
    sf->has_sack = set->sack && w->is_sack_permitted;
    sf->rack.is_on = sf->has_sack && set->rack;
    sf->tlp.is_on = sf->has_sack && set->tail_loss_probe;
    bool is_synack = w->flags & MPT_ACK;
    bool is_ecn_offer = (w->flags & (MPT_ECE | MPT_CWR)) == (is_synack ? MPT_ECE : (MPT_ECE | MPT_CWR));
    sf->has_ecn = set->ecn && is_ecn_offer;
    if (set->window_scaling && w->has_window_scale) {
        sf->snd_scale = w->window_scale > 14 ? 14 : w->window_scale;
        sf->rcv_scale = mpt_tcp_window_scale(set);
    } else {
        sf->snd_scale = sf->rcv_scale = 0; /* both or none (RFC 7323 2.2) */
    }
    if (w->has_timestamps) {
        sf->ts_recent = w->ts_value;
        sf->ts_recent_at = now;
    }
    sf->window_bytes_max = w->window; /* not scaled in a SYN (RFC 7323 2.2) */
    uint32_t payload = mpt_tcp_payload_max(sf);
    mpt_cc_init(&sf->cc, sf->cc.ops, (uint64_t)set->initial_window_segments * payload, payload);
}

/* ---- Our SYN or SYN/ACK was acknowledged ---- */

/** One that was sent again measures nothing, unless the echo tells which was answered. */
static void measure_handshake(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    mpt_time rtt_ns = now > sf->last_data_sent_at ? now - sf->last_data_sent_at : 1;
    if (sf->syn_sent_count > 1)
        rtt_ns = mpt_tcp_echoed_rtt(sf, w, now);
    if (rtt_ns > 0)
        mpt_tcp_rtt_measured(sf, rtt_ns, 1, now);
    else
        mpt_rto_unmeasured(&sf->rto);
    mpt_rto_reset_backoff(&sf->rto);
    sf->snd_una = 1;
    sf->rto_at = MPT_NEVER;
}

/** The initial window is one segment after more than one loss in the handshake (RFC 5681 3.1; the first is forgiven, as in Linux). */
static void start_sending(mpt_subflow *sf) {
    uint32_t segments = sf->syn_sent_count > 2 ? 1 : sf->conn->set.initial_window_segments;
    sf->state = MPT_TCP_ESTABLISHED;
    sf->cc.mss_bytes = mpt_tcp_payload_max(sf);
    sf->cc.cwnd_bytes = (uint64_t)segments * sf->cc.mss_bytes;
    sf->cc.srtt_ns = sf->rto.srtt_ns;
}

/* ---- SYN-SENT (RFC 9293 3.10.7.3) ---- */

static void synack_accepted(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = sf->conn;
    measure_handshake(sf, w, now);
    if (!mpt_subflow_synack_received(sf, w, now))
        return;
    start_sending(sf);
    sf->ack_wanted = true;
    if (sf->joining == MPT_JOINING_THIRD_ACK) {
        sf->syn_sent_count = 0; /* counts third ACKs from here */
        mpt_tcp_arm_rto(sf, now);
        return;
    }
    mpt_conn_window(c, w->window, now);
    mpt_subflow_set_established(sf, now);
}

static void simultaneous_open(mpt_subflow *sf, mpt_time now) {
    if (sf->is_join) {
        mpt_subflow_remove(sf, 0, now);
        return;
    }
    if (sf->conn->mode == MPT_MODE_OPENING)
        mpt_fallback(sf->conn, sf, now); /* RFC 8684 has no crossing of MP_CAPABLE SYNs */
    sf->state = MPT_TCP_SYN_RECEIVED;
    sf->syn_wanted = true;
}

static void syn_sent_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool is_ack = w->flags & MPT_ACK;
    if (is_ack && (w->ack - sf->iss != 1 || sf->snd_nxt == 0)) {
        mpt_reply_reset(c->stack, w, in, -1, 0);
        return;
    }
    if (w->flags & MPT_RST) {
        if (is_ack) {
            MPT_COUNT(c->stack, AttemptFails);
            mpt_subflow_remove(sf, 0, now);
        }
        return;
    }
    if (!(w->flags & MPT_SYN))
        return;
    sf->irs = w->seq;
    mpt_reasm_init(&sf->rx, 1);
    mpt_tcp_syn_options_received(sf, w, now);
    if (is_ack)
        synack_accepted(sf, w, now);
    else
        simultaneous_open(sf, now);
}

/* ---- Checks before anything is believed ---- */

/** @return true when the segment is too old by its timestamp. A late pure ACK is harmless and may pass (as in Linux). */
static bool fails_paws(mpt_subflow *sf, const mpt_wire *w, uint32_t length, mpt_time now) {
    if (!sf->has_timestamps || !w->has_timestamps || (w->flags & MPT_RST) || length == 0)
        return false;
    if (now - sf->ts_recent_at > 24 * 86400 * MPT_S)
        return false;
    return mpt_seq32_before(w->ts_value, sf->ts_recent);
}

static bool is_acceptable(const mpt_subflow *sf, int64_t seq, uint32_t length) {
    int64_t next = (int64_t)sf->rx.next, edge = (int64_t)sf->rcv_edge;
    if (mpt_conn_is_mptcp(
            sf->conn)) /* the window counts from the DATA_ACK: a subflow may be ahead of it (RFC 8684 3.3.4) */
        edge = next + sf->conn->set.receive_buffer_bytes;
    if (edge <= next)
        return seq == next; /* closed window: the acknowledgement is still good */
    return length == 0 ? seq >= next && seq <= edge : seq < edge && seq + length > next;
}

/** Does an MP_FASTCLOSE show that the peer sent it? */
static bool has_fastclose(const mpt_subflow *sf, const mpt_wire *w) {
    const mpt_conn *c = sf->conn;
    if (!(w->mptcp & (1u << MPT_MP_FASTCLOSE)) || !mpt_conn_is_mptcp(c))
        return false;
    if (w->fastclose_key == c->key_local)
        return true;
    MPT_COUNT(c->stack, MPFastcloseKeyFailure);
    return false;
}

static void reset_received(mpt_subflow *sf, const mpt_wire *w, bool is_fastclose, mpt_time now) {
    mpt_conn *c = sf->conn;
    uint8_t reason = w->mptcp & (1u << MPT_MP_TCPRST) ? w->tcprst.reason : 0;
    bool is_fail = (w->mptcp & (1u << MPT_MP_FAIL)) && mpt_conn_is_mptcp(c) && c->has_key_remote;
    if (w->mptcp & (1u << MPT_MP_TCPRST)) {
        MPT_COUNT(c->stack, MPRstRx);
        sf->verdict = w->tcprst.flags & MPT_RST_TRANSIENT ? MPT_VERDICT_AGAIN : MPT_VERDICT_REFUSED;
    }
    if (is_fail || (sf->verdict == MPT_VERDICT_REFUSED && reason == MPT_RST_MIDDLEBOX))
        sf->verdict = MPT_VERDICT_MEDDLED;
    if (w->mptcp & (1u << MPT_MP_FAIL))
        MPT_COUNT(c->stack, MPFailRx);
    MPT_COUNT(c->stack, EstabResets);
    if (is_fastclose) {
        MPT_COUNT(c->stack, MPFastcloseRx);
        mpt_conn_fail(c, MPT_ERR_RESET, now);
        return;
    }
    mpt_subflow_remove(sf, reason, now);
    if (is_fail && !c->is_dead)
        mpt_conn_reinject_after(c, w->fail_dsn - mpt_conn_dsn(c, 0));
}

/** Sequence, RST and SYN. @return true when the segment may be believed. */
static bool passes_checks(mpt_subflow *sf, const mpt_wire *w, int64_t seq, uint32_t length, mpt_time now) {
    if (fails_paws(sf, w, length, now)) {
        MPT_COUNT(sf->conn->stack, PAWSEstab);
        sf->ack_wanted = true;
        return false;
    }
    if (!is_acceptable(sf, seq, length)) {
        if (w->flags & MPT_RST)
            return false;
        if ((w->flags & MPT_SYN) && sf->state != MPT_TCP_SYN_RECEIVED) { /* whatever its number (RFC 5961 4.2) */
            mpt_tcp_challenge_ack(sf, now);
            return false;
        }
        if (sf->state == MPT_TCP_SYN_RECEIVED && (w->flags & MPT_SYN)) {
            if (sf->is_client && seq == 0 && (w->flags & MPT_ACK))
                return true;       /* SYNs crossed: the peer's SYN/ACK is the answer to ours (RFC 9293 3.5 figure 7) */
            sf->syn_wanted = true; /* our SYN/ACK was lost */
            return false;
        }
        if (sf->state == MPT_TCP_TIME_WAIT && (w->flags & MPT_FIN))
            mpt_tcp_enter_time_wait(sf, now); /* from the beginning (RFC 9293 3.10.7.4) */
        uint32_t payload_bytes = length - (w->flags & MPT_FIN ? 1u : 0u);
        if (sf->has_sack && payload_bytes > 0 && seq >= 0 &&
            seq + payload_bytes <= (int64_t)sf->rx.next) { /* RFC 2883 */
            sf->dsack_start = (uint64_t)seq;
            sf->dsack_end = (uint64_t)seq + payload_bytes;
            MPT_COUNT(sf->conn->stack, TCPDSACKOldSent);
        }
        sf->ack_wanted = true;
        return false;
    }
    if (w->flags &
        MPT_RST) { /* RFC 5961 3.2; the key is a better proof than the number, which data lost before it make wrong */
        bool is_fastclose = has_fastclose(sf, w);
        if (is_fastclose || sf->is_fastclosing || seq == (int64_t)sf->rx.next)
            reset_received(sf, w, is_fastclose, now);
        else
            mpt_tcp_challenge_ack(sf, now);
        return false;
    }
    if (w->flags & MPT_SYN) { /* RFC 5961 4.2 */
        mpt_tcp_challenge_ack(sf, now);
        return false;
    }
    return w->flags & MPT_ACK;
}

static void timestamp_received(mpt_subflow *sf, const mpt_wire *w, int64_t seq, mpt_time now) {
    if (!sf->has_timestamps || !w->has_timestamps || seq > (int64_t)sf->last_ack_sent)
        return;
    if (!mpt_seq32_before(w->ts_value, sf->ts_recent)) {
        sf->ts_recent = w->ts_value;
        sf->ts_recent_at = now;
    }
}

/* ---- SYN-RECEIVED ---- */

static bool syn_received_acked(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    if (w->ack - sf->iss != 1 || sf->snd_nxt == 0) {
        mpt_reply_reset(sf->conn->stack, w, in, -1, 0);
        return false;
    }
    if (!mpt_subflow_third_ack_received(sf, w, now))
        return false;
    measure_handshake(sf, w, now);
    start_sending(sf);
    if (!sf->is_join)
        mpt_conn_window(sf->conn, (uint64_t)w->window << sf->snd_scale, now);
    mpt_subflow_set_established(sf, now);
    return true;
}

/* ---- Payload and FIN ---- */

static void ecn_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in) {
    if (!sf->has_ecn)
        return;
    if (w->flags & MPT_CWR)
        sf->is_ece_wanted = false;
    if (in->ecn == 3) {
        sf->is_ece_wanted = true;
        sf->ack_wanted = true;
    }
}

/** Payload at [seq, seq + payload_bytes), part of which may be old or beyond the window. */
static void payload_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, int64_t seq, mpt_store *store,
                             mpt_time now) {
    mpt_conn *c = sf->conn;
    uint64_t next = sf->rx.next, start = seq > (int64_t)next ? (uint64_t)seq : next;
    uint64_t end = (uint64_t)(seq + in->payload_bytes), fresh = 0;
    if (end <= start)
        return;
    bool is_out_of_order = start > next || sf->rx.beyond.count > 0;
    if (mpt_conn_reserve(c, &sf->rx, start))
        return;
    mpt_rcvbuf_segment_received(sf, w, now);
    c->last_received = sf; /* before the end, which is acknowledged there, is found to be reached */
    uint64_t taken = mpt_conn_data_received(c, sf, w, in, start, end, (uint32_t)(start - (uint64_t)seq), store, now);
    if (taken == UINT64_MAX || sf->state == MPT_TCP_CLOSED)
        return;
    if (taken <= start) {
        sf->ack_wanted = true;
        return;
    }
    mpt_status status = mpt_reasm_insert(&sf->rx, start, taken, &fresh, &c->stack->mem);
    MPT_ASSERT(status == MPT_OK);
    if (fresh < taken - start && sf->has_sack && fresh == 0) {
        sf->dsack_start = start;
        sf->dsack_end = taken;
        MPT_COUNT(c->stack, TCPDSACKOldSent);
    }
    if (is_out_of_order)
        sf->ack_wanted = true; /* RFC 5681 4.2: at once, holes filled included */
    mpt_tcp_ack_soon(sf, now);
}

static void fin_arrived(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    sf->ack_wanted = true;
    switch (sf->state) {
    case MPT_TCP_ESTABLISHED: sf->state = MPT_TCP_CLOSE_WAIT; break;
    case MPT_TCP_FIN_WAIT_1:
        sf->state = MPT_TCP_CLOSING; /* had our FIN been acknowledged, the state would be FIN-WAIT-2 */
        break;
    case MPT_TCP_FIN_WAIT_2: mpt_tcp_enter_time_wait(sf, now); break;
    case MPT_TCP_CLOSED:
    case MPT_TCP_LISTEN:
    case MPT_TCP_SYN_SENT:
    case MPT_TCP_SYN_RECEIVED:
    case MPT_TCP_CLOSE_WAIT:
    case MPT_TCP_CLOSING:
    case MPT_TCP_LAST_ACK:
    case MPT_TCP_TIME_WAIT: break;
    }
    if (mpt_conn_is_mptcp(c)) {
        if (sf->state == MPT_TCP_CLOSE_WAIT && (c->is_dead || mpt_subflow_has_other(sf)))
            sf->fin_wanted =
                true; /* the peer gives this subflow up: so do we, unless it is the only way for our data */
    } else {
        mpt_conn_end_received(c, mpt_stream_of_subflow(sf->fin_offset), now);
    }
}

static void fin_received(mpt_subflow *sf, const mpt_wire *w, uint64_t end, mpt_time now) {
    uint64_t fresh;
    if ((w->flags & MPT_FIN) && sf->fin_offset == UINT64_MAX)
        sf->fin_offset = end;
    if (sf->rx.next != sf->fin_offset) {
        sf->ack_wanted |= (w->flags & MPT_FIN) != 0; /* out of order (RFC 5681 4.2) */
        return;
    }
    if (mpt_reasm_insert(&sf->rx, sf->fin_offset, sf->fin_offset + 1, &fresh, &sf->conn->stack->mem) == MPT_OK)
        fin_arrived(sf, now);
}

/* ---- The whole ---- */

/** MPTCP options of a segment that is in order with its subflow. @return false: nothing more to do with the segment. */
static bool mptcp_options_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (w->mptcp == 0 && !mpt_fallback_on_missing_option(sf, w, in->payload_bytes, now))
        return false;
    if (w->mptcp & (1u << MPT_MP_JOIN) && !sf->is_client && sf->is_join)
        sf->ack_wanted = true; /* the fourth ACK was lost */
    if (has_fastclose(sf, w)) {
        mpt_fastclose_received(c, now);
        return false;
    }
    if ((w->mptcp & (1u << MPT_DSS)) && !mpt_conn_dss_received(c, sf, w, in, now))
        return false;
    if (w->mptcp & (1u << MPT_ADD_ADDR | 1u << MPT_REMOVE_ADDR | 1u << MPT_MP_PRIO))
        mpt_addr_options_received(c, sf, w, now);
    return sf->state != MPT_TCP_CLOSED;
}

static void fourth_ack_received(mpt_subflow *sf, mpt_time now) {
    sf->joining = MPT_JOINING_NONE;
    sf->rto_at = MPT_NEVER;
    mpt_rto_reset_backoff(&sf->rto);
    mpt_subflow_set_established(sf, now);
}

void mpt_tcp_receive(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_store *store, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (sf->state == MPT_TCP_SYN_SENT) {
        syn_sent_received(sf, w, in, now);
        return;
    }
    int64_t next = (int64_t)sf->rx.next;
    int64_t seq = next + (int32_t)(w->seq - sf->irs - (uint32_t)next);
    uint32_t length = in->payload_bytes + (w->flags & MPT_SYN ? 1u : 0u) + (w->flags & MPT_FIN ? 1u : 0u);
    if (!passes_checks(sf, w, seq, length, now))
        return;
    mpt_keepalive_heard(sf);
    if (sf->is_fastclosing) {
        if (has_fastclose(sf, w))
            mpt_fastclose_received(c, now); /* both at once */
        return;
    }
    timestamp_received(sf, w, seq, now);
    if (sf->state == MPT_TCP_SYN_RECEIVED && !syn_received_acked(sf, w, in, now))
        return;
    if (sf->joining == MPT_JOINING_THIRD_ACK)
        fourth_ack_received(sf, now);
    if (!mpt_tcp_ack_received(sf, w, in->payload_bytes, now) || sf->state == MPT_TCP_CLOSED)
        return;
    if (mpt_conn_is_mptcp(c) && !mptcp_options_received(sf, w, in, now))
        return;
    if (w->mptcp & (1u << MPT_MP_FAIL))
        mpt_fallback_fail_received(sf, w->fail_dsn, mpt_wire_is_infinite(w), now);
    if (sf->state == MPT_TCP_CLOSED)
        return;
    ecn_received(sf, w, in);
    bool may_receive =
        sf->state == MPT_TCP_ESTABLISHED || sf->state == MPT_TCP_FIN_WAIT_1 || sf->state == MPT_TCP_FIN_WAIT_2;
    if (may_receive && in->payload_bytes > 0)
        payload_received(sf, w, in, seq, store, now);
    if (sf->state != MPT_TCP_CLOSED && may_receive)
        fin_received(sf, w, (uint64_t)(seq + in->payload_bytes), now);
}
