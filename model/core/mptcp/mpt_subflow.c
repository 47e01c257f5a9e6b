/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_subflow.c: life of a subflow and MPTCP's part of its handshake: MP_CAPABLE and MP_JOIN (RFC 8684 3.1, 3.2). */
#include <string.h>

#include "mptcp/mpt_conn.h"

/* ---- Life ---- */

mpt_subflow *mpt_subflow_new(mpt_conn *c, const mpt_endpoint *local, const mpt_endpoint *remote, mpt_time now) {
    mpt_stack *st = c->stack;
    if (c->subflow_count == MPT_SUBFLOWS_LIMIT || mpt_conn_find_subflow(st, local, remote))
        return NULL;
    size_t policy_bytes = mpt_tcp_policy_bytes(st, &c->set); /* whole words */
    mpt_subflow *sf = mpt_alloc(st, sizeof *sf + policy_bytes + c->sched->path_priv_bytes);
    if (!sf)
        return NULL;
    sf->conn = c;
    sf->id = c->next_subflow_id++;
    sf->path = (mpt_path){.tcp = &sf->t, .id = sf->id, .penalised_at = -MPT_S, .priv = (char *)(sf + 1) + policy_bytes};
    sf->path.arrival.since_ns = MPT_NEVER;
    sf->signal_at = sf->keepalive_at = sf->watch_at = MPT_NEVER;
    mpt_tcp_init(&sf->t, c->mode == MPT_MODE_TCP || c->mode == MPT_MODE_FALLBACK ? &mpt_plain_user : &mpt_subflow_user,
                 st, &c->set, &c->node, local, remote, sf + 1, now);
    sf->index = c->subflow_count;
    c->subflows[c->subflow_count++] = sf;
    c->node.stale = MPT_LOOK_ALL;
    return sf;
}

bool mpt_subflow_is_alive(const mpt_subflow *sf) {
    return sf->t.state != MPT_TCP_CLOSED && sf->t.state != MPT_TCP_TIME_WAIT;
}

bool mpt_subflow_can_send(const mpt_subflow *sf) {
    return sf->is_established && !sf->t.was_fin_sent &&
           (sf->t.state == MPT_TCP_ESTABLISHED || sf->t.state == MPT_TCP_CLOSE_WAIT);
}

bool mpt_subflow_has_other(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf && mpt_subflow_can_send(c->subflows[i]))
            return true;
    return false;
}

void mpt_subflow_stall(mpt_subflow *sf) {
    mpt_conn *c = sf->conn;
    if (sf->is_stalled || c->is_dead || !mpt_conn_is_mptcp(c) || !mpt_subflow_has_other(sf))
        return;
    sf->is_stalled = true;
    mpt_watch_start(sf);
    MPT_COUNT(c->stack, SubflowStale);
    mpt_sched_tell(sf, MPT_SCHED_STALLED, 0, 0, false, c->stack->now);
    mpt_conn_reinject_from(c, sf);
}

static void tell_down(mpt_subflow *sf, uint8_t reason) {
    if (sf->was_up)
        mpt_trace_event(sf->conn, sf->id, MPT_TRACE_SubflowDown, 0, reason);
    if (sf->was_up) {
        mpt_sched_tell(sf, MPT_SCHED_DOWN, 0, 0, false, sf->conn->stack->now);
        mpt_pm_tell(sf->conn, MPT_PM_SUBFLOW_DOWN, sf, NULL);
    }
    sf->was_up = false;
}

void mpt_subflow_remove(mpt_subflow *sf, uint8_t reason, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (sf->t.state == MPT_TCP_CLOSED)
        return;
    bool was_refused = sf->t.state == MPT_TCP_SYN_SENT && !c->failure;
    mpt_tuple_remove(&sf->t);
    if (mpt_conn_is_mptcp(c) && !c->is_dead)
        mpt_pm_failed(sf, now);
    sf->t.state = MPT_TCP_CLOSED;
    c->has_removed = true;
    sf->is_established = false;
    sf->t.rto_at = sf->t.stall_at = sf->t.ack_at = sf->t.time_wait_at = sf->keepalive_at = MPT_NEVER;
    sf->t.rack.timer_at = sf->t.tlp.timer_at = sf->t.release_at = sf->signal_at = sf->watch_at = MPT_NEVER;
    if (!sf->is_join)
        c->fallback.is_failing = false; /* what was held back is gone with it */
    tell_down(sf, reason);
    if (mpt_conn_is_mptcp(c) && !c->is_dead) {
        mpt_conn_reinject_from(c, sf);
        if (sf->verdict == MPT_VERDICT_MEDDLED)
            mpt_fallback_meddled(sf, now);
    }
    mpt_conn_subflow_gone(c, reason, was_refused, now);
    mpt_conn_wake(c);
}

