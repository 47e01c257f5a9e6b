/* SPDX-License-Identifier: GPL-2.0-or-later */
/** link.h: the engine without ns-3: hosts of the core, joined by links of a rate, a delay and a queue. */
#ifndef LINK_H
#define LINK_H

#include "command.h"

/**
 * Check what only the core knows: names of policies, settings and counters; for either engine, before any run.
 * @param needs_ns3 receives whether there is more that only ns-3 knows: Attributes that are not the core's, or ns-3's TCP
 * @return false after a line on standard error
 */
bool link_settings_are_known(const struct scenario *s, bool *needs_ns3);

/** The command_engine of scenarios with engine link. */
bool link_simulate(const struct scenario *s, const struct command *c, struct measure *m);

#endif
