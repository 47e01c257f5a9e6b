/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_copies.c: what goes a second time, on another path: what a subflow that is gone or stalled left behind, what is lost or late on a slower one, and
 * what the stream waits for where nothing new may be sent.
 */
#include "mptcp/mpt_send.h"
#include "sched/mpt_thin.h"

static mpt_time longer(mpt_time a, mpt_time b) {
    return a > b ? a : b;
}

/** Is there another path than the holder's that could bring what is at @p offset, now or once it has room? */
static bool has_other_way(const mpt_sched_view *v, uint32_t holder, uint64_t offset) {
    for (uint32_t i = 0; i < v->count; i++)
        if (i != holder && !mpt_sched_holds(v->paths[i], offset))
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

bool mpt_copies_reinject(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    mpt_earliest e = mpt_paths_earliest(v);
    uint32_t path = v->count > 1 ? mpt_earliest_but(&e, v, c->unheard_of, NULL) : e.path[0];
    if (c->reinject.count == 0 || path == v->count)
        return false;
    mpt_range first = c->reinject.items[0];
    mpt_piece again = {first.start, first.end - first.start, true};
    uint64_t held_until = c->fallback.is_failing ? again.offset : mpt_sched_held_until(v->paths[path], again.offset);
    if (held_until > again.offset && has_other_way(v, path, again.offset)) {
        path = mpt_earliest_but(&e, v, mpt_paths_subflow(v, path), NULL);
        if (path == v->count || mpt_sched_holds(v->paths[path], again.offset))
            return false;                   /* there will be room, or news */
    } else if (held_until > again.offset) { /* by TCP it comes there, and is where a fallback would look for it */
        if (v->count == 1)
            forget_copy(mpt_paths_subflow(v, path), again.offset);
        bool is_removed = !mpt_ranges_remove(&c->reinject, again.offset, held_until, &c->stack->mem);
        return is_removed && mpt_copies_reinject(c, v, out, now); /* the next one */
    }
    uint32_t max = mpt_tcp_payload_max(&mpt_paths_subflow(v, path)->t);
    again.bytes = again.bytes < max ? again.bytes : max;
    uint64_t end = again.offset + again.bytes;
    if (mpt_ranges_remove(&c->reinject, again.offset, end, &c->stack->mem)) {
        mpt_conn_starved(c, now);
        return false;
    }
    if (mpt_conn_transmit_piece(c, mpt_paths_subflow(v, path), &again, out, now))
        return true;
    mpt_ranges_add(&c->reinject, again.offset, end, NULL, &c->stack->mem);
    return false;
}

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
    if (!mpt_conn_transmit_piece(c, sf, &(mpt_piece){start, end - start, true}, out, now))
        return false;
    k->flags |= MPT_CHUNK_REINJECTED;
    return true;
}

/** May another path than its holder have got @p k itself? */
static bool may_be_held(const mpt_conn *c, const mpt_chunk *k) {
    return (k->flags & MPT_CHUNK_COPY) || c->sched->makes_copies;
}

/** A path for a copy of @p k, but not the holder, nor one that has got it itself, from an earlier holder. */
static uint32_t path_for_copy(const mpt_conn *c, const mpt_sched_view *v, const mpt_earliest *e,
                              const mpt_subflow *holder, const mpt_chunk *k, mpt_time *ns) {
    uint32_t path = mpt_earliest_but(e, v, holder, ns);
    if (path < v->count && may_be_held(c, k) && mpt_sched_holds(v->paths[path], k->stream_offset))
        return v->count;
    return path;
}

