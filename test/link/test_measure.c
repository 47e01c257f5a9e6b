/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_measure: metrics and events of what an engine tells, with times and values that are easily worked out by hand. */
#define _GNU_SOURCE 1

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* A phone on Wi-Fi and LTE, and a server. */
struct fixture {
    struct scenario spec;
    struct scn_path paths[3];
    struct scn_flow flow;
    struct scn_event event;
    const char *phone, *server;
    struct measure *m;
    char *out;
    size_t bytes;
    FILE *file;
};

static void begin(struct fixture *f) {
    *f = (struct fixture){.phone = "phone", .server = "server"};
    f->paths[0] = (struct scn_path){.name = "wifi", .type = SCN_WIFI, .enabled = true, .hosts = {&f->phone, 1}};
    f->paths[1] = (struct scn_path){.name = "lte", .type = SCN_LTE, .enabled = true, .hosts = {&f->phone, 1}};
    f->paths[2] = (struct scn_path){.name = "cable", .type = SCN_ETHERNET, .enabled = true, .hosts = {&f->server, 1}};
    f->flow = (struct scn_flow){.name = "f", .client = "phone", .server = "server", .protocol = SCN_MPTCP};
    f->spec.paths.at = f->paths;
    f->spec.paths.count = 3;
    f->spec.flows.at = &f->flow;
    f->spec.flows.count = 1;
    f->spec.sampling.interval_ms = 100;
    f->file = open_memstream(&f->out, &f->bytes);
}

/* To be called when the scenario is complete. */
static struct measure_flow *start(struct fixture *f) {
    f->m = measure_new(&f->spec, f->file);
    f->m->flows[0].start_ns = S;
    return &f->m->flows[0];
}

static void print(struct fixture *f, int64_t end_ns) {
    measure_print(f->m, end_ns);
    fclose(f->file);
}

static void end(struct fixture *f) {
    measure_free(f->m);
    free(f->out);
}

static void require(const struct fixture *f, const char *line) {
    if (!strstr(f->out, line))
        fail_msg("no line '%s' in\n%s", line, f->out);
}

static void refuse(const struct fixture *f, const char *text) {
    if (strstr(f->out, text))
        fail_msg("'%s' in\n%s", text, f->out);
}

/* 10 ms for 1 s, 20 ms for 2 s, 100 ms for 0.1 s: 95 % of the time is spent at 20 ms or below. */
static void round_trip_times_are_weighted_by_time(void **state) {
    struct fixture f;
    (void)state;
    begin(&f);
    struct measure_flow *flow = start(&f);
    measure_subflow(f.m, flow, false, 0, &f.paths[0], MEASURE_RTT, 2 * S, 10 * MS);
    measure_subflow(f.m, flow, false, 0, NULL, MEASURE_RTT, 3 * S, 20 * MS);
    measure_subflow(f.m, flow, false, 0, NULL, MEASURE_RTT, 5 * S, 100 * MS);
    measure_subflow(f.m, flow, false, 0, NULL, MEASURE_DOWN, 5 * S + 100 * MS, 0);
    measure_subflow(f.m, flow, true, 0, &f.paths[0], MEASURE_RTT, 2 * S, 999 * MS); /* the receiver's does not count */
    print(&f, 60 * S);
    require(&f, "metric\trtt_mean\tflow:f\tms\t19.35483870967742\n"); /* (10 + 40 + 10) / 3.1 */
    require(&f, "metric\trtt_p95\tflow:f path:wifi\tms\t20\n");
    refuse(&f, "rtt_mean\tflow:f path:lte");
    end(&f);
}

static void subflows_are_counted_after_their_end(void **state) {
    struct fixture f;
    (void)state;
    begin(&f);
    struct measure_flow *flow = start(&f);
    for (uint32_t id = 0; id < 3; id++) {
        measure_subflow(f.m, flow, true, id, &f.paths[id % 2], MEASURE_UP, (2 + id) * S, 1);
        measure_subflow(f.m, flow, false, id, &f.paths[id % 2], MEASURE_RETRANSMITTED, (2 + id) * S, 1000 * (id + 1));
        measure_subflow(f.m, flow, false, id, NULL, MEASURE_TIMEOUTS, (2 + id) * S, id);
    }
    measure_subflow(f.m, flow, true, 0, NULL, MEASURE_DOWN, 9 * S, 3);
    print(&f, 10 * S);
    require(&f, "metric\tsubflows\tflow:f\tcount\t3\n");
    require(&f, "metric\tsubflows\tflow:f path:wifi\tcount\t2\n");
    require(&f, "metric\tbytes_retransmitted\tflow:f path:wifi\tbytes\t4000\n");
    require(&f, "metric\ttimeouts\tflow:f\tcount\t3\n");
    require(&f, "event\t9000000\tsubflow_down\tflow:f path:wifi\tsubflow 0, reset for reason 3\n");
    end(&f);
}

