/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "child.h"

#include "command/serve.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

#define EXIT_CANNOT_RUN 127 /* as a shell does */

/* A file without name that holds `text`, to be read from its start; -1 with errno set. */
int child_open_text(const char *text) {
    int fd = memfd_create("stdin", MFD_CLOEXEC);
    for (size_t left = strlen(text); fd >= 0 && left;) {
        ssize_t count = write(fd, text, left);
        if (count < 0) {
            close(fd);
            return -1;
        }
        text += count;
        left -= (size_t)count;
    }
    if (fd >= 0) {
        lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static int spawn(pid_t *pid, char *const *argv, const child_fds *fds) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    if (fds->in >= 0) {
        posix_spawn_file_actions_adddup2(&actions, fds->in, STDIN_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&actions, fds->out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fds->err, STDERR_FILENO);
    if (fds->control >= 0) {
        posix_spawn_file_actions_adddup2(&actions, fds->control, SERVE_FD);
    }
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    int error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int child_spawn(pid_t *pid, char *const *argv, const child_fds *fds) {
    size_t count = 0;
    while (argv[count]) {
        count++;
    }
    char runner_pid[32];
    snprintf(runner_pid, sizeof runner_pid, "%ld", (long)getpid());
    char **full = text_alloc((count + 4) * sizeof *full);
    full[0] = "mptcp-lab";
    full[1] = CHILD_ARGUMENT;
    full[2] = runner_pid;
    memcpy(full + 3, argv, count * sizeof *full);
    int error = spawn(pid, full, fds);
    free(full);
    return error;
}

int child_main(int argc, char **argv) {
    if (argc < 4) {
        return EXIT_CANNOT_RUN;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != (pid_t)strtol(argv[2], NULL, 10)) {
        return EXIT_CANNOT_RUN; /* the runner died before the request was in place */
    }
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* a sweep of crashing runs must not fill the disk */
    execvp(argv[3], argv + 3);
    fprintf(stderr, "mptcp-lab: cannot run %s: %s\n", argv[3], strerror(errno));
    return EXIT_CANNOT_RUN;
}
