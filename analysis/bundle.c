/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "bundle.h"

#include <errno.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "output.h"
#include "page.h"
#include "page_figures.h"
#include "report.h"
#include "resource.h"

extern char **environ;

static char work[] = "/tmp/mptcp-bundle.XXXXXX";

static int remove_one(const char *path, const struct stat *is, int kind, struct FTW *at) {
    (void)is, (void)kind, (void)at;
    return remove(path);
}

static void remove_work(void) {
    nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static _Noreturn void fail(const char *path) {
    report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
}

static char *make_folder(const char *above, const char *name) {
    char *path = memory_format("%s/%s", above, name);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fail(path);
    return path;
}

static FILE *open_file(const char *folder, const char *name) {
    char *path = memory_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail(path);
    free(path);
    return file;
}

static void close_file(FILE *file) {
    bool has_failed = ferror(file);
    if (fclose(file) != 0 || has_failed)
        fail(work);
}

static void write_text(const char *folder, const char *name, const char *text) {
    FILE *file = open_file(folder, name);
    fputs(text, file);
    close_file(file);
}

static void write_lines(const store *s, const char *folder, const char *name, const char *sql) {
    FILE *file = open_file(folder, name);
    sqlite3_stmt *query = store_prepare(s, sql);
    while (store_step(s, query)) {
        for (int i = 0; i < sqlite3_column_count(query); i++) {
            fputs(i > 0 ? "," : "", file);
            if (sqlite3_column_count(query) == 1)
                fputs((const char *)sqlite3_column_text(query, i), file);
            else
                output_text(file, (const char *)sqlite3_column_text(query, i));
        }
        fputc('\n', file);
    }
    close_file(file);
}

/* A whole copy without a log beside it, whatever another process does to the original. */
static void copy_database(const store *s, const char *folder) {
    char *sql = sqlite3_mprintf("VACUUM main INTO '%q/results.db'", folder);
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        report_fatal(EXIT_DATABASE, "%s: %s", s->file, sqlite3_errmsg(s->db));
    sqlite3_free(sql);
}

/* The sweep's line 'scenario: FILE' names the file beside it. */
static void write_sweep(const char *folder, const char *text, const char *scenario) {
    FILE *file = open_file(folder, "sweep.yaml");
    char *copy = memory_text(text), *rest = copy;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        bool is_name = strncmp(line, "scenario:", 9) == 0 && scenario[0] != '\0';
        fprintf(file, "%s%s", is_name ? "scenario: scenario.yaml" : line, rest != NULL ? "\n" : "");
    }
    free(copy);
    close_file(file);
    if (scenario[0] != '\0')
        write_text(folder, "scenario.yaml", scenario);
}

/* A name for a folder. */
static char *plain_name(const char *name) {
    char *plain = memory_text(name);
    for (char *at = plain; *at != '\0'; at++)
        if (strchr("/\\ '\"$`", *at) != NULL || at[0] == '.')
            *at = '-';
    return plain;
}

static void write_campaigns(store *s, const char *folder, FILE *script, const char *const *figure, size_t figures) {
    char *sweeps = make_folder(folder, "sweeps"), *drawn_folder = make_folder(folder, "figures");
    sqlite3_stmt *query = store_prepare(s, "bundle-campaigns");
    char **name = NULL;
    bool *has_runs = NULL;
    size_t n = 0;
    for (; store_step(s, query); n++) {
        name = memory_grow(name, n, sizeof *name);
        has_runs = memory_grow(has_runs, n, sizeof *has_runs);
        name[n] = memory_text((const char *)sqlite3_column_text(query, 0));
        has_runs[n] = sqlite3_column_int(query, 3) != 0;
        char *plain = plain_name(name[n]), *own = make_folder(sweeps, plain);
        write_sweep(own, (const char *)sqlite3_column_text(query, 1), (const char *)sqlite3_column_text(query, 2));
        fprintf(script, "\"$lab\" sweep 'sweeps/%s/sweep.yaml' --db again/results.db -j \"${JOBS:-$(nproc)}\"\n",
                plain);
        free(own);
        free(plain);
    }
    for (size_t i = 0; i < n; i++) {
        if (!has_runs[i])
            continue;
        store_choose(s, name[i], NULL, 0);
        page_figures drawn = page_figures_draw(s, name[i], n == 1, figure, figures, drawn_folder, "pdf,svg,png");
        for (size_t k = 0; k < drawn.n; k++) {
            if (drawn.item[k].error == NULL)
                fprintf(script, "\"$figures\" %s --name %s --db again/results.db --out again/figures >/dev/null\n",
                        drawn.item[k].command, drawn.item[k].name);
            else
                report_note("%s: not drawn: %s", drawn.item[k].name, drawn.item[k].error);
        }
        page_figures_free(&drawn);
    }
    for (size_t i = 0; i < n; i++)
        free(name[i]);
    free(name);
    free(has_runs);
    free(sweeps);
    free(drawn_folder);
}

