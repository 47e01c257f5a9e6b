/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * What a seed means. Swarm testing: each kind of fault and each unusual setting is on in a part of the seeds only,
 * so that rare combinations meet runs that are otherwise calm.
 */
#include "sim_scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/mpt_crypto.h"
#include "sim_fail.h"

#define END_AFTER_DELIVERY_NS (4 * 3600 * MPT_S)

void sim_scenario_fault(sim_scenario *s, mpt_time time, sim_fault_kind kind, uint32_t link) {
    SIM_REQUIRE(s->fault_count < SIM_FAULTS_MAX, "more than %d faults", SIM_FAULTS_MAX);
    s->fault[s->fault_count++] = (sim_fault){time, kind, link};
}

void sim_scenario_default(sim_scenario *s, const char *name, uint64_t seed) {
    *s = (sim_scenario){.seed = seed,
                        .link_count = 1,
                        .server_address_count = 1,
                        .app_count = 1,
                        .is_sealed = true,
                        .expect_content = true,
                        .expect_delivery = true};
    snprintf(s->name, sizeof s->name, "%s", name);
    for (uint32_t i = 0; i < SIM_LINKS_MAX; i++) {
        s->link[i] = (sim_link_settings){
            .rate_bps = 10000000, .delay_ns = 10 * MPT_MS, .queue_bytes_max = 60000, .mtu_bytes = 1500};
    }
    for (uint32_t i = 0; i < SIM_APPS_MAX; i++) {
        for (int side = 0; side < 2; side++) {
            s->app[i].side[side] =
                (sim_app_side){.write_bytes_max = 65536, .abort_ns = MPT_NEVER, .waits_for_closed = true};
        }
    }
    for (int side = 0; side < 2; side++) {
        mpt_settings_default(&s->settings[side]);
        s->settings[side].seed = seed * 2 + (uint64_t)side + 1;
    }
    s->faults_end_ns = 60 * MPT_S;
    s->delivery_ns = 120 * MPT_S;
    s->end_ns = s->delivery_ns + END_AFTER_DELIVERY_NS;
}

/* ---- Random choices --------------------------------------------------------------------------------------- */

static bool one_in(sim_rng *r, uint32_t n) {
    return sim_rng_below(r, n) == 0;
}

/** @return lowest * 2^x, x evenly spread: as often 1..2 as 1000..2000. */
static int64_t spread(sim_rng *r, int64_t lowest, int64_t highest) {
    uint32_t steps = 0;
    while (lowest << (steps + 1) <= highest) {
        steps++;
    }
    int64_t base = lowest << sim_rng_below(r, steps + 1);
    int64_t value = sim_rng_between(r, base, 2 * base);
    return value > highest ? highest : value;
}

