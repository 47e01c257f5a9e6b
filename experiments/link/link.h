/* SPDX-License-Identifier: GPL-2.0-or-later */
/** link.h: the engine without ns-3: hosts of the core, joined by links of a rate, a delay and a queue. */
#ifndef LINK_H
#define LINK_H

#include "command.h"

/** The command_engine of scenarios with engine link. */
bool link_simulate(const struct scenario *s, const struct command *c, struct measure *m);

#endif
