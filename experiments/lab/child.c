/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define EXIT_CANNOT_RUN 127 /* as a shell does */

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
