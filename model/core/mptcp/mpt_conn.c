/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_conn.c: life of a connection and the calls of its application. What is sent and received is decided elsewhere. */
#include <string.h>

#include "mptcp/mpt_conn.h"
#include "tcp/mpt_time_wait.h"

/* ---- Life ---- */

mpt_status mpt_conn_new(mpt_stack *st, const mpt_conn_settings *cs, mpt_time now, mpt_conn **out) {
    if (st->conn_count >= st->set.connections_max)
        return MPT_ERR_LIMIT;
    if (mpt_timers_reserve(&st->timers, st->conn_count + 1, &st->mem))
        return MPT_ERR_MEMORY;
    const mpt_sched_ops *sched = mpt_sched_named(st, cs->scheduler);
    size_t sched_bytes = ((size_t)sched->priv_bytes + 7) & ~(size_t)7;
    mpt_conn *c = mpt_alloc(st, sizeof *c + sched_bytes + mpt_pm_named(st, cs->path_manager)->priv_bytes);
    if (!c)
        return MPT_ERR_MEMORY;
    if (mpt_ranges_add(&c->reinject, 0, 1, NULL,
                       &st->mem)) { /* room for one range from now on, see mpt_conn_reinject_from() */
        mpt_free(st, c);
        return MPT_ERR_MEMORY;
    }
    mpt_ranges_remove_below(&c->reinject, 1);
    c->stack = st;
    c->id = st->next_conn_id++;
    c->set = *cs;
    c->mode = cs->mptcp ? MPT_MODE_OPENING : MPT_MODE_TCP;
    c->version = (uint8_t)cs->version;
    c->links = UINT64_MAX;
    c->sched = sched;
    mpt_pm_init(c, (char *)(c + 1) + sched_bytes);
    c->fallback.is_straight = true;
    c->fallback.fail_at = MPT_NEVER;
    c->peer_end = UINT64_MAX;
    mpt_reasm_init(&c->rx, 0, cs->receive_buffer_bytes);
    c->rcv_edge = 0;
    mpt_sndbuf_init(c);
    mpt_rcvbuf_init(c, now);
    c->probe_at = c->fin_at = c->no_subflow_at = c->orphan_at = c->memory_at = c->linger_at = MPT_NEVER;
    c->sched_at = c->dry_since = c->waits_since = MPT_NEVER;
    c->node.timer.at = MPT_NEVER;
    mpt_list_init(&c->node.ready);
    mpt_list_init(&c->notice_node);
    mpt_list_append(&st->conns, &c->all_node);
    st->conn_count++;
    if (sched->on_start)
        sched->on_start(sched, mpt_conn_sched_priv(c));
    *out = c;
    return MPT_OK;
}

static void subflow_free(mpt_subflow *sf) {
    mpt_stack *st = sf->conn->stack;
    mpt_cc_end(&sf->t.cc);
    mpt_sendq_free(&sf->t.q, &st->mem);
    mpt_free(st, sf->maps);
    mpt_reasm_free(&sf->t.rx, &st->mem);
    mpt_free(st, sf);
}

void mpt_conn_free(mpt_conn *c) {
    mpt_stack *st = c->stack;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        if (c->subflows[i]->t.state != MPT_TCP_CLOSED)
            mpt_tuple_remove(&c->subflows[i]->t);
        subflow_free(c->subflows[i]);
    }
    if (c->listener && !c->is_accepted)
        c->listener->half_open--;
    if (c->is_token_hashed)
        mpt_hash_remove(&st->tokens, &c->token_node);
    mpt_timers_set(&st->timers, &c->node.timer, MPT_NEVER);
    mpt_list_remove(&c->node.ready);
    mpt_list_remove(&c->notice_node);
    mpt_list_remove(&c->all_node);
    mpt_ranges_free(&c->reinject, &st->mem);
    mpt_reasm_free(&c->rx, &st->mem);
    mpt_pm_free(c);
    if (c->sched->on_end)
        c->sched->on_end(mpt_conn_sched_priv(c));
    st->conn_count--;
    mpt_free(st, c);
}

static void sweep(mpt_conn *c) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->t.state != MPT_TCP_CLOSED) {
            sf->index = kept;
            c->subflows[kept++] = sf;
            continue;
        }
        if (c->last_used == sf)
            c->last_used = NULL;
        if (c->unheard_of == sf)
            c->unheard_of = NULL;
        if (c->last_received == sf)
            c->last_received = NULL;
        subflow_free(sf);
    }
    c->subflow_count = kept;
    c->has_removed = false;
    c->node.look = c->node.stale = c->node.moved = MPT_LOOK_ALL;
}

