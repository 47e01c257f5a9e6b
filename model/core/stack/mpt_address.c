/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_address.c: the host's own addresses come and go; connections hear of it. */
#include "stack/mpt_stack.h"

static void settle(mpt_conn *c, mpt_time now) {
    mpt_conn_wake(c);
    if (c->stack->set.traces)
        mpt_trace_conn(c);
    mpt_conn_settle(c, now);
}

static void set_now(mpt_stack *st, mpt_time now) {
    MPT_ASSERT(now >= st->now);
    st->now = now;
}

static void return_to_address(mpt_conn *c, const mpt_addr *a, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_is_alive(c->subflows[i]) && mpt_addr_equal(&c->subflows[i]->t.local.addr, a))
            mpt_watch_address_up(c->subflows[i], now);
}

/** The host's link has come up behind an address that it has all along: what failed for want of a link is tried at once. */
static void link_is_back(mpt_stack *st, const mpt_addr *a, mpt_time now) {
    for (mpt_list *n = st->conns.next, *next; n != &st->conns; n = next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, all_node);
        next = n->next;
        if (c->is_dead)
            continue;
        mpt_pm_local_up(c, a);
        mpt_pm_tell(c, MPT_PM_LOCAL_UP, NULL, a);
        mpt_pm_restart_syns(c, a);
        return_to_address(c, a, now);
        mpt_pm_update(c);
        settle(c, now);
    }
}

mpt_status mpt_address_up(mpt_stack *st, const mpt_local_address *a, mpt_time now) {
    MPT_ASSERT((a->addr.family == 4 || a->addr.family == 6) && a->link < MPT_LINKS_MAX);
    set_now(st, now);
    if (mpt_stack_find_local(st, &a->addr)) {
        link_is_back(st, &a->addr, now);
        return MPT_OK;
    }
    if (st->local_count == MPT_ADDRESSES_MAX)
        return MPT_ERR_LIMIT;
    if (a->id != 0 && mpt_local_is_id_used(st, a->id))
        return MPT_ERR_ADDRESS;
    mpt_local_address *l = &st->locals[st->local_count++];
    *l = *a;
    if (l->id == 0)
        l->id = mpt_local_choose_id(st);
    for (mpt_list *n = st->conns.next, *next; n != &st->conns; n = next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, all_node);
        next = n->next;
        if (mpt_conn_is_mptcp(c) && !c->is_dead) {
            mpt_pm_local_up(c, &l->addr);
            mpt_pm_tell(c, MPT_PM_LOCAL_UP, NULL, &l->addr);
            return_to_address(c, &l->addr, now);
            mpt_addr_keep(c, mpt_addr_local_id(c, &l->addr));
            bool is_missed = !c->is_client && c->is_initial_withdrawn && mpt_addr_equal(&l->addr, &c->local.addr);
            if (c->set.announce_addresses && (l->is_signal || is_missed))
                mpt_addr_announce(c, l, now);
            mpt_pm_update(c);
            settle(c, now);
        }
    }
    return MPT_OK;
}

/**
 * The subflows from a vanished address end without a word where this end opens them again when the address is back. Who cannot, above all the side
 * that was connected to, keeps them, as any TCP outlives a loss of carrier: its peer may not have noticed, and would not come again. Those whose
 * handshake is not over go: the host has not heard of them, and the peer will ask again.
 */
static void leave_address(mpt_conn *c, const mpt_local_address *l, mpt_time now) {
    bool comes_again = mpt_pm_opens_from(c, l);
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->t.state == MPT_TCP_CLOSED || !mpt_addr_equal(&sf->t.local.addr, &l->addr))
            continue;
        if (sf->is_established && !comes_again) {
            mpt_subflow_stall(sf);
            continue;
        }
        MPT_COUNT(c->stack, RmSubflow);
        mpt_subflow_remove(sf, 0, now);
    }
}

mpt_status mpt_address_down(mpt_stack *st, const mpt_addr *a, mpt_time now) {
    set_now(st, now);
    const mpt_local_address *l = mpt_stack_find_local(st, a);
    if (!l)
        return MPT_ERR_ADDRESS;
    mpt_addr addr = *a;
    mpt_local_address left = *l;
    st->was_address_left = true;
    for (mpt_list *n = st->conns.next, *next; n != &st->conns; n = next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, all_node);
        next = n->next;
        bool is_half_open = !c->is_client && !c->is_accepted;
        if (!mpt_conn_may_be_joined(c) && !is_half_open)
            continue;
        leave_address(c, &left, now);
        mpt_pm_tell(c, MPT_PM_LOCAL_DOWN, NULL, &addr);
        if (mpt_conn_is_mptcp(c) && !c->is_dead) /* whatever the policy says of it */
            mpt_addr_withdraw(c, mpt_addr_local_id(c, &addr), &addr, now);
        settle(c, now);
    }
    st->locals[l - st->locals] = st->locals[--st->local_count];
    return MPT_OK;
}

mpt_status mpt_address_backup(mpt_stack *st, const mpt_addr *a, bool is_backup, mpt_time now) {
    set_now(st, now);
    const mpt_local_address *l = mpt_stack_find_local(st, a);
    if (!l)
        return MPT_ERR_ADDRESS;
    st->locals[l - st->locals].is_backup = is_backup;
    for (mpt_list *n = st->conns.next, *next; n != &st->conns; n = next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, all_node);
        next = n->next;
        if (!mpt_conn_is_mptcp(c) || c->is_dead)
            continue;
        for (uint32_t i = 0; i < c->subflow_count; i++) {
            mpt_subflow *sf = c->subflows[i];
            if (mpt_addr_equal(&sf->t.local.addr, a) && sf->is_backup_local != is_backup) {
                sf->is_backup_local = is_backup;
                sf->prio_wanted = sf->is_established;
            }
        }
        settle(c, now);
    }
    return MPT_OK;
}
