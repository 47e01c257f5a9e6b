/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boxes.c: what the boxes of model/middlebox need of the engine; a segment's carrier is its packet. */
#include "boxes.h"

#include "mbx_kinds.h"

#include <stdlib.h>
#include <string.h>

enum { MTU_BYTES = 1500, ADDRESS_BYTES = 4 };

/* One box in its place. */
struct placed {
    union {
        mbx_box box;
        mbx_nat nat;
        mbx_option_filter option_filter;
        mbx_sequence_rewriter sequence_rewriter;
        mbx_payload_rewriter payload_rewriter;
        mbx_splitter splitter;
        mbx_coalescer coalescer;
        mbx_reset_injector reset_injector;
    } is;
    struct boxes *boxes;
    size_t index;
    struct rng rng;
    bool is_armed;         /* its deadline is in the clock ... */
    int64_t armed_ns;      /* ... at this time ... */
    uint64_t armed_number; /* ... and number */
};

struct boxes {
    struct path *path;
    struct placed *at; /* in the order in which segments that go up pass them */
    size_t count;
    struct wire up_end, down_end; /* the second part of each wire */
};

static struct clock *clock_of(const struct boxes *b) {
    return &b->path->net->clock;
}

/* ---- Packets and segments ----------------------------------------------------------------------------------- */

static void take_apart(mbx_segment *s, struct packet *p) {
    const mpt_segment *from = &p->segment;

    *s = (mbx_segment){.address_bytes = ADDRESS_BYTES,
                       .tos = from->ecn,
                       .tcp.count = from->header_bytes,
                       .payload_bytes = from->payload_bytes,
                       .carrier = p};
    memcpy(s->source, from->source.bytes, ADDRESS_BYTES);
    memcpy(s->destination, from->destination.bytes, ADDRESS_BYTES);
    memcpy(s->tcp.bytes, from->header, from->header_bytes);
}

static struct packet *put_together(const mbx_segment *s) {
    struct packet *p = s->carrier;
    mpt_segment *to = &p->segment;

    memcpy(to->source.bytes, s->source, ADDRESS_BYTES);
    memcpy(to->destination.bytes, s->destination, ADDRESS_BYTES);
    memcpy(to->header, s->tcp.bytes, s->tcp.count);
    to->header_bytes = s->tcp.count;
    to->payload_bytes = s->payload_bytes;
    p->ip_bytes = IPV4_HEADER_BYTES + to->header_bytes + to->payload_bytes;
    return p;
}

/* ---- Behind the last box ------------------------------------------------------------------------------------ */

static struct wire *const *place_of(struct wire *const *hops, const struct wire *w) {
    while (*hops != w)
        hops++;
    return hops;
}

static void fail(const struct boxes *b, const struct packet *p) {
    struct net *n = b->path->net;

    if (!n->has_failed)
        fprintf(stderr,
                "path %s: its boxes made a packet of %u bytes at %.6f s: links carry %d, and IP fragments need engine "
                "ns3\n",
                b->path->spec->name, (unsigned)p->ip_bytes, (double)n->clock.now_ns / 1e9, MTU_BYTES);
    n->has_failed = true;
    clock_stop(&n->clock);
}

static void leave(struct boxes *b, const mbx_segment *s, mbx_direction direction) {
    struct path *path = b->path;
    struct packet *p = put_together(s);
    const struct interface *to = net_interface_of(path->net, &p->segment.destination);

    if (p->ip_bytes > MTU_BYTES && (direction == MBX_UP || path->cables_down)) {
        fail(b, p);
        packet_drop(&path->net->pool, p);
        return;
    }
    p->is_past_core = direction == MBX_DOWN;
    if (direction == MBX_UP) {
        p->hops = place_of(path->interfaces[0].up, &path->up);
        wire_carry(&b->up_end, p);
    } else if (to && to->path == path) {
        p->hops = place_of(to->down, &path->down);
        wire_carry(&b->down_end, p);
    } else {
        packet_drop(&path->net->pool, p);
    }
}

/* ---- What boxes ask for ------------------------------------------------------------------------------------- */

static void arm(struct placed *at);

static void process(struct placed *at, mbx_segment *s, mbx_direction direction) {
    mbx_box_process(&at->is.box, s, direction);
    arm(at);
}

