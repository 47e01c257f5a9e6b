/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mpt_assert_failed(const char *expression, const char *file, int line) {
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
    abort();
}

uint8_t fuzz_pattern(int side, uint64_t offset) {
    return (uint8_t)((offset * UINT64_C(2654435761)) >> 13 ^ (side ? 0xff : 0));
}

mpt_addr fuzz_address(int side, uint32_t index) {
    mpt_addr a = mpt_addr_v4(10, (uint8_t)side, (uint8_t)index, 1);
    a.family = index % 2 ? 6 : 4;
    return a;
}

/* ---- Settings --------------------------------------------------------------------------------------------- */

static void conn_settings(mpt_conn_settings *c, fuzz_bytes *in) {
    static const char *const controls[] = {"lia", "reno", "cubic", "lia"};
    static const uint32_t buffers[] = {65536, 4194304, 2048, 10000};
    uint8_t a = fuzz_u8(in), b = fuzz_u8(in), d = fuzz_u8(in), e = fuzz_u8(in), f = fuzz_u8(in);
    c->mptcp = !(a & 0x01) || a & 0x02;
    c->dss_checksum = a & 0x04;
    c->timestamps = !(a & 0x08);
    c->window_scaling = !(a & 0x10);
    c->sack = !(a & 0x20);
    c->ecn = a & 0x40;
    c->nagle = !(a & 0x80);
    c->dsn64 = !(b & 0x01);
    c->data_ack64 = b & 0x02;
    c->join_from_server = b & 0x04;
    c->announce_addresses = !(b & 0x08);
    c->delayed_ack = !(b & 0x10);
    c->limited_transmit = !(b & 0x20);
    snprintf(c->scheduler, sizeof c->scheduler, "%s", b & 0x40 ? "roundrobin" : "minrtt");
    snprintf(c->path_manager, sizeof c->path_manager, "%s", b & 0x80 ? "none" : "fullmesh");
    snprintf(c->congestion_control, sizeof c->congestion_control, "%s", controls[d & 3]);
    c->send_buffer_bytes = buffers[d >> 2 & 3];
    c->receive_buffer_bytes = buffers[d >> 4 & 3];
    c->mss_bytes_max = d & 0x40 ? 88 : 65495;
    c->send_buffer_autotuning = d & 0x80;
    c->subflows_max = e & 0x01 ? 1u + (e >> 1 & 3) : 8;
    c->initial_window_segments = e & 0x08 ? 1 : 10;
    c->time_wait_ns = e & 0x10 ? 0 : MPT_S;
    c->data_retries = e & 0x20 ? 2 : 15;
    c->no_subflow_timeout_ns = e & 0x40 ? 0 : 10 * MPT_S;
    c->dup_threshold = e & 0x80 ? 1 : 3;
    c->version = f & 0x01 ? 0 : 1;
    c->accept_version_0 = f & 0x02;
    c->rack = !(f & 0x04);
    c->tail_loss_probe = !(f & 0x08);
    c->pacing = f & 0x10;
    c->receive_buffer_autotuning = f & 0x20;
    c->fastclose_ack = f & 0x40;
    c->allow_join_initial = !(f & 0x80);
}

static void address_up(fuzz_host *h, uint32_t index, uint8_t flags) {
    mpt_local_address a = {.addr = fuzz_address(h->side, index),
                           .mtu_bytes = flags & 0x10 ? 1280 : 1500,
                           .id = flags & 0x08 ? 9 : 0,
                           .port = flags & 0x04 ? FUZZ_PORT + 1 : 0,
                           .is_backup = flags & 0x20,
                           .is_signal = flags & 0x40,
                           .no_subflow = flags & 0x80};
    mpt_status status = mpt_address_up(h->stack, &a, h->now);
    FUZZ_REQUIRE(status == MPT_OK || status == MPT_ERR_LIMIT || status == MPT_ERR_ADDRESS || status == MPT_ERR_MEMORY);
}

static void listen_at(fuzz_host *h, uint32_t index) {
    mpt_endpoint local = {.port = (uint16_t)(FUZZ_PORT + index)};
    if (h->listener[index] == NULL) {
        mpt_listen(h->stack, &local, 4, NULL, &h->listener[index]);
    }
}

