/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "script_topics.h"

#include <stdio.h>
#include <string.h>

/* A line each. */
/* clang-format off */
#define TOPICS(X)                                                                                                      \
    X(scripts_tcp_open)                                                                                                \
    X(scripts_tcp_data)                                                                                                \
    X(scripts_tcp_recovery)                                                                                            \
    X(scripts_tcp_acks)                                                                                                \
    X(scripts_rack)                                                                                                    \
    X(scripts_ecn)                                                                                                     \
    X(scripts_tcp_rate)                                                                                                \
    X(scripts_tcp_close)                                                                                               \
    X(scripts_capable)                                                                                                 \
    X(scripts_dss)                                                                                                     \
    X(scripts_data_fin)                                                                                                \
    X(scripts_join)                                                                                                    \
    X(scripts_address)                                                                                                 \
    X(scripts_fallback)                                                                                                \
    X(scripts_mapping)                                                                                                 \
    X(scripts_version0)                                                                                                \
    X(scripts_close)
/* clang-format on */

#define X(topic) extern const script_topic topic;
TOPICS(X)
#undef X

#define X(topic) &topic,
const script_topic *const script_topics[] = {TOPICS(X) NULL};

const char *script_name(uint32_t i) {
    for (const script_topic *const *topic = script_topics; *topic; i -= (*topic++)->count)
        if (i < (*topic)->count)
            return (*topic)->scripts[i].name;
    return NULL;
}

static const script *find(const char *name, const char **file) {
    for (const script_topic *const *topic = script_topics; *topic; topic++)
        for (uint32_t i = 0; i < (*topic)->count; i++)
            if (strcmp((*topic)->scripts[i].name, name) == 0) {
                *file = (*topic)->file;
                return &(*topic)->scripts[i];
            }
    return NULL;
}

const char *script_wants(const char *name, const script_host *host) {
    const char *file;
    const script *s = find(name, &file);
    for (uint32_t i = 0; s && i < s->step_count; i++) {
        const script_step *step = &s->steps[i];
        if (step->kind == SCRIPT_ADDRESS_UP && !host->has_address(host->user, (uint32_t)step->number, &step->address))
            return "an address of its own kind";
        if (step->kind == SCRIPT_RELEASE && !host->release)
            return "to close the handle";
    }
    return NULL;
}

bool script_play_named(const char *name, const script_host *host, bool is_verbose) {
    const char *file;
    const script *s = find(name, &file);
    if (s)
        return script_play(s, file, host, is_verbose);
    printf("FAILED   no script is called %s\n", name);
    return false;
}
