/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched_earliest.c: the subflow on which a segment sent now is there first. When that one has no room, another takes the segment only if that does no
 * harm; else it waits, though a window is open (after ECF, Lim et al., CoNEXT 2017, and BLEST, Ferlin et al., IFIP Networking 2016):
 *   - at the end of what there is to send: not when the faster subflows bring all of it before this segment would be there;
 *   - while more is to come: not when the faster ones would fill the window, of which this segment holds the start, before it is there.
 * Where the window is short the faster ones wait in turn: all paths together give no more than a window in the round trip of the slowest of them, and when that
 * one does so by itself the others only add their losses, each of which stops all.
 */
#include "base/mpt_bits.h"
#include "sched/mpt_sched.h"
#include "sched/mpt_thin.h"

/**
 * What stops when a segment of the slower path is lost, or later than thought, are the faster ones: the less it has to add, the more room there must
 * be in the window. What a path has to add is not known while its window is being opened, and it opens only by being used. @return a factor >= 1
 */
static double caution(const mpt_sched_view *v, uint32_t slow, mpt_time slow_ns, uint64_t of_faster) {
    enum { MOST = 4, WEIGHT = 8 };
    const mpt_tcp *t = v->paths[slow]->tcp;
    if (mpt_arrival_is_opening(&v->paths[slow]->arrival, t))
        return 1;
    uint64_t own = mpt_arrival_bytes(&v->paths[slow]->arrival, t, slow_ns, v->now);
    double ratio = (double)of_faster / (double)(own > t->cc.mss_bytes ? own : t->cc.mss_bytes);
    return 1 + ratio / WEIGHT < MOST ? 1 + ratio / WEIGHT : MOST;
}

/** Could faster subflows, together, make the segment's way over a slower one a hindrance? @param slow_ns when it would be there */
static bool is_hindrance(const mpt_sched_view *v, uint32_t slow, mpt_time slow_ns) {
    uint64_t window_room = v->window_bytes, left = v->snd_end - v->snd_nxt, of_faster = 0;
    const mpt_tcp *t = v->paths[slow]->tcp;
    uint64_t held = t->snd_nxt - t->snd_una + t->cc.mss_bytes;
    window_room -= held < window_room ? held : window_room;
    for (uint32_t i = 0; i < v->count; i++) {
        mpt_time ns = i == slow ? MPT_NEVER : mpt_sched_arrival(v, i);
        if (ns >= slow_ns || (!v->has_more && mpt_arrival_is_guess(&v->paths[i]->arrival, ns, slow_ns)))
            continue;
        mpt_time span = v->has_more ? slow_ns : slow_ns - ns;
        of_faster += mpt_arrival_bytes(&v->paths[i]->arrival, v->paths[i]->tcp, span, v->now);
    }
    if (!v->has_more)
        return of_faster >= left;
    return (double)of_faster * caution(v, slow, slow_ns, of_faster) >= (double)window_room;
}

/**
 * When will a faster subflow have been silent for so long that the slower one is no worse? Not sooner than makes a difference: where the slower one is silent, too, both
 * become later as time passes.
 */
static mpt_time again_at(const mpt_sched_view *v, mpt_time slow_ns) {
    mpt_time at = MPT_NEVER, soon = v->now + 10 * MPT_US;
    for (uint32_t i = 0; i < v->count; i++) {
        const mpt_tcp *t = v->paths[i]->tcp;
        const mpt_chunk *oldest = mpt_sendq_oldest(&t->q);
        if (!oldest || mpt_sched_has_room(v, i))
            continue;
        mpt_time then = mpt_arrival_silent_at(&v->paths[i]->arrival, t, oldest, slow_ns - v->paths[i]->arrival.srtt_ns);
        if (then > v->now && then < at)
            at = then;
    }
    return at < soon ? soon : at;
}