bool fuzz_host_open(fuzz_host *h, int side, fuzz_bytes *in) {
    memset(h, 0, sizeof *h);
    h->side = side;
    mpt_settings_default(&h->settings);
    uint8_t kind = fuzz_u8(in);
    h->settings.seed = kind & 0x0f;
    h->settings.traces = kind & 0x10 ? MPT_TRACE_ALL : 0;
    h->has_payload = kind & 0x20;
    h->settings.connections_max = kind & 0x40 ? 2 : 64;
    h->settings.half_open_max = kind & 0x80 ? 1 : 8;
    conn_settings(&h->settings.conn, in);
    mpt_mem mem = sim_memory_mem(&h->memory);
    if (mpt_stack_new(&h->stack, &h->settings, &mem, 0) != MPT_OK) {
        return false;
    }
    uint8_t addresses = fuzz_u8(in);
    for (uint32_t i = 0; i < FUZZ_ADDRESSES; i++) {
        if (i == 0 || addresses & 1u << i) {
            address_up(h, i, addresses & 0xf0);
        }
    }
    listen_at(h, 0);
    return true;
}

/* ---- Connections of the application ------------------------------------------------------------------------ */

static fuzz_conn *find(fuzz_host *h, const mpt_conn *conn) {
    for (uint32_t i = 0; i < FUZZ_CONNS_MAX; i++) {
        if (h->conns[i].conn == conn) {
            return &h->conns[i];
        }
    }
    return NULL;
}

/** @return the @p index -th connection that the application has, or NULL. */
static fuzz_conn *choose(fuzz_host *h, uint8_t index) {
    fuzz_conn *c = &h->conns[index % FUZZ_CONNS_MAX];
    return c->conn != NULL && !c->is_released ? c : NULL;
}

static void add(fuzz_host *h, mpt_conn *conn) {
    fuzz_conn *c = find(h, NULL);
    if (c == NULL) {
        mpt_conn_release(conn, h->now); /* the application takes no more */
        return;
    }
    *c = (fuzz_conn){.conn = conn, .receive_buffer_bytes = h->settings.conn.receive_buffer_bytes};
    mpt_conn_set_user(conn, h);
}

static void connect_out(fuzz_host *h, uint8_t kind) {
    mpt_endpoint local = {.addr = fuzz_address(h->side, kind & 3), .port = kind & 0x10 ? 4000 : 0};
    mpt_endpoint remote = {.addr = fuzz_address(!h->side, kind >> 2 & 3),
                           .port = (uint16_t)(FUZZ_PORT + (kind >> 5 & 1))};
    mpt_conn *conn = NULL;
    mpt_status status = mpt_connect(h->stack, &local, &remote, NULL, h->now, &conn);
    FUZZ_REQUIRE((status == MPT_OK) == (conn != NULL));
    if (conn != NULL) {
        add(h, conn);
    }
}

static void write_out(fuzz_host *h, fuzz_conn *c, uint64_t bytes) {
    uint64_t room = mpt_conn_writable(c->conn);
    mpt_status status = mpt_conn_write(c->conn, bytes, h->now);
    FUZZ_REQUIRE(status == MPT_OK || status == MPT_ERR_STATE || (status == MPT_ERR_LIMIT && bytes > room));
    c->written += status == MPT_OK ? bytes : 0;
    FUZZ_REQUIRE(mpt_conn_write_offset(c->conn) == c->written);
}

static void consume(fuzz_host *h, fuzz_conn *c, uint64_t bytes) {
    uint64_t readable = mpt_conn_readable(c->conn);
    mpt_conn_consume(c->conn, bytes < readable ? bytes : readable, h->now);
}

static void release(fuzz_host *h, fuzz_conn *c) {
    c->is_released = true;
    mpt_conn_release(c->conn, h->now);
}

static void close_listener(fuzz_host *h, uint32_t index) {
    if (h->listener[index] != NULL) {
        mpt_listener_close(h->listener[index], h->now);
        h->listener[index] = NULL;
    }
}

static void unreachable(fuzz_host *h, const fuzz_conn *c, uint8_t index) {
    mpt_subflow_info info;
    if (c->conn != NULL && !c->is_released && mpt_conn_get_subflow_info(c->conn, index, &info)) {
        mpt_stack_unreachable(h->stack, &info.local, &info.remote, h->now);
    }
}

