/* SPDX-License-Identifier: GPL-2.0-or-later */
/* topology.c: hosts and paths of a scenario, with the addresses and random streams that they have under ns-3. */
#include "net.h"

#include "boxes.h"
#include "capacity.h"
#include "codel.h"
#include "red.h"
#include "streams.h"

#include <stdlib.h>
#include <string.h>

/* As ns-3 has it where nothing else is said: FQ-CoDel before a device with a queue of 100 packets. */
enum { WIRE_DEVICE_PACKETS = 1, CABLE_DEVICE_PACKETS = 100, CABLE_QUEUE_PACKETS = 10240, PACKET_BYTES = 1500 };
enum { MANY_FLOWS = 64 }; /* the second cache of a core (1 MiB) does not hold all that belongs to so many */

static void *allocate(size_t count, size_t bytes) {
    void *p = calloc(count ? count : 1, bytes);

    if (!p) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return p;
}

/* ---- Routers ----------------------------------------------------------------------------------------------- */

/* The core router: a packet leaves by the path of its destination; what has no path is dropped. */
static void route(struct net *n, struct packet *p) {
    struct interface *to = net_interface_of(n, &p->segment.destination);

    if (!to) {
        packet_drop(&n->pool, p);
        return;
    }
    p->is_past_core = true;
    p->hops = to->down;
    wire_send(*p->hops, p);
}

/* A router: the next wire on this side of the core router, if there is one. */
static void forward(void *object, struct packet *p) {
    p->ttl--; /* no route is so long that this would matter */
    if (*++p->hops)
        wire_send(*p->hops, p);
    else
        route(object, p);
}

/* The switch of a path with several interfaces: what is for another of them does not see the path's own cable. */
static void switch_receive(void *object, struct packet *p) {
    struct path *path = object;
    const mpt_addr *destination = &p->segment.destination;
    struct interface *to = net_interface_of(path->net, destination);

    if (!to || to->path != path || !mpt_addr_equal(&to->addr, destination)) {
        forward(path->net, p);
        return;
    }
    p->ttl--;
    p->is_past_core = true;
    p->hops = &to->down[path->spec->links.count + 1]; /* its own cable: the last */
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
    w->receive = forward;
    w->receiver = n;
    w->foresee = n->spec->flows.count >= MANY_FLOWS ? net_foresee : NULL;
    w->foreseer = n;
    w->done_ns = -1;
}

static struct link *link_of_name(const struct net *n, const char *name) {
    size_t i = 0;

    while (strcmp(n->links[i].spec->name, name) != 0)
        i++;
    return &n->links[i];
}

static void lose(struct wire *w, double fraction, uint64_t *stream, uint64_t seed) {
    w->loss = fraction;
    w->burst_packets = 1;
    if (fraction > 0)
        rng_init(&w->loss_rng, (*stream)++, seed);
}

static void put_red(struct queue *q, const struct net *n, const struct scn_path *spec, uint64_t stream) {
    struct red *red = allocate(1, sizeof *red);

    red->min_packets = spec->red_min_packets;
    red->max_packets = spec->red_max_packets;
    red->probability_max = spec->red_max_probability;
    red_init(red, bits_per_second(spec->rate_mbps), PACKET_BYTES);
    rng_init(&red->rng, stream, n->command->seed);
    q->of.red = red;
}

static void put_discipline(struct wire *w, const struct net *n, const struct scn_path *spec, uint64_t *stream) {
    struct queue *q = &w->queue;

    q->limit_packets = (uint32_t)spec->queue_packets;
    q->limit_bytes = (uint64_t)spec->queue_bytes;
    q->is_marking = spec->ecn;
    switch ((enum scn_queue_discipline)spec->queue_discipline) {
    case SCN_DROP_TAIL: q->kind = QUEUE_DROP_TAIL; break;
    case SCN_RED:
        q->kind = QUEUE_RED;
        put_red(q, n, spec, (*stream)++);
        break;
    case SCN_CODEL:
        q->kind = QUEUE_CODEL;
        q->of.codel = allocate(1, sizeof *q->of.codel);
        codel_init(q->of.codel, q->is_marking);
        break;
    case SCN_FQ_CODEL: q->kind = QUEUE_FQ_CODEL; break;
    }
}

