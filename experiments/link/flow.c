/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.c: the applications of a flow: one side writes as much as goes in, the other reads all there is. They do what
 * those of ns-3's engine do with an MptcpSocket between them and the core, call by call.
 */
#include "net.h"

#include "streams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_BYTES = 16384 };

/* ---- Content ----------------------------------------------------------------------------------------------- */

/* The pattern that the simulator of the tests and the checker of captures use, too; the server's is inverted. */
static uint8_t byte_at(bool is_server, uint64_t offset) {
    uint8_t byte = (uint8_t)(offset * UINT64_C(2654435761) >> 13);

    return is_server ? (uint8_t)~byte : byte;
}

uint8_t *flow_content(const void *user, uint64_t offset, uint32_t bytes) {
    const struct side *side = user;
    uint8_t *content = calloc(bytes, 1);

    if (!content) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    if (side && side->flow->spec->check_content)
        for (uint32_t i = 0; i < bytes; i++)
            content[i] = byte_at(side == &side->flow->server, offset + i);
    return content;
}

void flow_stored(const mpt_store *store, const uint8_t *payload) {
    const struct side *side = mpt_conn_user(store->conn);
    struct flow *f = side ? side->flow : NULL;

    if (!f || !f->spec->check_content || f->record->is_damaged)
        return;
    for (uint32_t i = 0; i < store->bytes; i++) {
        if (payload[store->payload_skip + i] == byte_at(side != &f->server, store->stream_offset + i))
            continue;
        f->record->is_damaged = true;
        fprintf(stderr, "flow %s: content differs at offset %llu, at %.6f s\n", f->spec->name,
                (unsigned long long)(store->stream_offset + i), (double)f->net->clock.now_ns / 1e9);
        return;
    }
}

/* ---- A side's connection ----------------------------------------------------------------------------------- */

static int64_t now_of(const struct side *side) {
    return side->flow->net->clock.now_ns;
}

void flow_kept(const mpt_store *store) {
    const struct side *side = mpt_conn_user(store->conn);
    mpt_conn_info info;

    if (!side || side->is_sender)
        return;
    mpt_conn_get_info(store->conn, &info);
    level_log_set(&side->flow->record->reorder, now_of(side), info.reorder_bytes);
}

/* What may be asked for when the connection is gone. */
static void remember(struct side *side) {
    mpt_conn_get_info(side->conn, &side->last);
    side->last_subflows = calloc(side->last.subflow_count + 1, sizeof *side->last_subflows);
    if (!side->last_subflows)
        abort();
    while (side->last_count < side->last.subflow_count &&
           mpt_conn_get_subflow_info(side->conn, side->last_count, &side->last_subflows[side->last_count]))
        side->last_count++;
}

bool side_subflow_info(const struct side *side, uint32_t index, mpt_subflow_info *out) {
    if (side->conn)
        return mpt_conn_get_subflow_info(side->conn, index, out);
    if (index >= side->last_count)
        return false;
    *out = side->last_subflows[index];
    return true;
}

static void release(struct side *side) {
    mpt_conn *conn = side->conn;

    if (!conn)
        return;
    remember(side);
    side->conn = NULL;
    mpt_conn_release(conn, now_of(side));
    host_pump(side->host);
}

static void shut_send(struct side *side) {
    side->is_send_shut = true;
    if (side->conn) {
        mpt_conn_shutdown(side->conn, now_of(side));
        host_pump(side->host);
    }
}

/* After the peer's end and the last byte before it were read. */
static void close_after_peer(struct side *side) {
    if (!side->conn || mpt_conn_readable(side->conn) > 0 || !mpt_conn_peer_ended(side->conn))
        return;
    if (side->has_ended)
        release(side);
    else if (side->is_send_shut)
        shut_send(side);
}

/* The application closes, having heard that the peer did. */
static void close_side(struct side *side) {
    if (!side->conn)
        return;
    if (mpt_conn_readable(side->conn) > 0)
        release(side);
    else
        shut_send(side);
}

static void tell_closed(struct side *side) {
    struct flow *f = side->flow;

    if (side->is_close_told)
        return;
    side->is_close_told = true;
    close_side(side);
    if (++f->record->sides_closed == 2 && --f->net->open_flows == 0)
        clock_stop(&f->net->clock);
}

