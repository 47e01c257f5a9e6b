/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef EXP_CONTENT_H
#define EXP_CONTENT_H

#include "ns3/packet.h"

namespace experiment
{

/** @return a packet with the bytes that every checked flow has at @p offset of its stream */
ns3::Ptr<ns3::Packet> CreateContent(uint64_t offset, uint32_t bytes);
/** @return whether @p packet holds what belongs at @p offset */
bool IsContent(ns3::Ptr<const ns3::Packet> packet, uint64_t offset);

} // namespace experiment

#endif /* EXP_CONTENT_H */
