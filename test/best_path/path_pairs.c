/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * path_pairs: 2,160 pairs of paths on which nothing is lost by chance and nothing changes: how much of the better one alone does MPTCP give, and how much of both? One run of ten
 * seconds each. See doc/heterogeneity.md.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bp_net.h"
#include "sim_fail.h"

static const double rates_mbps[] = {10, 50}, parts[] = {0.05, 0.1, 0.2, 0.35, 0.7}, rtts_ms[] = {10, 40, 120},
                    queues_kb[] = {30, 100, 400}, windows_kb[] = {64, 128, 256, 700};
static const char *const controls[] = {"cubic", "reno"};

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))
enum { DURATION_S = 10, KB = 1000, SEND_BUFFER_BYTES = 4194304 };

typedef struct pair {
    double rate_mbps[2], rtt_ms[2], queue_kb, window_kb;
    const char *congestion_control;
} pair;

typedef struct result {
    double best_mbps, sum_mbps, both_mbps;
} result;

typedef struct arguments {
    uint32_t parallel;
    bool is_list;
    result *results;
} arguments;

/** @return the one of @p values that @p rest says, as a digit of a number, which it leaves out of it */
static double take(const double *values, size_t count, size_t *rest) {
    double value = values[*rest % count];
    *rest /= count;
    return value;
}

/** @param n of all pairs, from 0 on */
static pair pair_of(size_t n) {
    pair p = {.congestion_control = controls[n % COUNT_OF(controls)]};
    size_t rest = n / COUNT_OF(controls);
    p.window_kb = take(windows_kb, COUNT_OF(windows_kb), &rest);
    p.queue_kb = take(queues_kb, COUNT_OF(queues_kb), &rest);
    p.rtt_ms[1] = take(rtts_ms, COUNT_OF(rtts_ms), &rest);
    p.rtt_ms[0] = take(rtts_ms, COUNT_OF(rtts_ms), &rest);
    double part = take(parts, COUNT_OF(parts), &rest);
    p.rate_mbps[0] = take(rates_mbps, COUNT_OF(rates_mbps), &rest);
    p.rate_mbps[1] = part * p.rate_mbps[0];
    return p;
}

static double goodput_mbps(const bp_draw *d, bool is_mptcp, uint32_t paths) {
    bp_transport t = {.is_mptcp = is_mptcp, .paths = paths, .congestion_control = d->congestion_control};
    bp_outcome o = bp_run(d, &t, 1);
    return bp_goodput(&o);
}

static bool run_pair(void *user, uint64_t number) {
    const arguments *a = user;
    pair p = pair_of(number - 1);
    bp_draw d = {.seed = 1,
                 .path_count = 2,
                 .send_buffer_bytes = SEND_BUFFER_BYTES,
                 .receive_buffer_bytes = (uint32_t)(p.window_kb * KB),
                 .bytes = UINT64_MAX,
                 .time_max_ns = DURATION_S * MPT_S,
                 .congestion_control = p.congestion_control,
                 .repeats = 1};
    for (uint32_t i = 0; i < 2; i++)
        d.path[i] = (bp_path){.rate_bps = (uint64_t)(p.rate_mbps[i] * 1e6),
                              .rtt_ns = (mpt_time)(p.rtt_ms[i] * 1e6),
                              .queue_bytes = (uint64_t)(p.queue_kb * KB)};
    double first = goodput_mbps(&d, false, 1), second = goodput_mbps(&d, false, 2);
    result r = {first > second ? first : second, first + second, goodput_mbps(&d, true, 3)};
    a->results[number - 1] = r;
    if (a->is_list)
        printf("%.3f of the better path, %.3f of both: %g and %g Mb/s, %g and %g ms, queues of %g kB, a window of %g "
               "kB, %s\n",
               r.both_mbps / r.best_mbps, r.both_mbps / r.sum_mbps, p.rate_mbps[0], p.rate_mbps[1], p.rtt_ms[0],
               p.rtt_ms[1], p.queue_kb, p.window_kb, p.congestion_control);
    return true;
}

static void pair_ended(void *user, uint64_t number, bool is_good) {
    (void)user;
    if (!is_good)
        fprintf(stderr, "path_pairs: pair %llu fails\n", (unsigned long long)number);
}

static const struct argp_option option_list[] = {
    {"jobs", 'j', "N", 0, "Pairs at once (1)", 0}, {"list", 'l', NULL, 0, "A line for each pair as well", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    if (key == 'l') {
        a->is_list = true;
        return 0;
    }
    if (key != 'j')
        return ARGP_ERR_UNKNOWN;
    char *end;
    unsigned long jobs = strtoul(text, &end, 10);
    if (*end != '\0' || jobs < 1 || jobs > 1024)
        argp_error(state, "%s: 1 to 1024 was expected", text);
    a->parallel = (uint32_t)jobs;
    return 0;
}

int main(int argc, char **argv) {
    arguments a = {.parallel = 1};
    const struct argp argp = {
        option_list, parse, NULL, "Pairs of paths that never change, beside the better of the two alone.",
        NULL,        NULL,  NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    size_t count = COUNT_OF(rates_mbps) * COUNT_OF(parts) * COUNT_OF(rtts_ms) * COUNT_OF(rtts_ms) *
                   COUNT_OF(queues_kb) * COUNT_OF(windows_kb) * COUNT_OF(controls);
    a.results = mmap(NULL, count * sizeof *a.results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    SIM_REQUIRE(a.results != MAP_FAILED, "out of memory");
    uint64_t failed = sim_fork_each(1, count, a.parallel, run_pair, pair_ended, &a);
    size_t below_95 = 0, below_85 = 0;
    double of_sum = 0;
    for (size_t i = 0; i < count; i++) {
        double ratio = a.results[i].both_mbps / a.results[i].best_mbps;
        below_95 += ratio < 0.95;
        below_85 += ratio < 0.85;
        of_sum += a.results[i].both_mbps / a.results[i].sum_mbps;
    }
    printf("%zu pairs: %.1f %% below 0.95 of the better path, %.1f %% below 0.85; %.1f %% of both paths in the mean\n",
           count, 100.0 * (double)below_95 / (double)count, 100.0 * (double)below_85 / (double)count,
           100 * of_sum / (double)count);
    return failed > 0;
}
