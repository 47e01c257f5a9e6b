/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

#include <string.h>

/* What waits for the next segment of its connection. */
struct mbx_held {
    mbx_segment segment; /* what was merged so far */
    mbx_direction direction;
    mbx_key key;
    int64_t until_ns;
    struct mbx_held *before, *after; /* in the order in which they came */
};

static mbx_key key_of(const mbx_segment *s, mbx_direction direction) {
    mbx_key key = mbx_key_of(s, direction);

    key.bytes[MBX_KEY_BYTES - 1] = (uint8_t)direction;
    return key;
}

static struct mbx_held *held_of(const mbx_coalescer *c, const mbx_key *key) {
    struct mbx_held **found = mbx_table_find(&c->held, key);

    return found ? *found : NULL;
}

static bool is_mergeable(const mbx_coalescer *c, const mbx_segment *held, const mbx_segment *next) {
    return next->payload_bytes > 0 && mbx_seq(next) == mbx_seq(held) + held->payload_bytes &&
           held->payload_bytes + next->payload_bytes <= c->payload_bytes_max &&
           (held->tcp.bytes[MBX_AT_FLAGS] | MBX_PSH) == (next->tcp.bytes[MBX_AT_FLAGS] | MBX_PSH) &&
           held->tos == next->tos && (c->keeps_first_options || mbx_options_equal(&held->tcp, &next->tcp));
}

static void merge(mbx_coalescer *c, mbx_segment *held, mbx_segment *next) {
    c->box.actions++;
    c->box.host.append(c->box.host.user, held, next);
    held->payload_bytes += next->payload_bytes;
    mbx_set_ack(held, mbx_ack(next));
    held->tcp.bytes[MBX_AT_FLAGS] |= next->tcp.bytes[MBX_AT_FLAGS];
    memcpy(held->tcp.bytes + MBX_AT_WINDOW, next->tcp.bytes + MBX_AT_WINDOW, 2);
    mbx_box_drop(&c->box, next);
}

static void set_deadline(mbx_coalescer *c) {
    c->box.has_deadline = c->first != NULL;
    for (const struct mbx_held *h = c->first; h; h = h->after)
        if (h == c->first || h->until_ns < c->box.deadline_ns)
            c->box.deadline_ns = h->until_ns;
}

static void hold(mbx_coalescer *c, const mbx_key *key, const mbx_segment *s, mbx_direction direction) {
    const mbx_host *host = &c->box.host;
    struct mbx_held *h = host->allocate(host->user, sizeof *h);

    *h = (struct mbx_held){.segment = *s,
                           .direction = direction,
                           .key = *key,
                           .until_ns = mbx_box_now(&c->box) + c->hold_ns,
                           .before = c->last};
    if (c->last)
        c->last->after = h;
    else
        c->first = h;
    c->last = h;
    *(struct mbx_held **)mbx_table_add(&c->held, host, key, sizeof h) = h;
    set_deadline(c);
}

/* Take it out of where it waits. @return its segment. */
static mbx_segment take_out(mbx_coalescer *c, struct mbx_held *h) {
    const mbx_host *host = &c->box.host;
    mbx_segment s = h->segment;

    if (h->before)
        h->before->after = h->after;
    else
        c->first = h->after;
    if (h->after)
        h->after->before = h->before;
    else
        c->last = h->before;
    mbx_table_remove(&c->held, host, &h->key);
    host->release(host->user, h);
    set_deadline(c);
    return s;
}

static void let_go(mbx_coalescer *c, struct mbx_held *h) {
    mbx_direction direction = h->direction;
    mbx_segment s = take_out(c, h);

    mbx_box_forward(&c->box, &s, direction);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    enum { UNUSUAL = MBX_SYN | MBX_FIN | MBX_RST | MBX_URG };
    mbx_coalescer *c = (mbx_coalescer *)box;
    const mbx_key key = key_of(s, direction);
    struct mbx_held *held = held_of(c, &key);

    if (held && is_mergeable(c, &held->segment, s)) {
        merge(c, &held->segment, s);
        return;
    }
    if (held)
        let_go(c, held); /* in order */
    if (s->payload_bytes > 0 && !mbx_has_flags(s, UNUSUAL) && mbx_box_is_in_scope(box, direction) &&
        s->payload_bytes < c->payload_bytes_max)
        hold(c, &key, s, direction);
    else
        mbx_box_forward(box, s, direction);
}

static void timer(mbx_box *box) {
    mbx_coalescer *c = (mbx_coalescer *)box;
    int64_t now_ns = mbx_box_now(box);

    for (struct mbx_held *h = c->first, *after; h; h = after) {
        after = h->after;
        if (h->until_ns <= now_ns)
            let_go(c, h);
    }
}

static void free_all(mbx_box *box) {
    mbx_coalescer *c = (mbx_coalescer *)box;

    while (c->first) {
        mbx_segment s = take_out(c, c->first);

        mbx_box_drop(box, &s);
    }
    mbx_table_free(&c->held, &box->host);
}

void mbx_coalescer_init(mbx_coalescer *c) {
    static const mbx_box_ops ops = {process, timer, free_all};

    c->box.ops = &ops;
}
