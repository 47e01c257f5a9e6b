/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "page_figures.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "axes.h"
#include "levels.h"
#include "memory.h"
#include "report.h"
#include "resource.h"
#include "stored.h"

#define ARGUMENTS_MAX 32

extern char **environ;

typedef struct {
    const char *argument[ARGUMENTS_MAX + 1];
    size_t n;
} command_line;

static void add(command_line *line, const char *argument) {
    if (line->n == ARGUMENTS_MAX)
        abort();
    line->argument[line->n++] = argument;
    line->argument[line->n] = NULL;
}

/* Runs mptcp-figures; gives the last line it said that is no note, or NULL when it ended well. */
static char *run(const command_line *line) {
    posix_spawn_file_actions_t actions;
    FILE *said = tmpfile();
    pid_t child;
    int status;
    if (said == NULL)
        report_fatal(EXIT_FILE, "temporary file: %s", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(said), STDERR_FILENO);
    int error = posix_spawn(&child, "/proc/self/exe", &actions, NULL, (char *const *)line->argument, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        report_fatal(EXIT_DRAW, "/proc/self/exe: %s", strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            report_fatal(EXIT_DRAW, "waitpid: %s", strerror(errno));
    char text[1024],
        *last = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : memory_text("it ended without a word");
    rewind(said);
    while (last != NULL && fgets(text, sizeof text, said) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        if (strstr(text, ": note: ") != NULL)
            continue;
        free(last);
        last = memory_text(text);
    }
    fclose(said);
    return last;
}

/* Where the figures go and how. */
typedef struct {
    store *s;
    const char *campaign, *folder, *formats;
    bool is_only;
} task;

static void draw(page_figures *f, const task *t, command_line *line, const char *name) {
    const store *s = t->s;
    char *command = NULL;
    for (size_t i = 1; i < line->n; i++)
        memory_append_quoted(&command, line->argument[i]);
    char *data = resource_path("", "", "");
    add(line, "--db");
    add(line, s->file);
    add(line, "--out");
    add(line, t->folder);
    add(line, "--data");
    add(line, data);
    add(line, "--format");
    add(line, t->formats);
    add(line, "--name");
    add(line, name);
    if (s->build_wanted != NULL) {
        add(line, "--build");
        add(line, s->build_wanted);
    }
    f->item = memory_grow(f->item, f->n, sizeof *f->item);
    f->item[f->n++] = (page_figure){memory_text(name), run(line), command};
    free(data);
}

static bool is_of(const plot_request *r, const char *campaign, bool is_only) {
    return r->text[PLOT_CAMPAIGN] != NULL ? strcmp(r->text[PLOT_CAMPAIGN], campaign) == 0 : is_only;
}

static void draw_stored(page_figures *f, const task *t) {
    stored_figures all = stored_read();
    for (size_t i = 0; i < all.n; i++) {
        if (!is_of(&all.item[i].request, t->campaign, false))
            continue;
        command_line line = {.n = 0};
        add(&line, "mptcp-figures");
        add(&line, all.item[i].name);
        draw(f, t, &line, all.item[i].name);
    }
    stored_free(&all);
}

static void draw_file(page_figures *f, const task *t, const char *path) {
    stored_figure one = stored_read_file(path);
    if (is_of(&one.request, t->campaign, t->is_only)) {
        command_line line = {.n = 0};
        add(&line, "mptcp-figures");
        add(&line, path);
        draw(f, t, &line, one.name);
    }
    stored_free_one(&one);
}

/* Values of an axis among the chosen runs. */
static levels values_of(const axes *a, size_t key) {
    levels values = {0};
    for (size_t i = 0; i < a->points; i++)
        level_add(&values, axes_value(a, a->point[i], key));
    return values;
}

/* Axes that vary: numbers with the most values first, for they belong along x. Gives how many there are. */
static size_t order_axes(const axes *a, const style *look, const char *key[3], bool *is_numeric) {
    size_t n = 0, most = 0;
    *is_numeric = false;
    for (size_t i = 0; i < a->keys; i++) {
        levels values = values_of(a, i);
        free(levels_sort(&values, look));
        if (values.n > 1) {
            bool is_first = values.is_numeric && values.n > most;
            if (n < 3)
                key[n] = a->key[i];
            if (is_first && n < 3) {
                memmove(key + 1, key, n * sizeof *key);
                key[0] = a->key[i];
                most = values.n;
                *is_numeric = true;
            }
            n++;
        }
        levels_free(&values);
    }
    return n;
}

static bool has_metric(const store *s, const char *metric) {
    sqlite3_stmt *query = store_prepare(s, "metric-names");
    store_step(s, query);
    char *all = memory_format(", %s,", (const char *)sqlite3_column_text(query, 0)),
         *word = memory_format(", %s,", metric);
    bool has = strstr(all, word) != NULL;
    sqlite3_finalize(query);
    free(all);
    free(word);
    return has;
}

static void draw_usual(page_figures *f, const task *t) {
    static const char *const metrics[] = {"goodput", "completion_time", "stall_max", "jain"};
    static const char *const options[] = {"--x", "--series", "--panel"};
    const char *key[3];
    bool is_numeric;
    style look = style_read(NULL);
    axes a = axes_load(t->s);
    size_t n = order_axes(&a, &look, key, &is_numeric);
    for (size_t i = 0; n > 0 && i < sizeof metrics / sizeof *metrics; i++) {
        if (!has_metric(t->s, metrics[i]))
            continue;
        char *name = memory_format("%s-%s", t->campaign, metrics[i]);
        command_line line = {.n = 0};
        add(&line, "mptcp-figures");
        add(&line, "plot");
        add(&line, "--campaign");
        add(&line, t->campaign);
        add(&line, "--kind");
        add(&line, is_numeric ? "lines" : "dots");
        add(&line, "--y");
        add(&line, metrics[i]);
        for (size_t k = 0; k < n && k < 3; k++) {
            add(&line, options[k]);
            add(&line, key[k]);
        }
        for (char *at = name; *at != '\0'; at++)
            *at = strchr(" /\\", *at) != NULL ? '-' : *at;
        draw(f, t, &line, name);
        free(name);
    }
    axes_free(&a);
    style_free(&look);
}

page_figures page_figures_draw(store *s, const char *campaign, bool is_only, const char *const *file, size_t files,
                               const char *folder, const char *formats) {
    page_figures f = {0};
    task t = {.s = s, .campaign = campaign, .folder = folder, .formats = formats, .is_only = is_only};
    draw_stored(&f, &t);
    for (size_t i = 0; i < files; i++)
        draw_file(&f, &t, file[i]);
    if (f.n == 0)
        draw_usual(&f, &t);
    return f;
}

void page_figures_free(page_figures *f) {
    for (size_t i = 0; i < f->n; i++) {
        free(f->item[i].name);
        free(f->item[i].error);
        free(f->item[i].command);
    }
    free(f->item);
    *f = (page_figures){0};
}
