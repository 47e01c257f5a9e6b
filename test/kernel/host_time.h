/* SPDX-License-Identifier: GPL-2.0-or-later */
/** host_time.h: the clock of a host in real time. */
#ifndef HOST_TIME_H
#define HOST_TIME_H

#include <poll.h>

#include "mpt.h"

/** @return CLOCK_MONOTONIC */
mpt_time host_now(void);
/** Wait until one of the descriptors is ready or @p until has come (MPT_NEVER: no limit). */
void host_wait(struct pollfd *fds, nfds_t count, mpt_time until);
/**
 * Let the process run before ordinary ones, so that busy neighbours do not delay packets. Refused without the right to do so:
 * the packets' lag is measured and tells.
 */
void host_become_real_time(void);

#endif
