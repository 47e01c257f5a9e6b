/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_net.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bp_pipe.h"
#include "sim_fail.h"
#include "sim_link.h"
#include "sim_memory.h"

enum { JOIN_TIME_MAX_S = 30, REQUEST_BYTES = 100 };

typedef struct side {
    sim_memory memory;
    mpt_stack *stack;
    mpt_conn *conn;
} side;

typedef struct net {
    const bp_draw *draw;
    const bp_transport *transport;
    side side[2];
    bp_pipe pipe[BP_PATHS_MAX][2]; /**< by sender */
    uint64_t seed;                 /**< of what chance does */
    mpt_time now, start;           /**< start: the application may write; MPT_NEVER = not yet */
    uint64_t asked, written;
    uint32_t events_done;
    mpt_time read_at; /**< the last time */
    uint64_t arrived; /**< payload */
    bp_outcome out;
} net;

static uint64_t pipe_seed(const net *n, uint32_t path, int from) {
    return n->seed * 1000003 + path * 2 + (uint32_t)from + n->transport->luck * UINT64_C(0x9e3779b97f4a7c15);
}

static void open_stack(net *n, int which) {
    mpt_settings s;
    mpt_settings_default(&s);
    s.conn.mptcp = n->transport->is_mptcp;
    s.conn.send_buffer_bytes = n->draw->send_buffer_bytes;
    s.conn.receive_buffer_bytes = n->draw->receive_buffer_bytes;
    snprintf(s.conn.congestion_control, MPT_NAME_BYTES, "%s", n->transport->congestion_control);
    if (n->transport->scheduler)
        snprintf(s.conn.scheduler, MPT_NAME_BYTES, "%s", n->transport->scheduler);
    mpt_mem mem = sim_memory_mem(&n->side[which].memory);
    SIM_REQUIRE(mpt_conn_settings_check(&s.conn) == NULL, "%s: no such value", mpt_conn_settings_check(&s.conn));
    SIM_REQUIRE(mpt_stack_new(&n->side[which].stack, &s, &mem, 0) == MPT_OK, "out of memory");
}

static void up(net *n, int which, mpt_addr a) {
    mpt_address_up(n->side[which].stack, &(mpt_local_address){.addr = a, .mtu_bytes = 1500}, 0);
}

static void connect(net *n) {
    mpt_listener *listener;
    uint32_t first = 0;
    for (int which = 0; which < 2; which++)
        open_stack(n, which);
    up(n, SIM_SERVER, sim_server_address(0, false));
    for (uint32_t i = n->draw->path_count; i-- > 0;) {
        if (!(n->transport->paths & 1u << i))
            continue;
        first = i;
        up(n, SIM_CLIENT, sim_client_address(i, false));
    }
    mpt_endpoint server = {sim_server_address(0, false), 80}, client = {sim_client_address(first, false), 0};
    mpt_listen(n->side[SIM_SERVER].stack, &server, 1, NULL, &listener);
    mpt_connect(n->side[SIM_CLIENT].stack, &client, &server, NULL, 0, &n->side[SIM_CLIENT].conn);
    mpt_conn_write(n->side[SIM_CLIENT].conn, REQUEST_BYTES, 0);
}

/* ---- The application ---- */

static void read_all(net *n) {
    mpt_conn *c = n->side[SIM_CLIENT].conn;
    uint64_t bytes = c ? mpt_conn_readable(c) : 0;
    if (bytes == 0)
        return;
    mpt_conn_consume(c, bytes, n->now);
    if (n->now - n->read_at > n->out.stall_ns)
        n->out.stall_ns = n->now - n->read_at;
    n->read_at = n->now;
    n->out.bytes += bytes;
}

static void answer(net *n) {
    mpt_conn *c = n->side[SIM_SERVER].conn;
    uint64_t asked = c ? mpt_conn_readable(c) : 0;
    if (asked > 0)
        mpt_conn_consume(c, asked, n->now);
    n->asked += asked;
    if (!c || n->start > n->now)
        return;
    uint64_t room = mpt_conn_writable(c), left = n->draw->bytes - n->written;
    uint64_t bytes = room < left ? room : left;
    if (bytes > 0 && mpt_conn_write(c, bytes, n->now) == MPT_OK)
        n->written += bytes;
    if (n->written == n->draw->bytes)
        mpt_conn_shutdown(c, n->now);
}

