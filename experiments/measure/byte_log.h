/* SPDX-License-Identifier: GPL-2.0-or-later */
/** byte_log.h: when how many bytes arrived; all figures about goodput and stalls are read from it after the run. */
#ifndef EXP_BYTE_LOG_H
#define EXP_BYTE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An arrival. */
struct byte_entry {
    int64_t time_ns;
    uint64_t total_bytes; /**< that have arrived by then */
};

struct byte_log {
    struct byte_entry *at; /**< in order of time, one for each moment */
    size_t count, capacity;
};

/** @p bytes arrive at @p now_ns, which is no earlier than the arrival before. */
void byte_log_add(struct byte_log *log, int64_t now_ns, uint64_t bytes);
/** @return bytes that arrived after @p from_ns, up to and including @p to_ns. */
uint64_t byte_log_between(const struct byte_log *log, int64_t from_ns, int64_t to_ns);
uint64_t byte_log_total(const struct byte_log *log);
/** @return the longest time without an arrival between the two, which count as arrivals. */
int64_t byte_log_longest_gap(const struct byte_log *log, int64_t from_ns, int64_t to_ns);
/** Find the first arrival after @p time_ns. @return whether there is one. */
bool byte_log_first_after(const struct byte_log *log, int64_t time_ns, int64_t *found_ns);
/** Find the last arrival up to and including @p time_ns. @return whether there is one. */
bool byte_log_last_until(const struct byte_log *log, int64_t time_ns, int64_t *found_ns);
void byte_log_free(struct byte_log *log);

#ifdef __cplusplus
}
#endif
#endif
