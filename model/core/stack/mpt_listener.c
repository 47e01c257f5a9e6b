/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_listener.c: passive opens: SYNs for a listener, and MP_JOIN SYNs for a connection (RFC 8684 3.1, 3.2). */
#include "stack/mpt_stack.h"

mpt_status mpt_listen(mpt_stack *st, const mpt_endpoint *local, uint32_t backlog, const mpt_conn_settings *cs,
                      mpt_listener **out) {
    *out = NULL;
    if (cs && mpt_conn_settings_check_at(st, cs))
        return MPT_ERR_SETTING;
    if (local->port == 0 || mpt_listener_at(st, local))
        return MPT_ERR_ADDRESS;
    mpt_listener *l = mpt_alloc(st, sizeof *l);
    if (!l)
        return MPT_ERR_MEMORY;
    l->stack = st;
    l->local = *local;
    l->backlog = backlog ? backlog : 1;
    l->set = cs ? *cs : st->set.conn;
    l->links = UINT64_MAX;
    mpt_listener_enlist(l);
    *out = l;
    return MPT_OK;
}

void mpt_listener_restrict(mpt_listener *l, uint64_t links) {
    l->links = links;
}

void mpt_listener_close(mpt_listener *l, mpt_time now) {
    mpt_stack *st = l->stack;
    for (mpt_list *n = st->conns.next, *next; n != &st->conns; n = next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, all_node);
        next = n->next;
        if (c->listener != l)
            continue;
        c->listener = NULL;
        if (!c->is_accepted || (c->notices & (1u << MPT_NOTICE_ACCEPTED))) {
            c->is_accepted = false; /* nobody will take it */
            mpt_conn_abort(c, now);
        }
    }
    mpt_listener_delist(l);
    mpt_free(st, l);
}

void mpt_listener_set_user(mpt_listener *l, void *user) {
    l->user = user;
}

void *mpt_listener_user(const mpt_listener *l) {
    return l->user;
}

/** The passive side of a handshake, up to the SYN/ACK that waits to be sent. */
static mpt_subflow *answer_syn(mpt_conn *c, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_endpoint local = {in->destination, w->destination_port}, remote = {in->source, w->source_port};
    mpt_subflow *sf = mpt_subflow_new(c, &local, &remote, now);
    if (!sf)
        return NULL;
    sf->t.state = MPT_TCP_SYN_RECEIVED;
    sf->t.irs = w->seq;
    mpt_reasm_init(&sf->t.rx, 1, c->set.receive_buffer_bytes);
    mpt_tcp_syn_options_received(&sf->t, w, now);
    sf->t.syn_wanted = true;
    return sf;
}

/** A later version than ours is answered with ours; version 0 has the key in its SYN, and is another protocol where it is not allowed. */
static bool speaks(const mpt_conn_settings *set, const mpt_wire_capable *o) {
    bool is_known = (o->flags & MPT_CAPABLE_H) && !(o->flags & MPT_CAPABLE_B) && !o->has_receiver_key;
    if (o->version == 0)
        return is_known && o->has_sender_key && (set->version == 0 || set->accept_version_0);
    return is_known && !o->has_sender_key && set->version > 0;
}

/** MP_CAPABLE of a SYN: does this connection become MPTCP? (RFC 8684 3.1) */
static void capable_syn(mpt_conn *c, const mpt_wire *w) {
    mpt_stack *st = c->stack;
    bool is_offered = w->mptcp & (1u << MPT_MP_CAPABLE);
    if (!c->set.mptcp || !is_offered || !speaks(&c->set, &w->capable)) {
        c->mode = c->set.mptcp ? MPT_MODE_FALLBACK : MPT_MODE_TCP;
        return;
    }
    MPT_COUNT(st, MPCapableSYNRX);
    c->version = w->capable.version == 0 ? 0 : 1;
    c->has_checksum = c->set.dss_checksum || (w->capable.flags & MPT_CAPABLE_A);
    c->stack->needs_payload |= c->has_checksum;
    c->no_join_to_initial = c->version > 0 && (w->capable.flags & MPT_CAPABLE_C);
    mpt_conn_set_local_key(c);
    if (c->version == 0)
        mpt_conn_set_remote_key(c, w->capable.sender_key);
}