/** Nobody asks any more: of what is in TIME-WAIT a small record is enough. One that may have to give a DATA_ACK once more stays as it is. */
static void leave_time_wait(mpt_conn *c, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_tcp *t = &c->subflows[i]->t;
        if (t->state == MPT_TCP_TIME_WAIT && t->q.count == 0 && mpt_time_wait_take(t, now))
            mpt_subflow_remove(c->subflows[i], 0, now);
    }
}

void mpt_conn_settle_now(mpt_conn *c, mpt_time now) {
    bool is_data_acked = mpt_conn_is_mptcp(c) ? c->is_dead && c->linger_at == MPT_NEVER : c->mode != MPT_MODE_OPENING;
    if (c->is_released && is_data_acked)
        leave_time_wait(c, now);
    if (c->has_removed)
        sweep(c);
    mpt_pm_settle(c, now);
    bool is_over = c->is_dead && c->subflow_count == 0 && c->linger_at == MPT_NEVER;
    if (!is_over)
        return;
    if (!c->is_accepted && !c->is_client) {
        mpt_conn_free(c); /* the host never heard of it */
    } else if (c->is_released && !(c->notices & (1u << MPT_NOTICE_GONE))) {
        c->notices = 0;
        mpt_conn_notify(c, MPT_NOTICE_GONE);
    }
}

void mpt_conn_wake(mpt_conn *c) {
    mpt_tcp_look(c->stack, &c->node, MPT_LOOK_ALL);
}

void mpt_conn_notify(mpt_conn *c, mpt_notice_kind kind) {
    if (c->is_released ? kind != MPT_NOTICE_GONE : !c->is_accepted && !c->is_client)
        return;
    c->notices |= 1u << kind;
    if (!mpt_list_is_linked(&c->notice_node))
        mpt_list_append(&c->stack->noticed, &c->notice_node);
}

void mpt_conn_starved(mpt_conn *c, mpt_time now) {
    MPT_COUNT(c->stack, NoMemory);
    if (c->memory_at != MPT_NEVER)
        return;
    c->memory_at = now + c->set.rto_min_ns;
    mpt_conn_arm(c, c->memory_at);
}

uint32_t mpt_conn_alive_count(const mpt_conn *c) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        n += mpt_subflow_is_alive(c->subflows[i]);
    return n;
}

/**
 * Does @p sf end when a join is proven that needs its place? One that did not answer (mpt_keepalive.c); and a server's own tries: were both ends to keep the last place for
 * their own, and to refuse the other's, none would ever come to be, as both try again after the same pause.
 */
static bool gives_way(const mpt_subflow *sf) {
    bool is_own_try = !sf->conn->is_client && sf->t.state == MPT_TCP_SYN_SENT;
    return is_own_try || (mpt_keepalive_is_unanswered(sf) && sf->t.state != MPT_TCP_CLOSED);
}

bool mpt_conn_has_place(const mpt_conn *c) {
    uint32_t taken = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        taken += mpt_subflow_is_alive(c->subflows[i]) && !gives_way(c->subflows[i]);
    return taken < c->set.subflows_max;
}

bool mpt_conn_make_place(mpt_conn *c, mpt_time now) {
    for (uint32_t i = c->subflow_count; i-- > 0 && mpt_conn_alive_count(c) > c->set.subflows_max;) {
        mpt_subflow *sf = c->subflows[i];
        if (!gives_way(sf))
            continue;
        if (sf->t.state == MPT_TCP_SYN_SENT) {
            mpt_subflow_remove(sf, 0, now);
        } else {
            MPT_COUNT(c->stack, RmSubflow);
            mpt_subflow_reset(sf, MPT_RST_PERFORMANCE, MPT_RST_TRANSIENT, now);
        }
    }
    return mpt_conn_alive_count(c) <= c->set.subflows_max;
}

void mpt_conn_set_dead(mpt_conn *c) {
    c->is_dead = true;
    c->stack->counters.MPCurrEstab -= c->is_counted;
    c->is_counted = false;
}

void mpt_conn_fail(mpt_conn *c, mpt_status reason, mpt_time now) {
    if (c->is_dead)
        return;
    mpt_conn_set_dead(c);
    c->failure = reason;
    c->probe_at = c->fin_at = c->no_subflow_at = c->orphan_at = c->memory_at = MPT_NEVER;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.state != MPT_TCP_CLOSED && !c->subflows[i]->is_fastclosing)
            mpt_subflow_remove(c->subflows[i], 0, now);
    mpt_conn_notify(c, MPT_NOTICE_FAILED);
}

