/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_paths.c: paths that are unlike, poor, or spare: what the best of them gives is the least that comes out, and like ones give their sum. */
#include <inttypes.h>
#include <string.h>

#include "cases.h"

enum { SIDES = 2 };

/** Two paths of 10 Mb/s, the server sends without end. Bytes are not looked at where rates are measured. */
static void endless_download(sim_scenario *s, const char *name) {
    sim_case_two_links(s, name, 0, 1900 * (uint64_t)MEGABYTE);
    s->is_sealed = false;
    s->faults_end_ns = s->delivery_ns = 3000 * MPT_S;
    s->end_ns = 7200 * MPT_S;
}

static sim_world *download_world(const sim_scenario *s) {
    return sim_world_new(s, &(sim_options){.check_every = 5000});
}

static void name_setting(sim_scenario *s, const char *scheduler, const char *control) {
    for (int side = 0; side < SIDES; side++) {
        snprintf(s->settings[side].conn.scheduler, MPT_NAME_BYTES, "%s", scheduler);
        snprintf(s->settings[side].conn.congestion_control, MPT_NAME_BYTES, "%s", control);
    }
}

static void set_path(sim_scenario *s, uint32_t link, double rate_mbps, double delay_ms, uint32_t queue_bytes) {
    s->link[link].rate_bps = (uint64_t)(rate_mbps * 1e6);
    s->link[link].delay_ns = (mpt_time)(delay_ms * (double)MPT_MS);
    s->link[link].queue_bytes_max = queue_bytes;
}

static uint64_t delivered(const sim_world *w) {
    const sim_conn *c = w->host[SIM_CLIENT].conn[0];
    return c == NULL ? 0 : c->read;
}

/** Stops a world in the middle: its cores go without a word. */
static void stop(sim_world *w) {
    w->scenario.expect_delivery = false;
    for (int side = 0; side < SIDES; side++) {
        sim_conn *c = w->host[side].conn[0];
        if (c != NULL && !c->is_released && c->failure == MPT_OK) {
            c->is_aborted = true;
            mpt_conn_abort(c->conn, w->now);
            sim_host_settle(&w->host[side]);
        }
    }
    sim_world_run(w);
    sim_world_free(w);
}

/** @return Mb/s delivered between @p from and @p until, and in *stall_s the longest time without a byte */
static double goodput(sim_world *w, mpt_time from, mpt_time until, double *stall_s) {
    enum { STEP_MS = 20 };
    sim_world_run_until(w, from);
    uint64_t first = delivered(w), last = first;
    mpt_time last_at = from, longest = 0;
    for (mpt_time at = from; at < until; at += STEP_MS * MPT_MS) {
        sim_world_run_until(w, at + STEP_MS * MPT_MS);
        if (delivered(w) == last)
            continue;
        longest = w->now - last_at > longest ? w->now - last_at : longest;
        last = delivered(w);
        last_at = w->now;
    }
    longest = until - last_at > longest ? until - last_at : longest;
    *stall_s = (double)longest / 1e9;
    return (double)(delivered(w) - first) * 8e3 / (double)(until - from);
}

static double goodput_of(const sim_scenario *s, mpt_time from, mpt_time until) {
    double stall_s;
    sim_world *w = download_world(s);
    double mbps = goodput(w, from, until, &stall_s);
    stop(w);
    return mbps;
}

/* ---- A poor path does not hold up a good one ----------------------------------------------------------------------- */