/* ---- Writing ----------------------------------------------------------------------------------------------- */

static void stop(struct flow *f) {
    struct side *sender = f->spec->direction == SCN_DOWNLOAD ? &f->server : &f->client;

    if (!f->is_stopped && sender->is_connected)
        shut_send(sender);
    f->is_stopped = true;
}

static uint64_t next_write_bytes(const struct flow *f) {
    uint64_t half = (uint64_t)f->spec->send_buffer_bytes / 2, piece = half < WRITE_BYTES ? half : WRITE_BYTES;
    uint64_t left = (uint64_t)f->spec->bytes - f->written_bytes;

    return f->spec->bytes > 0 && left < piece ? left : piece;
}

static void write_all(struct side *side) {
    struct flow *f = side->flow;

    while (!f->is_stopped) {
        uint64_t bytes = next_write_bytes(f);

        if (bytes == 0) {
            stop(f);
            return;
        }
        if (!side->conn || mpt_conn_writable(side->conn) < bytes ||
            mpt_conn_write(side->conn, bytes, now_of(side)) != MPT_OK)
            return;
        f->written_bytes += bytes;
        if (f->net->keeps_writes)
            byte_log_add(&f->record->written, now_of(side), bytes);
        host_pump(side->host);
    }
}

static void writable(struct side *side) {
    if (side->conn && side->is_sender && side->is_connected && !side->is_send_shut && mpt_conn_writable(side->conn) > 0)
        write_all(side);
}

/* ---- Reading ----------------------------------------------------------------------------------------------- */

static void read_all(struct side *side) {
    uint64_t bytes;

    while (side->conn && (bytes = mpt_conn_readable(side->conn)) > 0) {
        mpt_conn_consume(side->conn, bytes, now_of(side));
        host_pump(side->host);
        if (!side->is_sender)
            measure_delivered(side->flow->record, now_of(side), bytes);
        close_after_peer(side);
    }
}

static void readable(struct side *side) {
    read_all(side);
    if (side->conn && mpt_conn_peer_ended(side->conn)) {
        tell_closed(side);
        close_after_peer(side);
    }
}

/* ---- What the core tells of subflows ------------------------------------------------------------------------- */

/* The path of the client's address, as far as the subflow is known; else none. */
static const struct scn_path *path_of_subflow(const struct side *side, uint32_t id) {
    bool is_client = side == &side->flow->client;
    const struct interface *at;
    mpt_subflow_info info;

    for (uint32_t i = 0; side_subflow_info(side, i, &info); i++) {
        if (info.id == id) {
            at = net_interface_of(side->flow->net, is_client ? &info.local.addr : &info.remote.addr);
            return at ? at->path->spec : NULL;
        }
    }
    return NULL;
}

void flow_trace(const mpt_trace *trace) {
    static const struct {
        mpt_trace_kind kind;
        enum measure_subflow_kind told;
    } kinds[] = {{MPT_TRACE_SubflowUp, MEASURE_UP},      {MPT_TRACE_SubflowDown, MEASURE_DOWN},
                 {MPT_TRACE_Rtt, MEASURE_RTT},           {MPT_TRACE_BytesRetransmitted, MEASURE_RETRANSMITTED},
                 {MPT_TRACE_Timeouts, MEASURE_TIMEOUTS}, {MPT_TRACE_Reinjected, MEASURE_REINJECTED}};
    const struct side *side = trace->user;
    const struct scn_path *path = NULL;
    struct flow *f;

    if (!side) /* not accepted yet */
        return;
    f = side->flow;
    if (!measure_knows_subflow(f->record, side == &f->client, trace->subflow_id))
        path = path_of_subflow(side, trace->subflow_id);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == trace->kind)
            measure_subflow(f->net->record, f->record, side == &f->client, trace->subflow_id, path, kinds[i].told,
                            now_of(side), trace->new_value);
}

/* ---- Notices ----------------------------------------------------------------------------------------------- */

static void connected(struct side *side) {
    side->is_connected = true;
    if (side->is_sender)
        write_all(side);
    else
        read_all(side);
}

static void accept_side(const mpt_notice *notice) {
    struct flow *f = mpt_listener_user(notice->listener);
    struct side *side = &f->server;

    mpt_conn_set_user(notice->conn, side);
    side->conn = notice->conn;
    connected(side);
    readable(side);
    writable(side);
}