static void random_link(sim_link_settings *l, sim_rng *r) {
    static const uint32_t mtus[] = {1500, 1500, 1500, 1280, 576, 296, 9000};
    l->rate_bps = one_in(r, 8) ? 0 : (uint64_t)spread(r, 200000, 100000000);
    l->delay_ns = one_in(r, 10) ? 0 : spread(r, 100 * MPT_US, 150 * MPT_MS);
    l->jitter_ns = one_in(r, 3) ? spread(r, 10 * MPT_US, 30 * MPT_MS) : 0;
    uint64_t rate = l->rate_bps == 0 ? 1000000000 : l->rate_bps;
    int64_t queue_most = (int64_t)(rate / 8 * 2);
    l->queue_bytes_max = (uint32_t)spread(r, 4000,
                                          queue_most > 1000000 ? 1000000
                                          : queue_most < 8000  ? 8000
                                                               : queue_most);
    l->mtu_bytes = mtus[sim_rng_below(r, sizeof mtus / sizeof *mtus)];
    l->is_ipv6 = one_in(r, 6);
    if (l->is_ipv6 && l->mtu_bytes < 1280) {
        l->mtu_bytes = 1280;
    }
    if (!one_in(r, 3)) {
        l->loss_ppm = (uint32_t)spread(r, 100, one_in(r, 8) ? 300000 : 50000);
    }
    l->duplicate_ppm = one_in(r, 4) ? (uint32_t)spread(r, 100, 50000) : 0;
    l->flip_ppm = one_in(r, 4) ? (uint32_t)spread(r, 100, 20000) : 0;
    l->has_nat = one_in(r, 6);
    if (one_in(r, 6)) {
        l->strip = (sim_strip)sim_rng_between(r, SIM_STRIP_SYN, SIM_STRIP_KINDS - 1);
    }
    l->is_renumbering = one_in(r, 8);
    l->mark_ppm = one_in(r, 3) ? (uint32_t)spread(r, 1000, 200000) : 0;
    l->split_ppm = one_in(r, 8) ? (uint32_t)spread(r, 1000, 300000) : 0;
    l->coalesce_ppm = one_in(r, 8) ? (uint32_t)spread(r, 1000, 300000) : 0;
    l->replay_ppm = one_in(r, 6) ? (uint32_t)spread(r, 100, 20000) : 0;
    l->forge_ppm = one_in(r, 4) ? (uint32_t)spread(r, 10000, 500000) : 0;
}

static void random_names(mpt_conn_settings *c, sim_rng *r) {
    static const char *const controls[] = {"reno",  "cubic",   "lia",    "lia-rfc", "olia", "balia",
                                           "ewtcp", "coupled", "wvegas", "dctcp",   "bbr"};
    static const char *const schedulers[] = {"minrtt", "roundrobin", "earliest", "redundant", "blest",
                                             "ecf",    "linux",      "primary",  "weighted"};
    enum { CONTROLS = sizeof controls / sizeof *controls, SCHEDULERS = sizeof schedulers / sizeof *schedulers };
    snprintf(c->congestion_control, sizeof c->congestion_control, "%s", controls[sim_rng_below(r, CONTROLS)]);
    snprintf(c->scheduler, sizeof c->scheduler, "%s", schedulers[sim_rng_below(r, SCHEDULERS)]);
    c->scheduler_burst_segments = one_in(r, 3) ? (uint32_t)spread(r, 1, 64) : 1;
    if (one_in(r, 3)) {
        static const char *const managers[] = {"none", "ndiffports", "linux"};
        snprintf(c->path_manager, sizeof c->path_manager, "%s", managers[sim_rng_below(r, 3)]);
        c->ndiffports = (uint32_t)sim_rng_between(r, 1, 4);
        c->add_addr_accepted = (uint32_t)sim_rng_between(r, 0, 4);
    }
}

static void random_switches(mpt_conn_settings *c, sim_rng *r) {
    c->mptcp = !one_in(r, 10);
    c->timestamps = !one_in(r, 4);
    c->window_scaling = !one_in(r, 6);
    c->sack = !one_in(r, 5);
    c->ecn = one_in(r, 4);
    c->nagle = !one_in(r, 3);
    c->delayed_ack = !one_in(r, 4);
    c->limited_transmit = !one_in(r, 4);
    c->hystart = !one_in(r, 4);
    c->pacing = one_in(r, 4);
    c->receive_buffer_autotuning = one_in(r, 4);
    c->rack = !one_in(r, 4);
    c->tail_loss_probe = !one_in(r, 4);
    c->dsn64 = !one_in(r, 3);
    c->data_ack64 = one_in(r, 3);
    c->announce_addresses = !one_in(r, 4);
    c->join_from_server = one_in(r, 6);
    c->version = one_in(r, 6) ? 0 : 1;
    c->accept_version_0 = !one_in(r, 3);
    c->allow_join_initial = !one_in(r, 6);
    if (one_in(r, 4)) {
        c->blackhole_timeout_ns = spread(r, 1 * MPT_S, 100 * MPT_S);
    }
}