static void spoil(struct wire *w, const struct scn_path *spec, uint64_t stream, uint64_t reorder_stream,
                  uint64_t seed) {
    w->burst_packets = spec->loss_burst_packets;
    w->jitter_ns = (int64_t)(spec->jitter_ms * 1e6);
    w->reorder = spec->reorder;
    w->reorder_ns = (int64_t)(spec->reorder_ms * 1e6);
    w->duplicate = spec->duplicate;
    rng_init(&w->jitter_rng, stream, seed);
    rng_init(&w->duplicate_rng, stream + 1, seed);
    rng_init(&w->reorder_rng, reorder_stream, seed);
}

/* Both directions of a cable or link. @return the next free stream of those from @p stream on. */
static uint64_t lay_wires(struct net *n, const struct scn_path *spec, struct wire *up, struct wire *down,
                          uint64_t stream) {
    enum { SPOIL_STREAMS = 5000 }; /* beyond those that ns-3's engine has */
    int64_t delay_ns = (int64_t)(spec->delay_ms * 1e6);
    uint64_t seed = n->command->seed, first = stream;

    wire_init(up, n, spec->rate_mbps, delay_ns, WIRE_DEVICE_PACKETS);
    wire_init(down, n, spec->rate_mbps, delay_ns, WIRE_DEVICE_PACKETS);
    lose(down, spec->loss_down, &stream, seed);
    lose(up, spec->loss_up, &stream, seed);
    put_discipline(up, n, spec, &stream);
    put_discipline(down, n, spec, &stream);
    if (spec->loss_burst_packets > 1 || spec->jitter_ms > 0 || spec->reorder > 0 || spec->duplicate > 0) {
        spoil(down, spec, first + SPOIL_STREAMS, first + SPOIL_STREAMS + 4, seed);
        spoil(up, spec, first + SPOIL_STREAMS + 2, first + SPOIL_STREAMS + 5, seed);
    }
    return stream;
}

static bool follow_trace(struct wire *w, const struct net *n, const struct scn_path *spec, const char *key,
                         const char *name, const char *sha256, struct scn_arena *arena, uint64_t stream) {
    const char *contradicted = NULL;
    char error[512];

    if (strcmp(name, "none") == 0)
        return true;
    w->capacity = capacity_read(scenario_trace(spec, name, sha256, arena), spec->trace_loop, error, sizeof error);
    if (w->capacity)
        contradicted = scenario_contradicts_trace(n->spec, spec, w->capacity, strcmp(key, "trace_down") == 0);
    if (!w->capacity || contradicted) {
        fprintf(stderr, "%s:%d:%d: %s: %s%s\n", spec->mark.file, spec->mark.line, spec->mark.column, key,
                contradicted ? "expected " : error, contradicted ? contradicted : "");
        return false;
    }
    w->capacity->rate_bps = w->rate_bps;
    if (w->capacity->has_loss) {
        struct wire *at = w->beyond ? w->beyond : w;

        at->loss = 0;
        at->is_loss_told = true;
        rng_init(&at->loss_rng, stream, n->command->seed);
    }
    return true;
}

static void init_cable(struct wire *w, const struct path *p, int64_t delay_ns) {
    wire_init(w, p->net, p->spec->access_rate_mbps, delay_ns, CABLE_DEVICE_PACKETS);
    w->queue.kind = QUEUE_FQ_CODEL;
    w->queue.limit_packets = CABLE_QUEUE_PACKETS;
    w->queue.is_marking = true;
}

