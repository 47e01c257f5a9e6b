/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracles against figures derived elsewhere: fixed points on paper, and a Monte Carlo simulation, ACK by ACK, that
 * halves the window at the moment of the loss. Packets/s.
 */
#include "../../analysis/oracle/fluid.h"
#include "../../analysis/oracle/packets.h"
#include "../../analysis/oracle/rules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
/* after what it needs */
#include <cmocka.h>

#define RED .is_red = true, .is_even = true, .red_min = 20, .red_max = 100, .red_max_p = 0.1, .queue_max = 1000
#define PATH(rtt, link)                                                                                                \
    { .rtt_s = rtt, .spread_s = 0.0005, .hop = {link}, .hop_count = 1 }

enum { RUNS = 4, FIELDS = 2 };

static const packets_settings settings = {.warm_up_s = 20, .measured_s = 200, .start_s = 2};

/* fluid and simulated rate of the connection's two paths (or, where `simulated` has one figure, of both together) */
typedef struct {
    rule_kind rule;
    double fluid[FIELDS], simulated[FIELDS];
} expected;

typedef struct {
    double capacity[2], competitors[2];
    expected line[6];
} two_links;

static void near(const char *what, double value, double wanted, double tolerance) {
    if (!(fabs(value / wanted - 1) <= tolerance))
        fail_msg("%s: %g, expected %g within %g %%", what, value, wanted, 100 * tolerance);
}

/* Both ways to the equilibrium, which must be one: of each path, or of the sums where the paths are not determined. */
static fluid_result solve(const char *what, const network *n, bool is_sum_only) {
    fluid_result root, ode;
    double tolerance = n->flow[0].rule == RULE_CUBIC ? 0.05 : 0.02; /* its ODE takes ever longer to get there */
    assert_null(fluid_refuses(n));
    assert_true(fluid_by_root(n, &root));
    assert_true(fluid_by_ode(n, &ode));
    for (size_t f = 0, at = 0; f < n->flow_count; at += n->flow[f++].path_count) {
        double sums[2] = {0};
        for (size_t r = at; r < at + n->flow[f].path_count; r++) {
            sums[0] += root.rate_pps[r];
            sums[1] += ode.rate_pps[r];
            if (!is_sum_only)
                near(what, ode.rate_pps[r], root.rate_pps[r], tolerance);
        }
        near(what, sums[1], sums[0], tolerance);
    }
    return root;
}

/* Mean rates of the first flow's two paths, and of one of all others. */
static void send(const network *n, double *first, double *second, double *others) {
    double rate[64];
    size_t rates = packets_rates(n);
    assert_true(rates <= sizeof rate / sizeof *rate);
    *first = *second = *others = 0;
    for (unsigned run = 1; run <= RUNS; run++) {
        packets_settings of_run = settings;
        of_run.seed = run;
        packets_run(n, &of_run, rate);
        *first += rate[0] / RUNS;
        *second += rate[1] / RUNS;
        for (size_t i = 2; i < rates; i++)
            *others += rate[i] / (double)(rates - 2) / RUNS;
    }
}

/* One bottleneck of 4000 packets/s, RTT 20 ms: the connection's part of one TCP's. */
static void shared_bottleneck_has_the_published_ratios(void **state) {
    static const struct {
        rule_kind rule;
        double fluid, simulated[3];
    } lines[] = {{RULE_RENO, 2, {1.99, 2.00, 2.00}}, {RULE_EWTCP, 1, {1.01, 1.02, 1.04}},
                 {RULE_LIA, 1, {1.10, 1.12, 1.14}},  {RULE_LIA_RFC, 1, {1.10, 1.12, 1.14}},
                 {RULE_OLIA, 1, {1.00, 1.03, 1.06}}, {RULE_BALIA, 1, {1.06, 1.08, 1.11}}};
    static const size_t competitors[] = {1, 4, 10};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (size_t k = 0; k < 3; k++) {
            char what[64];
            snprintf(what, sizeof what, "%s against %zu", rule_name(lines[i].rule), competitors[k]);
            net_link link = {.capacity_pps = 4000}, red = {.capacity_pps = 4000, RED};
            net_flow flow[] = {
                {.rule = lines[i].rule, .copies = 1, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.02, 0)}},
                {.rule = RULE_RENO, .copies = competitors[k], .path_count = 1, .path = {PATH(0.02, 0)}}};
            network n = {&link, 1, flow, 2};
            fluid_result fluid = solve(what, &n, lines[i].rule == RULE_BALIA);
            near(what, (fluid.rate_pps[0] + fluid.rate_pps[1]) / fluid.rate_pps[2], lines[i].fluid, 0.01);
            double first, second, others;
            n.link = &red;
            send(&n, &first, &second, &others);
            /* against one TCP alone it matters how RED spreads its drops (by 8 %), which the Monte Carlo has not */
            near(what, (first + second) / others, lines[i].simulated[k], k == 0 ? 0.1 : 0.07);
        }
    }
}

