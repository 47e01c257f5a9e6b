/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * serve.h: `mptcp-run --serve', which does many runs without being started for each: it forks for every request, so that
 * each run begins with the same memory, and one that crashes is one run.
 *
 * Requests come on descriptor SERVE_FD, a socket of packets: the words of a command line, each with its NUL, and, as a
 * descriptor that goes with them, standard input. For each come back a serve_message STARTED and one ENDED; in between
 * the run writes to the standard output and error that the server has.
 */
#ifndef EXP_SERVE_H
#define EXP_SERVE_H

#include <stdint.h>

enum {
    SERVE_FD = 3,
    SERVE_BYTES_MAX = 65536 /**< of a request */
};

enum serve_kind { SERVE_STARTED, SERVE_ENDED };

struct serve_message {
    int32_t kind;       /**< enum serve_kind */
    int32_t pid;        /**< of the run's process */
    int32_t status;     /**< ENDED: as of waitpid() */
    int64_t cpu_us;     /**< ENDED: user and system time */
    int64_t memory_kib; /**< ENDED: peak resident set */
};

/**
 * Serve until the other end closes.
 * @param run does one run in a process of its own and returns its exit status; argv ends with NULL
 * @return exit status
 */
int serve(int (*run)(int argc, char **argv));

#endif