void mpt_subflow_reset(mpt_subflow *sf, uint8_t reason, uint8_t flags, mpt_time now) {
    mpt_segment s;
    if (sf->t.state == MPT_TCP_CLOSED)
        return;
    if (reason == MPT_RST_MIDDLEBOX)
        sf->verdict = MPT_VERDICT_MEDDLED;
    bool is_unanswered = sf->t.state == MPT_TCP_SYN_SENT && sf->t.snd_una == 0;
    if (!is_unanswered && sf->t.state != MPT_TCP_TIME_WAIT) {
        memset(&s, 0, sizeof s);
        sf->t.rst_wanted = true;
        sf->rst_reason = reason;
        sf->rst_flags = flags;
        if (mpt_tcp_transmit_urgent(&sf->t, &s, now))
            mpt_reply_queue(sf->conn->stack, &s);
    }
    mpt_subflow_remove(sf, reason, now);
}

void mpt_subflow_open(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    sf->t.state = MPT_TCP_SYN_SENT;
    sf->t.snd_nxt = 0;
    sf->t.syn_wanted = true;
    const mpt_local_address *own = mpt_stack_find_local(c->stack, &sf->t.local.addr);
    sf->is_backup_local = own && own->is_backup;
    sf->is_backup_told = sf->is_join && sf->is_backup_local;
    sf->local_id = mpt_addr_local_id(c, &sf->t.local.addr);
    if (sf->is_join) {
        sf->joining = MPT_JOINING_HANDSHAKE;
        sf->nonce_local = (uint32_t)mpt_random_u64(&c->stack->random);
    }
    (void)now;
}

static void accepted(mpt_conn *c) {
    if (c->is_client || c->is_accepted)
        return;
    c->is_accepted = true;
    if (c->listener)
        c->listener->half_open--;
    MPT_COUNT(c->stack, PassiveOpens);
    mpt_conn_notify(c, MPT_NOTICE_ACCEPTED);
}

/** Subflows that the peer has ended, and that stayed half open as the only way for our data, are not needed any more. */
static void end_others_that_peer_ended(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *other = c->subflows[i];
        if (other != sf && other->t.state == MPT_TCP_CLOSE_WAIT && !other->t.was_fin_sent)
            other->t.fin_wanted = true;
    }
}

/** What is timing out elsewhere, and had no other way so far, has one now. */
static void rescue_from_others(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf && c->subflows[i]->t.timeouts_in_row > 0)
            mpt_subflow_stall(c->subflows[i]);
}

void mpt_subflow_set_established(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    mpt_conn_wake(c);
    if (sf->is_established)
        return;
    sf->is_established = true;
    sf->established_at = sf->heard_at = now;
    sf->t.rto.max_ns = c->set.rto_max_ns;
    sf->t.sends_whole_chunks =
        c->has_checksum && mpt_conn_is_mptcp(c); /* a DSS checksum is one of all of it (RFC 8684 3.3.1) */
    sf->was_up = true;
    sf->t.cc.cubic_alpha_one = c->set.cubic_alpha_one;
    if (c->set.hystart)
        mpt_hystart_begin(&sf->t.cc);
    mpt_trace_event(c, sf->id, MPT_TRACE_SubflowUp, 0, 1);
    mpt_sched_tell(sf, MPT_SCHED_UP, 0, 0, false, now);
    c->no_subflow_at = MPT_NEVER;
    const mpt_local_address *own = mpt_stack_find_local(c->stack, &sf->t.local.addr);
    sf->is_backup_local = own && own->is_backup;
    sf->prio_wanted = mpt_conn_is_mptcp(c) && sf->is_backup_local != sf->is_backup_told;
    mpt_sndbuf_acked(c);
    mpt_pm_tell(c, sf->is_join ? MPT_PM_SUBFLOW_UP : MPT_PM_ESTABLISHED, sf, NULL);
    if (sf->is_join) {
        rescue_from_others(sf);
        end_others_that_peer_ended(sf);
        mpt_pm_update(c); /* there may be one that can be spared now */
        return;
    }
    accepted(c);
    if (c->is_client)
        mpt_conn_notify(c, MPT_NOTICE_CONNECTED);
    if (mpt_conn_is_mptcp(c)) {
        MPT_COUNT(c->stack, MPCurrEstab);
        c->is_counted = true;
        mpt_pm_remote_add(c, 0, &c->remote, now);
        for (uint32_t i = 0; i < c->stack->local_count; i++) {
            const mpt_local_address *a = &c->stack->locals[i];
            bool is_in_use = mpt_addr_equal(&a->addr, &c->local.addr) && (a->port == 0 || a->port == c->local.port);
            if (c->set.announce_addresses && a->is_signal && !is_in_use)
                mpt_addr_announce(c, a, now);
        }
        mpt_pm_update(c);
    }
    mpt_conn_close_progress(c, now);
}

