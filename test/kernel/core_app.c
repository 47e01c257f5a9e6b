/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core_app.h"

#include <inttypes.h>
#include <stdio.h>

#include "ip_packet.h"
#include "sim_fail.h"
#include "sim_link.h"

static int own_side(const core_app *a) {
    return a->is_client ? SIM_CLIENT : SIM_SERVER;
}

/* ---- Reading, writing, closing ---------------------------------------------------------------------------- */

static void read_all(core_app *a, mpt_time now) {
    uint64_t count = mpt_conn_readable(a->conn);
    if (count > 0) {
        uint64_t wrong = sim_store_compare(&a->received, !own_side(a), 0, a->read, count);
        SIM_REQUIRE(wrong == UINT64_MAX, "wrong byte at offset %" PRIu64, wrong);
        if (a->read > 0 && now - a->last_read_at > a->gap_max_ns) {
            a->gap_max_ns = now - a->last_read_at;
        }
        a->last_read_at = now;
        a->read += count;
        sim_store_drop(&a->received, a->read);
        mpt_conn_consume(a->conn, count, now);
    }
    a->is_ended = mpt_conn_peer_ended(a->conn) && mpt_conn_readable(a->conn) == 0;
}

static void write_some(core_app *a, mpt_time now) {
    sim_store_drop(&a->sent, mpt_conn_acked_offset(a->conn));
    if (a->is_shut || !a->is_connected || (a->is_responder && !a->is_ended)) {
        return;
    }
    uint64_t left = a->bytes_to_write - a->written, room = mpt_conn_writable(a->conn),
             count = left < room ? left : room;
    if (count > 0) {
        sim_store_append_pattern(&a->sent, own_side(a), 0, count);
        mpt_status status = mpt_conn_write(a->conn, count, now);
        SIM_REQUIRE(status == MPT_OK, "mpt_conn_write() returns %s", mpt_status_name(status));
        a->written += count;
    }
    if (a->written == a->bytes_to_write) {
        a->is_shut = true;
        mpt_conn_shutdown(a->conn, now);
    }
}

static void release(core_app *a, mpt_time now) {
    mpt_conn *conn = a->conn;
    core_app_observe(a);
    a->is_over = true;
    mpt_conn_release(conn, now);
}

static void connected(core_app *a, mpt_conn *conn, mpt_time now) {
    SIM_REQUIRE(!a->is_connected, "connected twice");
    a->conn = conn;
    a->is_connected = true;
    a->connected_at = now;
}

void core_app_notice(core_app *a, const mpt_notice *n, mpt_time now) {
    switch (n->kind) {
    case MPT_NOTICE_ACCEPTED:
    case MPT_NOTICE_CONNECTED: connected(a, n->conn, now); break;
    case MPT_NOTICE_READABLE:
    case MPT_NOTICE_WRITABLE: break;
    case MPT_NOTICE_CLOSED: a->is_closed = true; break;
    case MPT_NOTICE_FAILED:
        a->outcome = n->reason;
        release(a, now);
        return;
    case MPT_NOTICE_GONE: a->conn = NULL; return;
    }
    read_all(a, now);
    write_some(a, now);
    if (a->is_shut && a->is_ended && a->is_closed) {
        release(a, now);
    }
}

/* ---- Payload ---------------------------------------------------------------------------------------------- */

const uint8_t *core_app_payload(const core_app *a, const mpt_segment *s) {
    SIM_REQUIRE(s->conn == a->conn, "payload of an unknown connection");
    return sim_store_get(&a->sent, s->stream_offset, s->payload_bytes);
}

void core_app_store(core_app *a, const mpt_store *store, const uint8_t *payload) {
    sim_store_put(&a->received, store->stream_offset, payload + store->payload_skip, store->bytes);
}

/* ---- Results ---------------------------------------------------------------------------------------------- */

void core_app_observe(core_app *a) {
    mpt_subflow_info s;
    if (a->conn == NULL || a->is_over) {
        return;
    }
    mpt_conn_get_info(a->conn, &a->info);
    for (uint32_t i = 0; mpt_conn_get_subflow_info(a->conn, i, &s); i++) {
        if (s.id < CORE_SUBFLOWS_MAX) {
            a->subflows[s.id] = s;
            a->subflow_count = s.id >= a->subflow_count ? s.id + 1 : a->subflow_count;
        }
    }
}

static const char *mode_name(mpt_mode mode) {
    switch (mode) {
    case MPT_MODE_TCP: return "tcp";
    case MPT_MODE_OPENING: return "opening";
    case MPT_MODE_MPTCP: return "mptcp";
    case MPT_MODE_FALLBACK: return "fallback";
    }
    return "?";
}

void core_app_print(const core_app *a) {
    double seconds = (double)(a->last_read_at - a->connected_at) / (double)MPT_S;
    printf(" mode=%s outcome=%s", mode_name(a->info.mode),
           a->outcome != MPT_OK ? mpt_status_name(a->outcome)
           : a->is_closed       ? "closed"
                                : "unfinished");
    printf(" written=%" PRIu64 " read=%" PRIu64 " ended=%d seconds=%.3f gap_ms=%.0f", a->written, a->read, a->is_ended,
           a->read > 0 ? seconds : 0, (double)a->gap_max_ns / (double)MPT_MS);
    printf(" reinjected=%" PRIu64 " duplicate=%" PRIu64, a->info.bytes_reinjected, a->info.bytes_duplicate);
    uint32_t used = 0;
    for (uint32_t i = 0; i < a->subflow_count; i++) {
        const mpt_subflow_info *s = &a->subflows[i];
        used += s->bytes_sent > 0 || s->bytes_received > 0;
        printf(" subflow%u=%s-%s", i, ip_text(&s->local.addr), ip_text(&s->remote.addr));
        printf(" subflow%u_sent=%" PRIu64 " subflow%u_received=%" PRIu64 " subflow%u_resent=%" PRIu64
               " subflow%u_timeouts=%u",
               i, s->bytes_sent, i, s->bytes_received, i, s->bytes_retransmitted, i, s->timeouts);
    }
    printf(" subflows=%u subflows_used=%u", a->subflow_count, used);
}

void core_app_free(core_app *a) {
    sim_store_free(&a->sent);
    sim_store_free(&a->received);
}
