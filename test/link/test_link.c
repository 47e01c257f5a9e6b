/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_link: the parts of the link engine alone: exact times on paper, order, conservation, work conservation, queues
 * against theory.
 */
#define _GNU_SOURCE 1

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capacity.h"
#include "clock.h"
#include "codel.h"
#include "red.h"
#include "rng.h"
#include "wire.h"

enum { ARRIVALS_MAX = 1 << 20, MS = 1000000 };

/* A wire, and what came out of it. */
struct bench {
    struct clock clock;
    struct packet_pool pool;
    struct wire wire;
    int64_t times_ns[ARRIVALS_MAX];
    uint16_t ids[ARRIVALS_MAX];
    size_t count;
};

static struct bench bench;

static void take(void *object, struct packet *p) {
    struct bench *b = object;

    if (b->count < ARRIVALS_MAX) {
        b->times_ns[b->count] = b->clock.now_ns;
        b->ids[b->count++] = p->ip_id;
    }
    packet_drop(&b->pool, p);
}

static void set_up_wire(uint64_t rate_bps, int64_t delay_ns, uint32_t limit) {
    memset(&bench, 0, sizeof bench);
    bench.wire = (struct wire){.clock = &bench.clock,
                               .rate_bps = rate_bps,
                               .delay_ns = delay_ns,
                               .receive = take,
                               .receiver = &bench,
                               .device_packets_max = 1,
                               .done_ns = -1,
                               .burst_packets = 1};
    bench.wire.queue.pool = &bench.pool;
    bench.wire.queue.limit_packets = limit;
}

/* Everything that was given is somewhere; what is left is freed. */
static void check_and_tear_down(void) {
    const struct wire *w = &bench.wire;

    assert_true(wire_conserves(w));
    assert_int_equal(bench.pool.out, wire_inside(w));
    queue_free(&bench.wire.queue);
    capacity_free(bench.wire.capacity);
    packet_pool_free(&bench.pool);
    clock_free(&bench.clock);
}

static void send_one(uint16_t id, uint32_t ip_bytes) {
    struct packet *p = packet_new(&bench.pool);

    p->ip_id = id;
    p->ip_bytes = ip_bytes;
    wire_send(&bench.wire, p);
}

static void stop(void *object) {
    clock_stop(object);
}

static void run_until(int64_t time_ns) {
    clock_at(&bench.clock, time_ns, clock_number(&bench.clock), stop, &bench.clock);
    bench.clock.is_stopped = false;
    clock_run(&bench.clock);
}

/* ---- Clock ------------------------------------------------------------------------------------------------- */

static int order[8], order_count;

static void note(void *object) {
    order[order_count++] = *(int *)object;
}

static void events_of_one_time_happen_in_the_order_of_their_numbers(void **state) {
    static int ids[] = {0, 1, 2, 3};
    struct clock c = {0};
    uint64_t first = clock_number(&c), second = clock_number(&c), third = clock_number(&c);

    (void)state;
    order_count = 0;
    clock_at(&c, 5, third, note, &ids[2]);
    clock_at(&c, 5, first, note, &ids[0]);
    clock_at(&c, 9, clock_number(&c), note, &ids[3]);
    clock_at(&c, 5, second, note, &ids[1]);
    clock_run(&c);
    assert_int_equal(order_count, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(order[i], i);
    assert_int_equal(c.now_ns, 9);
    clock_free(&c);
}

struct chain {
    struct clock *clock;
    uint32_t turn;
    int left, happened;
};

/* An event that brings about one of each kind; those that wait, too, happen at their time. */
static void go_on(void *object) {
    struct chain *chain = object;
    struct clock *c = chain->clock;

    assert_int_equal(c->now_ns, chain->happened / 2);
    chain->happened++;
    if (chain->happened % 2 == 1 || --chain->left == 0)
        return;
    clock_at(c, c->now_ns + 1, clock_number(c), go_on, object);
    clock_expect(c, chain->turn, c->now_ns + 1, clock_number(c));
}

static void what_waits_long_keeps_its_place_and_weighs_on_nothing(void **state) {
    enum { OLD_TIMERS = 1000, ROUNDS = 100 };
    static int ids[] = {0, 1};
    struct clock c = {0};
    struct chain chain = {.clock = &c, .left = ROUNDS};
    uint64_t first = clock_number(&c);

    (void)state;
    order_count = 0;
    chain.turn = clock_turn(&c, go_on, &chain);
    clock_expect(&c, clock_turn(&c, note, &ids[1]), 500, clock_number(&c));
    clock_at(&c, 500, first, note, &ids[0]);
    for (int i = 0; i < 2; i++)
        clock_at(&c, 0, clock_number(&c), go_on, &chain);
    for (int i = 0; i < OLD_TIMERS; i++)
        clock_at(&c, 1000, clock_number(&c), stop, &c);
    assert_int_equal(c.soon_count, 1);
    clock_run(&c);
    assert_int_equal(chain.happened, 2 * ROUNDS);
    assert_int_equal(order_count, 2);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 1);
    assert_int_equal(c.now_ns, 1000);
    clock_free(&c);
}

