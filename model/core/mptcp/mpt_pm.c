/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_pm.c: mechanism of path management: which pairs of addresses have a subflow, back-off of failed ones, joins. */
#include <string.h>

#include "mptcp/mpt_conn.h"

enum {
    DOUBLINGS_MAX = 6, /* of the pause before a failed pair is tried again */
    AWAY_TRIES = 64, /* at most so many joins of a path that is away, nine seconds each, before the pauses grow, too */
    ROOM_TRIES = 3,  /* joins of a path that never worked for which room is made */
    ROOM_CLOSED_MAX = 8, /* of those that gave way and are in TIME-WAIT yet */
    ROOM_PAUSES =
        4 /* for which it is kept: the peer may not have heard yet that a place is free, and refuse the first join */
};
#define MPT_PM_AWAY_NS (3 * MPT_S)
#define TIMER_LEAST_NS MPT_MS

static bool endpoint_equal(const mpt_endpoint *a, const mpt_endpoint *b) {
    return a->port == b->port && mpt_addr_equal(&a->addr, &b->addr);
}

/* ---- Remote addresses ---- */

/** The next SYN goes at once, as if there had been only one. */
static void restart_syn(mpt_subflow *sf) {
    mpt_rto_reset_backoff(&sf->t.rto);
    sf->t.syn_sent_count = 1;
    sf->t.syn_wanted = true;
}

/** There is news: joins that wait for an answer ask once more. @param remote of these alone; NULL: of all */
static void ask_again(mpt_conn *c, const mpt_endpoint *remote, mpt_time now) {
    mpt_time before = now - c->set.join_backoff_ns;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        bool is_opening = sf->is_join && sf->t.state == MPT_TCP_SYN_SENT && sf->t.syn_sent_count > 0;
        if (is_opening && sf->t.last_data_sent_at <= before && (!remote || endpoint_equal(&sf->t.remote, remote)))
            restart_syn(sf);
    }
}

/**
 * The peer says that it is reachable there: what failed before is tried as if it had failed once. Not at once in any case, for an
 * announcement that is repeated, by whomever, must not make us repeat SYNs as often.
 */
static void forget_failures(mpt_conn *c, const mpt_endpoint *remote, mpt_time now) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->pair_count; i++) {
        mpt_pair *p = &pm->pairs[i];
        if (!endpoint_equal(&p->remote, remote))
            continue;
        p->failures = 0;
        p->verdict = MPT_VERDICT_AGAIN;
        p->retry_at = p->failed_at + c->set.join_backoff_ns;
    }
    ask_again(c, remote, now);
}

void mpt_pm_in_need(mpt_conn *c, mpt_time now) {
    ask_again(c, NULL, now);
    mpt_pm_update(c);
}

const mpt_remote *mpt_pm_remote_find(const mpt_conn *c, uint8_t id) {
    for (uint32_t i = 0; i < c->pm.remote_count; i++)
        if (c->pm.remotes[i].id == id)
            return &c->pm.remotes[i];
    return NULL;
}

/**
 * An address is known by the id of its last announcement: the one before may have been withdrawn, and that not have been heard. But the initial one is
 * 0 for its subflows, whatever else it is called.
 */
mpt_status mpt_pm_remote_add(mpt_conn *c, uint8_t id, const mpt_endpoint *e, mpt_time now) {
    mpt_pm *pm = &c->pm;
    const mpt_remote *same = mpt_pm_remote_find(c, id);
    bool is_known = false;
    if (same && !endpoint_equal(&same->endpoint, e))
        return MPT_ERR_ADDRESS; /* the id must be removed before it can mean another address (RFC 8684 3.4.1) */
    for (uint32_t i = 0; i < pm->remote_count; i++) {
        mpt_remote *known = &pm->remotes[i];
        if (!endpoint_equal(&known->endpoint, e))
            continue;
        known->is_withdrawn = false;
        if (known->id != 0)
            known->id = id;
        is_known |= known->id == id;
    }
    if (!is_known && pm->remote_count == MPT_REMOTES_MAX)
        return MPT_ERR_LIMIT;
    forget_failures(c, e, now);
    if (!is_known)
        pm->remotes[pm->remote_count++] = (mpt_remote){id, false, *e};
    if (!is_known && id != 0)
        mpt_pm_tell(c, MPT_PM_REMOTE_ADDED, NULL, &e->addr);
    return MPT_OK;
}

