/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

#include <string.h>

enum { PORT_MIN = 1024, PORT_COUNT = 65536 }; /* RFC 6335: user and dynamic ports */

struct mbx_nat_entry {
    mbx_key inside;       /* its connection */
    uint8_t host[4];      /* inside ... */
    uint8_t host_port[2]; /* ... in network order */
    uint8_t outside[4];   /* what the other end sees instead */
    uint16_t outside_port;
    mbx_life life;
};

static void remove_entry(mbx_nat *nat, struct mbx_nat_entry *e) {
    const mbx_host *host = &nat->box.host;

    nat->entries[e->outside_port] = NULL;
    nat->entry_count--;
    mbx_table_remove(&nat->ports, host, &e->inside);
    host->release(host->user, e);
}

/* @return the entry of a port, unless it has been idle for too long; then it is removed. */
static struct mbx_nat_entry *entry_of(mbx_nat *nat, uint16_t port) {
    struct mbx_nat_entry *e = nat->entries[port];

    if (e && mbx_life_is_over(&e->life, nat->timeout_ns, mbx_box_now(&nat->box))) {
        remove_entry(nat, e);
        return NULL;
    }
    return e;
}

/* @return a port that no entry has; 0: all are in use. */
static uint16_t draw_port(mbx_nat *nat) {
    const mbx_host *host = &nat->box.host;
    uint32_t port = host->draw_whole(host->user, PORT_MIN, PORT_COUNT - 1);

    for (uint32_t i = PORT_MIN; i < PORT_COUNT; i++) {
        if (!entry_of(nat, (uint16_t)port))
            return (uint16_t)port;
        port = port == PORT_COUNT - 1 ? PORT_MIN : port + 1;
    }
    return 0;
}

static struct mbx_nat_entry *create(mbx_nat *nat, const mbx_segment *syn, const mbx_key *inside) {
    static const uint8_t any[4] = {0};
    const mbx_host *host = &nat->box.host;
    uint16_t port = draw_port(nat);
    struct mbx_nat_entry *e;

    if (port == 0)
        return NULL;
    e = host->allocate(host->user, sizeof *e);
    e->inside = *inside;
    memcpy(e->host, syn->source, sizeof e->host);
    memcpy(e->host_port, syn->tcp.bytes + MBX_AT_SOURCE_PORT, sizeof e->host_port);
    memcpy(e->outside, memcmp(nat->address, any, sizeof any) == 0 ? syn->source : nat->address, sizeof e->outside);
    e->outside_port = port;
    *(uint16_t *)mbx_table_add(&nat->ports, host, inside, sizeof(uint16_t)) = port;
    nat->entries[port] = e;
    nat->entry_count++;
    return e;
}

static void translate_up(mbx_nat *nat, mbx_segment *s) {
    const mbx_key inside = mbx_key_of(s, MBX_UP);
    const uint16_t *port = mbx_table_find(&nat->ports, &inside);
    struct mbx_nat_entry *e = port ? entry_of(nat, *port) : NULL;

    if (!e && mbx_has_flags(s, MBX_SYN) && !mbx_has_flags(s, MBX_ACK))
        e = create(nat, s, &inside);
    if (!e) {
        mbx_box_drop(&nat->box, s);
        return;
    }
    mbx_life_note(&e->life, s, MBX_UP, mbx_box_now(&nat->box));
    memcpy(s->source, e->outside, sizeof e->outside);
    mbx_put16(s->tcp.bytes + MBX_AT_SOURCE_PORT, e->outside_port);
    mbx_box_forward(&nat->box, s, MBX_UP);
}

/* @return whether @p s is of the connection of @p e, and now goes to the host. */
static bool translate_back(const struct mbx_nat_entry *e, mbx_segment *s) {
    mbx_key inside;

    if (!e || memcmp(e->outside, s->destination, sizeof e->outside) != 0)
        return false;
    memcpy(s->destination, e->host, sizeof e->host);
    memcpy(s->tcp.bytes + MBX_AT_DESTINATION_PORT, e->host_port, sizeof e->host_port);
    inside = mbx_key_of(s, MBX_DOWN);
    return memcmp(inside.bytes, e->inside.bytes, MBX_KEY_BYTES) == 0; /* from whom the host talks to */
}

static void translate_down(mbx_nat *nat, mbx_segment *s) {
    struct mbx_nat_entry *e = entry_of(nat, mbx_get16(s->tcp.bytes + MBX_AT_DESTINATION_PORT));

    if (!translate_back(e, s)) {
        mbx_box_drop(&nat->box, s);
        return;
    }
    mbx_life_note(&e->life, s, MBX_DOWN, mbx_box_now(&nat->box));
    mbx_box_forward(&nat->box, s, MBX_DOWN);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    mbx_nat *nat = (mbx_nat *)box;

    if (s->address_bytes != 4) {
        mbx_box_forward(box, s, direction);
        return;
    }
    if (!nat->entries)
        nat->entries = (struct mbx_nat_entry **)box->host.allocate(box->host.user, PORT_COUNT * sizeof *nat->entries);
    box->actions++;
    if (direction == MBX_UP)
        translate_up(nat, s);
    else
        translate_down(nat, s);
}

size_t mbx_nat_count(mbx_nat *nat) {
    for (uint32_t port = 0; nat->entries && port < PORT_COUNT; port++)
        entry_of(nat, (uint16_t)port);
    return nat->entry_count;
}

static void free_all(mbx_box *box) {
    mbx_nat *nat = (mbx_nat *)box;

    for (uint32_t port = 0; nat->entries && port < PORT_COUNT; port++)
        if (nat->entries[port])
            remove_entry(nat, nat->entries[port]);
    if (nat->entries)
        box->host.release(box->host.user, nat->entries);
    nat->entries = NULL;
    mbx_table_free(&nat->ports, &box->host);
}

void mbx_nat_init(mbx_nat *nat) {
    static const mbx_box_ops ops = {process, NULL, free_all};

    nat->box.ops = &ops;
}