/* The wires from an interface to the core router and back: perhaps a cable, the path's, and the links that it shares. */
static void set_route(struct path *p, struct interface *at, struct wire *cable_up, struct wire *cable_down) {
    size_t up = 0, down = 0;

    if (cable_up)
        at->up[up++] = cable_up;
    at->up[up++] = &p->up;
    for (size_t i = 0; i < p->spec->links.count; i++) {
        at->up[up++] = &link_of_name(p->net, p->spec->links.at[i])->up;
        at->down[down++] = &link_of_name(p->net, p->spec->links.at[p->spec->links.count - 1 - i])->down;
    }
    at->down[down++] = &p->down;
    if (cable_down)
        at->down[down++] = cable_down;
}

static void lay_cable(struct path *p, size_t i, int64_t delay_ns) {
    init_cable(&p->cables_up[i], p, delay_ns);
    init_cable(&p->cables_down[i], p, delay_ns);
    p->cables_up[i].receive = switch_receive;
    p->cables_up[i].receiver = p;
    p->cables_down[i].receive = host_receive;
    p->cables_down[i].receiver = &p->interfaces[i];
    set_route(p, &p->interfaces[i], &p->cables_up[i], &p->cables_down[i]);
}

static void join_hosts(struct path *p, uint64_t stream) {
    struct rng delays;

    if (p->interface_count == 1) {
        set_route(p, &p->interfaces[0], NULL, NULL);
        p->down.receive = host_receive;
        p->down.receiver = &p->interfaces[0];
        return;
    }
    rng_init(&delays, stream, p->net->command->seed);
    p->cables_up = allocate(p->interface_count, sizeof *p->cables_up);
    p->cables_down = allocate(p->interface_count, sizeof *p->cables_down);
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
    at->link = (uint8_t)(h->interface_count % MPT_LINKS_MAX); /* the core keeps no more addresses than that */
    h->interfaces[h->interface_count++] = at;
}

static bool build_path(struct path *p, struct scn_arena *arena) {
    uint64_t stream = STREAM_PATH + STREAM_PATH_STEP * (uint64_t)(p->number - 1);

    p->interface_count = p->spec->hosts.count;
    p->interfaces = allocate(p->interface_count, sizeof *p->interfaces);
    p->net->by_address[p->number] = allocate(ADDRESSES_OF_PATH, sizeof **p->net->by_address);
    for (size_t i = 0; i < p->interface_count; i++)
        add_interface(p, i);
    stream = lay_wires(p->net, p->spec, &p->up, &p->down, stream);
    join_hosts(p, stream);
    if (p->spec->middleboxes.count > 0)
        boxes_insert(p, stream + 1);
    stream = STREAM_PATH + STREAM_PATH_STEP * (uint64_t)(p->number - 1) + STREAM_TRACE;
    return p->spec->type != SCN_TRACE || (follow_trace(&p->down, p->net, p->spec, "trace_down", p->spec->trace_down,
                                                       p->spec->trace_down_sha256, arena, stream) &&
                                          follow_trace(&p->up, p->net, p->spec, "trace_up", p->spec->trace_up,
                                                       p->spec->trace_up_sha256, arena, stream + 1));
}

