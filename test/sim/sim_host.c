/* SPDX-License-Identifier: GPL-2.0-or-later */
/** A host of the core: moves segments, keeps the bytes, arms the timer. The order of calls is that of mpt.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim_world.h"

sim_conn *sim_conn_new(sim_host *h, mpt_conn *conn) {
    sim_conn *c = calloc(1, sizeof *c);
    SIM_REQUIRE(c != NULL, "out of memory");
    *c = (sim_conn){.host = h, .conn = conn, .app = UINT32_MAX, .connected_at = MPT_NEVER, .tick_at = MPT_NEVER};
    return c;
}

void sim_conn_free(sim_conn *c) {
    if (c != NULL) {
        sim_store_free(&c->sent);
        sim_store_free(&c->received);
        free(c);
    }
}

sim_conn *sim_host_conn(sim_host *h, const mpt_conn *conn) {
    for (uint32_t i = 0; i < h->world->scenario.app_count; i++) {
        sim_conn *c = h->conn[i];
        if (c != NULL && c->conn == conn && !c->is_gone) {
            return c;
        }
    }
    return h->unclaimed != NULL && h->unclaimed->conn == conn ? h->unclaimed : NULL;
}

/* ---- Segments that leave ---------------------------------------------------------------------------------- */

/** The client's interfaces are captured. */
static void capture(const sim_host *h, const sim_packet *p) {
    const sim_world *w = h->world;
    if (h->side == SIM_CLIENT && w->pcap[p->link] != NULL) {
        sim_pcap_write(w->pcap[p->link], w->now, p, w->scenario.is_sealed);
    }
}

/** Version 0 announces addresses without an HMAC (RFC 6824 3.4.1): what a box has made of one may be nobody's. */
static bool leads_nowhere(const sim_world *w, const sim_packet *p) {
    bool is_corrupted = !w->scenario.expect_content && w->scenario.settings[SIM_CLIENT].conn.version == 0;
    return p->link >= w->scenario.link_count && is_corrupted;
}

static bool transmit_one(sim_host *h) {
    sim_world *w = h->world;
    mpt_segment out = {0};
    if (!mpt_stack_transmit(h->stack, &out, w->now)) {
        return false;
    }
    sim_packet *p = sim_packet_new(out.payload_bytes);
    p->segment = out;
    p->to = h->side == SIM_CLIENT ? SIM_SERVER : SIM_CLIENT;
    p->link = sim_link_of(h->side == SIM_CLIENT ? &out.source : &out.destination);
    if (out.payload_bytes > 0) {
        sim_conn *c = sim_host_conn(h, out.conn);
        SIM_REQUIRE(c != NULL, "data of a connection that the host does not have");
        sim_check_kept(c, &out);
        memcpy(p->payload, sim_store_get(&c->sent, out.stream_offset, out.payload_bytes), out.payload_bytes);
    }
    if (w->scenario.is_sealed) {
        mpt_segment_seal(&p->segment, p->payload);
    }
    h->segments_sent++;
    if (p->link >= w->scenario.link_count && w->stranger != NULL) {
        w->stranger(w, h->side, p);
        free(p);
        return true;
    }
    if (leads_nowhere(w, p)) {
        free(p);
        return true;
    }
    sim_check_segment(w, p);
    sim_hash_segment(w, p);
    capture(h, p);
    sim_world_put(w, p);
    return true;
}

/* ---- Timers ----------------------------------------------------------------------------------------------- */

static void timer_fired(sim_world *w, void *object, uint64_t number) {
    sim_host *h = object;
    if (number != h->timer_number) {
        return;
    }
    h->timer_storm = h->timer_last == w->now ? h->timer_storm + 1 : 0;
    h->timer_last = w->now;
    SIM_REQUIRE(h->timer_storm < 100, "%s: the deadline does not move although the timer is called",
                h->side == SIM_CLIENT ? "client" : "server");
    h->timer_deadline = MPT_NEVER;
    mpt_stack_timer(h->stack, w->now);
    sim_host_settle(h);
}

static void arm_timer(sim_host *h) {
    sim_world *w = h->world;
    mpt_time deadline = mpt_stack_deadline(h->stack);
    if (deadline == h->timer_deadline) {
        return;
    }
    h->timer_deadline = deadline;
    h->timer_number++;
    if (deadline != MPT_NEVER) {
        mpt_time late = w->are_faults_over || w->scenario.late_timer_ns == 0
                            ? 0
                            : sim_rng_between(&w->rng, 0, w->scenario.late_timer_ns);
        w->stats[SIM_STAT_timer_late] += late > 0;
        sim_events_add(&w->events, (deadline > w->now ? deadline : w->now) + late, timer_fired, h, h->timer_number);
    }
}

