/* SPDX-License-Identifier: GPL-2.0-or-later */
/** What must hold: for each segment, after each event, when the faults are over, and at the end. */
#include <inttypes.h>

#include "stack/mpt_stack.h"
#include "sim_world.h"

static const char *const side_names[2] = {"client", "server"};

/* ---- Trace hash (FNV-1a) ----------------------------------------------------------------------------------- */

void sim_hash(sim_world *w, const void *bytes, size_t count) {
    const uint8_t *b = bytes;
    for (size_t i = 0; i < count; i++) {
        w->hash = (w->hash ^ b[i]) * UINT64_C(0x100000001b3);
    }
}

void sim_hash_segment(sim_world *w, const sim_packet *p) {
    const mpt_segment *s = &p->segment;
    sim_hash(w, &w->now, sizeof w->now);
    sim_hash(w, s->source.bytes, sizeof s->source.bytes);
    sim_hash(w, s->destination.bytes, sizeof s->destination.bytes);
    sim_hash(w, s->header, s->header_bytes);
    sim_hash(w, &s->payload_bytes, sizeof s->payload_bytes);
    sim_hash(w, &s->stream_offset, sizeof s->stream_offset);
}

/* ---- Each segment ----------------------------------------------------------------------------------------- */

/**
 * What a segment offers may not be taken back: the right edge of the window moves on only (RFC 9293 3.8.6, RFC 8684 3.3.4). Subflows
 * without window scaling cannot say more than 65535.
 */
static void check_window(sim_conn *c, const mpt_subflow *sf, const mpt_wire *wire) {
    if (wire->window == UINT16_MAX) {
        return;
    }
    uint64_t edge = c->conn->rx.next + ((uint64_t)wire->window << sf->t.rcv_scale);
    uint64_t rounding = UINT64_C(1) << sf->t.rcv_scale;
    SIM_REQUIRE(edge + rounding > c->edge_promised, "the window's right edge moves from %" PRIu64 " back to %" PRIu64,
                c->edge_promised, edge);
    c->edge_promised = edge > c->edge_promised ? edge : c->edge_promised;
}

/** SACK blocks name what has arrived and nothing else; the first may be a D-SACK (RFC 2018 3, RFC 2883 4). */
static void check_sack(const mpt_subflow *sf, const mpt_wire *wire) {
    for (uint32_t i = 0; i < wire->sack_count; i++) {
        uint64_t start = mpt_seq_expand(wire->sack[i].start - sf->t.irs, sf->t.rx.next),
                 end = mpt_seq_expand(wire->sack[i].end - sf->t.irs, sf->t.rx.next);
        bool is_known =
            start < end && (end <= sf->t.rx.next || mpt_spans_overlap(&sf->t.rx.beyond, start, end) == end - start);
        SIM_REQUIRE(is_known && (i == 0 || start > sf->t.rx.next),
                    "SACK block %" PRIu64 " to %" PRIu64 ", which has not arrived", start, end);
    }
}

static void check_with_subflow(sim_world *w, const sim_packet *p, const mpt_wire *wire) {
    sim_host *h = &w->host[!p->to];
    mpt_endpoint local = {p->segment.source, wire->source_port},
                 remote = {p->segment.destination, wire->destination_port};
    const mpt_subflow *sf = mpt_conn_find_subflow(h->stack, &local, &remote);
    sim_conn *c = sf == NULL ? NULL : sim_host_conn(h, sf->conn);
    if (c == NULL || !sf->is_established || (wire->flags & (MPT_SYN | MPT_RST)) || c->conn->is_dead) {
        return;
    }
    check_window(c, sf, wire);
    check_sack(sf, wire);
    w->stats[SIM_STAT_zero_window] += wire->window == 0;
    w->stats[SIM_STAT_half_closed] += p->segment.payload_bytes > 0 && c->conn->peer_ended;
}

static void count_wraps(sim_world *w, const sim_packet *p, const mpt_wire *wire) {
    uint32_t bytes = p->segment.payload_bytes, dsn = (uint32_t)wire->dss.dsn;
    bool has_map = (wire->mptcp & 1u << MPT_DSS) && wire->dss.has_map;
    w->stats[SIM_STAT_seq_wrapped] += bytes > 0 && wire->seq + bytes < wire->seq;
    w->stats[SIM_STAT_dsn_wrapped] += has_map && bytes > 0 && dsn + bytes < dsn;
    w->stats[p->segment.source.family == 6 ? SIM_STAT_ipv6 : SIM_STAT_ipv4]++;
}

