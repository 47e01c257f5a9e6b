/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn_send.c: which segment of a connection leaves next. Data are bound to a subflow here and not before: first what a dead or
 * stalled subflow left behind (mpt_copies.c), then new bytes within the peer's window, by the scheduler's choice.
 */
#include "mptcp/mpt_send.h"

/* ---- What may be sent ---- */

static uint64_t total_flight(const mpt_conn *c) {
    return c->snd_nxt - c->snd_una;
}

/** Greatest window the peer ever offered. */
__attribute__((noinline)) static uint64_t window_max(const mpt_conn *c) {
    uint64_t max = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.window_bytes_max > max)
            max = c->subflows[i]->t.window_bytes_max;
    return max;
}

/** The window leaves room for so little that it is not worth a segment: silly window avoidance (RFC 9293 3.8.6.2.1). */
static bool is_silly(const mpt_conn *c, const mpt_piece *p, uint32_t mss_bytes) {
    bool is_window_limited = p->offset + p->bytes < c->snd_written;
    return is_window_limited && p->bytes < mss_bytes && (total_flight(c) > 0 || p->bytes < window_max(c) / 2);
}

/**
 * Small segments wait: silly window avoidance, and Nagle (RFC 9293 3.7.4). That is about each path by itself: what another one has under way
 * says nothing about small segments here.
 */
