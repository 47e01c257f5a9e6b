/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-nat.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpNat);

namespace
{

constexpr uint16_t PORT_MIN = 1024; // RFC 6335: user and dynamic ports

uint16_t
GetPort(const MptcpMiddlebox::Segment& segment, uint32_t at)
{
    return mbx_get16(segment.tcp.bytes + at);
}

} // namespace

TypeId
MptcpNat::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpNat")
            .SetParent<MptcpMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpNat>()
            .AddAttribute("Address",
                          "Address outside, which has to be routed to the link; 0.0.0.0: hosts keep theirs, only "
                          "ports are translated",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&MptcpNat::m_address),
                          MakeIpv4AddressChecker())
            .AddAttribute("Timeout",
                          "An idle connection is forgotten after this (RFC 5382: not less than 2 h 4 min); one that "
                          "opens or has ended after 4 min, or this if it is less",
                          TimeValue(Seconds(MptcpFlowLife::IDLE_SECONDS)),
                          MakeTimeAccessor(&MptcpNat::m_timeout),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

MptcpNat::MptcpNat()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

int64_t
MptcpNat::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

std::size_t
MptcpNat::GetEntryCount()
{
    RemoveIdle();
    return m_entries.size();
}

void
MptcpNat::Process(Segment& segment, Direction direction)
{
    if (segment.isIpv6)
    {
        Forward(segment, direction);
        return;
    }
    CountAction();
    direction == UP ? TranslateUp(segment) : TranslateDown(segment);
}

void
MptcpNat::TranslateUp(Segment& segment)
{
    const auto port = m_ports.find(GetFlow(segment, UP));
    Entry* entry = CheckAge(port == m_ports.end() ? nullptr : &m_entries.at(port->second));
    if (!entry && segment.HasFlags(MBX_SYN) && !segment.HasFlags(MBX_ACK))
    {
        entry = Create(segment);
    }
    if (!entry)
    {
        return;
    }
    entry->life.Note(segment, UP);
    segment.ipv4.SetSource(entry->outside.address);
    mbx_put16(segment.tcp.bytes + MBX_AT_SOURCE_PORT, entry->outside.port);
    Forward(segment, UP);
}

void
MptcpNat::TranslateDown(Segment& segment)
{
    const auto found = m_entries.find(GetPort(segment, MBX_AT_DESTINATION_PORT));
    Entry* entry = CheckAge(found == m_entries.end() ? nullptr : &found->second);
    if (!entry || entry->outside.address != segment.ipv4.GetDestination())
    {
        return;
    }
    segment.ipv4.SetDestination(entry->host.address);
    mbx_put16(segment.tcp.bytes + MBX_AT_DESTINATION_PORT, entry->host.port);
    if (GetFlow(segment, DOWN) != entry->inside)
    {
        return; // from somebody else than the host talks to
    }
    entry->life.Note(segment, DOWN);
    Forward(segment, DOWN);
}

MptcpNat::Entry*
MptcpNat::Create(const Segment& syn)
{
    const uint16_t port = DrawPort();
    if (port == 0)
    {
        return nullptr;
    }
    const Endpoint host{syn.ipv4.GetSource(), GetPort(syn, MBX_AT_SOURCE_PORT)};
    const Endpoint outside{m_address == Ipv4Address::GetAny() ? host.address : m_address, port};
    const FlowKey inside = GetFlow(syn, UP);
    m_ports[inside] = port;
    return &m_entries.emplace(port, Entry{inside, host, outside, {}}).first->second;
}

uint16_t
MptcpNat::DrawPort()
{
    auto port = static_cast<uint16_t>(m_random->GetInteger(PORT_MIN, UINT16_MAX));
    auto next = m_entries.lower_bound(port);
    for (uint32_t i = PORT_MIN; i <= UINT16_MAX; i++)
    {
        if (next == m_entries.end() || next->first != port || !CheckAge(&(next++)->second))
        {
            return port;
        }
        if (port++ == UINT16_MAX)
        {
            port = PORT_MIN;
            next = m_entries.begin();
        }
    }
    return 0;
}

MptcpNat::Entry*
MptcpNat::CheckAge(Entry* entry)
{
    if (entry && entry->life.IsOver(m_timeout))
    {
        Remove(*entry);
        return nullptr;
    }
    return entry;
}

void
MptcpNat::Remove(const Entry& entry)
{
    const uint16_t port = entry.outside.port;
    m_ports.erase(entry.inside);
    m_entries.erase(port);
}

void
MptcpNat::RemoveIdle()
{
    for (auto next = m_entries.begin(); next != m_entries.end();)
    {
        CheckAge(&(next++)->second);
    }
}

} // namespace ns3