static void random_settings(mpt_settings *s, sim_rng *r) {
    static const mpt_time time_waits[] = {60 * MPT_S, 120 * MPT_S, 240 * MPT_S}; /* must outlast the faults */
    mpt_conn_settings *c = &s->conn;
    random_names(c, r);
    random_switches(c, r);
    if (one_in(r, 3)) {
        c->send_buffer_bytes = (uint32_t)spread(r, 2048, 4194304);
    }
    if (one_in(r, 3)) {
        c->receive_buffer_bytes = (uint32_t)spread(r, 2048, 4194304);
    }
    if (one_in(r, 6)) {
        c->mss_bytes_max = (uint32_t)spread(r, 88, 1460);
    }
    if (one_in(r, 5)) {
        c->initial_window_segments = (uint32_t)spread(r, 1, 64);
    }
    if (one_in(r, 4)) {
        c->subflows_max = (uint32_t)sim_rng_between(r, 1, 8);
    }
    if (one_in(r, 8)) {
        c->dup_threshold = (uint32_t)sim_rng_between(r, 1, 10);
    }
    if (one_in(r, 6)) {
        c->rto_min_ns = spread(r, 10 * MPT_MS, 1 * MPT_S);
    }
    c->time_wait_ns = time_waits[sim_rng_below(r, 3)];
    s->traces = one_in(r, 3) ? UINT32_MAX : 0;
}

/* ---- Applications ----------------------------------------------------------------------------------------- */

static uint64_t least_rate(const sim_scenario *s) {
    uint64_t least = 100000000;
    for (uint32_t i = 0; i < s->link_count; i++) {
        if (s->link[i].rate_bps != 0 && s->link[i].rate_bps < least) {
            least = s->link[i].rate_bps;
        }
    }
    return least;
}

static uint32_t least_buffer(const sim_scenario *s) {
    uint32_t least = UINT32_MAX;
    for (int side = 0; side < 2; side++) {
        const mpt_conn_settings *c = &s->settings[side].conn;
        least = c->send_buffer_bytes < least ? c->send_buffer_bytes : least;
        least = c->receive_buffer_bytes < least ? c->receive_buffer_bytes : least;
    }
    return least;
}

/** Lowers @p bytes to what passes in a bearable time. */
static uint64_t bounded(const sim_scenario *s, uint64_t bytes) {
    uint64_t by_rate = least_rate(s) / 8 * 20, by_buffer = (uint64_t)least_buffer(s) * 50;
    bytes = bytes > by_rate ? by_rate : bytes;
    return bytes > by_buffer ? by_buffer : bytes;
}

static void random_bulk(const sim_scenario *s, sim_app_settings *a, sim_rng *r) {
    for (int side = 0; side < 2; side++) {
        a->side[side].bytes = one_in(r, 4) ? 0 : bounded(s, (uint64_t)spread(r, 1, 1000000));
    }
    for (int side = 0; side < 2; side++) {
        if (a->side[!side].bytes == 0 && one_in(r, 3)) {
            a->side[side].releases_early = true;
        }
    }
}

static void random_messages(const sim_scenario *s, sim_app_settings *a, sim_rng *r) {
    uint64_t turns = (uint64_t)sim_rng_between(r, 1, 40);
    for (int side = 0; side < 2; side++) {
        a->side[side].message_bytes = bounded(s, (uint64_t)spread(r, 1, 20000));
        a->side[side].bytes = turns * a->side[side].message_bytes;
    }
}