/* ---- Time ------------------------------------------------------------------------------------------------- */

void fuzz_host_time(fuzz_host *h, mpt_time now) {
    h->now = now;
    if (mpt_stack_deadline(h->stack) <= now) {
        mpt_stack_timer(h->stack, now);
        FUZZ_REQUIRE(mpt_stack_deadline(h->stack) > now); /* or a host would call it for ever */
    }
}

/** Up to 2^30 us, or to the deadline and up to 63 ms more. */
static void pass_time(fuzz_host *h, uint8_t kind) {
    mpt_time deadline = mpt_stack_deadline(h->stack);
    mpt_time then = h->now + (MPT_US << (kind & 0x1f));
    if ((kind & 0xc0) && deadline != MPT_NEVER) {
        then = (deadline > h->now ? deadline : h->now) + (kind & 0x3f) * MPT_MS;
    }
    fuzz_host_time(h, then);
}

/* ---- Events ----------------------------------------------------------------------------------------------- */

enum {
    EVENT_TIME,
    EVENT_CONNECT,
    EVENT_WRITE,
    EVENT_CONSUME,
    EVENT_SHUTDOWN,
    EVENT_ABORT,
    EVENT_RELEASE,
    EVENT_UP,
    EVENT_DOWN,
    EVENT_BACKUP,
    EVENT_ALLOCATION,
    EVENT_LISTEN,
    EVENT_CLOSE_LISTENER,
    EVENT_UNREACHABLE,
    EVENT_SPURIOUS_TIMER,
    EVENTS
};

static void conn_event(fuzz_host *h, uint8_t event, fuzz_conn *c, fuzz_bytes *in) {
    uint8_t amount = fuzz_u8(in);
    if (c == NULL || (c->is_failed && event != EVENT_RELEASE)) {
        return; /* MPT_NOTICE_FAILED: only the release is left to do */
    }
    switch (event) {
    case EVENT_WRITE: write_out(h, c, amount & 0x80 ? (uint64_t)(amount & 0x7f) << 9 : amount); break;
    case EVENT_CONSUME: consume(h, c, amount & 0x80 ? UINT64_MAX : amount * UINT64_C(16)); break;
    case EVENT_SHUTDOWN: mpt_conn_shutdown(c->conn, h->now); break;
    case EVENT_ABORT: mpt_conn_abort(c->conn, h->now); break;
    case EVENT_RELEASE: release(h, c); break;
    }
}

void fuzz_host_event(fuzz_host *h, fuzz_bytes *in) {
    uint8_t event = fuzz_u8(in) % EVENTS, what = fuzz_u8(in);
    mpt_addr a = fuzz_address(h->side, what & 3);
    switch (event) {
    case EVENT_TIME: pass_time(h, what); break;
    case EVENT_CONNECT: connect_out(h, what); break;
    case EVENT_UP: address_up(h, what & 3, what); break;
    case EVENT_DOWN: mpt_address_down(h->stack, &a, h->now); break;
    case EVENT_BACKUP: mpt_address_backup(h->stack, &a, what & 0x80, h->now); break;
    case EVENT_ALLOCATION: h->memory.fail_nth = h->memory.allocations + what; break;
    case EVENT_LISTEN: listen_at(h, what % FUZZ_LISTENERS); break;
    case EVENT_CLOSE_LISTENER: close_listener(h, what % FUZZ_LISTENERS); break;
    case EVENT_UNREACHABLE: unreachable(h, &h->conns[what % FUZZ_CONNS_MAX], what >> 4); break;
    case EVENT_SPURIOUS_TIMER: mpt_stack_timer(h->stack, h->now); break;
    default: conn_event(h, event, choose(h, what), in); break;
    }
}

/* ---- What the core says ------------------------------------------------------------------------------------ */