static void disjoint_bottlenecks_have_the_derived_rates(void **state) {
    static const two_links cases[] = {{{2000, 2000},
                                       {1, 1},
                                       {{RULE_RENO, {1000, 1000}, {0}},
                                        {RULE_EWTCP, {667, 667}, {0}},
                                        {RULE_LIA, {667, 667}, {712, 715}},
                                        {RULE_LIA_RFC, {667, 667}, {712, 715}},
                                        {RULE_OLIA, {667, 667}, {674, 670}},
                                        {RULE_BALIA, {667, 667}, {689, 695}}}},
                                      {{2000, 2000},
                                       {1, 4},
                                       {{RULE_RENO, {1000, 400}, {0}},
                                        {RULE_EWTCP, {667, 222}, {0}},
                                        {RULE_LIA, {918, 165}, {893, 172}},
                                        {RULE_LIA_RFC, {918, 165}, {893, 172}},
                                        {RULE_OLIA, {975, 50}, {903, 115}},
                                        {RULE_BALIA, {929, 142}, {909, 154}}}},
                                      {{2000, 4000},
                                       {2, 2},
                                       {{RULE_RENO, {667, 1333}, {0}},
                                        {RULE_EWTCP, {400, 800}, {0}},
                                        {RULE_LIA, {353, 1098}, {352, 1063}},
                                        {RULE_LIA_RFC, {353, 1098}, {352, 1063}},
                                        {RULE_OLIA, {50, 1300}, {262, 1069}},
                                        {RULE_BALIA, {280, 1147}, {296, 1101}}}},
                                      {{4000, 1000},
                                       {2, 2},
                                       {{RULE_RENO, {1333, 333}, {0}},
                                        {RULE_EWTCP, {800, 200}, {0}},
                                        {RULE_LIA, {1249, 126}, {1211, 139}},
                                        {RULE_LIA_RFC, {1249, 126}, {1211, 139}},
                                        {RULE_OLIA, {1300, 50}, {1230, 85}},
                                        {RULE_BALIA, {1248, 127}, {1222, 138}}}}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const two_links *c = &cases[i];
        for (size_t k = 0; k < sizeof c->line / sizeof *c->line; k++) {
            const expected *e = &c->line[k];
            char what[64];
            snprintf(what, sizeof what, "%s over %g and %g", rule_name(e->rule), c->capacity[0], c->capacity[1]);
            net_link link[] = {{.capacity_pps = c->capacity[0]}, {.capacity_pps = c->capacity[1]}};
            net_link red[] = {{.capacity_pps = c->capacity[0], RED}, {.capacity_pps = c->capacity[1], RED}};
            net_flow flow[] = {
                {.rule = e->rule, .copies = 1, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.02, 1)}},
                {.rule = RULE_RENO, .copies = (size_t)c->competitors[0], .path_count = 1, .path = {PATH(0.02, 0)}},
                {.rule = RULE_RENO, .copies = (size_t)c->competitors[1], .path_count = 1, .path = {PATH(0.02, 1)}}};
            network n = {link, 2, flow, 3};
            fluid_result fluid = solve(what, &n, false);
            near(what, fluid.rate_pps[0], e->fluid[0], 0.02);
            near(what, fluid.rate_pps[1], e->fluid[1], 0.02);
            if (e->simulated[0] == 0)
                continue;
            double first, second, others;
            n.link = red;
            send(&n, &first, &second, &others);
            near(what, first + second, e->simulated[0] + e->simulated[1], 0.07);
        }
    }
}