static void random_app(sim_scenario *s, uint32_t i, sim_rng *r) {
    sim_app_settings *a = &s->app[i];
    a->start_ns = sim_rng_between(r, 0, 3 * MPT_S);
    a->link = one_in(r, 3) ? (uint32_t)sim_rng_below(r, s->link_count) : 0;
    if (one_in(r, 4)) {
        random_messages(s, a, r);
    } else {
        random_bulk(s, a, r);
    }
    for (int side = 0; side < 2; side++) {
        sim_app_side *p = &a->side[side];
        p->write_bytes_max = (uint64_t)(one_in(r, 3) ? spread(r, 1, 100000) : 1000000);
        if (p->bytes / p->write_bytes_max > 2000) {
            p->write_bytes_max = p->bytes / 2000 + 1;
        }
        p->waits_for_closed = !one_in(r, 3);
        p->read_start_ns = one_in(r, 6) ? sim_rng_between(r, 0, 10 * MPT_S) : 0;
        if (one_in(r, 5)) {
            p->read_pause_ns = spread(r, 1 * MPT_MS, 500 * MPT_MS);
            p->read_bytes_max = a->side[!side].bytes / (uint64_t)sim_rng_between(r, 1, 60) + 1;
        }
        if (one_in(r, 12)) {
            p->abort_ns = sim_rng_between(r, 0, 5 * MPT_S);
        }
    }
}

/* ---- Faults ----------------------------------------------------------------------------------------------- */

static void random_pair(sim_scenario *s, sim_rng *r, sim_fault_kind begin, sim_fault_kind end) {
    uint32_t link = (uint32_t)sim_rng_below(r, s->link_count);
    mpt_time from = sim_rng_between(r, 0, s->faults_end_ns - 1);
    mpt_time length = spread(r, 10 * MPT_MS, 10 * MPT_S);
    sim_scenario_fault(s, from, begin, link);
    sim_scenario_fault(s, from + length < s->faults_end_ns ? from + length : s->faults_end_ns - 1, end, link);
}

static void random_faults(sim_scenario *s, sim_rng *r) {
    s->faults_end_ns = spread(r, 1 * MPT_S, 20 * MPT_S);
    for (uint64_t n = one_in(r, 3) ? sim_rng_below(r, 5) : 0; n > 0; n--) {
        random_pair(s, r, SIM_FAULT_DOWN, SIM_FAULT_UP);
    }
    for (uint64_t n = one_in(r, 3) ? sim_rng_below(r, 5) : 0; n > 0; n--) {
        random_pair(s, r, SIM_FAULT_BLOCK, SIM_FAULT_UNBLOCK);
    }
    for (uint64_t n = one_in(r, 4) ? sim_rng_below(r, 3) : 0; n > 0; n--) {
        random_pair(s, r, SIM_FAULT_BACKUP, SIM_FAULT_NO_BACKUP);
    }
    if (one_in(r, 5)) {
        sim_scenario_fault(s, sim_rng_between(r, 0, s->faults_end_ns - 1), SIM_FAULT_UNREACHABLE,
                           (uint32_t)sim_rng_below(r, s->link_count));
    }
    if (s->link_count > 1 && one_in(r, 4)) {
        sim_scenario_fault(s, sim_rng_between(r, 0, s->faults_end_ns - 1), SIM_FAULT_KILL,
                           (uint32_t)sim_rng_below(r, s->link_count));
    }
    if (s->server_address_count > 1 && one_in(r, 2)) {
        uint32_t index = (uint32_t)sim_rng_between(r, 1, s->server_address_count - 1);
        mpt_time at = 0;
        for (int64_t n = sim_rng_between(r, 1, 3); n > 0; n--) { /* again and again */
            mpt_time from = sim_rng_between(r, at, s->faults_end_ns - 1);
            at = sim_rng_between(r, from, s->faults_end_ns - 1);
            sim_scenario_fault(s, from, SIM_FAULT_SERVER_DOWN, index);
            sim_scenario_fault(s, at, SIM_FAULT_SERVER_UP, index);
        }
    }
    s->attack_ns = one_in(r, 4) ? spread(r, 10 * MPT_MS, 1 * MPT_S) : 0;
    s->late_timer_ns = one_in(r, 5) ? spread(r, 1 * MPT_US, 500 * MPT_MS) : 0;
    s->spurious_timer_ns = one_in(r, 8) ? spread(r, 1 * MPT_MS, 1 * MPT_S) : 0;
    s->allocation_fail_nth = one_in(r, 6) ? (uint64_t)spread(r, 1, 1000) : 0;
    s->allocation_fail_ppm = one_in(r, 10) ? (uint32_t)spread(r, 100, 200000) : 0;
}

