/* SPDX-License-Identifier: GPL-2.0-or-later */
/* topology.c: hosts and paths of a scenario, with the addresses and random streams that they have under ns-3. */
#include "net.h"

#include "codel.h"
#include "red.h"
#include "streams.h"

#include <stdlib.h>
#include <string.h>

/* As ns-3 has it where nothing else is said: FQ-CoDel before a device with a queue of 100 packets. */
enum { WIRE_DEVICE_PACKETS = 1, CABLE_DEVICE_PACKETS = 100, CABLE_QUEUE_PACKETS = 10240, PACKET_BYTES = 1500 };

static void *allocate(size_t count, size_t bytes) {
    void *p = calloc(count ? count : 1, bytes);

    if (!p) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return p;
}

/* ---- Routers ----------------------------------------------------------------------------------------------- */

/* A switch of a path, which is a router: the next wire of a packet on this side of the core router. */
static void forward(void *object, struct packet *p) {
    (void)object;
    p->ttl--; /* no route is so long that this would matter */
    wire_send(*++p->hops, p);
}

/* The core router: a packet leaves by the path of its destination; what has no path is dropped. */
static void route(void *object, struct packet *p) {
    struct path *from = object;
    struct interface *to = net_interface_of(from->net, &p->segment.destination);

    p->ttl--;
    if (!to) {
        packet_drop(&from->net->pool, p);
        return;
    }
    p->is_past_core = true;
    p->hops = to->down;
    wire_send(*p->hops, p);
}

/* ---- Wires ------------------------------------------------------------------------------------------------- */

static uint64_t bits_per_second(double mbps) {
    return (uint64_t)(mbps * 1e6);
}

static void wire_init(struct wire *w, struct net *n, double rate_mbps, int64_t delay_ns, uint32_t device_packets) {
    w->clock = &n->clock;
    w->rate_bps = bits_per_second(rate_mbps);
    w->delay_ns = delay_ns;
    w->device_packets_max = device_packets;
    w->queue.pool = &n->pool;
    w->done_ns = -1;
}

static void lose(struct wire *w, double fraction, uint64_t *stream, uint64_t seed) {
    w->loss = fraction;
    if (fraction > 0)
        rng_init(&w->loss_rng, (*stream)++, seed);
}

static void red_of_path(struct queue *q, const struct path *p, uint64_t stream) {
    struct red *red = allocate(1, sizeof *red);

    red->min_packets = p->spec->red_min_packets;
    red->max_packets = p->spec->red_max_packets;
    red->probability_max = p->spec->red_max_probability;
    red_init(red, bits_per_second(p->spec->rate_mbps), PACKET_BYTES);
    rng_init(&red->rng, stream, p->net->command->seed);
    q->of.red = red;
}

static void put_discipline(struct wire *w, const struct path *p, uint64_t *stream) {
    struct queue *q = &w->queue;

    q->limit_packets = (uint32_t)p->spec->queue_packets;
    q->is_marking = p->spec->ecn;
    switch ((enum scn_queue_discipline)p->spec->queue_discipline) {
    case SCN_DROP_TAIL: q->kind = QUEUE_DROP_TAIL; break;
    case SCN_RED:
        q->kind = QUEUE_RED;
        red_of_path(q, p, (*stream)++);
        break;
    case SCN_CODEL:
        q->kind = QUEUE_CODEL;
        q->of.codel = allocate(1, sizeof *q->of.codel);
        codel_init(q->of.codel, q->is_marking);
        break;
    case SCN_FQ_CODEL: q->kind = QUEUE_FQ_CODEL; break;
    }
}

/* @return the next free stream of the path. */
static uint64_t lay_wire(struct path *p) {
    uint64_t stream = STREAM_PATH + STREAM_PATH_STEP * (uint64_t)(p->number - 1);
    uint64_t seed = p->net->command->seed;
    int64_t delay_ns = (int64_t)(p->spec->delay_ms * 1e6);

    wire_init(&p->up, p->net, p->spec->rate_mbps, delay_ns, WIRE_DEVICE_PACKETS);
    wire_init(&p->down, p->net, p->spec->rate_mbps, delay_ns, WIRE_DEVICE_PACKETS);
    p->up.receive = route;
    p->up.receiver = p;
    lose(&p->down, p->spec->loss_down, &stream, seed);
    lose(&p->up, p->spec->loss_up, &stream, seed);
    put_discipline(&p->up, p, &stream);
    put_discipline(&p->down, p, &stream);
    return stream;
}

static void init_cable(struct wire *w, const struct path *p, int64_t delay_ns) {
    wire_init(w, p->net, p->spec->access_rate_mbps, delay_ns, CABLE_DEVICE_PACKETS);
    w->queue.kind = QUEUE_FQ_CODEL;
    w->queue.limit_packets = CABLE_QUEUE_PACKETS;
    w->queue.is_marking = true;
}

static void lay_cable(struct path *p, size_t i, int64_t delay_ns) {
    init_cable(&p->cables_up[i], p, delay_ns);
    init_cable(&p->cables_down[i], p, delay_ns);
    p->cables_up[i].receive = forward;
    p->cables_down[i].receive = host_receive;
    p->cables_down[i].receiver = &p->interfaces[i];
    p->interfaces[i].up[0] = &p->cables_up[i];
    p->interfaces[i].up[1] = &p->up;
    p->interfaces[i].down[0] = &p->down;
    p->interfaces[i].down[1] = &p->cables_down[i];
}

