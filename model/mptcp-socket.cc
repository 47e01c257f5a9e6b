/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * What a MptcpSocket does when the application calls it. Binding and addresses: mptcp-socket-addresses.cc; Attributes:
 * mptcp-socket-attributes.cc; callbacks and trace sources: mptcp-socket-events.cc.
 */

#include "mptcp-socket.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-policy.h"
#include "mptcp-port-lease.h"
#include "mptcp-stack.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/node.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSocket);

TypeId
MptcpSocket::GetTypeId()
{
    static TypeId tid = MptcpStack::AddTraceSources(MptcpSettings::AddAttributes(
        TypeId("ns3::MptcpSocket")
            .SetParent<TcpSocket>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpSocket>()
            .AddAttribute("MaxSegLifetime",
                          "Half of TimeWait (s), under the name that it has in ns3::TcpSocketBase",
                          DoubleValue(30),
                          MakeDoubleAccessor(&MptcpSocket::SetMaxSegLifetime, &MptcpSocket::GetMaxSegLifetime),
                          MakeDoubleChecker<double>(0, 300))));
    return tid;
}

MptcpSocket::MptcpSocket()
{
    m_sources.values.resize(MptcpStack::GetTraceKinds());
    m_contextSources.values.resize(MptcpStack::GetTraceKinds());
}

MptcpSocket::MptcpSocket(const MptcpSocket& listener)
    : TcpSocket(listener),
      MptcpConfigurable(listener),
      m_l4(listener.m_l4),
      m_node(listener.m_node),
      m_isSendShut(listener.m_isSendShut),
      m_isRecvShut(listener.m_isRecvShut),
      m_initialSsthresh(listener.m_initialSsthresh),
      m_persistTimeout(listener.m_persistTimeout),
      m_sources(listener.m_sources),
      m_devices(listener.m_devices)
{
    m_contextSources.values.resize(MptcpStack::GetTraceKinds());
    // As with ns-3's TCP, the application sets these anew on the socket it is given.
    const auto nothing = MakeNullCallback<void, Ptr<Socket>>();
    const auto nothingOfBytes = MakeNullCallback<void, Ptr<Socket>, uint32_t>();
    SetConnectCallback(nothing, nothing);
    SetDataSentCallback(nothingOfBytes);
    SetSendCallback(nothingOfBytes);
    SetRecvCallback(nothing);
}

MptcpSocket::~MptcpSocket() = default;

void
MptcpSocket::DoDispose()
{
    m_port.reset();
    m_l4 = nullptr;
    m_node = nullptr;
    m_devices.clear();
    TcpSocket::DoDispose();
}

MptcpStack*
MptcpSocket::GetStack() const
{
    return m_l4 ? m_l4->GetStack() : nullptr;
}

int
MptcpSocket::Fail(Socket::SocketErrno error) const
{
    m_errno = error;
    return -1;
}

// ---- Opening -------------------------------------------------------------------------------------------------------

int
MptcpSocket::Connect(const Address& address)
{
    const bool isIpv4 = InetSocketAddress::IsMatchingType(address);
    if (m_phase == Phase::CONNECTING || m_phase == Phase::CONNECTED)
    {
        return Fail(ERROR_ISCONN);
    }
    if (m_phase != Phase::UNCONNECTED || !GetStack() || (!isIpv4 && !Inet6SocketAddress::IsMatchingType(address)))
    {
        return Fail(ERROR_INVAL);
    }
    if (!m_port && (isIpv4 ? Bind() : Bind6()) != 0)
    {
        return -1;
    }
    if (InetSocketAddress::IsMatchingType(m_local) != isIpv4)
    {
        return Fail(ERROR_AFNOSUPPORT);
    }
    Address local;
    if (!ChooseLocal(address, local))
    {
        return Fail(ERROR_NOROUTETOHOST);
    }
    UseLocal(address, local);
    if (IsExcluded(local))
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    const SocketErrno error = GetStack()->Connect(this, local, address, m_port, m_connection);
    if (error != ERROR_NOTERROR)
    {
        return Fail(error);
    }
    m_local = local;
    m_remote = address;
    m_phase = Phase::CONNECTING;
    GetStack()->Flush();
    return 0;
}

