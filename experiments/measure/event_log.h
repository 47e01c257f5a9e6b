/* SPDX-License-Identifier: GPL-2.0-or-later */
/** event_log.h: what happened when, kept until the end of a run, for some things are known only later. */
#ifndef EXP_EVENT_LOG_H
#define EXP_EVENT_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct event_entry {
    int64_t time_ns;
    size_t number; /**< in the order in which they were told */
    const char *name;
    char *entity, *detail; /**< owned */
};

struct event_log {
    struct event_entry *at;
    size_t count, capacity;
};

/** Copies @p entity and @p detail, but keeps @p name, which must outlive the log. */
void event_log_add(struct event_log *log, int64_t time_ns, const char *name, const char *entity, const char *detail);
/** Print result lines in order of time, up to @p end_ns; those of one moment in the order in which they were told. */
void event_log_print(struct event_log *log, int64_t end_ns, FILE *out);
void event_log_free(struct event_log *log);

#ifdef __cplusplus
}
#endif
#endif