bool mpt_pm_remote_remove(mpt_conn *c, uint8_t id) {
    mpt_pm *pm = &c->pm;
    const mpt_remote *found = mpt_pm_remote_find(c, id);
    if (!found)
        return false;
    mpt_endpoint gone = found->endpoint;
    for (uint32_t i = 0; i < pm->remote_count; i++) {
        if (!endpoint_equal(&pm->remotes[i].endpoint, &gone))
            continue;
        if (pm->remotes[i].id == 0)
            pm->remotes[i].is_withdrawn = true;
        else
            pm->remotes[i--] = pm->remotes[--pm->remote_count];
    }
    mpt_pm_tell(c, MPT_PM_REMOTE_REMOVED, NULL, &gone.addr);
    return true;
}

/* ---- Pairs ---- */

static mpt_pair *find_pair(mpt_pm *pm, const mpt_addr *local, const mpt_endpoint *remote) {
    for (uint32_t i = 0; i < pm->pair_count; i++)
        if (mpt_addr_equal(&pm->pairs[i].local, local) && endpoint_equal(&pm->pairs[i].remote, remote))
            return &pm->pairs[i];
    return NULL;
}

/** Could it be wanted: is the address ours, and the other the peer's? */
static bool is_current(const mpt_conn *c, const mpt_pair *p) {
    bool is_known = false;
    for (uint32_t i = 0; i < c->pm.remote_count; i++)
        is_known |= endpoint_equal(&c->pm.remotes[i].endpoint, &p->remote);
    return is_known && mpt_stack_find_local(c->stack, &p->local);
}

/** Room for one more pair: that of one that cannot be wanted any more, or the one that may be tried again soonest anyhow, or new memory. */
static mpt_pair *free_pair(mpt_conn *c) {
    mpt_pm *pm = &c->pm;
    mpt_pair *soonest = pm->pairs;
    if (pm->pair_count < pm->pair_capacity)
        return &pm->pairs[pm->pair_count++];
    for (uint32_t i = 0; i < pm->pair_count; i++) {
        if (!is_current(c, &pm->pairs[i]))
            return &pm->pairs[i];
        if (pm->pairs[i].retry_at < soonest->retry_at)
            soonest = &pm->pairs[i];
    }
    if (pm->pair_count == MPT_PAIRS_MAX)
        return soonest;
    uint32_t capacity = pm->pair_capacity > 0 ? 2 * pm->pair_capacity : 4;
    mpt_pair *pairs = mpt_alloc(c->stack, capacity * sizeof *pairs);
    if (!pairs)
        return NULL;
    if (pm->pair_count > 0)
        memcpy(pairs, pm->pairs, pm->pair_count * sizeof *pairs);
    mpt_free(c->stack, pm->pairs);
    pm->pairs = pairs;
    pm->pair_capacity = capacity;
    return &pm->pairs[pm->pair_count++];
}

/** @return NULL: no memory */
static mpt_pair *make_pair(mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote) {
    mpt_pair *p = find_pair(&c->pm, local, remote);
    if (p)
        return p;
    p = free_pair(c);
    if (p)
        *p = (mpt_pair){.local = *local, .remote = *remote};
    return p;
}

static void look_again_at(mpt_conn *c, mpt_time at) {
    if (at < c->pm.retry_at)
        c->pm.retry_at = at;
    mpt_conn_arm(c, c->pm.retry_at);
}

/** Without memory nothing is opened for a while: what failed could not be remembered. */
static void pause_all(mpt_conn *c, mpt_time now) {
    c->pm.paused_until = now + c->set.join_backoff_ns;
    look_again_at(c, c->pm.paused_until);
}

/**
 * When a pair may be tried again. One that worked, and whose SYNs are not answered, is a path that is away: for a good while it is asked every few
 * seconds, counted from the last SYN. A pair that never worked, or is answered and fails, may never do.
 */
