/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn_send.c: which segment of a connection leaves next. Data are bound to a subflow here and not before: first what a dead or
 * stalled subflow left behind (reinjection), then new bytes within the peer's window, by the scheduler's choice.
 */
#include "mptcp/mpt_conn.h"

/* ---- What may be sent ---- */

typedef struct piece {
    uint64_t offset;
    uint64_t bytes; /**< 0: nothing */
    bool is_again;  /**< sent before: a reinjection or a copy */
} piece;

static piece new_piece(const mpt_conn *c) {
    uint64_t end = c->snd_written < c->snd_edge ? c->snd_written : c->snd_edge;
    return (piece){c->snd_nxt, end > c->snd_nxt ? end - c->snd_nxt : 0, false};
}

static piece next_piece(const mpt_conn *c) {
    if (c->reinject.count > 0) {
        const mpt_range *r = &c->reinject.items[0];
        return (piece){r->start, r->end - r->start, true};
    }
    return new_piece(c);
}

static mpt_time longer(mpt_time a, mpt_time b) {
    return a > b ? a : b;
}

/** Time in steps of 2^20 ns, about a millisecond. */
static uint32_t tick_of(mpt_time now) {
    return (uint32_t)((uint64_t)now >> 20);
}

static uint64_t total_flight(const mpt_conn *c) {
    return c->snd_nxt - c->snd_una;
}

/** Greatest window the peer ever offered. */
static uint64_t window_max(const mpt_conn *c) {
    uint64_t max = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.window_bytes_max > max)
            max = c->subflows[i]->t.window_bytes_max;
    return max;
}

/** The window leaves room for so little that it is not worth a segment: silly window avoidance (RFC 9293 3.8.6.2.1). */
static bool is_silly(const mpt_conn *c, const piece *p, uint32_t mss_bytes) {
    bool is_window_limited = p->offset + p->bytes < c->snd_written;
    return is_window_limited && p->bytes < mss_bytes && (total_flight(c) > 0 || p->bytes < window_max(c) / 2);
}

/**
 * Small segments wait: silly window avoidance, and Nagle (RFC 9293 3.7.4). That is about each path by itself: what another one has under way
 * says nothing about small segments here.
 */
static bool must_wait(const mpt_conn *c, const piece *p, const mpt_tcp *t) {
    if (p->is_again)
        return false;
    bool is_held_by_nagle = c->set.nagle && !c->fin_requested && p->bytes < t->cc.mss_bytes && t->q.count > 0;
    return is_held_by_nagle || is_silly(c, p, t->cc.mss_bytes);
}

/* ---- On which subflow ---- */

static bool is_backup(const mpt_subflow *sf) {
    return sf->is_backup_local || sf->is_backup_remote;
}

static bool is_fit(const mpt_subflow *sf) {
    return mpt_subflow_can_send(sf) && !sf->is_stalled;
}

static bool has_room(const mpt_subflow *sf, mpt_time now) {
    return mpt_recovery_allows(&sf->t, sf->t.cc.mss_bytes, true, now);
}

/** See which ways are open at those subflows where that may have changed. Not inlined: mostly there is none. */
__attribute__((noinline)) static void look_again(mpt_conn *c, mpt_time now) {
    mpt_ways *w = &c->ways;
    uint32_t all = mpt_bits_below(c->subflow_count), stale = c->node.stale & all, known = all & ~stale;
    c->node.stale = 0;
    w->ordinary &= known;
    w->backup &= known;
    w->stalled &= known;
    w->repairing &= known;
    w->room &= known;
    for (; stale != 0; stale &= stale - 1) {
        uint32_t i = mpt_bits_first(stale);
        mpt_subflow *sf = c->subflows[i];
        uint32_t may_send = is_fit(sf);
        sf->path.looked_at = MPT_NEVER;
        sf->path.is_backup = is_backup(sf);
        w->ordinary |= (may_send & !sf->path.is_backup) << i;
        w->backup |= (may_send & sf->path.is_backup) << i;
        w->stalled |= (uint32_t)(sf->is_stalled && sf->t.state != MPT_TCP_CLOSED) << i;
        w->repairing |= (uint32_t)(sf->t.ca >= MPT_CA_RECOVERY) << i;
        w->room |= (uint32_t)has_room(sf, now) << i;
        c->node.stale |= (uint32_t)mpt_pacing_holds(&sf->t, now) << i; /* it opens by itself */
    }
}

static void look_at_stale(mpt_conn *c, mpt_time now) {
    if (c->node.stale != 0)
        look_again(c, now);
}

/** Subflows that may take new data as far as their state goes: ordinary ones, or, without any, backup ones (RFC 8684 3.3.8). */
static uint32_t fit_subflows(const mpt_conn *c) {
    return c->ways.ordinary != 0 ? c->ways.ordinary : c->ways.backup;
}

/** What may be sent on, and what the scheduler is shown. */
typedef struct paths {
    mpt_path *seen[MPT_SUBFLOWS_LIMIT]; /**< of subflows, as the scheduler sees them */
    mpt_sched_view view;
} paths;

static mpt_subflow *subflow_of(const paths *p, uint32_t path) {
    return MPT_LIST_ENTRY(p->seen[path], mpt_subflow, path);
}

