/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.c: a stack of the core, driven as model/mptcp-stack.cc drives it under ns-3: the same inputs in the same order. */
#include "net.h"

#include "mbx_tcp.h"
#include "streams.h"

#include <stdlib.h>
#include <string.h>

enum { MTU_BYTES = 1500, LOOPBACK_MTU_BYTES = 65535, TTL = 64 };

void mpt_assert_failed(const char *expression, const char *file, int line) {
    fflush(stdout);
    fprintf(stderr, "mptcp-run: assertion of the TCP core failed: %s at %s:%d\n", expression, file, line);
    abort();
}

/* Zeroed. What is small comes and goes often: malloc() keeps it at hand for each size, calloc() does not look there. */
static void *allocate(void *user, size_t bytes) {
    enum { SMALL_BYTES = 1024 };
    void *memory = bytes > SMALL_BYTES ? calloc(1, bytes) : malloc(bytes);

    (void)user;
    if (memory && bytes <= SMALL_BYTES)
        memset(memory, 0, bytes);
    return memory;
}

static void release(void *user, void *p) {
    (void)user;
    free(p);
}

/* ---- Addresses --------------------------------------------------------------------------------------------- */

static void tell_up(struct host *h, const mpt_local_address *a) {
    mpt_status status = mpt_address_up(h->stack, a, h->net->clock.now_ns);

    if (status != MPT_OK)
        fprintf(stderr, "host %s: an address is not used for subflows: %s\n", h->name, mpt_status_name(status));
}

static void tell_all_up(struct host *h) {
    for (size_t i = 0; i < h->interface_count; i++) {
        struct interface *at = h->interfaces[i];

        if (at->is_up && !at->is_known) {
            tell_up(h, &(mpt_local_address){
                           .addr = at->addr, .mtu_bytes = MTU_BYTES, .link = at->link, .is_signal = at->is_signal});
            at->is_known = true;
        }
    }
}

static void sync_addresses(void *object) {
    struct host *h = object;

    for (size_t i = 0; i < h->interface_count; i++) {
        struct interface *at = h->interfaces[i];

        if (at->is_known && !at->is_up) {
            mpt_address_down(h->stack, &at->addr, h->net->clock.now_ns);
            at->is_known = false;
        }
    }
    tell_all_up(h);
    if (!h->has_loopback)
        tell_up(h, &(mpt_local_address){
                       .addr = mpt_addr_v4(127, 0, 0, 1), .mtu_bytes = LOOPBACK_MTU_BYTES, .no_subflow = true});
    h->has_loopback = true;
    host_pump(h);
}

void host_sync_addresses(struct host *h) {
    struct clock *c = &h->net->clock;

    if (h->stack)
        clock_at(c, c->now_ns, clock_number(c), sync_addresses, h);
}

void host_start(struct host *h) {
    const mpt_mem memory = {NULL, allocate, release};
    mpt_settings settings;
    struct rng seeds;
    uint64_t high, low;

    if (h->stack)
        return;
    rng_init(&seeds, STREAM_HOST + STREAM_HOST_STEP * (uint64_t)h->index, h->net->command->seed);
    high = rng_whole(&seeds, 0, UINT32_MAX);
    low = rng_whole(&seeds, 0, UINT32_MAX);
    mpt_settings_default(&settings);
    settings.seed = high << 32 | low;
    settings.traces = MPT_TRACE_BIT(MPT_TRACE_SubflowUp) | MPT_TRACE_BIT(MPT_TRACE_SubflowDown) |
                      MPT_TRACE_BIT(MPT_TRACE_Rtt) | MPT_TRACE_BIT(MPT_TRACE_BytesRetransmitted) |
                      MPT_TRACE_BIT(MPT_TRACE_Timeouts) | MPT_TRACE_BIT(MPT_TRACE_Reinjected);
    if (mpt_stack_new(&h->stack, &settings, &memory, h->net->clock.now_ns) != MPT_OK) {
        fprintf(stderr, "mptcp-run: the TCP core does not start\n");
        abort();
    }
    plugins_register(h->stack);
    sync_addresses(h);
}

