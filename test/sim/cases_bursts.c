/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_bursts.c: a hole of the stream is filled, which makes room for a whole window at once, and how that leaves. */
#include <inttypes.h>
#include <stdio.h>

#include "cases.h"

enum { WINDOW_BYTES = 150000, QUEUE_BYTES = 60000, PACE_MS = 50 };

/** The server sends over 10 and 2 Mb/s with more window than the queue of the first holds, and loses one segment there, as @p box says. */
static sim_world *download(const char *name, sim_box *box) {
    sim_scenario s;
    sim_case_two_links(&s, name, 0, 1900 * (uint64_t)MEGABYTE);
    s.is_sealed = false;
    s.faults_end_ns = s.delivery_ns = 3000 * MPT_S;
    s.end_ns = 7200 * MPT_S;
    s.expect_delivery = false;
    s.link[1].rate_bps = 2000000;
    for (uint32_t i = 0; i < s.link_count; i++) {
        s.link[i].delay_ns = 50 * MPT_MS;
        s.link[i].queue_bytes_max = i == 0 ? QUEUE_BYTES : 10 * QUEUE_BYTES;
    }
    for (int side = 0; side < 2; side++) {
        snprintf(s.settings[side].conn.scheduler, MPT_NAME_BYTES, "earliest");
        snprintf(s.settings[side].conn.congestion_control, MPT_NAME_BYTES, "cubic");
    }
    s.settings[SIM_CLIENT].conn.receive_buffer_bytes = WINDOW_BYTES;
    return sim_case_world(&s, box);
}

/** @return whether one acknowledgement made room for most of the window within a second from now, and then that is now */
static bool run_until_window_opens(sim_world *w) {
    uint64_t acked = sim_case_info(w, SIM_SERVER).bytes_acked;
    for (mpt_time end = w->now + 1 * MPT_S, at = w->now; at < end; at += MPT_MS) {
        uint64_t before = acked;
        sim_world_run_until(w, at);
        acked = sim_case_info(w, SIM_SERVER).bytes_acked;
        if (acked - before > WINDOW_BYTES / 2)
            return true;
    }
    return false;
}

/** At 1.25 of what the first link passes, beside what the second takes: smaller steps of the stream on the way do not end that. */
static void window_that_opens_at_once_leaves_at_the_pace_of_the_link(const char *name) {
    sim_box box = {.matches = sim_is_data_on_link, .act = sim_do_lose, .times = 1, .from_ns = 5 * MPT_S};
    sim_world *w = download(name, &box);
    sim_world_run_until(w, 5 * MPT_S);
    SIM_REQUIRE(w->stats[SIM_STAT_overflowed] == 0, "a queue was full before");
    SIM_REQUIRE(run_until_window_opens(w), "no window opened at once");
    uint64_t first = box.data_bytes[0][SIM_SERVER];
    sim_world_run_until(w, w->now + PACE_MS * MPT_MS);
    double mbps = (double)(box.data_bytes[0][SIM_SERVER] - first) * 8 / (PACE_MS * 1e3);
    double most = 1.25 * 10 * 1420 / 1500; /* the payload of full segments */
    SIM_REQUIRE(mbps > 0.95 * most && mbps < 1.05 * most, "it leaves with %.2f Mb/s, not %.2f", mbps, most);
    sim_world_run_until(w, 6 * MPT_S);
    SIM_REQUIRE(box.acted == 1 && w->stats[SIM_STAT_overflowed] == 0 &&
                    sim_case_counters(w, SIM_SERVER)->RetransSegs == 1,
                "%" PRIu64 " segments were lost to a full queue", w->stats[SIM_STAT_overflowed]);
    sim_conn *c = w->host[SIM_SERVER].conn[0];
    c->is_aborted = true;
    mpt_conn_abort(c->conn, w->now);
    sim_host_settle(&w->host[SIM_SERVER]);
    sim_case_finish(w);
}

static const sim_case cases[] = {
    SIM_CASE(window_that_opens_at_once_leaves_at_the_pace_of_the_link),
};
SIM_CASES(bursts)
