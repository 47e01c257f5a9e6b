/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gnuplot.h"
#include "memory.h"
#include "report.h"

static char target_folder[PATH_MAX];
static char work_folder[PATH_MAX]; /* empty when no figure is in progress */
static const char *figure_name;

static char *format_path(const char *folder, const char *name, const char *suffix) {
    char *path;
    if (asprintf(&path, "%s/%s%s", folder, name, suffix) < 0)
        abort();
    return path;
}

/* Calls act for each file of the work folder, then removes the folder. */
static void finish_work(void (*act)(const char *file_name, const char *path)) {
    DIR *folder = opendir(work_folder);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *path = format_path(work_folder, entry->d_name, "");
        act(entry->d_name, path);
        free(path);
    }
    closedir(folder);
    rmdir(work_folder);
    work_folder[0] = '\0';
}

static void remove_file(const char *file_name, const char *path) {
    (void)file_name;
    unlink(path);
}

static void discard_work(void) {
    if (work_folder[0] != '\0')
        finish_work(remove_file);
}

static void make_folders(const char *folder) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        report_fatal(EXIT_FILE, "%s: %s", folder, strerror(errno));
}

void output_begin(const char *folder, const char *name) {
    static int is_registered;
    if (!is_registered)
        is_registered = atexit(discard_work) == 0;
    make_folders(folder);
    if ((size_t)snprintf(target_folder, sizeof target_folder, "%s", folder) + strlen(name) + 16 > sizeof target_folder)
        report_fatal(EXIT_FILE, "%s: path too long", folder);
    char *unique;
    if (asprintf(&unique, "%s/.%s.XXXXXX", folder, name) < 0)
        abort();
    if (mkdtemp(unique) == NULL)
        report_fatal(EXIT_FILE, "%s: %s", folder, strerror(errno));
    snprintf(work_folder, sizeof work_folder, "%s", unique);
    figure_name = name;
    free(unique);
}

FILE *output_open(const char *suffix) {
    char *path = format_path(work_folder, figure_name, suffix);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    free(path);
    return file;
}

void output_close(FILE *file) {
    int has_failed = ferror(file);
    if (fclose(file) != 0 || has_failed)
        report_fatal(EXIT_FILE, "%s/%s: %s", target_folder, figure_name, strerror(errno));
}

void output_number(FILE *file, double value) {
    if (isfinite(value))
        fprintf(file, ",%.9g", value);
    else
        fputc(',', file);
}

void output_text(FILE *file, const char *text) {
    if (strpbrk(text, ",\"\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static bool is_among(const char *columns, const char *name) {
    size_t length = strlen(name);
    for (const char *at = columns; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

void output_axis(FILE *file, const char *key, const char *columns) {
    char *name = memory_format("%s%s", key, is_among(columns, key) ? " (axis)" : "");
    output_text(file, name);
    free(name);
}

void output_draw(const char *format) {
    char *script = format_path("", figure_name, ".gp"), *image;
    /* The TeX file has a PDF of its own, which may not be the figure's. */
    if (asprintf(&image, strcmp(format, "tex") == 0 ? "%s-tex.%s" : "%s.%s", figure_name, format) < 0)
        abort();
    gnuplot_draw(figure_name, work_folder, script + 1, format, image);
    free(image);
    free(script);
}

static void place_file(const char *file_name, const char *path) {
    char *target = format_path(target_folder, file_name, "");
    if (rename(path, target) != 0)
        report_fatal(EXIT_FILE, "%s: %s", target, strerror(errno));
    printf("%s\n", target);
    free(target);
}

void output_commit(void) {
    finish_work(place_file);
}
