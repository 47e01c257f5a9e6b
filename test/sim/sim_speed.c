/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_speed: segments a second through the core alone: two stacks joined by queues in memory, no payload, no checksums,
 * no losses. Counts the segments both stacks send and receive. Usage: sim_speed [GIGABYTES] (default 1)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim_fail.h"
#include "sim_link.h"
#include "sim_memory.h"

enum { QUEUE_SEGMENTS = 1 << 15, DELAY_US = 1000, LINKS = 2 };

/** Segments on their way to one host, in order of arrival. */
typedef struct wire {
    mpt_segment segments[QUEUE_SEGMENTS];
    mpt_time at[QUEUE_SEGMENTS];
    uint32_t head, count;
} wire;

typedef struct side {
    sim_memory memory;
    mpt_stack *stack;
    mpt_conn *conn;
    wire in;
    uint64_t received;
} side;

static void put(wire *w, const mpt_segment *s, mpt_time at) {
    SIM_REQUIRE(w->count < QUEUE_SEGMENTS, "more than %d segments under way", QUEUE_SEGMENTS);
    uint32_t i = (w->head + w->count++) % QUEUE_SEGMENTS;
    w->segments[i] = *s;
    w->at[i] = at;
}

/** Everything a stack has to send and to tell, after an input. */
static void settle(side *me, side *peer, uint64_t bytes, uint64_t *written, mpt_time now) {
    mpt_segment s;
    mpt_notice n;
    do {
        memset(&s, 0, sizeof s);
        while (mpt_stack_transmit(me->stack, &s, now)) {
            put(&peer->in, &s, now + DELAY_US * MPT_US);
        }
        if (!mpt_stack_poll(me->stack, &n)) {
            return;
        }
        me->conn = n.conn;
        uint64_t readable = mpt_conn_readable(n.conn), room = mpt_conn_writable(n.conn);
        if (readable > 0) {
            mpt_conn_consume(n.conn, readable, now);
            me->received += readable;
        }
        if (*written < bytes && room > 0) {
            uint64_t count = bytes - *written < room ? bytes - *written : room;
            *written += mpt_conn_write(n.conn, count, now) == MPT_OK ? count : 0;
        }
    } while (true);
}

static mpt_time next_time(const side s[2]) {
    mpt_time next = MPT_NEVER;
    for (int i = 0; i < 2; i++) {
        mpt_time deadline = mpt_stack_deadline(s[i].stack);
        next = deadline < next ? deadline : next;
        if (s[i].in.count > 0 && s[i].in.at[s[i].in.head] < next) {
            next = s[i].in.at[s[i].in.head];
        }
    }
    return next;
}

static void step(side *me, side *peer, uint64_t bytes, uint64_t *written, mpt_time now) {
    mpt_store store;
    while (me->in.count > 0 && me->in.at[me->in.head] <= now) {
        mpt_stack_receive(me->stack, &me->in.segments[me->in.head], &store, now);
        me->in.head = (me->in.head + 1) % QUEUE_SEGMENTS;
        me->in.count--;
        settle(me, peer, bytes, written, now);
    }
    if (mpt_stack_deadline(me->stack) <= now) {
        mpt_stack_timer(me->stack, now);
        settle(me, peer, bytes, written, now);
    }
}

static void open_side(side *me, int which, const mpt_settings *settings, uint32_t links) {
    mpt_mem mem = sim_memory_mem(&me->memory);
    mpt_status status = mpt_stack_new(&me->stack, settings, &mem, 0);
    SIM_REQUIRE(status == MPT_OK, "mpt_stack_new() returns %s", mpt_status_name(status));
    for (uint32_t i = 0; i < (which == SIM_CLIENT ? links : 1); i++) {
        mpt_addr a = which == SIM_CLIENT ? sim_client_address(i, false) : sim_server_address(i, false);
        mpt_address_up(me->stack, &(mpt_local_address){.addr = a, .mtu_bytes = 1500}, 0);
    }
}

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC; /* of the processor */
}

static void measure(const char *name, bool is_mptcp, uint32_t links, uint64_t bytes) {
    static side s[2];
    memset(s, 0, sizeof s);
    mpt_settings settings;
    mpt_settings_default(&settings);
    settings.conn.mptcp = is_mptcp;
    open_side(&s[SIM_CLIENT], SIM_CLIENT, &settings, links);
    open_side(&s[SIM_SERVER], SIM_SERVER, &settings, links);
    mpt_listener *listener;
    mpt_endpoint server = {sim_server_address(0, false), 5000}, client = {sim_client_address(0, false), 0};
    uint64_t written[2] = {0, bytes}; /* the server writes nothing */
    SIM_REQUIRE(mpt_listen(s[SIM_SERVER].stack, &server, 1, NULL, &listener) == MPT_OK, "cannot listen");
    SIM_REQUIRE(mpt_connect(s[SIM_CLIENT].stack, &client, &server, NULL, 0, &s[SIM_CLIENT].conn) == MPT_OK,
                "cannot connect");
    double start = seconds();
    settle(&s[SIM_CLIENT], &s[SIM_SERVER], bytes, &written[SIM_CLIENT], 0);
    for (mpt_time now = next_time(s); now != MPT_NEVER && s[SIM_SERVER].received < bytes; now = next_time(s)) {
        step(&s[SIM_CLIENT], &s[SIM_SERVER], bytes, &written[SIM_CLIENT], now);
        step(&s[SIM_SERVER], &s[SIM_CLIENT], bytes, &written[SIM_SERVER], now);
    }
    double elapsed = seconds() - start;
    SIM_REQUIRE(s[SIM_SERVER].received == bytes, "%" PRIu64 " of %" PRIu64 " bytes arrived", s[SIM_SERVER].received,
                bytes);
    uint64_t segments = mpt_stack_counters(s[0].stack)->OutSegs + mpt_stack_counters(s[1].stack)->OutSegs;
    printf("%-24s %9" PRIu64 " segments, %6.3f s, %5.2f million segments/s, %4.0f ns a segment, %.2f s a GB\n", name,
           segments, elapsed, (double)segments / elapsed / 1e6, elapsed / (double)segments * 1e9,
           elapsed / ((double)bytes / 1e9));
    mpt_stack_free(s[SIM_CLIENT].stack);
    mpt_stack_free(s[SIM_SERVER].stack);
}

int main(int argc, char **argv) {
    double gigabytes = argc > 1 ? strtod(argv[1], NULL) : 1;
    if (argc > 2 || gigabytes <= 0) {
        fprintf(stderr, "usage: sim_speed [GIGABYTES]\n");
        return 2;
    }
    uint64_t bytes = (uint64_t)(gigabytes * 1e9);
    measure("TCP", false, 1, bytes);
    measure("MPTCP, one subflow", true, 1, bytes);
    measure("MPTCP, two subflows", true, LINKS, bytes);
    return 0;
}