static void notice(fuzz_host *h, const mpt_notice *n) {
    if (n->kind == MPT_NOTICE_ACCEPTED) {
        FUZZ_REQUIRE(n->listener != NULL && find(h, n->conn) == NULL);
        add(h, n->conn);
        return;
    }
    fuzz_conn *c = find(h, n->conn);
    if (c == NULL) { /* one the application had no place for */
        FUZZ_REQUIRE(n->kind == MPT_NOTICE_GONE);
        return;
    }
    FUZZ_REQUIRE(n->user == h && c->is_released == (n->kind == MPT_NOTICE_GONE));
    switch (n->kind) {
    case MPT_NOTICE_ACCEPTED: break;
    case MPT_NOTICE_CONNECTED:
        FUZZ_REQUIRE(!c->is_told);
        c->is_told = true;
        break;
    case MPT_NOTICE_READABLE: FUZZ_REQUIRE(mpt_conn_readable(c->conn) <= c->receive_buffer_bytes); break;
    case MPT_NOTICE_WRITABLE:
        FUZZ_REQUIRE(mpt_conn_acked_offset(c->conn) >= c->dropped && mpt_conn_acked_offset(c->conn) <= c->written);
        c->dropped = mpt_conn_acked_offset(c->conn);
        break;
    case MPT_NOTICE_CLOSED:
        FUZZ_REQUIRE(!c->is_closed && !c->is_failed);
        c->is_closed = true;
        break;
    case MPT_NOTICE_FAILED:
        FUZZ_REQUIRE(!c->is_failed && n->reason <= MPT_ERR_REFUSED);
        c->is_failed = true;
        break;
    case MPT_NOTICE_GONE: c->conn = NULL; break;
    }
}

/** The bytes asked for are those that the application still keeps, or, once more than a send buffer (2048 bytes at least) has passed, below them. */
static void check_segment(fuzz_host *h, const mpt_segment *s) {
    FUZZ_REQUIRE(s->header_bytes >= 20 && s->header_bytes <= MPT_HEADER_BYTES_MAX &&
                 (s->header[12] >> 4) * 4 == s->header_bytes);
    FUZZ_REQUIRE((s->payload_bytes > 0) == (s->conn != NULL));
    const fuzz_conn *c = s->conn != NULL ? find(h, s->conn) : NULL;
    if (c != NULL) {
        FUZZ_REQUIRE((s->stream_offset >= c->dropped || c->dropped > 2048) &&
                     s->stream_offset + s->payload_bytes <= c->written);
    }
}

void fuzz_host_settle(fuzz_host *h) {
    enum { SEGMENTS_MAX = 100000 };
    mpt_segment s;
    mpt_notice n;
    mpt_trace t;
    uint32_t segments = 0;
    do {
        for (memset(&s, 0, sizeof s); mpt_stack_transmit(h->stack, &s, h->now); memset(&s, 0, sizeof s)) {
            FUZZ_REQUIRE(segments++ < SEGMENTS_MAX);
            check_segment(h, &s);
            h->send(h, &s);
        }
        if (!mpt_stack_poll(h->stack, &n)) {
            break;
        }
        notice(h, &n);
    } while (true);
    while (mpt_stack_trace(h->stack, &t)) {
    }
    mpt_stack_check(h->stack);
}

mpt_store fuzz_host_receive(fuzz_host *h, const mpt_segment *in) {
    mpt_store store = {0};
    bool is_wanted = mpt_stack_wants(h->stack, in);
    mpt_status status = mpt_stack_receive(h->stack, in, &store, h->now);
    FUZZ_REQUIRE(status == MPT_OK || status == MPT_ERR_NOT_OURS || status == MPT_ERR_MALFORMED ||
                 status == MPT_ERR_MEMORY);
    FUZZ_REQUIRE(status == MPT_ERR_NOT_OURS ? !is_wanted : is_wanted || in->header_bytes < 20);
    if (status == MPT_ERR_NOT_OURS) {
        mpt_stack_refuse(h->stack, in, h->now);
    }
    if (store.conn != NULL) {
        FUZZ_REQUIRE(status == MPT_OK && store.bytes > 0);
        FUZZ_REQUIRE((uint64_t)store.payload_skip + store.bytes <= in->payload_bytes);
        FUZZ_REQUIRE(store.stream_offset >= mpt_conn_read_offset(store.conn));
        FUZZ_REQUIRE(store.stream_offset + store.bytes <=
                     mpt_conn_read_offset(store.conn) + h->settings.conn.receive_buffer_bytes);
    }
    return store;
}

void fuzz_host_close(fuzz_host *h) {
    mpt_stack_free(h->stack);
    FUZZ_REQUIRE(h->memory.blocks == 0 && h->memory.bytes == 0);
}