static mpt_time next_try(const mpt_subflow *sf, const mpt_pair *p, mpt_time now) {
    const mpt_conn_settings *set = &sf->conn->set;
    bool is_silent = sf->t.state == MPT_TCP_SYN_SENT && sf->t.syn_sent_count > set->join_retries;
    if (is_silent && p->has_worked && p->failures < AWAY_TRIES) {
        mpt_time next_syn = sf->t.last_data_sent_at + MPT_PM_AWAY_NS;
        return next_syn > now ? next_syn : now;
    }
    uint32_t doublings = p->failures < DOUBLINGS_MAX && p->verdict == MPT_VERDICT_AGAIN ? p->failures : DOUBLINGS_MAX;
    return now + (set->join_backoff_ns << doublings);
}

/** Was it of use: did data pass, or did it live for longer than any pause? An end after that is a new beginning. */
static bool has_worked(const mpt_subflow *sf, mpt_time now) {
    mpt_time longest_pause = sf->conn->set.join_backoff_ns << DOUBLINGS_MAX;
    bool has_passed = sf->t.bytes_acked > 0 || sf->t.rx.next > 1;
    return sf->is_established && (has_passed || now - sf->established_at > longest_pause);
}

void mpt_pm_failed(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    mpt_pair *p = make_pair(c, &sf->t.local.addr, &sf->t.remote);
    if (!p) {
        pause_all(c, now);
        return;
    }
    if (has_worked(sf, now)) {
        p->has_worked = true;
        p->failures = 0;
    }
    p->verdict = sf->verdict;
    p->failed_at = now;
    p->retry_at = next_try(sf, p, now);
    p->failures++;
    look_again_at(c, now + c->set.join_backoff_ns); /* the pause may be shorter if nothing else is left */
    look_again_at(c, p->retry_at);
}

void mpt_pm_local_up(mpt_conn *c, const mpt_addr *local) {
    mpt_pm *pm = &c->pm;
    for (uint32_t i = 0; i < pm->pair_count; i++)
        if (mpt_addr_equal(&pm->pairs[i].local, local))
            pm->pairs[i--] = pm->pairs[--pm->pair_count];
}

void mpt_pm_restart_syns(mpt_conn *c, const mpt_addr *local) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        bool is_unanswered = sf->t.state == MPT_TCP_SYN_SENT && sf->t.syn_sent_count > 0;
        if (is_unanswered && mpt_addr_equal(&sf->t.local.addr, local))
            restart_syn(sf);
    }
    mpt_conn_wake(c);
}

/* ---- Opening ---- */

/** One that the peer has ended by a FIN, and that stays half open as the only way for our data, is none that it could send on. */
static bool is_open(const mpt_subflow *sf) {
    return mpt_subflow_is_alive(sf) && !(sf->t.state == MPT_TCP_CLOSE_WAIT && !sf->conn->peer_ended);
}

/** Subflows of a pair of addresses, whatever their ports; but where the peer announced a port, that port counts. */
static uint32_t subflows_of(const mpt_conn *c, const mpt_addr *local, const mpt_endpoint *remote, bool is_in_need) {
    bool is_own_port = remote->port != c->remote.port;
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        bool is_same_remote =
            is_own_port ? endpoint_equal(&sf->t.remote, remote) : mpt_addr_equal(&sf->t.remote.addr, &remote->addr);
        bool is_there = is_in_need ? is_open(sf) : mpt_subflow_is_alive(sf);
        n += is_there && mpt_addr_equal(&sf->t.local.addr, local) && is_same_remote;
    }
    return n;
}

/** Subflows that have the local address, or go to the remote one. */
static uint32_t subflows_of_either(const mpt_conn *c, const mpt_addr *local, const mpt_addr *remote) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_tcp *t = &c->subflows[i]->t;
        bool is_of_either = mpt_addr_equal(&t->local.addr, local) || mpt_addr_equal(&t->remote.addr, remote);
        n += is_of_either && mpt_subflow_is_alive(c->subflows[i]);
    }
    return n;
}