/* ---- The core's loop --------------------------------------------------------------------------------------- */

static void on_timer(void *object);

static void arm(struct host *h) {
    struct clock *c = &h->net->clock;
    mpt_time deadline = mpt_stack_deadline(h->stack);

    /* A timer that comes too early is harmless, so that it stays where the deadline has only moved on. */
    if (deadline == MPT_NEVER || (h->is_armed && h->armed_ns <= deadline))
        return;
    h->is_armed = true;
    h->armed_ns = deadline > c->now_ns ? deadline : c->now_ns;
    h->armed_number = clock_number(c);
    clock_at(c, h->armed_ns, h->armed_number, on_timer, h);
}

static void on_timer(void *object) {
    struct host *h = object;
    struct clock *c = &h->net->clock;

    if (c->number != h->armed_number)
        return;
    h->is_armed = false;
    if (mpt_stack_deadline(h->stack) > c->now_ns) {
        arm(h);
        return;
    }
    mpt_stack_timer(h->stack, c->now_ns);
    host_pump(h);
}

static void transmit(struct host *h);

static void tell_traces(struct host *h) {
    mpt_trace trace;

    while (mpt_stack_trace(h->stack, &trace))
        flow_trace(&trace);
}

void host_pump(struct host *h) {
    mpt_notice notice;

    h->has_input = true;
    if (h->is_pumping)
        return;
    h->is_pumping = true;
    while (h->has_input) {
        h->has_input = false;
        transmit(h);
        tell_traces(h);
        while (mpt_stack_poll(h->stack, &notice))
            flow_notice(&notice);
        tell_traces(h);
    }
    h->is_pumping = false;
#ifdef __SANITIZE_ADDRESS__ /* what must hold after each event; it takes too long for other builds */
    mpt_stack_check(h->stack);
#endif
    arm(h);
}

/* ---- Segments out ------------------------------------------------------------------------------------------ */

static uint16_t port_at(const mpt_segment *s, size_t at) {
    return (uint16_t)(s->header[at] << 8 | s->header[at + 1]);
}

static void say_unreachable(struct host *h, const mpt_segment *s) {
    const mpt_endpoint local = {s->source, port_at(s, 0)}, remote = {s->destination, port_at(s, 2)};

    mpt_stack_unreachable(h->stack, &local, &remote, h->net->clock.now_ns);
    h->has_input = true;
}

static const uint8_t zeros[UINT16_MAX];

/* The bytes that the run needs, and the checksums: the DSS checksum where the segment has one. */
static void fill(struct net *n, struct packet *p) {
    mpt_segment *s = &p->segment;

    if (n->needs_payload && s->payload_bytes > 0)
        p->payload = flow_content(s->user, s->stream_offset, s->payload_bytes);
    if (s->dss_checksum_at != 0)
        mpt_segment_seal(s, p->payload ? p->payload : zeros);
}

static void send_from(struct interface *from, struct packet *p) {
    p->ttl = TTL;
    p->ip_bytes = IPV4_HEADER_BYTES + p->segment.header_bytes + p->segment.payload_bytes;
    p->hops = from->up;
    p->is_past_core = false;
    if (from->net->command->pcap_folder) {
        p->ip_id = pcap_ip_id(from->host, &p->segment);
        pcap_write(from, p);
    }
    wire_send(*p->hops, p);
}

/*
 * A segment that is for nobody is answered with RST (RFC 9293 3.10.7.1): by the core where an application has the port,
 * else as ns-3's TCP answers it, with the window that it writes there.
 */
static void reset(struct interface *at, const mpt_segment *in) {
    enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, AT_SEQ = 4, AT_ACK = 8, AT_LENGTH = 12, AT_FLAGS = 13, AT_WINDOW = 14 };
    uint8_t flags = in->header[AT_FLAGS];
    struct packet *p;
    mpt_segment *out;

    if (flags & RST)
        return;
    p = packet_new(&at->net->pool);
    out = &p->segment;
    *out = (mpt_segment){.source = in->destination, .destination = in->source, .header_bytes = 20};
    memcpy(out->header, in->header + 2, 2);
    memcpy(out->header + 2, in->header, 2);
    if (flags & ACK) {
        memcpy(out->header + AT_SEQ, in->header + AT_ACK, 4);
    } else {
        uint32_t next = mbx_get32(in->header + AT_SEQ) + in->payload_bytes + !!(flags & FIN) + !!(flags & SYN);

        mbx_put32(out->header + AT_ACK, next);
    }
    out->header[AT_LENGTH] = 5 << 4;
    out->header[AT_FLAGS] = flags & ACK ? RST : RST | ACK;
    mbx_put16(out->header + AT_WINDOW, UINT16_MAX);
    send_from(at, p);
}

