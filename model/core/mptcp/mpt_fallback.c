/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_fallback.c: MPTCP gives way to plain TCP when a middlebox will not have it (RFC 8684 3.7, appendix C figure 18).
 *
 * Without mappings the stream is what the initial subflow carries, from its first byte on. That is known to be so as long as no other subflow ever
 * carried data and nothing was sent twice at connection level (is_straight). Afterwards a broken subflow can only be reset.
 *
 * After a wrong checksum the receiver holds back what the subflow brings (is_failing) and says MP_FAIL, again and again. The sender answers with MP_FAIL
 * and an infinite mapping, both ends revert to TCP, and what was held back counts, whatever the middlebox made of it.
 */
#include "mptcp/mpt_conn.h"

enum { MEDDLED_MAX = 3, UNMAPPED_HEADS_MAX = 3, ANSWERS_MAX = 3 };

static bool is_only(const mpt_subflow *sf) {
    const mpt_conn *c = sf->conn;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf && c->subflows[i]->is_established)
            return false;
    return true;
}

/* ---- Reverting to TCP ---- */

static bool may_fall_back(const mpt_conn *c, const mpt_subflow *sf) {
    return c->fallback.is_straight && !sf->is_join && !sf->t.was_fin_sent;
}

static void reset_others(mpt_conn *c, const mpt_subflow *sf, mpt_time now) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf)
            mpt_subflow_reset(c->subflows[i], MPT_RST_MIDDLEBOX, 0, now);
}

/** Where MPTCP saw the peer's end is no longer sure, unless all before it arrived: a FIN will tell, or has told. */
static void forget_peer_end(mpt_conn *c) {
    if (!c->peer_ended)
        c->peer_end = UINT64_MAX;
}

/** The stream is where the subflow is; without memory for what lies beyond a hole, the subflow forgets that, too (RFC 2018 8). */
static void take_over_received(mpt_conn *c, mpt_subflow *sf, mpt_time now) {
    mpt_stack *st = c->stack;
    uint64_t end = sf->t.rx.next < sf->t.fin_offset ? sf->t.rx.next : sf->t.fin_offset, before = c->rx.next;
    mpt_status status = MPT_OK;
    mpt_reasm_free(&c->rx, &st->mem);
    mpt_reasm_init(&c->rx, end > 0 ? mpt_stream_of_subflow(end) : 0, c->set.receive_buffer_bytes);
    MPT_ASSERT(c->rx.next >= before);
    for (mpt_range r = {0, 0}; status == MPT_OK && mpt_spans_after(&sf->t.rx.beyond, r.end, &r);)
        status = mpt_reasm_insert(&c->rx, mpt_stream_of_subflow(r.start), mpt_stream_of_subflow(r.end), NULL, &st->mem);
    if (status) {
        MPT_COUNT(st, NoMemory);
        uint64_t next = sf->t.rx.next;
        mpt_reasm_free(&c->rx, &st->mem);
        mpt_reasm_free(&sf->t.rx, &st->mem);
        mpt_reasm_init(&c->rx, end > 0 ? mpt_stream_of_subflow(end) : 0, c->set.receive_buffer_bytes);
        mpt_reasm_init(&sf->t.rx, next, c->set.receive_buffer_bytes);
        sf->t.recent.count = 0;
    }
    if (c->rx.next > before)
        mpt_conn_notify(c, MPT_NOTICE_READABLE);
    forget_peer_end(c);
    if (sf->t.rx.next > sf->t.fin_offset)
        mpt_conn_end_received(c, mpt_stream_of_subflow(sf->t.fin_offset), now);
}

/** The subflow's acknowledgements were not the stream's until now. */
static void take_over_sent(mpt_conn *c, const mpt_subflow *sf, bool was_mptcp, mpt_time now) {
    MPT_ASSERT(c->snd_nxt == (sf->t.snd_nxt > 0 ? mpt_stream_of_subflow(sf->t.snd_nxt) : 0));
    c->fallback.infinite_wanted = was_mptcp;
    c->fallback.infinite_offset = c->snd_una;
    mpt_ranges_remove_below(&c->reinject, UINT64_MAX);
    c->data_fin_wanted = false;
    c->fin_sent = c->fin_acked;
    if (sf->t.snd_una > 0)
        mpt_conn_acked(c, mpt_stream_of_subflow(sf->t.snd_una), false, now);
}