/** What the policy says of a pair. */
static uint32_t wanted(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote) {
    mpt_pm_view v = {.now = c->stack->now,
                     .set = &c->set,
                     .is_client = c->is_client,
                     .local = local,
                     .remote = remote->endpoint,
                     .is_initial_local = mpt_addr_equal(&local->addr, &c->local.addr),
                     .subflows = subflows_of(c, &local->addr, &remote->endpoint, false),
                     .subflows_of_either = subflows_of_either(c, &local->addr, &remote->endpoint.addr),
                     .subflows_of_all = mpt_conn_alive_count(c),
                     .priv = c->pm.priv};
    for (uint32_t i = 0; i < c->pm.remote_count && &c->pm.remotes[i] != remote; i++)
        v.remote_rank++;
    for (uint32_t i = 0; i < c->stack->local_count; i++) {
        v.has_fullmesh_local |= c->stack->locals[i].is_fullmesh;
        v.has_laminar_local |= c->stack->locals[i].is_laminar;
    }
    uint32_t n = c->pm.ops->wanted(&v);
    if (n <= MPT_SUBFLOWS_LIMIT)
        return n;
    MPT_COUNT(c->stack, PolicyFaults);
    return MPT_SUBFLOWS_LIMIT;
}

/** Nothing works: pairs are tried without growing pauses, and addresses that were withdrawn, too. */
static bool is_without_subflow(const mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->is_established && is_open(c->subflows[i]))
            return false;
    return true;
}

/** @return false: there is no memory, or no port */
static bool join(mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, mpt_time now) {
    mpt_endpoint from = {local->addr, 0};
    from.port = mpt_tuple_pick_port(c->stack, &from.addr, &remote->endpoint);
    mpt_subflow *sf = from.port ? mpt_subflow_new(c, &from, &remote->endpoint, now) : NULL;
    if (!sf)
        return false;
    const mpt_pair *p = find_pair(&c->pm, &local->addr, &remote->endpoint);
    if (p && p->has_worked && p->failures < AWAY_TRIES && sf->t.rto.max_ns > MPT_PM_AWAY_NS)
        sf->t.rto.max_ns = MPT_PM_AWAY_NS; /* until it is established */
    sf->is_join = sf->t.is_client = true;
    sf->remote_id = remote->id;
    mpt_subflow_open(sf, now);
    mpt_conn_wake(c);
    return true;
}

static bool may_open(const mpt_conn *c) {
    return c->is_client || c->set.join_from_server;
}

/** Why a pair gets no subflow, as far as addresses go, whether or not it has one; MPT_PAIR_DUE: it is wanted. @p local may be down. */
static mpt_pair_state obstacle(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote,
                               uint32_t *most) {
    *most = 1;
    if (local->addr.family != remote->endpoint.addr.family)
        return MPT_PAIR_OTHER_FAMILY;
    if (mpt_addr_equal(&local->addr, &remote->endpoint.addr)) /* a peer may say anything */
        return MPT_PAIR_OWN_ADDRESS;
    if (local->no_subflow)
        return MPT_PAIR_NO_SUBFLOW;
    if (!mpt_conn_may_use(c, local))
        return MPT_PAIR_OTHER_LINK;
    uint32_t n = wanted(c, local, remote);
    if (n == 0)
        return MPT_PAIR_UNWANTED;
    *most = n;
    return remote->id == 0 && c->no_join_to_initial ? MPT_PAIR_JOIN_DENIED : MPT_PAIR_DUE;
}

bool mpt_pm_opens_from(const mpt_conn *c, const mpt_local_address *local) {
    uint32_t most;
    for (uint32_t i = 0; i < c->pm.remote_count && may_open(c); i++)
        if (obstacle(c, local, &c->pm.remotes[i], &most) == MPT_PAIR_DUE)
            return true;
    return false;
}

/**
 * @param at receives when the subflow of a pair of addresses may be opened: in the past when it never failed; MPT_NEVER when it is not
 * wanted, or there. @return why
 */
static mpt_pair_state due_at(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote,
                             const mpt_pair *p, mpt_time *at) {
    *at = MPT_NEVER;
    uint32_t most;
    mpt_pair_state state = obstacle(c, local, remote, &most);
    bool is_in_need = is_without_subflow(c);
    bool is_used =
        state != MPT_PAIR_OTHER_FAMILY && subflows_of(c, &local->addr, &remote->endpoint, is_in_need) >= most;
    if (is_used || state != MPT_PAIR_DUE)
        return is_used ? MPT_PAIR_USED : state;
    if (!is_in_need && remote->is_withdrawn)
        return MPT_PAIR_WITHDRAWN;
    if (!is_in_need && p && p->verdict != MPT_VERDICT_AGAIN)
        return p->verdict == MPT_VERDICT_MEDDLED ? MPT_PAIR_MEDDLED : MPT_PAIR_REFUSED;
    if (!p)
        *at = INT64_MIN;
    else
        *at = is_in_need && p->verdict != MPT_VERDICT_REFUSED ? p->failed_at + c->set.join_backoff_ns : p->retry_at;
    return MPT_PAIR_DUE;
}

