/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy_file.c: see policy_file.h. What is loaded stays loaded: connections refer to it. */
#include "policy_file.h"

#include <dlfcn.h>
#include <string.h>

static const char *const symbols[] = {"mptcp_congestion_control", "mptcp_scheduler", "mptcp_path_manager"};

bool policy_is_file(const char *value) {
    return strchr(value, '/') != NULL;
}

const void *policy_load(enum policy_kind kind, const char *file, const char **error) {
    void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    const void *ops = object ? dlsym(object, symbols[kind]) : NULL;

    if (!ops)
        *error = dlerror();
    return ops;
}