/* Losses at random, no queues; simulated: of the sum, by what one TCP had on the better path. */
static void random_loss_gives_the_sums_of_theory(void **state) {
    static const struct {
        double loss[2], rtt_s[2], simulated_tcp;
        expected line[6];
    } cases[] = {{{0.04, 0.01},
                  {0.01, 0.1},
                  570,
                  {{RULE_RENO, {849, 0}, {693, 0}},
                   {RULE_EWTCP, {424, 0}, {363, 0}},
                   {RULE_LIA, {707, 0}, {562, 0}},
                   {RULE_LIA_RFC, {707, 0}, {562, 0}},
                   {RULE_OLIA, {707, 0}, {568, 0}},
                   {RULE_BALIA, {707, 0}, {566, 0}}}},
                 {{0.01, 0.01},
                  {0.02, 0.02},
                  615,
                  {{RULE_RENO, {1414, 0}, {1232, 0}},
                   {RULE_EWTCP, {707, 0}, {629, 0}},
                   {RULE_LIA, {707, 0}, {693, 0}},
                   {RULE_LIA_RFC, {707, 0}, {693, 0}},
                   {RULE_OLIA, {707, 0}, {634, 0}},
                   {RULE_BALIA, {707, 0}, {667, 0}}}},
                 {{0.01, 0.0025},
                  {0.02, 0.02},
                  1272,
                  {{RULE_RENO, {2121, 0}, {1888, 0}},
                   {RULE_EWTCP, {1061, 0}, {963, 0}},
                   {RULE_LIA, {1414, 0}, {1223, 0}},
                   {RULE_LIA_RFC, {1414, 0}, {1223, 0}},
                   {RULE_OLIA, {1414, 0}, {1163, 0}},
                   {RULE_BALIA, {1414, 0}, {1231, 0}}}}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double tcp = 0;
        for (size_t k = 0; k < sizeof cases[i].line / sizeof *cases[i].line; k++) {
            const expected *e = &cases[i].line[k];
            char what[64];
            snprintf(what, sizeof what, "%s, loss %g and %g", rule_name(e->rule), cases[i].loss[0], cases[i].loss[1]);
            net_link link[] = {{.loss = cases[i].loss[0]}, {.loss = cases[i].loss[1]}};
            net_flow flow = {.rule = e->rule,
                             .copies = 1,
                             .path_count = 2,
                             .path = {{.rtt_s = cases[i].rtt_s[0], .hop = {0}, .hop_count = 1},
                                      {.rtt_s = cases[i].rtt_s[1], .hop = {1}, .hop_count = 1}}};
            network n = {link, 2, &flow, 1};
            fluid_result fluid = solve(what, &n, e->rule == RULE_BALIA);
            near(what, fluid.rate_pps[0] + fluid.rate_pps[1], e->fluid[0], 0.01);
            double first, second, others;
            send(&n, &first, &second, &others);
            if (e->rule == RULE_RENO)
                tcp = fmax(first, second);
            /* a small window seldom has two losses that cost one reduction, as TCP's has: the Monte Carlo has none of it */
            double tolerance = e->rule == RULE_EWTCP ? 0.1 : 0.07;
            near(what, (first + second) / tcp, e->simulated[0] / cases[i].simulated_tcp, tolerance);
        }
    }
}

/* One sender alone is model_reno's in other units: K = rate RTT sqrt(p). */
static void one_path_follows_the_square_root_law(void **state) {
    static const struct { double loss, k; } lines[] = {{0.0005, 1.285}, {0.002, 1.268}, {0.01, 1.2}};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        net_link link = {.loss = lines[i].loss};
        net_flow flow = {.rule = RULE_RENO, .copies = 8, .path_count = 1, .path = {PATH(0.02, 0)}};
        flow.path[0].spread_s = 0;
        network n = {&link, 1, &flow, 1};
        double rate[8], sum = 0;
        packets_run(&n, &settings, rate);
        for (int k = 0; k < 8; k++)
            sum += rate[k] / 8;
        near("K", sum * 0.02 * sqrt(lines[i].loss), lines[i].k, 0.04);
    }
}

