/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fuzz_pair: two stacks joined by a network that the fuzzer rules: it decides which segment arrives next, twice, changed, or never,
 * and what the two applications do. As long as nothing was changed, what arrives is what was written.
 */
#include <string.h>

#include "fuzz_segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FLYING_MAX = 48 };

typedef struct flying {
    fuzz_packet packet;
    int to;
} flying;

typedef struct network {
    fuzz_host host[2];
    flying flying[FLYING_MAX];
    uint32_t count;
    bool is_changed; /**< a segment was: its content is not promised any more */
} network;

static void send(fuzz_host *h, const mpt_segment *s) {
    network *n = h->user;
    if (n->count == FLYING_MAX || s->payload_bytes > FUZZ_PAYLOAD_MAX) {
        return; /* lost: the queue is full */
    }
    flying *f = &n->flying[n->count++];
    f->packet.segment = *s;
    f->to = !h->side;
    for (uint32_t i = 0; i < s->payload_bytes; i++) {
        f->packet.payload[i] = fuzz_pattern(h->side, s->stream_offset + i);
    }
    if (h->has_payload) {
        mpt_segment_seal(&f->packet.segment, f->packet.payload);
    }
}

static void take_out(network *n, uint32_t index) {
    n->count--;
    memmove(&n->flying[index], &n->flying[index + 1], (n->count - index) * sizeof n->flying[0]);
}

static void mutate(network *n, fuzz_packet *p, fuzz_bytes *in) {
    uint8_t at = fuzz_u8(in);
    p->segment.header[at % p->segment.header_bytes] ^= fuzz_u8(in);
    n->is_changed = true;
}

/** The stream offset that the core gives to a byte is that which its writer gave to it. */
static void check_content(const fuzz_packet *p, const mpt_store *store, int writer) {
    for (uint32_t i = 0; store->conn != NULL && i < store->bytes; i++) {
        FUZZ_REQUIRE(p->payload[store->payload_skip + i] == fuzz_pattern(writer, store->stream_offset + i));
    }
}

static void deliver(network *n, uint32_t index, uint8_t kind, fuzz_bytes *in) {
    enum { KEEP = 0x80, LOSE = 0x40, MUTATE = 0x20 };
    static flying f;
    if (index >= n->count) {
        return;
    }
    f = n->flying[index];
    if (!(kind & KEEP)) {
        take_out(n, index);
    }
    if (kind & LOSE) {
        return;
    }
    fuzz_host *h = &n->host[f.to];
    if (kind & MUTATE) {
        mutate(n, &f.packet, in);
    }
    f.packet.segment.payload = h->has_payload && n->host[!f.to].has_payload ? f.packet.payload : NULL;
    f.packet.segment.ecn = kind & 0x10 && f.packet.segment.ecn != 0 ? 3 : f.packet.segment.ecn;
    f.packet.segment.conn = NULL;
    mpt_store store = fuzz_host_receive(h, &f.packet.segment);
    if (!n->is_changed) {
        check_content(&f.packet, &store, !f.to);
    }
}

static void pass_time(network *n, mpt_time now) {
    for (int side = 0; side < 2; side++) {
        fuzz_host_time(&n->host[side], now);
        fuzz_host_settle(&n->host[side]);
    }
}

/** Everything under way arrives in order, then the next timer fires; @p count times. */
static void run_calmly(network *n, uint32_t count) {
    static flying f;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < FLYING_MAX && n->count > 0; k++) {
            f = n->flying[0];
            deliver(n, 0, 0, NULL);
            fuzz_host_settle(&n->host[f.to]);
        }
        mpt_time a = mpt_stack_deadline(n->host[0].stack), b = mpt_stack_deadline(n->host[1].stack),
                 next = a < b ? a : b;
        if (next == MPT_NEVER) {
            return;
        }
        pass_time(n, next > n->host[0].now ? next : n->host[0].now);
    }
}

static void event(network *n, fuzz_bytes *in) {
    uint8_t kind = fuzz_u8(in), what = fuzz_u8(in);
    fuzz_host *h = &n->host[kind & 1];
    switch (kind >> 1 & 7) {
    case 0:
    case 1:
    case 2: deliver(n, what & 0x0f, what & 0xf0, in); break;
    case 3: run_calmly(n, what & 0x0f); break;
    case 4: pass_time(n, n->host[0].now + (MPT_US << (what & 0x1f))); break;
    default: fuzz_host_event(h, in); break;
    }
    for (int side = 0; side < 2; side++) { /* one clock for both */
        mpt_time now = n->host[0].now > n->host[1].now ? n->host[0].now : n->host[1].now;
        n->host[side].now = now;
        fuzz_host_settle(&n->host[side]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static network n;
    fuzz_bytes in = {data, data + size};
    n.count = 0;
    n.is_changed = false;
    bool is_open[2];
    for (int side = 0; side < 2; side++) {
        is_open[side] = fuzz_host_open(&n.host[side], side, &in);
        n.host[side].send = send;
        n.host[side].user = &n;
    }
    while (is_open[0] && is_open[1] && !fuzz_is_over(&in)) {
        event(&n, &in);
    }
    for (int side = 0; side < 2; side++) {
        if (is_open[side]) {
            fuzz_host_close(&n.host[side]);
        }
    }
    return 0;
}