/**
 * Middleboxes that change options and make the checksum right again: nobody can promise the content then. None forges as well, for two changes of
 * the same bit of an HMAC make it right.
 */
static void make_hostile(sim_scenario *s, sim_rng *r) {
    for (uint32_t i = 0; i < s->link_count; i++) {
        s->link[i].corrupt_ppm = (uint32_t)spread(r, 500, 100000);
        s->link[i].forge_ppm = 0;
    }
    s->expect_content = s->expect_delivery = false;
}

static bool has_fault(const sim_scenario *s, sim_fault_kind kind) {
    for (uint32_t i = 0; i < s->fault_count; i++)
        if (s->fault[i].kind == kind)
            return true;
    return false;
}

/**
 * Data that were rewritten on every path end the connection, where it is noticed and cannot go on as TCP: not without checksums, and not where no
 * subflow but the first can be.
 */
static bool may_end_by_rewriting(const sim_scenario *s) {
    bool has_checksum = s->settings[SIM_CLIENT].conn.dss_checksum || s->settings[SIM_SERVER].conn.dss_checksum;
    bool has_paths = s->link_count > 1 || s->server_address_count > 1 || has_fault(s, SIM_FAULT_DOWN);
    has_paths |= strcmp(s->settings[SIM_CLIENT].conn.path_manager, "ndiffports") == 0; /* several subflows on one */
    return has_checksum && has_paths;
}

/** Middleboxes that rewrite payload: where checksums are on, MPTCP notices, and goes on elsewhere or as TCP. */
static void make_rewriting(sim_scenario *s, sim_rng *r) {
    for (uint32_t i = 0; i < s->link_count; i++) {
        s->link[i].rewrite_ppm = one_in(r, 2) ? (uint32_t)spread(r, 500, 100000) : 0;
    }
    s->is_sealed = true;
    s->rewritten_bytes_max = UINT64_MAX;
    s->expect_delivery &= !may_end_by_rewriting(s);
}

/** Few connections at once: whoever comes too early is turned away, and may have given up before there is room. */
static void make_crowded(sim_scenario *s, sim_rng *r) {
    s->settings[SIM_CLIENT].connections_max = (uint32_t)sim_rng_between(r, 1, s->app_count);
    s->settings[SIM_SERVER].connections_max = (uint32_t)sim_rng_between(r, 1, s->app_count);
    s->settings[SIM_SERVER].half_open_max = 1;
    s->settings[SIM_SERVER].challenge_acks_per_s = (uint32_t)sim_rng_below(r, 3);
    s->expect_delivery = false;
}

/**
 * A seed with which a number that the first connection of a core draws wraps soon. The draws: a port, the key, the initial sequence
 * number, the offset of timestamps.
 */
static uint64_t wrapping_seed(sim_rng *r) {
    enum { NEAR = 100000, KEY = 1, TIMESTAMPS = 3 };
    uint64_t draw = (uint64_t)sim_rng_between(r, KEY, TIMESTAMPS);
    for (uint64_t seed = sim_rng_u64(r);; seed++) {
        mpt_random random = {seed, draw};
        uint64_t drawn = mpt_random_u64(&random), idsn = drawn;
        uint32_t token;
        if (draw == KEY) {
            mpt_crypto_key(drawn, &token, &idsn);
        }
        if ((uint32_t)idsn > UINT32_MAX - NEAR) {
            return seed;
        }
    }
}

