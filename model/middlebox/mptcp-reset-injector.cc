/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-reset-injector.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpResetInjector);

TypeId
MptcpResetInjector::GetTypeId()
{
    static TypeId tid =
        AddScope(TypeId("ns3::MptcpResetInjector").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
            .AddConstructor<MptcpResetInjector>()
            .AddAttribute("AfterBytes",
                          "Strike when a connection has sent so much payload (bytes); 0: never for that reason",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpResetInjector::m_afterBytes),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("Probability",
                          "That a data segment is struck at random",
                          DoubleValue(0),
                          MakeDoubleAccessor(&MptcpResetInjector::m_probability),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

MptcpResetInjector::MptcpResetInjector()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

int64_t
MptcpResetInjector::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
MptcpResetInjector::Process(Segment& segment, Direction direction)
{
    if (!IsStruck(segment, direction))
    {
        Forward(segment, direction);
        return;
    }
    CountAction();
    const Segment reset = MakeReset(segment);
    Forward(segment, direction);
    Forward(reset, direction);
    Forward(MakeReply(reset), Opposite(direction));
}

bool
MptcpResetInjector::IsStruck(const Segment& segment, Direction direction)
{
    const bool isData = segment.GetPayloadBytes() > 0 && segment.HasFlags(MBX_ACK);
    const bool isSyn = segment.HasFlags(MBX_SYN);
    uint64_t* bytes = isSyn || isData ? m_bytes.Open(segment, direction) : m_bytes.Find(segment, direction);
    if (bytes && isSyn)
    {
        *bytes = 0;
    }
    if (!isData || !IsInScope(direction))
    {
        return false;
    }
    if (bytes)
    {
        *bytes += segment.GetPayloadBytes();
    }
    const bool isUnlucky = m_probability > 0 && m_random->GetValue() < m_probability;
    return isUnlucky || (bytes && m_afterBytes > 0 && *bytes >= m_afterBytes);
}

MptcpMiddlebox::Segment
MptcpResetInjector::MakeReset(const Segment& segment)
{
    Segment reset = segment;
    reset.payload = Create<Packet>();
    mbx_options_clear(&reset.tcp);
    reset.SetFlags(MBX_RST | MBX_ACK);
    reset.SetSeq(segment.GetSeq() + segment.GetPayloadBytes() + (segment.HasFlags(MBX_FIN) ? 1 : 0));
    return reset;
}

MptcpMiddlebox::Segment
MptcpResetInjector::MakeReply(const Segment& reset)
{
    Segment reply = reset;
    reply.payload = Create<Packet>();
    if (reply.isIpv6)
    {
        reply.ipv6.SetSource(reset.ipv6.GetDestination());
        reply.ipv6.SetDestination(reset.ipv6.GetSource());
    }
    else
    {
        reply.ipv4.SetSource(reset.ipv4.GetDestination());
        reply.ipv4.SetDestination(reset.ipv4.GetSource());
    }
    std::swap(reply.tcp.bytes[MBX_AT_SOURCE_PORT], reply.tcp.bytes[MBX_AT_DESTINATION_PORT]);
    std::swap(reply.tcp.bytes[MBX_AT_SOURCE_PORT + 1], reply.tcp.bytes[MBX_AT_DESTINATION_PORT + 1]);
    reply.SetSeq(reset.GetAck());
    reply.SetAck(reset.GetSeq());
    return reply;
}

} // namespace ns3
