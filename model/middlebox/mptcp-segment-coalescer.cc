/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-segment-coalescer.h"

#include "ns3/enum.h"
#include "mptcp-compat.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

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

void
MptcpSegmentCoalescer::DoDispose()
{
    for (auto& [key, held] : m_held)
    {
        held.timer.Cancel();
    }
    m_held.clear();
    MptcpMiddlebox::DoDispose();
}

void
MptcpSegmentCoalescer::Process(Segment& segment, Direction direction)
{
    constexpr uint8_t UNUSUAL = MBX_SYN | MBX_FIN | MBX_RST | MBX_URG;
    const Key key(GetFlow(segment, direction), direction);
    const auto found = m_held.find(key);
    if (found != m_held.end() && IsMergeable(found->second.segment, segment))
    {
        CountAction();
        Merge(found->second.segment, segment);
        return;
    }
    Release(key); // in order
    const bool isUsual = segment.GetPayloadBytes() > 0 && !segment.HasFlags(UNUSUAL);
    if (isUsual && IsInScope(direction) && segment.GetPayloadBytes() < m_payloadMax)
    {
        Hold(key, segment);
        return;
    }
    Forward(segment, direction);
}

bool
MptcpSegmentCoalescer::IsMergeable(const Segment& held, const Segment& next) const
{
    constexpr uint8_t INSIGNIFICANT = MBX_PSH;
    return next.GetPayloadBytes() > 0 && next.GetSeq() == held.GetSeq() + held.GetPayloadBytes() &&
           held.GetPayloadBytes() + next.GetPayloadBytes() <= m_payloadMax &&
           (held.GetFlags() | INSIGNIFICANT) == (next.GetFlags() | INSIGNIFICANT) && held.GetTos() == next.GetTos() &&
           (m_options == FIRST || mbx_options_equal(&held.tcp, &next.tcp));
}

void
MptcpSegmentCoalescer::Merge(Segment& held, const Segment& next)
{
    held.payload->AddAtEnd(next.payload);
    held.SetAck(next.GetAck());
    held.SetFlags(held.GetFlags() | next.GetFlags());
    std::copy_n(next.tcp.bytes + MBX_AT_WINDOW, 2, held.tcp.bytes + MBX_AT_WINDOW);
}

void
MptcpSegmentCoalescer::Hold(const Key& key, const Segment& segment)
{
    Held held{segment, Simulator::Schedule(m_holdTime, &MptcpSegmentCoalescer::Release, this, key)};
    held.segment.payload = segment.payload->Copy(); // it is going to grow
    m_held.emplace(key, held);
}

void
MptcpSegmentCoalescer::Release(const Key& key)
{
    const auto found = m_held.find(key);
    if (found == m_held.end())
    {
        return;
    }
    found->second.timer.Cancel();
    const Segment segment = found->second.segment;
    m_held.erase(found);
    Forward(segment, key.second);
}

} // namespace ns3