/* Delays of two links with one, and three, single flows and a connection over both: equal on the paths it uses. */
static void wvegas_equalises_delays(void **state) {
    net_link link[] = {{.capacity_pps = 2000}, {.capacity_pps = 1500}};
    net_flow flow[] = {{.rule = RULE_WVEGAS, .copies = 1, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.02, 1)}},
                       {.rule = RULE_WVEGAS, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}},
                       {.rule = RULE_WVEGAS, .copies = 1, .path_count = 1, .path = {PATH(0.02, 1)}}};
    network n = {link, 2, flow, 3};
    (void)state;
    fluid_result fluid = solve("wvegas", &n, false);
    near("delay", fluid.price[0], fluid.price[1], 0.01);
    near("queued by one flow", fluid.rate_pps[2] * fluid.price[0], 10, 0.01);
    near("queued by the connection", (fluid.rate_pps[0] + fluid.rate_pps[1]) * fluid.price[0], 10, 0.01);
    flow[1].rule = RULE_RENO;
    assert_non_null(fluid_refuses(&n));
}

/* Equal windows where CUBIC's are Reno's, and the cubic region above: W = (C / 0.3)^(1/4) (T / p)^(3/4). */
static void cubic_has_both_regions(void **state) {
    net_link link = {.loss = 0.0001};
    net_flow flow[] = {{.rule = RULE_CUBIC, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}},
                       {.rule = RULE_CUBIC, .copies = 1, .path_count = 1, .path = {PATH(0.2, 0)}}};
    network n = {&link, 1, flow, 2};
    flow[0].path[0].spread_s = flow[1].path[0].spread_s = 0;
    (void)state;
    fluid_result fluid = solve("cubic", &n, false);
    near("Reno's region", fluid.rate_pps[0] * 0.02, sqrt(1.7647 / 0.0001), 0.01);
    near("cubic region", fluid.rate_pps[1] * 0.2, 1.0746 * pow(0.2 / 0.0001, 0.75), 0.01);
}

/* Two fair links in a row and one beside: 1000 for two subflows, of which one meets a second link of 300. */
static void fair_queues_are_filled(void **state) {
    net_link link[] = {
        {.capacity_pps = 1000, .is_fair = true}, {.capacity_pps = 300, .is_fair = true}, {.capacity_pps = 5000}};
    net_flow flow[] = {
        {.rule = RULE_LIA,
         .copies = 1,
         .path_count = 2,
         .path = {{.rtt_s = 0.02, .hop = {2, 0}, .hop_count = 2}, {.rtt_s = 0.02, .hop = {2, 1, 0}, .hop_count = 3}}},
        {.rule = RULE_RENO, .copies = 2, .path_count = 1, .path = {PATH(0.02, 0)}},
        {.rule = RULE_RENO, .copies = 1, .path_count = 1, .path = {PATH(0.02, 1)}}};
    network n = {link, 3, flow, 3};
    fluid_result fluid;
    (void)state;
    assert_true(fluid_is_fair(&n));
    assert_true(fluid_by_filling(&n, &fluid));
    near("the other at the narrow link", fluid.rate_pps[3], 150, 1e-9);
    near("held up by the narrow link", fluid.rate_pps[1], 150, 1e-9);
    near("the rest", fluid.rate_pps[0], 850.0 / 3, 1e-9);
    near("a single flow", fluid.rate_pps[2], 850.0 / 3, 1e-9);
    flow[1].is_over = true;
    assert_true(fluid_by_filling(&n, &fluid));
    near("the rest for one", fluid.rate_pps[0], 850, 1e-9);
    link[2].capacity_pps = 100; /* now that one is full, which is not fair */
    assert_false(fluid_by_filling(&n, &fluid));
    link[0].is_fair = link[1].is_fair = false;
    assert_false(fluid_is_fair(&n));
}

/* Six subflows behind a fair queue with CoDel, which drops from each by itself: Reno has its sixth, but for what it is idle after a loss. */
static void senders_behind_a_fair_queue_have_their_part(void **state) {
    net_link link[] = {{.capacity_pps = 4000, .is_fair = true, .queue_max = 10240}, {.loss = 0.05}};
    net_flow flow[] = {{.rule = RULE_RENO, .copies = 1, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.02, 0)}},
                       {.rule = RULE_RENO, .copies = 4, .path_count = 1, .path = {PATH(0.02, 0)}}};
    network n = {link, 2, flow, 2};
    double first, second, others;
    (void)state;
    send(&n, &first, &second, &others);
    near("a subflow", first, 4000 / 6.0, 0.02);
    near("the other", second, 4000 / 6.0, 0.02);
    near("one of the others", others, 4000 / 6.0, 0.02);
    flow[0].path[1] =
        (net_path){.rtt_s = 0.02, .hop = {1, 0}, .hop_count = 2}; /* one that loses too much to take its part */
    send(&n, &first, &second, &others);
    near("who is held up elsewhere", second, 250, 0.2);
    near("the others have what it leaves", others, (4000 - second) / 5, 0.02);
}