static const char script_head[] =
    "#!/bin/sh\n"
    "# Runs everything again, into again/, and compares the numbers of each figure with those of figures/.\n"
    "# MPTCP_LAB, MPTCP_FIGURES: the programs, if they aren't in the PATH. JOBS: how many runs at once.\n"
    "set -e\n"
    "cd \"$(dirname \"$0\")\"\n"
    "lab=${MPTCP_LAB:-mptcp-lab} figures=${MPTCP_FIGURES:-mptcp-figures}\n"
    "mkdir -p again\n";

/* The number of a run follows from which ended first, so it is left out of the comparison. */
static const char script_tail[] =
    "status=0\n"
    "numbers() { sed '1s/,run$//; s/,[0-9]*$//' \"$1\"; }\n"
    "for file in figures/*.csv; do\n"
    "    numbers \"$file\" >again/a; numbers \"again/$file\" >again/b\n"
    "    if cmp -s again/a again/b; then echo \"same    $file\"; else echo \"DIFFERS $file\"; status=1; fi\n"
    "done\n"
    "rm -f again/a again/b\n"
    "exit $status\n";

static const char readme[] =
    "# Results and how to make them again\n\n"
    "| what | where |\n| --- | --- |\n"
    "| every figure with its numbers (CSV), caption (txt) and gnuplot script | `figures/` |\n"
    "| all of it on one page | `report.html` |\n"
    "| the result database (SQLite) | `results.db` |\n"
    "| the experiments: sweep and scenario of each campaign | `sweeps/` |\n"
    "| figures' own files | `figure-files/` |\n"
    "| programs, libraries and hosts of the runs | `versions.txt` |\n"
    "| the command of every run | `commands.csv` |\n\n"
    "Build the programs from the commit that `versions.txt` names (`./waf configure build install`), then\n\n"
    "```\n./run.sh\n```\n\n"
    "sweeps and draws everything again and says of each figure whether its numbers are the same. One run alone:\n"
    "`mptcp-lab repro RUN --db results.db`, where RUN is the last column of a figure's CSV file.\n";

static void copy_figures(const char *folder, const char *const *figure, size_t figures, const char **copied) {
    char *own = make_folder(folder, "figure-files");
    for (size_t i = 0; i < figures; i++) {
        const char *slash = strrchr(figure[i], '/');
        char *text = resource_text(figure[i]);
        write_text(own, slash != NULL ? slash + 1 : figure[i], text);
        copied[i] = memory_format("figure-files/%s", slash != NULL ? slash + 1 : figure[i]);
        free(text);
    }
    free(own);
}

static void pack(const char *folder, const char *path) {
    char *part = memory_format("%s.part", path);
    const char *const argv[] = {"tar",       "--sort=name", "--mtime=2000-01-01 00:00Z",
                                "--owner=0", "--group=0",   "--numeric-owner",
                                "-I",        "gzip -n",     "-C",
                                work,        "-cf",         part,
                                folder,      NULL};
    pid_t child;
    int status = -1, error = posix_spawnp(&child, "tar", NULL, NULL, (char *const *)argv, environ);
    if (error != 0)
        report_fatal(EXIT_FILE, "tar: %s", strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("tar");
    if (status != 0 || rename(part, path) != 0) {
        remove(part);
        report_fatal(EXIT_FILE, "%s: couldn't be written", path);
    }
    printf("%s\n", path);
    free(part);
}

static char *folder_name(const char *path) {
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
    size_t length = strlen(file);
    if (length <= 7 || strcmp(file + length - 7, ".tar.gz") != 0)
        report_fatal(EXIT_USAGE, "bundle: --out %s: expected a name that ends with .tar.gz", path);
    return strndup(file, length - 7);
}

void bundle_write(store *s, const char *path, const char *const *figure, size_t figures) {
    char *name = folder_name(path);
    if (mkdtemp(work) == NULL)
        fail(work);
    atexit(remove_work);
    char *folder = make_folder(work, name);
    const char **copied = memory_new(figures, sizeof *copied);
    char *here = getcwd(NULL, 0);
    if (here == NULL)
        fail(".");
    copy_figures(folder, figure, figures, copied);
    copy_database(s, folder);
    write_lines(s, folder, "versions.txt", "bundle-versions");
    write_lines(s, folder, "commands.csv", "bundle-commands");
    write_text(folder, "README.md", readme);
    if (chdir(folder) != 0) /* what captions and the script name is within the archive */
        fail(folder);
    store inside;
    store_open(&inside, "results.db");
    inside.build_wanted = s->build_wanted;
    FILE *script = open_file(folder, "run.sh");
    fputs(script_head, script);
    write_campaigns(&inside, ".", script, copied, figures);
    fputs(script_tail, script);
    close_file(script);
    chmod("run.sh", 0755);
    page_write(&inside, "report.html", copied, figures);
    store_close(&inside);
    if (chdir(here) != 0)
        fail(here);
    pack(name, path);
    for (size_t i = 0; i < figures; i++)
        free((void *)copied[i]);
    free((void *)copied);
    free(here);
    free(folder);
    free(name);
}
