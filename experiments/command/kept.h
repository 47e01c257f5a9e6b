/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * kept.h: scenarios that were read from standard input before. A sweep asks for each of its points with one seed after the
 * other, and reading the configuration takes longer than what else there is around a small run.
 */
#ifndef EXP_KEPT_H
#define EXP_KEPT_H

#include "command.h"

/** @return whether a scenario can be simulated in this process as it is; looked at once. */
typedef bool kept_check(const struct scenario *s);

/**
 * @return the scenario that a request has as standard input (serve.h); it lives until the process ends, or more of them are kept than
 * there is room for: until the next call. NULL when it is not fit or has to be read anew, errors and all. *c is told its configuration line.
 */
const struct scenario *kept_scenario(struct command *c, kept_check *is_fit);

#endif
