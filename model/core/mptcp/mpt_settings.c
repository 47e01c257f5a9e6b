/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_settings.c: defaults and ranges of the settings, both from the one list in mpt.h. */
#include <string.h>

#include "cc/mpt_cc.h"
#include "mptcp/mpt_pm.h"
#include "sched/mpt_sched.h"

#define SET_BOOL(field, def) field = def
#define SET_U32(field, def) field = def
#define SET_TIME(field, def) field = INT64_C(def)
#define SET_NAME(field, def) memcpy(field, def, sizeof def)

void mpt_settings_default(mpt_settings *s) {
    memset(s, 0, sizeof *s);
    s->seed = 1;
    s->connections_max = 65536;
    s->half_open_max = 1024;
    s->challenge_acks_per_s = 1000;
#define MPT_X(type, name, def, lo, hi, help) SET_##type(s->conn.name, def);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
}

#define BAD_BOOL(field, lo, hi) false
#define BAD_U32(field, lo, hi) ((int64_t)field < INT64_C(lo) || (int64_t)field > INT64_C(hi))
#define BAD_TIME(field, lo, hi) (field < INT64_C(lo) || field > INT64_C(hi))
#define BAD_NAME(field, lo, hi) (memchr(field, 0, sizeof field) == NULL)

const char *mpt_conn_settings_check(const mpt_conn_settings *s) {
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (BAD_##type(s->name, lo, hi))                                                                                   \
        return #name;
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    if (s->rto_min_ns > s->rto_max_ns)
        return "rto_min_ns";
    if (!mpt_cc_find(s->congestion_control))
        return "congestion_control";
    if (!mpt_sched_find(s->scheduler))
        return "scheduler";
    if (!mpt_pm_find(s->path_manager))
        return "path_manager";
    return NULL;
}