struct juggler {
    struct clock *clock;
    struct rng *rng;
    uint32_t turn;
    int64_t due_ns[4];
    uint64_t due_number[4];
    int due, *left;
};

/* One of several expectations of a turn is fulfilled, the first of them; none to two others take its place. */
static void juggle(void *object) {
    struct juggler *j = object;
    struct clock *c = j->clock;
    int first = 0, more = (int)rng_whole(j->rng, 0, 2);

    assert_true(j->due > 0);
    for (int i = 1; i < j->due; i++)
        if (j->due_ns[i] < j->due_ns[first] ||
            (j->due_ns[i] == j->due_ns[first] && j->due_number[i] < j->due_number[first]))
            first = i;
    assert_int_equal(c->now_ns, j->due_ns[first]);
    assert_int_equal(c->number, j->due_number[first]);
    j->due--;
    j->due_ns[first] = j->due_ns[j->due];
    j->due_number[first] = j->due_number[j->due];
    more = j->due == 0 && more == 0 ? 1 : more;
    for (; more > 0 && j->due < 4 && *j->left > 0; more--, --*j->left) {
        j->due_ns[j->due] = c->now_ns + (int64_t)rng_whole(j->rng, 0, 3);
        j->due_number[j->due] = clock_number(c);
        clock_expect(c, j->turn, j->due_ns[j->due], j->due_number[j->due]);
        j->due++;
    }
}

static void juggle_all(int count) {
    enum { JUGGLERS_MAX = 300 };
    static struct juggler jugglers[JUGGLERS_MAX];
    struct clock c = {0};
    struct rng rng;
    int left = 100000;

    rng_init(&rng, 1, 1);
    for (int i = 0; i < count; i++) {
        jugglers[i] = (struct juggler){.clock = &c, .rng = &rng, .left = &left, .due = 1};
        jugglers[i].turn = clock_turn(&c, juggle, &jugglers[i]);
        jugglers[i].due_number[0] = clock_number(&c);
        clock_expect(&c, jugglers[i].turn, 0, jugglers[i].due_number[0]);
    }
    clock_run(&c);
    assert_int_equal(left, 0);
    assert_int_equal(c.soon_count, 0);
    for (int i = 0; i < count; i++)
        assert_int_equal(jugglers[i].due, 0);
    clock_free(&c);
}

/* Any number of turns, each expected any number of times: time and numbers never go back, and each is told what it waited for. */
static void turns_come_in_the_order_of_time_and_number(void **state) {
    static const int counts[] = {1, 2, 3, 10, 20, 40, 300};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        juggle_all(counts[i]);
}

/* ---- Wire -------------------------------------------------------------------------------------------------- */

