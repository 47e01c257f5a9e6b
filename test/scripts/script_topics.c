/* SPDX-License-Identifier: GPL-2.0-only */
#include "script_topics.h"

#include <stddef.h>

#define TOPICS(X)                                                                                                      \
    X(handshake)                                                                                                       \
    X(capable)                                                                                                         \
    X(join)                                                                                                            \
    X(address)                                                                                                         \
    X(data)                                                                                                            \
    X(close)                                                                                                           \
    X(fallback)

#define X(name) extern const script_topic scripts_##name;
TOPICS(X)
#undef X

#define X(name) &scripts_##name,
const script_topic *const script_topics[] = {TOPICS(X) NULL};
