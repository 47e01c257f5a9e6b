/* SPDX-License-Identifier: GPL-2.0-or-later */
/** The order of calls is that of mpt.h. */
#include "core_host.h"

#include <stdlib.h>

#include "ip_packet.h"
#include "sim_fail.h"
#include "sim_ip.h"

enum { CHECK_EVERY = 64 };

static void *allocate(void *user, size_t bytes) {
    (void)user;
    return calloc(1, bytes);
}

static void release(void *user, void *p) {
    (void)user;
    free(p);
}

/** The application of a connection, or the first without one, which accepts it. */
static core_app *app_of(core_host *h, const mpt_conn *conn) {
    core_app *free_app = NULL;
    for (uint32_t i = h->app_count; i-- > 0;) {
        core_app *a = &h->apps[i];
        if (a->conn == conn) {
            return a;
        }
        free_app = a->is_connected || a->conn != NULL ? free_app : a;
    }
    SIM_REQUIRE(free_app != NULL, "a connection of nobody's");
    return free_app;
}

/* ---- Segments that leave ---------------------------------------------------------------------------------- */

/** The client's address says which path a segment takes, as in a real network the client's interface does. */
static emu_path *path_of(const core_host *h, const mpt_segment *out) {
    for (uint32_t i = 0; i < h->path_count; i++) {
        emu_path *p = &h->paths[i];
        if (mpt_addr_equal(h->apps[0].is_client ? &p->core : &p->kernel,
                           h->apps[0].is_client ? &out->source : &out->destination)) {
            return p;
        }
    }
    sim_fail("no path from %s to %s", ip_text(&out->source), ip_text(&out->destination));
}

static bool transmit_one(core_host *h, mpt_time now) {
    static uint8_t packet[SIM_IP_BYTES_MAX + MPT_HEADER_BYTES_MAX + UINT16_MAX];
    mpt_segment out = {0};
    if (!mpt_stack_transmit(h->stack, &out, now)) {
        return false;
    }
    uint32_t bytes = ip_build(packet, &out, out.payload_bytes > 0 ? core_app_payload(app_of(h, out.conn), &out) : NULL);
    emu_path *path = path_of(h, &out);
    SIM_REQUIRE(bytes <= path->mtu_bytes, "a packet of %u bytes for an MTU of %u", bytes, path->mtu_bytes);
    emu_link_put(&path->link[EMU_TO_KERNEL], packet, bytes, now);
    return true;
}

/** The peer's application is there (it has written), and the joins are done: both take as long as the machine needs. */
static bool is_busy(const core_app *a, uint32_t subflows_wanted) {
    uint32_t established = 0;
    for (uint32_t i = 0; i < a->subflow_count; i++) {
        established += a->subflows[i].is_established;
    }
    return a->read > 0 && established >= subflows_wanted;
}

void core_host_settle(core_host *h, mpt_time now) {
    mpt_notice n;
    do {
        while (transmit_one(h, now)) {
        }
        if (!mpt_stack_poll(h->stack, &n)) {
            break;
        }
        core_app_notice(app_of(h, n.conn), &n, now);
    } while (true);
    for (uint32_t i = 0; i < h->app_count; i++) {
        core_app_observe(&h->apps[i]);
    }
    if (h->busy_at == 0 && is_busy(&h->apps[0], h->subflows_wanted)) {
        h->busy_at = now;
    }
    if (h->inputs++ % CHECK_EVERY == 0) {
        mpt_stack_check(h->stack);
    }
}

/* ---- Segments that arrive --------------------------------------------------------------------------------- */

static void receive(core_host *h, const emu_packet *p, mpt_time now) {
    mpt_segment in;
    mpt_store store = {0};
    bool is_tcp = ip_parse(&in, p->data, p->bytes);
    if (!is_tcp || !mpt_segment_verify(&in)) {
        h->bad_checksums++;
        return;
    }
    mpt_status status = mpt_stack_receive(h->stack, &in, &store, now);
    if (status == MPT_ERR_NOT_OURS) {
        mpt_stack_refuse(h->stack, &in, now);
    } else if (store.conn != NULL) {
        core_app_store(app_of(h, store.conn), &store, in.payload);
    }
    core_host_settle(h, now);
}

void core_host_step(core_host *h, mpt_time now) {
    for (uint32_t i = 0; i < h->path_count; i++) {
        emu_path *p = &h->paths[i];
        emu_path_read(p, now);
        for (emu_packet *packet; (packet = emu_link_take(&p->link[EMU_FROM_KERNEL], now)) != NULL; free(packet)) {
            receive(h, packet, now);
        }
    }
    if (mpt_stack_deadline(h->stack) <= now) {
        mpt_stack_timer(h->stack, now);
        core_host_settle(h, now);
    }
    for (uint32_t i = 0; i < h->path_count; i++) {
        emu_path_write(&h->paths[i], now);
    }
}

mpt_time core_host_due(const core_host *h) {
    mpt_time due = mpt_stack_deadline(h->stack);
    for (uint32_t i = 0; i < h->path_count; i++) {
        mpt_time at = emu_path_due(&h->paths[i]);
        due = at < due ? at : due;
    }
    return due;
}

/* ---- Start and end ---------------------------------------------------------------------------------------- */

mpt_local_address core_host_address(const emu_path *p) {
    return (mpt_local_address){.addr = p->core,
                               .mtu_bytes = p->mtu_bytes,
                               .is_backup = p->is_backup,
                               .is_signal = p->is_signal,
                               .no_subflow = p->no_subflow};
}

void core_host_start(core_host *h, const mpt_settings *s, uint16_t port, mpt_time now) {
    mpt_mem mem = {NULL, allocate, release};
    mpt_listener *listener;
    mpt_status status = mpt_stack_new(&h->stack, s, &mem, now);
    SIM_REQUIRE(status == MPT_OK, "mpt_stack_new() returns %s", mpt_status_name(status));
    for (uint32_t i = 0; i < h->path_count; i++) {
        mpt_local_address a = core_host_address(&h->paths[i]);
        bool is_there = a.addr.family != 0 && !h->paths[i].is_later;
        status = is_there ? mpt_address_up(h->stack, &a, now) : MPT_OK;
        SIM_REQUIRE(status == MPT_OK, "mpt_address_up() returns %s", mpt_status_name(status));
    }
    for (uint32_t i = 0; i < h->app_count && h->apps[0].is_client; i++) {
        mpt_endpoint local = {.addr = h->paths[0].core}, remote = {h->paths[0].kernel, (uint16_t)(port + i)};
        status = mpt_connect(h->stack, &local, &remote, NULL, now, &h->apps[i].conn);
        SIM_REQUIRE(status == MPT_OK, "mpt_connect() returns %s", mpt_status_name(status));
    }
    if (!h->apps[0].is_client) {
        status = mpt_listen(h->stack, &(mpt_endpoint){.port = port}, h->app_count, NULL, &listener);
        SIM_REQUIRE(status == MPT_OK, "mpt_listen() returns %s", mpt_status_name(status));
    }
    core_host_settle(h, now);
}

void core_host_free(core_host *h) {
    mpt_stack_free(h->stack);
    for (uint32_t i = 0; i < h->app_count; i++) {
        core_app_free(&h->apps[i]);
    }
}