/* 1498 + 2 bytes at 12 Mb/s take 1 ms; the delay is 7 ms. */
static void times_are_those_on_paper(void **state) {
    (void)state;
    set_up_wire(12000000, 7 * MS, 100);
    for (uint16_t i = 0; i < 3; i++)
        send_one(i, 1498);
    run_until(20 * MS);
    send_one(3, 748); /* half a ms, from 20 ms on */
    run_until(100 * MS);
    assert_int_equal(bench.count, 4);
    assert_int_equal(bench.times_ns[0], 8 * MS);
    assert_int_equal(bench.times_ns[1], 9 * MS);
    assert_int_equal(bench.times_ns[2], 10 * MS);
    assert_int_equal(bench.times_ns[3], 27 * MS + MS / 2);
    check_and_tear_down();
}

static void times_are_rounded_to_the_nearest_nanosecond(void **state) {
    (void)state;
    set_up_wire(7000000, 0, 100); /* 8 bits: 1142.857 ns a byte */
    send_one(0, 1);               /* 3 bytes: 3428.57 */
    send_one(1, 5);               /* 7 bytes: 8000 */
    run_until(MS);
    assert_int_equal(bench.times_ns[0], 3429);
    assert_int_equal(bench.times_ns[1], 11429);
    check_and_tear_down();
}

/* One is sent, one waits in the device, the rest in the queue. */
static void a_full_queue_drops_the_last(void **state) {
    (void)state;
    set_up_wire(12000000, 0, 3);
    for (uint16_t i = 0; i < 7; i++)
        send_one(i, 1498);
    run_until(100 * MS);
    assert_int_equal(bench.count, 5);
    for (uint16_t i = 0; i < 5; i++)
        assert_int_equal(bench.ids[i], i);
    assert_int_equal(bench.wire.queue.dropped, 2);
    check_and_tear_down();
}

static void a_queue_of_bytes_drops_what_does_not_fit(void **state) {
    (void)state;
    set_up_wire(8000000, 0, 1);
    bench.wire.queue.limit_bytes = 1000;
    for (uint16_t i = 0; i < 4; i++)
        send_one(i, 500); /* 0 is sent, 1 in the device, 2 and 3 fit */
    send_one(4, 1);
    run_until(1000 * MS);
    assert_int_equal(bench.count, 4);
    assert_int_equal(bench.wire.queue.dropped, 1);
    check_and_tear_down();
}

static void reordered_packets_come_later(void **state) {
    size_t late = 0;

    (void)state;
    set_up_wire(8000000, 0, 1000);
    bench.wire.reorder = 0.1;
    bench.wire.reorder_ns = 5 * MS;
    rng_init(&bench.wire.reorder_rng, 1, 1);
    for (uint16_t i = 0; i < 1000; i++)
        send_one(i, 998);
    run_until(INT64_MAX / 8);
    assert_int_equal(bench.count, 1000);
    for (size_t i = 0; i < bench.count; i++) {
        int64_t on_time_ns = (bench.ids[i] + 1) * MS;

        assert_true(bench.times_ns[i] == on_time_ns || bench.times_ns[i] == on_time_ns + 5 * MS);
        late += bench.times_ns[i] != on_time_ns;
    }
    assert_in_range(late, 70, 130); /* 100 with a deviation of 9.5 */
    check_and_tear_down();
}

static void packets_on_the_way_are_counted(void **state) {
    (void)state;
    set_up_wire(12000000, 50 * MS, 3);
    for (uint16_t i = 0; i < 7; i++)
        send_one(i, 1498);
    assert_int_equal(wire_inside(&bench.wire), 5);
    run_until(51 * MS);
    assert_int_equal(bench.count, 1);
    assert_int_equal(wire_inside(&bench.wire), 4);
    check_and_tear_down();
}