/* ---- Finding ---- */

mpt_conn *mpt_conn_find_token(const mpt_stack *st, uint32_t token) {
    uint64_t hash = mpt_hash_mix(token);
    for (mpt_hash_node *n = mpt_hash_first(&st->tokens, hash); n; n = n->next) {
        mpt_conn *c = MPT_LIST_ENTRY(n, mpt_conn, token_node);
        if (n->hash == hash && c->token_local == token)
            return c;
    }
    return NULL;
}

mpt_subflow *mpt_conn_find_subflow(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote) {
    const mpt_tcp *t = mpt_tuple_find(st, local, remote);
    return t ? mpt_sf(t) : NULL;
}

mpt_conn *mpt_stack_find_conn(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote,
                              uint32_t *subflow_id) {
    const mpt_subflow *sf = mpt_conn_find_subflow(st, local, remote);
    if (!sf)
        return NULL;
    *subflow_id = sf->id;
    return sf->conn;
}

/* ---- Keys ---- */

static void derive(const mpt_conn *c, uint64_t key, uint32_t *token, uint64_t *idsn) {
    if (c->version == 0)
        mpt_crypto_key_v0(key, token, idsn);
    else
        mpt_crypto_key(key, token, idsn);
}

void mpt_conn_set_local_key(mpt_conn *c) {
    mpt_stack *st = c->stack;
    do {
        c->key_local = mpt_random_u64(&st->random);
        derive(c, c->key_local, &c->token_local, &c->idsn_local);
    } while (mpt_conn_find_token(st, c->token_local)); /* tokens are unique on a host (RFC 8684 3.1) */
    mpt_hash_insert(&st->tokens, &c->token_node, mpt_hash_mix(c->token_local), &st->mem);
    c->is_token_hashed = true;
}

void mpt_conn_set_remote_key(mpt_conn *c, uint64_t key) {
    c->key_remote = key;
    derive(c, key, &c->token_remote, &c->idsn_remote);
    c->has_key_remote = true;
}

/* ---- Calls of the application ---- */

static void begin(mpt_conn *c, mpt_time now) {
    MPT_ASSERT(!c->is_released);
    MPT_ASSERT(now >= c->stack->now);
    c->stack->now = now;
}

static void end(mpt_conn *c, mpt_time now) {
    if (c->stack->set.traces)
        mpt_trace_moved(c);
    mpt_conn_settle(c, now);
}

mpt_status mpt_connect(mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote,
                       const mpt_conn_settings *cs, mpt_time now, mpt_conn **out) {
    *out = NULL;
    MPT_ASSERT(now >= st->now);
    st->now = now;
    if (cs && mpt_conn_settings_check_at(st, cs))
        return MPT_ERR_SETTING;
    mpt_endpoint from = *local;
    if (from.port == 0)
        from.port = mpt_tuple_pick_port(st, &from.addr, remote);
    bool is_bad = from.port == 0 || remote->port == 0 || from.addr.family != remote->addr.family ||
                  !mpt_stack_find_local(st, &from.addr);
    if (is_bad || mpt_conn_find_subflow(st, &from, remote) || mpt_time_wait_find(st, &from, remote))
        return MPT_ERR_ADDRESS;
    mpt_conn *c;
    mpt_status status = mpt_conn_new(st, cs ? cs : &st->set.conn, now, &c);
    if (status)
        return status;
    c->is_client = true;
    c->local = from;
    c->remote = *remote;
    if (c->mode == MPT_MODE_OPENING && c->set.blackhole_timeout_ns > 0 &&
        mpt_blackhole_is_known(st, &remote->addr, now)) {
        MPT_COUNT(st, MPCapableSYNTXDisabled);
        c->mode = MPT_MODE_FALLBACK;
    }
    if (c->mode == MPT_MODE_OPENING)
        mpt_conn_set_local_key(c);
    mpt_subflow *sf = mpt_subflow_new(c, &from, remote, now);
    if (!sf) {
        mpt_conn_free(c);
        return MPT_ERR_MEMORY;
    }
    sf->t.is_client = true;
    MPT_COUNT(st, ActiveOpens);
    mpt_subflow_open(sf, now);
    mpt_conn_wake(c);
    *out = c;
    return MPT_OK;
}

void mpt_conn_restrict(mpt_conn *c, uint64_t links) {
    c->links = links;
}

