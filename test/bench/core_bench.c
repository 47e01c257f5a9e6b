/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core_bench.c: what the core costs: two stacks joined by a wire of constant delay, nothing else. `core_bench.sh` counts the instructions of the
 * core's entry points in it; by itself it prints the memory of a connection.
 *
 * core_bench SUBFLOWS CONNECTIONS WINDOW_SEGMENTS SEGMENTS LOSS_PER_MILLE     SUBFLOWS 0: plain TCP
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mpt.h"

enum { DELAY_NS = 10 * 1000 * 1000, SEGMENT_BYTES = 1400, ARGUMENTS = 5 };

typedef struct side {
    mpt_stack *stack;
    uint64_t allocated_bytes;
    mpt_time due; /**< when something happens by itself */
} side;

typedef struct in_flight {
    mpt_segment segment;
    mpt_time at;
    int to;
} in_flight;

typedef struct wire {
    in_flight *ring;
    size_t capacity, head, count;
} wire;

static struct {
    uint32_t subflows, connections, window_segments, loss_per_mille;
    uint64_t segments;
} want;

static side sides[2];
static wire line;
static mpt_time now;
static uint64_t *unwritten_bytes; /**< of each connection, by id */
static uint64_t received_bytes, data_segments;
static uint32_t ended;

void mpt_assert_failed(const char *expression, const char *file, int at) {
    fprintf(stderr, "%s:%d: %s\n", file, at, expression);
    abort();
}

/* ---- Memory, counted ---- */

typedef union block {
    size_t bytes;
    max_align_t align;
} block;

static void *get(void *user, size_t bytes) {
    block *b = calloc(1, sizeof *b + bytes);
    if (b == NULL)
        return NULL;
    b->bytes = bytes;
    ((side *)user)->allocated_bytes += bytes;
    return b + 1;
}

static void put(void *user, void *p) {
    if (p == NULL)
        return;
    block *b = (block *)p - 1;
    ((side *)user)->allocated_bytes -= b->bytes;
    free(b);
}

/* ---- The wire ---- */

static void append(const mpt_segment *s, int to) {
    if (line.count == line.capacity) {
        size_t capacity = line.capacity > 0 ? 2 * line.capacity : 4096;
        in_flight *ring = malloc(capacity * sizeof *ring);
        if (ring == NULL)
            abort();
        for (size_t i = 0; i < line.count; i++)
            ring[i] = line.ring[(line.head + i) % line.capacity];
        free(line.ring);
        line = (wire){ring, capacity, 0, line.count};
    }
    line.ring[(line.head + line.count++) % line.capacity] = (in_flight){*s, now + DELAY_NS, to};
}

static void write_more(mpt_conn *c) {
    uint64_t *left = &unwritten_bytes[mpt_conn_id(c)], room = mpt_conn_writable(c);
    uint64_t bytes = *left < room ? *left : room;
    if (bytes > 0 && mpt_conn_write(c, bytes, now) == MPT_OK)
        *left -= bytes;
    if (*left == 0)
        mpt_conn_shutdown(c, now);
}

static void noticed(int me, const mpt_notice *n) {
    if (n->kind == MPT_NOTICE_GONE)
        return;
    uint64_t readable = mpt_conn_readable(n->conn);
    if (readable > 0) {
        mpt_conn_consume(n->conn, readable, now);
        received_bytes += readable;
    }
    if (me == 0 && (n->kind == MPT_NOTICE_CONNECTED || n->kind == MPT_NOTICE_WRITABLE))
        write_more(n->conn);
    if (me == 1 && mpt_conn_peer_ended(n->conn))
        mpt_conn_shutdown(n->conn, now);
    if (n->kind == MPT_NOTICE_CLOSED || n->kind == MPT_NOTICE_FAILED) {
        ended += me == 0;
        mpt_conn_release(n->conn, now);
    }
}

/** Everything that can happen at one side now; afterwards it is known when something will by itself. */
static void drain(int me) {
    mpt_segment s;
    mpt_notice n;
    bool has_more = true;
    while (has_more) {
        has_more = false;
        while (mpt_stack_poll(sides[me].stack, &n)) {
            noticed(me, &n);
            has_more = true;
        }
        while (mpt_stack_transmit(sides[me].stack, &s, now)) {
            bool is_lost = s.payload_bytes > 0 && ++data_segments * want.loss_per_mille % 1000 < want.loss_per_mille;
            if (!is_lost)
                append(&s, !me);
        }
    }
    sides[me].due = mpt_stack_deadline(sides[me].stack);
}

