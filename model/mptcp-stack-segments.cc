/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * Packets go into the core as segments, and segments come out of it as packets.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-connection.h"
#include "mptcp-convert.h"
#include "mptcp-header.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-log.h"
#include "mptcp-socket.h"

#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace ns3
{

using namespace mptcpconvert;

namespace
{

constexpr uint8_t PROTOCOL_TCP = 6; // in IP headers; ns-3's name for it is deprecated from 3.49 on

} // namespace

// ---- Out -----------------------------------------------------------------------------------------------------------

void
MptcpStack::Transmit()
{
    mpt_segment segment;
    while (mpt_stack_transmit(m_core, &segment, Now()))
    {
        SendSegment(segment);
        if (m_traces != 0)
        {
            DeliverTraces(); // the core keeps only so many
        }
    }
}

void
MptcpStack::SendSegment(mpt_segment& segment)
{
    auto connection = static_cast<MptcpConnection*>(segment.user); // null: of none, or one that is not accepted yet
    Ptr<Packet> packet = segment.payload_bytes > 0
                             ? connection->sendStore.Copy(segment.stream_offset, segment.payload_bytes)
                             : Create<Packet>();
    if (m_hasChecksums || segment.dss_checksum_at != 0)
    {
        Seal(segment, packet);
    }
    if (m_hasSegmentSinks)
    {
        TraceSegment(segment, packet, true);
    }
    packet->AddHeader(MptcpHeader(segment.header, segment.header_bytes));
    MptcpSocket* socket = connection ? PeekPointer(connection->socket) : nullptr;
    if (socket)
    {
        socket->TagPacket(*packet, segment.ecn, segment.source.family == 6);
    }
    else if (segment.ecn != 0)
    {
        MptcpSocket::TagEcn(*packet, segment.ecn, segment.source.family == 6);
    }
    if (segment.source.family == 4)
    {
        SendIpv4(packet, segment);
    }
    else
    {
        SendIpv6(packet, segment);
    }
    if (segment.payload_bytes > 0)
    {
        CountSent(*connection, segment.stream_offset + segment.payload_bytes);
    }
}

void
MptcpStack::CountSent(MptcpConnection& connection, uint64_t end)
{
    if (end <= connection.sentEnd)
    {
        return;
    }
    const auto bytes = static_cast<uint32_t>(end - connection.sentEnd);
    connection.sentEnd = end;
    if (connection.socket && !connection.isReleased)
    {
        connection.socket->Sent(bytes);
    }
    AskSoon(connection);
}

void
MptcpStack::AskSoon(const MptcpConnection& connection)
{
    constexpr uint64_t SEGMENT_BYTES = 1460; // less may wait for more (Nagle)
    const bool isDrained = connection.sendStore.GetEnd() - connection.sentEnd < SEGMENT_BYTES;
    const bool isKnown = std::find(m_drained.begin(), m_drained.end(), connection.socket) != m_drained.end();
    if (!connection.socket || connection.isReleased || !isDrained || isKnown)
    {
        return;
    }
    m_drained.push_back(connection.socket);
    m_ask = m_ask.IsExpired() ? Simulator::ScheduleNow(&MptcpStack::AskForMore, this) : m_ask;
}

void
MptcpStack::AskForMore()
{
    std::vector<Ptr<MptcpSocket>> drained;
    drained.swap(m_drained);
    for (const Ptr<MptcpSocket>& socket : drained)
    {
        socket->Writable();
    }
}

void
MptcpStack::Seal(mpt_segment& segment, Ptr<Packet> payload)
{
    m_bytes.resize(segment.payload_bytes);
    payload->CopyData(m_bytes.data(), segment.payload_bytes);
    mpt_segment_seal(&segment, m_bytes.data());
}

void
MptcpStack::SendIpv4(Ptr<Packet> packet, const mpt_segment& segment)
{
    const Ipv4Address source = ToIpv4(segment.source);
    const Ipv4Address destination = ToIpv4(segment.destination);
    Ipv4Header header;
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetProtocol(PROTOCOL_TCP);
    Socket::SocketErrno error;
    Ptr<Ipv4Route> route;
    if (m_ipv4 && m_ipv4->GetInterfaceForAddress(destination) > 0)
    {
        // One of our own addresses, which no routing protocol of ns-3's has a route to.
        route = Create<Ipv4Route>();
        route->SetSource(source);
        route->SetDestination(destination);
        route->SetGateway(Ipv4Address::GetZero());
        route->SetOutputDevice(m_ipv4->GetNetDevice(0));
    }
    else if (m_ipv4 && m_ipv4->GetRoutingProtocol())
    {
        // Only by the interface that owns the source address: a subflow is a path.
        const int32_t interface = m_ipv4->GetInterfaceForAddress(source);
        Ptr<NetDevice> device = interface > 0 ? m_ipv4->GetNetDevice(interface) : nullptr;
        route = m_ipv4->GetRoutingProtocol()->RouteOutput(packet, header, device, error);
    }
    if (!route)
    {
        ReportNoRoute(segment);
        return;
    }
    m_l4.GetDownTarget()(packet, source, destination, PROTOCOL_TCP, route);
}

void
MptcpStack::SendIpv6(Ptr<Packet> packet, const mpt_segment& segment)
{
    const Ipv6Address source = ToIpv6(segment.source);
    const Ipv6Address destination = ToIpv6(segment.destination);
    Ipv6Header header;
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetNextHeader(PROTOCOL_TCP);
    Socket::SocketErrno error;
    Ptr<Ipv6Route> route;
    if (m_ipv6 && m_ipv6->GetInterfaceForAddress(destination) > 0)
    {
        route = Create<Ipv6Route>();
        route->SetSource(source);
        route->SetDestination(destination);
        route->SetGateway(Ipv6Address::GetZero());
        route->SetOutputDevice(m_ipv6->GetNetDevice(0));
    }
    else if (m_ipv6 && m_ipv6->GetRoutingProtocol())
    {
        const int32_t interface = m_ipv6->GetInterfaceForAddress(source);
        Ptr<NetDevice> device = interface > 0 ? m_ipv6->GetNetDevice(interface) : nullptr;
        route = m_ipv6->GetRoutingProtocol()->RouteOutput(packet, header, device, error);
    }
    if (!route)
    {
        ReportNoRoute(segment);
        return;
    }
    m_l4.GetDownTarget6()(packet, source, destination, PROTOCOL_TCP, route);
}

void
MptcpStack::WarnOfNoRoute(const mpt_addr& from, const mpt_addr& to)
{
    const auto host = [](const mpt_addr& addr) {
        return addr.family == 6 ? Address(ToIpv6(addr)) : Address(ToIpv4(addr));
    };
    const Address source = host(from);
    const auto isSource = [&](const MptcpLocalAddress& local) { return local.address == source; };
    const bool isOurs = std::any_of(m_addresses.begin(), m_addresses.end(), isSource);
    // At the first try the peer may have another address, which it has not announced yet, that there is a route to.
    if (!isOurs || m_withoutRoute.insert(source).second)
    {
        return;
    }
    for (const auto& [conn, connection] : m_connections)
    {
        for (const MptcpSubflowInfo& subflow : GetSubflows(*connection))
        {
            const mpt_endpoint local = EndpointToCore(subflow.local);
            if (subflow.isEstablished && std::memcmp(&local.addr, &from, sizeof from) == 0)
            {
                return;
            }
        }
    }
    MptcpWarning::Tell("node " + std::to_string(m_l4.GetOwner()->GetId()) + ": there is no route from " +
                       ToText(source) + " to " + ToText(host(to)) +
                       ", so that no subflow begins there; see MptcpHelper::AddDefaultRoute(), or "
                       "MptcpL4Protocol::SetNoSubflow() where none is wanted");
}

void
MptcpStack::ReportNoRoute(const mpt_segment& segment)
{
    const auto port = [&](uint32_t at) {
        return static_cast<uint16_t>(segment.header[at] << 8 | segment.header[at + 1]);
    };
    const mpt_endpoint local{segment.source, port(0)};
    const mpt_endpoint remote{segment.destination, port(2)};
    if (MptcpLog::IsOn())
    {
        std::ostringstream text;
        text << "node " << m_l4.GetOwner()->GetId() << ": no route from " << ToText(FromCore(local)) << " to "
             << ToText(FromCore(remote)) << "; see MptcpHelper::AddDefaultRoute()";
        MptcpLog::Write(text.str());
    }
    if ((segment.header[13] & (TcpHeader::SYN | TcpHeader::ACK)) == TcpHeader::SYN)
    {
        WarnOfNoRoute(local.addr, remote.addr);
    }
    mpt_stack_unreachable(m_core, &local, &remote, Now());
    m_hasInput = true;
}

// ---- In ------------------------------------------------------------------------------------------------------------

namespace
{

/** @param segment to get header and lengths; header_bytes = 0: malformed @param packet from the TCP header on */
void
TakeHeader(mpt_segment& segment, Ptr<const Packet> packet)
{
    const uint32_t bytes = packet->GetSize();
    const uint32_t copied = packet->CopyData(segment.header, MPT_HEADER_BYTES_MAX);
    const uint32_t headerBytes = copied < MptcpHeader::BYTES_MIN ? 0 : (segment.header[12] >> 4) * 4U;
    const bool isGood = headerBytes >= MptcpHeader::BYTES_MIN && headerBytes <= bytes;
    segment.header_bytes = static_cast<uint8_t>(isGood ? headerBytes : 0);
    segment.payload_bytes = bytes - segment.header_bytes;
    segment.payload = nullptr;
    segment.conn = nullptr;
    segment.stream_offset = 0;
    segment.dss_checksum_at = 0;
}

} // namespace

mpt_segment
MptcpStack::ToSegment(const Ipv4Header& header, Ptr<const Packet> packet)
{
    mpt_segment segment;
    segment.source = ToCore(header.GetSource());
    segment.destination = ToCore(header.GetDestination());
    segment.ecn = header.GetTos() & 3;
    TakeHeader(segment, packet);
    return segment;
}

mpt_segment
MptcpStack::ToSegment(const Ipv6Header& header, Ptr<const Packet> packet)
{
    mpt_segment segment;
    segment.source = ToCore(header.GetSource());
    segment.destination = ToCore(header.GetDestination());
    segment.ecn = header.GetTrafficClass() & 3;
    TakeHeader(segment, packet);
    return segment;
}

MptcpStack::Fate
MptcpStack::Receive(Ptr<Packet> packet, const Ipv4Header& header)
{
    mpt_segment segment = ToSegment(header, packet);
    return Input(segment, packet);
}

MptcpStack::Fate
MptcpStack::Receive(Ptr<Packet> packet, const Ipv6Header& header)
{
    mpt_segment segment = ToSegment(header, packet);
    return Input(segment, packet);
}

void
MptcpStack::Refuse(Ptr<Packet> packet, const Ipv4Header& header)
{
    Refuse(ToSegment(header, packet));
}

void
MptcpStack::Refuse(Ptr<Packet> packet, const Ipv6Header& header)
{
    Refuse(ToSegment(header, packet));
}

void
MptcpStack::Refuse(const mpt_segment& segment)
{
    if (segment.header_bytes > 0)
    {
        mpt_stack_refuse(m_core, &segment, Now());
        Pump();
    }
}

MptcpStack::Fate
MptcpStack::Input(mpt_segment& segment, Ptr<Packet> packet)
{
    if (segment.header_bytes == 0)
    {
        MptcpLog::Write("a malformed TCP header was dropped");
        return Fate::TAKEN;
    }
    if (m_hasChecksums || mpt_stack_needs_payload(m_core))
    {
        if (!mpt_stack_wants(m_core, &segment))
        {
            return Fate::NOT_OURS;
        }
        if (!TakeBytes(segment, packet))
        {
            return Fate::BAD_CHECKSUM;
        }
    }
    Ptr<const Packet> payload =
        m_hasSegmentSinks ? packet->CreateFragment(segment.header_bytes, segment.payload_bytes) : nullptr;
    const bool isTraced = payload && TraceSegment(segment, payload, false);
    mpt_store store{};
    if (mpt_stack_receive(m_core, &segment, &store, Now()) == MPT_ERR_NOT_OURS)
    {
        return Fate::NOT_OURS;
    }
    if (payload && !isTraced)
    {
        TraceSegment(segment, payload, false); // the SYN of a join: now there is a subflow
    }
    if (store.conn && store.bytes > 0)
    {
        packet->RemoveAtStart(segment.header_bytes + store.payload_skip);
        if (packet->GetSize() > store.bytes)
        {
            packet->RemoveAtEnd(packet->GetSize() - store.bytes);
        }
        packet->RemoveAllPacketTags(); // they are of layers below, not of the stream
        GetConnection(store.conn).receiveStore.Insert(store.stream_offset, packet);
    }
    Pump();
    return Fate::TAKEN;
}

bool
MptcpStack::TakeBytes(mpt_segment& segment, Ptr<Packet> packet)
{
    m_bytes.resize(packet->GetSize());
    packet->CopyData(m_bytes.data(), packet->GetSize());
    segment.payload = m_bytes.data() + segment.header_bytes;
    return !m_hasChecksums || mpt_segment_verify(&segment);
}

void
MptcpStack::Unreachable(const Address& local, const Address& remote)
{
    const mpt_endpoint ours = EndpointToCore(local);
    const mpt_endpoint theirs = EndpointToCore(remote);
    mpt_stack_unreachable(m_core, &ours, &theirs, Now());
    Pump();
}

} // namespace ns3
