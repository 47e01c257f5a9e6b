/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_CONTENT_H
#define EXP_CONTENT_H

#include "ns3/packet.h"

namespace experiment
{

/** @return a packet with the bytes that checked flows have at @p offset of the server's or the client's stream */
ns3::Ptr<ns3::Packet> CreateContent(bool isServer, uint64_t offset, uint32_t bytes);
/** @return whether @p packet holds what belongs at @p offset of that stream */
bool IsContent(ns3::Ptr<const ns3::Packet> packet, bool isServer, uint64_t offset);

} // namespace experiment

#endif /* EXP_CONTENT_H */
