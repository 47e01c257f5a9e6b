/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-segment-splitter.h"

#include "ns3/uinteger.h"

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

MptcpSegmentSplitter::MptcpSegmentSplitter()
    : MptcpSharedBox(&m_box.box, false)
{
    mbx_splitter_init(&m_box);
}

void
MptcpSegmentSplitter::Configure()
{
    m_box.payload_bytes_max = m_payloadMax;
}

} // namespace ns3