/** Short buffers: what the slow path holds fills the window. */
static void slow_path_takes_nothing_from_a_fast_one(const char *name) {
    static const struct {
        const char *scheduler;
        uint32_t buffer_bytes;
        double rate0, delay0, rate1, delay1;
    } cases[] = {{"earliest", 262144, 20, 10, 2, 150}, {"earliest", 131072, 10, 10, 1, 250},
                 {"earliest", 65536, 10, 5, 10, 200},  {"minrtt", 262144, 20, 10, 2, 150},
                 {"minrtt", 131072, 10, 10, 1, 250},   {"roundrobin", 262144, 20, 10, 2, 150}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sim_scenario s;
        endless_download(&s, name);
        name_setting(&s, cases[i].scheduler, "cubic");
        set_path(&s, 0, cases[i].rate0, cases[i].delay0, 100000);
        set_path(&s, 1, cases[i].rate1, cases[i].delay1, 100000);
        s.settings[SIM_CLIENT].conn.receive_buffer_bytes = cases[i].buffer_bytes;
        double both = goodput_of(&s, 3 * MPT_S, 13 * MPT_S);
        s.link_count = 1;
        double alone = goodput_of(&s, 3 * MPT_S, 13 * MPT_S);
        bool is_waiting = strcmp(cases[i].scheduler, "earliest") == 0; /* for the others copies have to make up */
        SIM_REQUIRE(both >= (is_waiting ? 0.98 : 0.88) * alone, "%s, %u bytes: %.2f Mb/s, %.2f without the slow path",
                    cases[i].scheduler, cases[i].buffer_bytes, both, alone);
    }
}