static void build_links(struct net *n) {
    n->links = allocate(n->spec->links.count, sizeof *n->links);
    for (size_t i = 0; i < n->spec->links.count; i++) {
        struct link *l = &n->links[i];

        l->spec = &n->spec->links.at[i];
        lay_wires(n, l->spec, &l->up, &l->down, STREAM_LINK + STREAM_PATH_STEP * (uint64_t)i);
    }
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
    struct scn_arena arena = {0};
    bool is_good = true;

    n->spare = packet_new(&n->pool);
    n->hosts = allocate(n->spec->hosts.count, sizeof *n->hosts);
    for (size_t i = 0; i < n->spec->hosts.count; i++)
        n->hosts[i] = (struct host){.net = n, .name = n->spec->hosts.at[i].name, .index = i};
    build_links(n);
    n->paths = allocate(n->spec->paths.count, sizeof *n->paths);
    for (size_t i = 0; i < n->spec->paths.count; i++) {
        struct path *p = &n->paths[n->path_count];

        if (!n->spec->paths.at[i].enabled)
            continue;
        n->path_count++;
        *p = (struct path){.net = n, .spec = &n->spec->paths.at[i], .number = (uint8_t)(i + 1)};
        is_good = is_good && build_path(p, &arena);
    }
    scn_arena_free(&arena);
    if (!is_good)
        return false;
    n->walks = allocate(n->spec->mobility.count, sizeof *n->walks);
    for (size_t i = 0; i < n->spec->mobility.count; i++)
        walk_init(&n->walks[i], &n->spec->mobility.at[i], STREAM_MOBILITY + (uint64_t)i, n->command->seed);
    n->flows = allocate(n->spec->flows.count, sizeof *n->flows);
    for (size_t i = 0; i < n->spec->flows.count; i++)
        if (!flow_init(&n->flows[i], n, i))
            return false;
    return true;
}

static bool path_conserves(const struct path *p) {
    for (size_t i = 0; p->cables_up && i < p->interface_count; i++)
        if (!wire_conserves(&p->cables_up[i]) || !wire_conserves(&p->cables_down[i]))
            return false;
    return wire_conserves(&p->up) && wire_conserves(&p->down) && boxes_conserve(p);
}

void net_check(const struct net *n) {
    bool is_good = true;

    for (size_t i = 0; i < n->path_count; i++)
        is_good = is_good && path_conserves(&n->paths[i]);
    for (size_t i = 0; i < n->spec->links.count; i++)
        is_good = is_good && wire_conserves(&n->links[i].up) && wire_conserves(&n->links[i].down);
    if (!is_good) {
        fprintf(stderr, "mptcp-run: a link has lost or made packets by itself\n");
        abort();
    }
}

static void free_wires(struct path *p) {
    queue_free(&p->up.queue);
    queue_free(&p->down.queue);
    capacity_free(p->up.capacity);
    capacity_free(p->down.capacity);
    boxes_free(p);
    for (size_t i = 0; p->cables_up && i < p->interface_count; i++) {
        queue_free(&p->cables_up[i].queue);
        queue_free(&p->cables_down[i].queue);
    }
}

static void tell_policy_faults(const struct net *n, size_t host) {
    const mpt_stack *st = n->hosts[host].stack;
    unsigned long long faults = st ? mpt_stack_counters(st)->PolicyFaults : 0;

    if (faults > 0)
        fprintf(stderr,
                "mptcp-run: host %s: a policy did %llu times what it may not (PolicyFaults); it was set right\n",
                n->spec->hosts.at[host].name, faults);
}

void net_free(struct net *n) {
    for (size_t i = 0; n->flows && i < n->spec->flows.count; i++)
        flow_free(&n->flows[i]);
    for (size_t i = 0; n->walks && i < n->spec->mobility.count; i++)
        walk_free(&n->walks[i]);
    free(n->walks);
    for (size_t i = 0; i < n->spec->hosts.count; i++) {
        tell_policy_faults(n, i);
        mpt_stack_free(n->hosts[i].stack);
        free(n->hosts[i].interfaces);
        free(n->hosts[i].opened);
    }
    for (size_t i = 0; i < n->path_count; i++) {
        free_wires(&n->paths[i]);
        free(n->by_address[n->paths[i].number]);
        free(n->paths[i].interfaces);
        free(n->paths[i].cables_up);
        free(n->paths[i].cables_down);
    }
    for (size_t i = 0; n->links && i < n->spec->links.count; i++) {
        queue_free(&n->links[i].up.queue);
        queue_free(&n->links[i].down.queue);
    }
    free(n->links);
    free(n->flows);
    free(n->paths);
    free(n->hosts);
    packet_pool_free(&n->pool);
    clock_free(&n->clock);
}
