/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * boxes.h: the boxes of a path (model/middlebox), at the core's end of its wires: what goes up passes them after the
 * wire's delay, what goes down before it. They take no time and have no queue.
 */
#ifndef LINK_BOXES_H
#define LINK_BOXES_H

#include "net.h"

/** The address that a path's NAT has outside ends with this. */
enum { NAT_ADDRESS = 254 };

struct boxes;

/** Put the boxes of its scenario on a path whose wires lie. @param stream first random stream that is free */
void boxes_insert(struct path *p, uint64_t stream);
/** @return segments that the boxes of a path changed, dropped, made or merged. */
uint64_t boxes_actions(const struct path *p);
/** @return whether the second parts of the wires conserve packets, see wire_conserves(). */
bool boxes_conserve(const struct path *p);
void boxes_free(struct path *p);

#endif