/** @return bytes that the paths of shorter round trips could bring in one of @p path */
static double of_sooner_bytes(const mpt_sched_view *v, uint32_t path) {
    mpt_time srtt = v->paths[path]->tcp->rto.srtt_ns;
    double bytes = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        const mpt_tcp *t = v->paths[i]->tcp;
        if (t->rto.srtt_ns <= 0 || t->rto.srtt_ns >= srtt)
            continue;
        double most = (double)mpt_arrival_bottleneck(&v->paths[i]->arrival, t) * (double)srtt / 1e9;
        double own = (double)t->cc.cwnd_bytes * (double)srtt / (double)t->rto.srtt_ns;
        bytes += most > 0 && most < own ? most : own;
    }
    return bytes;
}

/** Does @p path go on as it should, without a queue, which a path has that cannot bring more? */
static bool is_open_end(const mpt_sched_view *v, uint32_t path) {
    const mpt_tcp *t = v->paths[path]->tcp;
    mpt_time least = mpt_arrival_least(&v->paths[path]->arrival, t);
    return t->rto.srtt_ns <= least + least / 4 + MPT_MS && t->ca == MPT_CA_OPEN &&
           !mpt_arrival_is_silent(&v->paths[path]->arrival, t, v->now);
}

/** What the paths are like beside each other. As long as time stands still and nothing happens but at the first one, the rest of it holds. */
typedef struct race {
    mpt_time now;
    mpt_time second_ns; /**< when it is there on the second */
    mpt_time others_ns; /**< and, at least, on any but the first, whether there is room or not */
    uint64_t first_cwnd_bytes;
    mpt_time first_srtt_ns;
    uint8_t count;         /**< of paths; 0: not run yet */
    uint8_t first, second; /**< of those with room: on which a segment is there first; count: none */
    uint8_t widest;        /**< of the greatest window */
    bool has_sooner;       /**< than the widest: one of a shorter round trip */
    bool has_thin;         /**< paths that did not take part */
} race;

/** Of the paths with room the two on which a segment is there first. */
static void run_with_room(race *r, const mpt_sched_view *v) {
    mpt_time first_ns = MPT_NEVER;
    r->first = r->second = r->count;
    r->second_ns = MPT_NEVER;
    for (uint32_t rest = v->room; rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        if (mpt_path_at_least(v->paths[i]) >= r->second_ns)
            continue;
        mpt_time ns = mpt_path_arrival(v->paths[i], v->now);
        if (ns < first_ns) {
            r->second = r->first, r->second_ns = first_ns;
            r->first = (uint8_t)i, first_ns = ns;
        } else if (ns < r->second_ns) {
            r->second = (uint8_t)i, r->second_ns = ns;
        }
    }
}

static race run(const mpt_sched_view *v, bool has_thin) {
    mpt_time least_srtt = MPT_NEVER;
    uint64_t cwnd = 0;
    race r = {.now = v->now, .others_ns = MPT_NEVER, .count = (uint8_t)v->count, .has_thin = has_thin};
    for (uint32_t i = 0; i < v->count; i++) {
        const mpt_tcp *t = v->paths[i]->tcp;
        mpt_time srtt = t->rto.srtt_ns, least = mpt_path_at_least(v->paths[i]);
        if (!mpt_sched_has_room(v, i) && least < r.others_ns)
            r.others_ns = least;
        least_srtt = srtt > 0 && srtt < least_srtt ? srtt : least_srtt;
        r.widest = t->cc.cwnd_bytes > cwnd ? (uint8_t)i : r.widest;
        cwnd = t->cc.cwnd_bytes > cwnd ? t->cc.cwnd_bytes : cwnd;
    }
    r.has_sooner = v->count > 0 && least_srtt < v->paths[r.widest]->tcp->rto.srtt_ns;
    run_with_room(&r, v);
    r.others_ns = r.second_ns < r.others_ns ? r.second_ns : r.others_ns;
    if (r.first == v->count)
        return r;
    r.first_cwnd_bytes = v->paths[r.first]->tcp->cc.cwnd_bytes;
    r.first_srtt_ns = v->paths[r.first]->tcp->rto.srtt_ns;
    return r;
}

