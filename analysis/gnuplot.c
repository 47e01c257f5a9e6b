/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

extern char **environ;

/* Runs a program with its standard output and standard error in one open file; gives its wait status. */
static int run(char *const argv[], int messages) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, messages, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    pid_t child;
    int error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        report_fatal(EXIT_DRAW, "%s: %s; on Debian it is in the package gnuplot-nox", argv[0], strerror(error));
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            report_fatal(EXIT_DRAW, "%s: %s", argv[0], strerror(errno));
    }
    return status;
}

/* A curve without points isn't wrong: one seed has no interval, and no bar may be flat. */
static const char harmless[] = "Skipping data file with no valid points";

/* The line that says what is wrong: gnuplot puts the offending line and a caret before it. */
static void read_complaint(FILE *messages, char *line, size_t size) {
    char text[512];
    line[0] = '\0';
    rewind(messages);
    while (fgets(text, sizeof text, messages) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        if (text[strspn(text, " \t^")] != '\0' && strstr(text, harmless) == NULL)
            snprintf(line, size, "%s", text + strspn(text, " \t"));
    }
}

void gnuplot_draw(const char *figure, const char *script, const char *gp_folder, const char *data, const char *format) {
    char *image;
    if (asprintf(&image, "%s.%s", data, format) < 0)
        abort();
    FILE *messages = tmpfile();
    if (messages == NULL)
        report_fatal(EXIT_FILE, "temporary file: %s", strerror(errno));
    char *argv[] = {"gnuplot",      "-d",  "-c", (char *)script, (char *)gp_folder, (char *)data,
                    (char *)format, image, NULL};
    int status = run(argv, fileno(messages));
    char complaint[512];
    read_complaint(messages, complaint, sizeof complaint);
    fclose(messages);
    if (WIFSIGNALED(status))
        report_fatal(EXIT_DRAW, "%s: gnuplot was killed by signal %d while drawing %s", figure, WTERMSIG(status),
                     format);
    if (WEXITSTATUS(status) != 0)
        report_fatal(EXIT_DRAW, "%s: gnuplot failed: %s", figure, complaint);
    if (complaint[0] != '\0')
        report_fatal(EXIT_DRAW, "%s: gnuplot complained: %s", figure, complaint);
    struct stat drawn;
    if (stat(image, &drawn) != 0 || drawn.st_size == 0)
        report_fatal(EXIT_DRAW, "%s: gnuplot drew nothing into the %s file", figure, format);
    free(image);
}