/** What is sent must be there still, or the peer must have it already, and then by more than a send buffer: see mpt_conn_acked_offset(). */
void sim_check_kept(const sim_conn *c, const mpt_segment *out) {
    const sim_conn *peer = c->app == UINT32_MAX ? NULL : c->host->world->host[!c->host->side].conn[c->app];
    bool is_there = out->stream_offset >= c->sent.dropped;
    SIM_REQUIRE(is_there || !c->host->world->scenario.expect_content || peer == NULL || peer->is_gone ||
                    peer->received.end >= c->sent.dropped,
                "offset %" PRIu64 " is sent, but %" PRIu64 " were said to be acknowledged", out->stream_offset,
                c->sent.dropped);
    SIM_REQUIRE(is_there ||
                    (!c->conn->has_checksum && c->sent.dropped + c->conn->set.send_buffer_bytes <= c->conn->snd_una),
                "offset %" PRIu64 " is sent without its bytes: %" PRIu64 " were dropped at %" PRIu64 " acknowledged",
                out->stream_offset, c->sent.dropped, c->conn->snd_una);
}

void sim_check_segment(sim_world *w, const sim_packet *p) {
    const mpt_segment *s = &p->segment;
    mpt_wire wire = {0};
    SIM_REQUIRE(p->link < w->scenario.link_count, "a segment for an address that no link has");
    SIM_REQUIRE(mpt_wire_decode(&wire, s->header, s->header_bytes) == MPT_OK && !wire.is_mptcp_malformed,
                "a core sends a header that cannot be parsed");
    SIM_REQUIRE((s->header[12] >> 4) * 4 == s->header_bytes, "header of %u bytes says %u", s->header_bytes,
                (s->header[12] >> 4) * 4u);
    SIM_REQUIRE(p->to != SIM_SERVER || !w->link[p->link].is_down, "a segment from an address that is down");
    uint32_t index = p->to == SIM_CLIENT ? sim_server_index(&s->source) : UINT32_MAX;
    SIM_REQUIRE(index >= SIM_SERVER_ADDRESSES_MAX || !w->is_server_down[index],
                "a segment from a server's address that is down");
    SIM_REQUIRE(!(wire.flags & (MPT_SYN | MPT_RST)) || s->payload_bytes == 0, "SYN or RST with %u bytes",
                s->payload_bytes);
    SIM_REQUIRE(!w->scenario.expect_content || sim_packet_ip_bytes(p) <= w->link[p->link].settings.mtu_bytes,
                "packet of %u bytes on a link of MTU %u", sim_packet_ip_bytes(p), w->link[p->link].settings.mtu_bytes);
    check_with_subflow(w, p, &wire);
    count_wraps(w, p, &wire);
}

void sim_check_received(const sim_host *h, const sim_packet *p, uint64_t removals_before) {
    mpt_wire w = {0};
    mpt_wire_decode(&w, p->segment.header, p->segment.header_bytes);
    mpt_endpoint local = {p->segment.destination, w.destination_port}, remote = {p->segment.source, w.source_port};
    const mpt_subflow *sf = mpt_conn_find_subflow(h->stack, &local, &remote);
    bool has_removed = mpt_stack_counters(h->stack)->RmAddr > removals_before;
    if (!has_removed || sf == NULL || w.remove_addr.count != 1 || w.remove_addr.ids[0] == 0) {
        return;
    }
    const mpt_pm *pm = &sf->conn->pm;
    for (uint32_t i = 0; i < pm->remote_count; i++) {
        SIM_REQUIRE(pm->remotes[i].id != w.remove_addr.ids[0], "address %u was removed and is still known",
                    w.remove_addr.ids[0]);
    }
}

/**
 * What a core may hold: for each connection and subflow its state, for the bytes of the send buffer a chunk a segment on each subflow, and for those of
 * the receive buffer ranges, in the stream and on each subflow; tables, and replies that wait.
 */
static void check_memory(const sim_host *h) {
    const mpt_stack *st = h->stack;
    enum {
        TABLES_BYTES = 65536,
        CONN_BYTES = 8192,
        SUBFLOW_BYTES = 8192,
        CHUNK_BYTES_A_BYTE = 4,
        TIME_WAIT_BYTES = 300
    };
    uint64_t bound = h->bytes_at_start + TABLES_BYTES + st->time_waits.count * (uint64_t)TIME_WAIT_BYTES +
                     st->reply_capacity * sizeof(mpt_segment);
    for (const mpt_list *n = st->conns.next; n != &st->conns; n = n->next) {
        const mpt_conn *c = MPT_LIST_ENTRY(n, const mpt_conn, all_node);
        bound += CONN_BYTES + c->set.receive_buffer_bytes;
        bound += c->subflow_count * (SUBFLOW_BYTES + c->set.receive_buffer_bytes +
                                     CHUNK_BYTES_A_BYTE * (uint64_t)c->set.send_buffer_bytes);
    }
    SIM_REQUIRE(h->memory.bytes <= bound, "the %s holds %" PRIu64 " bytes of memory, more than %" PRIu64,
                side_names[h->side], h->memory.bytes, bound);
}

