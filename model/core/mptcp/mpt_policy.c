/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_policy.c: what a scheduler is told and asked. Whatever it answers, the connection goes on: what is wrong is counted, and set right. */
#include "mptcp/mpt_conn.h"

/* ---- Told ---- */

void mpt_sched_tell(mpt_subflow *sf, mpt_sched_event_kind kind, uint64_t offset, uint64_t bytes, bool is_copy,
                    mpt_time now) {
    const mpt_conn *c = sf->conn;
    if (!(c->sched->events & MPT_SCHED_EVENT(kind)) || !c->sched->on_event)
        return;
    c->sched->on_event(&(mpt_sched_event){.kind = kind,
                                          .now = now,
                                          .priv = mpt_conn_sched_priv(c),
                                          .path_priv = sf->path.priv,
                                          .path_id = sf->id,
                                          .offset = offset,
                                          .bytes = bytes,
                                          .is_copy = is_copy});
}

void mpt_sched_tell_window_full(mpt_conn *c, mpt_time now) {
    if ((c->sched->events & MPT_SCHED_EVENT(MPT_SCHED_WINDOW_FULL)) && c->sched->on_event)
        c->sched->on_event(
            &(mpt_sched_event){.kind = MPT_SCHED_WINDOW_FULL, .now = now, .priv = mpt_conn_sched_priv(c)});
}

/* ---- Asked ---- */

enum { SHORT_WAITS_MAX = 100 };
#define SHORT_WAIT_NS (10 * MPT_US)

/** Something will be acknowledged, or let go by pacing. */
static bool is_anything_under_way(const mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_tcp *t = &c->subflows[i]->t;
        if (t->state != MPT_TCP_CLOSED && (t->q.count > 0 || mpt_pacing_holds(t, now)))
            return true;
    }
    return false;
}

/** The longest that a scheduler may let data wait while nothing is under way that would end the wait: as long as a lost segment would. */
static mpt_time patience_ns(const mpt_sched_view *v) {
    mpt_time most = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        mpt_time rto_ns = mpt_rto_get(&v->paths[i]->tcp->rto);
        most = rto_ns > most ? rto_ns : most;
    }
    return most;
}

/** One that is to be asked again at once, again and again, would keep the host busy and time from passing. */
static bool is_restless(mpt_conn *c, mpt_time now, mpt_time again_at) {
    if (again_at - now >= SHORT_WAIT_NS)
        c->short_waits = 0;
    else if ((uint32_t)again_at != c->short_wait_end) /* else it is the same wait, asked for once more */
        c->short_waits++;
    c->short_wait_end = (uint32_t)again_at;
    return c->short_waits > SHORT_WAITS_MAX;
}

/** Does the wait end by itself, and soon enough? */
static bool may_wait(mpt_conn *c, const mpt_sched_view *v, mpt_time again_at) {
    if (again_at <= v->now || is_restless(c, v->now, again_at))
        return false;
    if (is_anything_under_way(c, v->now)) {
        c->waits_since = MPT_NEVER;
        return true;
    }
    if (c->waits_since == MPT_NEVER)
        c->waits_since = v->now;
    return again_at <= c->waits_since + patience_ns(v);
}

static bool may_send(const mpt_sched_view *v, const mpt_sched_choice *choice) {
    if (choice->path >= v->count || !mpt_sched_has_room(v, choice->path) || choice->bytes_max == 0)
        return false;
    if (choice->offset == v->snd_nxt)
        return true;
    bool is_outstanding = choice->offset >= v->snd_una && choice->offset < v->snd_nxt;
    return is_outstanding && !mpt_sched_holds(v->paths[choice->path], choice->offset);
}

mpt_sched_choice mpt_sched_ask(mpt_conn *c, const mpt_sched_view *v, bool has_new) {
    mpt_sched_choice choice = c->sched->next(v);
    c->ways.changed = 0;
    c->stack->run.by = NULL; /* what it said before is no longer its word */
    if (choice.is_wait && !has_new && choice.again_at <= v->now)
        return mpt_sched_wait(MPT_NEVER);
    if (choice.is_wait && (has_new ? may_wait(c, v, choice.again_at) : !is_restless(c, v->now, choice.again_at)))
        return choice;
    if (!choice.is_wait && may_send(v, &choice)) {
        c->waits_since = MPT_NEVER;
        c->short_waits = 0;
        return choice;
    }
    MPT_COUNT(c->stack, PolicyFaults);
    c->waits_since = MPT_NEVER;
    c->short_waits = 0;
    uint32_t path = mpt_sched_earliest_with_room(v);
    return has_new && path < v->count ? mpt_sched_new(v, path) : mpt_sched_wait(MPT_NEVER);
}
