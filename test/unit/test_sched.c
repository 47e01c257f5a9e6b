/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sched.c: what each scheduler answers to paths whose windows, flights and round-trip times are given, by its paper's formula worked out by hand.
 */
#include "sched/mpt_sched.h"
#include "sched/mpt_thin.h"
#include "unit_support.h"

#include <stdlib.h>
#include <string.h>

enum { PATHS = 3, MSS = 1000, WAIT = -1 };

/** Paths under the test's control, and what a scheduler is shown of them. */
typedef struct bench {
    const mpt_sched_ops *ops;
    unit_memory memory;
    mpt_tcp tcp[PATHS];
    mpt_path path[PATHS];
    mpt_path *seen[PATHS];
    mpt_conn_settings set;
    mpt_sched_view view;
    uint64_t priv[64], path_priv[PATHS][64];
} bench;

static bench *bench_new(const char *scheduler, uint32_t paths) {
    bench *b = calloc(1, sizeof *b);
    mpt_settings set;
    mpt_settings_default(&set);
    unit_memory_init(&b->memory);
    b->set = set.conn;
    b->ops = mpt_sched_named(NULL, scheduler);
    assert_non_null(b->ops);
    assert_true(b->ops->priv_bytes <= sizeof b->priv && b->ops->path_priv_bytes <= sizeof b->path_priv[0]);
    for (uint32_t i = 0; i < paths; i++) {
        mpt_tcp *t = &b->tcp[i];
        t->set = &b->set;
        t->snd_una = t->snd_nxt = 1;
        t->cc.mss_bytes = MSS;
        t->cc.ssthresh_bytes = 5 * MSS; /* congestion avoidance */
        mpt_least_init(&t->rtt_min);
        mpt_rto_init(&t->rto, MPT_S, 200 * MPT_MS, 120 * MPT_S);
        b->path[i] = (mpt_path){.tcp = t, .id = i, .priv = b->path_priv[i]};
        b->seen[i] = &b->path[i];
    }
    b->view = (mpt_sched_view){.now = MPT_S,
                               .set = &b->set,
                               .paths = b->seen,
                               .count = paths,
                               .room = (1u << paths) - 1,
                               .snd_end = 1000000,
                               .snd_written = 1000000,
                               .window_bytes = 1000000,
                               .priv = b->priv};
    return b;
}

static void bench_free(bench *b) {
    for (uint32_t i = 0; i < PATHS; i++)
        mpt_sendq_free(&b->tcp[i].q, &b->memory.mem);
    free(b);
}

static void path_is(bench *b, uint32_t i, mpt_time srtt_ms, uint64_t cwnd_segments) {
    b->tcp[i].rto.srtt_ns = srtt_ms * MPT_MS;
    b->tcp[i].cc.cwnd_bytes = cwnd_segments * MSS;
    b->tcp[i].cc.ssthresh_bytes = cwnd_segments * MSS;
}

/** @p i has @p segments in flight that begin at stream offset @p offset. */
static void flies(bench *b, uint32_t i, uint64_t offset, uint32_t segments) {
    mpt_tcp *t = &b->tcp[i];
    for (uint32_t n = 0; n < segments; n++) {
        mpt_chunk k = {
            .start = t->snd_nxt, .stream_offset = offset + (uint64_t)n * MSS, .sent_at = b->view.now, .bytes = MSS};
        assert_int_equal(mpt_sendq_reserve(&t->q, &b->memory.mem), MPT_OK);
        mpt_sendq_append(&t->q, &k);
        t->snd_nxt += MSS;
    }
}

static void tell(bench *b, mpt_sched_event_kind kind, uint32_t path, uint64_t offset, bool is_copy) {
    mpt_sched_event e = {kind, b->view.now, b->priv, b->path_priv[path], path, offset, MSS, is_copy};
    if (b->ops->events & MPT_SCHED_EVENT(kind))
        b->ops->on_event(&e);
}

