/* SPDX-License-Identifier: GPL-2.0-or-later */
/* script_core.c: see script_core.h. The host of one stack: queue of what was sent, stores, memory, the clock. */
#include "script_core.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script_peer.h"

enum { QUEUE_MAX = 4096, STORE_BYTES = 1 << 20 };

/** The core's time when a script begins: not zero, for zero may hide a mistake. */
static const mpt_time EPOCH = 1000 * MPT_S;

typedef struct core {
    mpt_settings settings;
    mpt_stack *stack; /**< made by the first step that is no SETTING */
    mpt_conn *conn;
    mpt_listener *listener;
    bool is_gone, has_payload;
    mpt_time now;
    script_told told;
    int64_t blocks; /**< allocations not given back */
    mpt_segment queue[QUEUE_MAX];
    uint32_t queue_head, queue_count;
    uint8_t sent_payload[65536];
    uint8_t store[STORE_BYTES]; /**< what the peer sent, by stream offset */
} core;

static void *allocate(void *user, size_t bytes) {
    core *c = user;
    c->blocks++;
    return calloc(1, bytes);
}

static void release_memory(void *user, void *p) {
    core *c = user;
    c->blocks -= p != NULL;
    free(p);
}

/* ---- After every input: transmit, poll (mpt.h) ---------------------------------------------------------------- */

static void told(core *c, const mpt_notice *n) {
    if (n->kind == MPT_NOTICE_ACCEPTED && !c->conn)
        c->conn = n->conn;
    if (n->conn != c->conn)
        return;
    switch (n->kind) {
    case MPT_NOTICE_ACCEPTED: c->told.accepted = true; break;
    case MPT_NOTICE_CONNECTED: c->told.connected = true; break;
    case MPT_NOTICE_READABLE: c->told.readable = true; break;
    case MPT_NOTICE_WRITABLE: c->told.writable = true; break;
    case MPT_NOTICE_CLOSED: c->told.closed = true; break;
    case MPT_NOTICE_FAILED:
        c->told.failed = true;
        c->told.reason = mpt_status_name(n->reason);
        break;
    case MPT_NOTICE_GONE: c->told.gone = c->is_gone = true; break;
    }
}

static mpt_segment *queue_end(core *c) {
    return &c->queue[(c->queue_head + c->queue_count) % QUEUE_MAX];
}

static void drain(core *c) {
    mpt_notice notice;
    bool has_more = true;
    while (has_more) {
        has_more = false;
        while (c->queue_count < QUEUE_MAX && mpt_stack_transmit(c->stack, queue_end(c), c->now)) {
            c->queue_count++;
            has_more = true;
        }
        while (mpt_stack_poll(c->stack, &notice)) {
            told(c, &notice);
            has_more = true;
        }
    }
    mpt_stack_check(c->stack);
}

static mpt_stack *stack_of(core *c) {
    mpt_mem mem = {c, allocate, release_memory};
    mpt_local_address address = {.addr = script_local_addr(0), .mtu_bytes = 1500};
    if (c->stack)
        return c->stack;
    if (mpt_stack_new(&c->stack, &c->settings, &mem, c->now) || mpt_address_up(c->stack, &address, c->now)) {
        fprintf(stderr, "a setting of this script is out of its range\n");
        exit(2);
    }
    return c->stack;
}

/* ---- Time and segments ----------------------------------------------------------------------------------------- */

static int64_t core_now(void *user) {
    const core *c = user;
    return c->now - EPOCH;
}

static void core_advance(void *user, int64_t until) {
    core *c = user;
    until += EPOCH;
    if (!c->stack) {
        c->now = until;
        return;
    }
    while (c->queue_count == 0 && mpt_stack_deadline(c->stack) <= until) {
        mpt_time at = mpt_stack_deadline(c->stack);
        c->now = at > c->now ? at : c->now;
        mpt_stack_timer(c->stack, c->now);
        drain(c);
    }
    if (c->queue_count == 0)
        c->now = until;
}

static bool core_sent(void *user, script_packet *out) {
    core *c = user;
    if (c->queue_count == 0)
        return false;
    mpt_segment *s = &c->queue[c->queue_head];
    c->queue_head = (c->queue_head + 1) % QUEUE_MAX;
    c->queue_count--;
    for (uint32_t i = 0; i < s->payload_bytes; i++)
        c->sent_payload[i] = script_content(false, s->stream_offset + i);
    mpt_segment_seal(s, c->sent_payload);
    *out = (script_packet){.local = script_index_of(&s->source, script_local_addr),
                           .peer = script_index_of(&s->destination, script_peer_addr),
                           .header_bytes = s->header_bytes,
                           .ecn = s->ecn,
                           .payload_bytes = s->payload_bytes,
                           .payload = c->sent_payload};
    memcpy(out->header, s->header, s->header_bytes);
    return true;
}

static void core_deliver(void *user, const script_packet *in) {
    core *c = user;
    mpt_stack *st = stack_of(c);
    mpt_store store;
    mpt_segment s = {.source = script_peer_addr(in->peer),
                     .destination = script_local_addr(in->local),
                     .header_bytes = in->header_bytes,
                     .ecn = in->ecn,
                     .payload_bytes = in->payload_bytes,
                     .payload = c->has_payload ? in->payload : NULL};
    memcpy(s.header, in->header, in->header_bytes);
    mpt_status status = mpt_stack_receive(st, &s, &store, c->now);
    if (status == MPT_ERR_NOT_OURS)
        mpt_stack_refuse(st, &s, c->now);
    if (status == MPT_OK && store.conn && store.stream_offset + store.bytes <= STORE_BYTES)
        memcpy(c->store + store.stream_offset, in->payload + store.payload_skip, store.bytes);
    drain(c);
}