static bool has_room(const mpt_conn *c) {
    return mpt_conn_alive_count(c) < c->set.subflows_max && c->subflow_count < MPT_SUBFLOWS_LIMIT;
}

/** Subflows that share an address with this pair: where there is a choice, lines and addresses of the peer are used evenly. */
static uint32_t uses(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_tcp *t = &c->subflows[i]->t;
        if (mpt_subflow_is_alive(c->subflows[i]))
            n += (uint32_t)mpt_addr_equal(&t->local.addr, &local->addr) +
                 (uint32_t)mpt_addr_equal(&t->remote.addr, &remote->endpoint.addr);
    }
    return n;
}

/** Has one of the addresses no subflow, and is a path? That a peer's address is one its word alone does not say. */
static bool is_missing(const mpt_conn *c, const mpt_local_address *local, const mpt_remote *remote, const mpt_pair *p) {
    bool has_local = false, has_remote = false, has_worked = p && p->has_worked;
    if (!c->pm.ops->makes_room)
        return false;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_tcp *t = &c->subflows[i]->t;
        bool is_alive = mpt_subflow_is_alive(c->subflows[i]);
        has_local |= is_alive && mpt_addr_equal(&t->local.addr, &local->addr);
        has_remote |= is_alive && mpt_addr_equal(&t->remote.addr, &remote->endpoint.addr);
    }
    return has_worked ? !has_local || !has_remote : !has_local && (!p || p->failures <= ROOM_TRIES);
}

/** Do others work from the address that it has, and to that of the peer? */
static bool is_spare(const mpt_conn *c, const mpt_subflow *sf) {
    bool has_local = false, has_remote = false;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *other = c->subflows[i];
        bool works = other != sf && mpt_subflow_can_send(other) && !other->is_stalled;
        has_local |= works && mpt_addr_equal(&other->t.local.addr, &sf->t.local.addr);
        has_remote |= works && mpt_addr_equal(&other->t.remote.addr, &sf->t.remote.addr);
    }
    return has_local && has_remote && mpt_subflow_can_send(sf);
}

/** The youngest one that can be spared ends, unless one does already. */
static void make_room(mpt_conn *c, mpt_time now) {
    mpt_subflow *spare = NULL;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (mpt_subflow_is_alive(sf) && (sf->t.fin_wanted || sf->t.was_fin_sent))
            return;
        if (is_spare(c, sf))
            spare = sf;
    }
    if (!spare || c->subflow_count >= mpt_conn_alive_count(c) + ROOM_CLOSED_MAX)
        return;
    spare->t.fin_wanted = true;
    c->pm.room_until = now + ROOM_PAUSES * c->set.join_backoff_ns;
    mpt_conn_wake(c);
}

/**
 * One more subflow: that of an address that has none, and else, of the pairs that are due, the one that failed longest ago, or never: none that fails
 * soon after each try keeps the others from the last free place. @return true when there may be more to open
 */
static bool open_next(mpt_conn *c, mpt_time now) {
    const mpt_local_address *local = NULL;
    const mpt_remote *remote = NULL;
    mpt_time longest = MPT_NEVER;
    uint32_t fewest = UINT32_MAX;
    bool fills_a_gap = false;
    c->pm.retry_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->stack->local_count; i++) {
        for (uint32_t j = 0; j < c->pm.remote_count; j++) {
            const mpt_local_address *l = &c->stack->locals[i];
            const mpt_remote *r = &c->pm.remotes[j];
            const mpt_pair *p = find_pair(&c->pm, &l->addr, &r->endpoint);
            mpt_time at, failed_at = p ? p->failed_at : INT64_MIN;
            due_at(c, l, r, p, &at);
            bool is_gap = at <= now && is_missing(c, l, r, p);
            if (at <= now && !is_gap && at < c->pm.room_until)
                at = c->pm.room_until;
            if (at > now) {
                c->pm.retry_at = at < c->pm.retry_at ? at : c->pm.retry_at;
            } else if (is_gap != fills_a_gap
                           ? is_gap
                           : failed_at < longest || (failed_at == longest && uses(c, l, r) < fewest)) {
                local = l;
                remote = r;
                longest = failed_at;
                fewest = uses(c, l, r);
                fills_a_gap = is_gap;
            }
        }
    }
    if (fills_a_gap && !has_room(c))
        make_room(c, now);
    if (!local || !has_room(c))
        return false;
    if (join(c, local, remote, now))
        return true;
    pause_all(c, now);
    return false;
}