/* ---- Options of SYN and SYN/ACK ---- */

static void capable_option(const mpt_conn *c, mpt_wire *w, bool is_synack) {
    w->mptcp |= 1u << MPT_MP_CAPABLE;
    memset(&w->capable, 0, sizeof w->capable);
    w->capable.version = c->version;
    w->capable.flags = mpt_conn_capable_flags(c);
    w->capable.has_sender_key = is_synack || c->version == 0;
    w->capable.sender_key = c->key_local;
}

void mpt_subflow_join_hmac(const mpt_subflow *sf, bool is_own, uint8_t hmac[32]) {
    const mpt_conn *c = sf->conn;
    uint64_t key_a = is_own ? c->key_local : c->key_remote, key_b = is_own ? c->key_remote : c->key_local;
    uint32_t nonce_a = is_own ? sf->nonce_local : sf->nonce_remote,
             nonce_b = is_own ? sf->nonce_remote : sf->nonce_local;
    if (c->version == 0)
        mpt_crypto_join_hmac_v0(key_a, key_b, nonce_a, nonce_b, hmac);
    else
        mpt_crypto_join_hmac(key_a, key_b, nonce_a, nonce_b, hmac);
}

static void join_option(const mpt_subflow *sf, mpt_wire *w, bool is_synack) {
    uint8_t hmac[32];
    w->mptcp |= 1u << MPT_MP_JOIN;
    memset(&w->join, 0, sizeof w->join);
    w->join.form = is_synack ? MPT_JOIN_SYNACK : MPT_JOIN_SYN;
    w->join.is_backup = sf->is_backup_told; /* and what changes meanwhile is told afterwards (3.3.8) */
    w->join.address_id = sf->local_id;
    w->join.token = sf->conn->token_remote;
    w->join.nonce = sf->nonce_local;
    if (is_synack) {
        mpt_subflow_join_hmac(sf, true, hmac);
        memcpy(w->join.hmac, hmac, 8);
    }
}

void mpt_subflow_syn_options(mpt_subflow *sf, mpt_wire *w) {
    mpt_conn *c = sf->conn;
    bool is_synack = sf->t.state == MPT_TCP_SYN_RECEIVED;
    if (sf->is_join) {
        join_option(sf, w, is_synack);
        if (!is_synack)
            MPT_COUNT(c->stack, MPJoinSynTx);
    } else if (c->mode == MPT_MODE_OPENING) {
        capable_option(c, w, is_synack);
        if (!is_synack)
            MPT_COUNT(c->stack, MPCapableSYNTX);
    }
}

/* ---- SYN/ACK received ---- */

static bool capable_synack(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool is_first_plain_syn = sf->t.syn_sent_count == c->set.capable_syn_retries + 2;
    if (c->was_capable_unanswered && is_first_plain_syn && !(w->mptcp & (1u << MPT_MP_CAPABLE)))
        /* one more lost, and no SYN at all would have passed at that time: that says nothing of MP_CAPABLE */
        mpt_blackhole_found(c->stack, &c->remote.addr, c->set.blackhole_timeout_ns, now);
    if (c->mode != MPT_MODE_OPENING)
        return true;
    bool is_capable = (w->mptcp & (1u << MPT_MP_CAPABLE)) && w->capable.version == c->version &&
                      w->capable.has_sender_key && !w->capable.has_receiver_key && (w->capable.flags & MPT_CAPABLE_H) &&
                      !(w->capable.flags & MPT_CAPABLE_B);
    if (!is_capable) {
        MPT_COUNT(c->stack, MPCapableFallbackSYNACK);
        mpt_fallback(c, sf, now);
        return true;
    }
    MPT_COUNT(c->stack, MPCapableSYNACKRX);
    mpt_blackhole_gone(c->stack, &c->remote.addr);
    c->mode = MPT_MODE_MPTCP;
    c->has_checksum = c->set.dss_checksum || (w->capable.flags & MPT_CAPABLE_A);
    c->stack->needs_payload |= c->has_checksum;
    c->no_join_to_initial = c->version > 0 && (w->capable.flags & MPT_CAPABLE_C);
    mpt_conn_set_remote_key(c, w->capable.sender_key);
    return true;
}

