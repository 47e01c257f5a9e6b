/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * serve.h: `mptcp-run --serve', which does one run after the other in one process, for starting a process costs more than a
 * small run. What ends the process, a crash or a wrong command line, is the end of one run: the other side starts a new one.
 *
 * Requests come on descriptor SERVE_FD, a socket of packets: the words of a command line, each with its NUL, and, as a
 * descriptor that goes with them, standard input. For each comes back a serve_message; before it the run writes to the
 * standard output and error that the server has.
 */
#ifndef EXP_SERVE_H
#define EXP_SERVE_H

#include <stdint.h>

enum {
    SERVE_FD = 3,
    SERVE_BYTES_MAX = 65536 /**< of a request */
};

/** The end of a run. */
struct serve_message {
    int32_t exit_status;
    int64_t cpu_us;     /**< user and system time of the process since its start */
    int64_t memory_kib; /**< peak resident set of the run */
};

/**
 * Serve until the other end closes.
 * @param run does one run and returns its exit status; leaves nothing behind; argv ends with NULL
 * @return exit status
 */
int serve(int (*run)(int argc, char **argv));

#endif