static void look(const mpt_conn *c, paths *p, mpt_time now) {
    mpt_sched_view *v = &p->view;
    uint64_t window = c->snd_edge > c->snd_una ? c->snd_edge - c->snd_una : 0;
    uint64_t held = c->snd_written - c->snd_una, spare = 2 * (uint64_t)1460;
    piece fresh = new_piece(c);
    bool is_buffer_full = !c->fin_requested && held + spare >= c->set.send_buffer_bytes;
    v->now = now;
    v->set = &c->set;
    v->paths = p->seen;
    v->count = v->room = 0;
    for (uint32_t rest = fit_subflows(c); rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        p->seen[v->count] = &c->subflows[i]->path;
        v->room |= (c->ways.room >> i & 1) << v->count++;
    }
    v->last = c->last_used ? &c->last_used->path : NULL;
    v->snd_una = c->snd_una;
    v->snd_nxt = c->snd_nxt;
    v->snd_end = fresh.offset + fresh.bytes;
    v->snd_written = c->snd_written;
    v->window_bytes = window < c->set.send_buffer_bytes ? window : c->set.send_buffer_bytes;
    v->has_more = is_buffer_full || c->snd_edge < c->snd_written;
    v->priv = mpt_conn_sched_priv(c);
}

/** The two paths with room on which a segment is there first; count, where there is none. */
typedef struct earliest {
    uint32_t path[2];
    mpt_time arrival_ns[2];
} earliest;

static earliest earliest_paths(const mpt_sched_view *v) {
    earliest e = {{v->count, v->count}, {MPT_NEVER, MPT_NEVER}};
    for (uint32_t rest = v->room; rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        mpt_time ns = mpt_path_arrival(v->paths[i], v->now);
        if (ns < e.arrival_ns[0] || e.path[0] == v->count) {
            e = (earliest){{i, e.path[0]}, {ns, e.arrival_ns[0]}};
        } else if (ns < e.arrival_ns[1] || e.path[1] == v->count) {
            e.path[1] = i;
            e.arrival_ns[1] = ns;
        }
    }
    return e;
}

/** The earliest path but @p other's. @param arrival_ns may be NULL @return count when there is none */
static uint32_t earliest_but(const earliest *e, const mpt_sched_view *v, const mpt_subflow *other,
                             mpt_time *arrival_ns) {
    bool is_first_other = other && e->path[0] < v->count && v->paths[e->path[0]] == &other->path;
    if (arrival_ns)
        *arrival_ns = e->arrival_ns[is_first_other];
    return e->path[is_first_other];
}

/** The subflow for what is not data (a DATA_FIN, a probe): with each @p turn another, for a dead one would not tell. */
static mpt_subflow *any_subflow(const mpt_conn *c, uint32_t turn) {
    mpt_subflow *subflows[MPT_SUBFLOWS_LIMIT];
    uint32_t n = 0;
    for (int is_stalled = 0; is_stalled <= 1 && n == 0; is_stalled++)
        for (uint32_t i = 0; i < c->subflow_count; i++)
            if (mpt_subflow_is_alive(c->subflows[i]) && c->subflows[i]->is_established &&
                c->subflows[i]->is_stalled == is_stalled)
                subflows[n++] = c->subflows[i];
    return n > 0 ? subflows[turn % n] : NULL;
}

/* ---- Sending ---- */

static void after_new_data(mpt_conn *c, uint64_t bytes, bool is_data_fin, mpt_time now) {
    c->snd_nxt += bytes;
    c->dry_since = MPT_NEVER;
    if (is_data_fin) {
        c->is_fin_last = c->peer_ended;
        c->fin_sent = true;
        c->data_fin_wanted = false;
        c->fin_at = now + 2 * c->set.rto_initial_ns;
        mpt_conn_arm(c, c->fin_at);
    } else if (c->fin_requested && c->snd_nxt == c->snd_written) {
        mpt_conn_close_progress(c, now);
    }
}

static bool transmit_piece(mpt_conn *c, mpt_subflow *sf, const piece *p, mpt_segment *out, mpt_time now) {
    uint32_t max = mpt_tcp_payload_max(&sf->t), bytes = p->bytes < max ? (uint32_t)p->bytes : max;
    bool is_mptcp = mpt_conn_is_mptcp(c), was_idle = sf->t.q.count == 0;
    bool is_last = p->offset + bytes == c->snd_written && c->fin_requested;
    bool may_end = is_mptcp && c->is_fully_established && bytes < 65535;
    bool is_data_fin = is_last && may_end && (!p->is_again || c->fin_sent);
    uint32_t flags =
        (is_data_fin ? MPT_CHUNK_DATA_FIN : 0) | (p->offset + bytes == c->snd_written ? MPT_CHUNK_PUSH : 0);
    if (mpt_tcp_transmit_data(&sf->t, p->offset, bytes, (uint8_t)flags, out, now)) {
        mpt_conn_starved(c, now);
        return false;
    }
    c->node.stale |= 1u << sf->index;
    if (was_idle)
        mpt_arrival_begin(&sf->path.arrival, &sf->t, now);
    c->last_used = sf;
    c->fallback.is_straight &= !p->is_again && !sf->is_join;
    mpt_sched_tell(sf, MPT_SCHED_SENT, p->offset, bytes, p->is_again, now);
    if (p->is_again) {
        mpt_sendq_at(&sf->t.q, sf->t.q.count - 1)->flags |= MPT_CHUNK_COPY;
        c->bytes_reinjected += bytes;
        MPT_COUNT(c->stack, MPTCPRetrans);
    } else {
        after_new_data(c, bytes, is_data_fin, now);
    }
    return true;
}

/** Is there another path than the holder's that could bring what is at @p offset, now or once it has room? */
static bool has_other_way(const paths *p, uint32_t holder, uint64_t offset) {
    for (uint32_t i = 0; i < p->view.count; i++)
        if (i != holder && !mpt_sched_holds(p->view.paths[i], offset))
            return true;
    return false;
}