mpt_status mpt_conn_write(mpt_conn *c, uint64_t bytes, mpt_time now) {
    begin(c, now);
    if (c->fin_requested || c->is_dead)
        return MPT_ERR_STATE;
    if (bytes > mpt_conn_writable(c))
        return MPT_ERR_LIMIT;
    c->snd_written += bytes;
    c->stack->run.by = NULL; /* that there is more to send is news to the scheduler */
    mpt_conn_wake_stream(c);
    end(c, now);
    return MPT_OK;
}

/** @return 0: there is no subflow */
static uint32_t greatest_mss(const mpt_conn *c) {
    uint32_t mss_bytes = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->is_established && c->subflows[i]->t.segment_bytes_max > mss_bytes)
            mss_bytes = c->subflows[i]->t.segment_bytes_max;
    return mss_bytes;
}

/** On every subflow: one may have died without a word, and the peer waits. */
static void tell_window(mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->is_established && mpt_subflow_is_alive(c->subflows[i]))
            c->subflows[i]->t.ack_wanted = true;
}

/** Tell a sender that was held back as soon as there is room for two segments or half the buffer (RFC 9293 3.8.6.2.2). */
static void tell_opened(mpt_conn *c, mpt_time now) {
    uint64_t promised = c->rcv_edge - c->rx.next, room = c->rx_read + c->rcvbuf_bytes - c->rx.next;
    uint64_t step = 2 * (uint64_t)greatest_mss(c);
    if (step > c->rcvbuf_bytes / 2)
        step = c->rcvbuf_bytes / 2;
    if (step > 0 && room >= promised + step) {
        tell_window(c);
        mpt_conn_wake(c);
        end(c, now);
    }
}

/** Is what was promised so little that more may have to be told? */
static bool is_window_small(const mpt_conn *c) {
    return c->rcv_edge - c->rx.next < c->rcvbuf_bytes / 2 && !c->peer_ended;
}

/** Not inlined, nor followed by anything: a window that stays wide costs no registers. */
__attribute__((noinline)) static void resize_window(mpt_conn *c, mpt_time now) {
    mpt_rcvbuf_read(c, now);
    if (is_window_small(c))
        tell_opened(c, now);
}

void mpt_conn_consume(mpt_conn *c, uint64_t bytes, mpt_time now) {
    begin(c, now);
    MPT_ASSERT(bytes <= mpt_conn_readable(c));
    c->rx_read += bytes;
    if (!c->is_dead && (c->set.receive_buffer_autotuning || is_window_small(c)))
        resize_window(c, now);
}

void mpt_conn_shutdown(mpt_conn *c, mpt_time now) {
    begin(c, now);
    if (c->fin_requested || c->is_dead)
        return;
    c->fin_requested = true;
    mpt_conn_close_progress(c, now);
    mpt_conn_wake(c);
    end(c, now);
}

void mpt_conn_abort(mpt_conn *c, mpt_time now) {
    begin(c, now);
    if (c->is_dead)
        return;
    mpt_fastclose_send(c, MPT_ERR_ABORTED, now);
    mpt_conn_wake(c);
    end(c, now);
}

void mpt_conn_release(mpt_conn *c, mpt_time now) {
    begin(c, now);
    bool is_unread = mpt_conn_readable(c) > 0 && !c->is_dead;
    bool is_unanswered = c->is_client && c->subflow_count == 1 && c->subflows[0]->t.state == MPT_TCP_SYN_SENT;
    if (is_unread)
        mpt_conn_abort(c, now);
    else if (is_unanswered && !c->is_dead)
        mpt_conn_fail(c, MPT_ERR_ABORTED, now); /* CLOSE in SYN-SENT (RFC 9293 3.10.4): the answer will be reset */
    c->is_released = true;
    c->notices = 0;
    mpt_list_remove(&c->notice_node);
    c->is_accepted = true; /* even if it was still waiting to be told */
    if (!c->is_dead) {
        c->fin_requested = true;
        c->orphan_at = now + c->set.fin_timeout_ns;
        mpt_conn_arm(c, c->orphan_at);
        mpt_conn_close_progress(c, now);
    }
    mpt_conn_wake(c);
    end(c, now);
}

/* ---- Getters ---- */

