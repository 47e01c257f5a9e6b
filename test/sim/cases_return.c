/* SPDX-License-Identifier: GPL-2.0-or-later */
/** cases_return.c: paths that go and come back, told or not, under the side that sends and the one that receives, the opener and the listener. */
#include <inttypes.h>
#include <stdio.h>

#include "cases.h"

/** Bytes that @p side put on @p link in the five seconds after @p at. */
static uint64_t carried_soon_after(sim_world *w, const sim_box *box, uint32_t link, int side, mpt_time at) {
    sim_world_run_until(w, at);
    uint64_t before = box->data_bytes[link][side];
    sim_world_run_until(w, at + 5 * MPT_S);
    return box->data_bytes[link][side] - before;
}

enum { NEAR_MS = 15 };

/* ---- Nobody is told ------------------------------------------------------------------------------------------------ */

/** The last of some links is dark for a while; one side sends all the time, more than the first link can carry. */
typedef struct darkness {
    uint32_t links;
    mpt_time delay_ms; /**< of the dark link */
    int side;          /**< that sends */
    mpt_time dark_ns;
    uint64_t
        least_bytes; /**< that the link carries in the five seconds after: slow start on a long link has less time */
    const char *scheduler; /**< NULL: the usual one */
} darkness;

static void dark_for(const char *name, const darkness *d) {
    uint32_t links = d->links;
    int side = d->side;
    mpt_time dark_ns = d->dark_ns;
    sim_scenario s;
    uint32_t dark = links - 1;
    sim_box box = {0};
    uint64_t bytes = MEGABYTE / 4 * (uint64_t)(dark_ns / MPT_S + 20);
    sim_case_two_links(&s, name, side == SIM_CLIENT ? bytes : 0, side == SIM_SERVER ? bytes : 0);
    s.link_count = links;
    s.link[0].rate_bps = s.link[1].rate_bps = 2000000;
    s.link[dark].delay_ns = d->delay_ms * MPT_MS;
    if (d->scheduler)
        snprintf(s.settings[side].conn.scheduler, MPT_NAME_BYTES, "%s", d->scheduler);
    mpt_time back_at = 3 * MPT_S + dark_ns;
    s.faults_end_ns = back_at + 10 * MPT_S;
    s.delivery_ns = s.faults_end_ns + 1000 * MPT_S;
    s.end_ns = s.delivery_ns + 300 * MPT_S;
    sim_scenario_fault(&s, 3 * MPT_S, SIM_FAULT_BLOCK, dark);
    sim_scenario_fault(&s, back_at, SIM_FAULT_UNBLOCK, dark);
    sim_world *w = sim_case_world(&s, &box);
    uint64_t bytes_after = carried_soon_after(w, &box, dark, side, back_at);
    SIM_REQUIRE(bytes_after > d->least_bytes,
                "dark for %" PRId64 " s, side %d sends: %" PRIu64 " bytes in the five seconds after", dark_ns / MPT_S,
                side, bytes_after);
    sim_case_finish(w);
}

static void dark_path_is_used_again_soon_by_a_sending_client(const char *name) {
    static const int dark_s[] = {2, 7, 18, 31, 65};
    for (size_t i = 0; i < sizeof dark_s / sizeof *dark_s; i++)
        dark_for(name, &(darkness){2, NEAR_MS, SIM_CLIENT, dark_s[i] * MPT_S, 100000, NULL});
}

static void dark_path_is_used_again_soon_by_a_sending_server(const char *name) {
    static const int dark_s[] = {2, 7, 18, 31, 65, 200};
    for (size_t i = 0; i < sizeof dark_s / sizeof *dark_s; i++)
        dark_for(name, &(darkness){2, NEAR_MS, SIM_SERVER, dark_s[i] * MPT_S, 100000, NULL});
}

static void dark_path_is_used_again_soon_though_it_is_the_only_one(const char *name) {
    dark_for(name, &(darkness){1, NEAR_MS, SIM_CLIENT, 25 * MPT_S, 100000, NULL});
    dark_for(name, &(darkness){1, NEAR_MS, SIM_SERVER, 25 * MPT_S, 100000, NULL});
}

/** Whenever it comes back between two attempts to find that out: the steps are a fifth. */
static void dark_long_path_is_used_again_soon(const char *name) {
    enum { FAR_MS = 150 };
    for (mpt_time dark_ns = 300 * MPT_MS; dark_ns < 100 * MPT_S; dark_ns += dark_ns / 5)
        for (int side = SIM_CLIENT; side <= SIM_SERVER; side++)
            dark_for(name, &(darkness){2, FAR_MS, side, dark_ns, 10000, NULL});
}