/** What is at @p offset will not be sent elsewhere now: should its holder fail, it is to be copied like anything else. */
static void forget_copy(mpt_subflow *holder, uint64_t offset) {
    for (uint32_t i = 0; i < holder->t.q.count; i++) {
        mpt_chunk *k = mpt_sendq_at(&holder->t.q, i);
        if (k->stream_offset <= offset && offset - k->stream_offset < k->bytes)
            k->flags &= (uint16_t)~MPT_CHUNK_REINJECTED;
    }
    holder->copied_below = 0;
}

/** What a subflow that is gone left behind, and what did not fit beside a copy. */
static bool transmit_reinjection(mpt_conn *c, const paths *p, mpt_segment *out, mpt_time now) {
    piece again = next_piece(c);
    earliest e = earliest_paths(&p->view);
    uint32_t path = p->view.count > 1 ? earliest_but(&e, &p->view, c->unheard_of, NULL) : e.path[0];
    if (c->reinject.count == 0 || path == p->view.count)
        return false;
    uint64_t held_until =
        c->fallback.is_failing ? again.offset : mpt_sched_held_until(p->view.paths[path], again.offset);
    if (held_until > again.offset && has_other_way(p, path, again.offset)) {
        path = earliest_but(&e, &p->view, subflow_of(p, path), NULL);
        if (path == p->view.count || mpt_sched_holds(p->view.paths[path], again.offset))
            return false;                   /* there will be room, or news */
    } else if (held_until > again.offset) { /* by TCP it comes there, and is where a fallback would look for it */
        if (p->view.count == 1)
            forget_copy(subflow_of(p, path), again.offset);
        bool is_removed = !mpt_ranges_remove(&c->reinject, again.offset, held_until, &c->stack->mem);
        return is_removed && transmit_reinjection(c, p, out, now); /* the next one */
    }
    uint32_t max = mpt_tcp_payload_max(&subflow_of(p, path)->t);
    again.bytes = again.bytes < max ? again.bytes : max;
    uint64_t end = again.offset + again.bytes;
    if (mpt_ranges_remove(&c->reinject, again.offset, end, &c->stack->mem)) {
        mpt_conn_starved(c, now);
        return false;
    }
    if (transmit_piece(c, subflow_of(p, path), &again, out, now))
        return true;
    mpt_ranges_add(&c->reinject, again.offset, end, NULL, &c->stack->mem);
    return false;
}

/* ---- Copies of what is outstanding elsewhere ---- */

/** Does the stream need @p k, and was no copy of it sent? */
static bool is_uncopied(const mpt_conn *c, const mpt_chunk *k) {
    bool is_needed = k->bytes > 0 && k->stream_offset + k->bytes > c->snd_una;
    return is_needed && !(k->flags & (MPT_CHUNK_SACKED | MPT_CHUNK_REINJECTED));
}

/** Index of the first chunk of @p sf that the stream needs and of which nobody sent a copy; count when there is none. */
static uint32_t next_uncopied(const mpt_conn *c, mpt_subflow *sf) {
    const mpt_sendq *q = &sf->t.q;
    uint32_t i = q->count > 0 && sf->copied_below > mpt_sendq_at(q, 0)->start ? mpt_sendq_find(q, sf->copied_below) : 0;
    for (; i < q->count && !is_uncopied(c, mpt_sendq_at(q, i)); i++)
        sf->copied_below = mpt_chunk_end(mpt_sendq_at(q, i));
    return i;
}

static bool transmit_copy(mpt_conn *c, mpt_subflow *sf, mpt_chunk *k, mpt_segment *out, mpt_time now) {
    uint64_t start = k->stream_offset > c->snd_una ? k->stream_offset : c->snd_una, end = k->stream_offset + k->bytes;
    uint32_t max = mpt_tcp_payload_max(&sf->t);
    if (end - start > max) { /* what does not fit into one segment here follows */
        if (mpt_ranges_add(&c->reinject, start + max, end, NULL, &c->stack->mem)) {
            mpt_conn_starved(c, now);
            return false;
        }
        end = start + max;
    }
    if (!transmit_piece(c, sf, &(piece){start, end - start, true}, out, now))
        return false;
    k->flags |= MPT_CHUNK_REINJECTED;
    return true;
}

/** May another path than its holder have got @p k itself? */
static bool may_be_held(const mpt_conn *c, const mpt_chunk *k) {
    return (k->flags & MPT_CHUNK_COPY) || c->sched->makes_copies;
}

/** A path for a copy of @p k, but not the holder, nor one that has got it itself, from an earlier holder. */
static uint32_t path_for_copy(const mpt_conn *c, const paths *p, const earliest *e, const mpt_subflow *holder,
                              const mpt_chunk *k, mpt_time *ns) {
    const mpt_sched_view *v = &p->view;
    uint32_t path = earliest_but(e, v, holder, ns);
    if (path < v->count && may_be_held(c, k) && mpt_sched_holds(v->paths[path], k->stream_offset))
        return v->count;
    return path;
}

/** What a subflow that timed out holds goes before anything new, on the others. */
static bool transmit_of_stalled(mpt_conn *c, const paths *p, mpt_segment *out, mpt_time now) {
    earliest e = earliest_paths(&p->view);
    for (uint32_t rest = c->ways.stalled; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        mpt_time ns;
        uint32_t i = next_uncopied(c, sf);
        mpt_chunk *k = i < sf->t.q.count ? mpt_sendq_at(&sf->t.q, i) : NULL;
        uint32_t path = k ? path_for_copy(c, p, &e, sf, k, &ns) : p->view.count;
        if (path < p->view.count && transmit_copy(c, subflow_of(p, path), k, out, now))
            return true;
    }
    return false;
}

