/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of the program's memory as a table that SQLite reads, `result_row (a, b, c, d, e)': a statement that puts all rows of a
 * run costs a fraction of one for each.
 */
#ifndef LAB_RESULT_ROW_H
#define LAB_RESULT_ROW_H

#include <sqlite3.h>
#include <stddef.h>

typedef struct {
    const void *rows;
    size_t count;
    /* Answers for a row and one of its columns, 0 for a. */
    void (*column)(sqlite3_context *answer, const void *rows, size_t row, int column);
} result_rows;

/* Makes the table known to the connection; it has whatever *source holds when a statement is run. */
int result_row_register(sqlite3 *db, const result_rows *source);

#endif
