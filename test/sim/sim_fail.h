/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_fail.h: how a run ends that broke a rule, and how many runs share the machine. */
#ifndef SIM_FAIL_H
#define SIM_FAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "mpt.h"

/** Say where the run is, for sim_fail()'s message. @param name is borrowed. */
void sim_fail_context(const char *name, const mpt_time *now);
/** One line on standard error, then the end of the process with status 1. */
_Noreturn void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define SIM_REQUIRE(condition, ...)                                                                                    \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            sim_fail(__VA_ARGS__);                                                                                     \
        }                                                                                                              \
    } while (0)

/**
 * Run job(user, i) for i in [first, last], each in a process of its own, @p parallel at once.
 * A job that returns false, exits with a status or dies by a signal has failed: ended(user, i, false) is called.
 * @return how many failed
 */
uint64_t sim_fork_each(uint64_t first, uint64_t last, uint32_t parallel, bool (*job)(void *user, uint64_t i),
                       void (*ended)(void *user, uint64_t i, bool is_good), void *user);

#endif