/** A SACK in the first answer ends the back-off, but does not set the timer. */
static void dark_path_whose_answer_has_a_sack_is_used_again_soon(const char *name) {
    enum { FAR_MS = 60 };
    for (mpt_time dark_ns = 2 * MPT_S; dark_ns < 40 * MPT_S; dark_ns += dark_ns / 5)
        for (int side = SIM_CLIENT; side <= SIM_SERVER; side++)
            dark_for(name, &(darkness){2, FAR_MS, side, dark_ns, 10000, "redundant"});
}

/** The sender gives up what a peer may give up, and nothing of that arrives: only the receiver can find out, and join again. */
static void path_that_its_sender_gave_up_is_joined_again(const char *name) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, 0, 12 * MEGABYTE);
    s.link[0].rate_bps = s.link[1].rate_bps = 2000000;
    s.settings[SIM_SERVER].conn.data_retries = 2;
    s.faults_end_ns = 45 * MPT_S;
    s.delivery_ns = 300 * MPT_S;
    s.end_ns = 600 * MPT_S;
    sim_scenario_fault(&s, 3 * MPT_S, SIM_FAULT_BLOCK, 1);
    sim_scenario_fault(&s, 35 * MPT_S, SIM_FAULT_UNBLOCK, 1);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, 34 * MPT_S);
    SIM_REQUIRE(sim_case_info(w, SIM_SERVER).subflow_count == 1, "the server did not give the subflow up");
    uint64_t bytes = carried_soon_after(w, &box, 1, SIM_SERVER, 35 * MPT_S);
    SIM_REQUIRE(bytes > 100000, "%" PRIu64 " bytes in the five seconds after", bytes);
    sim_case_finish(w);
}

/* ---- The listener's address goes ----------------------------------------------------------------------------------- */

/** The server's only address goes for a while; it cannot join, and the client does not notice. */
static void only_address_of_the_server_goes(const char *name, int side, mpt_time gone_ns, uint32_t links) {
    sim_scenario s;
    sim_box box = {0};
    sim_case_two_links(&s, name, side == SIM_CLIENT ? 20 * MEGABYTE : 1000, side == SIM_SERVER ? 20 * MEGABYTE : 1000);
    s.link_count = links;
    mpt_time back_at = 2 * MPT_S + gone_ns;
    s.faults_end_ns = back_at + 1 * MPT_S;
    s.delivery_ns = back_at + 60 * MPT_S;
    s.end_ns = s.delivery_ns + 300 * MPT_S;
    sim_scenario_fault(&s, 2 * MPT_S, SIM_FAULT_SERVER_DOWN, 0);
    sim_scenario_fault(&s, back_at, SIM_FAULT_SERVER_UP, 0);
    sim_world *w = sim_case_world(&s, &box);
    for (uint32_t link = 0; link < links; link++) {
        uint64_t bytes = carried_soon_after(w, &box, link, side, link == 0 ? back_at : w->now);
        SIM_REQUIRE(bytes > 100000, "gone for %" PRId64 " ms, side %d sends: %" PRIu64 " bytes on link %u",
                    gone_ns / MPT_MS, side, bytes, link);
    }
    sim_case_finish(w);
}

/**
 * A server that allows one subflow refuses a join, and doubts the one it has, whose path is dark just then: it must not end it, for the client may have
 * all it wants and never come back.
 */
static void listener_keeps_the_only_subflow_it_may_have(const char *name) {
    enum { STEP_MS = 10, LAST_MS = 400, DARK_MS = 2500 };
    for (int at_ms = 0; at_ms <= LAST_MS; at_ms += STEP_MS) {
        sim_scenario s;
        sim_box box = {0};
        sim_case_two_links(&s, name, 2210, 128);
        s.settings[SIM_SERVER].conn.subflows_max = 1;
        s.link[0].delay_ns = 50 * MPT_MS;
        s.link[1].delay_ns = MPT_MS;
        sim_scenario_fault(&s, at_ms * MPT_MS, SIM_FAULT_BLOCK, 0);
        sim_scenario_fault(&s, (at_ms + DARK_MS) * MPT_MS, SIM_FAULT_UNBLOCK, 0);
        s.faults_end_ns = 5 * MPT_S;
        s.delivery_ns = 60 * MPT_S;
        s.end_ns = 400 * MPT_S;
        sim_world *w = sim_case_world(&s, &box);
        sim_case_finish(w);
    }
}

