/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core_action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fail.h"

static const char *const names[] = {
#define X(name, help) #name,
    CORE_ACTIONS(X)
#undef X
};

bool core_action_parse(core_action *a, const char *text) {
    double seconds;
    char name[16];
    unsigned path = 1;
    int fields = sscanf(text, "%lf:%15[a-z]:%u", &seconds, name, &path);
    if (fields < 2 || seconds < 0 || path < 1) {
        return false;
    }
    for (int kind = 0; kind < CORE_ACTION_KINDS; kind++) {
        if (strcmp(names[kind], name) == 0) {
            *a = (core_action){(mpt_time)(seconds * (double)MPT_S), (core_action_kind)kind, path - 1, false};
            return true;
        }
    }
    return false;
}

static void act(const core_action *a, core_host *h, mpt_time now) {
    SIM_REQUIRE(a->path < h->path_count, "there is no path %u", a->path + 1);
    emu_path *p = &h->paths[a->path];
    mpt_local_address local = core_host_address(p);
    mpt_status status = MPT_OK;
    switch (a->kind) {
    case CORE_ACTION_down: status = mpt_address_down(h->stack, &p->core, now); break;
    case CORE_ACTION_up: status = mpt_address_up(h->stack, &local, now); break;
    case CORE_ACTION_backup: status = mpt_address_backup(h->stack, &p->core, true, now); break;
    case CORE_ACTION_regular: status = mpt_address_backup(h->stack, &p->core, false, now); break;
    case CORE_ACTION_break: emu_path_break(p); break;
    case CORE_ACTION_mend: emu_path_mend(p, now); break;
    case CORE_ACTION_abort:
        for (uint32_t i = 0; i < h->app_count; i++) {
            if (h->apps[i].conn != NULL && !h->apps[i].is_over) {
                mpt_conn_abort(h->apps[i].conn, now);
            }
        }
        break;
    case CORE_ACTION_KINDS: break;
    }
    SIM_REQUIRE(status == MPT_OK, "%s of path %u: %s", names[a->kind], a->path + 1, mpt_status_name(status));
    core_host_settle(h, now);
}

mpt_time core_action_run(core_action *actions, uint32_t count, core_host *h, mpt_time now) {
    mpt_time next = MPT_NEVER;
    for (uint32_t i = 0; i < count && h->busy_at > 0; i++) {
        core_action *a = &actions[i];
        mpt_time at = h->busy_at + a->after_ns;
        if (!a->is_done && at <= now) {
            a->is_done = true;
            act(a, h, now);
        } else if (!a->is_done) {
            next = at < next ? at : next;
        }
    }
    return next;
}