int
MptcpSocket::Listen()
{
    if (m_phase != Phase::UNCONNECTED || !GetStack())
    {
        return Fail(ERROR_INVAL);
    }
    if (!m_port && Bind() != 0)
    {
        return -1;
    }
    const SocketErrno error = GetStack()->Listen(*this, m_local, m_listener);
    if (error != ERROR_NOTERROR)
    {
        return Fail(error);
    }
    m_phase = Phase::LISTENING;
    return 0;
}

// ---- Closing -------------------------------------------------------------------------------------------------------

int
MptcpSocket::Close()
{
    Ptr<MptcpSocket> self(this);
    switch (m_phase)
    {
    case Phase::UNCONNECTED:
    case Phase::LISTENING:
        if (m_listener && GetStack())
        {
            GetStack()->CloseListener(m_listener);
        }
        m_listener = nullptr;
        m_port.reset();
        m_phase = Phase::CLOSED;
        if (m_l4)
        {
            m_l4->RemoveMptcpSocket(this);
        }
        return 0;
    case Phase::CONNECTING:
        if (m_bytesWritten == 0)
        {
            m_phase = Phase::CLOSED; // of what follows, the application is told nothing
            Abort();
            return 0;
        }
        return ShutdownSend();
    case Phase::CONNECTED:
        if (GetRxAvailable() > 0 && !m_isRecvShut)
        {
            // Data that nobody will read: the peer gets a reset (RFC 9293 3.10.4).
            Release();
            return 0;
        }
        return ShutdownSend();
    case Phase::CLOSED:
        return 0;
    }
    return 0;
}

int
MptcpSocket::ShutdownSend()
{
    m_isSendShut = true;
    if (m_connection && GetStack())
    {
        GetStack()->Shutdown(*m_connection);
    }
    return 0;
}

int
MptcpSocket::ShutdownRecv()
{
    m_isRecvShut = true;
    return 0;
}

void
MptcpSocket::Abort()
{
    if (m_connection && GetStack())
    {
        GetStack()->Abort(*m_connection);
    }
}

void
MptcpSocket::Release()
{
    Ptr<MptcpSocket> self(this);
    if (m_connection && GetStack())
    {
        m_lastInfo = GetConnectionInfo();
        m_lastSubflows = GetSubflows();
        MptcpConnection* connection = m_connection;
        m_connection = nullptr;
        m_phase = Phase::CLOSED;
        m_port.reset();
        GetStack()->Release(*connection);
    }
    m_phase = Phase::CLOSED;
}

// ---- Data ----------------------------------------------------------------------------------------------------------

int
MptcpSocket::Send(Ptr<Packet> p, uint32_t flags)
{
    NS_ABORT_MSG_IF(flags != 0, "MptcpSocket::Send() knows no flags");
    if (m_isSendShut && m_connection)
    {
        return Fail(ERROR_SHUTDOWN);
    }
    if (!m_connection || !GetStack())
    {
        return Fail(ERROR_NOTCONN);
    }
    const uint32_t bytes = p->GetSize();
    if (bytes > 0)
    {
        const SocketErrno error = GetStack()->Write(*m_connection, p->Copy());
        if (error != ERROR_NOTERROR)
        {
            return Fail(error);
        }
        m_bytesWritten += bytes;
    }
    return static_cast<int>(bytes);
}

int
MptcpSocket::SendTo(Ptr<Packet> p, uint32_t flags, const Address&)
{
    return Send(p, flags);
}

Ptr<Packet>
MptcpSocket::Recv(uint32_t maxSize, uint32_t flags)
{
    NS_ABORT_MSG_IF(flags != 0, "MptcpSocket::Recv() knows no flags");
    Ptr<MptcpSocket> self(this);
    if (!m_connection || !GetStack())
    {
        // The end of the stream reads as an empty packet, as with ns-3's TCP.
        return m_isCloseNotified ? Create<Packet>() : nullptr;
    }
    if (maxSize == 0 || GetStack()->GetReadable(*m_connection) == 0)
    {
        Fail(ERROR_AGAIN);
        return GetStack()->HasPeerEnded(*m_connection) ? Create<Packet>() : nullptr;
    }
    Ptr<Packet> packet = GetStack()->Read(*m_connection, maxSize);
    if (m_connection)
    {
        CloseAfterPeer();
    }
    return packet;
}