/* A packet with less delay overtakes those before it, and none is forgotten. */
static void a_shorter_delay_overtakes(void **state) {
    (void)state;
    set_up_wire(12000000, 50 * MS, 10);
    send_one(0, 1498);
    send_one(1, 1498);
    run_until(5 * MS);
    bench.wire.delay_ns = 2 * MS;
    send_one(2, 1498);
    run_until(6 * MS);
    bench.wire.delay_ns = 60 * MS;
    send_one(3, 1498);
    run_until(200 * MS);
    assert_int_equal(bench.count, 4);
    assert_int_equal(bench.ids[0], 2);
    assert_int_equal(bench.times_ns[0], 8 * MS);
    assert_int_equal(bench.ids[1], 0);
    assert_int_equal(bench.ids[2], 1);
    assert_int_equal(bench.ids[3], 3);
    check_and_tear_down();
}

static void jitter_and_duplication_conserve_packets(void **state) {
    size_t overtaken = 0;

    (void)state;
    set_up_wire(12000000, 10 * MS, 10000);
    bench.wire.jitter_ns = 20 * MS;
    bench.wire.duplicate = 0.25;
    bench.wire.loss = 0.1;
    rng_init(&bench.wire.jitter_rng, 1, 1);
    rng_init(&bench.wire.duplicate_rng, 2, 1);
    rng_init(&bench.wire.loss_rng, 3, 1);
    for (uint16_t i = 0; i < 8000; i++)
        send_one(i, 1498);
    run_until(4000 * (int64_t)MS); /* in the middle of it */
    assert_int_equal(bench.wire.given + bench.wire.duplicated,
                     bench.wire.delivered + bench.wire.lost + wire_inside(&bench.wire));
    run_until(60000 * (int64_t)MS);
    assert_int_equal(wire_inside(&bench.wire), 0);
    assert_in_range(bench.wire.duplicated, 1850, 2150); /* 2000, 4 standard deviations = 155 */
    assert_in_range(bench.wire.lost, 880, 1120);        /* 1000 of 10000, likewise 120 */
    for (size_t i = 1; i < bench.count; i++) {
        assert_true(bench.times_ns[i] >= bench.times_ns[i - 1]);
        overtaken += bench.ids[i] < bench.ids[i - 1];
    }
    assert_true(overtaken > 1000);
    check_and_tear_down();
}

/* ---- Losses ------------------------------------------------------------------------------------------------ */

static void bursts_have_their_mean_length_and_frequency(void **state) {
    enum { PACKETS = 400000 };
    size_t bursts = 0, lost;
    uint32_t expected = 0;

    (void)state;
    set_up_wire(UINT64_C(1000000000000), 0, 1);
    bench.wire.loss = 0.02;
    bench.wire.burst_packets = 8;
    rng_init(&bench.wire.loss_rng, 5, 1);
    for (uint32_t i = 0; i < PACKETS; i++) {
        send_one((uint16_t)i, 100);
        run_until(bench.clock.now_ns + 1000);
    }
    for (size_t i = 0; i < bench.count; i++, expected++) {
        bursts += bench.ids[i] != (uint16_t)expected;
        while ((uint16_t)expected != bench.ids[i])
            expected++;
    }
    lost = bench.wire.lost;
    assert_in_range(lost, PACKETS * 0.018, PACKETS * 0.022);
    assert_in_range(lost / bursts, 7, 9);
    check_and_tear_down();
}

/* ---- Theory ------------------------------------------------------------------------------------------------ */

static double exponential(struct rng *r, double mean) {
    return -mean * log(1 - rng_between(r, 0, 1));
}

/* Poisson arrivals of load @p rho, service of 1 ms or exponential with that mean. @return mean time waited in ms. */
static double mean_wait_ms(double rho, bool is_exponential) {
    enum { PACKETS = 300000 };
    struct rng arrivals, sizes;
    double time_ns = 0, waited = 0;
    static int64_t given_ns[65536], service_ns[65536];

    set_up_wire(12000000, 0, 60000);
    bench.wire.device_packets_max = 1;
    rng_init(&arrivals, 11, 1);
    rng_init(&sizes, 12, 1);
    for (uint32_t i = 0; i < PACKETS; i++) {
        uint32_t bytes = is_exponential ? (uint32_t)(exponential(&sizes, 1500) + 2.5) : 1500;

        bytes = bytes < 3 ? 3 : bytes;
        time_ns += exponential(&arrivals, MS / rho);
        run_until((int64_t)time_ns);
        given_ns[i % 65536] = bench.clock.now_ns;
        service_ns[i % 65536] = (int64_t)bytes * 2000 / 3;
        send_one((uint16_t)i, bytes - 2);
        for (size_t j = 0; j < bench.count; j++)
            waited += (double)(bench.times_ns[j] - given_ns[bench.ids[j]] - service_ns[bench.ids[j]]);
        bench.count = 0;
    }
    check_and_tear_down();
    return waited / PACKETS / MS;
}

