/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option --db FILE of the commands that need a result file: an argp child, its input is a `const char *`. */
#ifndef LAB_DB_OPTION_H
#define LAB_DB_OPTION_H

#include <argp.h>

extern const struct argp db_option;

#endif
