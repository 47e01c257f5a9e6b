/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The traces that configurations name (paths of type trace): kept in the result file by their hash, and laid out for runs. */
#ifndef LAB_TRACES_H
#define LAB_TRACES_H

#include "grid.h"
#include "store.h"

/* Keeps those of all points; names are relative to the folder of @p scenario. */
bool traces_keep(store *s, const grid *g, const char *scenario);
/* Writes all that are kept into a folder of their own, where mptcp-run finds them by their hash until traces_clear(). */
bool traces_lay_out(store *s);
void traces_clear(void);
/* @return whether a configuration names any. */
bool traces_are_named(const char *json);
/* Writes those that the configuration @p json names into the folder @p to, for an mptcp-run with $MPTCP_TRACES. */
bool traces_write(store *s, const char *json, const char *to);

#endif