static void spurious_timer(sim_world *w, void *object, uint64_t number) {
    (void)number;
    sim_host *h = object;
    if (w->are_faults_over) {
        return;
    }
    SIM_COUNT(w->stats, timer_spurious);
    mpt_stack_timer(h->stack, w->now);
    sim_host_settle(h);
    sim_events_add(&w->events, w->now + sim_rng_between(&w->rng, 1, w->scenario.spurious_timer_ns), spurious_timer, h,
                   0);
}

/* ---- What follows every input ----------------------------------------------------------------------------- */

static void drain_traces(sim_host *h) {
    mpt_trace t;
    while (mpt_stack_trace(h->stack, &t)) {
        sim_hash(h->world, &t.kind, sizeof t.kind);
        sim_hash(h->world, &t.subflow_id, sizeof t.subflow_id);
        sim_hash(h->world, &t.old_value, sizeof t.old_value);
        sim_hash(h->world, &t.new_value, sizeof t.new_value);
    }
}

void sim_host_settle(sim_host *h) {
    mpt_notice n;
    do {
        while (transmit_one(h)) {
        }
        memset(&n, 0, sizeof n);
        if (!mpt_stack_poll(h->stack, &n)) {
            break;
        }
        sim_app_notice(h, &n);
    } while (true);
    drain_traces(h);
    arm_timer(h);
}

/* ---- Segments that arrive --------------------------------------------------------------------------------- */

/** What a host answers to a segment for nobody (RFC 9293 3.10.7.1). */
static void answer_reset(sim_host *h, const sim_packet *p) {
    mpt_wire in = {0};
    if (mpt_wire_decode(&in, p->segment.header, p->segment.header_bytes) != MPT_OK || (in.flags & MPT_RST)) {
        return;
    }
    mpt_wire out = {.source_port = in.destination_port, .destination_port = in.source_port, .flags = MPT_RST};
    if (in.flags & MPT_ACK) {
        out.seq = in.ack;
    } else {
        out.flags |= MPT_ACK;
        out.ack = in.seq + p->segment.payload_bytes + !!(in.flags & MPT_SYN) + !!(in.flags & MPT_FIN);
    }
    sim_packet *answer = sim_packet_new(0);
    mpt_segment *s = &answer->segment;
    s->source = p->segment.destination;
    s->destination = p->segment.source;
    s->header_bytes = (uint8_t)mpt_wire_encode(&out, s->header, &s->dss_checksum_at);
    if (h->world->scenario.is_sealed) {
        mpt_segment_seal(s, NULL);
    }
    answer->link = p->link;
    answer->to = !p->to;
    if (h->world->stranger != NULL && sim_link_of(h->side == SIM_CLIENT ? &s->source : &s->destination) == UINT32_MAX) {
        h->world->stranger(h->world, h->side, answer);
        free(answer);
        return;
    }
    sim_world_put(h->world, answer);
}

static void store_payload(sim_host *h, const sim_packet *p, const mpt_store *store) {
    sim_world *w = h->world;
    sim_conn *c = sim_host_conn(h, store->conn);
    if (c == NULL) {
        sim_conn_free(h->unclaimed);
        c = h->unclaimed = sim_conn_new(h, store->conn);
    }
    SIM_REQUIRE((uint64_t)store->payload_skip + store->bytes <= p->segment.payload_bytes,
                "%u + %u bytes of a payload of %u shall be stored", store->payload_skip, store->bytes,
                p->segment.payload_bytes);
    uint64_t end = store->stream_offset + store->bytes;
    uint32_t room = w->scenario.settings[h->side].conn.receive_buffer_bytes;
    SIM_REQUIRE(end <= c->read + room,
                "bytes up to %" PRIu64 " shall be stored: %" PRIu64 " are read, the buffer has %u", end, c->read, room);
    sim_store_put(&c->received, store->stream_offset, p->payload + store->payload_skip, store->bytes);
    if (w->scenario.expect_content && w->scenario.rewritten_bytes_max == 0 && c->app != UINT32_MAX) {
        uint64_t wrong = sim_store_compare(&c->received, !h->side, c->app, store->stream_offset, store->bytes);
        SIM_REQUIRE(wrong == UINT64_MAX, "app %u: wrong byte stored at offset %" PRIu64, c->app, wrong);
    }
}

