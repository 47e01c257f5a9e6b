/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "resource.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

static char root[PATH_MAX];

static int holds_resources(const char *folder) {
    char probe[PATH_MAX + 32];
    snprintf(probe, sizeof probe, "%s/gp/chart.gp", folder);
    return access(probe, R_OK) == 0;
}

void resource_find(const char *folder_given) {
    static const char *const beside_program[] = {"analysis", "../analysis", "share/mptcp/analysis"};
    if (folder_given != NULL) {
        if (!holds_resources(folder_given))
            report_fatal(EXIT_FILE, "--data %s: expected a folder with gp/chart.gp, sql/ and reference/", folder_given);
        if (realpath(folder_given, root) == NULL) /* a command may change its folder */
            report_fatal(EXIT_FILE, "--data %s: %s", folder_given, strerror(errno));
        return;
    }
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        report_fatal(EXIT_FILE, "/proc/self/exe: %s; name the folder with --data DIR", strerror(errno));
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof beside_program / sizeof *beside_program; i++) {
        if ((size_t)snprintf(root, sizeof root, "%s/../%s", program, beside_program[i]) < sizeof root &&
            holds_resources(root))
            return;
    }
    report_fatal(EXIT_FILE, "no folder analysis/ or share/mptcp/analysis/ beside %s; name it with --data DIR", program);
}

char *resource_path(const char *folder, const char *name, const char *suffix) {
    char *path;
    if (asprintf(&path, "%s/%s/%s%s", root, folder, name, suffix) < 0)
        abort();
    return path;
}

char *resource_text(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    char *text = NULL;
    size_t size = 0;
    errno = 0;
    if (getdelim(&text, &size, '\0', file) < 0)
        report_fatal(EXIT_FILE, "%s: %s", path, errno != 0 ? strerror(errno) : "is empty");
    fclose(file);
    return text;
}
