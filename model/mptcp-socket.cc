/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "mptcp-socket.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-port-lease.h"
#include "mptcp-stack.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpSocket");

NS_OBJECT_ENSURE_REGISTERED(MptcpSocket);

namespace
{

/** ns-3's SegmentSize is the payload beside a timestamp option; an MSS counts options as well (RFC 6691). */
constexpr uint32_t TIMESTAMP_BYTES = 12;

} // namespace

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
    : m_traces(MptcpStack::GetTraceKinds())
{
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
      m_traces(listener.m_traces)
{
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
    TcpSocket::DoDispose();
}

void
MptcpSocket::SetL4(Ptr<MptcpL4Protocol> l4)
{
    const MptcpSettings own = m_settings;
    m_settings = MptcpSettings();
    m_l4 = l4;
    m_node = l4->GetOwner();
    const TypeId tid = TcpSocket::GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        if (info.initialValue != info.originalInitialValue)
        {
            SetAttribute(info.name, *info.initialValue);
        }
    }
    m_settings.Overlay(l4->GetSettings());
    m_settings.Overlay(own);
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
MptcpSocket::Bind()
{
    return Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
}

int
MptcpSocket::Bind6()
{
    return Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 0));
}

int
MptcpSocket::Bind(const Address& address)
{
    if (!InetSocketAddress::IsMatchingType(address) && !Inet6SocketAddress::IsMatchingType(address))
    {
        return Fail(ERROR_INVAL);
    }
    if (m_phase != Phase::UNCONNECTED || m_port || !m_l4)
    {
        return Fail(ERROR_INVAL);
    }
    return Reserve(address);
}

int
MptcpSocket::Reserve(const Address& address)
{
    m_port = MptcpPortLease::Take(m_l4, address);
    if (!m_port)
    {
        return Fail(ERROR_ADDRINUSE);
    }
    if (InetSocketAddress::IsMatchingType(address))
    {
        m_local = InetSocketAddress(InetSocketAddress::ConvertFrom(address).GetIpv4(), m_port->GetPort());
    }
    else
    {
        m_local = Inet6SocketAddress(Inet6SocketAddress::ConvertFrom(address).GetIpv6(), m_port->GetPort());
    }
    return 0;
}

