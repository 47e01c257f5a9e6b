/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_check.c: the invariants of a whole stack, for tests. */
#include "stack/mpt_stack.h"

static void check_subflow(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    MPT_ASSERT(sf->t.snd_una <= sf->t.snd_nxt);
    if (sf->t.q.count > 0) {
        const mpt_chunk *head = mpt_sendq_at(&sf->t.q, 0);
        MPT_ASSERT(head->start >= sf->t.snd_una || (c->has_checksum && mpt_chunk_end(head) > sf->t.snd_una));
        MPT_ASSERT(mpt_chunk_end(mpt_sendq_at(&sf->t.q, sf->t.q.count - 1)) == sf->t.snd_nxt);
    }
    mpt_sendq_check(&sf->t.q);
    mpt_reasm_check(&sf->t.rx);
    mpt_recent_check(&sf->t.recent, &sf->t.rx);
    MPT_ASSERT(sf->t.cc.cwnd_bytes >= 1 && sf->t.cc.mss_bytes >= 1);
    MPT_ASSERT(c->is_dead || sf->t.q.count == 0 || sf->t.rto_at != MPT_NEVER); /* what is sent is watched */
    MPT_ASSERT(mpt_conn_find_subflow(c->stack, &sf->t.local, &sf->t.remote) == sf);
    MPT_ASSERT(mpt_subflow_deadline(sf) == MPT_NEVER || c->node.timer.slot != 0);
    MPT_ASSERT(mpt_subflow_deadline(sf) >= c->node.timer.at);
}

static void check_conn(const mpt_conn *c) {
    MPT_ASSERT(c->snd_una <= c->snd_nxt && c->snd_nxt <= c->snd_written);
    MPT_ASSERT(c->snd_written - c->snd_una <= c->sndbuf_bytes && c->sndbuf_bytes <= c->set.send_buffer_bytes);
    MPT_ASSERT(c->rx_read <= c->rx.next);
    MPT_ASSERT(!c->fin_acked || c->fin_sent);
    MPT_ASSERT(!c->peer_ended || c->rx.next == c->peer_end);
    MPT_ASSERT(!c->is_token_hashed || mpt_conn_find_token(c->stack, c->token_local) == c);
    mpt_reasm_check(&c->rx);
    mpt_ranges_check(&c->reinject);
    if (c->reinject.count > 0)
        MPT_ASSERT(c->reinject.items[c->reinject.count - 1].end <= c->snd_nxt &&
                   c->reinject.items[0].start >= c->snd_una);
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i]->t.state != MPT_TCP_CLOSED)
            check_subflow(c->subflows[i]);
}

void mpt_stack_check(const mpt_stack *st) {
    uint32_t conns = 0, established = 0;
    for (const mpt_list *n = st->conns.next; n != &st->conns; n = n->next, conns++) {
        const mpt_conn *c = MPT_LIST_ENTRY(n, const mpt_conn, all_node);
        check_conn(c);
        MPT_ASSERT(!c->is_counted || !c->is_dead);
        established += c->is_counted;
    }
    MPT_ASSERT(conns == st->conn_count);
    MPT_ASSERT(established == st->counters.MPCurrEstab);
    mpt_timers_check(&st->timers);
}