static void forward(void *user, mbx_segment *s, mbx_direction direction) {
    struct placed *at = user;
    struct boxes *b = at->boxes;
    size_t next = direction == MBX_UP ? at->index + 1 : at->index - 1; /* beyond the last one when it is 0 */

    if (next < b->count)
        process(&b->at[next], s, direction);
    else
        leave(b, s, direction);
}

static int64_t now_ns(void *user) {
    return clock_of(((struct placed *)user)->boxes)->now_ns;
}

static double draw(void *user) {
    return rng_between(&((struct placed *)user)->rng, 0, 1);
}

static uint32_t draw_whole(void *user, uint32_t low, uint32_t high) {
    return rng_whole(&((struct placed *)user)->rng, low, high);
}

static void *allocate(void *user, size_t bytes) {
    void *memory = calloc(1, bytes);

    (void)user;
    if (!memory) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return memory;
}

static void release(void *user, void *memory) {
    (void)user;
    free(memory);
}

static struct packet_pool *pool_of(void *user) {
    return &((struct placed *)user)->boxes->path->net->pool;
}

static void *part(void *user, const mbx_segment *s, uint32_t at, uint32_t bytes) {
    struct packet *p = packet_copy(pool_of(user), s->carrier);

    if (p->payload && bytes > 0) {
        memmove(p->payload, p->payload + at, bytes);
    } else {
        free(p->payload);
        p->payload = NULL;
    }
    p->segment.payload_bytes = bytes;
    return p;
}

static void append(void *user, mbx_segment *s, const mbx_segment *next) {
    struct packet *p = s->carrier, *other = next->carrier;

    (void)user;
    if (p->payload && other->payload) {
        p->payload = realloc(p->payload, s->payload_bytes + next->payload_bytes);
        if (!p->payload)
            abort();
        memcpy(p->payload + s->payload_bytes, other->payload, next->payload_bytes);
    }
    p->segment.payload_bytes = s->payload_bytes + next->payload_bytes;
}

static bool edit(void *user, mbx_segment *s, const mbx_edits *edits, int64_t old, uint32_t bytes) {
    struct packet *p = s->carrier;
    uint8_t *after = allocate(user, bytes > 0 ? bytes : 1);

    mbx_edits_apply(edits, old, p->payload, s->payload_bytes, after);
    if (bytes == s->payload_bytes && memcmp(after, p->payload, bytes) == 0) {
        free(after);
        return false;
    }
    free(p->payload);
    p->payload = after;
    p->segment.payload_bytes = s->payload_bytes = bytes;
    return true;
}

static void drop(void *user, void *carrier) {
    packet_drop(pool_of(user), carrier);
}

/* ---- Deadlines ---------------------------------------------------------------------------------------------- */

static void on_timer(void *object) {
    struct placed *at = object;

    if (!at->is_armed || clock_of(at->boxes)->number != at->armed_number)
        return;
    at->is_armed = false;
    mbx_box_timer(&at->is.box);
    arm(at);
}

static void arm(struct placed *at) {
    struct clock *c = clock_of(at->boxes);
    const mbx_box *box = &at->is.box;

    if (box->has_deadline && at->is_armed && at->armed_ns == box->deadline_ns)
        return;
    at->is_armed = box->has_deadline;
    if (!box->has_deadline)
        return;
    at->armed_ns = box->deadline_ns;
    at->armed_number = clock_number(c);
    clock_at(c, at->armed_ns, at->armed_number, on_timer, at);
}

/* ---- The scenario's ----------------------------------------------------------------------------------------- */

static void init_nat(mbx_nat *nat, const struct scn_middlebox *spec, const struct path *p) {
    const mpt_addr outside = mpt_addr_v4(192, 168, p->number, NAT_ADDRESS);

    memcpy(nat->address, outside.bytes, sizeof nat->address);
    nat->timeout_ns = (int64_t)(spec->timeout_s * 1e9);
    mbx_nat_init(nat);
}

static void init_option_filter(mbx_option_filter *filter, const struct scn_middlebox *spec) {
    filter->kind = (uint8_t)spec->option_kind;
    filter->subtype = (int)spec->mptcp_subtype - 1;
    filter->segments = (mbx_filter_segments)spec->segments;
    filter->is_dropping = spec->action != 0;
    filter->probability = spec->probability;
    mbx_option_filter_init(filter);
}

