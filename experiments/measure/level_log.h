/* SPDX-License-Identifier: GPL-2.0-or-later */
/** level_log.h: a value that changes in steps, such as the bytes in a queue, over time. */
#ifndef EXP_LEVEL_LOG_H
#define EXP_LEVEL_LOG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** From then on. */
struct level_entry {
    int64_t time_ns;
    uint64_t value;
};

struct level_log {
    struct level_entry
        *at; /**< in order of time, one for each moment, each unlike the one before; 0 before the first */
    size_t count, capacity;
};

/** It is @p value from @p now_ns on, which is no earlier than the change before. */
void level_log_set(struct level_log *log, int64_t now_ns, uint64_t value);
uint64_t level_log_at(const struct level_log *log, int64_t time_ns);
/** @return its mean over the time between the two; 0 when there is none. */
double level_log_mean(const struct level_log *log, int64_t from_ns, int64_t to_ns);
/** @return the greatest that it was between the two. */
uint64_t level_log_greatest(const struct level_log *log, int64_t from_ns, int64_t to_ns);
void level_log_free(struct level_log *log);

#ifdef __cplusplus
}
#endif
#endif