/** @return MPT_PAIR_DUE, or why this end opens no subflow at all at present. */
static mpt_pair_state pause_of_all(const mpt_conn *c) {
    if (c->mode == MPT_MODE_TCP || c->mode == MPT_MODE_FALLBACK)
        return MPT_PAIR_PLAIN_TCP;
    if (!may_open(c))
        return MPT_PAIR_PEERS_TURN;
    bool is_ready =
        mpt_conn_is_mptcp(c) && c->has_key_remote && !c->is_dead && c->is_fully_established && mpt_fallback_is_over(c);
    return is_ready ? MPT_PAIR_DUE : MPT_PAIR_WAITS_FOR_DATA;
}

void mpt_pm_update(mpt_conn *c) {
    c->is_pm_due = true;
}

/** What the policy closed. */
static void close_unwanted(mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (!sf->is_unwanted)
            continue;
        sf->is_unwanted = false;
        if (mpt_subflow_can_send(sf) && mpt_subflow_has_other(sf)) {
            sf->t.fin_wanted = true;
            mpt_conn_wake(c);
        } else if (!sf->is_established) {
            mpt_subflow_reset(sf, MPT_RST_UNSPECIFIED, 0, now);
        }
    }
}

void mpt_pm_settle(mpt_conn *c, mpt_time now) {
    mpt_pm *pm = &c->pm;
    if (!c->is_pm_due)
        return;
    c->is_pm_due = false;
    close_unwanted(c, now);
    pm->retry_at = MPT_NEVER;
    if (pause_of_all(c) != MPT_PAIR_DUE)
        return;
    if (now < pm->paused_until) {
        look_again_at(c, pm->paused_until);
        return;
    }
    while (open_next(c, now)) {
    }
    mpt_conn_arm(c, pm->retry_at);
}

/* ---- The policy's part ---- */

void mpt_pm_tell(mpt_conn *c, mpt_pm_event_kind kind, const mpt_subflow *sf, const mpt_addr *addr) {
    if (!c->pm.ops->on_event || !mpt_conn_is_mptcp(c) || c->is_dead)
        return;
    mpt_pm_event e = {.kind = kind, .now = c->stack->now, .priv = c->pm.priv, .subflow_id = sf ? sf->id : 0};
    if (addr)
        e.addr = *addr;
    e.is_backup = sf && sf->is_backup_remote;
    c->pm.ops->on_event(c, &e);
    mpt_pm_update(c);
}

static mpt_subflow *subflow_by_id(const mpt_conn *c, uint32_t id) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->id == id && mpt_subflow_is_alive(c->subflows[i]))
            return c->subflows[i];
    return NULL;
}

bool mpt_pm_close(mpt_conn *c, uint32_t subflow_id) {
    mpt_subflow *sf = subflow_by_id(c, subflow_id);
    if (sf)
        sf->is_unwanted = true;
    return sf != NULL;
}

bool mpt_pm_set_backup(mpt_conn *c, uint32_t subflow_id, bool is_backup) {
    mpt_subflow *sf = subflow_by_id(c, subflow_id);
    if (!sf || !sf->is_established)
        return false;
    sf->prio_wanted |= sf->is_backup_local != is_backup;
    sf->is_backup_local = is_backup;
    mpt_conn_wake(c);
    return true;
}

const mpt_local_address *mpt_pm_local(const mpt_conn *c, uint32_t index) {
    return index < c->stack->local_count ? &c->stack->locals[index] : NULL;
}

/** Loopback, and IPv6's link-local ones: elsewhere they are another's (RFC 1122 3.2.1.3, RFC 4291 2.5). */
static bool is_host_local(const mpt_addr *a) {
    static const uint8_t loopback[16] = {[15] = 1};
    if (a->family == 4)
        return a->bytes[0] == 127;
    return memcmp(a->bytes, loopback, sizeof loopback) == 0 || (a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80);
}