static void join_hosts(struct path *p, uint64_t stream) {
    struct rng delays;

    if (p->interface_count == 1) {
        p->interfaces[0].up[0] = &p->up;
        p->interfaces[0].down[0] = &p->down;
        p->down.receive = host_receive;
        p->down.receiver = &p->interfaces[0];
        return;
    }
    rng_init(&delays, stream, p->net->command->seed);
    p->cables_up = allocate(p->interface_count, sizeof *p->cables_up);
    p->cables_down = allocate(p->interface_count, sizeof *p->cables_down);
    p->down.receive = forward;
    for (size_t i = 0; i < p->interface_count; i++)
        lay_cable(p, i, rng_whole(&delays, 0, (uint32_t)(int64_t)(p->spec->access_delay_spread_ms * 1e6)));
}

/* ---- Paths and hosts --------------------------------------------------------------------------------------- */

struct host *net_host_of_name(const struct net *n, const char *name) {
    for (size_t i = 0; i < n->spec->hosts.count; i++)
        if (strcmp(n->hosts[i].name, name) == 0)
            return &n->hosts[i];
    return NULL;
}

struct interface *net_interface_of(const struct net *n, const mpt_addr *a) {
    struct interface *const *of_path = a->family == 4 && a->bytes[0] == 192 ? n->by_address[a->bytes[2]] : NULL;

    return of_path ? of_path[a->bytes[3]] : NULL;
}

static void add_interface(struct path *p, size_t i) {
    struct interface *at = &p->interfaces[i];
    struct host *h = net_host_of_name(p->net, p->spec->hosts.at[i]);
    uint8_t number = (uint8_t)(4 * i + 1); /* several hosts have networks of four addresses, one has the whole */

    *at = (struct interface){.net = p->net, .host = h, .path = p, .is_up = true};
    at->addr = mpt_addr_v4(192, 168, p->number, number);
    p->net->by_address[p->number][number] = at;
    h->interfaces = realloc(h->interfaces, (h->interface_count + 1) * sizeof *h->interfaces);
    if (!h->interfaces)
        abort();
    h->interfaces[h->interface_count++] = at;
}

static void build_path(struct path *p) {
    p->interface_count = p->spec->hosts.count;
    p->interfaces = allocate(p->interface_count, sizeof *p->interfaces);
    p->net->by_address[p->number] = allocate(ADDRESSES_OF_PATH, sizeof **p->net->by_address);
    for (size_t i = 0; i < p->interface_count; i++)
        add_interface(p, i);
    join_hosts(p, lay_wire(p));
}

void path_set_up(struct path *p, bool is_up) {
    for (size_t i = 0; i < p->interface_count; i++) {
        if (p->interfaces[i].is_up == is_up)
            continue;
        p->interfaces[i].is_up = is_up;
        host_sync_addresses(p->interfaces[i].host);
    }
}

bool net_build(struct net *n) {
    n->hosts = allocate(n->spec->hosts.count, sizeof *n->hosts);
    for (size_t i = 0; i < n->spec->hosts.count; i++)
        n->hosts[i] = (struct host){.net = n, .name = n->spec->hosts.at[i].name, .index = i, .port_last = 49152};
    n->paths = allocate(n->spec->paths.count, sizeof *n->paths);
    for (size_t i = 0; i < n->spec->paths.count; i++) {
        struct path *p = &n->paths[n->path_count];

        if (!n->spec->paths.at[i].enabled)
            continue;
        n->path_count++;
        *p = (struct path){.net = n, .spec = &n->spec->paths.at[i], .number = (uint8_t)(i + 1)};
        build_path(p);
    }
    n->flows = allocate(n->spec->flows.count, sizeof *n->flows);
    for (size_t i = 0; i < n->spec->flows.count; i++)
        if (!flow_init(&n->flows[i], n, i))
            return false;
    return true;
}

static void free_wires(struct path *p) {
    queue_free(&p->up.queue);
    queue_free(&p->down.queue);
    for (size_t i = 0; p->cables_up && i < p->interface_count; i++) {
        queue_free(&p->cables_up[i].queue);
        queue_free(&p->cables_down[i].queue);
    }
}

void net_free(struct net *n) {
    for (size_t i = 0; n->flows && i < n->spec->flows.count; i++)
        flow_free(&n->flows[i]);
    for (size_t i = 0; i < n->spec->hosts.count; i++) {
        mpt_stack_free(n->hosts[i].stack);
        free(n->hosts[i].interfaces);
    }
    for (size_t i = 0; i < n->path_count; i++) {
        free_wires(&n->paths[i]);
        free(n->by_address[n->paths[i].number]);
        free(n->paths[i].interfaces);
        free(n->paths[i].cables_up);
        free(n->paths[i].cables_down);
    }
    free(n->flows);
    free(n->paths);
    free(n->hosts);
    packet_pool_free(&n->pool);
    clock_free(&n->clock);
}
