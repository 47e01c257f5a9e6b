/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and checking the file; its rows are in store_rows.c. */
#define _GNU_SOURCE 1

#include "store.h"

#include "schema_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 60000
/* In KiB, taken as needed. With SQLite's 2 MiB the indices of some 100,000 runs are written to disk again and again. */
#define CACHE "262144"

bool store_fail(const store *s) {
    fprintf(stderr, "mptcp-lab: %s: %s\n", s->path, sqlite3_errmsg(s->db));
    return false;
}

sqlite3_stmt *store_prepare(const store *s, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        store_fail(s);
    }
    return statement;
}

sqlite3_stmt *store_kept(store *s, const char *sql) {
    for (size_t i = 0; i < s->kept_count; i++) {
        if (s->kept[i].sql == sql) {
            return s->kept[i].statement;
        }
    }
    sqlite3_stmt *statement = store_prepare(s, sql);
    if (statement) {
        s->kept = text_grow(s->kept, s->kept_count, sizeof *s->kept);
        s->kept[s->kept_count++] = (store_kept_statement){sql, statement};
    }
    return statement;
}

bool store_exec(const store *s, const char *sql) {
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(s);
}

bool store_check_references(const store *s, bool is_on) {
    return store_exec(s, is_on ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
}

static bool read_number(const store *s, const char *sql, int64_t *out) {
    sqlite3_stmt *statement = store_prepare(s, sql);
    if (!statement) {
        return false;
    }
    bool has_row = sqlite3_step(statement) == SQLITE_ROW;
    *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return has_row || store_fail(s);
}

/* What the schema says of itself, so that its numbers stand in schema.sql alone. */
static bool read_expected_ids(int64_t *application_id, int64_t *version) {
    store memory = {.path = "schema.sql"};
    bool is_good = sqlite3_open(":memory:", &memory.db) == SQLITE_OK && store_exec(&memory, schema_sql) &&
                   read_number(&memory, "PRAGMA application_id", application_id) &&
                   read_number(&memory, "PRAGMA user_version", version);
    sqlite3_close(memory.db);
    return is_good;
}

static bool make_schema(const store *s) {
    if (!store_exec(s, "BEGIN IMMEDIATE")) {
        return false;
    }
    if (!store_exec(s, schema_sql) || !store_exec(s, "COMMIT")) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return true;
}

static bool check_version(const store *s, store_mode mode, int64_t version, int64_t expected) {
    if (version > expected || version < 1) {
        fprintf(stderr,
                "mptcp-lab: %s: made by a newer mptcp-lab: expected user_version %lld, got %lld; use that one, or "
                "`mptcp-lab export' of it\n",
                s->path, (long long)expected, (long long)version);
        return false;
    }
    if (version < expected && mode == STORE_READ) {
        fprintf(stderr,
                "mptcp-lab: %s: made by an older mptcp-lab: expected user_version %lld, got %lld; `mptcp-lab migrate "
                "--db FILE' brings the file, or a copy of it, up to date\n",
                s->path, (long long)expected, (long long)version);
        return false;
    }
    return version == expected || store_migrate(s, version);
}

static bool check_schema(const store *s, store_mode mode) {
    int64_t application_id = 0, version = 0, tables = 0, application_id_expected = 0, version_expected = 0;
    if (!read_expected_ids(&application_id_expected, &version_expected) ||
        !read_number(s, "PRAGMA application_id", &application_id) || !read_number(s, "PRAGMA user_version", &version) ||
        !read_number(s, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return false;
    }
    if (application_id == 0 && version == 0 && tables == 0 && mode == STORE_WRITE) {
        return make_schema(s);
    }
    if (application_id != application_id_expected) {
        fprintf(stderr, "mptcp-lab: %s: not a result store: expected application_id %lld, got %lld\n", s->path,
                (long long)application_id_expected, (long long)application_id);
        return false;
    }
    return check_version(s, mode, version, version_expected);
}

/*
 * One writer: an flock on the file itself, which ends with the process however it ends and leaves nothing behind.
 * SQLite's own locks are of another kind (fcntl) and last for a transaction only. They would be dropped if another
 * descriptor of the file were closed while SQLite has it open, so this one is closed after SQLite's.
 */
static bool lock(store *s, store_mode mode) {
    s->lock_fd = open(s->path, O_RDWR | (mode == STORE_WRITE ? O_CREAT : 0) | O_CLOEXEC, 0666);
    if (s->lock_fd < 0) {
        fprintf(stderr, "mptcp-lab: cannot write %s: %s\n", s->path, strerror(errno));
        return false;
    }
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        fprintf(stderr, "mptcp-lab: %s: another mptcp-lab is writing this file\n", s->path);
        return false;
    }
    return true;
}

/* Whether SQLite could make or remove the files that it keeps beside the database. */
static bool is_folder_writable(const char *path) {
    char *folder = text_copy(path);
    bool is_writable = access(dirname(folder), W_OK) == 0;
    free(folder);
    return is_writable;
}

/*
 * Where one may write, a reader opens the file for writing and promises not to: a read-only connection would leave the
 * files of the write-ahead log behind. Where one may not, a file without a log cannot change under the reader, and
 * SQLite is told so, as it wants to make a log otherwise.
 */
static int open_database(store *s, store_mode mode) {
    if (mode != STORE_READ || (access(s->path, W_OK) == 0 && is_folder_writable(s->path))) {
        return sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE, NULL);
    }
    char *log = text_format("%s-wal", s->path);
    bool has_log = access(log, F_OK) == 0;
    free(log);
    if (has_log) {
        return sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READONLY, NULL);
    }
    text_buf uri = {0};
    text_append_string(&uri, "file:");
    for (const char *c = s->path; *c; c++) {
        char escaped[4];
        snprintf(escaped, sizeof escaped, "%%%02X", (unsigned char)*c);
        text_append_string(&uri, strchr("%?#", *c) ? escaped : (char[]){*c, '\0'});
    }
    text_append_string(&uri, "?immutable=1");
    int code = sqlite3_open_v2(uri.bytes, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    text_free(&uri);
    return code;
}

