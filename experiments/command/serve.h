/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * serve.h: `mptcp-run --serve', which does one run after the other in one process, for starting a process costs more than a
 * small run. What ends the process, a crash or a wrong command line, is the end of one run: the other side starts a new one.
 *
 * Requests come on descriptor SERVE_FD, a socket of packets, and may wait there: a serve_request, the words of a command line, each with its NUL, and
 * what standard input is to hold. Runs write to the standard output and error that the server has. At the end of each come SERVE_MARK on standard error, then
 * SERVE_MARK and a serve_end on standard output: whoever reads need not be awake for each run to know which bytes are whose.
 */
#ifndef EXP_SERVE_H
#define EXP_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVE_MARK                                                                                                     \
    "\x1e"                                                                                                             \
    "runend\x1e" /* with characters that result lines never have */

enum {
    SERVE_FD = 3,
    SERVE_BYTES_MAX = 65536, /**< of a request */
    SERVE_MARK_BYTES = sizeof SERVE_MARK - 1
};

/** The head of a request. */
struct serve_request {
    uint32_t word_count;
    uint32_t has_input;
};

/** The end of a run. */
struct serve_end {
    int32_t exit_status;
    int64_t started_us; /**< since 1970 */
    int64_t wall_us;
    int64_t cpu_us;     /**< user and system time of the process since its start */
    int64_t memory_kib; /**< peak resident set of the run */
};

/**
 * Serve until the other end closes.
 * @param run does one run and returns its exit status; leaves nothing behind; argv ends with NULL
 * @return exit status
 */
int serve(int (*run)(int argc, char **argv));

/** @return what the run under way was given as standard input, or NULL. */
const char *serve_input(size_t *bytes);

/** Puts that onto standard input, from its start, for who reads it there. @return false with errno set. */
bool serve_input_to_stdin(void);

#endif