/** Has nothing happened since but at the first, and nothing that concerns the others? */
static bool does_hold(const race *r, const mpt_sched_view *v, bool has_thin) {
    if (r->now != v->now || r->count != v->count || r->first >= r->count || r->has_thin != has_thin)
        return false;
    const mpt_tcp *t = v->paths[r->first]->tcp;
    uint32_t others = mpt_bits_below(v->count) & ~(1u << r->first);
    return (others & ~v->unchanged) == 0 && t->cc.cwnd_bytes == r->first_cwnd_bytes &&
           t->rto.srtt_ns == r->first_srtt_ns;
}

/** Is it the window that ends what may be sent, not what there is to send? All that is sent until something is heard makes no difference to that. */
static bool is_window_short(const mpt_sched_view *v) {
    return v->has_more && v->snd_end - v->snd_nxt + v->paths[0]->tcp->cc.mss_bytes >= mpt_sched_window_room(v);
}

/** What is not much later than @p ns is as good. */
static mpt_time hardly_later(mpt_time ns) {
    return ns + ns / 4;
}

/** When it would be there on the path on which it is there first, with room or without. */
static mpt_time soonest(const mpt_sched_view *v) {
    mpt_time least = MPT_NEVER;
    for (uint32_t i = 0; i < v->count; i++)
        if (mpt_path_at_least(v->paths[i]) < least) {
            mpt_time ns = mpt_path_arrival(v->paths[i], v->now);
            least = ns < least ? ns : least;
        }
    return least;
}

/**
 * @return bytes that would all go on the first path, where a segment is there in @p first_ns, were nothing to happen but that they are sent: none of the
 * others becomes better
 */
static uint64_t run_bytes(const mpt_sched_view *v, const race *r, mpt_time first_ns) {
    mpt_time second_ns = r->second < r->first ? r->second_ns - 1 : r->second_ns; /* of equals the one of lower index */
    mpt_time others_ns = r->others_ns == MPT_NEVER ? MPT_NEVER : hardly_later(r->others_ns);
    mpt_time ns = second_ns < others_ns ? second_ns : others_ns;
    const mpt_path *p = v->paths[r->first];
    uint64_t two = mpt_sendq_pipe(&p->tcp->q) + 2 * (uint64_t)p->tcp->cc.mss_bytes;
    bool may_be_alone = r->has_sooner && is_window_short(v); /* see choose_alone() */
    return !may_be_alone && first_ns <= ns && two <= p->tcp->cc.cwnd_bytes
               ? mpt_arrival_bytes_within(p->tcp, ns, p->steady_bytes_per_s)
               : 0;
}

/**
 * Where the window is short all paths together bring no more than a window in the round trip of the slowest. A path that does nearly that by itself is best left alone:
 * the sooner ones only take from it what they bring, and what they lose stops it. @return whether there is one, and then @p choice
 */
static bool choose_alone(const mpt_sched_view *v, const race *r, mpt_sched_choice *choice) {
    enum { WORTHWHILE = 8 };
    if (!r->has_sooner || !is_window_short(v))
        return false;
    uint64_t window = v->window_bytes, room = mpt_sched_window_room(v);
    uint32_t i = r->widest;
    const mpt_tcp *t = v->paths[i]->tcp;
    uint64_t own = t->cc.cwnd_bytes < window ? t->cc.cwnd_bytes : window, left = window - own;
    if (own == 0 || !is_open_end(v, i))
        return false;
    double of_sooner = of_sooner_bytes(v, i);
    if (of_sooner == 0 || of_sooner >= (double)own)
        return false;
    double gain = of_sooner < (double)left ? of_sooner : (double)left;
    bool is_enough = gain * WORTHWHILE < (double)own;
    bool takes_all = t->cc.cwnd_bytes >= mpt_sendq_pipe(&t->q) + room;
    if (mpt_sched_has_room(v, i) && (takes_all || is_enough)) {
        *choice = mpt_sched_new(v, i);
        return true;
    }
    const mpt_chunk *oldest = mpt_sendq_oldest(&t->q);
    if (!is_enough || !oldest)
        return false;
    mpt_time at = mpt_arrival_silent_at(&v->paths[i]->arrival, t, oldest, t->rto.srtt_ns);
    *choice = mpt_sched_wait(at);
    return at > v->now;
}