/** What the scheduler says, of paths to which something may have happened. */
static mpt_sched_choice asked(bench *b) {
    for (uint32_t i = 0; i < b->view.count; i++)
        mpt_path_changed(&b->path[i]);
    return b->ops->next(&b->view);
}

/** @return the path chosen for new data, or WAIT */
static int asks(bench *b) {
    mpt_sched_choice c = asked(b);
    if (c.is_wait)
        return WAIT;
    assert_true(mpt_sched_has_room(&b->view, c.path));
    return (int)c.path;
}

/** The choice is carried out with a segment of new data. */
static int sends(bench *b) {
    int path = asks(b);
    if (path == WAIT)
        return path;
    tell(b, MPT_SCHED_SENT, (uint32_t)path, b->view.snd_nxt, false);
    b->view.last = b->seen[path];
    b->view.snd_nxt += MSS;
    return path;
}

/* ---- Names ---- */

static void table_has_each_once(void **state) {
    (void)state;
    uint32_t n = 0;
    for (; mpt_sched_get(n); n++)
        assert_ptr_equal(mpt_sched_named(NULL, mpt_sched_get(n)->name), mpt_sched_get(n));
    assert_int_equal(n, 9);
    assert_null(mpt_sched_named(NULL, "nonesuch"));
}

/* ---- Round robin ---- */

static void roundrobin_gives_bursts(void **state) {
    (void)state;
    for (uint32_t burst = 1; burst <= 3; burst++) {
        bench *b = bench_new("roundrobin", 2);
        b->set.scheduler_burst_segments = burst;
        path_is(b, 0, 10, 100);
        path_is(b, 1, 100, 100);
        for (uint32_t i = 0; i < 4 * burst; i++)
            assert_int_equal(sends(b), i / burst % 2);
        bench_free(b);
    }
}

static void roundrobin_goes_on_where_a_burst_finds_no_room(void **state) {
    bench *b = bench_new("roundrobin", 2);
    (void)state;
    b->set.scheduler_burst_segments = 10;
    path_is(b, 0, 10, 100);
    path_is(b, 1, 100, 100);
    assert_int_equal(sends(b), 0);
    b->view.room = 2;
    assert_int_equal(sends(b), 1);
    b->view.room = 3;
    assert_int_equal(sends(b), 1); /* its burst is not over */
    bench_free(b);
}

/* ---- Redundant ---- */

static void redundant_repeats_what_others_carried(void **state) {
    bench *b = bench_new("redundant", 2);
    (void)state;
    path_is(b, 0, 10, 10);
    path_is(b, 1, 100, 10);
    assert_int_equal(sends(b), 0);
    assert_int_equal(sends(b), 0); /* the fast one is ahead by two segments */
    b->view.room = 2;
    mpt_sched_choice c = asked(b);
    assert_true(!c.is_wait && c.path == 1 && c.offset == 0);
    tell(b, MPT_SCHED_SENT, 1, 0, true);
    c = asked(b);
    assert_int_equal(c.offset, MSS);
    b->view.snd_una = 2 * MSS; /* too late to be of use */
    c = asked(b);
    assert_int_equal(c.offset, 2 * MSS); /* new data: it is at the end, too */
    b->view.snd_end = b->view.snd_nxt;
    assert_true(asked(b).is_wait);
    bench_free(b);
}

static void redundant_leaves_out_what_a_path_holds(void **state) {
    bench *b = bench_new("redundant", 2);
    (void)state;
    path_is(b, 0, 10, 10);
    path_is(b, 1, 100, 10);
    b->view.snd_nxt = 5 * MSS;
    b->view.room = 2;
    flies(b, 1, 0, 2); /* not by the scheduler's choice */
    flies(b, 1, 3 * MSS, 1);
    assert_int_equal(asked(b).offset, 2 * MSS);
    tell(b, MPT_SCHED_SENT, 1, 2 * MSS, true);
    assert_int_equal(asked(b).offset, 4 * MSS);
    bench_free(b);
}