void mpt_conn_set_user(mpt_conn *c, void *user) {
    c->user = user;
}
void *mpt_conn_user(const mpt_conn *c) {
    return c->user;
}
uint64_t mpt_conn_readable(const mpt_conn *c) {
    return c->rx.next - c->rx_read;
}
uint64_t mpt_conn_read_offset(const mpt_conn *c) {
    return c->rx_read;
}
uint64_t mpt_conn_writable(const mpt_conn *c) {
    uint64_t held = c->snd_written - c->snd_una;
    return c->is_dead || c->fin_requested || held >= c->sndbuf_bytes ? 0 : c->sndbuf_bytes - held;
}
uint64_t mpt_conn_write_offset(const mpt_conn *c) {
    return c->snd_written;
}
/**
 * A subflow may have to send again what the peer has by another one: "the original data" (RFC 8684 3.3.6). Over a subflow that is silent for long that would
 * be all of the stream since, so that what is kept ends somewhere; what is sent in its place is not looked at, for its place in the stream is taken.
 * A DSS checksum would be looked at: see mpt_watch_timer().
 */
uint64_t mpt_conn_acked_offset(const mpt_conn *c) {
    uint64_t low = c->snd_una, buffer = c->set.send_buffer_bytes;
    uint64_t least = low > buffer && !c->has_checksum ? low - buffer : 0;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        uint64_t needed = mpt_sendq_low_offset(&c->subflows[i]->t.q);
        if (c->subflows[i]->t.state != MPT_TCP_CLOSED && needed < low)
            low = needed;
    }
    return low > least ? low : least;
}
bool mpt_conn_peer_ended(const mpt_conn *c) {
    return c->peer_ended;
}
mpt_endpoint mpt_conn_local(const mpt_conn *c) {
    return c->local;
}
mpt_endpoint mpt_conn_remote(const mpt_conn *c) {
    return c->remote;
}
uint32_t mpt_conn_id(const mpt_conn *c) {
    return c->id;
}

void mpt_conn_get_info(const mpt_conn *c, mpt_conn_info *out) {
    memset(out, 0, sizeof *out);
    out->mode = c->mode;
    out->subflow_count = c->subflow_count;
    out->token_local = c->token_local;
    out->token_remote = c->token_remote;
    out->bytes_sent = c->snd_nxt;
    out->bytes_acked = c->snd_una;
    out->bytes_received = c->rx.next;
    out->bytes_reinjected = c->bytes_reinjected;
    out->bytes_duplicate = c->bytes_duplicate;
    out->reorder_bytes = c->rx.beyond.total;
    out->send_window_bytes = c->snd_edge > c->snd_nxt ? c->snd_edge - c->snd_nxt : 0;
}

void *mpt_conn_scheduler(const mpt_conn *c, const mpt_sched_ops **ops) {
    *ops = c->sched;
    return mpt_conn_sched_priv(c);
}

void *mpt_conn_path_manager(const mpt_conn *c, const mpt_pm_ops **ops) {
    *ops = c->pm.ops;
    return c->pm.priv;
}

const mpt_cc *mpt_conn_cc(const mpt_conn *c, uint32_t subflow_id) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->id == subflow_id)
            return &c->subflows[i]->t.cc;
    return NULL;
}

bool mpt_conn_get_subflow_info(const mpt_conn *c, uint32_t index, mpt_subflow_info *out) {
    if (index >= c->subflow_count)
        return false;
    const mpt_subflow *sf = c->subflows[index];
    memset(out, 0, sizeof *out);
    out->id = sf->id;
    out->local = sf->t.local;
    out->remote = sf->t.remote;
    out->address_id_local = sf->local_id;
    out->address_id_remote = sf->remote_id;
    out->state = sf->t.state;
    out->is_established = sf->is_established;
    out->is_backup = sf->is_backup_local || sf->is_backup_remote;
    out->mss_bytes = sf->t.segment_bytes_max;
    out->cwnd_bytes = sf->t.cc.cwnd_bytes;
    out->ssthresh_bytes = sf->t.cc.ssthresh_bytes;
    out->flight_bytes = mpt_sendq_pipe(&sf->t.q);
    out->srtt_ns = sf->t.rto.srtt_ns;
    out->rtt_min_ns = mpt_least_get(&sf->t.rtt_min);
    out->rto_ns = mpt_rto_get(&sf->t.rto);
    out->bytes_sent = sf->t.bytes_sent;
    out->bytes_acked = sf->t.bytes_acked;
    out->bytes_retransmitted = sf->t.bytes_resent;
    out->bytes_received = sf->t.rx.next > 0 ? sf->t.rx.next - 1 - (sf->t.rx.next > sf->t.fin_offset ? 1u : 0u) : 0;
    out->segments_sent = sf->t.segments_sent;
    out->segments_received = sf->t.segments_received;
    out->timeouts = sf->t.timeouts;
    out->fast_recoveries = sf->t.fast_recoveries;
    return true;
}