/** What lies in a path's queue when its rate falls a hundredfold and more would take minutes. */
static void path_that_becomes_slow_does_not_stop_the_stream(const char *name) {
    static const struct {
        double rate_mbps;
        uint32_t queue_bytes;
    } cases[] = {{0.1, 60000}, {0.02, 60000}, {0.1, 300000}, {0.02, 300000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sim_scenario s;
        double stall_s;
        endless_download(&s, name);
        set_path(&s, 1, 10, 15, cases[i].queue_bytes);
        sim_world *w = download_world(&s);
        sim_world_run_until(w, 5 * MPT_S);
        w->link[1].settings.rate_bps = (uint64_t)(cases[i].rate_mbps * 1e6);
        double mbps = goodput(w, 5 * MPT_S, 35 * MPT_S, &stall_s);
        SIM_REQUIRE(mbps > 7 && stall_s < 2, "%.2f Mb/s left, queue %u: %.2f Mb/s in all, a stall of %.2f s",
                    cases[i].rate_mbps, cases[i].queue_bytes, mbps, stall_s);
        stop(w);
    }
}

static double completion_s(sim_scenario *s, uint64_t bytes) {
    sim_world *w = download_world(s);
    mpt_time at = 0;
    while (delivered(w) < bytes && at < 100 * MPT_S)
        sim_world_run_until(w, at += MPT_MS);
    stop(w);
    return (double)at / 1e9;
}

/** The last bytes of a transfer do not wait for a path of long delay. */
static void end_of_a_transfer_does_not_wait_for_a_slow_path(const char *name) {
    static const uint64_t sizes[] = {200000, 700000, 2000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sim_scenario s;
        endless_download(&s, name);
        s.app[0].side[SIM_SERVER].bytes = sizes[i];
        set_path(&s, 0, 20, 10, 100000);
        set_path(&s, 1, 1, 50, 100000);
        double both = completion_s(&s, sizes[i]);
        s.link_count = 1;
        double alone = completion_s(&s, sizes[i]);
        SIM_REQUIRE(both <= 1.05 * alone, "%" PRIu64 " bytes: %.3f s, %.3f s without the slow path", sizes[i], both,
                    alone);
    }
}

/** Nagle's algorithm is about a path by itself: a message's last segment does not wait for what a slower one has under way. */
static void end_of_a_message_does_not_wait_for_another_path(const char *name) {
    enum { REQUEST_BYTES = 100, ANSWER_BYTES = 100000, TURNS = 10000, ROUND_MS = 200 };
    double took_ms[2];
    for (int has_nagle = 0; has_nagle <= 1; has_nagle++) {
        sim_scenario s;
        double stall_s;
        endless_download(&s, name);
        name_setting(&s, "minrtt", "lia"); /* one that uses the slower path, too */
        set_path(&s, 1, 10, ROUND_MS / 2, 100000);
        s.app[0].side[SIM_CLIENT].bytes = REQUEST_BYTES * (uint64_t)TURNS;
        s.app[0].side[SIM_CLIENT].message_bytes = REQUEST_BYTES;
        s.app[0].side[SIM_SERVER].bytes = ANSWER_BYTES * (uint64_t)TURNS;
        s.app[0].side[SIM_SERVER].message_bytes = ANSWER_BYTES;
        s.settings[SIM_SERVER].conn.nagle = has_nagle;
        s.settings[SIM_SERVER].conn.opportunistic_retransmission = false;
        sim_world *w = download_world(&s);
        took_ms[has_nagle] = ANSWER_BYTES * 8e-3 / goodput(w, 5 * MPT_S, 25 * MPT_S, &stall_s);
        stop(w);
    }
    SIM_REQUIRE(took_ms[1] < took_ms[0] + ROUND_MS / 5, "%.1f ms a message with Nagle's algorithm, %.1f ms without",
                took_ms[1], took_ms[0]);
}

/* ---- Backups ------------------------------------------------------------------------------------------------------- */

/** The ordinary path goes; of two backups the better one is used, too, whichever was there first. */
static void all_backups_are_used(const char *name) {
    for (uint32_t fast = 1; fast <= 2; fast++) {
        sim_scenario s;
        double stall_s;
        endless_download(&s, name);
        s.link_count = 3;
        s.is_backup[1] = s.is_backup[2] = true;
        set_path(&s, fast, 20, 20, 100000);
        set_path(&s, 3 - fast, 1, 10, 60000);
        sim_world *w = download_world(&s);
        sim_world_run_until(w, 5 * MPT_S);
        sim_world_address(w, 0, false);
        double mbps = goodput(w, 8 * MPT_S, 28 * MPT_S, &stall_s);
        SIM_REQUIRE(mbps > 18, "fast backup is path %u: %.2f Mb/s", fast, mbps);
        stop(w);
    }
}

/** A coupled congestion control does not count a window that nothing is sent through (RFC 6356 2, goal 1). */
static void idle_backup_takes_nothing_from_the_path_in_use(const char *name) {
    static const char *const controls[] = {"lia", "lia-rfc", "olia", "balia", "coupled"};
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        double mbps[2] = {0, 0};
        for (uint32_t links = 1; links <= 2; links++)
            for (uint64_t seed = 1; seed <= 3; seed++) {
                sim_scenario s;
                endless_download(&s, name);
                s.seed = seed;
                s.link_count = links;
                s.is_backup[1] = true;
                name_setting(&s, "earliest", controls[i]);
                set_path(&s, 0, 40, 40, 1000000);
                set_path(&s, 1, 40, 40, 1000000);
                s.link[0].loss_ppm = 5000;
                mbps[links - 1] += goodput_of(&s, 5 * MPT_S, 65 * MPT_S) / 3;
            }
        SIM_REQUIRE(mbps[1] > 0.93 * mbps[0], "%s: %.2f Mb/s with an idle backup, %.2f without", controls[i], mbps[1],
                    mbps[0]);
    }
}

/* ---- Copies -------------------------------------------------------------------------------------------------------- */

/** The only path is silent; when another comes, what was under way goes there at once, not at the next of ever rarer timeouts. */
static void new_path_rescues_what_is_timing_out(const char *name) {
    static const int up_after_ms[] = {2200, 7300, 16700};
    for (int sender = 0; sender < SIDES; sender++)
        for (size_t i = 0; i < sizeof up_after_ms / sizeof *up_after_ms; i++) {
            sim_scenario s;
            sim_case_two_links(&s, name, sender == SIM_CLIENT ? 20 * MEGABYTE : 0,
                               sender == SIM_SERVER ? 20 * MEGABYTE : 0);
            s.faults_end_ns = s.delivery_ns = 300 * MPT_S;
            s.end_ns = 7200 * MPT_S;
            sim_world *w = download_world(&s);
            mpt_time up_at = up_after_ms[i] * MPT_MS;
            sim_world_run_until(w, 1);
            sim_world_address(w, 1, false);
            sim_world_run_until(w, 1 * MPT_S);
            w->link[0].is_blocked = true;
            sim_world_run_until(w, up_at - MPT_MS);
            uint64_t before = w->host[!sender].conn[0]->read;
            sim_world_address(w, 1, true);
            sim_world_run_until(w, up_at + 1 * MPT_S);
            uint64_t after = w->host[!sender].conn[0]->read;
            SIM_REQUIRE(after > before + 100000,
                        "side %d sends, other path up at %.1f s: %" PRIu64 " bytes in a second", sender,
                        (double)up_at / 1e9, after - before);
            w->link[0].is_blocked = false;
            stop(w);
        }
}