/** May the transfer begin? When every path that can is joined. */
static bool is_ready(const net *n) {
    uint32_t established = 0, wanted = 0;
    mpt_subflow_info info;
    if (n->asked < REQUEST_BYTES)
        return false;
    if (!n->transport->is_mptcp || n->transport->is_cold || n->now > JOIN_TIME_MAX_S * MPT_S)
        return true;
    for (uint32_t i = 0; i < n->draw->path_count; i++)
        wanted += n->transport->paths >> i & 1;
    for (uint32_t i = 0; mpt_conn_get_subflow_info(n->side[SIM_SERVER].conn, i, &info); i++)
        established += info.is_established;
    return established >= wanted;
}

static bool begin_if_ready(net *n) {
    if (n->start != MPT_NEVER || !is_ready(n))
        return false;
    n->start = n->read_at = n->now;
    for (uint32_t i = 0; i < n->draw->path_count; i++)
        for (int from = 0; from < 2; from++)
            bp_pipe_begin(&n->pipe[i][from], pipe_seed(n, i, from) + 500000);
    answer(n);
    return true;
}

/* ---- The hosts ---- */

/** A line for each segment of the server's with payload. */
static void trace(const net *n, const mpt_segment *s, uint32_t path) {
    mpt_subflow_info info;
    printf("%10.6f path %u %10" PRIu64 " +%-5u", (double)(n->now - n->start) / 1e9, path + 1, s->stream_offset,
           s->payload_bytes);
    for (uint32_t i = 0; mpt_conn_get_subflow_info(n->side[SIM_SERVER].conn, i, &info); i++)
        printf("   [%u cwnd %" PRIu64 " flight %" PRIu64 " srtt %.1f ms]", sim_link_of(&info.remote.addr) + 1,
               info.cwnd_bytes, info.flight_bytes, (double)info.srtt_ns / 1e6);
    printf("\n");
}

static void send_all(net *n, int which) {
    mpt_segment s;
    memset(&s, 0, sizeof s);
    while (mpt_stack_transmit(n->side[which].stack, &s, n->now)) {
        uint32_t path = sim_link_of(which == SIM_CLIENT ? &s.source : &s.destination);
        if (path < n->draw->path_count)
            bp_pipe_put(&n->pipe[path][which], &s, n->now);
        if (n->transport->is_traced && which == SIM_SERVER && s.payload_bytes > 0)
            trace(n, &s, path);
    }
}

static void settle(net *n, int which) {
    mpt_notice notice;
    bool is_again = true;
    while (is_again) {
        is_again = false;
        send_all(n, which);
        while (mpt_stack_poll(n->side[which].stack, &notice)) {
            is_again = true;
            n->side[which].conn = notice.kind == MPT_NOTICE_GONE ? NULL : notice.conn;
            if (which == SIM_CLIENT)
                read_all(n);
            else
                answer(n);
        }
        if (which == SIM_SERVER)
            is_again |= begin_if_ready(n);
    }
}

static void arrive(net *n, uint32_t path, int from, const bp_packet *p) {
    mpt_store store;
    mpt_segment s = p->segment;
    if (from == SIM_SERVER) {
        n->arrived += s.payload_bytes;
        n->out.by_path[path] += s.payload_bytes;
    }
    if (mpt_stack_receive(n->side[!from].stack, &s, &store, n->now) == MPT_ERR_NOT_OURS)
        mpt_stack_refuse(n->side[!from].stack, &s, n->now);
    settle(n, !from);
}

