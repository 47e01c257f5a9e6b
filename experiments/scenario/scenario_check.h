/* SPDX-License-Identifier: GPL-2.0-or-later */
/** scenario_check.h: what the table of keys cannot say: conditions between keys. */
#ifndef EXP_SCENARIO_CHECK_H
#define EXP_SCENARIO_CHECK_H

#include "document.h"
#include "scenario.h"

/** Check conditions between keys and resolve what depends on other keys. */
bool scenario_check(struct scenario *s, struct doc_error *error);

#endif