bool store_open(store *s, const char *path, store_mode mode) {
    *s = (store){.path = text_copy(path), .lock_fd = -1};
    bool is_good = mode == STORE_READ || lock(s, mode);
    if (is_good && access(path, R_OK) != 0) {
        fprintf(stderr, "mptcp-lab: cannot read %s: %s\n", path, strerror(errno));
        is_good = false;
    }
    if (is_good && open_database(s, mode) != SQLITE_OK) {
        is_good = store_fail(s);
    }
    is_good = is_good && sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS) == SQLITE_OK && check_schema(s, mode);
    if (is_good && mode != STORE_READ) {
        is_good = store_exec(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                                "PRAGMA cache_size = -" CACHE) &&
                  make_schema(s); /* tables that came without a new version */
    } else if (is_good) {
        is_good = store_exec(s, "PRAGMA query_only = ON");
    }
    if (!is_good) {
        store_close(s);
    }
    return is_good;
}

void store_close(store *s) {
    for (size_t i = 0; i < s->kept_count; i++) {
        sqlite3_finalize(s->kept[i].statement);
    }
    free(s->kept);
    store_free_quantities(s);
    if (s->db && s->lock_fd >= 0) {
        /* A file in mode WAL cannot be read where one may not write. Refused while somebody reads: the next one does it. */
        sqlite3_busy_timeout(s->db, 0);
        sqlite3_exec(s->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(s->db);
    if (s->lock_fd >= 0) {
        close(s->lock_fd);
    }
    free(s->path);
    *s = (store){.lock_fd = -1};
}

void store_time(int64_t since_1970_us, char out[STORE_TIME_BYTES]) {
    time_t seconds = since_1970_us / 1000000;
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t count = strftime(out, STORE_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out + count, STORE_TIME_BYTES - count, ".%03dZ", (int)(since_1970_us % 1000000 / 1000));
}

void store_time_now(char out[STORE_TIME_BYTES]) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    store_time(now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000, out);
}
