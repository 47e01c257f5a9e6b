/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_addr_adv.c: telling and hearing of addresses: ADD_ADDR, REMOVE_ADDR, MP_PRIO (RFC 8684 3.3.8, 3.4). */
#include <string.h>

#include "mptcp/mpt_conn.h"

enum { ADVERTISE_TRIES = 3 }; /* as Linux: then the peer is taken not to care */

uint8_t mpt_addr_local_id(const mpt_conn *c, const mpt_addr *a) {
    if (mpt_addr_equal(&c->local.addr, a))
        return 0;
    const mpt_local_address *l = mpt_stack_find_local(c->stack, a);
    return l ? l->id : 0;
}

bool mpt_addr_is_announced(const mpt_conn *c, uint8_t id) {
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (c->adverts[i].id == id)
            return true;
    return false;
}

/* ---- Sending ---- */

mpt_status mpt_addr_announce(mpt_conn *c, const mpt_local_address *a, mpt_time now) {
    bool is_initial = mpt_addr_equal(&a->addr, &c->local.addr) && (a->port == 0 || a->port == c->local.port);
    uint8_t id = is_initial ? 0 : a->id; /* as the peer knows it already, and as its removal says */
    if (!mpt_conn_may_use(c, a))
        return MPT_ERR_ADDRESS;
    if (mpt_addr_is_announced(c, id))
        return MPT_OK;
    if (c->advert_count == MPT_ADVERTISED_MAX)
        return MPT_ERR_LIMIT;
    c->adverts[c->advert_count++] = (mpt_advert){id, {a->addr, a->port}, false, 0, now};
    mpt_conn_wake(c);
    return MPT_OK;
}

void mpt_addr_withdraw(mpt_conn *c, uint8_t id, const mpt_addr *a, mpt_time now) {
    (void)now;
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (mpt_addr_equal(&c->adverts[i].endpoint.addr, a))
            c->adverts[i--] = c->adverts[--c->advert_count];
    mpt_addr_keep(c, id); /* once is enough */
    if (c->removed_count < MPT_REMOVE_IDS_MAX)
        c->removed_ids[c->removed_count++] = id;
    mpt_conn_wake(c);
}

void mpt_addr_keep(mpt_conn *c, uint8_t id) {
    for (uint32_t i = 0; i < c->removed_count; i++)
        if (c->removed_ids[i] == id)
            c->removed_ids[i--] = c->removed_ids[--c->removed_count];
}

static mpt_advert *due_advert(const mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (!c->adverts[i].is_echoed && c->adverts[i].sent_count < ADVERTISE_TRIES && c->adverts[i].next_at <= now)
            return (mpt_advert *)&c->adverts[i];
    return NULL;
}

mpt_time mpt_addr_deadline(const mpt_conn *c) {
    mpt_time at = MPT_NEVER;
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (!c->adverts[i].is_echoed && c->adverts[i].sent_count < ADVERTISE_TRIES && c->adverts[i].next_at < at)
            at = c->adverts[i].next_at;
    return at;
}

bool mpt_addr_has_due_advert(const mpt_conn *c, mpt_time now) {
    return due_advert(c, now) != NULL;
}

uint32_t mpt_addr_option_turn(const mpt_conn *c, mpt_time now) {
    const mpt_advert *a = due_advert(c, now);
    return a && c->echo_count == 0 && c->removed_count == 0 ? a->sent_count : 0;
}

static void removal_option(mpt_conn *c, mpt_wire *w) {
    uint32_t room = 40 - mpt_wire_option_bytes(w) - 3;
    uint32_t n = c->removed_count < room ? c->removed_count : room;
    w->mptcp |= 1u << MPT_REMOVE_ADDR;
    w->remove_addr.count = (uint8_t)n;
    memcpy(w->remove_addr.ids, c->removed_ids, n);
    memmove(c->removed_ids, c->removed_ids + n, c->removed_count - n);
    c->removed_count -= n;
    for (uint32_t i = 0; i < n; i++)
        c->is_initial_withdrawn |= w->remove_addr.ids[i] == 0;
    MPT_COUNT(c->stack, RmAddrTx);
}

static mpt_wire_add_addr announcement(const mpt_conn *c, const mpt_advert *a) {
    const mpt_endpoint *e = &a->endpoint;
    return (mpt_wire_add_addr){.is_v0 = c->version == 0,
                               .has_port = e->port != 0,
                               .id = a->id,
                               .addr = e->addr,
                               .port = e->port,
                               .hmac = mpt_crypto_add_addr_hmac(c->key_local, c->key_remote, a->id, &e->addr, e->port)};
}

/** An IPv6 address does not fit beside a DSS and timestamps: the DATA_ACK gives way. @return false: it may not */
static bool add_addr_option(mpt_wire *w, const mpt_wire_add_addr *o, bool has_news) {
    w->mptcp |= 1u << MPT_ADD_ADDR;
    w->add_addr = *o;
    if (mpt_wire_option_bytes(w) <= 40)
        return true;
    w->mptcp &= (uint16_t) ~(1u << (has_news ? MPT_ADD_ADDR : MPT_DSS));
    if (mpt_wire_option_bytes(w) > 40)
        w->has_timestamps = false;
    return !has_news;
}