static bool step(void) {
    mpt_time at = line.count > 0 ? line.ring[line.head].at : MPT_NEVER;
    for (int me = 0; me < 2; me++)
        at = sides[me].due < at ? sides[me].due : at;
    if (at == MPT_NEVER)
        return false;
    now = at > now ? at : now;
    if (line.count > 0 && line.ring[line.head].at <= now) {
        const in_flight *f = &line.ring[line.head];
        int to = f->to;
        mpt_store store;
        line.head = (line.head + 1) % line.capacity;
        line.count--;
        mpt_stack_receive(sides[to].stack, &f->segment, &store, now);
        drain(to);
    }
    for (int me = 0; me < 2; me++) {
        if (sides[me].due <= now) {
            mpt_stack_timer(sides[me].stack, now);
            drain(me);
        }
    }
    return true;
}

/* ---- The whole ---- */

static mpt_endpoint endpoint(int me, uint32_t i, uint16_t port) {
    return (mpt_endpoint){mpt_addr_v4(10, (uint8_t)me, 0, (uint8_t)(1 + i)), port};
}

static void open_side(int me) {
    mpt_settings set;
    mpt_mem mem = {&sides[me], get, put};
    mpt_settings_default(&set);
    uint64_t window_bytes = (uint64_t)want.window_segments * SEGMENT_BYTES;
    set.seed = 1 + (uint64_t)me;
    set.connections_max = set.half_open_max = 100000;
    set.conn.mptcp = want.subflows > 0;
    set.conn.subflows_max = 32;
    set.conn.send_buffer_bytes = (uint32_t)window_bytes;
    set.conn.receive_buffer_bytes = (uint32_t)(2 * window_bytes);
    if (mpt_stack_new(&sides[me].stack, &set, &mem, now))
        abort();
    sides[me].due = mpt_stack_deadline(sides[me].stack);
    for (uint32_t i = 0; i < (me == 0 && want.subflows > 0 ? want.subflows : 1); i++) {
        mpt_local_address a = {.addr = endpoint(me, i, 0).addr, .mtu_bytes = 1500};
        if (mpt_address_up(sides[me].stack, &a, now))
            abort();
    }
}

static void connect_all(void) {
    for (uint32_t i = 0; i < want.connections; i++) {
        mpt_endpoint from = endpoint(0, 0, 0), to = endpoint(1, 0, (uint16_t)(5000 + i / 10000));
        mpt_conn *c;
        if (mpt_connect(sides[0].stack, &from, &to, NULL, now, &c))
            abort();
        unwritten_bytes[mpt_conn_id(c)] = want.segments * SEGMENT_BYTES / want.connections;
        drain(0);
    }
}

static bool read_arguments(int count, char **text) {
    unsigned long v[ARGUMENTS];
    for (int i = 0; i < ARGUMENTS; i++) {
        char *end = NULL;
        v[i] = count == ARGUMENTS + 1 ? strtoul(text[i + 1], &end, 10) : 0;
        if (end == NULL || end == text[i + 1] || *end != 0)
            return false;
    }
    want.subflows = (uint32_t)v[0], want.connections = (uint32_t)v[1], want.window_segments = (uint32_t)v[2];
    want.segments = v[3], want.loss_per_mille = (uint32_t)v[4];
    return v[0] <= 32 && v[1] >= 1 && v[1] <= 50000 && v[2] >= 2 && v[2] <= 300000 && v[4] <= 500;
}

int main(int argc, char **argv) {
    if (!read_arguments(argc, argv)) {
        fprintf(stderr, "core_bench SUBFLOWS(0..32) CONNECTIONS(1..50000) WINDOW_SEGMENTS(2..300000) SEGMENTS "
                        "LOSS_PER_MILLE(0..500)\n");
        return 2;
    }
    unwritten_bytes = calloc(want.connections + 2, sizeof *unwritten_bytes);
    open_side(0);
    open_side(1);
    for (uint32_t i = 0; i <= want.connections / 10000; i++) {
        mpt_endpoint server = endpoint(1, 0, (uint16_t)(5000 + i));
        mpt_listener *l;
        if (mpt_listen(sides[1].stack, &server, 100000, NULL, &l))
            abort();
    }
    uint64_t idle_bytes = sides[0].allocated_bytes, most_bytes = 0;
    connect_all();
    while (ended < want.connections && step())
        most_bytes = sides[0].allocated_bytes > most_bytes ? sides[0].allocated_bytes : most_bytes;
    uint64_t over_bytes = sides[0].allocated_bytes;
    printf("received_bytes=%llu data_segments=%llu ended=%u bytes_per_connection=%llu bytes_in_time_wait=%llu\n",
           (unsigned long long)received_bytes, (unsigned long long)data_segments, ended,
           (unsigned long long)((most_bytes - idle_bytes) / want.connections),
           (unsigned long long)((over_bytes - idle_bytes) / want.connections));
    mpt_stack_free(sides[0].stack);
    mpt_stack_free(sides[1].stack);
    free(line.ring);
    free(unwritten_bytes);
    return ended == want.connections ? 0 : 1;
}