/* Pollaczek and Khinchine: rho / (2 (1 - rho)) services. */
static void m_d_1_waits_as_theory_has_it(void **state) {
    (void)state;
    assert_true(fabs(mean_wait_ms(0.5, false) / 0.5 - 1) < 0.03);
    assert_true(fabs(mean_wait_ms(0.8, false) / 2.0 - 1) < 0.05);
}

/* rho / (1 - rho) services. */
static void m_m_1_waits_as_theory_has_it(void **state) {
    (void)state;
    assert_true(fabs(mean_wait_ms(0.5, true) / 1.0 - 1) < 0.03);
    assert_true(fabs(mean_wait_ms(0.8, true) / 4.0 - 1) < 0.08);
}

/* ---- Traces ------------------------------------------------------------------------------------------------ */

static struct capacity *capacity_of(const char *text, bool is_looped, char *error) {
    char name[] = "/tmp/test_link_XXXXXX";
    int fd = mkstemp(name);
    FILE *f = fdopen(fd, "w");
    struct capacity *c;

    fputs(text, f);
    fclose(f);
    c = capacity_read(name, is_looped, error, 256);
    remove(name);
    return c;
}

/* Opportunities at 1, 1, 4 ms, and again from 4 ms on; two packets of 600 and one of 1500 bytes. */
static void opportunities_carry_1500_bytes(void **state) {
    char error[256] = "";

    (void)state;
    set_up_wire(0, 2 * MS, 10);
    bench.wire.capacity = capacity_of("1\n1\n4\n", true, error);
    assert_non_null(bench.wire.capacity);
    send_one(0, 600);
    send_one(1, 600);
    send_one(2, 1500);
    run_until(2 * MS);
    send_one(3, 1500); /* 2 has left with the second opportunity, which had 300 bytes over for nobody */
    run_until(5 * MS - 1);
    send_one(4, 100); /* at 5, twice */
    run_until(100 * MS);
    assert_int_equal(bench.count, 5);
    assert_int_equal(bench.times_ns[0], 3 * MS);
    assert_int_equal(bench.times_ns[1], 3 * MS);
    assert_int_equal(bench.times_ns[2], 3 * MS);
    assert_int_equal(bench.times_ns[3], 6 * MS);
    assert_int_equal(bench.times_ns[4], 7 * MS);
    check_and_tear_down();
}

/* 12 Mb/s until 3 ms, nothing until 10 ms, then 6 Mb/s. */
static void changes_of_a_csv_come_about(void **state) {
    char error[256] = "";

    (void)state;
    set_up_wire(1, 0, 10);
    bench.wire.capacity =
        capacity_of("time_s,rate_mbps,delay_ms\n0,12,1\n0.003,0,1\n0.01,6,5\n0.02,6,5\n", false, error);
    assert_non_null(bench.wire.capacity);
    wire_follow(&bench.wire);
    run_until(0);
    for (uint16_t i = 0; i < 6; i++)
        send_one(i, 1498);
    run_until(100 * MS);
    assert_int_equal(bench.count, 6);
    assert_int_equal(bench.times_ns[0], 2 * MS);
    assert_int_equal(bench.times_ns[1], 3 * MS);
    assert_int_equal(bench.times_ns[2], 4 * MS);
    assert_int_equal(bench.times_ns[3], 17 * MS);
    assert_int_equal(bench.times_ns[5], 21 * MS);
    check_and_tear_down();
}

