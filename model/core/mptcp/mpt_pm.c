/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm.c: mechanism of path management: which pairs of addresses have a subflow, back-off of failed ones, joins. */
#include "mptcp/mpt_conn.h"

enum { DOUBLINGS_MAX = 6 }; /* of the pause before a failed pair is tried again */

static bool endpoint_equal(const mpt_endpoint *a, const mpt_endpoint *b) {
    return a->port == b->port && mpt_addr_equal(&a->addr, &b->addr);
}

/* ---- Remote addresses ---- */

/**
 * The peer says that it is reachable there: what failed before is tried as if it had failed once. Not at once in any case, for an
 * announcement that is repeated, by whomever, must not make us repeat SYNs as often.
 */
static void forget_failures(mpt_conn *c, const mpt_endpoint *remote, mpt_time now) {
    mpt_pm *pm = &c->pm;
    mpt_time before = now - c->set.join_backoff_ns;
    for (uint32_t i = 0; i < pm->pair_count; i++) {
        mpt_pair *p = &pm->pairs[i];
        if (!endpoint_equal(&p->remote, remote))
            continue;
        p->failures = 0;
        p->verdict = MPT_VERDICT_AGAIN;
        p->retry_at = p->failed_at + c->set.join_backoff_ns;
    }
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        bool is_opening = sf->is_join && sf->t.state == MPT_TCP_SYN_SENT && sf->t.syn_sent_count > 0;
        if (is_opening && sf->t.last_data_sent_at <= before && endpoint_equal(&sf->t.remote, remote)) {
            mpt_rto_reset_backoff(&sf->t.rto);
            sf->t.syn_sent_count = 1;
            sf->t.syn_wanted = true;
        }
    }
}

mpt_status mpt_pm_remote_add(mpt_conn *c, uint8_t id, const mpt_endpoint *e, mpt_time now) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->remote_count; i++) {
        mpt_remote *known = &pm->remotes[i];
        if (endpoint_equal(&known->endpoint, e)) {
            known->is_withdrawn = false;
            forget_failures(c, e, now);
            return MPT_OK;
        }
        if (known->id == id)
            return MPT_ERR_ADDRESS; /* the id must be removed before it can mean another address (RFC 8684 3.4.1) */
    }
    if (pm->remote_count == MPT_REMOTES_MAX)
        return MPT_ERR_LIMIT;
    forget_failures(c, e, now);
    pm->remotes[pm->remote_count++] = (mpt_remote){id, false, *e};
    return MPT_OK;
}

bool mpt_pm_remote_remove(mpt_conn *c, uint8_t id) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->remote_count; i++) {
        if (pm->remotes[i].id != id)
            continue;
        if (id == 0)
            pm->remotes[i].is_withdrawn = true;
        else
            pm->remotes[i] = pm->remotes[--pm->remote_count];
        return true;
    }
    return false;
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

void mpt_pm_failed(mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote, mpt_verdict verdict, mpt_time now) {
    mpt_pm *pm = &c->pm;
    mpt_pair *p = find_pair(pm, local, remote);
    if (!p) {
        p = pm->pair_count < MPT_PAIRS_MAX ? &pm->pairs[pm->pair_count++] : oldest_pair(pm);
        *p = (mpt_pair){.local = *local, .remote = *remote};
    }
    p->verdict = verdict;
    p->failed_at = now;
    uint32_t doublings = p->failures < DOUBLINGS_MAX && verdict == MPT_VERDICT_AGAIN ? p->failures : DOUBLINGS_MAX;
    p->failures++;
    p->retry_at = now + (c->set.join_backoff_ns << doublings);
    if (now + c->set.join_backoff_ns < pm->retry_at) /* the pause may be shorter if nothing else is left */
        pm->retry_at = now + c->set.join_backoff_ns;
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

/** A pair of addresses has one subflow, whatever its ports; but where the peer announced a port, that port counts. */
static bool has_subflow(const mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote) {
    bool is_own_port = remote->port != c->remote.port;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        bool is_same_remote =
            is_own_port ? endpoint_equal(&sf->t.remote, remote) : mpt_addr_equal(&sf->t.remote.addr, &remote->addr);
        if (mpt_subflow_is_alive(sf) && mpt_addr_equal(&sf->t.local.addr, local) && is_same_remote)
            return true;
    }
    return false;
}