/* w = sqrt(2) / p, by both ways, where marks come at random; two subflows are two flows. */
static void dctcp_falls_by_the_marked_part(void **state) {
    net_link link = {.capacity_pps = 4000, RED, .is_marking = true};
    net_flow flow[] = {{.rule = RULE_DCTCP, .copies = 1, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.02, 0)}},
                       {.rule = RULE_DCTCP, .copies = 4, .path_count = 1, .path = {PATH(0.02, 0)}}};
    network n = {&link, 1, flow, 2};
    double first, second, others;
    (void)state;
    fluid_result fluid = solve("dctcp", &n, false);
    near("a flow's part", fluid.rate_pps[2], 4000 / 6.0, 0.001);
    double rtt_s = 0.02025 + red_queue(&link, fluid.price[0]) / 4000;
    near("its window", fluid.rate_pps[2] * rtt_s, sqrt(2) / fluid.price[0], 0.001);
    send(&n, &first, &second, &others);
    near("use of the link", first + second + 4 * others, 4000, 0.01);
    near("two subflows beside one flow", (first + second) / others, 2, 0.1);
    link.is_marking = false; /* without marks it is Reno */
    double reno[3], dctcp[3];
    send(&n, &dctcp[0], &dctcp[1], &dctcp[2]);
    flow[0].rule = flow[1].rule = RULE_RENO;
    send(&n, &reno[0], &reno[1], &reno[2]);
    assert_memory_equal(reno, dctcp, sizeof reno);
}

/* LIA's alpha by 512 in whole numbers (RFC 6356, equation 4): 512 / 2, 512 / 3, and 512 x 30 x 20 / 25^2 = 491.5. */
static void lia_alpha_is_a_whole_number(void **state) {
    rule_path path[] = {{.window = 10, .rtt_s = 0.1}, {.window = 10, .rtt_s = 0.1}, {.window = 10, .rtt_s = 0.1}};
    (void)state;
    assert_true(rule_lia_alpha(path, 2) == 256);
    assert_true(rule_lia_alpha(path, 3) == 170);
    path[1] = (rule_path){.window = 20, .rtt_s = 0.05};
    assert_true(rule_lia_alpha(path, 2) == 491);
}

/* BBR: paced at 0.99 of the link, less what ten-second pauses of 200 ms cost; losses do not matter to it. */
static void bbr_fills_a_link_whatever_is_lost(void **state) {
    (void)state;
    for (int percent = 0; percent <= 4; percent += 2) {
        net_link link = {.capacity_pps = 1000, .queue_max = 200, .loss = percent / 100.0};
        net_flow flow = {.rule = RULE_BBR, .copies = 1, .path_count = 1, .path = {PATH(0.05, 0)}};
        network n = {&link, 1, &flow, 1};
        double rate;
        assert_non_null(fluid_refuses(&n));
        packets_run(&n, &settings, &rate);
        near("alone", rate, 980, 0.015);
    }
}

/* Ware, Mukerjee, Seshan and Sherry, IMC 2019: behind a deep drop-tail queue one flow of BBR gets some 40 % beside one Reno flow as beside 16. */
static void bbr_has_its_part_beside_any_number_of_others(void **state) {
    static const size_t others[] = {1, 4, 16};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        net_link link = {.capacity_pps = 1000, .queue_max = 16 * 40};
        net_flow flow[] = {{.rule = RULE_BBR, .copies = 1, .path_count = 1, .path = {PATH(0.04, 0)}},
                           {.rule = RULE_RENO, .copies = others[i], .path_count = 1, .path = {PATH(0.04, 0)}}};
        network n = {&link, 1, flow, 2};
        double sum = 0;
        for (unsigned long seed = 1; seed <= 3; seed++) {
            double rate[17];
            packets_run(&n, &(packets_settings){.warm_up_s = 20, .measured_s = 300, .start_s = 2, .seed = seed}, rate);
            sum += rate[0];
        }
        near("BBR's part", sum / 3, 400, 0.2);
    }
}