/**
 * What a host of the core may have to keep: of what it sends the send buffer, and as much again for subflows that are silent (with DSS checksums for as long
 * as those are waited for); of what it receives the receive buffer.
 */
static void check_stores(const sim_host *h) {
    for (uint32_t i = 0; i < h->world->scenario.app_count; i++) {
        const sim_conn *c = h->conn[i];
        if (c == NULL || c->is_gone || c->is_released)
            continue;
        uint64_t sent = c->sent.end - c->sent.dropped, buffer = c->conn->set.send_buffer_bytes;
        SIM_REQUIRE(c->conn->has_checksum || sent <= 2 * buffer,
                    "the %s keeps %" PRIu64 " bytes that it sent, its send buffer is %" PRIu64, side_names[h->side],
                    sent, buffer);
        uint64_t received = c->received.end > c->read ? c->received.end - c->read : 0;
        SIM_REQUIRE(received <= c->conn->set.receive_buffer_bytes,
                    "the %s keeps %" PRIu64 " bytes that it received, its receive buffer is %" PRIu32,
                    side_names[h->side], received, c->conn->set.receive_buffer_bytes);
    }
}

void sim_check_stacks(sim_world *w) {
    if (w->options.check_every != 0 && w->event_count % w->options.check_every == 0) {
        check_memory(&w->host[SIM_CLIENT]);
        check_memory(&w->host[SIM_SERVER]);
        check_stores(&w->host[SIM_CLIENT]);
        check_stores(&w->host[SIM_SERVER]);
        mpt_stack_check(w->host[SIM_CLIENT].stack);
        mpt_stack_check(w->host[SIM_SERVER].stack);
    }
}

/* ---- When the faults are over ------------------------------------------------------------------------------- */

static void check_delivered(const sim_world *w, uint32_t app) {
    for (int side = 0; side < 2; side++) {
        const sim_app_side *writes = &w->scenario.app[app].side[side];
        const sim_conn *from = w->host[side].conn[app], *to = w->host[!side].conn[app];
        SIM_REQUIRE(from != NULL && to != NULL, "app %u: not connected at the %s", app,
                    side_names[from == NULL ? side : !side]);
        SIM_REQUIRE(from->written == writes->bytes, "app %u: the %s could write %" PRIu64 " of %" PRIu64 " bytes", app,
                    side_names[side], from->written, writes->bytes);
        SIM_REQUIRE(to->read == writes->bytes, "app %u: the %s has %" PRIu64 " of %" PRIu64 " bytes", app,
                    side_names[!side], to->read, writes->bytes);
        SIM_REQUIRE(to->is_ended || to->is_released, "app %u: the %s did not see the end", app, side_names[!side]);
    }
}

/** A connection from which nothing is expected is aborted: that must always be enough. */
static void abort_side(sim_host *h, uint32_t app) {
    sim_conn *c = h->conn[app];
    if (c != NULL && !c->is_released && c->failure == MPT_OK) {
        c->is_aborted = true;
        mpt_conn_abort(c->conn, h->world->now);
        sim_host_settle(h);
    }
}

void sim_check_delivery(sim_world *w, void *object, uint64_t number) {
    (void)object;
    (void)number;
    for (uint32_t app = 0; app < w->scenario.app_count; app++) {
        const sim_app_settings *a = &w->scenario.app[app];
        if (w->scenario.expect_delivery && a->side[0].abort_ns == MPT_NEVER && a->side[1].abort_ns == MPT_NEVER) {
            check_delivered(w, app);
        } else {
            abort_side(&w->host[SIM_CLIENT], app);
            abort_side(&w->host[SIM_SERVER], app);
        }
    }
}

/* ---- At the end ------------------------------------------------------------------------------------------- */

/** The policies that ship keep to the rules of mpt_ext.h. */
static void check_policies(const sim_world *w) {
    for (int side = 0; side < 2; side++) {
        uint64_t faults = mpt_stack_counters(w->host[side].stack)->PolicyFaults;
        SIM_REQUIRE(faults == 0, "side %d: %" PRIu64 " policy faults", side, faults);
    }
}

void sim_check_end(sim_world *w) {
    check_policies(w);
    for (int side = 0; side < 2; side++) {
        sim_host *h = &w->host[side];
        for (uint32_t app = 0; app < w->scenario.app_count; app++) {
            const sim_conn *c = h->conn[app];
            SIM_REQUIRE(c == NULL || (c->is_released && c->is_gone), "app %u %s: the connection is still there", app,
                        side_names[side]);
            if (h->listener[app] != NULL) {
                mpt_listener_close(h->listener[app], w->now);
            }
        }
        sim_host_settle(h);
    }
    SIM_REQUIRE(w->events.heap.count == 0, "closing the listeners made something happen");
}