void mpt_fallback(mpt_conn *c, mpt_subflow *sf, mpt_time now) {
    if (c->mode == MPT_MODE_FALLBACK || c->mode == MPT_MODE_TCP || c->is_dead)
        return;
    if (!may_fall_back(c, sf)) {
        mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
        return;
    }
    bool was_mptcp = mpt_conn_is_mptcp(c);
    c->has_key_remote &= was_mptcp;
    reset_others(c, sf, now);
    c->mode = MPT_MODE_FALLBACK;
    sf->t.user = &mpt_plain_user;
    sf->t.sends_whole_chunks = false;
    c->fallback.is_failing = false;
    c->fin_at = c->pm.retry_at = c->fallback.fail_at = c->no_subflow_at = MPT_NEVER;
    c->removed_count = c->echo_count = c->advert_count = 0;
    take_over_sent(c, sf, was_mptcp, now);
    take_over_received(c, sf, now);
    mpt_conn_close_progress(c, now);
    mpt_conn_wake(c);
}

static bool has_initial_subflow(const mpt_conn *c) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (!c->subflows[i]->is_join && c->subflows[i]->t.state != MPT_TCP_CLOSED)
            return true;
    return false;
}

bool mpt_fallback_is_over(const mpt_conn *c) {
    bool is_first_data_open =
        c->snd_nxt > 0 && c->snd_una == 0 && c->rx.next == 0; /* not known whether DSS options pass with data */
    return !(is_first_data_open && has_initial_subflow(c)) && !c->fallback.is_failing;
}

/* ---- Options that are missing ---- */

/** Have data passed with their mapping, or a mapping for more than its segment? Options that go missing later are no reason to fall back. */
static bool is_proven(const mpt_conn *c, const mpt_subflow *sf) {
    bool has_data_passed =
        c->rx.next > 0 || sf->map_count > 0; /* the first of them under MP_CAPABLE: no proof of DSS */
    return sf->is_join ? sf->has_dss_passed : c->snd_una > 0 || (sf->has_dss_passed && has_data_passed);
}

/**
 * Is this the acknowledgement of the first data, or the end of a peer that gave MPTCP up for want of one, on the only subflow? That mappings came
 * with the peer's data does not tell whether DATA_ACKs come with its ACKs.
 */
static bool is_first_ack(const mpt_conn *c, const mpt_subflow *sf, bool acks_data, bool is_fin) {
    bool was_data_acked = c->snd_una > 0;
    return ((acks_data && c->snd_nxt > 0) || is_fin) && !was_data_acked && may_fall_back(c, sf) && is_only(sf);
}

bool mpt_fallback_on_missing_option(mpt_subflow *sf, const mpt_wire *w, uint32_t payload_bytes, mpt_time now) {
    mpt_conn *c = sf->conn;
    bool acks_data = (uint32_t)(w->ack - sf->t.iss) > 1, is_fin = w->flags & MPT_FIN;
    if (c->is_dead || c->fallback.is_failing || (is_proven(c, sf) && !is_first_ack(c, sf, acks_data, is_fin)))
        return true; /* an ACK without DATA_ACK says nothing at connection level; data without mapping are refused later */
    if (payload_bytes == 0 && !acks_data && !is_fin)
        return true;
    if (!sf->is_join)
        MPT_COUNT(c->stack, MPCapableFallbackACK);
    mpt_fallback(c, sf, now);
    if (sf->t.state == MPT_TCP_CLOSED)
        return false;
    mpt_conn_window(c, c->snd_una + ((uint64_t)w->window << sf->t.snd_scale), now);
    return true;
}

bool mpt_fallback_on_missing_mapping(mpt_subflow *sf, mpt_time now) {
    if (++sf->unmapped_heads < UNMAPPED_HEADS_MAX || sf->conn->is_dead)
        return true; /* an accident: it comes again */
    if (mpt_fallback_may_start(sf))
        return mpt_fallback_on_bad_checksum(sf, mpt_conn_data_ack(sf->conn), now); /* TCP can go on here (3.7) */
    mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
    return false;
}

/* ---- Subflows that a middlebox made useless ---- */

void mpt_fallback_meddled(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (is_only(sf) && ++c->fallback.meddled_count > MEDDLED_MAX)
        mpt_conn_fail(c, MPT_ERR_RESET, now); /* it sits on every path there is */
}

/* ---- Checksums that are wrong, MP_FAIL ---- */

