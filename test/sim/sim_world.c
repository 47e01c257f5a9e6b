/* SPDX-License-Identifier: GPL-2.0-only */
#include "sim_world.h"

#include <stdlib.h>
#include <string.h>

/* ---- The wire --------------------------------------------------------------------------------------------- */

static void arrive(sim_world *w, void *object, uint64_t number) {
    (void)number;
    sim_packet *p = object;
    sim_link *l = &w->link[p->link];
    if (!l->is_blocked && !l->is_dead) {
        sim_middlebox_pass(l, p, w->scenario.is_sealed, &w->rng);
        sim_host_receive(&w->host[p->to], p);
    }
    free(p);
}

static void put(sim_world *w, sim_packet *p, bool is_kept) {
    mpt_time arrival[2];
    uint32_t copies = is_kept ? sim_link_send(&w->link[p->link], !p->to, sim_packet_ip_bytes(p), &w->rng, w->now, arrival) : 0;
    if (w->options.is_verbose) {
        sim_print_segment(w, p, copies == 0 ? "lost" : copies == 2 ? "twice" : "");
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

void sim_world_put(sim_world *w, sim_packet *p) {
    put(w, p, w->filter == NULL || w->filter(w, !p->to, p));
}

void sim_world_inject(sim_world *w, sim_packet *p) {
    put(w, p, true);
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
                           .is_backup = w->scenario.is_backup[link]};
    mpt_status status = is_up ? mpt_address_up(h->stack, &a, w->now) : mpt_address_down(h->stack, &a.addr, w->now);
    if (status == MPT_ERR_MEMORY && is_up) {
        sim_events_add(&w->events, w->now + 20 * MPT_MS, try_address_up, NULL, link);
        return;
    }
    SIM_REQUIRE(status == MPT_OK, "mpt_address_%s() returns %s", is_up ? "up" : "down", mpt_status_name(status));
    l->is_down = l->is_blocked = !is_up;
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

/** @return true when every connection is one that survives the loss of an address: MPTCP on both sides, or not there yet. */
static bool may_go_down(const sim_world *w) {
    if (strcmp(w->scenario.settings[SIM_CLIENT].conn.path_manager, "none") == 0 ||
        !w->scenario.settings[SIM_SERVER].conn.allow_join_initial) {
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
            if (c == NULL || (is_client_done && (other == NULL || !other->is_gone))) {
                return false; /* nobody would open a subflow for the server's last words */
            }
            if (!c->is_gone) {
                info = c->last_info;
                if (!c->is_released) {
                    mpt_conn_get_info(c->conn, &info);
                }
                bool is_proven = info.bytes_acked > 0 || info.bytes_received > 0; /* else no join is allowed yet */
                uint32_t room = w->scenario.settings[side].conn.subflows_max; /* the server keeps subflows that are dead */
                if (info.mode != MPT_MODE_MPTCP || !is_proven || info.subflow_count + w->scenario.server_address_count > room) {
                    return false;
                }
            }
        }
    }
    return true;
}

static void unreachable(sim_world *w, uint32_t link) {
    mpt_subflow_info info;
    sim_host *h = &w->host[SIM_CLIENT];
    for (uint32_t app = 0; app < w->scenario.app_count; app++) {
        sim_conn *c = h->conn[app];
        for (uint32_t i = 0; c != NULL && !c->is_released && mpt_conn_get_subflow_info(c->conn, i, &info); i++) {
            if (sim_link_of(&info.local.addr) == link) {
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
    case SIM_FAULT_BLOCK: l->is_blocked = true; break;
    case SIM_FAULT_UNBLOCK: l->is_blocked = l->is_down; break;
    case SIM_FAULT_KILL: l->is_dead = l->is_dead || may_kill(w, f->link); break;
    case SIM_FAULT_BACKUP: set_backup(w, f->link, true); break;
    case SIM_FAULT_NO_BACKUP: set_backup(w, f->link, false); break;
    case SIM_FAULT_UNREACHABLE: unreachable(w, f->link); break;
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
        s->loss_ppm = s->duplicate_ppm = s->flip_ppm = s->corrupt_ppm = s->rewrite_ppm = 0;
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
    sim_events_add(&w->events, s->faults_end_ns, end_faults, NULL, 0);
    sim_events_add(&w->events, s->delivery_ns, sim_check_delivery, NULL, 0);
    return w;
}

/* No run has so many things happening at one moment. */
enum { SAME_TIME_EVENTS_MAX = 200000 };

void sim_world_run_until(sim_world *w, mpt_time until) {
    sim_event e;
    while (w->events.count > 0 && w->events.heap[0].time <= until && sim_events_next(&w->events, &e)) {
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
    sim_world_free(w);
    return hash;
}