/** Has it been lost? Or does the reader wait, and this one is under way for longer than he should? */
static bool is_in_need(const mpt_subflow *sf, const mpt_chunk *k, bool does_reader_wait, mpt_time now) {
    enum { OVERDUE_MS = 1000 };
    mpt_time age = now - k->sent_at, usual = 2 * mpt_arrival_least(&sf->path.arrival, &sf->t);
    bool is_overdue = does_reader_wait && age >= OVERDUE_MS * MPT_MS && age >= usual;
    return is_overdue || (k->flags & (MPT_CHUNK_LOST | MPT_CHUNK_EVER_RESENT)) != 0;
}

/**
 * What a path has lost, and repairs in a round trip of its own, goes on another one as well before anything new, where it is there in half the time: nothing that
 * follows in the stream is of use before. So does what waits for a second or more in a queue, of a path whose rate has fallen.
 */
static bool transmit_in_need(mpt_conn *c, const paths *p, mpt_segment *out, mpt_time now) {
    enum { WAITS_TICKS = 477 }; /* half a second */
    const mpt_sched_view *v = &p->view;
    bool does_reader_wait = c->snd_una < c->snd_nxt && tick_of(now) - c->una_tick >= WAITS_TICKS;
    uint32_t rest = fit_subflows(c) & (does_reader_wait ? UINT32_MAX : c->ways.repairing);
    for (; rest != 0 && v->count > 1; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        uint32_t first = next_uncopied(c, sf);
        mpt_chunk *k = first < sf->t.q.count ? mpt_sendq_at(&sf->t.q, first) : NULL;
        mpt_time ns;
        if (!k || !is_in_need(sf, k, does_reader_wait, now))
            continue;
        earliest e = earliest_paths(v);
        uint32_t path = path_for_copy(c, p, &e, sf, k, &ns);
        if (path < v->count && 2 * ns < mpt_arrival_of_chunk(&sf->path.arrival, &sf->t, k, true, now) &&
            transmit_copy(c, subflow_of(p, path), k, out, now))
            return true;
    }
    return false;
}

/** Is new data held up, not by the paths but because the window or the send buffer is full? */
static bool is_window_full(const mpt_conn *c, const mpt_sched_view *v) {
    return v->has_more && v->snd_end - c->snd_nxt < 1460;
}

/** Why there is nothing new to send. */
typedef enum copy_reason {
    COPY_FOR_WINDOW, /**< the peer's window or the send buffer is full: the stream waits for its first missing byte */
    COPY_IN_PAUSE,   /**< all was sent, but more may be about to be written: what was acknowledged made room just now */
    COPY_AT_END      /**< all was sent, and nothing follows soon: the stream waits for its last byte */
} copy_reason;

static copy_reason reason_to_copy(mpt_conn *c, const mpt_sched_view *v, mpt_time now) {
    enum { WRITTEN_AT_ONCE_MS = 1 };
    bool is_full = is_window_full(c, v);
    if (is_full)
        c->dry_since = MPT_NEVER;
    else if (c->dry_since == MPT_NEVER)
        c->dry_since = now;
    if (is_full)
        return COPY_FOR_WINDOW;
    mpt_time end = c->dry_since + WRITTEN_AT_ONCE_MS * MPT_MS;
    if (c->fin_requested || end <= now)
        return COPY_AT_END;
    c->sched_at = end < c->sched_at ? end : c->sched_at;
    return COPY_IN_PAUSE;
}

/** Else the queue is our own, and the next segments go elsewhere; where no next ones follow, a queue has to be much longer. */
static bool is_on_longer_path(const mpt_subflow *holder, mpt_time ns, mpt_time left_ns, copy_reason reason) {
    enum { MUCH_LONGER = 4 };
    bool is_longer = mpt_least_get(&holder->t.rtt_min) > 2 * ns;
    return is_longer || (reason == COPY_AT_END && left_ns / MUCH_LONGER > ns) ||

           (reason == COPY_FOR_WINDOW && 2 * mpt_arrival_spacing(&holder->path.arrival, &holder->t) > ns);
}

/**
 * Is a copy on the path @p to, where it takes @p ns, worth its bytes? It must be there a quarter sooner than an original that is late; or in half the time
 * of one on a longer path, noticeably so where no window waits for it, or on one that hardly delivers a segment in that time. At the end it also is where
 * nobody knows how long the original takes. When not: @p again_at is told when it may be.
 */
static bool is_worthwhile(const mpt_subflow *holder, const mpt_chunk *k, const mpt_path *to, mpt_time ns,
                          copy_reason reason, mpt_time now, mpt_time *again_at) {
    enum { NOTICEABLE_MS = 10 };
    mpt_time left_ns = mpt_arrival_of_chunk(&holder->path.arrival, &holder->t, k, reason == COPY_AT_END, now);
    mpt_time late_at = mpt_arrival_overdue_at(&holder->path.arrival, &holder->t, k);
    bool is_better = left_ns > 2 * ns && (reason == COPY_FOR_WINDOW || left_ns > ns + NOTICEABLE_MS * MPT_MS) &&
                     is_on_longer_path(holder, ns, left_ns, reason);
    bool is_late = late_at <= now && left_ns > ns + ns / 4 &&
                   (reason == COPY_AT_END || mpt_arrival_is_silent(&holder->path.arrival, &holder->t, now));
    bool is_guess = reason == COPY_AT_END && holder->conn->fin_requested &&
                    mpt_arrival_is_guess(&holder->path.arrival, left_ns, mpt_arrival_least(&to->arrival, to->tcp));
    bool has_left =
        !(k->flags & MPT_CHUNK_COPY) || k->sent_at < now; /* else two paths take it from each other for ever */
    if (is_late || (has_left && (is_better || is_guess)))
        return true;
    mpt_time then = late_at > now
                        ? late_at
                        : now + longer(ns / 8, MPT_MS); /* the longer nothing is heard, the longer it will take */
    if (then < *again_at)
        *again_at = then;
    return false;
}

