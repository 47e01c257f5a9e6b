/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-segment-coalescer.h"

#include "ns3/enum.h"
#include "mptcp-compat.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSegmentCoalescer);

TypeId
MptcpSegmentCoalescer::GetTypeId()
{
    static TypeId tid =
        AddScope(TypeId("ns3::MptcpSegmentCoalescer").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
            .AddConstructor<MptcpSegmentCoalescer>()
            .AddAttribute("PayloadMax",
                          "Most payload of a merged segment (bytes)",
                          UintegerValue(1400),
                          MakeUintegerAccessor(&MptcpSegmentCoalescer::m_payloadMax),
                          MakeUintegerChecker<uint32_t>(1, 65000))
            .AddAttribute("HoldTime",
                          "How long a segment waits for the next",
                          TimeValue(MilliSeconds(1)),
                          MakeTimeAccessor(&MptcpSegmentCoalescer::m_holdTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Options",
                          "Merge segments with equal options only, or any, keeping the options of the first",
                          MPTCP_ENUM_VALUE(Options)(EQUAL),
                          MPTCP_MAKE_ENUM_ACCESSOR(Options)(&MptcpSegmentCoalescer::m_options),
                          MakeEnumChecker(EQUAL, "Equal", FIRST, "First"));
    return tid;
}

MptcpSegmentCoalescer::MptcpSegmentCoalescer()
    : MptcpSharedBox(&m_box.box, false)
{
    mbx_coalescer_init(&m_box);
}

void
MptcpSegmentCoalescer::Configure()
{
    m_box.payload_bytes_max = m_payloadMax;
    m_box.hold_ns = m_holdTime.GetNanoSeconds();
    m_box.keeps_first_options = m_options == FIRST;
}

} // namespace ns3