/** Before the slowest subflow's timeout no echo can be missed (3.4.1 leaves the time to us). @return of the first announcement; it doubles */
static mpt_time echo_timeout(const mpt_conn *c) {
    mpt_time timeout = c->set.rto_initial_ns;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        if (sf->is_established && !sf->is_stalled && sf->t.rto.base_ns > timeout)
            timeout = sf->t.rto.base_ns;
    }
    return timeout;
}

bool mpt_addr_option_next(mpt_conn *c, mpt_wire *w, bool has_news, mpt_time now) {
    mpt_advert *a = due_advert(c, now);
    if (c->removed_count > 0) {
        removal_option(c, w);
    } else if (c->echo_count > 0) {
        const mpt_echo *e = &c->echoes[c->echo_count - 1];
        mpt_wire_add_addr o = {true, e->has_port, false, e->id, e->endpoint.addr, e->endpoint.port, 0};
        if (!add_addr_option(w, &o, has_news))
            return false;
        c->echo_count--;
        MPT_COUNT(c->stack, EchoAddTx);
    } else if (a) {
        mpt_wire_add_addr o = announcement(c, a);
        if (!add_addr_option(w, &o, has_news))
            return false;
        a->next_at = now + (echo_timeout(c) << a->sent_count);
        a->sent_count++;
        mpt_conn_arm(c, a->next_at);
        MPT_COUNT(c->stack, AddAddrTx);
    }
    return true;
}

/* ---- Receiving ---- */

static void echo_received(mpt_conn *c, const mpt_wire_add_addr *o) {
    MPT_COUNT(c->stack, EchoAdd);
    for (uint32_t i = 0; i < c->advert_count; i++)
        if (c->adverts[i].id == o->id && c->adverts[i].endpoint.port == (o->has_port ? o->port : 0) &&
            mpt_addr_equal(&c->adverts[i].endpoint.addr, &o->addr))
            c->adverts[i].is_echoed = true;
}

static void add_addr_received(mpt_conn *c, const mpt_wire_add_addr *o, mpt_time now) {
    mpt_stack *st = c->stack;
    uint16_t port = o->has_port ? o->port : 0;
    if (o->is_v0 != (c->version == 0)) {
        MPT_COUNT(st, AddAddrDrop);
        return;
    }
    if (o->is_echo) {
        echo_received(c, o);
        return;
    }
    MPT_COUNT(st, AddAddr);
    if (o->has_port)
        MPT_COUNT(st, PortAdd);
    if (!o->is_v0 && o->hmac != mpt_crypto_add_addr_hmac(c->key_remote, c->key_local, o->id, &o->addr, port)) {
        MPT_COUNT(st, AddAddrHMacFailure);
        return;
    }
    mpt_endpoint e = {o->addr, port ? port : c->remote.port};
    bool is_full = c->echo_count == sizeof c->echoes / sizeof *c->echoes;
    if (is_full || mpt_pm_remote_add(c, o->id, &e, now)) {
        MPT_COUNT(st, AddAddrDrop);
        return;
    }
    if (!o->is_v0)
        c->echoes[c->echo_count++] = (mpt_echo){o->id, o->has_port, {o->addr, o->has_port ? o->port : 0}};
    mpt_pm_update(c);
}

/**
 * The peer says that it left this address. Whoever can write into one subflow could say so of all: data go elsewhere at once, but a
 * subflow ends only when the peer no longer answers on it (RFC 8684 3.4.2). @return true when there was one
 */
static bool doubt_subflows(mpt_conn *c, uint8_t id, mpt_time now) {
    const mpt_remote *known = mpt_pm_remote_find(c, id);
    bool has_subflow = false;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        bool is_there = sf->remote_id == id || (known && mpt_addr_equal(&known->endpoint.addr, &sf->t.remote.addr));
        if (sf->t.state == MPT_TCP_CLOSED || !is_there)
            continue;
        has_subflow = true;
        if (sf->is_established) {
            mpt_subflow_stall(sf);
            mpt_keepalive_start(sf, now);
        } else if (sf->joining != MPT_JOINING_NONE) {
            MPT_COUNT(c->stack, RmSubflow);
            mpt_subflow_reset(sf, MPT_RST_UNSPECIFIED, MPT_RST_TRANSIENT, now);
        }
    }
    return has_subflow;
}

static void remove_addr_received(mpt_conn *c, const mpt_wire_remove_addr *o, mpt_time now) {
    for (uint32_t n = 0; n < o->count; n++) {
        MPT_COUNT(c->stack, RmAddr);
        bool has_subflow = doubt_subflows(c, o->ids[n], now);
        if (!mpt_pm_remote_remove(c, o->ids[n]) && !has_subflow)
            MPT_COUNT(c->stack, RmAddrDrop);
    }
}

void mpt_addr_options_received(mpt_conn *c, mpt_subflow *sf, const mpt_wire *w, mpt_time now) {
    if (c->is_dead)
        return;
    if (w->mptcp & (1u << MPT_MP_PRIO)) {
        MPT_COUNT(c->stack, MPPrioRx);
        sf->is_backup_remote = w->is_prio_backup;
        mpt_pm_tell(c, MPT_PM_PRIO, sf, NULL);
    }
    if (w->mptcp & (1u << MPT_ADD_ADDR))
        add_addr_received(c, &w->add_addr, now);
    if (w->mptcp & (1u << MPT_REMOVE_ADDR))
        remove_addr_received(c, &w->remove_addr, now);
}
