/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What theory expects of a scenario: mptcp-oracle, which lies beside this program and shares no code with the model. */
#define _GNU_SOURCE 1

#include "command.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int command_fluid(int argc, char **argv) {
    char self[PATH_MAX];
    ssize_t count = readlink("/proc/self/exe", self, sizeof self - 1);
    self[count > 0 ? count : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash) {
        *slash = '\0';
    }
    (void)argc;
    char *program = text_format("%s/mptcp-oracle", self);
    execv(program, argv); /* argv[0] is the sub-command's title: it stands in messages */
    fprintf(stderr, "mptcp-lab: cannot start %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}
