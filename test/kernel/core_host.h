/* SPDX-License-Identifier: GPL-2.0-or-later */
/** core_host.h: a host of the core in real time: segments to and from emulated paths, one timer, an application a connection. */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "core_app.h"
#include "emu_path.h"
#include "mpt.h"

enum { CORE_APPS_MAX = 64 };

typedef struct core_host {
    mpt_stack *stack;
    core_app apps[CORE_APPS_MAX]; /**< all alike in what they shall do */
    uint32_t app_count;
    emu_path *paths;
    uint32_t path_count;
    uint32_t subflows_wanted; /**< before it counts as busy */
    mpt_time busy_at;         /**< the first peer's first byte was read, and so many subflows established; 0: not yet */
    uint64_t bad_checksums, inputs;
} core_host;

/** Start the stack with the paths' addresses, and connect over the first path, each application to a port of its own from @p port on, or listen. */
void core_host_start(core_host *h, const mpt_settings *s, uint16_t port, mpt_time now);
/** Everything that is due or has arrived. */
void core_host_step(core_host *h, mpt_time now);
/** What must follow every input: transmit, tell the application. */
void core_host_settle(core_host *h, mpt_time now);
/** @return when core_host_step() must be called, if nothing arrives before. */
mpt_time core_host_due(const core_host *h);
mpt_local_address core_host_address(const emu_path *p);
void core_host_free(core_host *h);

#endif