static bool must_wait(const mpt_conn *c, const mpt_piece *p, const mpt_tcp *t) {
    if (p->is_again || p->bytes >= t->cc.mss_bytes)
        return false;
    bool is_held_by_nagle = c->set.nagle && !c->fin_requested && t->q.count > 0;
    return is_held_by_nagle || is_silly(c, p, t->cc.mss_bytes);
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

bool mpt_conn_transmit_piece(mpt_conn *c, mpt_subflow *sf, const mpt_piece *p, mpt_segment *out, mpt_time now) {
    uint32_t max = mpt_tcp_prepare_data(&sf->t), bytes = p->bytes < max ? (uint32_t)p->bytes : max;
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
    if (was_idle)
        mpt_arrival_begin(&sf->path.arrival, &sf->t, now);
    if (c->subflow_count == 1)
        c->node.stale |= 1u << sf->index;
    else
        mpt_paths_sent(c, sf, now);
    c->last_used = sf;
    if (p->is_again || sf->is_join)
        c->fallback.is_straight = false;
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

/** The third ACK with both keys goes before a DATA_FIN (RFC 8684 3.1), and, in version 0, before data. */
static bool waits_for_third_ack(const mpt_conn *c) {
    if (c->is_fully_established || !c->is_client || !mpt_conn_is_mptcp(c) || c->subflow_count == 0)
        return false;
    return !c->subflows[0]->is_join && c->subflows[0]->t.ack_wanted;
}

/**
 * New data have left. What one acknowledgement of the stream makes room for would do so at once, as no path's own clock of acknowledgements has it: more than a short
 * queue holds. So such a burst goes at a little more than the pace of the path's narrowest link, where that is known, and is there as soon.
 */
__attribute__((noinline)) static void spread(mpt_conn *c, mpt_subflow *sf, uint32_t bytes, mpt_time now) {
    mpt_path *path = &sf->path;
    c->burst_bytes -= bytes < c->burst_bytes ? bytes : c->burst_bytes;
    if (!mpt_conn_spreads(c, sf))
        return;
    mpt_time from = path->spread_until > now ? path->spread_until : now;
    path->spread_until = from + mpt_bottleneck_span(mpt_arrival_bottleneck(&path->arrival, &sf->t), bytes);
}

static inline bool transmit_spread(mpt_conn *c, mpt_subflow *sf, const mpt_piece *p, mpt_segment *out, mpt_time now) {
    if (!mpt_conn_transmit_piece(c, sf, p, out, now))
        return false;
    if (c->burst_bytes > 0 && !p->is_again)
        spread(c, sf, out->payload_bytes, now);
    return true;
}

/** What became of the scheduler's choice. */
typedef enum outcome {
    OUTCOME_NONE, /**< nothing to send */
    OUTCOME_SENT,
    OUTCOME_HELD /**< until the path's spread_until */
} outcome;

/** What is to leave on the path of @p choice; no bytes: nothing may. */
static mpt_piece chosen_piece(const mpt_conn *c, const mpt_sched_view *v, const mpt_sched_choice *choice,
                              const mpt_subflow *sf) {
    bool is_again = choice->offset < v->snd_nxt;
    mpt_piece it = {choice->offset, (is_again ? v->snd_nxt : v->snd_end) - choice->offset, is_again};
    if (must_wait(c, &it, &sf->t))
        it.bytes = 0;
    if (it.bytes > choice->bytes_max) /* small by the scheduler's will, which no window would end */
        it.bytes = choice->bytes_max;
    return it;
}

/**
 * The path of @p choice spreads a burst. What its window does not let out goes on the others meanwhile, as it would if the burst left at once; where it lets out all there is,
 * they take a segment only if that is there sooner. @return whether there is one for it, and then @p choice
 */
static bool choose_beside(mpt_conn *c, const mpt_sched_view *v, mpt_sched_choice *choice) {
    mpt_sched_view others = *v;
    mpt_path *held = v->paths[choice->path];
    uint64_t left = v->snd_end - v->snd_nxt, pipe = mpt_sendq_pipe(&held->tcp->q), cwnd = held->tcp->cc.cwnd_bytes;
    uint64_t room = cwnd > pipe ? cwnd - pipe : 0, burst = left < room ? left : room;
    burst = burst < c->burst_bytes ? burst : c->burst_bytes;
    mpt_time held_ns = held->spread_until - v->now +
                       mpt_bottleneck_span(mpt_arrival_bottleneck(&held->arrival, held->tcp), burst) +
                       mpt_path_arrival(held, v->now);
    for (uint32_t rest = v->room; rest != 0; rest &= rest - 1) {
        uint32_t i = mpt_bits_first(rest);
        bool is_later = left <= room && mpt_path_arrival(v->paths[i], v->now) > held_ns;
        if (v->paths[i]->spread_until > v->now || is_later)
            others.room &= ~(1u << i);
    }
    if (others.room == 0)
        return false;
    others.unchanged = 0;
    *choice = mpt_sched_ask(c, &others, true);
    choice->run_bytes = 0;
    c->ways.changed = MPT_LOOK_ALL; /* this was not about all that may be sent on */
    if (choice->is_wait && choice->again_at < c->sched_at)
        c->sched_at = choice->again_at;
    return !choice->is_wait;
}

/** The scheduler's choice is carried out. Copies are MPTCP's alone. */
static outcome transmit_choice(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now) {
    mpt_sched_choice choice = mpt_sched_new(v, 0);
    bool has_new = v->snd_end > v->snd_nxt, may_copy = c->sched->makes_copies && mpt_conn_is_mptcp(c);
    if (!has_new && !may_copy)
        return OUTCOME_NONE;
    if (v->count > 1 || may_copy)
        choice = mpt_sched_ask(c, v, has_new);
    if (choice.is_wait) {
        c->sched_at = choice.again_at < c->sched_at ? choice.again_at : c->sched_at;
        return OUTCOME_NONE;
    }
    mpt_subflow *sf = mpt_paths_subflow(v, choice.path);
    mpt_piece it = chosen_piece(c, v, &choice, sf);
    if (it.bytes > 0 && !it.is_again && sf->path.spread_until > now) {
        c->sched_at = sf->path.spread_until < c->sched_at ? sf->path.spread_until : c->sched_at;
        if (!choose_beside(c, v, &choice))
            return OUTCOME_HELD;
        sf = mpt_paths_subflow(v, choice.path);
        it = chosen_piece(c, v, &choice, sf);
    }
    if (it.bytes == 0)
        return OUTCOME_NONE;
    if (choice.run_bytes > 0 && !it.is_again && !may_copy && choice.bytes_max == UINT32_MAX)
        c->stack->run = (mpt_run){&c->node, now, v->snd_nxt + choice.run_bytes, sf->t.segments_received, sf->index};
    return transmit_spread(c, sf, &it, out, now) ? OUTCOME_SENT : OUTCOME_NONE;
}

/** Would the scheduler choose the same subflow again, as all that has happened since is that it sent new data there? */
static bool is_in_run(const mpt_conn *c, mpt_time now) {
    const mpt_run *r = &c->stack->run;
    const mpt_ways *w = &c->ways;
    uint32_t bit = 1u << r->index;
    if (r->by != &c->node || r->now != now || c->snd_nxt > r->end || (w->changed & ~bit) != 0 ||
        (mpt_paths_fit(c) & w->room & bit) == 0)
        return false;
    const mpt_subflow *sf = c->subflows[r->index];
    return sf->t.segments_received == r->received && sf->path.spread_until <= now && c->reinject.count == 0 &&
           (w->stalled | w->repairing) == 0 && !mpt_copies_does_reader_wait(c, now);
}

static inline bool transmit_new(mpt_conn *c, mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    mpt_piece p = mpt_conn_new_piece(c);
    return p.bytes > 0 && !must_wait(c, &p, &sf->t) && transmit_spread(c, sf, &p, out, now);
}

/** Is there more than one way for new data, or more to do than to send them? */
static bool has_choice(const mpt_conn *c) {
    return c->subflow_count != 1 || c->sched->makes_copies || c->sched->events != 0;
}

static inline bool is_open(const mpt_subflow *sf, mpt_time now) {
    return mpt_subflow_is_fit(sf) && mpt_subflow_has_room(sf, now);
}

/** There is nothing to choose: new data on the only subflow. */
static bool transmit_on_only(mpt_conn *c, mpt_segment *out, mpt_time now) {
    return is_open(c->subflows[0], now) && transmit_new(c, c->subflows[0], out, now);
}

/** What goes where is to be weighed. Not inlined: its frame is large. @param is_run the scheduler's word is known, and nothing new can go by it */
__attribute__((noinline)) static bool transmit_weighed(mpt_conn *c, bool is_run, mpt_segment *out, mpt_time now) {
    mpt_sched_view v;
    mpt_paths_look(c, &v, now);
    if (c->reinject.count > 0 && mpt_copies_reinject(c, &v, out, now))
        return true;
    if (c->ways.stalled != 0 && mpt_copies_of_stalled(c, &v, out, now))
        return true;
    bool may_copy = c->set.opportunistic_retransmission && !c->sched->takes_no_copies;
    if (may_copy && (mpt_copies_in_need(c, &v, out, now) || mpt_copies_ahead(c, &v, out, now)))
        return true;
    outcome is = is_run ? OUTCOME_NONE : transmit_choice(c, &v, out, now);
    if (is == OUTCOME_SENT)
        return true;
    if (is == OUTCOME_NONE && mpt_paths_is_window_full(c, &v))
        mpt_sched_tell_window_full(c, now);
    if (is == OUTCOME_NONE && c->subflow_count > 1 && may_copy && mpt_copies_opportune(c, &v, out, now))
        return true;
    mpt_conn_arm(c, c->sched_at);
    return false;
}

/** What goes where is to be chosen: by the scheduler, or because something is to be sent again. */
static bool transmit_chosen(mpt_conn *c, mpt_segment *out, mpt_time now) {
    mpt_paths_look_at_stale(c, now);
    if ((mpt_paths_fit(c) & c->ways.room) == 0)
        return false;
    bool is_run = is_in_run(c, now);
    return (is_run && transmit_new(c, c->subflows[c->stack->run.index], out, now)) ||
           transmit_weighed(c, is_run, out, now);
}

static bool transmit_data(mpt_conn *c, mpt_segment *out, mpt_time now) {
    c->sched_at = MPT_NEVER;
    if ((c->snd_una == c->snd_written && c->reinject.count == 0) || waits_for_third_ack(c))
        return false;
    return has_choice(c) || c->reinject.count > 0 ? transmit_chosen(c, out, now) : transmit_on_only(c, out, now);
}

/** A tail loss probe (RFC 8985 7.3): new data if there are, whatever the congestion window says, else the last segment again. */
static bool transmit_tail_probe(mpt_conn *c, mpt_subflow *sf, mpt_segment *out, mpt_time now) {
    mpt_piece p = mpt_conn_new_piece(c);
    sf->t.tlp.is_wanted = false;
    bool has_new = p.bytes > 0 && !c->is_dead && mpt_subflow_is_fit(sf) && !mpt_subflow_is_backup(sf);
    if (has_new && mpt_conn_transmit_piece(c, sf, &p, out, now)) {
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
    mpt_piece p = mpt_conn_new_piece(c);
    if (p.bytes > 0 && total_flight(c) == 0 && mpt_subflow_is_fit(sf))
        return mpt_conn_transmit_piece(
            c, sf, &p, out, now); /* a little after all: "the override timeout occurs" (RFC 9293 3.8.6.2.1) */
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
    mpt_piece p = mpt_conn_new_piece(c);
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
    bool has_data = (c->reinject.count > 0 || mpt_conn_new_piece(c).bytes > 0) && !c->is_dead;
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
    uint64_t wanted = 0;
    for (uint32_t rest = looked_at; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if (mpt_tcp_transmit_urgent(&sf->t, out, now) ||
            (sf->t.tlp.is_wanted && transmit_tail_probe(c, sf, out, now))) {
            c->node.stale |= 1u << sf->index;
            return true;
        }
        wanted |= sf->wanted;
    }
    for (uint32_t rest = wanted != 0 ? looked_at : 0; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if (sf->fail_wanted && mpt_subflow_transmit_ack(sf, out, now))
            return true; /* before data with the infinite mapping: a peer that takes it (Linux) looks at no options any more */
    }
    if (!c->is_dead && (transmit_data(c, out, now) || transmit_data_fin(c, out, now) || transmit_probe(c, out, now) ||
                        (wanted != 0 && transmit_keepalive(c, looked_at, out, now))))
        return true;
    bool has_option = mpt_addr_option_waits(c, now);
    for (uint32_t rest = has_option ? mpt_bits_below(c->subflow_count) : looked_at; rest != 0; rest &= rest - 1) {
        mpt_subflow *sf = c->subflows[mpt_bits_first(rest)];
        if ((has_option || sf->t.ack_wanted || sf->wanted != 0) && mpt_subflow_transmit_ack(sf, out, now))
            return true;
    }
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
    mpt_piece p = mpt_conn_new_piece(c);
    return p.bytes == 0 || must_wait(c, &p, &c->last_used->t);
}

/** A window is full, and that no copy is worth its bytes was found out just before. */
static bool is_weighed(const mpt_conn *c, mpt_time now) {
    const mpt_ways *w = &c->ways;
    return has_nothing_new(c) && now < c->weighed_until && (w->room & ~w->weighed) == 0 &&
           (w->stalled | w->repairing) == 0 && !c->sched->makes_copies && c->sched->events == 0 &&
           mpt_conn_is_window_full(c) && !mpt_copies_does_reader_wait(c, now);
}

/** As held_until(). Not inlined: where there is nothing to choose it is not asked. */
__attribute__((noinline)) static mpt_time no_way_until(mpt_conn *c) {
    mpt_paths_look_at_stale(c, c->stack->now);
    if ((mpt_paths_fit(c) & c->ways.room) == 0)
        return MPT_NEVER;
    if (!is_weighed(c, c->stack->now))
        return 0;
    mpt_conn_arm(c, c->weighed_until);
    return c->weighed_until;
}

/** Data are under way, which bring news, and before that nothing can be sent. @return until when that is so at most; 0: it is not */
static mpt_time held_until(mpt_conn *c) {
    const mpt_subflow *last = c->last_used;
    if (c->is_dead || !last || last->t.q.count == 0 || last->t.q.has_stamps || total_flight(c) == 0)
        return 0;
    if (has_choice(c))
        return no_way_until(c);
    return has_nothing_new(c) || !is_open(last, c->stack->now) ? MPT_NEVER : 0;
}

bool mpt_conn_is_quiet(mpt_conn *c) {
    mpt_time until = c->snd_una != c->snd_written ? held_until(c) : MPT_NEVER;
    if (until == 0)
        return false;
    for (uint32_t rest = c->node.look & mpt_bits_below(c->subflow_count); rest != 0; rest &= rest - 1)
        if (!is_subflow_quiet(c->subflows[mpt_bits_first(rest)]))
            return false;
    uint64_t waits = c->waits | c->reinject.count | c->set.pacing;
    if (waits != 0 || c->probe_at != MPT_NEVER || (c->advert_count > 0 && mpt_addr_has_due_advert(c, c->stack->now)))
        return false;
    c->node.look = 0;
    c->sched_at = until;
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
    enum { BURST_BYTES_A_PATH = 2 * 1460 }; /* of more paths more comes together as a matter of course */
    if (offset > c->snd_una && offset <= c->snd_nxt) {
        bool is_first = c->snd_una == 0;
        uint64_t let_out = offset - c->snd_una;
        bool is_burst = let_out > BURST_BYTES_A_PATH * (uint64_t)c->subflow_count && let_out > c->burst_bytes;
        c->burst_bytes = is_burst ? (uint32_t)let_out : c->burst_bytes; /* a small one does not end a large one */
        c->snd_una = offset;
        c->una_tick = mpt_conn_tick(now);
        c->fin_sent_count =
            0; /* an end that is sent again and again is given up only where nothing before it arrives either */
        c->unheard_of = NULL;
        if (is_first)
            mpt_pm_update(c);
        if (c->reinject.count > 0)
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