/* Out of range from 4 s on, which is told at 5 s; the last byte over Wi-Fi came at 3.9 s, LTE goes on at 4.25 s. */
static void path_that_leaves_range_is_a_handover(void **state) {
    struct fixture f;
    (void)state;
    begin(&f);
    struct measure_flow *flow = start(&f);
    measure_range_changed(f.m, "phone", &f.paths[0], S / 2, true);
    byte_log_add(measure_path_log(flow, &f.paths[0]), 3900 * MS, 1000);
    measure_delivered(flow, 3900 * MS, 1000);
    byte_log_add(measure_path_log(flow, &f.paths[1]), 4250 * MS, 1000);
    measure_delivered(flow, 4250 * MS, 1000);
    measure_range_changed(f.m, "phone", &f.paths[0], 4 * S, false);
    measure_range_changed(f.m, "phone", &f.paths[0], 8 * S, true);
    print(&f, 10 * S);
    require(&f, "event\t500000\tassociated\thost:phone path:wifi\t\n");
    require(&f, "event\t4000000\tout_of_range\thost:phone path:wifi\tsince the last beacon\n"
                "event\t4250000\thandover\tflow:f path:lte\twifi is gone: 0.350 s after the last byte\n");
    require(&f, "metric\tassociations\thost:phone path:wifi\tcount\t2\n");
    require(&f, "metric\tassociated\thost:phone path:wifi\tfraction\t0.55000000000000004\n");
    end(&f);
}

static void path_that_was_not_in_use_is_none(void **state) {
    struct fixture f;
    (void)state;
    begin(&f);
    f.event = (struct scn_event){.time_s = 6, .path = "wifi", .link = SCN_LINK_DOWN, .delay_ms = -1};
    f.spec.events.at = &f.event;
    f.spec.events.count = 1;
    struct measure_flow *flow = start(&f);
    byte_log_add(measure_path_log(flow, &f.paths[0]), 4 * S, 1000);
    byte_log_add(measure_path_log(flow, &f.paths[1]), 7 * S, 1000);
    measure_delivered(flow, 7 * S, 1000);
    print(&f, 10 * S);
    require(&f, "event\t6000000\tlink_down\tpath:wifi\t\n");
    refuse(&f, "handover");
    end(&f);
}

static void what_comes_after_the_end_is_none(void **state) {
    struct fixture f;
    (void)state;
    begin(&f);
    f.flow.bytes = 1000;
    f.event = (struct scn_event){.time_s = 6, .path = "wifi", .link = SCN_LINK_DOWN, .delay_ms = -1};
    f.spec.events.at = &f.event;
    f.spec.events.count = 1;
    struct measure_flow *flow = start(&f);
    measure_subflow(f.m, flow, false, 0, &f.paths[0], MEASURE_RTT, 2 * S, 10 * MS);
    measure_delivered(flow, 3 * S, 1000);
    measure_subflow(f.m, flow, false, 0, NULL, MEASURE_RTT, 4 * S, 500 * MS);
    print(&f, 5 * S);
    require(&f, "event\t3000000\tcompleted\tflow:f\t\n");
    require(&f, "metric\trtt_mean\tflow:f\tms\t10\n");
    refuse(&f, "link_down");
    end(&f);
}

/* Both ends are on a path: what comes over it is what has the client's address there, not all that the server sends from it. */
static void a_path_of_both_ends_counts_by_the_clients(void **state) {
    struct fixture f;
    const char *both[2];
    (void)state;
    begin(&f);
    both[0] = f.phone;
    both[1] = f.server;
    f.paths[1].hosts.at = both;
    f.paths[1].hosts.count = 2;
    struct measure_flow *flow = start(&f); /* the server is told, as it has two paths */
    byte_log_add(measure_log_by_end(flow, &f.paths[0], true), 2 * S, 3000);
    byte_log_add(measure_log_by_end(flow, &f.paths[1], true), 2 * S, 1000);
    byte_log_add(measure_log_by_end(flow, &f.paths[2], false), 2 * S, 1000);
    assert_null(measure_log_by_end(flow, &f.paths[0], false));
    assert_null(measure_log_by_end(flow, &f.paths[1], false));
    assert_null(measure_log_by_end(flow, &f.paths[2], true));
    print(&f, 10 * S);
    require(&f, "metric\tpath_share\tflow:f path:wifi\tfraction\t0.75\n");
    require(&f, "metric\tpath_share\tflow:f path:lte\tfraction\t0.25\n");
    require(&f, "metric\tpath_share\tflow:f path:cable\tfraction\t0.25\n");
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_times_are_weighted_by_time),
        cmocka_unit_test(subflows_are_counted_after_their_end),
        cmocka_unit_test(path_that_leaves_range_is_a_handover),
        cmocka_unit_test(path_that_was_not_in_use_is_none),
        cmocka_unit_test(what_comes_after_the_end_is_none),
        cmocka_unit_test(a_path_of_both_ends_counts_by_the_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