static void wrong_traces_are_refused_with_their_line(void **state) {
    static const char *const wrong[][2] = {
        {"", "expected a trace that ends after 0"},
        {"0\n", "expected a trace that ends after 0"},
        {"5\n4\n", ":2: expected a time no earlier"},
        {"5\nx\n", ":2: expected a time in whole ms"},
        {"time_s,speed\n", ":1: expected the columns"},
        {"time_s\n0\n", ":1: expected the columns time_s and rate_mbps"},
        {"time_s,rate_mbps\n0,1\n0,2\n", ":3: expected a time after"},
        {"time_s,rate_mbps\n0\n", ":2: expected 2 numbers"},
        {"time_s,rate_mbps\n0,1,2\n", ":2: expected 2 numbers"},
        {"time_s,rate_mbps\n0,0\n1,1\n", "expected a rate above 0"},
        {"time_s,rate_mbps,loss\n0,1,2\n", ":2: expected 3 numbers, of which loss is at most 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char error[256] = "";

        assert_null(capacity_of(wrong[i][0], true, error));
        if (!strstr(error, wrong[i][1]))
            fail_msg("\"%s\": \"%s\"", wrong[i][0], error);
    }
}

/* ---- Random numbers ---------------------------------------------------------------------------------------- */

/* Of ns-3's UniformRandomVariable with stream 1000003, seed 1, run 7. */
static void numbers_are_those_of_ns3(void **state) {
    struct rng r;

    (void)state;
    rng_init(&r, 1000003, 7);
    assert_true(rng_between(&r, 0, 1) == 0.22413050840123228);
    assert_true(rng_between(&r, 0, 1) == 0.64490895861318887);
    assert_true(rng_between(&r, 0, 1) == 0.43116396681454622);
    assert_int_equal(rng_whole(&r, 0, UINT32_MAX), UINT32_C(2222134153));
    assert_true(rng_between(&r, 0, 0.5) == 0.36983787895326481);
    assert_int_equal(rng_whole(&r, 0, 500000), 245008);
}

/* Stream 1000000, run 2: the 3001st number is one of those for which a sum of two products would need 65 bits. */
static void numbers_of_large_products_are_those_of_ns3(void **state) {
    struct rng r;

    (void)state;
    rng_init(&r, 1000000, 2);
    for (int i = 0; i < 3000; i++)
        rng_between(&r, 0, 1);
    assert_true(rng_between(&r, 0, 1) == 0.76126823698724466);
    rng_between(&r, 0, 1);
    assert_true(rng_between(&r, 0, 1) == 0.66109118668990374);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_one_time_happen_in_the_order_of_their_numbers),
        cmocka_unit_test(what_waits_long_keeps_its_place_and_weighs_on_nothing),
        cmocka_unit_test(turns_come_in_the_order_of_time_and_number),
        cmocka_unit_test(times_are_those_on_paper),
        cmocka_unit_test(times_are_rounded_to_the_nearest_nanosecond),
        cmocka_unit_test(a_full_queue_drops_the_last),
        cmocka_unit_test(a_queue_of_bytes_drops_what_does_not_fit),
        cmocka_unit_test(reordered_packets_come_later),
        cmocka_unit_test(packets_on_the_way_are_counted),
        cmocka_unit_test(a_shorter_delay_overtakes),
        cmocka_unit_test(jitter_and_duplication_conserve_packets),
        cmocka_unit_test(bursts_have_their_mean_length_and_frequency),
        cmocka_unit_test(m_d_1_waits_as_theory_has_it),
        cmocka_unit_test(m_m_1_waits_as_theory_has_it),
        cmocka_unit_test(opportunities_carry_1500_bytes),
        cmocka_unit_test(changes_of_a_csv_come_about),
        cmocka_unit_test(wrong_traces_are_refused_with_their_line),
        cmocka_unit_test(numbers_are_those_of_ns3),
        cmocka_unit_test(numbers_of_large_products_are_those_of_ns3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