/** Nothing works: pairs are tried without growing pauses, and addresses that were withdrawn, too. */
static bool is_without_subflow(const mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->is_established && mpt_subflow_is_alive(c->subflows[i]))
            return false;
    return true;
}

static void join(mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, mpt_time now) {
    mpt_endpoint from = {local->addr, 0};
    from.port = mpt_tuple_pick_port(c->stack, &from.addr, &remote->endpoint);
    mpt_subflow *sf = from.port ? mpt_subflow_new(c, &from, &remote->endpoint, now) : NULL;
    if (!sf) {
        mpt_pm_failed(c, &local->addr, &remote->endpoint, MPT_VERDICT_AGAIN, now);
        return;
    }
    sf->is_join = sf->t.is_client = true;
    sf->remote_id = remote->id;
    mpt_subflow_open(sf, now);
    mpt_conn_wake(c);
}

/** @return when the subflow of a pair of addresses may be opened: in the past when it never failed; MPT_NEVER when it is not wanted, or there. */
static mpt_time due_at(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, const mpt_pair *p) {
    if (local->no_subflow || local->addr.family != remote->endpoint.addr.family || !c->pm.ops->wants(c, local, remote))
        return MPT_NEVER;
    bool is_own = mpt_addr_equal(&local->addr, &remote->endpoint.addr); /* a peer may say anything */
    if (is_own || (remote->id == 0 && c->no_join_to_initial))
        return MPT_NEVER;
    if (has_subflow(c, &local->addr, &remote->endpoint))
        return MPT_NEVER;
    bool is_in_need = is_without_subflow(c);
    if (!is_in_need && (remote->is_withdrawn || (p && p->verdict != MPT_VERDICT_AGAIN)))
        return MPT_NEVER;
    if (!p)
        return INT64_MIN;
    return is_in_need && p->verdict != MPT_VERDICT_REFUSED ? p->failed_at + c->set.join_backoff_ns : p->retry_at;
}

/**
 * One more subflow. Of the pairs that are due it is the one that failed longest ago, or never: none that fails soon after each try keeps
 * the others from the last free place.
 */
static bool open_next(mpt_conn *c, mpt_time now) {
    const mpt_local_address *local = NULL;
    const mpt_remote *remote = NULL;
    mpt_time longest = MPT_NEVER;
    c->pm.retry_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->stack->local_count; i++) {
        for (uint32_t j = 0; j < c->pm.remote_count; j++) {
            const mpt_local_address *l = &c->stack->locals[i];
            const mpt_remote *r = &c->pm.remotes[j];
            const mpt_pair *p = find_pair(&c->pm, &l->addr, &r->endpoint);
            mpt_time at = due_at(c, l, r, p), failed_at = p ? p->failed_at : INT64_MIN;
            if (at > now) {
                c->pm.retry_at = at < c->pm.retry_at ? at : c->pm.retry_at;
            } else if (failed_at < longest) {
                local = l;
                remote = r;
                longest = failed_at;
            }
        }
    }
    if (!local || mpt_conn_alive_count(c) >= c->set.subflows_max || c->subflow_count >= MPT_SUBFLOWS_LIMIT)
        return false;
    join(c, local, remote, now);
    return true;
}

void mpt_pm_update(mpt_conn *c, mpt_time now) {
    c->pm.retry_at = MPT_NEVER;
    bool may_open = c->is_client || c->set.join_from_server;
    if (!mpt_conn_is_mptcp(c) || !c->has_key_remote || c->is_dead || !may_open || !c->is_fully_established ||
        !mpt_fallback_is_over(c))
        return;
    while (open_next(c, now)) {
    }
    mpt_conn_arm(c, c->pm.retry_at);
}
