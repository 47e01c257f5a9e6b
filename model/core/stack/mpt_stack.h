/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_stack.h: the entry points of one host's stack. Private to the core.
 *   mpt_stack.c     creation, who gets a segment, deadlines, notices      mpt_listener.c  passive opens
 *   mpt_address.c   local addresses come and go; connections hear of it   mpt_check.c     invariants
 *   mpt_foresee.c   what comes soon is fetched into the caches
 */
#ifndef MPT_STACK_H
#define MPT_STACK_H

#include "mptcp/mpt_conn.h"

/* mpt_listener.c */
mpt_status mpt_listener_syn(mpt_listener *l, const mpt_wire *w, const mpt_segment *in, mpt_time now);
/** May @p c be joined there? At the port of its initial subflow, or one announced to its peer (RFC 8684 3.2, 3.4.1). */
bool mpt_listener_is_join_port(const mpt_conn *c, const mpt_endpoint *local);
/** MP_JOIN: a SYN for connection @p c. */
mpt_status mpt_listener_join(mpt_conn *c, const mpt_wire *w, const mpt_segment *in, mpt_time now);

#endif
