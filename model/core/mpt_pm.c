/* SPDX-License-Identifier: GPL-2.0-only */
/** mpt_pm.c: mechanism of path management: which pairs of addresses have a subflow, back-off of failed ones, joins. */
#include <string.h>

#include "mpt_stack.h"

static const mpt_pm_ops *const managers[] = {&mpt_pm_fullmesh, &mpt_pm_none};

const mpt_pm_ops *mpt_pm_find(const char *name) {
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
        if (strcmp(managers[i]->name, name) == 0)
            return managers[i];
    return NULL;
}

static bool endpoint_equal(const mpt_endpoint *a, const mpt_endpoint *b) {
    return a->port == b->port && mpt_addr_equal(&a->addr, &b->addr);
}

/* ---- Remote addresses ---- */

/** The peer says that it is reachable there: what failed before is tried at once. */
static void forget_failures(mpt_conn *c, const mpt_endpoint *remote) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->pair_count; i++)
        if (endpoint_equal(&pm->pairs[i].remote, remote))
            pm->pairs[i--] = pm->pairs[--pm->pair_count];
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->is_join && sf->state == MPT_TCP_SYN_SENT && endpoint_equal(&sf->remote, remote)) {
            mpt_rto_reset_backoff(&sf->rto);
            sf->syn_sent_count = 1;
            sf->syn_wanted = true;
        }
    }
}

mpt_status mpt_pm_remote_add(mpt_conn *c, uint8_t id, const mpt_endpoint *e, mpt_time now) {
    mpt_pm *pm = &c->pm;
    forget_failures(c, e);
    for (uint32_t i = 0; i < pm->remote_count; i++)
        if (pm->remotes[i].id == id || endpoint_equal(&pm->remotes[i].endpoint, e))
            return MPT_OK;
    if (pm->remote_count == MPT_REMOTES_MAX)
        return MPT_ERR_LIMIT;
    pm->remotes[pm->remote_count++] = (mpt_remote){id, *e};
    (void)now;
    return MPT_OK;
}

void mpt_pm_remote_remove(mpt_conn *c, uint8_t id) {
    mpt_pm *pm = &c->pm;
    if (id == 0)
        return; /* the peer's initial address stays known: it may come back */
    for (uint32_t i = 0; i < pm->remote_count; i++)
        if (pm->remotes[i].id == id)
            pm->remotes[i--] = pm->remotes[--pm->remote_count];
}

/* ---- Pairs ---- */

static mpt_pair *find_pair(mpt_pm *pm, const mpt_addr *local, const mpt_endpoint *remote) {
    for (uint32_t i = 0; i < pm->pair_count; i++)
        if (mpt_addr_equal(&pm->pairs[i].local, local) && endpoint_equal(&pm->pairs[i].remote, remote))
            return &pm->pairs[i];
    return NULL;
}

static mpt_pair *oldest_pair(mpt_pm *pm) {
    mpt_pair *oldest = &pm->pairs[0];
    for (uint32_t i = 1; i < pm->pair_count; i++)
        if (pm->pairs[i].retry_at < oldest->retry_at)
            oldest = &pm->pairs[i];
    return oldest;
}

void mpt_pm_failed(mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote, mpt_time now) {
    mpt_pm *pm = &c->pm;
    mpt_pair *p = find_pair(pm, local, remote);
    if (!p) {
        p = pm->pair_count < MPT_PAIRS_MAX ? &pm->pairs[pm->pair_count++] : oldest_pair(pm);
        *p = (mpt_pair){*local, *remote, 0, 0};
    }
    uint32_t doublings = p->failures < 6 ? p->failures : 6;
    p->failures++;
    p->retry_at = now + (c->set.join_backoff_ns << doublings);
    if (p->retry_at < pm->retry_at)
        pm->retry_at = p->retry_at;
    mpt_conn_arm(c, pm->retry_at);
}

void mpt_pm_succeeded(mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote) {
    mpt_pair *p = find_pair(&c->pm, local, remote);
    if (p)
        *p = c->pm.pairs[--c->pm.pair_count];
}

void mpt_pm_local_up(mpt_conn *c, const mpt_addr *local) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->pair_count; i++)
        if (mpt_addr_equal(&pm->pairs[i].local, local))
            pm->pairs[i--] = pm->pairs[--pm->pair_count];
}

/* ---- Opening ---- */

static bool has_subflow(const mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        if (mpt_subflow_is_alive(sf) && mpt_addr_equal(&sf->local.addr, local) && mpt_addr_equal(&sf->remote.addr, &remote->addr))
            return true;
    }
    return false;
}

static uint32_t alive_count(const mpt_conn *c) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        n += mpt_subflow_is_alive(c->subflows[i]);
    return n;
}

static void join(mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, mpt_time now) {
    mpt_endpoint from = {local->addr, 0};
    from.port = mpt_stack_pick_port(c->stack, &from.addr, &remote->endpoint);
    mpt_subflow *sf = from.port ? mpt_subflow_new(c, &from, &remote->endpoint, now) : NULL;
    if (!sf) {
        mpt_pm_failed(c, &local->addr, &remote->endpoint, now);
        return;
    }
    sf->is_join = sf->is_client = true;
    sf->remote_id = remote->id;
    mpt_subflow_open(sf, now);
    mpt_conn_wake(c);
}

/** One pair of addresses: open its subflow if it is wanted, missing and not backing off. */
static void consider(mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, mpt_time now) {
    mpt_pm *pm = &c->pm;
    if (local->no_subflow || local->addr.family != remote->endpoint.addr.family || !pm->ops->wants(c, local, remote))
        return;
    if (remote->id == 0 && c->no_join_to_initial)
        return;
    if (has_subflow(c, &local->addr, &remote->endpoint))
        return;
    const mpt_pair *p = find_pair(pm, &local->addr, &remote->endpoint);
    if (p && p->retry_at > now) {
        if (p->retry_at < pm->retry_at)
            pm->retry_at = p->retry_at;
        return;
    }
    if (alive_count(c) < c->set.subflows_max && c->subflow_count < MPT_SUBFLOWS_LIMIT)
        join(c, local, remote, now);
}

void mpt_pm_update(mpt_conn *c, mpt_time now) {
    mpt_stack *st = c->stack;
    c->pm.retry_at = MPT_NEVER;
    bool may_open = c->is_client || c->set.join_from_server;
    if (!mpt_conn_is_mptcp(c) || !c->has_key_remote || c->is_dead || !may_open || !c->is_fully_established || c->fallback.is_failing)
        return;
    for (uint32_t i = 0; i < st->local_count; i++)
        for (uint32_t j = 0; j < c->pm.remote_count; j++)
            consider(c, &st->locals[i], &c->pm.remotes[j], now);
    mpt_conn_arm(c, c->pm.retry_at);
}