/** Will an answer to @p k be late only in future? Then is @p again_at told when. */
static bool is_in_time(const mpt_subflow *holder, const mpt_chunk *k, mpt_time now, mpt_time *again_at) {
    mpt_time late_at = mpt_arrival_overdue_at(&holder->path.arrival, &holder->t, k);
    if (late_at <= now)
        return false;
    *again_at = late_at < *again_at ? late_at : *again_at;
    return true;
}

/** Where copies could go. Weighing the paths is dear, and mostly not needed: a bound of the result will do. */
typedef struct copy_ways {
    mpt_time least_ns; /**< on no path with room is a copy there sooner */
    bool is_weighed;
    earliest best; /**< once weighed */
} copy_ways;

static copy_ways ways_for_copies(const mpt_sched_view *v) {
    copy_ways w = {.least_ns = MPT_NEVER};
    for (uint32_t rest = v->room; rest != 0; rest &= rest - 1) {
        const mpt_path *path = v->paths[mpt_bits_first(rest)];
        mpt_time ns = mpt_arrival_least(&path->arrival, path->tcp);
        w.least_ns = ns < w.least_ns ? ns : w.least_ns;
    }
    return w;
}

static const earliest *weigh(copy_ways *w, const mpt_sched_view *v) {
    if (!w->is_weighed)
        w->best = earliest_paths(v);
    w->is_weighed = true;
    return &w->best;
}

/** Has any path but @p holder room? */
static bool has_other_with_room(const mpt_sched_view *v, const mpt_subflow *holder) {
    uint32_t rest = v->room;
    return (rest & (rest - 1)) != 0 || (rest != 0 && v->paths[mpt_bits_first(rest)] != &holder->path);
}

/** A chunk that is outstanding on one path, and where its copy would go. */
typedef struct copy {
    mpt_subflow *holder;
    mpt_chunk *chunk; /**< NULL: none */
    uint32_t path;
} copy;

/**
 * Of what @p sf holds, what is worth a copy first: where a window is full, of what comes first in the stream; at the end of what there is to send, of what comes
 * last, so that the two paths meet in the middle.
 */
static copy worthwhile_copy(mpt_conn *c, const paths *p, copy_ways *ways, mpt_subflow *sf, copy_reason reason,
                            mpt_time now) {
    enum { LOOKED_AT_MAX = 16 }; /* what a path that has stopped holds is all alike */
    const mpt_sendq *q = &sf->t.q;
    uint32_t looked_at = 0, enough = reason == COPY_IN_PAUSE ? 1 : LOOKED_AT_MAX;
    bool is_open = sf->t.state != MPT_TCP_CLOSED && has_other_with_room(&p->view, sf);
    uint32_t first = is_open ? next_uncopied(c, sf) : q->count;
    if (first == q->count)
        return (copy){.holder = sf};
    bool may_pay = is_on_longer_path(sf, ways->least_ns, MPT_NEVER, reason);
    for (uint32_t n = 0; n < q->count - first && looked_at < enough; n++) {
        mpt_chunk *k = mpt_sendq_at(q, reason == COPY_AT_END ? q->count - 1 - n : first + n);
        mpt_time ns;
        if (!is_uncopied(c, k))
            continue;
        looked_at++;
        if (!may_pay && !may_be_held(c, k) && is_in_time(sf, k, now, &c->sched_at)) {
            if (reason != COPY_AT_END && sf->t.ca == MPT_CA_OPEN)
                break; /* the next were sent later */
            continue;
        }
        uint32_t path = path_for_copy(c, p, weigh(ways, &p->view), sf, k, &ns);
        if (path < p->view.count && is_worthwhile(sf, k, p->view.paths[path], ns, reason, now, &c->sched_at))
            return (copy){sf, k, path};
    }
    return (copy){.holder = sf};
}

/** Would the others, without @p holder, bring at least as much as it does? Else to halve its window costs more than what it holds up. */
static bool is_dispensable(const mpt_sched_view *v, const mpt_subflow *holder) {
    double own = 0, others = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        const mpt_tcp *t = v->paths[i]->tcp;
        double rate = t->rto.srtt_ns > 0 ? (double)t->cc.cwnd_bytes / (double)t->rto.srtt_ns : 0;
        *(v->paths[i] == &holder->path ? &own : &others) += rate;
    }
    return others >= own;
}

/**
 * Opportunistic retransmission (Raiciu et al., NSDI 2012, 4.2): a path with room and nothing new to send takes a copy of what the stream waits for, where
 * that is there sooner.
 */
static bool transmit_opportune(mpt_conn *c, const paths *p, mpt_segment *out, mpt_time now) {
    const mpt_sched_view *v = &p->view;
    copy first = {0};
    if (v->room == 0 || c->snd_una == c->snd_nxt)
        return false;
    copy_ways ways = ways_for_copies(v);
    copy_reason reason = reason_to_copy(c, v, now);
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        copy k = worthwhile_copy(c, p, &ways, c->subflows[i], reason, now);
        if (k.chunk && (!first.chunk || k.chunk->stream_offset < first.chunk->stream_offset))
            first = k;
    }
    if (!first.chunk || !transmit_copy(c, subflow_of(p, first.path), first.chunk, out, now))
        return false;
    if (c->set.penalisation && reason == COPY_FOR_WINDOW && is_dispensable(v, first.holder))
        mpt_path_penalise(&first.holder->path, now);
    return true;
}