/** A path that holds everything back for a while loses nothing: what it acknowledges afterwards is not sent again by anybody. */
static void pauses_of_a_path_cost_few_copies(const char *name) {
    enum { PAUSES = 10, PAUSE_MS = 400 };
    sim_scenario s;
    endless_download(&s, name);
    name_setting(&s, "minrtt", "cubic");
    set_path(&s, 0, 1, 10, 60000);
    set_path(&s, 1, 40, 10, 60000);
    sim_world *w = download_world(&s);
    for (int i = 0; i < PAUSES; i++) {
        mpt_time at = (2 + i) * MPT_S;
        sim_world_run_until(w, at);
        w->link[1].busy_until[0] = w->link[1].busy_until[1] = at + PAUSE_MS * MPT_MS;
        w->link[1].settings.queue_bytes_max = 10 * MEGABYTE;
        sim_world_run_until(w, at + (PAUSE_MS + 200) * MPT_MS);
        w->link[1].settings.queue_bytes_max = 60000;
    }
    sim_world_run_until(w, (2 + PAUSES) * MPT_S);
    mpt_conn_info info;
    mpt_conn_get_info(w->host[SIM_SERVER].conn[0]->conn, &info);
    uint64_t held = PAUSES * UINT64_C(60000); /* the queue behind it, and what is in flight */
    SIM_REQUIRE(info.bytes_reinjected > 0 && info.bytes_reinjected < held,
                "%" PRIu64 " bytes were sent again, the path held about %" PRIu64 " in all its pauses",
                info.bytes_reinjected, held);
    stop(w);
}

/** Answers of one path's window, and the stream may go on: what another path holds is there in time, and is not sent again after each. */
static void answers_are_hardly_copied(const char *name) {
    enum { ANSWERS = 50, ANSWER_BYTES = 5000, REQUEST_BYTES = 100, PART = 10 };
    sim_scenario s;
    sim_case_two_links(&s, name, ANSWERS * REQUEST_BYTES, ANSWERS * ANSWER_BYTES);
    s.app[0].side[SIM_CLIENT].message_bytes = REQUEST_BYTES;
    s.app[0].side[SIM_SERVER].message_bytes = ANSWER_BYTES;
    s.app[0].side[SIM_CLIENT].read_bytes_max = ANSWER_BYTES;
    s.app[0].side[SIM_CLIENT].read_pause_ns = 300 * MPT_MS;
    s.settings[SIM_CLIENT].conn.receive_buffer_bytes = 40000;
    set_path(&s, 0, 1, 0.5, 6000);
    set_path(&s, 1, 2, 2.5, 15000);
    sim_world *w = sim_world_new(&s, &(sim_options){.check_every = 16});
    uint64_t twice = 0;
    for (mpt_time at = MPT_S / 10; delivered(w) < (ANSWERS - 1) * ANSWER_BYTES; at += MPT_MS) {
        sim_world_run_until(w, at);
        if (w->host[SIM_SERVER].conn[0] && !w->host[SIM_SERVER].conn[0]->is_released)
            twice = sim_case_info(w, SIM_SERVER).bytes_reinjected;
    }
    SIM_REQUIRE(twice * PART < ANSWERS * ANSWER_BYTES, "%" PRIu64 " of %d bytes went twice", twice,
                ANSWERS * ANSWER_BYTES);
    sim_world_run(w);
    sim_world_free(w);
}

