/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runner's end of `mptcp-run --serve' (command/serve.h). */
#ifndef LAB_SERVER_H
#define LAB_SERVER_H

#include "text.h"

#include <stdbool.h>
#include <sys/types.h>

/* Zero-initialised: not started. */
typedef struct {
    pid_t pid; /* leader of a process group */
    int pidfd; /* readable when the process has ended */
    int requests;
    int waiting; /* the server's own end of it: what it has not begun can be taken back */
    int out, err;
    double cpu_s;    /* of its process, until the end of the last run */
    bool has_served; /* a run, to its end */
} server;

/* The request of a run; false when it is too long for one. */
bool server_words(text_buf *out, char *const *argv, const char *stdin_text);

/* False with errno set when there cannot be one. */
bool server_start(server *s, const char *program);

/* False when the server has ended, or has too many requests. */
bool server_request(const server *s, const text_buf *words);

/* How many requests the server had not begun; it will not. */
size_t server_take_back(const server *s);

/* Closes the descriptors; the process has been waited for. */
void server_close(server *s);

#endif
