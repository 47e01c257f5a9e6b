/* SPDX-License-Identifier: GPL-2.0-only */
/** mpt_fallback.c: MPTCP gives way to plain TCP when a middlebox will not have it (RFC 8684 3.7, appendix C figure 18). */
#include "mpt_stack.h"

enum { CHECKSUM_FAILURES_MAX = 3 };

void mpt_fallback(mpt_conn *c, mpt_subflow *sf, mpt_time now) {
    if (c->mode == MPT_MODE_FALLBACK || c->mode == MPT_MODE_TCP)
        return;
    c->mode = MPT_MODE_FALLBACK;
    uint64_t snd_nxt = sf->snd_nxt > 0 ? sf->snd_nxt : 1;
    c->tx_delta = (int64_t)c->snd_nxt - (int64_t)snd_nxt;
    c->rx_delta = (int64_t)c->rx.next - (int64_t)(sf->rx.next > 0 ? sf->rx.next : 1);
    c->data_fin_wanted = c->fin_sent = false;
    c->fin_at = c->pm.retry_at = MPT_NEVER;
    c->no_subflow_at = MPT_NEVER;
    c->removed_count = c->echo_count = c->advert_count = 0;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf)
            mpt_subflow_reset(c->subflows[i], MPT_RST_MIDDLEBOX, 0, now);
    mpt_conn_close_progress(c, now);
    mpt_conn_wake(c);
}

/** Have data passed with their mapping, or is there another path they may take? Options that go missing later are no reason to fall back. */
static bool is_proven(const mpt_conn *c, const mpt_subflow *sf) {
    for (uint32_t i = 0; i < c->subflow_count; i++)
        if (c->subflows[i] != sf && c->subflows[i]->is_established)
            return true;
    return sf->is_join || c->is_dead || c->snd_una > 0 || c->rx.next > 0;
}

bool mpt_fallback_on_missing_option(mpt_subflow *sf, const mpt_wire *w, uint32_t payload_bytes, mpt_time now) {
    mpt_conn *c = sf->conn;
    if (is_proven(c, sf))
        return true; /* an ACK without DATA_ACK says nothing at connection level; data without mapping are refused later */
    bool acks_data = (uint32_t)(w->ack - sf->iss) > 1;
    if (payload_bytes == 0 && !acks_data && !(w->flags & MPT_FIN))
        return true;
    MPT_COUNT(c->stack, MPCapableFallbackACK);
    mpt_fallback(c, sf, now);
    if (acks_data) /* the subflow's acknowledgement was processed before the stream was known to follow it */
        mpt_conn_acked(c, (uint64_t)((int64_t)sf->snd_una + c->tx_delta), false, now);
    mpt_conn_window(c, c->snd_una + ((uint64_t)w->window << sf->snd_scale), now);
    return true;
}

void mpt_fallback_on_bad_checksum(mpt_subflow *sf, uint64_t dsn, mpt_time now) {
    mpt_conn *c = sf->conn;
    sf->fail_wanted = true;
    sf->fail_dsn = dsn;
    MPT_COUNT(c->stack, DSSCorruptionReset);
    bool is_only = true;
    for (uint32_t i = 0; i < c->subflow_count; i++)
        is_only &= c->subflows[i] == sf || !c->subflows[i]->is_established;
    mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now); /* the data come again on another subflow */
    if (is_only && ++c->checksum_failures > CHECKSUM_FAILURES_MAX)
        mpt_conn_fail(c, MPT_ERR_RESET, now); /* whatever rewrites the data sits on every path there is */
}

void mpt_fallback_fail_received(mpt_subflow *sf, uint64_t dsn, mpt_time now) {
    mpt_conn *c = sf->conn;
    (void)dsn;
    MPT_COUNT(c->stack, MPFailRx);
    if (c->subflow_count > 1)
        mpt_subflow_reset(sf, MPT_RST_MIDDLEBOX, 0, now);
}