void sim_host_receive(sim_host *h, sim_packet *p) {
    sim_world *w = h->world;
    mpt_segment in = p->segment;
    mpt_store store = {0};
    in.conn = NULL;
    in.stream_offset = 0;
    in.payload = w->scenario.is_sealed ? p->payload : NULL;
    if (w->scenario.is_sealed && !mpt_segment_verify(&in)) {
        return;
    }
    capture(h, p);
    h->segments_received++;
    bool is_wanted = mpt_stack_wants(h->stack, &in);
    uint64_t removals = mpt_stack_counters(h->stack)->RmAddr;
    mpt_status status = mpt_stack_receive(h->stack, &in, &store, w->now);
    sim_check_received(h, p, removals);
    if (status == MPT_ERR_NOT_OURS) {
        SIM_REQUIRE(!is_wanted, "mpt_stack_wants() says yes, mpt_stack_receive() NOT_OURS");
        answer_reset(h, p);
    } else if (status == MPT_OK) {
        SIM_REQUIRE(is_wanted, "mpt_stack_wants() says no, mpt_stack_receive() took the segment");
    } else {
        SIM_REQUIRE(status == MPT_ERR_MALFORMED || status == MPT_ERR_MEMORY, "mpt_stack_receive() returns %s",
                    mpt_status_name(status));
        SIM_REQUIRE(store.conn == NULL, "a segment refused with %s shall be stored", mpt_status_name(status));
    }
    if (store.conn != NULL) {
        store_payload(h, p, &store);
    }
    sim_host_settle(h);
}

/* ---- Start ------------------------------------------------------------------------------------------------ */

static void address_up(sim_host *h, mpt_local_address a) {
    mpt_status status = mpt_address_up(h->stack, &a, h->world->now);
    SIM_REQUIRE(status == MPT_OK, "mpt_address_up() returns %s", mpt_status_name(status));
}

static bool has_family(const sim_scenario *s, bool is_ipv6) {
    for (uint32_t i = 0; i < s->link_count; i++) {
        if (s->link[i].is_ipv6 == is_ipv6) {
            return true;
        }
    }
    return false;
}

static void start_client(sim_host *h) {
    const sim_scenario *s = &h->world->scenario;
    for (uint32_t i = 0; i < s->link_count; i++) {
        address_up(h, (mpt_local_address){.addr = sim_client_address(i, s->link[i].is_ipv6),
                                          .mtu_bytes = s->link[i].mtu_bytes,
                                          .is_backup = s->is_backup[i],
                                          .is_fullmesh = s->is_fullmesh[i],
                                          .is_laminar = s->is_laminar[i],
                                          .is_signal = s->client_signals});
    }
}

static uint32_t greatest_mtu(const sim_scenario *s) {
    uint32_t mtu = 0;
    for (uint32_t i = 0; i < s->link_count; i++) {
        mtu = s->link[i].mtu_bytes > mtu ? s->link[i].mtu_bytes : mtu;
    }
    return mtu;
}

void sim_host_server_address(sim_host *h, uint32_t index, bool is_up) {
    const sim_scenario *s = &h->world->scenario;
    for (int is_ipv6 = 0; is_ipv6 <= 1; is_ipv6++) {
        mpt_addr a = sim_server_address(index, is_ipv6);
        if (has_family(s, is_ipv6) && is_up) {
            address_up(h, (mpt_local_address){.addr = a,
                                              .mtu_bytes = greatest_mtu(s),
                                              .is_signal = s->server_signals,
                                              .port = index > 0 ? s->server_port : 0});
        } else if (has_family(s, is_ipv6)) {
            mpt_address_down(h->stack, &a, h->world->now);
        }
    }
}

static void start_server(sim_host *h) {
    const sim_scenario *s = &h->world->scenario;
    for (uint32_t i = 0; i < s->server_address_count; i++) {
        sim_host_server_address(h, i, true);
    }
    for (uint32_t i = 0; i < s->app_count; i++) {
        mpt_endpoint local = {.port = (uint16_t)(5000 + i)};
        mpt_status status = mpt_listen(h->stack, &local, 16, NULL, &h->listener[i]);
        SIM_REQUIRE(status == MPT_OK, "mpt_listen() returns %s", mpt_status_name(status));
    }
}

void sim_host_start(sim_world *w, int side) {
    sim_host *h = &w->host[side];
    const sim_scenario *s = &w->scenario;
    *h = (sim_host){.world = w, .side = side, .timer_deadline = MPT_NEVER, .timer_last = -1};
    h->memory.rng.state = s->seed * 2 + (uint64_t)side;
    mpt_mem mem = sim_memory_mem(&h->memory);
    mpt_status status = mpt_stack_new(&h->stack, &s->settings[side], &mem, w->now);
    SIM_REQUIRE(status == MPT_OK, "mpt_stack_new() returns %s", mpt_status_name(status));
    if (side == SIM_CLIENT) {
        start_client(h);
    } else {
        start_server(h);
    }
    h->blocks_at_start = h->memory.blocks;
    h->bytes_at_start = h->memory.bytes;
    h->memory.fail_ppm = s->allocation_fail_ppm;
    h->memory.fail_nth = s->allocation_fail_nth;
    h->memory.allocations = 0;
    if (s->spurious_timer_ns > 0) {
        sim_events_add(&w->events, w->now, spurious_timer, h, 0);
    }
    sim_host_settle(h);
}
