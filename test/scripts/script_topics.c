/* SPDX-License-Identifier: GPL-2.0-only */
#include "script_topics.h"

/* A line each. */
#define TOPICS(X)                                                                                                      \
    X(scripts_tcp_open)                                                                                                \
    X(scripts_tcp_data)                                                                                                \
    X(scripts_tcp_recovery)                                                                                            \
    X(scripts_tcp_close)                                                                                               \
    X(scripts_capable)                                                                                                 \
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