static void init_payload_rewriter(mbx_payload_rewriter *rewriter, const struct scn_middlebox *spec, struct net *n) {
    rewriter->edits = (mbx_edits){spec->position_bytes, spec->interval_bytes, (uint32_t)spec->removed_bytes,
                                  (uint32_t)spec->inserted_bytes, INT64_MAX};
    mbx_payload_rewriter_init(rewriter);
    n->needs_payload = true;
}

static void init_coalescer(mbx_coalescer *coalescer, const struct scn_middlebox *spec) {
    coalescer->payload_bytes_max = (uint32_t)spec->payload_max_bytes;
    coalescer->hold_ns = (int64_t)(spec->hold_ms * 1e6);
    coalescer->keeps_first_options = spec->merge_options != 0;
    mbx_coalescer_init(coalescer);
}

/* @return whether it draws numbers. */
static bool init(struct placed *at, const struct scn_middlebox *spec) {
    struct path *p = at->boxes->path;

    at->is.box.host = (mbx_host){at, now_ns, draw, draw_whole, allocate, release, forward, part, append, edit, drop};
    at->is.box.scope = spec->type == SCN_NAT ? MBX_BOTH : (mbx_scope)spec->direction;
    switch ((enum scn_middlebox_type)spec->type) {
    case SCN_NAT: init_nat(&at->is.nat, spec, p); return true;
    case SCN_OPTION_FILTER: init_option_filter(&at->is.option_filter, spec); return true;
    case SCN_SEQUENCE_REWRITER:
        at->is.sequence_rewriter.has_sack = spec->rewrite_sack;
        mbx_sequence_rewriter_init(&at->is.sequence_rewriter);
        return true;
    case SCN_PAYLOAD_REWRITER: init_payload_rewriter(&at->is.payload_rewriter, spec, p->net); return false;
    case SCN_SPLITTER:
        at->is.splitter.payload_bytes_max = (uint32_t)spec->payload_max_bytes;
        mbx_splitter_init(&at->is.splitter);
        return false;
    case SCN_COALESCER: init_coalescer(&at->is.coalescer, spec); return false;
    case SCN_RESET_INJECTOR:
        at->is.reset_injector.after_bytes = (uint64_t)spec->after_bytes;
        at->is.reset_injector.probability = spec->reset_probability;
        mbx_reset_injector_init(&at->is.reset_injector);
        return true;
    }
    return false;
}

static void enter_up(void *boxes, struct packet *p) {
    mbx_segment s;

    take_apart(&s, p);
    process(&((struct boxes *)boxes)->at[0], &s, MBX_UP);
}

static void enter_down(void *boxes, struct packet *p) {
    struct boxes *b = boxes;
    mbx_segment s;

    take_apart(&s, p);
    process(&b->at[b->count - 1], &s, MBX_DOWN);
}

void boxes_insert(struct path *p, uint64_t stream) {
    struct boxes *b = allocate(NULL, sizeof *b);

    b->path = p;
    b->count = p->spec->middleboxes.count;
    b->at = allocate(NULL, b->count * sizeof *b->at);
    for (size_t i = 0; i < b->count; i++) {
        b->at[i].boxes = b;
        b->at[i].index = i;
        if (init(&b->at[i], &p->spec->middleboxes.at[i]))
            rng_init(&b->at[i].rng, stream++, p->net->command->seed);
    }
    p->boxes = b;
    wire_cut(&p->up, &b->up_end, false, enter_up, b);
    wire_cut(&p->down, &b->down_end, true, enter_down, b);
    p->net->by_address[p->number][NAT_ADDRESS] = &p->interfaces[0];
}

uint64_t boxes_actions(const struct path *p) {
    uint64_t actions = 0;

    for (size_t i = 0; p->boxes && i < p->boxes->count; i++)
        actions += p->boxes->at[i].is.box.actions;
    return actions;
}

bool boxes_conserve(const struct path *p) {
    return !p->boxes || (wire_conserves(&p->boxes->up_end) && wire_conserves(&p->boxes->down_end));
}

void boxes_free(struct path *p) {
    if (!p->boxes)
        return;
    for (size_t i = 0; i < p->boxes->count; i++)
        mbx_box_free(&p->boxes->at[i].is.box);
    free(p->boxes->at);
    free(p->boxes);
}