static mpt_sched_choice choose(race *r, const mpt_sched_view *v, bool has_thin) {
    mpt_sched_choice choice;
    if (!does_hold(r, v, has_thin))
        *r = run(v, has_thin);
    if (choose_alone(v, r, &choice))
        return choice;
    if (r->first == v->count)
        return mpt_sched_wait(MPT_NEVER);
    mpt_time first_ns = mpt_path_arrival(v->paths[r->first], v->now);
    mpt_time least = first_ns, least_of_all = first_ns < r->others_ns ? first_ns : r->others_ns;
    bool is_first = first_ns < r->second_ns || (first_ns == r->second_ns && r->first < r->second);
    uint32_t best = r->first;
    if (!mpt_sched_has_room(v, best) || !is_first) {
        best = r->second;
        least = r->second_ns;
    }
    if (best == v->count)
        return mpt_sched_wait(MPT_NEVER);
    choice = mpt_sched_new(v, best);
    if (best == r->first)
        choice.run_bytes = run_bytes(v, r, first_ns);
    if (least <= hardly_later(least_of_all) || least <= hardly_later(soonest(v)))
        return choice;
    mpt_time at_worst = mpt_arrival_of_new_at_worst(&v->paths[best]->arrival, v->paths[best]->tcp, v->now);
    if (!is_hindrance(v, best, at_worst))
        return choice;
    return mpt_sched_wait(again_at(v, least));
}

/** What is remembered between one segment and the next. */
typedef struct memory {
    mpt_thin thin;
    race race;
} memory;

/** The paths of @p v without @p thin ones, in @p paths. @param index where each of them is in @p v */
static mpt_sched_view without(const mpt_sched_view *v, uint32_t thin, mpt_path **paths, uint8_t *index) {
    mpt_sched_view others = *v;
    others.paths = paths;
    others.count = others.room = others.unchanged = 0;
    for (uint32_t rest = mpt_bits_below(v->count) & ~thin; rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        others.room |= (v->room >> i & 1) << others.count;
        index[others.count] = (uint8_t)i;
        paths[others.count++] = v->paths[i];
    }
    return others;
}

/** Thin paths take no part: others do not wait for them either. */
__attribute__((noinline)) static mpt_sched_choice choose_without(memory *m, const mpt_sched_view *v, uint32_t thin) {
    enum { MOST = 32 }; /* as many as the bits of a set */
    mpt_path *paths[MOST];
    uint8_t index[MOST];
    mpt_sched_view others = without(v, thin, paths, index);
    if (others.room == 0)
        return mpt_sched_wait(mpt_thin_fastest_silent_at(&m->thin, v));
    mpt_sched_choice choice = choose(&m->race, &others, true);
    if (!choice.is_wait)
        choice.path = index[choice.path];
    return choice;
}

static mpt_sched_choice next(const mpt_sched_view *v) {
    memory *m = v->priv;
    uint32_t thin = mpt_thin_paths(&m->thin, v);
    return thin == 0 ? choose(&m->race, v, false) : choose_without(m, v, thin);
}

const mpt_sched_ops mpt_sched_earliest = {
    .name = "earliest", .spreads_bursts = true, .leaves_thin_paths = true, .priv_bytes = sizeof(memory), .next = next};
