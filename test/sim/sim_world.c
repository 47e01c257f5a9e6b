/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim_world.h"

#include <stdlib.h>
#include <string.h>

/* ---- The wire --------------------------------------------------------------------------------------------- */

static void deliver(sim_world *w, sim_packet *p) {
    sim_link *l = &w->link[p->link];
    uint32_t index = p->to == SIM_SERVER ? sim_server_index(&p->segment.destination) : UINT32_MAX;
    if (index < SIM_SERVER_ADDRESSES_MAX && w->is_server_down[index]) {
        SIM_COUNT(w->stats, blocked);
    } else if (sim_middlebox_forge(l, p, w->scenario.is_sealed, &w->rng)) {
        sim_receive_forged(w, p);
    } else {
        sim_host_receive(&w->host[p->to], p);
    }
    free(p);
}

/** What a merging box holds back goes on, at the latest now. */
static void release_held(sim_world *w, void *object, uint64_t from) {
    sim_link *l = object;
    sim_packet *p = l->held[from];
    l->held[from] = NULL;
    if (p != NULL) {
        deliver(w, p);
    }
}

/** A box may hold a segment back, to merge it with the next one. */
static void merge_or_deliver(sim_world *w, sim_packet *p) {
    enum { HOLD_NS = 3000000 };
    sim_link *l = &w->link[p->link];
    int from = !p->to;
    if (l->held[from] != NULL) {
        sim_packet *both = sim_segment_merge(l, l->held[from], p, w->scenario.is_sealed);
        if (both != NULL) {
            l->held[from] = NULL;
            free(p);
            p = both;
        }
        release_held(w, l, (uint64_t)from);
    } else if (p->segment.payload_bytes > 0 && sim_rng_chance(&w->rng, l->settings.coalesce_ppm)) {
        l->held[from] = p;
        sim_events_add(&w->events, w->now + HOLD_NS, release_held, l, (uint64_t)from);
        return;
    }
    deliver(w, p);
}

static void arrive(sim_world *w, void *object, uint64_t number) {
    (void)number;
    sim_packet *p = object;
    sim_link *l = &w->link[p->link];
    if (l->is_blocked || l->is_dead) {
        SIM_COUNT(w->stats, blocked);
        free(p);
        return;
    }
    sim_middlebox_pass(l, p, w->scenario.is_sealed, &w->rng);
    sim_packet *second = sim_segment_split(l, p, w->scenario.is_sealed, &w->rng);
    merge_or_deliver(w, p);
    if (second != NULL) {
        merge_or_deliver(w, second);
    }
}

/** An old copy comes when nobody thinks of it any more. */
static void replay_later(sim_world *w, const sim_packet *p) {
    enum { SOONEST_NS = 10000000 };
    mpt_time left = w->scenario.faults_end_ns - w->now;
    if (left > SOONEST_NS && sim_rng_chance(&w->rng, w->link[p->link].settings.replay_ppm)) {
        sim_events_add(&w->events, w->now + sim_rng_between(&w->rng, SOONEST_NS, left), arrive, sim_packet_copy(p), 0);
        SIM_COUNT(w->stats, replayed);
    }
}

void sim_world_put(sim_world *w, sim_packet *p) {
    int from = !p->to;
    bool is_kept = w->filter == NULL || w->filter(w, from, p);
    mpt_time arrival[2];
    uint32_t copies =
        is_kept ? sim_link_send(&w->link[p->link], from, sim_packet_ip_bytes(p), &w->rng, w->now, arrival) : 0;
    if (w->options.is_verbose) {
        sim_print_segment(w, p, copies == 0 ? "lost" : copies == 2 ? "twice" : "");
    }
    if (copies > 0) {
        replay_later(w, p);
    }
    if (copies == 2) {
        sim_events_add(&w->events, arrival[1], arrive, sim_packet_copy(p), 0);
    }
    if (copies > 0) {
        sim_events_add(&w->events, arrival[0], arrive, p, 0);
    } else {
        free(p);
    }
}

void sim_world_inject(sim_world *w, sim_packet *p) {
    if (w->options.is_verbose) {
        sim_print_segment(w, p, "forged");
    }
    sim_events_add(&w->events, w->now + w->link[p->link].settings.delay_ns, arrive, p, 0);
}

/* ---- Faults ----------------------------------------------------------------------------------------------- */

static void try_address_up(sim_world *w, void *object, uint64_t link) {
    (void)object;
    if (w->link[link].is_down) {
        sim_world_address(w, (uint32_t)link, true);
    }
}

