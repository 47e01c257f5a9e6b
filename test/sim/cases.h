/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * cases.h: named behaviours of two whole cores, one scenario each, with a middlebox that does one thing to the right
 * segment. Every case also has the simulator's own rules: content, invariants, both sides closed, memory given back.
 *
 * A topic is a file cases_TOPIC.c: functions, a table of them, SIM_CASES(TOPIC); and a word in the list below.
 */
#ifndef CASES_H
#define CASES_H

#include "sim_case.h"

enum { MEGABYTE = 1000000 };

typedef struct sim_case {
    const char *name;
    void (*run)(const char *name);
} sim_case;

typedef struct sim_cases {
    const char *topic;
    const sim_case *cases;
    uint32_t count;
} sim_cases;

#define SIM_CASE(name)                                                                                                 \
    { #name, name }
/** The table of a topic's file, as others see it. */
#define SIM_CASES(topic) const sim_cases cases_##topic = {#topic, cases, sizeof cases / sizeof *cases};

/* clang-format off */
#define SIM_TOPICS(X)                                                                                                \
    X(handshake) X(join) X(fallback) X(data) X(tcp) X(subflow) X(address) X(return) X(paths) X(bursts) X(close) X(security) X(host) X(policy) X(simulator)
/* clang-format on */

#define SIM_TOPIC(topic) extern const sim_cases cases_##topic;
SIM_TOPICS(SIM_TOPIC)
#undef SIM_TOPIC

#endif