/** The third ACK with both keys goes before a DATA_FIN (RFC 8684 3.1), and, in version 0, before data. */
static bool waits_for_third_ack(const mpt_conn *c) {
    const mpt_subflow *sf = c->subflow_count > 0 ? c->subflows[0] : NULL;
    return sf && !sf->is_join && c->is_client && mpt_conn_is_mptcp(c) && !c->is_fully_established && sf->t.ack_wanted;
}

/** The scheduler's choice is carried out. Copies are MPTCP's alone. */
static bool transmit_choice(mpt_conn *c, const paths *p, mpt_segment *out, mpt_time now) {
    const mpt_sched_view *v = &p->view;
    mpt_sched_choice choice = mpt_sched_new(v, 0);
    bool has_new = v->snd_end > v->snd_nxt, may_copy = c->sched->makes_copies && mpt_conn_is_mptcp(c);
    if (!has_new && !may_copy)
        return false;
    if (v->count > 1 || may_copy)
        choice = mpt_sched_ask(c, v, has_new);
    if (choice.is_wait) {
        c->sched_at = choice.again_at < c->sched_at ? choice.again_at : c->sched_at;
        return false;
    }
    mpt_subflow *sf = subflow_of(p, choice.path);
    piece it = {choice.offset, v->snd_end - v->snd_nxt, choice.offset < v->snd_nxt};
    if (it.is_again)
        it.bytes = v->snd_nxt - choice.offset;
    if (it.bytes == 0 || must_wait(c, &it, &sf->t))
        return false;
    if (it.bytes > choice.bytes_max) /* small by the scheduler's will, which no window would end */
        it.bytes = choice.bytes_max;
    return transmit_piece(c, sf, &it, out, now);
}

/** Is there more than one way for new data, or more to do than to send them? */
static bool has_choice(const mpt_conn *c) {
    return c->subflow_count != 1 || c->sched->makes_copies || c->sched->events != 0;
}

static bool is_open(const mpt_subflow *sf, mpt_time now) {
    return is_fit(sf) && has_room(sf, now);
}

/** There is nothing to choose: new data on the only subflow. */
static bool transmit_on_only(mpt_conn *c, mpt_segment *out, mpt_time now) {
    mpt_subflow *sf = c->subflows[0];
    piece p = new_piece(c);
    return p.bytes > 0 && is_open(sf, now) && !must_wait(c, &p, &sf->t) && transmit_piece(c, sf, &p, out, now);
}

/** What goes where is to be chosen: by the scheduler, or because something is to be sent again. Not inlined: its frame is large. */
__attribute__((noinline)) static bool transmit_chosen(mpt_conn *c, mpt_segment *out, mpt_time now) {
    paths p;
    look_at_stale(c, now);
    if ((fit_subflows(c) & c->ways.room) == 0)
        return false;
    look(c, &p, now);
    if (c->reinject.count > 0 && transmit_reinjection(c, &p, out, now))
        return true;
    if (c->ways.stalled != 0 && transmit_of_stalled(c, &p, out, now))
        return true;
    bool may_copy = c->set.opportunistic_retransmission && !c->sched->takes_no_copies;
    if (may_copy && transmit_in_need(c, &p, out, now))
        return true;
    if (transmit_choice(c, &p, out, now))
        return true;
    if (is_window_full(c, &p.view))
        mpt_sched_tell_window_full(c, now);
    if (c->subflow_count > 1 && may_copy && transmit_opportune(c, &p, out, now))
        return true;
    mpt_conn_arm(c, c->sched_at);
    return false;
}

static bool transmit_data(mpt_conn *c, mpt_segment *out, mpt_time now) {
    c->sched_at = MPT_NEVER;
    if ((c->snd_una == c->snd_written && c->reinject.count == 0) || waits_for_third_ack(c))
        return false;
    return has_choice(c) || c->reinject.count > 0 ? transmit_chosen(c, out, now) : transmit_on_only(c, out, now);
}

/** A tail loss probe (RFC 8985 7.3): new data if there are, whatever the congestion window says, else the last segment again. */
static bool transmit_tail_probe(mpt_conn *c, mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    piece p = new_piece(c);
    sf->t.tlp.is_wanted = false;
    bool has_new = p.bytes > 0 && !c->is_dead && is_fit(sf) && !is_backup(sf);
    if (has_new && transmit_piece(c, sf, &p, out, now)) {
        mpt_tlp_sent(&sf->t, false);
        return true;
    }
    if (sf->t.q.count == 0 || sf->t.ca >= MPT_CA_RECOVERY)
        return false;
    mpt_tcp_transmit_tail(&sf->t, out, now);
    mpt_tlp_sent(&sf->t, true);
    return true;
}

/** A DATA_FIN on its own: an ACK with a mapping of length 1 (RFC 8684 3.3.3). */
static bool transmit_data_fin(mpt_conn *c, mpt_segment *out, mpt_time now) {
    if (!c->data_fin_wanted)
        return false;
    mpt_subflow *sf = any_subflow(c, c->fin_sent_count);
    if (waits_for_third_ack(c))
        return false;
    bool is_all_sent = c->snd_nxt == c->snd_written;
    if (!sf || !is_all_sent || c->fin_acked || !mpt_conn_is_mptcp(c))
        return false;
    c->data_fin_wanted = false;
    if (!c->fin_sent)
        c->is_fin_last = c->peer_ended;
    c->fin_sent = true;
    if (c->fin_at == MPT_NEVER || c->fin_at <= now)
        c->fin_at = now + mpt_rto_get(&sf->t.rto);
    mpt_conn_arm(c, c->fin_at);
    mpt_subflow_transmit_data_fin(sf, out, now);
    return true;
}