/* CoDel keeps a queue of many flows at 5 ms (they have 1/p packets between losses as those of the law of random loss). */
static void codel_keeps_its_delay(void **state) {
    net_link link = {.capacity_pps = 4000, .is_codel = true, .queue_max = 1000};
    net_flow flow = {.rule = RULE_RENO, .copies = 8, .path_count = 1, .path = {PATH(0.02, 0)}};
    network n = {&link, 1, &flow, 1};
    packets_settings longer = settings;
    double rate[8], sum = 0, low = INFINITY, high = 0;
    (void)state;
    longer.seed = 3;
    packets_run(&n, &longer, rate);
    for (int k = 0; k < 8; k++) {
        sum += rate[k];
        low = fmin(low, rate[k]);
        high = fmax(high, rate[k]);
    }
    near("use of the link", sum, 4000, 0.02);
    near("the slowest beside the fastest", low, high, 0.15);
    fluid_result fluid = solve("codel", &n, true);
    near("price at 5 ms of queue", fluid.price[0], 2 / pow(500 * (0.02025 + CODEL_TARGET_S), 2), 0.02);
}

/* One of two flows stops: the other has the link to itself, in both predictions. */
static void who_stops_takes_no_part(void **state) {
    net_link link = {.capacity_pps = 2000, RED};
    net_flow flow[] = {
        {.rule = RULE_RENO, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}},
        {.rule = RULE_RENO, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}, .stop_s = 15, .is_over = true},
        {.rule = RULE_RENO, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}, .start_s = 1000}};
    network n = {&link, 1, flow, 2};
    double rate[3];
    (void)state;
    fluid_result fluid = {0};
    assert_true(fluid_by_root(&n, &fluid));
    near("root", fluid.rate_pps[0], 2000, 0.001);
    assert_true(fluid_by_ode(&n, &fluid));
    near("ode", fluid.rate_pps[0], 2000, 0.005);
    n.flow_count = 3;
    packets_run(&n, &settings, rate);
    near("packets", rate[0], 1960, 0.04);
    assert_true(rate[1] == 0);
    assert_true(rate[2] == 0);
}

static void what_nothing_limits_is_refused(void **state) {
    net_link link = {0};
    net_flow flow = {.rule = RULE_LIA, .copies = 1, .path_count = 1, .path = {PATH(0.02, 0)}};
    network n = {&link, 1, &flow, 1};
    (void)state;
    assert_non_null(fluid_refuses(&n));
    link.loss = 0.01;
    assert_null(fluid_refuses(&n));
}

static void same_seed_same_rates(void **state) {
    net_link link = {.capacity_pps = 1000, RED};
    net_flow flow = {.rule = RULE_OLIA, .copies = 2, .path_count = 2, .path = {PATH(0.02, 0), PATH(0.03, 0)}};
    network n = {&link, 1, &flow, 1};
    packets_settings short_run = {.warm_up_s = 2, .measured_s = 10, .start_s = 1, .seed = 7};
    double rate[3][4];
    (void)state;
    for (int i = 0; i < 3; i++) {
        packets_run(&n, &short_run, rate[i]);
        short_run.seed += (unsigned long)i;
    }
    assert_memory_equal(rate[0], rate[1], sizeof rate[0]);
    assert_memory_not_equal(rate[0], rate[2], sizeof rate[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_bottleneck_has_the_published_ratios),
        cmocka_unit_test(disjoint_bottlenecks_have_the_derived_rates),
        cmocka_unit_test(random_loss_gives_the_sums_of_theory),
        cmocka_unit_test(one_path_follows_the_square_root_law),
        cmocka_unit_test(wvegas_equalises_delays),
        cmocka_unit_test(cubic_has_both_regions),
        cmocka_unit_test(fair_queues_are_filled),
        cmocka_unit_test(senders_behind_a_fair_queue_have_their_part),
        cmocka_unit_test(dctcp_falls_by_the_marked_part),
        cmocka_unit_test(lia_alpha_is_a_whole_number),
        cmocka_unit_test(bbr_fills_a_link_whatever_is_lost),
        cmocka_unit_test(bbr_has_its_part_beside_any_number_of_others),
        cmocka_unit_test(codel_keeps_its_delay),
        cmocka_unit_test(who_stops_takes_no_part),
        cmocka_unit_test(what_nothing_limits_is_refused),
        cmocka_unit_test(same_seed_same_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