static void say_fail(mpt_conn *c, mpt_subflow *sf, mpt_time now) {
    sf->fail_wanted = true;
    c->fallback.fail_at = now + (mpt_rto_get(&sf->t.rto) << c->fallback.fail_sent_count);
    c->fallback.fail_sent_count++;
    mpt_conn_arm(c, c->fallback.fail_at);
    mpt_conn_wake(c);
}

bool mpt_fallback_may_start(const mpt_subflow *sf) {
    return may_fall_back(sf->conn, sf) && is_only(sf);
}

bool mpt_fallback_on_bad_checksum(mpt_subflow *sf, uint64_t dsn, mpt_time now) {
    mpt_conn *c = sf->conn;
    c->fallback.fail_dsn = dsn;
    if (mpt_fallback_may_start(sf)) {
        MPT_COUNT(c->stack, DSSCorruptionFallback);
        reset_others(c, sf, now);
        c->fallback.is_failing = true;
        forget_peer_end(c);
        say_fail(c, sf, now);
        return true;
    }
    MPT_COUNT(c->stack, DSSCorruptionReset);
    sf->fail_wanted = true;
    mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now); /* the data come again on another subflow */
    return false;
}

void mpt_fallback_timer(mpt_conn *c, mpt_time now) {
    c->fallback.fail_at = MPT_NEVER;
    if (!c->fallback.is_failing)
        return;
    for (uint32_t i = 0; i < c->subflow_count; i++) {
        mpt_subflow *sf = c->subflows[i];
        if (sf->is_join || sf->t.state == MPT_TCP_CLOSED)
            continue;
        if (c->fallback.fail_sent_count > c->set.subflow_data_retries)
            mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
        else
            say_fail(c, sf, now);
    }
}

void mpt_fallback_fail_received(mpt_subflow *sf, uint64_t dsn, bool is_answer, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (c->is_dead || !c->has_key_remote)
        return; /* it never was, or is no more, MPTCP */
    uint64_t offset = dsn - mpt_conn_dsn(c, 0);
    MPT_COUNT(c->stack, MPFailRx);
    if (is_answer || offset > c->snd_nxt)
        return; /* the infinite mapping has done it; or: the failure of what was never sent */
    bool is_asked = !c->fallback.is_failing, is_again = c->mode == MPT_MODE_FALLBACK && c->fallback.fail_sent_count > 0;
    if (is_again && ++c->fallback.answer_count > ANSWERS_MAX)
        return; /* both asked; and Linux takes every answer for a question until it has new data to send */
    if (is_asked)
        c->fallback.fail_dsn = mpt_conn_data_ack(c);
    sf->fail_wanted = is_asked; /* both directions revert (RFC 8684 3.7), and with the RST it says why */
    if (is_only(sf) || c->mode == MPT_MODE_FALLBACK)
        mpt_fallback(c, sf, now);
    else
        mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
    if (sf->t.state == MPT_TCP_CLOSED && !c->is_dead)
        mpt_conn_reinject_after(c, offset);
    mpt_conn_wake(c);
}

void mpt_fallback_infinite_received(mpt_subflow *sf, mpt_time now) {
    mpt_conn *c = sf->conn;
    MPT_COUNT(c->stack, InfiniteMapRx);
    mpt_fallback(c, sf, now);
}

/* ---- Options that leave ---- */

void mpt_fallback_fail_option(mpt_conn *c, mpt_wire *w) {
    w->mptcp |= 1u << MPT_MP_FAIL;
    w->fail_dsn = c->fallback.fail_dsn;
    MPT_COUNT(c->stack, MPFailTx);
}

/** With 4 bytes of DSN it fits beside MP_FAIL and timestamps. */
void mpt_fallback_infinite_option(mpt_conn *c, mpt_wire *w) {
    uint64_t offset = c->fallback.infinite_offset;
    w->mptcp |= 1u << MPT_DSS;
    MPT_ASSERT(c->mode == MPT_MODE_FALLBACK);
    w->dss = (mpt_wire_dss){
        .has_map = true, .dsn = mpt_conn_dsn(c, offset), .ssn = (uint32_t)offset + 1, .has_checksum = c->has_checksum};
    if (!c->fallback.was_infinite_sent)
        MPT_COUNT(c->stack, InfiniteMapTx);
    c->fallback.was_infinite_sent = true;
}
