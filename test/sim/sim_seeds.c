/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * sim_seeds: segments of random simulations as first inputs of test/fuzz/fuzz_codec: length of the header, header, payload.
 * Usage: sim_seeds DIRECTORY FIRST_SEED LAST_SEED
 */
#include <inttypes.h>
#include <stdlib.h>

#include "sim_world.h"

static const char *directory;
static uint64_t written;

/** One segment in so many is enough: the fuzzer's own selection follows. */
enum { EVERY = 50, PAYLOAD_MAX = 32 };

static bool write_seed(sim_world *w, int from, sim_packet *p) {
    const mpt_segment *s = &p->segment;
    char name[4096];
    bool is_handshake = s->header[13] & (MPT_SYN | MPT_RST | MPT_FIN);
    if (!is_handshake && w->host[from].segments_sent % EVERY != 0) {
        return true;
    }
    snprintf(name, sizeof name, "%s/%" PRIu64 "-%" PRIu64, directory, w->scenario.seed, written++);
    FILE *f = fopen(name, "wb");
    SIM_REQUIRE(f != NULL, "cannot write %s", name);
    putc(s->header_bytes | (s->source.family == 6 ? 0x80 : 0), f);
    fwrite(s->header, 1, s->header_bytes, f);
    fwrite(p->payload, 1, s->payload_bytes < PAYLOAD_MAX ? s->payload_bytes : PAYLOAD_MAX, f);
    SIM_REQUIRE(fclose(f) == 0, "cannot write %s", name);
    return true;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: sim_seeds DIRECTORY FIRST_SEED LAST_SEED\n");
        return 2;
    }
    directory = argv[1];
    for (uint64_t seed = strtoull(argv[2], NULL, 10); seed <= strtoull(argv[3], NULL, 10); seed++) {
        sim_scenario s;
        sim_scenario_random(&s, seed);
        sim_world *w = sim_world_new(&s, &(sim_options){.check_every = 0});
        w->filter = write_seed;
        sim_world_run(w);
        sim_world_free(w);
    }
    printf("%" PRIu64 " seeds\n", written);
    return 0;
}