bool
MptcpSocket::ChooseLocal(const Address& remote, Address& local) const
{
    Socket::SocketErrno error;
    Ptr<NetDevice> device = m_boundnetdevice;
    if (InetSocketAddress::IsMatchingType(remote))
    {
        auto bound = InetSocketAddress::ConvertFrom(m_local);
        Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        if (bound.GetIpv4().IsAny() && ipv4 && ipv4->GetRoutingProtocol())
        {
            Ipv4Header header;
            header.SetDestination(InetSocketAddress::ConvertFrom(remote).GetIpv4());
            Ptr<Ipv4Route> route = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
            bound.SetIpv4(route ? route->GetSource() : Ipv4Address::GetAny());
        }
        local = bound;
        return !bound.GetIpv4().IsAny();
    }
    auto bound = Inet6SocketAddress::ConvertFrom(m_local);
    Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
    if (bound.GetIpv6().IsAny() && ipv6 && ipv6->GetRoutingProtocol())
    {
        Ipv6Header header;
        header.SetDestination(Inet6SocketAddress::ConvertFrom(remote).GetIpv6());
        Ptr<Ipv6Route> route = ipv6->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
        bound.SetIpv6(route ? route->GetSource() : Ipv6Address::GetAny());
    }
    local = bound;
    return !bound.GetIpv6().IsAny();
}

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
    if (m_phase != Phase::UNCONNECTED || !GetStack() || (!m_port && Bind() != 0))
    {
        return Fail(ERROR_INVAL);
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

// ---- What the core says --------------------------------------------------------------------------------------------

void
MptcpSocket::Accepted(MptcpConnection* connection, const Address& from, MptcpSocket& listener)
{
    m_connection = connection;
    m_local = GetStack()->GetLocal(*connection);
    m_remote = from;
    m_phase = Phase::CONNECTED;
    listener.NotifyNewConnectionCreated(this, from);
    // Data may have come with the end of the handshake; they are read before an application writes and closes.
    if (m_connection)
    {
        Readable();
    }
    Writable();
}

void
MptcpSocket::Connected()
{
    m_phase = Phase::CONNECTED;
    NotifyConnectionSucceeded();
    Writable();
}

void
MptcpSocket::Readable()
{
    if (m_isRecvShut)
    {
        while (GetRxAvailable() > 0)
        {
            GetStack()->Read(*m_connection, UINT32_MAX);
        }
    }
    else if (GetRxAvailable() > 0)
    {
        NotifyDataRecv();
    }
    if (m_connection && GetStack()->HasPeerEnded(*m_connection))
    {
        NotifyNormalCloseOnce();
        CloseAfterPeer();
    }
}

void
MptcpSocket::CloseAfterPeer()
{
    if (!m_connection || GetRxAvailable() > 0 || !GetStack()->HasPeerEnded(*m_connection))
    {
        return;
    }
    if (m_hasEnded)
    {
        Release();
    }
    else if (m_isSendShut)
    {
        ShutdownSend();
    }
}

void
MptcpSocket::Writable()
{
    if (m_phase == Phase::CONNECTED && !m_isSendShut && GetTxAvailable() > 0)
    {
        NotifySend(GetTxAvailable());
    }
}

void
MptcpSocket::Sent(uint32_t bytes)
{
    NotifyDataSent(bytes);
}

void
MptcpSocket::Ended()
{
    m_hasEnded = true;
    NotifyNormalCloseOnce();
    CloseAfterPeer();
}

void
MptcpSocket::Failed()
{
    const Phase phase = m_phase;
    m_errno = ERROR_NOTCONN;
    Release();
    if (phase == Phase::CONNECTING)
    {
        NotifyConnectionFailed();
    }
    else if (phase == Phase::CONNECTED && !m_isCloseNotified)
    {
        m_isCloseNotified = true;
        NotifyErrorClose();
    }
}

void
MptcpSocket::NotifyNormalCloseOnce()
{
    if (!m_isCloseNotified)
    {
        m_isCloseNotified = true;
        NotifyNormalClose();
    }
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

MptcpSocket::ValueTracedSource&
MptcpSocket::UseTraceSource(uint32_t kind)
{
    if (m_l4)
    {
        m_l4->EnableTrace();
    }
    return m_traces.at(kind);
}

void
MptcpSocket::Trace(uint32_t kind, uint32_t subflowId, uint64_t oldValue, uint64_t newValue)
{
    m_traces[kind](subflowId, oldValue, newValue);
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

int
MptcpSocket::GetSockName(Address& address) const
{
    address = m_local.IsInvalid() ? Address(InetSocketAddress(Ipv4Address::GetAny(), 0)) : m_local;
    return 0;
}

int
MptcpSocket::GetPeerName(Address& address) const
{
    if (m_remote.IsInvalid())
    {
        return Fail(ERROR_NOTCONN);
    }
    address = m_remote;
    return 0;
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

// ---- Attributes of ns3::TcpSocket ----------------------------------------------------------------------------------

void
MptcpSocket::Map(const std::string& attribute, const AttributeValue& value)
{
    // While there is no protocol, ns-3 is applying defaults that are meant for its own TCP.
    if (m_l4)
    {
        SetAttribute(attribute, value);
    }
}

uint32_t
MptcpSocket::UnmapUinteger(const std::string& attribute) const
{
    UintegerValue value;
    GetAttribute(attribute, value);
    return static_cast<uint32_t>(value.Get());
}

Time
MptcpSocket::UnmapTime(const std::string& attribute) const
{
    TimeValue value;
    GetAttribute(attribute, value);
    return value.Get();
}

void
MptcpSocket::SetSndBufSize(uint32_t size)
{
    Map("SendBuffer", UintegerValue(size));
}

uint32_t
MptcpSocket::GetSndBufSize() const
{
    return UnmapUinteger("SendBuffer");
}

void
MptcpSocket::SetRcvBufSize(uint32_t size)
{
    Map("ReceiveBuffer", UintegerValue(size));
}

uint32_t
MptcpSocket::GetRcvBufSize() const
{
    return UnmapUinteger("ReceiveBuffer");
}

void
MptcpSocket::SetSegSize(uint32_t size)
{
    Map("MssMax", UintegerValue(size + TIMESTAMP_BYTES));
}

uint32_t
MptcpSocket::GetSegSize() const
{
    return UnmapUinteger("MssMax") - TIMESTAMP_BYTES;
}

void
MptcpSocket::SetInitialSSThresh(uint32_t threshold)
{
    m_initialSsthresh = threshold;
}

uint32_t
MptcpSocket::GetInitialSSThresh() const
{
    return m_initialSsthresh;
}

void
MptcpSocket::SetInitialCwnd(uint32_t cwnd)
{
    Map("InitialWindowSegments", UintegerValue(cwnd));
}

uint32_t
MptcpSocket::GetInitialCwnd() const
{
    return UnmapUinteger("InitialWindowSegments");
}

void
MptcpSocket::SetConnTimeout(Time timeout)
{
    Map("RtoInitial", TimeValue(timeout));
}

Time
MptcpSocket::GetConnTimeout() const
{
    return UnmapTime("RtoInitial");
}

void
MptcpSocket::SetSynRetries(uint32_t count)
{
    Map("SynRetries", UintegerValue(count));
}

uint32_t
MptcpSocket::GetSynRetries() const
{
    return UnmapUinteger("SynRetries");
}

void
MptcpSocket::SetDataRetries(uint32_t retries)
{
    if (m_l4)
    {
        m_settings.SetDataRetries(retries);
    }
}

uint32_t
MptcpSocket::GetDataRetries() const
{
    return m_settings.GetDataRetries();
}

void
MptcpSocket::SetMaxSegLifetime(double seconds)
{
    Map("TimeWait", TimeValue(Seconds(2 * seconds)));
}

double
MptcpSocket::GetMaxSegLifetime() const
{
    return UnmapTime("TimeWait").GetSeconds() / 2;
}

void
MptcpSocket::SetDelAckTimeout(Time timeout)
{
    Map("DelayedAckTime", TimeValue(timeout));
}

Time
MptcpSocket::GetDelAckTimeout() const
{
    return UnmapTime("DelayedAckTime");
}

void
MptcpSocket::SetDelAckMaxCount(uint32_t count)
{
    Map("DelayedAckSegments", UintegerValue(count));
}

uint32_t
MptcpSocket::GetDelAckMaxCount() const
{
    return UnmapUinteger("DelayedAckSegments");
}

void
MptcpSocket::SetTcpNoDelay(bool noDelay)
{
    Map("Nagle", BooleanValue(!noDelay));
}

bool
MptcpSocket::GetTcpNoDelay() const
{
    BooleanValue nagle;
    GetAttribute("Nagle", nagle);
    return !nagle.Get();
}

void
MptcpSocket::SetPersistTimeout(Time timeout)
{
    m_persistTimeout = timeout;
}

Time
MptcpSocket::GetPersistTimeout() const
{
    return m_persistTimeout;
}

} // namespace ns3