Ptr<Packet>
MptcpSocket::RecvFrom(uint32_t maxSize, uint32_t flags, Address& fromAddress)
{
    fromAddress = m_remote;
    return Recv(maxSize, flags);
}

uint32_t
MptcpSocket::GetTxAvailable() const
{
    if (m_connection && GetStack())
    {
        return static_cast<uint32_t>(std::min<uint64_t>(GetStack()->GetWritable(*m_connection), UINT32_MAX));
    }
    return m_phase == Phase::UNCONNECTED ? GetSndBufSize() : 0;
}

uint32_t
MptcpSocket::GetRxAvailable() const
{
    if (m_connection && GetStack())
    {
        return static_cast<uint32_t>(std::min<uint64_t>(GetStack()->GetReadable(*m_connection), UINT32_MAX));
    }
    return 0;
}

// ---- Looking inside ------------------------------------------------------------------------------------------------

MptcpConnectionInfo
MptcpSocket::GetConnectionInfo() const
{
    return m_connection && GetStack() ? GetStack()->GetInfo(*m_connection) : m_lastInfo;
}

std::vector<MptcpSubflowInfo>
MptcpSocket::GetSubflows() const
{
    return m_connection && GetStack() ? GetStack()->GetSubflows(*m_connection) : m_lastSubflows;
}

std::vector<MptcpPairInfo>
MptcpSocket::GetPairs() const
{
    return m_connection && GetStack() ? GetStack()->GetPairs(*m_connection) : std::vector<MptcpPairInfo>();
}

Ptr<MptcpScheduler>
MptcpSocket::GetScheduler() const
{
    return m_connection && GetStack() ? GetStack()->GetScheduler(*m_connection) : nullptr;
}

Ptr<MptcpPathManager>
MptcpSocket::GetPathManager() const
{
    return m_connection && GetStack() ? GetStack()->GetPathManager(*m_connection) : nullptr;
}

Ptr<MptcpCongestionOps>
MptcpSocket::GetCongestionControl(uint32_t subflowId) const
{
    return m_connection && GetStack() ? GetStack()->GetCongestionControl(*m_connection, subflowId) : nullptr;
}

Socket::SocketErrno
MptcpSocket::GetErrno() const
{
    return m_errno;
}

Socket::SocketType
MptcpSocket::GetSocketType() const
{
    return NS3_SOCK_STREAM;
}

Ptr<Node>
MptcpSocket::GetNode() const
{
    return m_node;
}

bool
MptcpSocket::SetAllowBroadcast(bool allowBroadcast)
{
    return !allowBroadcast;
}

bool
MptcpSocket::GetAllowBroadcast() const
{
    return false;
}

// ---- IP options of a packet ----------------------------------------------------------------------------------------

void
MptcpSocket::TagEcn(Packet& packet, uint8_t ecn, bool isIpv6)
{
    if (isIpv6)
    {
        SocketIpv6TclassTag tag;
        tag.SetTclass(ecn);
        packet.ReplacePacketTag(tag);
    }
    else
    {
        SocketIpTosTag tag;
        tag.SetTos(ecn);
        packet.ReplacePacketTag(tag);
    }
}

void
MptcpSocket::TagPacket(Packet& packet, uint8_t ecn, bool isIpv6) const
{
    constexpr uint8_t DSCP_MASK = 0xfc;
    const uint8_t own = isIpv6 ? (IsManualIpv6Tclass() ? GetIpv6Tclass() : 0) : GetIpTos();
    const auto field = static_cast<uint8_t>((own & DSCP_MASK) | ecn);
    if (field != 0)
    {
        TagEcn(packet, field, isIpv6);
    }
    if (!isIpv6 && IsManualIpTtl())
    {
        SocketIpTtlTag tag;
        tag.SetTtl(GetIpTtl());
        packet.ReplacePacketTag(tag);
    }
    if (isIpv6 && IsManualIpv6HopLimit())
    {
        SocketIpv6HopLimitTag tag;
        tag.SetHopLimit(GetIpv6HopLimit());
        packet.ReplacePacketTag(tag);
    }
    if (GetPriority() != 0)
    {
        SocketPriorityTag tag;
        tag.SetPriority(GetPriority());
        packet.ReplacePacketTag(tag);
    }
}

} // namespace ns3
