/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From older versions of the schema to the one of today: the old tables are renamed, the new ones made beside them, and
 * experiments/migrate-VERSION.sql copies the rows. One transaction, so a file is either of the old version or the new.
 */
#include "store.h"

#include "migrate_1_sql.h"
#include "schema_sql.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const tables_of_1[] = {"campaign",     "build", "config", "config_axis",
                                          "config_known", "run",   "metric", "sample"};

static bool for_each_table(const store *s, const char *before, const char *after) {
    for (size_t i = 0; i < sizeof tables_of_1 / sizeof *tables_of_1; i++) {
        char *sql = text_format("%s%s%s%s", before, tables_of_1[i], after, *after ? tables_of_1[i] : "");
        bool is_done = store_exec(s, sql);
        free(sql);
        if (!is_done) {
            return false;
        }
    }
    return true;
}

bool store_migrate(const store *s, int64_t version) {
    /* Only version 1 is older than today's; foreign keys are not enforced before store_open() is done. */
    bool is_good = store_exec(s, "BEGIN IMMEDIATE") && for_each_table(s, "ALTER TABLE ", " RENAME TO old_") &&
                   store_exec(s, schema_sql) && store_exec(s, migrate_1_sql) &&
                   for_each_table(s, "DROP TABLE old_", "") && store_exec(s, "COMMIT");
    if (!is_good) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    fprintf(stderr, "mptcp-lab: %s: brought from user_version %lld up to date\n", s->path, (long long)version);
    return store_exec(s, "VACUUM");
}