static void transmit(struct host *h) {
    enum { SEGMENTS_BETWEEN_TRACES = 64 }; /* the core keeps only so many events */
    struct net *n = h->net;

    for (unsigned sent = 1;; sent++) {
        struct packet *p = n->spare;
        struct interface *from;

        if (!mpt_stack_transmit(h->stack, &p->segment, n->clock.now_ns))
            return;
        from = net_interface_of(n, &p->segment.source);
        if (!from || from->host != h || !from->is_up) {
            say_unreachable(h, &p->segment);
            continue;
        }
        n->spare = packet_new(&n->pool);
        fill(n, p);
        send_from(from, p);
        if (sent % SEGMENTS_BETWEEN_TRACES == 0)
            tell_traces(h);
    }
}

/* ---- Segments in ------------------------------------------------------------------------------------------- */

/* Count the payload of a flow that arrives at its receiver, by path; bytes that arrive twice count twice. */
static void count_arrival(struct interface *at, const mpt_segment *s) {
    struct net *n = at->net;
    uint16_t source = port_at(s, 0), destination = port_at(s, 2);
    uint16_t port = source < destination ? source : destination; /* the servers' are below those of clients */
    const struct interface *from = net_interface_of(n, &s->source);
    struct byte_log *log;
    const struct flow *f;

    if (port < PORT_FIRST || (size_t)(port - PORT_FIRST) >= n->record->flow_count)
        return;
    f = &n->flows[port - PORT_FIRST];
    if ((f->spec->direction == SCN_DOWNLOAD) != (port == source))
        return;
    log = f->logs[at->path->spec - n->spec->paths.at][f->spec->direction == SCN_DOWNLOAD];
    if (log)
        byte_log_add(log, n->clock.now_ns, s->payload_bytes);
    log = from ? f->logs[from->path->spec - n->spec->paths.at][f->spec->direction == SCN_UPLOAD] : NULL;
    if (log)
        byte_log_add(log, n->clock.now_ns, s->payload_bytes);
}

/* @return false when it is for nobody. */
static bool take_segment(struct host *h, struct packet *p) {
    mpt_segment *s = &p->segment;
    mpt_store store = {0};
    mpt_time now = h->net->clock.now_ns;

    s->payload = p->payload ? p->payload : mpt_stack_needs_payload(h->stack) ? zeros : NULL;
    s->conn = NULL;
    s->stream_offset = 0;
    s->dss_checksum_at = 0;
    if (mpt_stack_receive(h->stack, s, &store, now) == MPT_ERR_NOT_OURS)
        return false;
    if (store.conn && store.bytes > 0 && p->payload)
        flow_stored(&store, p->payload);
    if (store.conn && store.bytes > 0 && h->net->keeps_reorder)
        flow_kept(&store);
    return true;
}

void host_receive(void *interface, struct packet *p) {
    struct interface *at = interface;
    struct host *h = at->host;
    struct net *n = at->net;
    const mpt_segment *s = &p->segment;

    if (!at->is_up) {
        packet_drop(&n->pool, p);
        return;
    }
    if (n->command->pcap_folder)
        pcap_write(at, p);
    if (s->payload_bytes > 0)
        count_arrival(at, s);
    if (h->stack && take_segment(h, p)) {
        host_pump(h);
    } else if (h->stack && flow_has_port(h, port_at(s, 2))) {
        mpt_stack_refuse(h->stack, s, n->clock.now_ns);
        host_pump(h);
    } else {
        reset(at, s);
    }
    packet_drop(&n->pool, p);
}