static void failed(struct side *side, mpt_status reason) {
    double now_s = (double)now_of(side) / 1e9;

    const char *what = !side->is_connected ? "cannot connect" : !side->is_close_told ? "connection broke" : NULL;

    release(side);
    if (what) {
        fprintf(stderr, "flow %s: %s at %.3f s: %s\n", side->flow->spec->name, what, now_s, mpt_status_name(reason));
        measure_failed(side->flow->net->record, now_of(side), side->flow->record, what);
    }
    side->is_close_told = side->is_close_told || side->is_connected;
}

void flow_notice(const mpt_notice *notice) {
    struct side *side = notice->user;

    if (notice->kind == MPT_NOTICE_ACCEPTED) {
        accept_side(notice);
        return;
    }
    if (!side || side->conn != notice->conn || notice->kind == MPT_NOTICE_GONE)
        return;
    switch (notice->kind) {
    case MPT_NOTICE_CONNECTED:
        side->flow->record->is_connected = true;
        measure_flow_event(side->flow->net->record, now_of(side), "connected", side->flow->record, NULL, "");
        connected(side);
        writable(side);
        break;
    case MPT_NOTICE_READABLE: readable(side); break;
    case MPT_NOTICE_WRITABLE: writable(side); break;
    case MPT_NOTICE_CLOSED:
        side->has_ended = true;
        tell_closed(side);
        close_after_peer(side);
        break;
    case MPT_NOTICE_FAILED: failed(side, notice->reason); break;
    case MPT_NOTICE_ACCEPTED:
    case MPT_NOTICE_GONE: break;
    }
}

/* ---- A flow ------------------------------------------------------------------------------------------------ */

static bool may_use(const struct flow *f, const struct path *p) {
    for (size_t i = 0; i < f->spec->paths.count; i++)
        if (strcmp(f->spec->paths.at[i], p->spec->name) == 0)
            return true;
    return f->spec->paths.count == 0;
}

static struct interface *interface_on(const struct host *host, const char *path) {
    for (size_t i = 0; i < host->interface_count; i++)
        if (strcmp(host->interfaces[i]->path->spec->name, path) == 0)
            return host->interfaces[i];
    return NULL;
}

/*
 * The interface that the client connects from: on the path that the flow names first; of MPTCP, which may use any of
 * them, on the first one whose link is up, if there is one.
 */
static struct interface *first_interface(const struct flow *f) {
    const struct host *client = f->client.host;
    size_t count = f->spec->paths.count ? f->spec->paths.count : client->interface_count;
    struct interface *first = NULL;

    for (size_t i = 0; i < count; i++) {
        struct interface *at =
            f->spec->paths.count ? interface_on(client, f->spec->paths.at[i]) : client->interfaces[i];

        first = first ? first : at;
        if (at && at->is_up && f->spec->protocol == SCN_MPTCP)
            return at;
    }
    return first;
}

static void prepare_server(struct flow *f) {
    struct host *server = f->server.host;

    if (f->spec->protocol != SCN_MPTCP)
        return;
    for (size_t i = 0; i < server->interface_count; i++) /* after a time down the first has to be heard of again, too */
        server->interfaces[i]->is_signal = server->interface_count > 1;
}

/* The links of the paths that the flow may use. */
static uint64_t links_of(const struct flow *f) {
    const struct host *client = f->client.host;
    uint64_t links = 0;

    for (size_t i = 0; i < client->interface_count; i++)
        if (may_use(f, client->interfaces[i]->path))
            links |= UINT64_C(1) << client->interfaces[i]->link;
    return links;
}

static void listen_at(struct flow *f) {
    const mpt_endpoint any = {.port = f->port};

    host_start(f->server.host);
    if (mpt_listen(f->server.host->stack, &any, UINT32_MAX, &f->settings, &f->listener) != MPT_OK)
        abort(); /* settings were checked, and no other flow has the port */
    mpt_listener_set_user(f->listener, f);
}