/** One of two paths falls silent while the window is full: copies of what it holds go though soon nothing more is acknowledged that would ask for them. */
static void silent_path_stops_no_full_window(const char *name) {
    static const int silent_at_ms[] = {5000, 5011, 5022, 5033, 5044, 5055, 5066, 5077};
    for (size_t i = 0; i < sizeof silent_at_ms / sizeof *silent_at_ms; i++) {
        sim_scenario s;
        double stall_s;
        endless_download(&s, name);
        name_setting(&s, "minrtt", "cubic");
        for (uint32_t link = 0; link < 2; link++)
            set_path(&s, link, 100, 20, 100000);
        s.settings[SIM_CLIENT].conn.receive_buffer_bytes = 600000;
        sim_world *w = download_world(&s);
        mpt_time at = silent_at_ms[i] * MPT_MS;
        sim_world_run_until(w, at);
        w->link[1].is_blocked = true;
        goodput(w, at, at + 2 * MPT_S, &stall_s);
        w->link[1].is_blocked = false;
        SIM_REQUIRE(stall_s < 0.2, "silent at %.3f s: a stall of %.3f s", (double)at / 1e9,
                    stall_s); /* a timeout takes longer */
        stop(w);
    }
}

/* ---- Like paths ---------------------------------------------------------------------------------------------------- */

/** Two like paths give their sum, whatever queues and buffers are: none is chosen again and again until its queue is long. */
static void like_paths_give_their_sum(const char *name) {
    static const char *const schedulers[] = {"earliest", "minrtt", "roundrobin"};
    static const struct {
        double mbps, delay_ms;
        uint32_t queue_bytes, buffer_bytes;
    } cases[] = {
        {10, 10, 60000, 131072},   {10, 10, 1500000, 131072},  {5, 20, 1500000, 262144},
        {5, 20, 1500000, 1048576}, {10, 30, 6000000, 4194304},
    };
    for (size_t k = 0; k < sizeof schedulers / sizeof *schedulers; k++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            sim_scenario s;
            endless_download(&s, name);
            name_setting(&s, schedulers[k], "cubic");
            for (uint32_t link = 0; link < 2; link++)
                set_path(&s, link, cases[i].mbps, cases[i].delay_ms, cases[i].queue_bytes);
            for (int side = 0; side < SIDES; side++) {
                s.settings[side].conn.send_buffer_bytes = cases[i].buffer_bytes;
                s.settings[side].conn.receive_buffer_bytes = cases[i].buffer_bytes;
            }
            double both = goodput_of(&s, 4 * MPT_S, 12 * MPT_S), sum = 2 * 0.94 * cases[i].mbps;
            SIM_REQUIRE(both > 0.93 * sum, "%s, 2 x %.0f Mb/s, queue %u, buffers %u: %.2f Mb/s", schedulers[k],
                        cases[i].mbps, cases[i].queue_bytes, cases[i].buffer_bytes, both);
        }
}

static const sim_case cases[] = {
    SIM_CASE(slow_path_takes_nothing_from_a_fast_one),
    SIM_CASE(path_that_becomes_slow_does_not_stop_the_stream),
    SIM_CASE(end_of_a_transfer_does_not_wait_for_a_slow_path),
    SIM_CASE(end_of_a_message_does_not_wait_for_another_path),
    SIM_CASE(all_backups_are_used),
    SIM_CASE(idle_backup_takes_nothing_from_the_path_in_use),
    SIM_CASE(new_path_rescues_what_is_timing_out),
    SIM_CASE(pauses_of_a_path_cost_few_copies),
    SIM_CASE(answers_are_hardly_copied),
    SIM_CASE(silent_path_stops_no_full_window),
    SIM_CASE(like_paths_give_their_sum),
};
SIM_CASES(paths)