void sim_world_address(sim_world *w, uint32_t link, bool is_up) {
    sim_link *l = &w->link[link];
    sim_host *h = &w->host[SIM_CLIENT];
    if (l->is_down == !is_up) {
        return;
    }
    mpt_local_address a = {.addr = sim_client_address(link, l->settings.is_ipv6),
                           .mtu_bytes = l->settings.mtu_bytes,
                           .is_backup = w->scenario.is_backup[link],
                           .is_signal = w->scenario.client_signals};
    mpt_status status = is_up ? mpt_address_up(h->stack, &a, w->now) : mpt_address_down(h->stack, &a.addr, w->now);
    if (status == MPT_ERR_MEMORY && is_up) {
        sim_events_add(&w->events, w->now + 20 * MPT_MS, try_address_up, NULL, link);
        return;
    }
    SIM_REQUIRE(status == MPT_OK, "mpt_address_%s() returns %s", is_up ? "up" : "down", mpt_status_name(status));
    l->is_down = l->is_blocked = !is_up;
    w->stats[is_up ? SIM_STAT_address_up : SIM_STAT_address_down]++;
    sim_host_settle(h);
}

/** @return true when @p c has a subflow that works, for data too, on a link other than @p link. */
static bool has_other_subflow(const sim_world *w, const sim_conn *c, uint32_t link) {
    mpt_subflow_info info;
    for (uint32_t i = 0; mpt_conn_get_subflow_info(c->conn, i, &info); i++) {
        uint32_t l = sim_link_of(c->host->side == SIM_CLIENT ? &info.local.addr : &info.remote.addr);
        const sim_link *other = l < w->scenario.link_count ? &w->link[l] : NULL;
        if (info.is_established && l != link && other != NULL && !other->is_dead && !other->is_blocked &&
            other->settings.strip == SIM_STRIP_NONE) {
            return true;
        }
    }
    return false;
}

static bool may_kill(const sim_world *w, uint32_t link) {
    for (uint32_t app = 0; app < w->scenario.app_count; app++) {
        for (int side = 0; side < 2; side++) {
            const sim_conn *c = w->host[side].conn[app];
            if (c == NULL || (!c->is_released && !has_other_subflow(w, c, link)) || (c->is_released && !c->is_gone)) {
                return false;
            }
        }
    }
    return true;
}

/** @return true when the connections of all applications know an address of the server's that link @p i leads to. */
static bool leads_to_server(const sim_world *w, uint32_t i) {
    const sim_scenario *s = &w->scenario;
    for (uint32_t app = 0; app < s->app_count; app++) {
        if (s->link[s->app[app].link].is_ipv6 != s->link[i].is_ipv6) {
            return false;
        }
    }
    return true;
}

/** @return true when there is a link over which subflows can be added. */
static bool can_join(const sim_world *w) {
    if (!w->scenario.settings[SIM_SERVER].conn.allow_join_initial) {
        return false;
    }
    for (uint32_t i = 0; i < w->scenario.link_count; i++) {
        sim_strip strip = w->link[i].settings.strip;
        bool is_forging = w->scenario.link[i].forge_ppm > 0; /* who is refused tries again long after */
        if (!w->link[i].is_dead && !is_forging && leads_to_server(w, i) &&
            (strip == SIM_STRIP_NONE || strip == SIM_STRIP_ADDRESS)) {
            return true;
        }
    }
    return false;
}

/** @return true when the server lacks at most the acknowledgement of its end: that may stay away for ever. */
static bool has_last_ack_only(const sim_conn *server) {
    mpt_conn_info info = server->last_info;
    if (server->is_gone) {
        return true;
    }
    if (!server->is_released) {
        mpt_conn_get_info(server->conn, &info);
    }
    return server->is_ended && server->is_shut && info.bytes_acked == server->written;
}

/** @return true when every connection is one that survives the loss of an address: MPTCP on both sides, or not there yet. */
static bool may_go_down(const sim_world *w) {
    const char *manager = w->scenario.settings[SIM_CLIENT].conn.path_manager;
    if (strcmp(manager, "none") == 0 || strcmp(manager, "ndiffports") == 0 || !can_join(w)) {
        return false;
    }
    for (uint32_t app = 0; app < w->scenario.app_count; app++) {
        for (int side = 0; side < 2; side++) {
            const sim_conn *c = w->host[side].conn[app];
            const sim_conn *other = w->host[!side].conn[app];
            mpt_conn_info info;
            if (c == NULL && other == NULL) {
                continue;
            }
            bool is_client_done = side == SIM_CLIENT && c != NULL && (c->is_closed || c->is_released);
            if (c == NULL || (is_client_done && (other == NULL || !has_last_ack_only(other)))) {
                return false; /* nobody would open a subflow for the server's last data */
            }
            if (!c->is_gone) {
                info = c->last_info;
                if (!c->is_released) {
                    mpt_conn_get_info(c->conn, &info);
                }
                bool is_proven = info.bytes_acked > 0 || info.bytes_received > 0; /* else no join is allowed yet */
                if (info.mode != MPT_MODE_MPTCP || !is_proven) {
                    return false;
                }
            }
        }
    }
    return true;
}