static bool has_sack(const sim_scenario *s) {
    return s->settings[SIM_CLIENT].conn.sack && s->settings[SIM_SERVER].conn.sack;
}

/** Every segment that overtakes another is taken for a loss, and the window stays small. */
static bool is_reordering(const sim_scenario *s) {
    bool has_jitter = false;
    for (uint32_t i = 0; i < s->link_count; i++) {
        has_jitter |= s->link[i].jitter_ns > 0;
    }
    return has_jitter &&
           (s->settings[SIM_CLIENT].conn.dup_threshold < 3 || s->settings[SIM_SERVER].conn.dup_threshold < 3);
}

/** Payload of a full segment at its smallest. */
static uint32_t least_segment(const sim_scenario *s) {
    enum { HEADERS_BYTES_MAX = 100, LEAST_BYTES = 48 };
    uint32_t least = 1460;
    for (uint32_t i = 0; i < s->link_count; i++) {
        least = s->link[i].mtu_bytes < least ? s->link[i].mtu_bytes : least;
    }
    for (int side = 0; side < 2; side++) {
        least = s->settings[side].conn.mss_bytes_max < least ? s->settings[side].conn.mss_bytes_max : least;
    }
    return least > HEADERS_BYTES_MAX + LEAST_BYTES ? least - HEADERS_BYTES_MAX : LEAST_BYTES;
}

/** BBR that hears of no loss goes on at a rate of before: what a queue holds gets through, the rest waits for timeouts, of which Karn's rule shortens none. */
static bool is_blind_bbr(const sim_scenario *s, int side) {
    const mpt_conn_settings *c = &s->settings[side].conn;
    return strcmp(c->congestion_control, "bbr") == 0 && !has_sack(s) &&
           !(c->timestamps && s->settings[!side].conn.timestamps);
}

static uint32_t least_queue(const sim_scenario *s) {
    uint32_t least = s->link[0].queue_bytes_max;
    for (uint32_t i = 1; i < s->link_count; i++)
        least = s->link[i].queue_bytes_max < least ? s->link[i].queue_bytes_max : least;
    return least > 1500 ? least : 1500;
}

/** Time within which all must be delivered after the faults: generous, but no excuse for a stall. */
static mpt_time delivery_time_ns(const sim_scenario *s) {
    mpt_time round_trip_ns = 300 * MPT_MS;
    for (uint32_t i = 0; i < s->link_count; i++) {
        const sim_link_settings *l = &s->link[i];
        round_trip_ns += 2 * (l->delay_ns + l->jitter_ns);
        round_trip_ns += l->rate_bps == 0 ? 0 : (mpt_time)((uint64_t)l->queue_bytes_max * 8 * 2000000000 / l->rate_bps);
    }
    mpt_time sum = 180 * MPT_S;
    for (uint32_t i = 0; i < s->app_count; i++) {
        for (int side = 0; side < 2; side++) {
            const sim_app_side *a = &s->app[i].side[side];
            sum += (mpt_time)(a->bytes * 8 * 8 / (least_rate(s) / 1000)) * MPT_MS;
            sum += (mpt_time)(a->bytes / least_buffer(s) + 1) * 2 * round_trip_ns;
            sum += is_blind_bbr(s, side) ? (mpt_time)(a->bytes / least_queue(s) + 1) * 120 * MPT_S : 0;
            sum += has_sack(s) && !is_reordering(s)
                       ? 0
                       : (mpt_time)(a->bytes / least_segment(s)) * round_trip_ns / 4; /* one hole a round trip */
            sum += a->message_bytes > 0 ? (mpt_time)(a->bytes / a->message_bytes) * 5 * round_trip_ns : 0;
            const sim_app_side *reader = &s->app[i].side[!side];
            sum += reader->read_start_ns;
            sum += reader->read_pause_ns > 0
                       ? (mpt_time)(a->bytes / reader->read_bytes_max + 1) * reader->read_pause_ns * 2
                       : 0;
        }
    }
    return sum;
}