/* @return the port that the next connection of @p h has, which is that of @p f. */
static uint16_t take_port(struct host *h, struct flow *f) {
    if ((h->opened_count & (h->opened_count - 1)) == 0) { /* full: 0, 1, 2, 4 ... */
        h->opened = realloc(h->opened, (2u * h->opened_count + 1) * sizeof(struct flow *));
        if (!h->opened)
            abort();
    }
    h->opened[h->opened_count] = f;
    return (uint16_t)(CLIENT_PORT_FIRST + h->opened_count++);
}

static void connect_from(void *object) {
    struct flow *f = object;
    struct host *h = f->client.host;
    const mpt_endpoint server = {f->server.host->interfaces[0]->addr, f->port};
    mpt_endpoint local = {first_interface(f)->addr, 0};
    mpt_status status;

    host_start(h);
    local.port = take_port(h, f);
    status = mpt_connect(h->stack, &local, &server, &f->settings, f->net->clock.now_ns, &f->client.conn);
    if (status != MPT_OK) {
        fprintf(stderr, "flow %s: cannot connect at %.3f s: %s\n", f->spec->name, (double)f->net->clock.now_ns / 1e9,
                mpt_status_name(status));
        measure_failed(f->net->record, f->net->clock.now_ns, f->record, "cannot connect");
        return;
    }
    mpt_conn_set_user(f->client.conn, &f->client);
    if (f->spec->paths.count > 0)
        mpt_conn_restrict(f->client.conn, links_of(f));
    host_pump(h);
}

static void stop_at(void *object) {
    stop(object);
}

bool flow_init(struct flow *f, struct net *n, size_t index) {
    struct rng jitter;

    *f = (struct flow){.net = n, .spec = &n->spec->flows.at[index], .record = &n->record->flows[index]};
    f->port = (uint16_t)(PORT_FIRST + index);
    f->client = (struct side){.flow = f, .host = net_host_of_name(n, f->spec->client)};
    f->server = (struct side){.flow = f, .host = net_host_of_name(n, f->spec->server)};
    f->server.is_sender = f->spec->direction == SCN_DOWNLOAD;
    f->client.is_sender = !f->server.is_sender;
    f->logs = calloc(n->spec->paths.count, sizeof *f->logs);
    if (!f->logs)
        abort();
    for (size_t i = 0; i < n->spec->paths.count; i++)
        for (int is_client = 0; is_client <= 1; is_client++)
            f->logs[i][is_client] = measure_log_by_end(f->record, &n->spec->paths.at[i], is_client);
    rng_init(&jitter, STREAM_FLOW + (uint64_t)index, n->command->seed);
    f->record->start_ns = llround((f->spec->start_s + rng_between(&jitter, 0, f->spec->start_jitter_s)) * 1e9);
    n->needs_payload = n->needs_payload || f->spec->check_content;
    prepare_server(f);
    return settings_of_flow(&f->settings, f->spec);
}

void flow_schedule(struct flow *f) {
    struct clock *c = &f->net->clock;

    listen_at(f);
    clock_at(c, f->record->start_ns, clock_number(c), connect_from, f);
    if (f->spec->stop_s > 0)
        clock_at(c, llround(f->spec->stop_s * 1e9), clock_number(c), stop_at, f);
}

bool flow_has_port(const struct host *h, uint16_t port) {
    const struct net *n = h->net;
    size_t served = (size_t)port - PORT_FIRST, opened = (size_t)port - CLIENT_PORT_FIRST;

    return (port >= PORT_FIRST && served < n->spec->flows.count && n->flows[served].server.host == h) ||
           (port >= CLIENT_PORT_FIRST && opened < h->opened_count && h->opened[opened]->client.conn);
}

void flow_finish(struct flow *f) {
    struct side *sender = f->server.is_sender ? &f->server : &f->client;
    struct side *receiver = f->server.is_sender ? &f->client : &f->server;

    if (sender->conn)
        mpt_conn_get_info(sender->conn, &sender->last);
    if (receiver->conn)
        mpt_conn_get_info(receiver->conn, &receiver->last);
    f->record->bytes_duplicate = receiver->last.bytes_duplicate;
    f->record->bytes_reinjected = sender->last.bytes_reinjected;
    f->record->has_fallen_back = sender->last.mode == MPT_MODE_FALLBACK;
}

void flow_free(struct flow *f) {
    free(f->client.last_subflows);
    free(f->server.last_subflows);
    free(f->logs);
}
