/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_settings_check.c: ranges of the settings, from the list in mpt.h, and names. */
#include <string.h>

#include "cc/mpt_cc.h"
#include "mptcp/mpt_conn.h"
#include "pm/mpt_pm_ops.h"
#include "sched/mpt_sched.h"

#define BAD_BOOL(field, lo, hi) false
#define BAD_U32(field, lo, hi) ((int64_t)field < INT64_C(lo) || (int64_t)field > INT64_C(hi))
#define BAD_TIME(field, lo, hi) (field < INT64_C(lo) || field > INT64_C(hi))
#define BAD_NAME(field, lo, hi) (memchr(field, 0, sizeof field) == NULL)

const char *mpt_conn_settings_check_at(const mpt_stack *st, const mpt_conn_settings *s) {
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (BAD_##type(s->name, lo, hi))                                                                                   \
        return #name;
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    if (s->rto_min_ns > s->rto_max_ns)
        return "rto_min_ns";
    if (!mpt_cc_named(st, s->congestion_control))
        return "congestion_control";
    if (!mpt_sched_named(st, s->scheduler))
        return "scheduler";
    if (!mpt_pm_named(st, s->path_manager))
        return "path_manager";
    return NULL;
}

const char *mpt_conn_settings_check(const mpt_conn_settings *s) {
    return mpt_conn_settings_check_at(NULL, s);
}
