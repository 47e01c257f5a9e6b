/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * fuzz_conn: one stack with a listener and clients, and the fuzzer as everybody else: its application, the network, the clock,
 * the allocator, and peers that know all secrets. Whatever comes, the core's invariants hold and nothing leaks.
 */
#include "fuzz_segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void send(fuzz_host *h, const mpt_segment *s) {
    (void)h, (void)s;
}

static void event(fuzz_host *h, fuzz_bytes *in) {
    enum { EVENTS = 8 };
    fuzz_packet p;
    switch (fuzz_u8(in) % EVENTS) {
    case 0:
    case 1:
    case 2:
    case 3:
        if (fuzz_segment_for_subflow(h, in, &p)) {
            fuzz_host_receive(h, &p.segment);
        }
        break;
    case 4:
        if (fuzz_segment_syn(h, in, &p)) {
            fuzz_host_receive(h, &p.segment);
        }
        break;
    case 5:
        fuzz_segment_raw(h, in, &p);
        fuzz_host_receive(h, &p.segment);
        break;
    default: fuzz_host_event(h, in); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_bytes in = {data, data + size};
    fuzz_host h;
    if (!fuzz_host_open(&h, 0, &in)) {
        return 0;
    }
    h.send = send;
    while (!fuzz_is_over(&in)) {
        event(&h, &in);
        fuzz_host_settle(&h);
    }
    fuzz_host_close(&h);
    return 0;
}
