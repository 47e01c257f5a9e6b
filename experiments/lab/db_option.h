/* SPDX-License-Identifier: GPL-2.0-only */
/* The option --db FILE, shared by the commands that need a result file: an argp child with a `const char *` as input. */
#ifndef LAB_DB_OPTION_H
#define LAB_DB_OPTION_H

#include <argp.h>

extern const struct argp db_option;

#endif
