/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * path_sums: do the paths of a connection give their sum? Two like ones with every queue and buffer and all schedulers that use one path for
 * each segment; unlike ones in rate or delay, as in the selftests of Linux's MPTCP (simult_flows.sh), with the default; and is a short
 * transfer no slower than on the better of two? See doc/heterogeneity.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bp_net.h"

typedef struct row {
    const char *name;
    double rate_mbps[2], rtt_ms[2];
    uint64_t queue_bytes;
    uint32_t buffer_bytes; /**< of both ends */
    uint64_t bytes;
    double least; /**< of what the rates leave for payload */
    bool has_all_schedulers;
} row;

/** Headers of a full segment: IPv4 20, TCP 20, timestamps 12, DSS 20; 1424 bytes of payload remain of 1500, options padded. */
#define PAYLOAD_SHARE (1424.0 / 1500)

static const row rows[] = {
    {"like, 10 Mb/s, short queue", {10, 10}, {20, 20}, 30000, 4194304, 8000000, 0.97, true},
    {"like, 10 Mb/s, queue holds the send buffer", {10, 10}, {20, 20}, 10000000, 1048576, 8000000, 0.97, true},
    {"like, 10 Mb/s, 128 KiB", {10, 10}, {20, 20}, 1500000, 131072, 8000000, 0.97, true},
    {"like, 5 Mb/s, queue 1000, 256 KiB", {5, 5}, {20, 20}, 1500000, 262144, 6000000, 0.97, true},
    {"like, 5 Mb/s, queue 1000, 1 MiB", {5, 5}, {20, 20}, 1500000, 1048576, 6000000, 0.97, true},
    {"like, 100 Mb/s, queue 10000", {100, 100}, {20, 20}, 15000000, 4194304, 60000000, 0.97, true},
    {"like, 100 Mb/s, 100 ms, 16 MiB", {100, 100}, {100, 100}, 1250000, 16777216, 100000000, 0.85, true},
    {"10 and 10 Mb/s", {10, 10}, {2, 2}, 75000, 4194304, 16000000, 0.97, false},
    {"10 and 10 Mb/s, 1 and 25 ms", {10, 10}, {2, 50}, 75000, 4194304, 16000000, 0.97, false},
    {"10 and 10 Mb/s, 25 and 1 ms", {10, 10}, {50, 2}, 75000, 4194304, 16000000, 0.97, false},
    {"10 and 3 Mb/s", {10, 3}, {2, 2}, 75000, 4194304, 16000000, 0.97, false},
    {"10 and 3 Mb/s, 1 and 25 ms", {10, 3}, {2, 50}, 75000, 4194304, 16000000, 0.97, false},
    {"10 and 3 Mb/s, 25 and 1 ms", {10, 3}, {50, 2}, 75000, 4194304, 16000000, 0.97, false},
};

static bp_draw draw_of(const row *r, const char *congestion_control) {
    bp_draw d = {.path_count = 2,
                 .send_buffer_bytes = r->buffer_bytes,
                 .receive_buffer_bytes = r->buffer_bytes,
                 .bytes = r->bytes,
                 .time_max_ns = 3600 * MPT_S,
                 .congestion_control = congestion_control};
    for (uint32_t i = 0; i < d.path_count; i++)
        d.path[i] = (bp_path){.rate_bps = (uint64_t)(r->rate_mbps[i] * 1e6),
                              .rtt_ns = (mpt_time)(r->rtt_ms[i] * 1e6),
                              .queue_bytes = r->queue_bytes};
    return d;
}

static bool is_reached(const row *r, const char *scheduler, const char *congestion_control) {
    bp_draw d = draw_of(r, congestion_control);
    bp_transport t = {.is_mptcp = true, .paths = 3, .congestion_control = congestion_control, .scheduler = scheduler};
    bp_outcome o = bp_run(&d, &t, 1);
    double sum = (r->rate_mbps[0] + r->rate_mbps[1]) * PAYLOAD_SHARE, share = bp_goodput(&o) / sum;
    bool is_good = o.is_done && share >= r->least;
    printf("%-7s %-44s %-11s %-6s %7.2f of %6.2f Mb/s, %5.1f %%, twice %.2f %%\n", is_good ? "ok" : "FAILED", r->name,
           scheduler ? scheduler : "default", congestion_control, bp_goodput(&o), sum, 100 * share,
           100 * (double)o.twice / (double)r->bytes);
    return is_good;
}

/** All bytes of a draw's runs by all the time they took: of chance a single run says little. */
static bp_outcome run_all(const bp_draw *d, const bp_transport *t) {
    bp_outcome sum = bp_run(d, t, 1);
    for (uint32_t luck = 2; luck <= d->repeats; luck++) {
        bp_outcome o = bp_run(d, t, luck);
        sum.bytes += o.bytes;
        sum.time_ns += o.time_ns;
        sum.is_done &= o.is_done;
    }
    return sum;
}

/** It takes no longer than on the better path alone, with Reno where it has LIA. */
static bool is_as_good(const char *name, const bp_draw *d, double least) {
    bp_transport t = {
        .is_mptcp = true, .paths = (1u << d->path_count) - 1, .congestion_control = d->congestion_control};
    bp_outcome both = run_all(d, &t);
    bool is_lia = strcmp(d->congestion_control, "lia") == 0;
    double best = 0;
    for (uint32_t path = 0; path < d->path_count; path++) {
        t = (bp_transport){.paths = 1u << path, .congestion_control = is_lia ? "reno" : d->congestion_control};
        bp_outcome alone = run_all(d, &t);
        best = bp_goodput(&alone) > best ? bp_goodput(&alone) : best;
    }
    bool is_good = (both.is_done || d->bytes == UINT64_MAX) && bp_goodput(&both) >= least * best;
    printf("%-7s %-44s %7.2f Mb/s, the better path alone %.2f Mb/s\n", is_good ? "ok" : "FAILED", name,
           bp_goodput(&both), best);
    return is_good;
}

