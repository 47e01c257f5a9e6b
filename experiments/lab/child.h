/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First steps of a child process, between the runner and the program it runs.
 *
 * A child must die with its runner, also when that is killed by SIGKILL. Only the child itself can ask the kernel for
 * that (PR_SET_PDEATHSIG), and posix_spawn has no hook for it, so the runner starts itself again with CHILD_ARGUMENT;
 * that instance asks, sets the limits and becomes the program with execve, which keeps the request.
 */
#ifndef LAB_CHILD_H
#define LAB_CHILD_H

#include <sys/types.h>

#define CHILD_ARGUMENT "--become" /* mptcp-lab --become RUNNER_PID PROGRAM [ARGUMENT]... */

int child_main(int argc, char **argv);

typedef struct {
    int in; /* -1: empty */
    int out, err;
    int control; /* becomes SERVE_FD; -1: none */
} child_fds;

/* Starts a program as the leader of a process group. @return 0 or an errno. */
int child_spawn(pid_t *pid, char *const *argv, const child_fds *fds);

/* A file without name that holds `text`, to be read from its start; -1 with errno set. */
int child_open_text(const char *text);

#endif