static void listener_outlives_the_loss_of_its_last_address(const char *name) {
    for (uint32_t links = 1; links <= 2; links++) {
        only_address_of_the_server_goes(name, SIM_SERVER, 500 * MPT_MS, links);
        only_address_of_the_server_goes(name, SIM_CLIENT, 500 * MPT_MS, links);
        only_address_of_the_server_goes(name, SIM_SERVER, 90 * MPT_S, links);
    }
}

/* ---- There are more pairs of addresses than places ------------------------------------------------------------------- */

/**
 * Four links, two addresses of the server, and places for as many as there are links: while the last link is away, its place goes to a second pair of
 * another, and must be given back. With a short link the join that comes back is at the server before the end of the one that gave way.
 */
static void last_of_four_is_away(const char *name, const sim_fault_kind what[2], mpt_time away_ns, int side,
                                 mpt_time delay_ns) {
    enum { LINKS = 4, LAST = LINKS - 1 };
    sim_scenario s;
    sim_box box = {0};
    uint64_t bytes = 2 * MEGABYTE * (uint64_t)(away_ns / MPT_S + 35);
    mpt_time back_at = 3 * MPT_S + away_ns;
    sim_case_two_links(&s, name, side == SIM_CLIENT ? bytes : 0, side == SIM_SERVER ? bytes : 0);
    s.link_count = LINKS;
    s.server_address_count = 2;
    s.server_signals = true;
    for (uint32_t i = 0; i < LINKS; i++) {
        s.link[i] = s.link[0];
        s.link[i].rate_bps = 4000000;
        s.link[i].delay_ns = 30 * MPT_MS;
    }
    s.link[LAST].delay_ns = delay_ns;
    s.settings[SIM_CLIENT].conn.subflows_max = s.settings[SIM_SERVER].conn.subflows_max = LINKS;
    s.faults_end_ns = back_at + 1 * MPT_S;
    s.delivery_ns = back_at + 300 * MPT_S;
    s.end_ns = s.delivery_ns + 300 * MPT_S;
    sim_scenario_fault(&s, 3 * MPT_S, what[0], LAST);
    sim_scenario_fault(&s, back_at, what[1], LAST);
    sim_world *w = sim_case_world(&s, &box);
    sim_world_run_until(w, back_at + 5 * MPT_S);
    for (uint32_t link = 0; link < LINKS; link++) {
        uint64_t carried = carried_soon_after(w, &box, link, side, w->now);
        SIM_REQUIRE(carried > 500000, "away for %" PRId64 " ms, side %d sends: %" PRIu64 " bytes on link %u",
                    away_ns / MPT_MS, side, carried, link);
    }
    sim_case_finish(w);
}

static void path_that_comes_back_finds_room(const char *name) {
    static const sim_fault_kind told[2] = {SIM_FAULT_DOWN, SIM_FAULT_UP},
                                dark[2] = {SIM_FAULT_BLOCK, SIM_FAULT_UNBLOCK};
    static const mpt_time away_ms[] = {5, 500, 3000, 20000, 60000};
    for (size_t i = 0; i < sizeof away_ms / sizeof *away_ms; i++)
        for (int side = SIM_CLIENT; side <= SIM_SERVER; side++) {
            last_of_four_is_away(name, told, away_ms[i] * MPT_MS, side, 30 * MPT_MS);
            last_of_four_is_away(name, told, away_ms[i] * MPT_MS, side, 1 * MPT_MS);
            last_of_four_is_away(name, dark, away_ms[i] * MPT_MS, side, 30 * MPT_MS);
            last_of_four_is_away(name, dark, away_ms[i] * MPT_MS, side, 1 * MPT_MS);
        }
}

static const sim_case cases[] = {
    SIM_CASE(dark_path_is_used_again_soon_by_a_sending_client),
    SIM_CASE(dark_path_is_used_again_soon_by_a_sending_server),
    SIM_CASE(dark_path_is_used_again_soon_though_it_is_the_only_one),
    SIM_CASE(dark_long_path_is_used_again_soon),
    SIM_CASE(dark_path_whose_answer_has_a_sack_is_used_again_soon),
    SIM_CASE(path_that_its_sender_gave_up_is_joined_again),
    SIM_CASE(listener_keeps_the_only_subflow_it_may_have),
    SIM_CASE(listener_outlives_the_loss_of_its_last_address),
    SIM_CASE(path_that_comes_back_finds_room),
};
SIM_CASES(return )
