/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_wire_mptcp.h: the MPTCP half of mpt_wire.h (TCP option 30, RFC 8684 section 3). Internal to the codec. */
#ifndef MPT_WIRE_MPTCP_H
#define MPT_WIRE_MPTCP_H

#include "wire/mpt_wire.h"

#define MPT_WIRE_KIND 30

/** One option of @p bytes (>= 2) bytes, all of them there. Sets its bit in w->mptcp, or w->is_mptcp_malformed. */
void mpt_wire_mptcp_decode(mpt_wire *w, const uint8_t *p, uint32_t bytes);
/** @return bytes of all MPTCP options of @p w. */
uint32_t mpt_wire_mptcp_bytes(const mpt_wire *w);
/** Write them all. @param checksum receives where the DSS checksum is, when there is one. @return the end */
uint8_t *mpt_wire_mptcp_encode(const mpt_wire *w, uint8_t *p, uint8_t **checksum);

#endif