/* ---- Settings and counters, by the names of mpt.h's lists ------------------------------------------------------ */

#define SET_BOOL(field) field = number != 0
#define SET_U32(field) field = (uint32_t)number
#define SET_TIME(field) field = number
#define SET_NAME(field) snprintf(field, sizeof field, "%s", text)

static bool core_set(void *user, const char *name, int64_t number, const char *text) {
    core *c = user;
    if (c->stack)
        return false;
    if (strcmp(name, "challenge_acks_per_s") == 0) {
        c->settings.challenge_acks_per_s = (uint32_t)number;
        return true;
    }
#define MPT_X(type, name_, def, lo, hi, help)                                                                          \
    if (strcmp(name, #name_) == 0) {                                                                                   \
        SET_##type(c->settings.conn.name_);                                                                            \
        return true;                                                                                                   \
    }
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return false;
}

static bool core_counter(void *user, const char *name, uint64_t *value) {
    core *c = user;
    const mpt_counters *counters = mpt_stack_counters(stack_of(c));
#define MPT_X(name_)                                                                                                   \
    if (strcmp(name, #name_) == 0) {                                                                                   \
        *value = counters->name_;                                                                                      \
        return true;                                                                                                   \
    }
    MPT_COUNTERS(MPT_X)
#undef MPT_X
    return false;
}

/* ---- The application ------------------------------------------------------------------------------------------- */

static const char *error_of(mpt_status status) {
    return status == MPT_OK ? NULL : mpt_status_name(status);
}

static const char *core_listen(void *user) {
    core *c = user;
    mpt_endpoint local = {.port = SCRIPT_PORT};
    return error_of(mpt_listen(stack_of(c), &local, 16, NULL, &c->listener));
}

static const char *core_connect(void *user) {
    core *c = user;
    mpt_endpoint local = {script_local_addr(0), 0}, remote = {script_peer_addr(0), SCRIPT_PORT};
    mpt_status status = mpt_connect(stack_of(c), &local, &remote, NULL, c->now, &c->conn);
    drain(c);
    return error_of(status);
}

static const char *core_write(void *user, uint64_t bytes) {
    core *c = user;
    mpt_status status = c->conn && !c->is_gone ? mpt_conn_write(c->conn, bytes, c->now) : MPT_ERR_STATE;
    drain(c);
    return error_of(status);
}

static uint64_t core_readable(void *user) {
    const core *c = user;
    return c->conn && !c->is_gone ? mpt_conn_readable(c->conn) : 0;
}

static uint64_t core_read(void *user, uint64_t bytes) {
    core *c = user;
    if (core_readable(c) < bytes)
        return core_readable(c);
    uint64_t start = mpt_conn_read_offset(c->conn), right = 0;
    uint64_t end = start + bytes < STORE_BYTES ? start + bytes : STORE_BYTES;
    while (start + right < end && c->store[start + right] == script_content(true, start + right))
        right++;
    mpt_conn_consume(c->conn, bytes, c->now);
    drain(c);
    return right;
}

static void core_shutdown(void *user) {
    core *c = user;
    mpt_conn_shutdown(c->conn, c->now);
    drain(c);
}

static void core_abort(void *user) {
    core *c = user;
    mpt_conn_abort(c->conn, c->now);
    drain(c);
}

static void core_release(void *user) {
    core *c = user;
    mpt_conn_release(c->conn, c->now);
    drain(c);
}

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

static const char *core_address_up(void *user, uint32_t index, const script_address *what) {
    core *c = user;
    mpt_local_address address = {.addr = script_local_addr(index),
                                 .mtu_bytes = 1500,
                                 .id = what->id,
                                 .port = what->port,
                                 .is_backup = what->is_backup,
                                 .is_signal = what->is_signal,
                                 .no_subflow = what->no_subflow};
    mpt_status status = mpt_address_up(stack_of(c), &address, c->now);
    drain(c);
    return error_of(status);
}

static bool core_has_address(void *user, uint32_t index, const script_address *what) {
    (void)user;
    (void)what;
    return index < SCRIPT_ADDRESSES;
}

static void core_address_down(void *user, uint32_t index) {
    core *c = user;
    mpt_addr addr = script_local_addr(index);
    mpt_address_down(stack_of(c), &addr, c->now);
    drain(c);
}

static void core_address_backup(void *user, uint32_t index, bool is_backup) {
    core *c = user;
    mpt_addr addr = script_local_addr(index);
    mpt_address_backup(stack_of(c), &addr, is_backup, c->now);
    drain(c);
}

bool script_core_play(const script *s, const char *file, bool has_payload, bool is_verbose) {
    core *c = calloc(1, sizeof *c);
    if (!c)
        return false;
    script_host host = {
        .user = c,
        .now = core_now,
        .advance = core_advance,
        .sent = core_sent,
        .deliver = core_deliver,
        .set = core_set,
        .counter = core_counter,
        .told = &c->told,
        .listen = core_listen,
        .connect = core_connect,
        .write = core_write,
        .read = core_read,
        .readable = core_readable,
        .shutdown = core_shutdown,
        .abort = core_abort,
        .release = core_release,
        .has_address = core_has_address,
        .address_up = core_address_up,
        .address_down = core_address_down,
        .address_backup = core_address_backup,
    };
    c->now = EPOCH;
    c->has_payload = has_payload;
    mpt_settings_default(&c->settings);
    bool is_good = script_play(s, file, &host, is_verbose);
    mpt_stack_free(c->stack);
    if (is_good && c->blocks != 0) {
        printf("FAILED   %s: %lld allocations were not given back\n", s->name, (long long)c->blocks);
        is_good = false;
    }
    free(c);
    return is_good;
}