/** A transfer that fits into the first windows, of which no one can know which path brings it sooner. */
static bool is_short_one_as_good(const row *r) {
    bp_draw d = draw_of(r, "cubic");
    return is_as_good(r->name, &d, r->least);
}

/** A draw of best_path in which all is known that matters. */
static bool is_draw_as_good(uint64_t seed) {
    enum { LEAST_PERCENT = 95 };
    char name[32];
    bp_draw d;
    bp_draw_make(&d, seed);
    snprintf(name, sizeof name, "draw %" PRIu64, seed);
    return is_as_good(name, &d, LEAST_PERCENT / 100.0);
}

/** A path loses much at once, or its rate falls to a hundredth: the reader does not wait for it much longer than on the better path alone. */
static bool goes_on(uint64_t seed) {
    bp_draw d;
    bp_draw_make(&d, seed);
    bp_transport t = {.is_mptcp = true, .paths = (1u << d.path_count) - 1, .congestion_control = d.congestion_control};
    bp_outcome both = bp_run(&d, &t, 1);
    double best = -1;
    mpt_time stall_ns = 0;
    for (uint32_t path = 0; path < d.path_count; path++) {
        t = (bp_transport){.paths = 1u << path, .congestion_control = d.congestion_control};
        bp_outcome alone = bp_run(&d, &t, 1);
        if (bp_goodput(&alone) > best) {
            best = bp_goodput(&alone);
            stall_ns = alone.stall_ns;
        }
    }
    bool is_good = both.stall_ns < stall_ns + 2 * MPT_S;
    printf("%-7s draw %-39" PRIu64 " %7.3f s without news, on the better path alone %.3f s\n",
           is_good ? "ok" : "FAILED", seed, (double)both.stall_ns / 1e9, (double)stall_ns / 1e9);
    return is_good;
}

static const row short_rows[] = {
    {"8 segments, 0.2 and 150 Mb/s, 4 and 10 ms", {0.2, 150}, {4, 10}, 100000, 1048576, 11000, 0.95, false},
    {"16 segments, 0.6 and 30 Mb/s, 43 and 78 ms", {0.6, 30}, {43, 78}, 100000, 1048576, 22000, 0.95, false},
    {"9 segments, 136 and 2.5 Mb/s, 33 and 5 ms", {136, 2.5}, {33, 5}, 100000, 262144, 12000, 0.95, false},
    {"600 segments, 0.14 and 140 Mb/s, 2 and 23 ms", {0.14, 140}, {2, 23}, 500000, 4194304, 900000, 0.95, false},
    {"50 and 10 Mb/s, 40 and 10 ms, 700 kB", {50, 10}, {40, 10}, 100000, 700000, 40000000, 0.95, false},
    {"50 and 2.5 Mb/s, 120 and 10 ms, 128 kB", {50, 2.5}, {120, 10}, 30000, 128000, 10000000, 0.95, false},
    {"10 and 2 Mb/s, 120 and 10 ms, 64 kB", {10, 2}, {120, 10}, 30000, 64000, 5000000, 0.95, false},
};

int main(void) {
    static const char *const schedulers[] = {"earliest", "minrtt", "roundrobin", "blest", "ecf", "linux", "weighted"},
                             *const controls[] = {"lia", "cubic"};
    uint32_t passed = 0, failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < (rows[i].has_all_schedulers ? sizeof schedulers / sizeof *schedulers : 1); s++)
            for (size_t c = 0; c < sizeof controls / sizeof *controls; c++) {
                bool is_good = is_reached(&rows[i], rows[i].has_all_schedulers ? schedulers[s] : NULL, controls[c]);
                passed += is_good;
                failed += !is_good;
            }
    for (size_t i = 0; i < sizeof short_rows / sizeof *short_rows; i++) {
        bool is_good = is_short_one_as_good(&short_rows[i]);
        passed += is_good;
        failed += !is_good;
    }
    static const uint64_t draws[] = {
        745,
        862, /* the path with the longest round trip fills a short window by itself; the others are thin, and lose */
        653,
        1671,
        1694, /* a window that opens lets out more than the queue of the best path holds */
        492,
        1576,
        2686, /* a thin path beside one that could fill the window before what is under way there is there */
        2750, /* what a path delivers in its first round trip shows already that what it holds will be late */
        2693, /* what is sent again on a thin path has all that is in flight there before it */
        2774, /* a path that new data leave alone takes no copies of them, as if they were the last */
        2631, /* the end of the stream is on a thin path, and a little sooner on the other */
        2888  /* a path with a long round trip opens its window, though a short one could fill the buffer */
    };
    for (size_t i = 0; i < sizeof draws / sizeof *draws; i++) {
        bool is_good = is_draw_as_good(draws[i]);
        passed += is_good;
        failed += !is_good;
    }
    static const uint64_t stalls[] = {322, 471, 1338};
    for (size_t i = 0; i < sizeof stalls / sizeof *stalls; i++) {
        bool is_good = goes_on(stalls[i]);
        passed += is_good;
        failed += !is_good;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