static void random_announcements(sim_scenario *s, sim_rng *r) {
    enum { FURTHER_PORT = 6000 };
    s->client_signals = one_in(r, 4);
    s->server_port = one_in(r, 3) ? FURTHER_PORT : 0;
    for (int side = 0; side < 2; side++) {
        s->settings[side].conn.fastclose_ack = one_in(r, 3);
    }
}

static bool may_have_many_on_a_link(const sim_scenario *s) {
    bool has = s->server_address_count > 1;
    for (int side = 0; side < 2; side++) {
        const mpt_conn_settings *c = &s->settings[side].conn;
        has |= strcmp(c->path_manager, "ndiffports") == 0 && c->ndiffports > 1;
    }
    return has;
}

void sim_scenario_random(sim_scenario *s, uint64_t seed) {
    char name[sizeof s->name];
    snprintf(name, sizeof name, "seed %" PRIu64, seed);
    sim_scenario_default(s, name, seed);
    sim_rng rng = {seed ^ UINT64_C(0x5eed5eed5eed5eed)}, *r = &rng;
    s->link_count = (uint32_t)(one_in(r, 3) ? sim_rng_between(r, 1, 4) : sim_rng_between(r, 1, 2));
    s->server_address_count = one_in(r, 4) ? (uint32_t)sim_rng_between(r, 2, 3) : 1;
    s->server_signals = !one_in(r, 3);
    s->app_count = (uint32_t)(one_in(r, 4) ? sim_rng_between(r, 2, SIM_APPS_MAX) : 1);
    for (uint32_t i = 0; i < s->link_count; i++) {
        random_link(&s->link[i], r);
        s->is_backup[i] = i > 0 && one_in(r, 6);
    }
    for (uint32_t i = 0; i < s->link_count; i++) {
        sim_strip strip = s->link[i].strip;
        /* Where DATA_ACKs pass with data, and not without, one end may fall back and have no more data to say so with. */
        bool is_one_way = strip == SIM_STRIP_ACK;
        s->expect_delivery &= !is_one_way;
    }
    bool has_checksum = one_in(r, 4);
    for (int side = 0; side < 2; side++) {
        random_settings(&s->settings[side], r);
        s->settings[side].conn.dss_checksum = has_checksum && !one_in(r, 3);
    }
    for (uint32_t i = 0; i < s->link_count; i++)
        if (s->link[i].strip == SIM_STRIP_DATA &&
            may_have_many_on_a_link(s)) /* before the first data: nobody may fall back then */
            s->expect_delivery = false;
    for (uint32_t i = 0; i < s->app_count; i++) {
        random_app(s, i, r);
    }
    random_faults(s, r);
    s->is_sealed = !one_in(r, 4);
    if (one_in(r, 8)) {
        make_hostile(s, r);
    } else if (one_in(r, has_checksum ? 2 : 16)) {
        make_rewriting(s, r);
    }
    if (one_in(r, 12)) {
        make_crowded(s, r);
    }
    for (int side = 0; side < 2; side++) {
        if (one_in(r, 16)) {
            s->settings[side].seed = wrapping_seed(r);
        }
    }
    random_announcements(s, r);
    for (int side = 0; side < 2; side++) /* drawn last: who does not tune is as without this */
        s->settings[side].conn.send_buffer_autotuning = one_in(r, 4);
    s->delivery_ns = s->faults_end_ns * 3 + (s->expect_delivery ? delivery_time_ns(s) : 60 * MPT_S);
    s->end_ns = s->delivery_ns + END_AFTER_DELIVERY_NS;
}

/* ---- Printing --------------------------------------------------------------------------------------------- */

