/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_paths.c: which subflows of a connection may be sent on, and on which of them a segment would be there first. */
#include "mptcp/mpt_send.h"

/** What a subflow may take as far as its state goes: nearly always what it was. */
__attribute__((noinline)) static void look_at_state(mpt_conn *c, mpt_subflow *sf, uint32_t bit) {
    mpt_ways *w = &c->ways;
    uint32_t fit = mpt_paths_fit(c);
    bool may_send = mpt_subflow_is_fit(sf), is_backup = mpt_subflow_is_backup(sf);
    sf->path.is_backup = is_backup;
    mpt_bits_put(&w->ordinary, bit, may_send && !is_backup);
    mpt_bits_put(&w->backup, bit, may_send && is_backup);
    mpt_bits_put(&w->stalled, bit, sf->is_stalled && sf->t.state != MPT_TCP_CLOSED);
    mpt_bits_put(&w->repairing, bit, sf->t.ca >= MPT_CA_RECOVERY);
    if (mpt_paths_fit(c) != fit)
        w->changed = MPT_LOOK_ALL;
}

/** Is it, and was it, open for new data, neither a backup nor with anything to repair? */
static bool is_usual(const mpt_ways *w, const mpt_subflow *sf, uint32_t bit) {
    return (w->ordinary & bit) && !((w->backup | w->stalled | w->repairing) & bit) && mpt_subflow_is_fit(sf) &&
           !mpt_subflow_is_backup(sf) && !sf->path.is_backup && sf->t.ca < MPT_CA_RECOVERY;
}

void mpt_paths_look_again(mpt_conn *c, mpt_time now) {
    mpt_ways *w = &c->ways;
    uint32_t all = mpt_bits_below(c->subflow_count), stale = c->node.stale & all;
    if (c->node.stale == MPT_LOOK_ALL) { /* so it is when there are others, or fewer */
        c->stack->seen_by = NULL;
        w->ordinary &= all;
        w->backup &= all;
        w->stalled &= all;
        w->repairing &= all;
        w->room &= all;
        w->holding &= all;
    }
    c->node.stale = 0;
    w->changed |= stale;
    for (; stale != 0; stale &= stale - 1) {
        uint32_t i = mpt_bits_first(stale), bit = 1u << i;
        mpt_subflow *sf = c->subflows[i];
        mpt_path_changed(&sf->path);
        if (!is_usual(w, sf, bit))
            look_at_state(c, sf, bit);
        mpt_bits_put(&w->room, bit, mpt_subflow_has_room(sf, now));
        mpt_bits_put(&w->holding, bit, sf->t.q.count > 0);
        c->node.stale |= mpt_pacing_holds(&sf->t, now) ? bit : 0; /* it opens by itself */
    }
}

/** Not inlined: with one subflow it is not called. */
__attribute__((noinline)) void mpt_paths_sent(mpt_conn *c, mpt_subflow *sf, mpt_time now) {
    uint32_t bit = 1u << sf->index;
    sf->path.looked_at = MPT_NEVER;
    c->ways.changed |= bit;
    c->ways.holding |= bit;
    mpt_bits_put(&c->ways.room, bit, mpt_subflow_has_room(sf, now));
    c->node.stale |= mpt_pacing_holds(&sf->t, now) ? bit : 0; /* it opens by itself */
}

/** The paths of @p fit, as the scheduler counts them: without gaps. Mostly they are the same as before. */
static void see(const mpt_conn *c, uint32_t fit) {
    mpt_stack *st = c->stack;
    if (st->seen_by == &c->node && st->seen_fit == fit)
        return;
    st->seen_by = &c->node;
    st->seen_fit = fit;
    st->seen_count = 0;
    for (uint32_t rest = fit; rest != 0; rest &= rest - 1)
        st->seen[st->seen_count++] = &c->subflows[mpt_bits_first(rest)]->path;
}

/** The bits of @p set that are in @p fit, without gaps. */
static uint32_t without_gaps(uint32_t set, uint32_t fit) {
    if ((fit & (fit + 1)) == 0) /* there are none */
        return set & fit;
    uint32_t bits = 0, n = 0;
    for (uint32_t rest = fit; rest != 0; rest &= rest - 1)
        bits |= (set >> mpt_bits_first(rest) & 1) << n++;
    return bits;
}

void mpt_paths_look(const mpt_conn *c, mpt_sched_view *v, mpt_time now) {
    uint64_t window = c->snd_edge > c->snd_una ? c->snd_edge - c->snd_una : 0;
    mpt_piece fresh = mpt_conn_new_piece(c);
    v->now = now;
    v->set = &c->set;
    uint32_t fit = mpt_paths_fit(c);
    see(c, fit);
    v->paths = c->stack->seen;
    v->count = c->stack->seen_count;
    v->room = without_gaps(c->ways.room, fit);
    v->unchanged = without_gaps(~c->ways.changed, fit);
    v->last = c->last_used ? &c->last_used->path : NULL;
    v->snd_una = c->snd_una;
    v->snd_nxt = c->snd_nxt;
    v->snd_end = fresh.offset + fresh.bytes;
    v->snd_written = c->snd_written;
    v->window_bytes = window < c->sndbuf_bytes ? window : c->sndbuf_bytes;
    v->has_more = mpt_conn_has_more(c);
    v->priv = mpt_conn_sched_priv(c);
}

mpt_earliest mpt_paths_earliest(const mpt_sched_view *v) {
    mpt_earliest e = {{v->count, v->count}, {MPT_NEVER, MPT_NEVER}};
    for (uint32_t rest = v->room; rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        mpt_time ns = mpt_path_arrival(v->paths[i], v->now);
        if (ns < e.arrival_ns[0] || e.path[0] == v->count) {
            e = (mpt_earliest){{i, e.path[0]}, {ns, e.arrival_ns[0]}};
        } else if (ns < e.arrival_ns[1] || e.path[1] == v->count) {
            e.path[1] = i;
            e.arrival_ns[1] = ns;
        }
    }
    return e;
}

uint32_t mpt_earliest_but(const mpt_earliest *e, const mpt_sched_view *v, const mpt_subflow *other,
                          mpt_time *arrival_ns) {
    bool is_first_other = other && e->path[0] < v->count && v->paths[e->path[0]] == &other->path;
    if (arrival_ns)
        *arrival_ns = e->arrival_ns[is_first_other];
    return e->path[is_first_other];
}