static bool transmit_probe(mpt_conn *c, mpt_segment *out, mpt_time now) {
    mpt_subflow *sf = c->probe_wanted ? any_subflow(c, c->probe_count - 1) : NULL;
    if (!sf)
        return false;
    c->probe_wanted = false;
    piece p = new_piece(c);
    if (p.bytes > 0 && total_flight(c) == 0 && is_fit(sf))
        return transmit_piece(c, sf, &p, out,
                              now); /* a little after all: "the override timeout occurs" (RFC 9293 3.8.6.2.1) */
    mpt_tcp_transmit_probe(&sf->t, out, now);
    return true;
}

static bool transmit_keepalive(mpt_conn *c, uint32_t subflows, mpt_segment *out, mpt_time now) {
    for (uint32_t rest = subflows; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if (sf->keepalive_wanted && sf->t.state != MPT_TCP_CLOSED) {
            sf->keepalive_wanted = false;
            mpt_tcp_transmit_probe(&sf->t, out, now);
            return true;
        }
    }
    return false;
}

bool mpt_conn_is_unheard_of(const mpt_conn *c) {
    if (!mpt_conn_is_mptcp(c) || total_flight(c) == 0 || c->reinject.count > 0 || c->is_dead)
        return false;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.q.count > 0)
            return false;
    return true;
}

/** The peer's window is closed, or as good as closed: for the subflow of the longest segments at least, and none else took the data. */
static bool is_shut(const mpt_conn *c) {
    piece p = new_piece(c);
    uint32_t mss_bytes = 0;
    if (c->snd_nxt == c->snd_written || total_flight(c) > 0 || c->is_dead)
        return false;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (mpt_subflow_can_send(c->subflows[i]) && c->subflows[i]->t.cc.mss_bytes > mss_bytes)
            mss_bytes = c->subflows[i]->t.cc.mss_bytes;
    return p.bytes == 0 || is_silly(c, &p, mss_bytes);
}

/**
 * The peer's window is closed (RFC 9293 3.8.6.1), or its DATA_ACK is missing, and nothing is under way that would bring news:
 * probe.
 */
static void watch_window(mpt_conn *c, mpt_time now) {
    if (!is_shut(c) && !mpt_conn_is_unheard_of(c)) {
        c->probe_at = MPT_NEVER;
        c->probe_count = 0;
        c->probe_wanted = false;
    } else if (c->probe_at == MPT_NEVER && any_subflow(c, 0)) {
        c->probe_at = now + mpt_rto_get(&any_subflow(c, 0)->t.rto);
        mpt_conn_arm(c, c->probe_at);
    }
}

/** Nothing could be sent: is there something that waited for new data in vain? */
static bool has_waited_in_vain(mpt_conn *c, mpt_time now) {
    bool has = false, holds = false;
    for (uint32_t i = 0; c->node.has_frto && i < c->subflow_count; i++) {
        mpt_tcp *t = &c->subflows[i]->t;
        has |= mpt_frto_holds(t) && mpt_frto_give_up(t, now);
        holds |= mpt_frto_holds(t);
    }
    c->node.has_frto = holds;
    if (has)
        c->node.look = MPT_LOOK_ALL;
    return has;
}

/** Nothing more can be sent now: what is paced goes on by itself, and rates of delivery show what the application gives. */
static void watch_paces(mpt_conn *c, mpt_time now) {
    bool has_data = next_piece(c).bytes > 0 && !c->is_dead;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_tcp *t = &c->subflows[i]->t;
        if (c->set.pacing || t->cc.pacing_bytes_per_s > 0)
            mpt_pacing_watch(t, has_data, now);
        if (t->q.has_stamps && (mpt_conn_is_mptcp(c) || c->snd_written - c->snd_nxt < t->cc.mss_bytes))
            mpt_rate_nothing_to_send(t, now); /* a subflow's queue is what the scheduler gives it (as in Linux) */
        c->node.look |= (uint32_t)mpt_pacing_holds(t, now) << i; /* it opens by itself */
    }
}

/** @param looked_at subflows where something may wait */
static bool transmit_next(mpt_conn *c, uint32_t looked_at, mpt_segment *out, mpt_time now) {
    for (uint32_t rest = looked_at; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if (mpt_tcp_transmit_urgent(&sf->t, out, now) ||
            (sf->t.tlp.is_wanted && transmit_tail_probe(c, sf, out, now))) {
            c->node.stale |= 1u << sf->index;
            return true;
        }
    }
    for (uint32_t rest = looked_at; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if (sf->fail_wanted && mpt_subflow_transmit_ack(sf, out, now))
            return true; /* before data with the infinite mapping: a peer that takes it (Linux) looks at no options any more */
    }
    if (!c->is_dead && (transmit_data(c, out, now) || transmit_data_fin(c, out, now) || transmit_probe(c, out, now) ||
                        transmit_keepalive(c, looked_at, out, now)))
        return true;
    if (mpt_addr_option_waits(c, now))
        looked_at = mpt_bits_below(c->subflow_count);
    for (uint32_t rest = looked_at; rest != 0; rest &= rest - 1)
        if (mpt_subflow_transmit_ack(c->subflows[mpt_bits_first(rest)], out, now))
            return true;
    return false;
}

bool mpt_conn_transmit(mpt_conn *c, mpt_segment *out, mpt_time now) {
    uint32_t looked_at = c->node.look & mpt_bits_below(c->subflow_count);
    c->node.look = 0;
    if (transmit_next(c, looked_at, out, now)) {
        c->node.look |= looked_at;
        return true;
    }
    if (has_waited_in_vain(c, now))
        return mpt_conn_transmit(c, out, now);
    watch_window(c, now);
    if (c->set.pacing || c->node.is_paced || (c->subflow_count > 0 && c->subflows[0]->t.q.has_stamps))
        watch_paces(c, now);
    return false;
}