static bool join_synack(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    uint8_t hmac[32];
    if (!(w->mptcp & (1u << MPT_MP_JOIN)) || w->join.form != MPT_JOIN_SYNACK) {
        mpt_subflow_reset(sf, MPT_RST_MPTCP, 0, now);
        return false;
    }
    MPT_COUNT(sf->conn->stack, MPJoinSynAckRx);
    if (sf->t.remote.port != sf->conn->remote.port)
        MPT_COUNT(sf->conn->stack, MPJoinPortSynAckRx);
    if (w->join.is_backup)
        MPT_COUNT(sf->conn->stack, MPJoinSynAckBackupRx);
    sf->nonce_remote = w->join.nonce;
    mpt_subflow_join_hmac(sf, false, hmac);
    if (!mpt_crypto_equal(hmac, w->join.hmac, 8)) {
        MPT_COUNT(sf->conn->stack, MPJoinSynAckHMacFailure);
        mpt_subflow_reset(sf, MPT_RST_MPTCP, 0, now);
        return false;
    }
    sf->remote_id = w->join.address_id;
    sf->is_backup_remote = w->join.is_backup;
    sf->joining = MPT_JOINING_THIRD_ACK;
    return true;
}

bool mpt_subflow_synack_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    return sf->is_join ? join_synack(sf, w, now) : capable_synack(sf, w, now);
}

/* ---- Third ACK received ---- */

static bool capable_third_ack(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (c->mode != MPT_MODE_OPENING)
        return true;
    bool is_offered = (w->mptcp & (1u << MPT_MP_CAPABLE)) && w->capable.has_receiver_key;
    bool is_capable = is_offered && w->capable.version == c->version && (w->capable.flags & MPT_CAPABLE_H) &&
                      !(w->capable.flags & MPT_CAPABLE_B);
    if (!is_capable && c->version == 0 && (w->mptcp & (1u << MPT_DSS))) { /* its key came with the SYN */
        c->mode = MPT_MODE_MPTCP;
        return true;
    }
    if (!is_capable) {
        if (w->mptcp && !is_offered)
            return false; /* it speaks MPTCP, its keys were lost: they come again with the first data */
        MPT_COUNT(c->stack, MPCapableFallbackACK);
        mpt_fallback(c, sf, now);
        return true;
    }
    if (w->capable.receiver_key != c->key_local) {
        mpt_subflow_reset(sf, MPT_RST_MPTCP, 0, now);
        return false;
    }
    MPT_COUNT(c->stack, MPCapableACKRX);
    c->mode = MPT_MODE_MPTCP;
    mpt_conn_set_remote_key(c, w->capable.sender_key);
    return true;
}

/** The peer comes once more from the same address: the subflow that came from there before may be gone without a word. */
static void doubt_twins(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *twin = c->subflows[i];
        if (twin != sf && twin->remote_id == sf->remote_id && mpt_addr_equal(&twin->t.local.addr, &sf->t.local.addr))
            mpt_keepalive_start(twin, now);
    }
}

static bool join_third_ack(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    mpt_conn *c = sf->conn;
    uint8_t hmac[32];
    if (!(w->mptcp & (1u << MPT_MP_JOIN)) || w->join.form != MPT_JOIN_ACK)
        return false; /* lost on its way: the peer sends it until it hears from us */
    MPT_COUNT(c->stack, MPJoinAckRx);
    mpt_subflow_join_hmac(sf, false, hmac);
    if (!mpt_crypto_equal(hmac, w->join.hmac, 20)) {
        MPT_COUNT(c->stack, MPJoinAckHMacFailure);
        mpt_subflow_reset(sf, MPT_RST_MPTCP, 0, now);
        return false;
    }
    if (!mpt_conn_make_place(c, now)) { /* what was in doubt has answered meanwhile */
        MPT_COUNT(c->stack, MPJoinRejected);
        mpt_subflow_reset(sf, MPT_RST_MPTCP, MPT_RST_TRANSIENT, now);
        return false;
    }
    if (sf->t.local.port != c->local.port)
        MPT_COUNT(c->stack, MPJoinPortAckRx);
    sf->joining = MPT_JOINING_NONE;
    sf->t.ack_wanted = true; /* the fourth ACK */
    doubt_twins(sf, now);
    return true;
}

bool mpt_subflow_third_ack_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    return sf->is_join ? join_third_ack(sf, w, now) : capable_third_ack(sf, w, now);
}