static void holds_knows_queues_out_of_order(void **state) {
    bench *b = bench_new("redundant", 1);
    (void)state;
    flies(b, 0, 10 * MSS, 3);
    flies(b, 0, 2 * MSS, 1);
    flies(b, 0, 20 * MSS, 2);
    const struct {
        uint64_t offset;
        bool is_held;
    } rows[] = {{0, false},        {2 * MSS - 1, false},  {2 * MSS, true},  {3 * MSS - 1, true},
                {3 * MSS, false},  {10 * MSS - 1, false}, {10 * MSS, true}, {13 * MSS - 1, true},
                {13 * MSS, false}, {20 * MSS - 1, false}, {20 * MSS, true}, {22 * MSS - 1, true},
                {22 * MSS, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(mpt_sched_path_holds(&b->view, 0, rows[i].offset), rows[i].is_held);
    bench_free(b);
}

/* ---- BLEST ---- */

/**
 * RTT 20 and 100 ms: rtts = 5. X = 1000 (10 + 4 / 2) 5 = 60000 bytes, lambda 1.2: 72000. With one segment in flight on the slow path and the new one
 * a window of 74000 bytes is just enough, one of a byte less is not.
 */
static void blest_waits_where_the_window_would_fill(void **state) {
    (void)state;
    for (uint64_t window = 73999; window <= 74000; window++) {
        bench *b = bench_new("blest", 2);
        path_is(b, 0, 20, 10);
        path_is(b, 1, 100, 10);
        flies(b, 1, 0, 1);
        assert_int_equal(asks(b), 0);
        b->view.room = 2;
        b->view.window_bytes = window;
        assert_int_equal(asks(b), window == 74000 ? 1 : WAIT);
        bench_free(b);
    }
}

static void blest_corrects_lambda_once_a_round(void **state) {
    bench *b = bench_new("blest", 2);
    const struct {
        bool is_full;
        double lambda;
    } rounds[] = {{false, 1.19}, {true, 1.23}, {true, 1.27}, {true, 1.30}, {true, 1.30}, {false, 1.29}};
    (void)state;
    path_is(b, 0, 20, 10);
    path_is(b, 1, 100, 10);
    b->view.room = 2;
    asks(b);
    for (size_t i = 0; i < COUNT_OF(rounds); i++) {
        if (rounds[i].is_full)
            tell(b, MPT_SCHED_WINDOW_FULL, 0, 0, false);
        b->view.now += 100 * MPT_MS;
        uint64_t just = (uint64_t)(60000 * rounds[i].lambda + 0.5) + MSS;
        b->view.window_bytes = just;
        assert_int_equal(asks(b), 1);
        b->view.window_bytes = just - 1;
        assert_int_equal(asks(b), WAIT);
    }
    bench_free(b);
}

/* ---- ECF ---- */

/**
 * f: 20 ms, 10 segments; s: 200 ms, 10 segments; delta 10 ms. n 20 ms < 210 ms as long as k < 95 segments; then k / 10 * 200 ms >= 50 ms: it waits.
 * Once it waits, up to 1.25 * 210 = 262.5 ms: k < 121.25 segments.
 */
static void ecf_waits_for_the_fast_path_at_the_end(void **state) {
    bench *b = bench_new("ecf", 2);
    (void)state;
    path_is(b, 0, 20, 10);
    path_is(b, 1, 200, 10);
    b->tcp[1].rto.deviation_ns = 10 * MPT_MS;
    b->view.room = 2;
    const struct {
        uint64_t segments;
        int answer;
    } rows[] = {{96, 1}, {95, 1}, {94, WAIT}, {121, WAIT}, {122, 1}, {120, 1}, {94, WAIT}, {1, WAIT}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        b->view.snd_written = b->view.snd_end = rows[i].segments * MSS;
        assert_int_equal(asks(b), rows[i].answer);
    }
    b->view.room = 3;
    assert_int_equal(asks(b), 0);
    bench_free(b);
}

/** A slow path that is not much slower: k / CWND_s RTT_s < 2 RTT_f + delta. */
static void ecf_takes_the_slow_path_where_it_is_done_sooner(void **state) {
    bench *b = bench_new("ecf", 2);
    (void)state;
    path_is(b, 0, 20, 10);
    path_is(b, 1, 39, 10);
    b->view.room = 2;
    b->view.snd_written = b->view.snd_end = 5 * MSS;
    assert_int_equal(asks(b), 1);
    path_is(b, 1, 41, 10);
    assert_int_equal(asks(b), WAIT);
    bench_free(b);
}

/** Its smoothed time is of when it was slow; nothing has been sent on it since: it would never be asked, and never become better. */
static void ecf_comes_back_to_a_path_that_is_long_idle(void **state) {
    bench *b = bench_new("ecf", 2);
    (void)state;
    path_is(b, 0, 20, 10);
    path_is(b, 1, 1180, 3);
    mpt_least_add(&b->tcp[1].rtt_min, MPT_S, 39 * MPT_MS, b->view.now);
    b->path[1].arrival.heard_at_ns = b->view.now;
    b->view.room = 2;
    b->view.snd_written = b->view.snd_end = 3 * MSS;
    assert_int_equal(asks(b), WAIT);
    b->view.now += 2 * MPT_S;
    assert_int_equal(asks(b), 1);
    flies(b, 1, 0, 1); /* what is under way may still be slow */
    assert_int_equal(asks(b), WAIT);
    bench_free(b);
}

/* ---- Linux ---- */

static void linux_drains_in_bursts(void **state) {
    bench *b = bench_new("linux", 2);
    (void)state;
    path_is(b, 0, 100, 100);  /* 1.2 MB/s */
    path_is(b, 1, 100, 50);   /* 0.6 MB/s */
    flies(b, 0, 0, 20);       /* 17 ms */
    flies(b, 1, 20 * MSS, 5); /* 8 ms */
    b->view.snd_nxt = 25 * MSS;
    for (int i = 0; i < 66; i++) /* 65428 bytes and what is left of the last segment */
        assert_int_equal(sends(b), 1);
    flies(b, 1, 25 * MSS, 66);
    assert_int_equal(sends(b), 0);
    b->view.room = 2; /* the burst is not over, but there is no room */
    assert_int_equal(sends(b), 1);
    bench_free(b);
}

/** Path 0 is full and drains in 42 ms; 10 segments more would be 50 ms, sooner than path 1 with 60. */
static void linux_waits_where_it_would_have_queued(void **state) {
    bench *b = bench_new("linux", 2);
    (void)state;
    path_is(b, 0, 100, 50); /* 0.6 MB/s */
    path_is(b, 1, 100, 10); /* 0.12 MB/s */
    flies(b, 0, 0, 25);
    flies(b, 1, 25 * MSS, 7);
    b->view.room = 2;
    b->view.snd_nxt = 32 * MSS;
    b->view.snd_end = b->view.snd_written = 42 * MSS; /* (58.3 - 41.7) ms 0.6 MB/s = 10 segments */
    assert_int_equal(asks(b), WAIT);
    b->view.snd_end = b->view.snd_written = 43 * MSS;
    assert_int_equal(asks(b), 1);
    bench_free(b);
}

/* ---- Primary ---- */

static void primary_keeps_to_the_first_that_works(void **state) {
    bench *b = bench_new("primary", 3);
    (void)state;
    for (uint32_t i = 0; i < 3; i++)
        path_is(b, i, 100 - 30 * (mpt_time)i, 10);
    assert_int_equal(asks(b), 0);
    b->view.room = 6;
    assert_int_equal(asks(b), WAIT);
    b->view.paths = b->seen + 1; /* the first has stalled */
    b->view.count = 2;
    b->view.room = 3;
    assert_int_equal(asks(b), 0); /* of those left: subflow 1 */
    b->view.room = 2;
    assert_int_equal(asks(b), WAIT);
    bench_free(b);
}

/* ---- Weighted ---- */

static void weighted_gives_turns_by_rate(void **state) {
    bench *b = bench_new("weighted", 3);
    uint32_t count[PATHS] = {0};
    (void)state;
    path_is(b, 0, 100, 10);
    path_is(b, 1, 100, 20);
    path_is(b, 2, 50, 15);
    for (int i = 0; i < 600; i++)
        count[sends(b)]++;
    assert_int_equal(count[0], 100);
    assert_int_equal(count[1], 200);
    assert_int_equal(count[2], 300);
    bench_free(b);
}

static void weighted_gives_no_turns_back(void **state) {
    bench *b = bench_new("weighted", 2);
    uint32_t count[PATHS] = {0};
    (void)state;
    path_is(b, 0, 100, 10);
    path_is(b, 1, 100, 10);
    b->view.room = 1;
    for (int i = 0; i < 100; i++)
        assert_int_equal(sends(b), 0);
    b->view.room = 3;
    for (int i = 0; i < 100; i++)
        count[sends(b)]++;
    assert_in_range(count[0], 49, 51);
    bench_free(b);
}

/* ---- Earliest: what it remembers, and what it promises ---- */

static uint64_t below(mpt_random *random, uint64_t n) {
    return mpt_random_u64(random) % n;
}

/** Paths as they may be: fast or slow, idle or busy, silent, of known or unknown rate, and some alike. */
static void draw(bench *b, mpt_random *random) {
    for (uint32_t i = 0; i < PATHS; i++) {
        mpt_tcp *t = &b->tcp[i];
        mpt_arrival *a = &b->path[i].arrival;
        mpt_time srtt_ms =
            i > 0 && below(random, 3) == 0 ? b->tcp[0].rto.srtt_ns / MPT_MS : 1 + (mpt_time)below(random, 100);
        path_is(b, i, srtt_ms, 1 + below(random, 60));
        if (below(random, 2) == 0)
            t->cc.ssthresh_bytes = UINT64_MAX;
        mpt_least_add(&t->rtt_min, MPT_S, srtt_ms * MPT_MS * (mpt_time)(1 + below(random, 4)) / 4, b->view.now);
        a->rtt_ns = srtt_ms * MPT_MS * (mpt_time)(2 + below(random, 4)) / 3;
        a->srtt_ns = below(random, 4) > 0 ? srtt_ms * MPT_MS : 0;
        a->rate_bytes_per_s = below(random, 4) > 0 ? 1 + below(random, 100000000) : 0;
        a->sample_bytes_per_s = a->rate_bytes_per_s / (1 + below(random, 3));
        a->rtt_at_ns = a->heard_at_ns = b->view.now - (mpt_time)below(random, 200) * MPT_MS;
        a->since_ns = b->view.now - (mpt_time)below(random, 200) * MPT_MS;
        a->bytes = below(random, 100) * MSS;
        b->view.now -= (mpt_time)below(random, 100) * MPT_MS; /* sent some time ago */
        flies(b, i, (uint64_t)i * 1000000, (uint32_t)below(random, 30));
        b->view.now = MPT_S;
    }
    b->view.room = 1 + (uint32_t)below(random, (1u << PATHS) - 1);
    b->view.has_more = below(random, 2) == 0;
    b->view.window_bytes = below(random, 200) * MSS;
    b->view.snd_end = (1 + below(random, 300)) * MSS;
}

static void check_same(const mpt_sched_choice *x, const mpt_sched_choice *y) {
    assert_int_equal(x->is_wait, y->is_wait);
    assert_int_equal(x->is_wait ? 0 : x->path, y->is_wait ? 0 : y->path);
    assert_int_equal(x->again_at, y->again_at);
}

/** Segment after segment at one moment: what is told to be unchanged makes no difference, and a run goes where it was promised. */
static void earliest_keeps_its_word(void **state) {
    uint32_t runs = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 5000; seed++) {
        mpt_random random = {.seed = seed};
        bench *b = bench_new("earliest", PATHS);
        uint64_t run_end = 0;
        uint32_t run_path = 0;
        draw(b, &random);
        for (int n = 0; n < 8 && b->view.snd_nxt < b->view.snd_end; n++) {
            mpt_sched_choice kept = b->ops->next(&b->view), anew;
            mpt_time at_least_ns[PATHS];
            for (uint32_t i = 0; i < PATHS; i++)
                at_least_ns[i] = b->path[i].at_least_ns;
            memset((char *)b->priv + sizeof(mpt_thin), 0,
                   sizeof b->priv - sizeof(mpt_thin)); /* that holds for a while */
            anew = asked(b);
            for (uint32_t i = 0; i < PATHS; i++)
                b->path[i].at_least_ns = at_least_ns[i];
            check_same(&kept, &anew);
            bool is_in_run = b->view.snd_nxt < run_end && mpt_sched_has_room(&b->view, run_path);
            if (is_in_run)
                assert_true(!kept.is_wait && kept.path == run_path);
            runs += is_in_run;
            if (kept.is_wait)
                break;
            run_path = kept.path;
            run_end = b->view.snd_nxt + kept.run_bytes;
            flies(b, kept.path, b->view.snd_nxt, 1);
            b->view.snd_nxt += MSS;
            b->view.unchanged = ~(1u << kept.path);
            b->path[kept.path].looked_at = MPT_NEVER;
            if (below(&random, 4) == 0)
                b->view.room &= ~(1u << kept.path);
            if (below(&random, 4) == 0) { /* something happens elsewhere */
                uint32_t other = (uint32_t)below(&random, PATHS);
                b->path[other].arrival.rate_bytes_per_s = 1 + below(&random, 2) * 1000000000;
                mpt_least_add(&b->tcp[other].rtt_min, MPT_S, 1 + (mpt_time)below(&random, 20 * MPT_MS), b->view.now);
                mpt_path_changed(&b->path[other]);
                b->view.unchanged &= ~(1u << other);
                run_end = 0;
            }
        }
        bench_free(b);
    }
    assert_in_range(runs, 1000, 40000);
}

/** A fast path without room, beside one that brings so many bytes/s and has some, while more is to be sent than @p window_bytes. */
static bench *thin_and_fast(uint32_t rate_bytes_per_s, uint64_t window_bytes) {
    bench *b = bench_new("earliest", 2);
    mpt_time now = b->view.now = 10 * MPT_S;
    path_is(b, 0, 50, 100);
    path_is(b, 1, 10, 4);
    flies(b, 0, 0, 100);
    b->view.snd_nxt = 100 * MSS;
    b->view.has_more = true;
    b->view.window_bytes = window_bytes;
    b->view.room = 1u << 1;
    const uint32_t rates[] = {2000000, rate_bytes_per_s};
    for (uint32_t i = 0; i < 2; i++) {
        mpt_time rtt_ns = b->tcp[i].rto.srtt_ns;
        mpt_least_add(&b->tcp[i].rtt_min, MPT_S, rtt_ns, now);
        b->path[i].arrival = (mpt_arrival){.since_ns = now,
                                           .round_us = (uint32_t)(rtt_ns / 1000),
                                           .rate_bytes_per_s = rates[i],
                                           .sample_bytes_per_s = rates[i],
                                           .srtt_ns = rtt_ns,
                                           .rtt_ns = rtt_ns,
                                           .rtt_at_ns = now,
                                           .heard_at_ns = now};
    }
    return b;
}

/** Less than an eighth, 250 kB/s; a segment lost there is sent again after 250 ms (RFC 6298), in which the fast one brings 500 kB. */
static void earliest_leaves_a_thin_path_alone(void **state) {
    (void)state;
    static const struct row {
        const char *name;
        uint32_t rate_bytes_per_s;
        uint64_t window_bytes;
        bool has_more, is_opening, is_old;
        int chosen;
    } rows[] = {{"thin, and the window is short", 200000, 300000, true, false, false, WAIT},
                {"not thin", 260000, 300000, true, false, false, 1},
                {"a wide window", 200000, 5000000, true, false, false, 1},
                {"no more to be sent than the window takes", 200000, 300000, false, false, false, 1},
                {"what it may bring is not known yet", 200000, 300000, true, true, false, 1},
                {"what it brought is of long ago", 200000, 300000, true, false, true, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench *b = thin_and_fast(rows[i].rate_bytes_per_s, rows[i].window_bytes);
        b->view.has_more = rows[i].has_more;
        b->tcp[1].cc.ssthresh_bytes = rows[i].is_opening ? UINT64_MAX : b->tcp[1].cc.ssthresh_bytes;
        b->path[1].arrival.heard_at_ns -= rows[i].is_old ? 2 * MPT_S : 0;
        EXPECT_U64(rows[i].name, (uint64_t)(asks(b) + 1), (uint64_t)(rows[i].chosen + 1));
        bench_free(b);
    }
}

/** The fast path is silent, or times out: the thin one is what there is. */
static void earliest_takes_a_thin_path_where_the_fast_one_is_in_trouble(void **state) {
    (void)state;
    bench *b = thin_and_fast(200000, 300000);
    assert_int_equal(asks(b), WAIT);
    b->view.now += MPT_S;
    assert_int_equal(asks(b), 1);
    bench_free(b);
    b = thin_and_fast(200000, 300000);
    b->tcp[0].ca = MPT_CA_LOSS;
    assert_int_equal(asks(b), 1);
    bench_free(b);
}

/** What is said to be the least holds as long as nothing happens but that time passes and segments are sent. */
static void arrival_is_at_least_what_it_was_said_to_be(void **state) {
    uint32_t more_than_round_trip = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 5000; seed++) {
        mpt_random random = {.seed = seed};
        bench *b = bench_new("earliest", PATHS);
        draw(b, &random);
        mpt_path *p = &b->path[0];
        p->arrival.bottleneck.rate_bytes_per_s = below(&random, 2) == 0 ? (uint32_t)below(&random, 100000000) : 0;
        mpt_path_arrival(p, b->view.now);
        more_than_round_trip += p->at_least_ns > mpt_arrival_least(&p->arrival, p->tcp);
        for (int n = 0; n < 20; n++) {
            mpt_time said = mpt_path_at_least(p);
            b->view.now += (mpt_time)below(&random, 40) * MPT_MS;
            assert_true(mpt_path_arrival(p, b->view.now) >= said);
            if (b->tcp[0].q.count == 0)
                mpt_arrival_begin(&p->arrival, p->tcp, b->view.now);
            flies(b, 0, b->view.snd_nxt, (uint32_t)below(&random, 3));
            b->view.snd_nxt += 2 * MSS;
            p->looked_at = MPT_NEVER;
        }
        bench_free(b);
    }
    assert_in_range(more_than_round_trip, 500, 4500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_has_each_once),
        cmocka_unit_test(roundrobin_gives_bursts),
        cmocka_unit_test(roundrobin_goes_on_where_a_burst_finds_no_room),
        cmocka_unit_test(redundant_repeats_what_others_carried),
        cmocka_unit_test(redundant_leaves_out_what_a_path_holds),
        cmocka_unit_test(holds_knows_queues_out_of_order),
        cmocka_unit_test(blest_waits_where_the_window_would_fill),
        cmocka_unit_test(blest_corrects_lambda_once_a_round),
        cmocka_unit_test(ecf_waits_for_the_fast_path_at_the_end),
        cmocka_unit_test(ecf_takes_the_slow_path_where_it_is_done_sooner),
        cmocka_unit_test(ecf_comes_back_to_a_path_that_is_long_idle),
        cmocka_unit_test(linux_drains_in_bursts),
        cmocka_unit_test(linux_waits_where_it_would_have_queued),
        cmocka_unit_test(primary_keeps_to_the_first_that_works),
        cmocka_unit_test(weighted_gives_turns_by_rate),
        cmocka_unit_test(weighted_gives_no_turns_back),
        cmocka_unit_test(earliest_keeps_its_word),
        cmocka_unit_test(earliest_leaves_a_thin_path_alone),
        cmocka_unit_test(earliest_takes_a_thin_path_where_the_fast_one_is_in_trouble),
        cmocka_unit_test(arrival_is_at_least_what_it_was_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