/** What a subflow that timed out holds goes before anything new, on the others. */
bool mpt_copies_of_stalled(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    mpt_earliest e = mpt_paths_earliest(v);
    for (uint32_t rest = c->ways.stalled; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        mpt_time ns;
        uint32_t i = next_uncopied(c, sf);
        mpt_chunk *k = i < sf->t.q.count ? mpt_sendq_at(&sf->t.q, i) : NULL;
        uint32_t path = k ? path_for_copy(c, v, &e, sf, k, &ns) : v->count;
        if (path < v->count && transmit_copy(c, mpt_paths_subflow(v, path), k, out, now))
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
bool mpt_copies_in_need(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    bool does_reader_wait = mpt_copies_does_reader_wait(c, now);
    uint32_t rest = mpt_paths_fit(c) & (does_reader_wait ? UINT32_MAX : c->ways.repairing);
    for (; rest != 0 && v->count > 1; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        uint32_t first = next_uncopied(c, sf);
        mpt_chunk *k = first < sf->t.q.count ? mpt_sendq_at(&sf->t.q, first) : NULL;
        mpt_time ns;
        if (!k || !is_in_need(sf, k, does_reader_wait, now))
            continue;
        mpt_earliest e = mpt_paths_earliest(v);
        uint32_t path = path_for_copy(c, v, &e, sf, k, &ns);
        mpt_time margin = mpt_paths_is_window_full(c, v) ? ns / 2 : ns; /* its room is of no other use then */
        if (path < v->count && ns + margin < mpt_arrival_of_chunk(&sf->path.arrival, &sf->t, k, true, now) &&
            transmit_copy(c, mpt_paths_subflow(v, path), k, out, now))
            return true;
    }
    return false;
}

/** What @p holder has outstanding that comes first in the stream, if a copy on @p fastest, where that takes @p ns, is there a quarter sooner; or NULL. */
static mpt_chunk *held_up_by(const mpt_conn *c, const mpt_sched_view *v, mpt_subflow *holder, uint32_t fastest,
                             mpt_time ns, mpt_time now) {
    uint32_t first = next_uncopied(c, holder);
    mpt_chunk *k = first < holder->t.q.count ? mpt_sendq_at(&holder->t.q, first) : NULL;
    if (!k || (may_be_held(c, k) && mpt_sched_holds(v->paths[fastest], k->stream_offset)))
        return NULL;
    return mpt_arrival_of_chunk(&holder->path.arrival, &holder->t, k, false, now) > ns + ns / 4 ? k : NULL;
}

/**
 * The fastest path is about to fill the window: what thin ones hold, which get nothing new then, goes on the fastest before anything new where it is there sooner. Once the window
 * is full it would be too late by a round trip.
 */
bool mpt_copies_ahead(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    enum { WINDOWS_AHEAD = 2 };
    if (!c->sched->leaves_thin_paths || !v->has_more || v->count < 2 || c->ahead_tick == mpt_thin_tick(now))
        return false;
    uint32_t fastest = mpt_thin_fastest(v);
    mpt_subflow *to = fastest < v->count && mpt_sched_has_room(v, fastest) ? mpt_paths_subflow(v, fastest) : NULL;
    bool is_near_end =
        to && to->path.spread_until <= now && mpt_sched_window_room(v) <= WINDOWS_AHEAD * to->t.cc.cwnd_bytes;
    for (uint32_t i = 0; i < v->count && is_near_end; i++) {
        if (i == fastest || v->paths[i]->tcp->q.count == 0 || !mpt_thin_holds_up(v, i, fastest))
            continue;
        mpt_chunk *k = held_up_by(c, v, mpt_paths_subflow(v, i), fastest, mpt_path_arrival(&to->path, now), now);
        if (!k || !transmit_copy(c, to, k, out, now))
            continue;
        if (mpt_conn_spreads(c, to)) /* it takes the place of new data */
            to->path.spread_until = now + mpt_arrival_spacing(&to->path.arrival, &to->t);
        return true;
    }
    c->ahead_tick = mpt_thin_tick(now); /* rates change once a round trip, not with each segment */
    return false;
}

/** Why there is nothing new to send. */
typedef enum copy_reason {
    COPY_FOR_WINDOW, /**< the peer's window or the send buffer is full: the stream waits for its first missing byte */
    COPY_BESIDE,     /**< new data wait for a better path */
    COPY_IN_PAUSE,   /**< all was sent, but more may be about to be written: what was acknowledged made room just now */
    COPY_AT_END      /**< all was sent, and nothing follows soon: the stream waits for its last byte */
} copy_reason;

static copy_reason reason_to_copy(mpt_conn *c, const mpt_sched_view *v, mpt_time now) {
    enum { WRITTEN_AT_ONCE_MS = 1 };
    bool is_full = mpt_paths_is_window_full(c, v);
    if (is_full)
        c->dry_since = MPT_NEVER;
    else if (c->dry_since == MPT_NEVER)
        c->dry_since = now;
    if (is_full)
        return COPY_FOR_WINDOW;
    if (v->snd_end - v->snd_nxt >= MPT_FULL_SEGMENT_BYTES)
        return COPY_BESIDE;
    mpt_time end = c->dry_since + WRITTEN_AT_ONCE_MS * MPT_MS;
    if (c->fin_requested || end <= now)
        return COPY_AT_END;
    c->sched_at = end < c->sched_at ? end : c->sched_at;
    return COPY_IN_PAUSE;
}

/** Does @p holder deliver no more than @p segments in the time @p ns? */
static bool is_slow(const mpt_subflow *holder, uint32_t segments, mpt_time ns) {
    return segments * mpt_arrival_spacing(&holder->path.arrival, &holder->t) > ns;
}

/**
 * Has @p holder a longer path than one that takes @p ns, or does it hardly deliver a segment in that time? Else the queue is our own, and the next segments go elsewhere;
 * where no next ones follow, a queue has to be twice as long, and much longer where the stream may go on.
 */
static bool is_on_longer_path(const mpt_subflow *holder, mpt_time ns, mpt_time left_ns, copy_reason reason) {
    int times = holder->conn->fin_requested ? 2 : 4;
    bool is_longer = mpt_least_get(&holder->t.rtt_min) > 2 * ns;
    return is_longer || (reason == COPY_AT_END && left_ns / times > ns) ||
           (reason == COPY_FOR_WINDOW && is_slow(holder, 2, ns));
}

/** Is a copy that takes @p ns clearly sooner there than what the whole stream waits for? */
static bool is_sooner_for_window(mpt_time ns, mpt_time left_ns) {
    return left_ns > ns + ns / 2;
}

/** May copies that take @p ns at least pay for what @p holder has in flight, and is not late? */
static bool may_pay(const mpt_subflow *holder, mpt_time ns, copy_reason reason, mpt_time now) {
    const mpt_arrival *a = &holder->path.arrival;
    return is_on_longer_path(holder, ns, MPT_NEVER, reason) ||
           (reason == COPY_FOR_WINDOW && is_sooner_for_window(ns, mpt_arrival_of_chunks_at_most(a, &holder->t, now)));
}

/** May @p bytes more go twice, and all that do remain one in @p part of what was sent of the stream? */
static bool is_little(const mpt_conn *c, uint32_t bytes, uint32_t part) {
    return (c->bytes_reinjected + bytes) * part <= c->snd_nxt;
}

/** What a copy is worth. */
typedef enum copy_worth {
    COPY_NOT,       /**< the original will do */
    COPY_IN_CASE,   /**< it may be a little sooner, at the price of few bytes; it says nothing of the original's path */
    COPY_WORTHWHILE /**< it is clearly sooner */
} copy_worth;

/** A chunk that is outstanding, and a copy of it that would take @p ns. */
typedef struct comparison {
    const mpt_subflow *holder;
    const mpt_chunk *chunk;
    mpt_time ns, left_ns; /**< of the copy, and of the original from now on */
    mpt_time late_at;     /**< when the original is */
    bool is_longer;       /**< its path: see is_on_longer_path() */
    bool is_in_trouble;   /**< or is the original twice as late as when it became so? */
    bool has_left;        /**< else two paths take a copy from each other for ever */
} comparison;

static comparison compare(const mpt_subflow *holder, const mpt_chunk *k, mpt_time ns, copy_reason reason,
                          mpt_time now) {
    const mpt_arrival *a = &holder->path.arrival;
    mpt_time left_ns = mpt_arrival_of_chunk(a, &holder->t, k, reason == COPY_AT_END, now);
    mpt_time late_at = mpt_arrival_overdue_at(a, &holder->t, k);
    return (comparison){
        .holder = holder,
        .chunk = k,
        .ns = ns,
        .left_ns = left_ns,
        .late_at = late_at,
        .is_longer = is_on_longer_path(holder, ns, left_ns, reason),
        .is_in_trouble = holder->t.ca != MPT_CA_OPEN || now - k->sent_at >= 2 * (late_at - k->sent_at),
        .has_left = !(k->flags & MPT_CHUNK_COPY) || k->sent_at < now,
    };
}

/**
 * Is the copy, on the path @p to, worth its bytes? It must be there a quarter sooner than an original that is late; or in half the time of one on a longer path,
 * noticeably so where no window waits for it; or in two thirds of the time where a window waits for it before all else. At the end it also is where nobody knows
 * how long the original takes.
 */
static bool is_worthwhile(const comparison *it, const mpt_path *to, copy_reason reason, mpt_time now) {
    enum { NOTICEABLE_MS = 10, PART = 8 };
    const mpt_conn *c = it->holder->conn;
    mpt_time ns = it->ns, left_ns = it->left_ns;
    bool is_window_full = reason == COPY_FOR_WINDOW;
    bool is_late = it->late_at <= now && left_ns > ns + ns / 4 &&
                   (reason == COPY_AT_END || mpt_arrival_is_silent(&it->holder->path.arrival, &it->holder->t, now));
    if (is_late || !it->has_left)
        return is_late;
    bool is_enough = is_window_full ? is_little(c, it->chunk->bytes, PART) : left_ns > ns + NOTICEABLE_MS * MPT_MS;
    bool is_guess = reason == COPY_AT_END && c->fin_requested &&
                    mpt_arrival_is_guess(&it->holder->path.arrival, left_ns, mpt_arrival_least(&to->arrival, to->tcp));
    return is_guess || (left_ns > 2 * ns && is_enough && it->is_longer) ||
           (is_window_full && it->is_in_trouble && is_sooner_for_window(ns, left_ns));
}

/**
 * May the copy be of use, as nothing else is to be sent, and an original may be lost? It must be sooner, and little of the stream go twice; where that waits for a full window, not because
 * of a queue of our own.
 */
static bool is_worth_a_try(const comparison *it, copy_reason reason) {
    enum { PART = 12, SEGMENTS = 10 };
    const mpt_conn *c = it->holder->conn;
    bool is_end = reason == COPY_AT_END && c->fin_requested;
    bool is_of_slow = it->is_longer || it->is_in_trouble || is_slow(it->holder, SEGMENTS, it->ns);
    return it->has_left && it->left_ns > it->ns && is_little(c, it->chunk->bytes, PART) &&
           (is_end || (reason == COPY_FOR_WINDOW && is_of_slow));
}

/** @param again_at told when the copy may be worth more, when it is not now: the longer nothing is heard, the longer it will take */
static copy_worth worth(const comparison *it, const mpt_path *to, copy_reason reason, mpt_time now,
                        mpt_time *again_at) {
    if (is_worthwhile(it, to, reason, now))
        return COPY_WORTHWHILE;
    if (is_worth_a_try(it, reason))
        return COPY_IN_CASE;
    mpt_time then = it->late_at > now ? it->late_at : now + longer(it->ns / 8, MPT_MS);
    if (then < *again_at)
        *again_at = then;
    return COPY_NOT;
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
    mpt_earliest best; /**< once weighed */
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

static const mpt_earliest *weigh(copy_ways *w, const mpt_sched_view *v) {
    if (!w->is_weighed)
        w->best = mpt_paths_earliest(v);
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
    copy_worth worth;
} copy;

/**
 * Of what @p sf holds, what is worth a copy first: where a window is full, of what comes first in the stream; at the end of what there is to send, of what comes
 * last, so that the two paths meet in the middle.
 */
static copy worthwhile_copy(mpt_conn *c, const mpt_sched_view *v, copy_ways *ways, mpt_subflow *sf, copy_reason reason,
                            mpt_time now) {
    enum { LOOKED_AT_MAX = 16 }; /* what a path that has stopped holds is all alike */
    const mpt_sendq *q = &sf->t.q;
    uint32_t looked_at = 0, enough = reason == COPY_IN_PAUSE || reason == COPY_BESIDE ? 1 : LOOKED_AT_MAX;
    bool is_open = sf->t.state != MPT_TCP_CLOSED && has_other_with_room(v, sf);
    uint32_t first = is_open ? next_uncopied(c, sf) : q->count;
    if (first == q->count)
        return (copy){.holder = sf};
    bool is_needless = !may_pay(sf, ways->least_ns, reason, now);
    for (uint32_t n = 0; n < q->count - first && looked_at < enough; n++) {
        mpt_chunk *k = mpt_sendq_at(q, reason == COPY_AT_END ? q->count - 1 - n : first + n);
        mpt_time ns;
        if (!is_uncopied(c, k))
            continue;
        looked_at++;
        if (is_needless && mpt_chunk_is_flying(k) && !may_be_held(c, k) && is_in_time(sf, k, now, &c->sched_at)) {
            if (reason != COPY_AT_END && sf->t.ca == MPT_CA_OPEN)
                break; /* the next were sent later */
            continue;
        }
        uint32_t path = path_for_copy(c, v, weigh(ways, v), sf, k, &ns);
        if (path == v->count)
            continue;
        comparison it = compare(sf, k, ns, reason, now);
        copy_worth is = worth(&it, v->paths[path], reason, now, &c->sched_at);
        if (is != COPY_NOT)
            return (copy){sf, k, path, is};
    }
    return (copy){.holder = sf};
}

/** Nothing is worth a copy. A small part of the time that one would take does not matter; each acknowledgement would ask again. */
static void was_weighed(mpt_conn *c, const copy_ways *ways, mpt_time now) {
    enum { PART = 16 };
    c->weighed_until = now + ways->least_ns / PART;
    c->ways.weighed = c->ways.room;
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
bool mpt_copies_opportune(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    copy first = {0};
    if (v->room == 0 || c->snd_una == c->snd_nxt)
        return false;
    copy_ways ways = ways_for_copies(v);
    copy_reason reason = reason_to_copy(c, v, now);
    for (uint32_t rest = c->ways.holding; rest != 0; rest &= rest - 1) {
        copy k = worthwhile_copy(c, v, &ways, c->subflows[mpt_bits_first(rest)], reason, now);
        if (k.chunk && (!first.chunk || k.chunk->stream_offset < first.chunk->stream_offset))
            first = k;
    }
    if (!first.chunk && reason == COPY_FOR_WINDOW)
        was_weighed(c, &ways, now);
    if (!first.chunk || !transmit_copy(c, mpt_paths_subflow(v, first.path), first.chunk, out, now))
        return false;
    if (c->set.penalisation && reason == COPY_FOR_WINDOW && first.worth == COPY_WORTHWHILE &&
        is_dispensable(v, first.holder))
        mpt_path_penalise(&first.holder->path, now);
    return true;
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
