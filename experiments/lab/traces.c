/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "traces.h"

#include "hash.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_VARIABLE "MPTCP_TRACES" /* which experiments/scenario/scenario_load.c reads */

static char *folder; /* made by traces_lay_out() */

/* ---- Keeping ---- */

static char *path_of(const char *name, const char *scenario) {
    const char *slash = strrchr(scenario, '/');
    int bytes = slash && name[0] != '/' ? (int)(slash - scenario) + 1 : 0;
    return text_format("%.*s%s", bytes, scenario, name);
}

static bool is_kept(store *s, const char *hash, bool *out) {
    sqlite3_stmt *row = store_prepare(s, "SELECT 1 FROM trace WHERE hash = ?1");
    if (!row) {
        return false;
    }
    sqlite3_bind_text(row, 1, hash, -1, SQLITE_STATIC);
    int code = sqlite3_step(row);
    *out = code == SQLITE_ROW;
    sqlite3_finalize(row);
    return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(s);
}

static bool insert(store *s, const char *hash, const text_buf *content) {
    sqlite3_stmt *row = store_prepare(s, "INSERT INTO trace (hash, content) VALUES (?1, ?2)");
    if (!row) {
        return false;
    }
    sqlite3_bind_text(row, 1, hash, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(row, 2, content->bytes, content->count, SQLITE_STATIC);
    int code = sqlite3_step(row);
    sqlite3_finalize(row);
    return code == SQLITE_DONE || store_fail(s);
}

static bool keep_one(store *s, const char *name, const char *hash, const char *scenario) {
    bool is_there = false;
    if (!is_kept(s, hash, &is_there) || is_there) {
        return is_there;
    }
    text_buf content = {0};
    char *path = path_of(name, scenario);
    struct sha256_ctx sha;
    sha256_init(&sha);
    bool is_good = text_read_file(path, &content);
    sha256_update(&sha, content.count, (const uint8_t *)(content.bytes ? content.bytes : ""));
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: %s: cannot be read: %s\n", path, strerror(errno));
    } else if (strcmp(hash_finish(&sha).hex, hash) != 0) {
        fprintf(stderr, "mptcp-lab: %s: has changed since the configurations were found\n", path);
        is_good = false;
    }
    is_good = is_good && insert(s, hash, &content);
    text_free(&content);
    free(path);
    return is_good;
}

static bool keep_all(store *s, const char *json, const char *scenario) {
    sqlite3_stmt *row = store_prepare(
        s, "WITH p AS (SELECT value FROM json_each(?1, '$.paths') WHERE json_extract(value, '$.type') = 'trace')"
           " SELECT json_extract(value, '$.trace_down') AS name, json_extract(value, '$.trace_down_sha256') FROM p"
           " UNION SELECT json_extract(value, '$.trace_up') AS name, json_extract(value, '$.trace_up_sha256') FROM p");
    if (!row) {
        return false;
    }
    sqlite3_bind_text(row, 1, json, -1, SQLITE_STATIC);
    bool is_good = true;
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW && is_good) {
        const char *name = (const char *)sqlite3_column_text(row, 0);
        is_good = strcmp(name, "none") == 0 || keep_one(s, name, (const char *)sqlite3_column_text(row, 1), scenario);
    }
    sqlite3_finalize(row);
    return is_good && (code == SQLITE_DONE || store_fail(s));
}

bool traces_keep(store *s, const grid *g, const char *scenario) {
    for (size_t i = 0; i < g->count; i++) {
        const grid_point *p = &g->points[i];
        if (p->config_json && traces_are_named(p->config_json) && !keep_all(s, p->config_json, scenario)) {
            return false;
        }
    }
    return true;
}

/* ---- Laying out ---- */

static bool write_file(const char *in_folder, const char *name, const void *bytes, size_t count) {
    char *path = text_format("%s/%s", in_folder, name);
    FILE *out = fopen(path, "wb");
    bool is_good = out && fwrite(bytes, 1, count, out) == count;
    is_good = (!out || fclose(out) == 0) && is_good;
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: cannot write %s: %s\n", path, strerror(errno));
    }
    free(path);
    return is_good;
}

static bool make_folder(void) {
    const char *parent = getenv("TMPDIR");
    folder = text_format("%s/mptcp-lab-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(folder)) {
        fprintf(stderr, "mptcp-lab: cannot make a folder %s: %s\n", folder, strerror(errno));
        free(folder);
        folder = NULL;
        return false;
    }
    return setenv(FOLDER_VARIABLE, folder, 1) == 0;
}

/* A file of an mptcp-lab that knew none has no such table. */
static bool has_table(store *s) {
    sqlite3_stmt *row = store_prepare(s, "SELECT 1 FROM sqlite_schema WHERE name = 'trace'");
    bool is_there = row && sqlite3_step(row) == SQLITE_ROW;
    sqlite3_finalize(row);
    return is_there;
}

/* Those that @p json names by their hash, or all, into @p to or, without one, into a folder that is made. */
static bool lay_out(store *s, const char *json, const char *to) {
    if (!has_table(s)) {
        return true;
    }
    sqlite3_stmt *row = store_prepare(s, "SELECT hash, content FROM trace WHERE ?1 IS NULL OR instr(?1, hash)");
    if (!row) {
        return false;
    }
    sqlite3_bind_text(row, 1, json, -1, SQLITE_STATIC);
    bool is_good = true;
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW && is_good) {
        is_good = (to || folder || make_folder()) &&
                  write_file(to ? to : folder, (const char *)sqlite3_column_text(row, 0), sqlite3_column_blob(row, 1),
                             (size_t)sqlite3_column_bytes(row, 1));
    }
    sqlite3_finalize(row);
    return is_good && (code == SQLITE_DONE || store_fail(s));
}

bool traces_lay_out(store *s) {
    return lay_out(s, NULL, NULL);
}

bool traces_write(store *s, const char *json, const char *to) {
    return lay_out(s, json, to);
}

bool traces_are_named(const char *json) {
    return strstr(json, "\"type\":\"trace\"") != NULL;
}

void traces_clear(void) {
    DIR *all = folder ? opendir(folder) : NULL;
    for (struct dirent *entry; all && (entry = readdir(all));) {
        unlinkat(dirfd(all), entry->d_name, 0);
    }
    if (all) {
        closedir(all);
        rmdir(folder);
    }
    free(folder);
    folder = NULL;
}
