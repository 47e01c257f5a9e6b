/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of child processes, each with its output read through pipes, a time limit and a memory limit.
 *
 * One thread, no callbacks while a child runs except for its standard output. A child is the leader of its own process
 * group, so that a Ctrl-C in the terminal reaches the runner alone and a kill reaches whatever the child has started.
 *
 * The memory limit is on resident memory and watched by the runner. RLIMIT_AS or RLIMIT_DATA would make an allocation
 * fail inside the child, which then ends in any way it likes (and sanitizers cannot start at all under them), so that
 * "out of memory" could not be told from a crash.
 *
 * Jobs that are served wait in a queue of their server, which goes through it alone; a server that dies takes the one
 * job along that it was at, and the others go to a new one.
 */
#ifndef LAB_POOL_H
#define LAB_POOL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POOL_STDERR_BYTES 4096 /* the end of standard error that is kept */

typedef enum {
    POOL_EXITED,    /* by itself; code is the exit status */
    POOL_SIGNALLED, /* by a signal not of this pool; code is its number */
    POOL_TIMEOUT,   /* killed: over its time limit */
    POOL_OOM,       /* killed, or found at its end: over its memory limit */
    POOL_CANCELLED, /* killed by pool_cancel() */
} pool_end;

typedef struct {
    char *const *argv;      /* argv[0] is searched in PATH; needed during pool_start only */
    const char *stdin_text; /* NULL: none; needed during pool_start only */
    bool
        is_served; /* the program knows --serve: one process of it does all jobs that come after each other; words and stdin_text have
                       SERVE_BYTES_MAX at most */
    double timeout_s;
    uint64_t memory_bytes_max;
    void (*on_stdout)(void *user, const char *bytes, size_t count);
    void *user;
} pool_job;

typedef struct {
    void *user;
    pool_end end;
    int code;
    int64_t started_us; /* since 1970 */
    double wall_s;
    double cpu_s;
    int64_t memory_kib;                     /* peak resident set */
    char stderr_end[POOL_STDERR_BYTES + 1]; /* without NUL and other control characters */
} pool_outcome;

typedef struct pool pool;

pool *pool_new(size_t jobs_max);
void pool_free(pool *p); /* kills and reaps what still runs */

size_t pool_running(const pool *p); /* at the same time */
bool pool_is_idle(const pool *p);
bool pool_has_room(
    pool *p,
    bool is_served); /* for such a job; more short ones that are served may be taken than run at the same time */
bool pool_start(pool *p, const pool_job *job); /* false with errno set when no process can be made */

/* Kills the job of this `user`, which ends as POOL_CANCELLED; may be called from its on_stdout. */
void pool_cancel(pool *p, const void *user);

/* Waits at most `wait_ms` for a child to end; true when one did and `out` tells how. Returns early on a stop signal. */
bool pool_wait(pool *p, int wait_ms, pool_outcome *out);

/* Lets SIGINT, SIGTERM and SIGHUP end pool_wait() early instead of ending the program. */
void pool_catch_stop_signals(void);
int pool_stop_signal(void); /* number of the signal that came, or 0 */

double pool_clock_s(void); /* monotonic */

#endif