/** One of the server's further addresses goes or comes. */
static void server_address(sim_world *w, uint32_t index, bool is_up) {
    sim_host *h = &w->host[SIM_SERVER];
    w->stats[is_up ? SIM_STAT_server_up : SIM_STAT_server_down]++;
    sim_host_server_address(h, index, is_up);
    w->is_server_down[index] = !is_up;
    sim_host_settle(h);
}

static void unreachable(sim_world *w, uint32_t link) {
    mpt_subflow_info info;
    sim_host *h = &w->host[SIM_CLIENT];
    for (uint32_t app = 0; app < w->scenario.app_count; app++) {
        sim_conn *c = h->conn[app];
        for (uint32_t i = 0; c != NULL && !c->is_released && mpt_conn_get_subflow_info(c->conn, i, &info); i++) {
            if (sim_link_of(&info.local.addr) == link) {
                SIM_COUNT(w->stats, unreachable);
                mpt_stack_unreachable(h->stack, &info.local, &info.remote, w->now);
                sim_host_settle(h);
                break;
            }
        }
    }
}

static void set_backup(sim_world *w, uint32_t link, bool is_backup) {
    sim_host *h = &w->host[SIM_CLIENT];
    mpt_addr a = sim_client_address(link, w->link[link].settings.is_ipv6);
    SIM_COUNT(w->stats, backup);
    mpt_status status = mpt_address_backup(h->stack, &a, is_backup, w->now);
    SIM_REQUIRE(status == (w->link[link].is_down ? MPT_ERR_ADDRESS : MPT_OK), "mpt_address_backup() returns %s",
                mpt_status_name(status));
    sim_host_settle(h);
}

void sim_fault_do(sim_world *w, void *object, uint64_t index) {
    (void)object;
    const sim_fault *f = &w->scenario.fault[index];
    sim_link *l = &w->link[f->link];
    if (w->options.is_verbose) {
        printf("%.9f fault %d link %u\n", (double)w->now / 1e9, f->kind, f->link);
    }
    switch (f->kind) {
    case SIM_FAULT_DOWN:
        if (may_go_down(w)) {
            sim_world_address(w, f->link, false);
        }
        break;
    case SIM_FAULT_UP: sim_world_address(w, f->link, true); break;
    case SIM_FAULT_BLOCK:
        l->is_blocked = true;
        SIM_COUNT(w->stats, link_blocked);
        break;
    case SIM_FAULT_UNBLOCK: l->is_blocked = l->is_down; break;
    case SIM_FAULT_KILL:
        l->is_dead = l->is_dead || may_kill(w, f->link);
        w->stats[SIM_STAT_link_killed] += l->is_dead;
        break;
    case SIM_FAULT_BACKUP: set_backup(w, f->link, true); break;
    case SIM_FAULT_NO_BACKUP: set_backup(w, f->link, false); break;
    case SIM_FAULT_UNREACHABLE: unreachable(w, f->link); break;
    case SIM_FAULT_SERVER_DOWN: server_address(w, f->link, false); break;
    case SIM_FAULT_SERVER_UP: server_address(w, f->link, true); break;
    }
}

/** The random faults stop; what a path always does to segments (delay, stripping, translation) stays. */
static void end_faults(sim_world *w, void *object, uint64_t number) {
    (void)object;
    (void)number;
    w->are_faults_over = true;
    for (int side = 0; side < 2; side++) {
        w->host[side].memory.fail_ppm = 0;
        w->host[side].memory.fail_nth = 0;
    }
    for (uint32_t i = 0; i < w->scenario.link_count; i++) {
        sim_link_settings *s = &w->link[i].settings;
        s->loss_ppm = s->duplicate_ppm = s->flip_ppm = s->corrupt_ppm = s->rewrite_ppm = s->forge_ppm = s->mark_ppm =
            s->coalesce_ppm = 0;
        w->link[i].is_blocked = w->link[i].is_down;
        sim_world_address(w, i, true);
    }
}

