/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin.c: policies out of shared objects (policy_file.h) are registered at every host. */
#include "link.h"
#include "net.h"

#include <stdlib.h>
#include <string.h>

#include "mpt_ext.h"

enum { LOADED_MAX = 16 };

/* A table of functions, of whichever kind, and its file. */
struct loaded {
    enum policy_kind kind;
    const void *ops;
    const char *name;
};

static struct loaded all[LOADED_MAX];
static size_t count;

static mpt_status register_at(mpt_stack *st, const struct loaded *l) {
    switch (l->kind) {
    case POLICY_CONGESTION_CONTROL: return mpt_register_cc(st, l->ops);
    case POLICY_SCHEDULER: return mpt_register_scheduler(st, l->ops);
    case POLICY_PATH_MANAGER: return mpt_register_path_manager(st, l->ops);
    }
    return MPT_ERR_SETTING;
}

void plugins_register(mpt_stack *st) {
    for (size_t i = 0; i < count; i++)
        if (register_at(st, &all[i]) != MPT_OK)
            abort(); /* it was tried when it was loaded */
}

static void *allocate(void *user, size_t bytes) {
    (void)user;
    return calloc(1, bytes);
}

static void release(void *user, void *p) {
    (void)user;
    free(p);
}

/* Would a host take all of them? MPT_OK, or why not. */
static mpt_status try_all(void) {
    const mpt_mem memory = {NULL, allocate, release};
    mpt_settings settings;
    mpt_stack *st;
    mpt_status status = MPT_OK;

    mpt_settings_default(&settings);
    if (mpt_stack_new(&st, &settings, &memory, 0) != MPT_OK)
        abort();
    for (size_t i = 0; i < count && status == MPT_OK; i++)
        status = register_at(st, &all[i]);
    mpt_stack_free(st);
    return status;
}

static const char *name_of(enum policy_kind kind, const void *ops) {
    switch (kind) {
    case POLICY_CONGESTION_CONTROL: return ((const mpt_cc_ops *)ops)->name;
    case POLICY_SCHEDULER: return ((const mpt_sched_ops *)ops)->name;
    case POLICY_PATH_MANAGER: return ((const mpt_pm_ops *)ops)->name;
    }
    return NULL;
}

const char *plugin_load(enum policy_kind kind, const char *file, const char **error) {
    const void *ops = policy_load(kind, file, error);
    mpt_status status;

    if (!ops)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (all[i].ops == ops)
            return all[i].name;
    if (count == LOADED_MAX) {
        *error = "at most 16 shared objects";
        return NULL;
    }
    all[count++] = (struct loaded){kind, ops, name_of(kind, ops)};
    status = try_all();
    if (status == MPT_OK)
        return all[count - 1].name;
    count--;
    *error = status == MPT_ERR_NAME
                 ? "there is a policy of the name that its table has, one that ships or another file's"
                 : "the policy has no name or too long a one, lacks a function, or wants too much state (mpt_ext.h)";
    return NULL;
}
