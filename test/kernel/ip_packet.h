/* SPDX-License-Identifier: GPL-2.0-or-later */
/** ip_packet.h: IP packets as bytes and segments as the core has them. No fragments, no extension headers. */
#ifndef IP_PACKET_H
#define IP_PACKET_H

#include "mpt.h"

/**
 * Read a TCP packet; the payload is borrowed from @p packet. @return false: not TCP, a fragment, or its lengths are wrong.
 */
bool ip_parse(mpt_segment *s, const uint8_t *packet, uint32_t bytes);
/** Seal @p s and write it as a packet. @return bytes written: headers and payload */
uint32_t ip_build(uint8_t *packet, mpt_segment *s, const uint8_t *payload);
/** @return an address as in a text ("10.0.0.1", "fd00::1"); family 0 when it is none. */
mpt_addr ip_address(const char *text);
/** @return @p a as text, in a buffer that the next call but one overwrites. */
const char *ip_text(const mpt_addr *a);

#endif
