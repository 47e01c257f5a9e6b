/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

extern char **environ;

/* Runs a program with its standard output and standard error in one open file; gives its wait status. */
static int run(char *const argv[], int messages, const char *folder) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, messages, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    if (folder != NULL)
        posix_spawn_file_actions_addchdir_np(&actions, folder);
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

/*
 * A curve without points isn't wrong: one seed has no interval, and no bar may be flat. The margins are ours, whatever
 * room gnuplot itself would want for labels.
 */
static bool is_harmless(const char *line) {
    static const char *const all[] = {"Skipping data file with no valid points", "difficulty making room for",
                                      "Check plot boundary and font sizes"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strstr(line, all[i]) != NULL)
            return true;
    return false;
}

/* The line that says what is wrong: gnuplot puts the offending line and a caret before it. */
static void read_complaint(FILE *messages, char *line, size_t size) {
    char text[512];
    line[0] = '\0';
    rewind(messages);
    while (fgets(text, sizeof text, messages) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        if (text[strspn(text, " \t^")] != '\0' && !is_harmless(text))
            snprintf(line, size, "%s", text + strspn(text, " \t"));
    }
}

/* Runs gnuplot; ends the program unless it ended well, without a word, and the image is there. */
static void draw(const char *figure, char *const argv[], const char *folder, const char *format, const char *image) {
    FILE *messages = tmpfile();
    if (messages == NULL)
        report_fatal(EXIT_FILE, "temporary file: %s", strerror(errno));
    int status = run(argv, fileno(messages), folder);
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
}

static char *read_all(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    struct stat is;
    if (file != NULL && fstat(fileno(file), &is) == 0 && (bytes = malloc((size_t)is.st_size + 1)) != NULL)
        *size = fread(bytes, 1, (size_t)is.st_size, file);
    if (file == NULL || bytes == NULL || *size != (size_t)is.st_size)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    fclose(file);
    return bytes;
}

static void write_all(const char *path, FILE *file) {
    int has_failed = ferror(file);
    if (fclose(file) != 0 || has_failed)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
}

/* Writes the file again with the text behind each mark, as long as the new one, replaced by it, or with more. */
static void replace(const char *path, const char *mark, size_t old_length, const char *new_text) {
    size_t size, length = strlen(mark);
    char *bytes = read_all(path, &size);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < size;) {
        if (size - i >= length + old_length && memcmp(bytes + i, mark, length) == 0) {
            fwrite(mark, 1, length, file);
            fputs(new_text, file);
            i += length + old_length;
        } else {
            fputc(bytes[i++], file);
        }
    }
    write_all(path, file);
    free(bytes);
}

/* The text of 7 pt, for which there is room, whatever size the document has; sans serif as in the other formats. */
static void set_tex_size(const char *path) {
    size_t size;
    char *bytes = read_all(path, &size);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    fputs("\\begingroup\\sffamily\\fontsize{7}{8.4}\\selectfont%\n", file);
    fwrite(bytes, 1, size, file);
    fputs("\\endgroup\n", file);
    write_all(path, file);
    free(bytes);
}

void gnuplot_draw(const char *figure, const char *folder, const char *script, const char *format, const char *image) {
    char *argv[] = {"gnuplot", "-d", "-c", (char *)script, (char *)format, (char *)image, NULL}, *path, *pdf;
    if (asprintf(&path, "%s/%s", folder, image) < 0 || asprintf(&pdf, "%.*s.pdf", (int)strlen(path) - 4, path) < 0)
        abort();
    draw(figure, argv, folder, format, path);
    if (strcmp(format, "pdf") == 0 || strcmp(format, "tex") == 0)
        replace(pdf, "/CreationDate (D:", strlen("20000101000000"), "20000101000000");
    if (strcmp(format, "tex") == 0)
        set_tex_size(path);
    if (strcmp(format, "svg") == 0)
        replace(path, "font-family=\"Liberation Sans", 0, ", Arimo, Arial, Helvetica, sans-serif");
    free(path);
    free(pdf);
}
