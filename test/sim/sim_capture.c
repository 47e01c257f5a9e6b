/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_capture: captures of a model connection with a bit of everything, for the capture checker's own test.
 * Usage: sim_capture KIND PREFIX writes PREFIX-0.pcap and PREFIX-1.pcap. Kinds: checksum (8-byte DSNs, DSS checksums,
 * the second link is IPv6), wrap (4-byte DSNs that wrap on the way, no checksums).
 */
#include <stdlib.h>
#include <string.h>

#include "wire/mpt_crypto.h"
#include "sim_world.h"

enum { BYTES = 600000, WRAP_SEEDS_MAX = 200000 };

static void common(sim_scenario *s, const char *name, uint64_t seed) {
    sim_scenario_default(s, name, seed);
    s->link_count = 2;
    s->server_address_count = 2;
    s->server_signals = true;
    s->link[0].loss_ppm = s->link[1].loss_ppm = 10000;
    s->link[1].delay_ns = 25 * MPT_MS;
    s->app[0].side[SIM_CLIENT].bytes = s->app[0].side[SIM_SERVER].bytes = BYTES;
}

static void with_checksum(sim_scenario *s) {
    common(s, "checksum", 1);
    s->link[1].is_ipv6 = true;
    s->settings[SIM_SERVER].conn.dss_checksum = true;
}

/** The client's key, as the third ACK says it; the filter of a world that ends soon after. */
static bool note_key(sim_world *w, int from, sim_packet *p) {
    mpt_wire wire = {0};
    mpt_wire_decode(&wire, p->segment.header, p->segment.header_bytes);
    if (from == SIM_CLIENT && (wire.mptcp & 1u << MPT_MP_CAPABLE) && wire.capable.has_sender_key) {
        *(uint64_t *)w->filter_user = wire.capable.sender_key;
    }
    return true;
}

/** @return true when the low halves of the client's DSNs pass 2^32 in the middle of the transfer. */
static bool does_wrap(const sim_scenario *s) {
    uint64_t key = 0, idsn;
    uint32_t token;
    sim_world *w = sim_world_new(s, &(sim_options){0});
    w->filter = note_key;
    w->filter_user = &key;
    sim_world_run_until(w, 25 * MPT_MS);
    sim_world_free(w);
    mpt_crypto_key(key, &token, &idsn);
    uint32_t left = UINT32_MAX - (uint32_t)idsn;
    return key != 0 && left > BYTES / 4 && left < BYTES / 4 * 3;
}

static void with_wrap(sim_scenario *s) {
    for (uint64_t seed = 1; seed <= WRAP_SEEDS_MAX; seed++) {
        common(s, "wrap", seed);
        for (int side = 0; side < 2; side++) {
            s->settings[side].conn.dsn64 = s->settings[side].conn.data_ack64 = false;
        }
        if (does_wrap(s)) {
            return;
        }
    }
    sim_fail("no seed makes the DSNs wrap");
}

int main(int argc, char **argv) {
    static sim_scenario s;
    if (argc != 3 || (strcmp(argv[1], "checksum") != 0 && strcmp(argv[1], "wrap") != 0)) {
        fprintf(stderr, "usage: sim_capture checksum|wrap PREFIX\n");
        return 2;
    }
    if (strcmp(argv[1], "wrap") == 0) {
        with_wrap(&s);
    } else {
        with_checksum(&s);
    }
    sim_run(&s, &(sim_options){.pcap_prefix = argv[2], .check_every = 1});
    return 0;
}