static void happen(net *n, const bp_event *e) {
    for (int from = 0; from < 2; from++) {
        bp_pipe *p = &n->pipe[e->path][from];
        switch (e->kind) {
        case BP_RATE: bp_pipe_set_rate(p, e->rate_bps); break;
        case BP_PAUSE: bp_pipe_pause(p, n->now + e->pause_ns); break;
        case BP_DIE:
        case BP_DOWN: bp_pipe_kill(p); break;
        }
    }
    if (e->kind == BP_DOWN && (n->transport->paths & 1u << e->path)) {
        mpt_addr a = sim_client_address(e->path, false);
        mpt_address_down(n->side[SIM_CLIENT].stack, &a, n->now);
        settle(n, SIM_CLIENT);
    }
}

/* ---- Time ---- */

static mpt_time event_at(const net *n, uint32_t i) {
    return n->start == MPT_NEVER ? MPT_NEVER : n->start + n->draw->event[i].at_ns;
}

static mpt_time next_time(const net *n) {
    mpt_time next = MPT_NEVER;
    for (int which = 0; which < 2; which++) {
        mpt_time at = mpt_stack_deadline(n->side[which].stack);
        next = at < next ? at : next;
        for (uint32_t i = 0; i < n->draw->path_count; i++) {
            at = bp_pipe_next(&n->pipe[i][which]);
            next = at < next ? at : next;
        }
    }
    for (uint32_t i = 0; i < n->draw->event_count; i++)
        if (!(n->events_done & 1u << i) && event_at(n, i) < next)
            next = event_at(n, i);
    return next;
}

static void step(net *n) {
    for (uint32_t i = 0; i < n->draw->event_count; i++)
        if (!(n->events_done & 1u << i) && event_at(n, i) <= n->now) {
            n->events_done |= 1u << i;
            happen(n, &n->draw->event[i]);
        }
    for (uint32_t i = 0; i < n->draw->path_count; i++)
        for (int from = 0; from < 2; from++) {
            const bp_packet *p;
            while ((p = bp_pipe_step(&n->pipe[i][from], n->now)))
                arrive(n, i, from, p);
        }
    for (int which = 0; which < 2; which++)
        if (mpt_stack_deadline(n->side[which].stack) <= n->now) {
            mpt_stack_timer(n->side[which].stack, n->now);
            settle(n, which);
        }
}

static bool is_over(const net *n, mpt_time next) {
    if (n->out.bytes >= n->draw->bytes || next == MPT_NEVER)
        return true;
    return next > (n->start == MPT_NEVER ? JOIN_TIME_MAX_S * 2 * MPT_S : n->start + n->draw->time_max_ns);
}

static void conclude(net *n) {
    bp_outcome *o = &n->out;
    mpt_conn_info info = {0};
    o->is_done = o->bytes >= n->draw->bytes;
    o->time_ns = n->start == MPT_NEVER ? 0 : o->is_done ? n->read_at - n->start : n->draw->time_max_ns;
    if (!o->is_done && n->start != MPT_NEVER && n->start + n->draw->time_max_ns - n->read_at > o->stall_ns)
        o->stall_ns = n->start + n->draw->time_max_ns - n->read_at;
    if (n->side[SIM_CLIENT].conn)
        mpt_conn_get_info(n->side[SIM_CLIENT].conn, &info);
    uint64_t once = o->bytes + info.reorder_bytes;
    o->twice = n->arrived > once ? n->arrived - once : 0;
}

bp_outcome bp_run(const bp_draw *d, const bp_transport *t, uint64_t seed) {
    static net n;
    memset(&n, 0, sizeof n);
    n.draw = d;
    n.transport = t;
    n.seed = seed;
    n.start = MPT_NEVER;
    for (uint32_t i = 0; i < d->path_count; i++)
        for (int from = 0; from < 2; from++)
            bp_pipe_init(&n.pipe[i][from], &d->path[i], pipe_seed(&n, i, from));
    connect(&n);
    settle(&n, SIM_CLIENT);
    for (mpt_time next = next_time(&n); !is_over(&n, next); next = next_time(&n)) {
        n.now = next > n.now ? next : n.now;
        step(&n);
    }
    conclude(&n);
    for (int which = 0; which < 2; which++)
        mpt_stack_free(n.side[which].stack);
    for (uint32_t i = 0; i < d->path_count; i++)
        for (int from = 0; from < 2; from++)
            bp_pipe_free(&n.pipe[i][from]);
    return n.out;
}
