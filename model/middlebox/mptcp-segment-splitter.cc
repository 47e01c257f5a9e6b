/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-segment-splitter.h"

#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSegmentSplitter);

TypeId
MptcpSegmentSplitter::GetTypeId()
{
    static TypeId tid = AddScope(TypeId("ns3::MptcpSegmentSplitter").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
                            .AddConstructor<MptcpSegmentSplitter>()
                            .AddAttribute("PayloadMax",
                                          "Most payload of a segment that leaves (bytes)",
                                          UintegerValue(536),
                                          MakeUintegerAccessor(&MptcpSegmentSplitter::m_payloadMax),
                                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

void
MptcpSegmentSplitter::Process(Segment& segment, Direction direction)
{
    constexpr uint8_t LAST_ONLY = MBX_FIN | MBX_PSH;
    const uint32_t bytes = segment.GetPayloadBytes();
    if (bytes <= m_payloadMax || segment.HasFlags(MBX_SYN) || !IsInScope(direction))
    {
        Forward(segment, direction);
        return;
    }
    CountAction();
    for (uint32_t at = 0; at < bytes; at += m_payloadMax)
    {
        Segment piece = segment;
        const uint32_t pieceBytes = std::min(m_payloadMax, bytes - at);
        piece.payload = segment.payload->CreateFragment(at, pieceBytes);
        piece.SetSeq(segment.GetSeq() + at);
        if (at + pieceBytes < bytes)
        {
            piece.SetFlags(segment.GetFlags() & static_cast<uint8_t>(~LAST_ONLY));
        }
        Forward(piece, direction);
    }
}

} // namespace ns3
