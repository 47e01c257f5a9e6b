/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-middlebox.h"

#include "ns3/abort.h"
#include "ns3/enum.h"
#include "mptcp-compat.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpMiddlebox);

TypeId
MptcpMiddlebox::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpMiddlebox").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

TypeId
MptcpMiddlebox::AddScope(TypeId tid)
{
    return tid
        .AddAttribute("Scope",
                      "Which segments the box works on: those that go up, away from the link's first device, or down",
                      MPTCP_ENUM_VALUE(Scope)(BOTH),
                      MPTCP_MAKE_ENUM_ACCESSOR(Scope)(&MptcpMiddlebox::m_scope),
                      MakeEnumChecker(BOTH, "Both", ONLY_UP, "Up", ONLY_DOWN, "Down"));
}

void
MptcpMiddlebox::DoDispose()
{
    m_output = nullptr;
    Object::DoDispose();
}

void
MptcpMiddlebox::SetOutput(const Output& output)
{
    NS_ABORT_MSG_IF(m_output, "a box is on one link only");
    m_output = output;
}

int64_t
MptcpMiddlebox::AssignStreams(int64_t)
{
    return 0;
}

uint64_t
MptcpMiddlebox::GetActions() const
{
    return m_actions;
}

void
MptcpMiddlebox::Forward(const Segment& segment, Direction direction) const
{
    if (m_output)
    {
        m_output(segment, direction);
    }
}

void
MptcpMiddlebox::CountAction()
{
    m_actions++;
}

bool
MptcpMiddlebox::IsInScope(Direction direction) const
{
    return m_scope == BOTH || (m_scope == ONLY_UP) == (direction == UP);
}

MptcpMiddlebox::Direction
MptcpMiddlebox::Opposite(Direction direction)
{
    return direction == UP ? DOWN : UP;
}

MptcpMiddlebox::Scope
MptcpMiddlebox::GetScope() const
{
    return m_scope;
}

// ---- Segments ------------------------------------------------------------------------------------------------------

uint32_t
MptcpMiddlebox::Segment::GetSeq() const
{
    return mbx_get32(tcp.bytes + MBX_AT_SEQ);
}

uint32_t
MptcpMiddlebox::Segment::GetAck() const
{
    return mbx_get32(tcp.bytes + MBX_AT_ACK);
}

uint8_t
MptcpMiddlebox::Segment::GetFlags() const
{
    return tcp.bytes[MBX_AT_FLAGS];
}

bool
MptcpMiddlebox::Segment::HasFlags(uint8_t flags) const
{
    return (GetFlags() & flags) != 0;
}

uint8_t
MptcpMiddlebox::Segment::GetTos() const
{
    return isIpv6 ? ipv6.GetTrafficClass() : ipv4.GetTos();
}

void
MptcpMiddlebox::Segment::SetSeq(uint32_t seq)
{
    mbx_put32(tcp.bytes + MBX_AT_SEQ, seq);
}

void
MptcpMiddlebox::Segment::SetAck(uint32_t ack)
{
    mbx_put32(tcp.bytes + MBX_AT_ACK, ack);
}

void
MptcpMiddlebox::Segment::SetFlags(uint8_t flags)
{
    tcp.bytes[MBX_AT_FLAGS] = flags;
}

uint32_t
MptcpMiddlebox::Segment::GetPayloadBytes() const
{
    return payload->GetSize();
}

uint32_t
MptcpMiddlebox::Segment::CopyAddresses(uint8_t* source, uint8_t* destination) const
{
    if (isIpv6)
    {
        ipv6.GetSource().Serialize(source);
        ipv6.GetDestination().Serialize(destination);
        return 16;
    }
    ipv4.GetSource().Serialize(source);
    ipv4.GetDestination().Serialize(destination);
    return 4;
}

} // namespace ns3