static void print_differences(const char *side, const mpt_conn_settings *c) {
    mpt_settings d;
    mpt_settings_default(&d);
    printf("%s:", side);
#define PRINT_BOOL(name) c->name != d.conn.name ? printf(" %s=%d", #name, c->name) : 0
#define PRINT_U32(name) c->name != d.conn.name ? printf(" %s=%" PRIu32, #name, c->name) : 0
#define PRINT_TIME(name) c->name != d.conn.name ? printf(" %s=%" PRId64, #name, c->name) : 0
#define PRINT_NAME(name) strcmp(c->name, d.conn.name) != 0 ? printf(" %s=%s", #name, c->name) : 0
#define X(type, name, def, lo, hi, help) (void)(PRINT_##type(name));
    MPT_CONN_SETTINGS(X)
#undef X
    printf("\n");
}

void sim_scenario_print(const sim_scenario *s) {
    printf("%s: faults end %.3f s, delivery by %.0f s, server addresses %u%s%s%s%s\n", s->name,
           (double)s->faults_end_ns / 1e9, (double)s->delivery_ns / 1e9, s->server_address_count,
           s->server_signals ? s->server_port ? " signalled with port" : " signalled" : "",
           s->is_sealed ? " sealed" : "", s->expect_content ? "" : " hostile", s->expect_delivery ? "" : " may-fail");
    printf("attacks every %.6f s, late timers %.6f s, spurious %.6f s, failing allocations %u ppm, nth %" PRIu64 "\n",
           (double)s->attack_ns / 1e9, (double)s->late_timer_ns / 1e9, (double)s->spurious_timer_ns / 1e9,
           s->allocation_fail_ppm, s->allocation_fail_nth);
    for (uint32_t i = 0; i < s->link_count; i++) {
        const sim_link_settings *l = &s->link[i];
        printf("link %u: %" PRIu64
               " b/s delay %.6f jitter %.6f queue %u mtu %u loss %u dup %u flip %u corrupt %u strip %d%s%s%s "
               "rewrite %u forge %u mark %u split %u coalesce %u replay %u%s\n",
               i, l->rate_bps, (double)l->delay_ns / 1e9, (double)l->jitter_ns / 1e9, l->queue_bytes_max, l->mtu_bytes,
               l->loss_ppm, l->duplicate_ppm, l->flip_ppm, l->corrupt_ppm, l->strip, l->has_nat ? " nat" : "",
               l->is_ipv6 ? " ipv6" : "", s->is_backup[i] ? " backup" : "", l->rewrite_ppm, l->forge_ppm, l->mark_ppm,
               l->split_ppm, l->coalesce_ppm, l->replay_ppm, l->is_renumbering ? " renumbering" : "");
    }
    for (uint32_t i = 0; i < s->app_count; i++) {
        printf("app %u: start %.3f link %u\n", i, (double)s->app[i].start_ns / 1e9, s->app[i].link);
        for (int side = 0; side < 2; side++) {
            const sim_app_side *a = &s->app[i].side[side];
            printf("  %s: %" PRIu64 " bytes, message %" PRIu64 ", write %" PRIu64 ", read %" PRIu64
                   " every %.3f from %.3f, abort %.3f%s%s\n",
                   side == SIM_CLIENT ? "client" : "server", a->bytes, a->message_bytes, a->write_bytes_max,
                   a->read_bytes_max, (double)a->read_pause_ns / 1e9, (double)a->read_start_ns / 1e9,
                   a->abort_ns == MPT_NEVER ? -1.0 : (double)a->abort_ns / 1e9, a->waits_for_closed ? " waits" : "",
                   a->releases_early ? " early" : "");
        }
    }
    for (uint32_t i = 0; i < s->fault_count; i++) {
        printf("fault at %.3f kind %d link %u\n", (double)s->fault[i].time / 1e9, s->fault[i].kind, s->fault[i].link);
    }
    print_differences("client", &s->settings[SIM_CLIENT].conn);
    print_differences("server", &s->settings[SIM_SERVER].conn);
}