/** @return NULL: it is none of this host's that others could reach, or that of the initial subflow, which the peer knows as 0 */
static const mpt_local_address *further_local(const mpt_conn *c, const mpt_addr *a) {
    return mpt_addr_equal(a, &c->local.addr) || is_host_local(a) ? NULL : mpt_stack_find_local(c->stack, a);
}

mpt_status mpt_pm_announce(mpt_conn *c, const mpt_addr *a) {
    const mpt_local_address *l = further_local(c, a);
    mpt_status status = l ? mpt_addr_announce(c, l, c->stack->now) : MPT_ERR_ADDRESS;
    if (status == MPT_OK)
        mpt_addr_keep(c, l->id);
    return status;
}

mpt_status mpt_pm_withdraw(mpt_conn *c, const mpt_addr *a) {
    const mpt_local_address *l = further_local(c, a);
    if (!l)
        return MPT_ERR_ADDRESS;
    if (!mpt_addr_is_announced(c, l->id))
        return MPT_OK;
    if (c->removed_count == MPT_REMOVE_IDS_MAX)
        return MPT_ERR_LIMIT;
    mpt_addr_withdraw(c, l->id, a, c->stack->now);
    return MPT_OK;
}

void mpt_pm_set_timer(mpt_conn *c, mpt_time at) {
    mpt_time now = c->stack->now;
    if (at < now + TIMER_LEAST_NS) {
        MPT_COUNT(c->stack, PolicyFaults);
        at = at > now ? now + TIMER_LEAST_NS : MPT_NEVER;
    }
    c->pm.timer_at = at;
    mpt_conn_arm(c, at);
}

void mpt_pm_timer(mpt_conn *c, mpt_time now) {
    if (c->pm.timer_at > now)
        return;
    c->pm.timer_at = MPT_NEVER;
    mpt_pm_tell(c, MPT_PM_TIMER, NULL, NULL);
}

void mpt_pm_init(mpt_conn *c, void *priv) {
    c->pm.ops = mpt_pm_named(c->stack, c->set.path_manager);
    c->pm.priv = priv;
    c->pm.timer_at = MPT_NEVER;
    c->pm.retry_at = MPT_NEVER;
    if (c->pm.ops->on_start)
        c->pm.ops->on_start(c->pm.ops, priv);
}

void mpt_pm_free(mpt_conn *c) {
    if (c->pm.ops->on_end)
        c->pm.ops->on_end(c->pm.priv);
    mpt_free(c->stack, c->pm.pairs);
}

static bool has_established(const mpt_conn *c, const mpt_addr *local, const mpt_addr *remote) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_subflow *sf = c->subflows[i];
        if (sf->is_established && mpt_addr_equal(&sf->t.local.addr, local) &&
            mpt_addr_equal(&sf->t.remote.addr, remote))
            return true;
    }
    return false;
}

bool mpt_conn_get_pair_info(const mpt_conn *c, uint32_t index, mpt_pair_info *out) {
    const mpt_pm *pm = &c->pm;
    if (pm->remote_count == 0 || index / pm->remote_count >= c->stack->local_count)
        return false;
    const mpt_local_address *l = &c->stack->locals[index / pm->remote_count];
    const mpt_remote *r = &pm->remotes[index % pm->remote_count];
    const mpt_pair *p = find_pair((mpt_pm *)pm, &l->addr, &r->endpoint);
    *out = (mpt_pair_info){.local = l->addr, .remote = r->endpoint, .failures = p ? p->failures : 0};
    out->state = due_at(c, l, r, p, &out->retry_at);
    mpt_pair_state all = pause_of_all(c);
    if (out->state == MPT_PAIR_DUE && all != MPT_PAIR_DUE)
        out->state = all;
    else if (out->state == MPT_PAIR_DUE && out->retry_at > c->stack->now)
        out->state = MPT_PAIR_PAUSED;
    else if (out->state == MPT_PAIR_DUE && !has_room(c))
        out->state = MPT_PAIR_NO_ROOM;
    else if (out->state == MPT_PAIR_USED && !has_established(c, &l->addr, &r->endpoint.addr))
        out->state = MPT_PAIR_OPENING;
    return true;
}