mpt_status mpt_listener_syn(mpt_listener *l, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_stack *st = l->stack;
    MPT_COUNT(st, InSegs);
    if (l->half_open >= l->backlog || l->half_open >= st->set.half_open_max) {
        MPT_COUNT(st, ListenOverflows);
        return MPT_OK; /* dropped as Linux does: the peer tries again */
    }
    mpt_conn *c;
    mpt_status status = mpt_conn_new(st, &l->set, now, &c);
    if (status == MPT_ERR_LIMIT)
        MPT_COUNT(st, ListenOverflows);
    if (status)
        return status == MPT_ERR_LIMIT ? MPT_OK : status;
    c->links = l->links;
    c->local = (mpt_endpoint){in->destination, w->destination_port};
    c->remote = (mpt_endpoint){in->source, w->source_port};
    capable_syn(c, w);
    if (!answer_syn(c, w, in, now)) {
        mpt_conn_free(c);
        return MPT_ERR_MEMORY;
    }
    c->listener = l;
    l->half_open++;
    mpt_conn_wake(c);
    return MPT_OK;
}

/* ---- MP_JOIN ---- */

bool mpt_listener_is_join_port(const mpt_conn *c, const mpt_endpoint *local) {
    if (local->port == c->local.port)
        return true;
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (c->adverts[i].endpoint.port == local->port && mpt_addr_equal(&c->adverts[i].endpoint.addr, &local->addr))
            return true;
    return false;
}

/** There is no room: the subflows that count may be gone without a word. If so, the peer's next try will find some. */
static void doubt_all(mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        mpt_keepalive_start(c->subflows[i], now);
}

/** @return false when the join was refused, with the reason that RFC 8684 3.2 gives. */
static bool admit_join(mpt_conn *c, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_stack *st = c->stack;
    mpt_endpoint local = {in->destination, w->destination_port};
    if (!mpt_listener_is_join_port(c, &local)) {
        MPT_COUNT(st, MismatchPortSynRx);
        mpt_reply_reset(st, w, in, MPT_RST_PROHIBITED, 0);
        return false;
    }
    bool is_initial = local.port == c->local.port && mpt_addr_equal(&local.addr, &c->local.addr);
    if ((!c->set.allow_join_initial && is_initial) || !mpt_conn_may_use(c, mpt_stack_find_local(st, &local.addr))) {
        MPT_COUNT(st, MPJoinRejected);
        mpt_reply_reset(st, w, in, MPT_RST_PROHIBITED, 0);
        return false;
    }
    bool is_ready = mpt_conn_is_mptcp(c) && c->has_key_remote && (!c->is_dead || c->linger_at != MPT_NEVER) &&
                    !c->fallback.is_failing;
    if (is_ready && mpt_conn_has_place(c) && c->subflow_count < MPT_SUBFLOWS_LIMIT)
        return true;
    if (is_ready)
        doubt_all(c, now);
    MPT_COUNT(st, MPJoinRejected);
    mpt_reply_reset(st, w, in, MPT_RST_MPTCP, is_ready ? MPT_RST_TRANSIENT : 0);
    return false;
}

mpt_status mpt_listener_join(mpt_conn *c, const mpt_wire *w, const mpt_segment *in, mpt_time now) {
    mpt_stack *st = c->stack;
    MPT_COUNT(st, InSegs);
    MPT_COUNT(st, MPJoinSynRx);
    if (!admit_join(c, w, in, now))
        return MPT_OK;
    mpt_subflow *sf = answer_syn(c, w, in, now);
    if (!sf)
        return MPT_ERR_MEMORY;
    if (w->destination_port != c->local.port)
        MPT_COUNT(st, MPJoinPortSynRx);
    if (w->join.is_backup)
        MPT_COUNT(st, MPJoinSynBackupRx);
    sf->is_join = true;
    sf->joining = MPT_JOINING_HANDSHAKE;
    sf->remote_id = w->join.address_id;
    sf->local_id = mpt_addr_local_id(c, &sf->t.local.addr);
    sf->is_backup_remote = w->join.is_backup;
    const mpt_local_address *l = mpt_stack_find_local(st, &sf->t.local.addr);
    sf->is_backup_local = sf->is_backup_told = l && l->is_backup;
    sf->nonce_remote = w->join.nonce;
    sf->nonce_local = (uint32_t)mpt_random_u64(&st->random);
    mpt_conn_wake(c);
    return MPT_OK;
}
