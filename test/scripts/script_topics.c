/* SPDX-License-Identifier: GPL-2.0-only */
#include "script_topics.h"

#include <stdio.h>
#include <string.h>

/* A line each. */
#define TOPICS(X)                                                                                                      \
    X(scripts_tcp_open)                                                                                                \
    X(scripts_tcp_data)                                                                                                \
    X(scripts_tcp_recovery)                                                                                            \
    X(scripts_rack)                                                                                                    \
    X(scripts_tcp_close)                                                                                               \
    X(scripts_capable)                                                                                                 \
    X(scripts_dss)                                                                                                     \
    X(scripts_data_fin)                                                                                                \
    X(scripts_join)                                                                                                    \
    X(scripts_address)                                                                                                 \
    X(scripts_fallback)                                                                                                \
    X(scripts_version0)                                                                                                \
    X(scripts_close)

#define X(topic) extern const script_topic topic;
TOPICS(X)
#undef X

#define X(topic) &topic,
const script_topic *const script_topics[] = {TOPICS(X) NULL};

bool script_play_named(const char *name, const script_host *host, bool is_verbose) {
    for (const script_topic *const *topic = script_topics; *topic; topic++)
        for (uint32_t i = 0; i < (*topic)->count; i++)
            if (strcmp((*topic)->scripts[i].name, name) == 0)
                return script_play(&(*topic)->scripts[i], (*topic)->file, host, is_verbose);
    printf("FAILED   no script is called %s\n", name);
    return false;
}