/* ---- A run ------------------------------------------------------------------------------------------------ */

sim_world *sim_world_new(const sim_scenario *s, const sim_options *o) {
    sim_world *w = calloc(1, sizeof *w);
    SIM_REQUIRE(w != NULL, "out of memory");
    w->scenario = *s;
    w->options = *o;
    w->rng.state = s->seed;
    w->hash = UINT64_C(0xcbf29ce484222325);
    sim_fail_context(w->scenario.name, &w->now);
    for (uint32_t i = 0; i < s->link_count; i++) {
        w->link[i].settings = s->link[i];
        w->link[i].stats = w->stats;
        if (o->pcap_prefix != NULL) {
            w->pcap[i] = sim_pcap_open(o->pcap_prefix, i);
        }
    }
    sim_host_start(w, SIM_CLIENT);
    sim_host_start(w, SIM_SERVER);
    for (uint32_t i = 0; i < s->app_count; i++) {
        sim_events_add(&w->events, s->app[i].start_ns, sim_app_start, NULL, i);
    }
    for (uint32_t i = 0; i < s->fault_count; i++) {
        sim_events_add(&w->events, s->fault[i].time, sim_fault_do, NULL, i);
    }
    if (s->attack_ns > 0) {
        sim_events_add(&w->events, s->attack_ns, sim_attack, NULL, 0);
    }
    sim_events_add(&w->events, s->faults_end_ns, end_faults, NULL, 0);
    sim_events_add(&w->events, s->delivery_ns, sim_check_delivery, NULL, 0);
    return w;
}

/* No run has so many things happening at one moment. */
enum { SAME_TIME_EVENTS_MAX = 200000 };

void sim_world_run_until(sim_world *w, mpt_time until) {
    sim_event e;
    while (w->events.heap.count > 0 && w->events.heap.at[0].time_ns <= until && sim_events_next(&w->events, &e)) {
        SIM_REQUIRE(e.time <= w->scenario.end_ns, "still not quiet");
        w->events_now = e.time == w->now ? w->events_now + 1 : 0;
        SIM_REQUIRE(w->events_now < SAME_TIME_EVENTS_MAX, "time does not pass any more");
        w->now = e.time;
        e.action(w, e.object, e.number);
        w->event_count++;
        sim_check_stacks(w);
    }
}

void sim_world_run(sim_world *w) {
    sim_world_run_until(w, MPT_NEVER);
    sim_check_end(w);
}

void sim_world_free(sim_world *w) {
    for (int side = 0; side < 2; side++) {
        sim_host *h = &w->host[side];
        mpt_stack_free(h->stack);
        SIM_REQUIRE(h->memory.blocks == 0 && h->memory.bytes == 0, "%s: the core kept %llu blocks, %llu bytes",
                    side == SIM_CLIENT ? "client" : "server", (unsigned long long)h->memory.blocks,
                    (unsigned long long)h->memory.bytes);
        for (uint32_t i = 0; i < w->scenario.app_count; i++) {
            sim_conn_free(h->conn[i]);
        }
        sim_conn_free(h->unclaimed);
    }
    sim_event e;
    while (sim_events_next(&w->events, &e)) {
        if (e.action == arrive) {
            free(e.object);
        }
    }
    sim_events_free(&w->events);
    for (uint32_t i = 0; i < SIM_LINKS_MAX; i++) {
        free(w->link[i].held[SIM_CLIENT]);
        free(w->link[i].held[SIM_SERVER]);
        if (w->pcap[i] != NULL) {
            fclose(w->pcap[i]);
        }
    }
    sim_fail_context("sim", NULL);
    free(w);
}

uint64_t sim_run(const sim_scenario *s, const sim_options *o) {
    sim_world *w = sim_world_new(s, o);
    sim_world_run(w);
    uint64_t hash = w->hash;
    if (o->totals != NULL) {
        w->stats[SIM_STAT_allocation_failed] = w->host[0].memory.failures + w->host[1].memory.failures;
        w->stats[SIM_STAT_mixed] = w->stats[SIM_STAT_ipv4] > 0 && w->stats[SIM_STAT_ipv6] > 0;
        sim_totals_add(o->totals, w->stats, mpt_stack_counters(w->host[SIM_CLIENT].stack),
                       mpt_stack_counters(w->host[SIM_SERVER].stack), w->event_count);
    }
    sim_world_free(w);
    return hash;
}
