/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runner's end of `mptcp-run --serve' (command/serve.h). */
#ifndef LAB_SERVER_H
#define LAB_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

/* Zero-initialised: not started. */
typedef struct {
    pid_t pid;
    int control;  /* serve_message comes from there */
    int out, err; /* what runs write; never at their end while the server is there */
    double cpu_s; /* of its process, until the end of the last run */
} server;

/* Has the server do a run, of argv[0], started if need be. False with errno set when it cannot. */
bool server_request(server *s, char *const *argv, const char *stdin_text);

/* Closes the descriptors; the process has been waited for. */
void server_close(server *s);

#endif