/* ---- Is it worth a look? ---- */

static bool is_subflow_quiet(const mpt_subflow *sf) {
    const mpt_tcp *t = &sf->t;
    return (t->wanted | sf->wanted) == 0 && !t->tlp.is_wanted && t->q.lost_bytes == t->q.retransmitted_bytes &&
           !mpt_frto_holds(t) && !t->q.has_stamps && t->cc.pacing_bytes_per_s == 0;
}

/** All that may be sent now is under way, and nobody would send any of it twice. */
static bool has_nothing_new(const mpt_conn *c) {
    piece p = new_piece(c);
    return p.bytes == 0 || must_wait(c, &p, &c->last_used->t);
}

/** No path has room. */
static bool has_no_room(mpt_conn *c) {
    look_at_stale(c, c->stack->now);
    return (fit_subflows(c) & c->ways.room) == 0;
}

/** Data are under way, which bring news, and before that nothing can be sent. */
static bool is_held_up(mpt_conn *c) {
    const mpt_subflow *last = c->last_used;
    if (c->is_dead || !last || last->t.q.count == 0 || last->t.q.has_stamps || total_flight(c) == 0)
        return false;
    return has_choice(c) ? has_no_room(c) : !is_open(last, c->stack->now) || has_nothing_new(c);
}

bool mpt_conn_is_quiet(mpt_conn *c) {
    if (c->snd_una != c->snd_written && !is_held_up(c))
        return false;
    for (uint32_t rest = c->node.look & mpt_bits_below(c->subflow_count); rest != 0; rest &= rest - 1)
        if (!is_subflow_quiet(c->subflows[mpt_bits_first(rest)]))
            return false;
    bool is_wanted = c->data_fin_wanted | c->probe_wanted | c->set.pacing;
    if (is_wanted || (c->reinject.count | c->probe_count) > 0 || c->probe_at != MPT_NEVER ||
        mpt_addr_option_waits(c, c->stack->now))
        return false;
    c->node.look = 0;
    c->sched_at = MPT_NEVER;
    return true;
}

void mpt_conn_wake_for(mpt_subflow *sf) {
    mpt_conn *c = sf->conn;
    uint32_t bit = 1u << sf->index;
    c->node.look |= bit;
    c->node.stale |= bit;
    c->node.moved |= bit;
    if (!mpt_list_is_linked(&c->node.ready) && !mpt_conn_is_quiet(c))
        mpt_conn_wake_stream(c);
}

/* ---- News from the peer ---- */

void mpt_conn_acked(mpt_conn *c, uint64_t offset, bool is_fin_acked, mpt_time now) {
    if (offset > c->snd_una && offset <= c->snd_nxt) {
        bool is_first = c->snd_una == 0;
        c->snd_una = offset;
        c->una_tick = tick_of(now);
        c->unheard_of = NULL;
        if (is_first)
            mpt_pm_update(c);
        mpt_ranges_remove_below(&c->reinject, offset);
        mpt_conn_notify(c, MPT_NOTICE_WRITABLE);
    }
    if (is_fin_acked && c->fin_sent && !c->fin_acked) {
        c->fin_acked = true;
        c->fin_at = MPT_NEVER;
        mpt_conn_close_progress(c, now);
    }
}

void mpt_conn_window(mpt_conn *c, uint64_t edge, mpt_time now) {
    (void)now;
    if (edge > c->snd_edge)
        c->snd_edge = edge;
}

void mpt_conn_reinject_from(mpt_conn *c, mpt_subflow *sf) {
    sf->copied_below = 0; /* SACKs may have been taken back */
    for (uint32_t i = 0; i < sf->t.q.count; i++) {
        const mpt_chunk *k = mpt_sendq_at(&sf->t.q, i);
        uint64_t start = k->stream_offset > c->snd_una ? k->stream_offset : c->snd_una,
                 end = k->stream_offset + k->bytes;
        if (k->flags & MPT_CHUNK_DATA_FIN)
            c->data_fin_wanted = true;
        if (sf->t.state != MPT_TCP_CLOSED || start >= end || (k->flags & MPT_CHUNK_REINJECTED))
            continue; /* of a subflow that is there still copies are taken one by one: what it acknowledges meanwhile needs none */
        if (mpt_ranges_add(&c->reinject, start, end, NULL, &c->stack->mem) == MPT_OK)
            continue;
        /* no memory for a list of ranges: everything that is not acknowledged, as one; its room was made at creation */
        c->reinject.items[0] = (mpt_range){c->snd_una, c->snd_nxt};
        c->reinject.count = 1;
        c->reinject.total = c->snd_nxt - c->snd_una;
        break;
    }
}

void mpt_conn_reinject_after(mpt_conn *c, uint64_t offset) {
    const mpt_mem *mem = &c->stack->mem;
    uint64_t start = offset > c->snd_una ? offset : c->snd_una;
    if (start >= c->snd_nxt || mpt_ranges_add(&c->reinject, start, c->snd_nxt, NULL, mem))
        return; /* without memory: found missing once everything else is acknowledged */
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        const mpt_sendq *q = &c->subflows[i]->t.q;
        for (uint32_t j = 0; j < q->count && c->subflows[i]->t.state != MPT_TCP_CLOSED; j++) {
            const mpt_chunk *k = mpt_sendq_at(q, j);
            if (k->bytes > 0) /* not a FIN */
                mpt_ranges_remove(&c->reinject, k->stream_offset, k->stream_offset + k->bytes, mem);
        }
    }
}
