/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * Where packets go into the core and come out of it. In this order: trace sources, addresses, life, the core's loop,
 * segments out and in, sockets, looking inside.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-convert.h"
#include "mptcp-header.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-packet-store.h"
#include "mptcp-port-lease.h"
#include "mptcp-socket.h"

#include "ns3/fatal-error.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <cstdlib>

/** The core's assert hook. */
extern "C" void
mpt_assert_failed(const char* expression, const char* file, int line)
{
    NS_FATAL_ERROR("assertion of the TCP core failed: " << expression << " at " << file << ":" << line);
    std::abort();
}

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpStack");

using namespace mptcpconvert;

/** What a connection of the core's is on our side. */
class MptcpConnection
{
  public:
    mpt_conn* conn{nullptr};              //!< the core's
    Ptr<MptcpSocket> socket;              //!< null until accepted; kept until the connection is gone
    bool isReleased{false};               //!< the socket is told nothing any more
    std::shared_ptr<MptcpPortLease> port; //!< of connections that we opened
    MptcpSendStore sendStore;             //!< written and not acknowledged
    MptcpReceiveStore receiveStore;       //!< received and not read
    uint64_t sentEnd{0};                  //!< stream offset after what was ever sent
};

// ---- Trace sources -------------------------------------------------------------------------------------------------

/** A trace source's way to one of the trace kinds of a MptcpSocket; connecting a sink switches tracing on. */
class TraceKindAccessor : public TraceSourceAccessor
{
  public:
    explicit TraceKindAccessor(mpt_trace_kind kind)
        : m_kind(kind)
    {
    }

    bool ConnectWithoutContext(ObjectBase* obj, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->UseTraceSource(m_kind).ConnectWithoutContext(cb), true);
    }

    bool Connect(ObjectBase* obj, std::string context, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->UseTraceSource(m_kind).Connect(cb, context), true);
    }

    bool DisconnectWithoutContext(ObjectBase* obj, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->UseTraceSource(m_kind).DisconnectWithoutContext(cb), true);
    }

    bool Disconnect(ObjectBase* obj, std::string context, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->UseTraceSource(m_kind).Disconnect(cb, context), true);
    }

  private:
    mpt_trace_kind m_kind; //!< which
};

TypeId
MptcpStack::AddTraceSources(TypeId tid)
{
#define MPT_X(name, help)                                                                                              \
    tid = tid.AddTraceSource(#name,                                                                                    \
                             help,                                                                                     \
                             Create<TraceKindAccessor>(MPT_TRACE_##name),                                              \
                             "ns3::MptcpSocket::ValueTracedCallback");
    MPT_SUBFLOW_TRACES(MPT_X)
    MPT_CONN_TRACES(MPT_X)
#undef MPT_X
    return tid;
}

std::size_t
MptcpStack::GetTraceKinds()
{
    return MPT_TRACE_KINDS;
}

void
MptcpStack::EnableTrace()
{
    if (!m_isTracing)
    {
        m_isTracing = mpt_stack_set_trace(m_core, true) == MPT_OK;
    }
}

void
MptcpStack::DeliverTraces()
{
    mpt_trace trace;
    while (mpt_stack_trace(m_core, &trace))
    {
        auto connection = static_cast<MptcpConnection*>(trace.user);
        if (connection && connection->socket)
        {
            connection->socket->Trace(trace.kind, trace.subflow_id, trace.old_value, trace.new_value);
        }
    }
}

// ---- Addresses -----------------------------------------------------------------------------------------------------

void
MptcpStack::SetAddresses(const std::vector<LocalAddress>& addresses)
{
    const auto find = [](std::vector<LocalAddress>& list, const Address& address) {
        return std::find_if(list.begin(), list.end(), [&](const auto& other) { return other.address == address; });
    };
    std::vector<LocalAddress> before = m_addresses;
    m_addresses = addresses;
    for (const LocalAddress& old : before)
    {
        if (find(m_addresses, old.address) == m_addresses.end())
        {
            NS_LOG_LOGIC("address down: " << old.address);
            const mpt_addr addr = ToCore(old.address);
            mpt_address_down(m_core, &addr, Now());
        }
    }
    for (const LocalAddress& address : addresses)
    {
        const mpt_addr addr = ToCore(address.address);
        const auto old = find(before, address.address);
        if (old == before.end())
        {
            NS_LOG_LOGIC("address up: " << address.address);
            mpt_local_address local{};
            local.addr = addr;
            local.mtu_bytes = address.mtuBytes;
            local.is_backup = address.isBackup;
            local.is_signal = address.isSignal;
            local.no_subflow = address.noSubflow;
            const mpt_status status = mpt_address_up(m_core, &local, Now());
            if (status != MPT_OK)
            {
                NS_LOG_WARN("address not used for subflows, " << mpt_status_name(status) << ": " << address.address);
            }
        }
        else if (old->isBackup != address.isBackup)
        {
            mpt_address_backup(m_core, &addr, address.isBackup, Now());
        }
    }
    Pump();
}

// ---- Life ----------------------------------------------------------------------------------------------------------

namespace
{

void*
Allocate(void*, size_t bytes)
{
    return std::calloc(1, bytes);
}

void
Free(void*, void* p)
{
    std::free(p);
}

} // namespace

MptcpStack::Limits
MptcpStack::GetDefaultLimits()
{
    mpt_settings settings;
    mpt_settings_default(&settings);
    return {settings.connections_max, settings.half_open_max, settings.challenge_acks_per_s};
}

MptcpStack::MptcpStack(MptcpL4Protocol& l4, const MptcpSettings& settings, const Limits& limits, uint64_t seed)
    : m_l4(l4),
      m_ipv4(l4.GetOwner()->GetObject<Ipv4>()),
      m_ipv6(l4.GetOwner()->GetObject<Ipv6>()),
      m_hasChecksums(Node::ChecksumEnabled())
{
    mpt_settings all;
    mpt_settings_default(&all);
    all.seed = seed;
    all.connections_max = limits.connectionsMax;
    all.half_open_max = limits.halfOpenMax;
    all.challenge_acks_per_s = limits.challengeAcksPerSecond;
    all.conn = settings.Core();
    const mpt_mem memory{nullptr, &Allocate, &Free};
    const mpt_status status = mpt_stack_new(&m_core, &all, &memory, Now());
    NS_ABORT_MSG_IF(status != MPT_OK, "the TCP core does not start: " << mpt_status_name(status));
}

MptcpStack::~MptcpStack()
{
    m_timer.Cancel();
    m_start.Cancel();
    for (auto& [conn, connection] : m_connections)
    {
        if (connection->socket)
        {
            connection->socket->m_connection = nullptr;
        }
    }
    mpt_stack_free(m_core);
}

int64_t
MptcpStack::Now() const
{
    return Simulator::Now().GetNanoSeconds();
}

MptcpConnection&
MptcpStack::GetConnection(mpt_conn* conn)
{
    auto connection = static_cast<MptcpConnection*>(mpt_conn_user(conn));
    if (!connection)
    {
        auto made = std::make_unique<MptcpConnection>();
        connection = made.get();
        connection->conn = conn;
        mpt_conn_set_user(conn, connection);
        m_connections[conn] = std::move(made);
    }
    return *connection;
}

// ---- The core's loop -----------------------------------------------------------------------------------------------

void
MptcpStack::Pump()
{
    m_hasInput = true;
    if (m_isPumping || !IsNodeReady())
    {
        return;
    }
    m_isPumping = true;
    while (m_hasInput)
    {
        m_hasInput = false;
        Transmit();
        mpt_notice notice;
        while (mpt_stack_poll(m_core, &notice))
        {
            Handle(notice);
        }
        if (m_isTracing)
        {
            DeliverTraces();
        }
    }
    m_gone.clear();
    m_isPumping = false;
    Arm();
}

bool
MptcpStack::IsNodeReady()
{
    // ns-3 cannot send before its nodes are initialized, which is the first that a simulation does.
    if (!m_l4.GetOwner()->IsInitialized() && m_start.IsExpired())
    {
        m_start = Simulator::ScheduleNow(&MptcpStack::Pump, this);
    }
    return m_l4.GetOwner()->IsInitialized();
}

void
MptcpStack::Arm()
{
    const mpt_time deadline = mpt_stack_deadline(m_core);
    // A timer that comes too early is harmless, so that it stays where the deadline has only moved on.
    if (deadline == MPT_NEVER || (m_isArmed && m_timerAt <= deadline))
    {
        return;
    }
    if (m_isArmed)
    {
        m_timer.Cancel();
    }
    m_isArmed = true;
    m_timerAt = std::max(deadline, Now());
    m_timer = Simulator::Schedule(NanoSeconds(m_timerAt - Now()), &MptcpStack::OnTimer, this);
}

void
MptcpStack::OnTimer()
{
    m_isArmed = false;
    if (mpt_stack_deadline(m_core) > Now())
    {
        Arm();
        return;
    }
    mpt_stack_timer(m_core, Now());
    Pump();
}

void
MptcpStack::Handle(const mpt_notice& notice)
{
    if (notice.kind == MPT_NOTICE_ACCEPTED)
    {
        Accept(notice);
        return;
    }
    if (notice.kind == MPT_NOTICE_GONE)
    {
        auto found = m_connections.find(notice.conn);
        if (found != m_connections.end())
        {
            if (found->second->socket)
            {
                m_l4.RemoveMptcpSocket(found->second->socket);
            }
            m_gone.push_back(std::move(found->second));
            m_connections.erase(found);
        }
        return;
    }
    auto connection = static_cast<MptcpConnection*>(notice.user);
    if (!connection || !connection->socket || connection->isReleased)
    {
        return;
    }
    Ptr<MptcpSocket> socket = connection->socket;
    switch (notice.kind)
    {
    case MPT_NOTICE_CONNECTED:
        socket->Connected();
        break;
    case MPT_NOTICE_READABLE:
        socket->Readable();
        break;
    case MPT_NOTICE_WRITABLE:
        connection->sendStore.DropBefore(mpt_conn_acked_offset(notice.conn));
        socket->Writable();
        break;
    case MPT_NOTICE_CLOSED:
        socket->Ended();
        break;
    case MPT_NOTICE_FAILED:
        NS_LOG_LOGIC("connection failed: " << mpt_status_name(notice.reason));
        socket->Failed();
        break;
    case MPT_NOTICE_ACCEPTED:
    case MPT_NOTICE_GONE:
        break;
    }
}

void
MptcpStack::Accept(const mpt_notice& notice)
{
    MptcpConnection& connection = GetConnection(notice.conn);
    auto user = notice.listener ? static_cast<MptcpSocket*>(mpt_listener_user(notice.listener)) : nullptr;
    const Address from = FromCore(mpt_conn_remote(notice.conn));
    Ptr<MptcpSocket> listener(user);
    if (!listener || !listener->NotifyConnectionRequest(from))
    {
        mpt_conn_abort(notice.conn, Now());
        Release(connection);
        return;
    }
    connection.socket = CopyObject<MptcpSocket>(listener);
    m_l4.AddMptcpSocket(connection.socket);
    connection.socket->Accepted(&connection, from, *listener);
}

// ---- Segments out --------------------------------------------------------------------------------------------------

void
MptcpStack::Transmit()
{
    mpt_segment segment;
    while (mpt_stack_transmit(m_core, &segment, Now()))
    {
        SendSegment(segment);
        if (m_isTracing)
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
    header.SetProtocol(TcpL4Protocol::PROT_NUMBER);
    Socket::SocketErrno error;
    Ptr<Ipv4Route> route;
    if (m_ipv4 && m_ipv4->GetRoutingProtocol())
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
    m_l4.GetDownTarget()(packet, source, destination, TcpL4Protocol::PROT_NUMBER, route);
}

void
MptcpStack::SendIpv6(Ptr<Packet> packet, const mpt_segment& segment)
{
    const Ipv6Address source = ToIpv6(segment.source);
    const Ipv6Address destination = ToIpv6(segment.destination);
    Ipv6Header header;
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetNextHeader(TcpL4Protocol::PROT_NUMBER);
    Socket::SocketErrno error;
    Ptr<Ipv6Route> route;
    if (m_ipv6 && m_ipv6->GetRoutingProtocol())
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
    m_l4.GetDownTarget6()(packet, source, destination, TcpL4Protocol::PROT_NUMBER, route);
}

void
MptcpStack::ReportNoRoute(const mpt_segment& segment)
{
    const auto port = [&](uint32_t at) {
        return static_cast<uint16_t>(segment.header[at] << 8 | segment.header[at + 1]);
    };
    const mpt_endpoint local{segment.source, port(0)};
    const mpt_endpoint remote{segment.destination, port(2)};
    NS_LOG_LOGIC("no route from " << FromCore(local) << " to " << FromCore(remote));
    mpt_stack_unreachable(m_core, &local, &remote, Now());
    m_hasInput = true;
}

// ---- Segments in ---------------------------------------------------------------------------------------------------

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
        NS_LOG_LOGIC("malformed TCP header dropped");
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
    mpt_store store{};
    if (mpt_stack_receive(m_core, &segment, &store, Now()) == MPT_ERR_NOT_OURS)
    {
        return Fate::NOT_OURS;
    }
    if (store.conn && store.bytes > 0)
    {
        packet->RemoveAtStart(segment.header_bytes + store.payload_skip);
        if (packet->GetSize() > store.bytes)
        {
            packet->RemoveAtEnd(packet->GetSize() - store.bytes);
        }
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

// ---- Sockets -------------------------------------------------------------------------------------------------------

Socket::SocketErrno
MptcpStack::Connect(Ptr<MptcpSocket> socket,
                    const Address& local,
                    const Address& remote,
                    std::shared_ptr<MptcpPortLease> port,
                    MptcpConnection*& connection)
{
    const mpt_conn_settings& settings = socket->GetSettings().Core();
    const mpt_endpoint ours = EndpointToCore(local);
    const mpt_endpoint theirs = EndpointToCore(remote);
    mpt_conn* conn = nullptr;
    const mpt_status status = mpt_connect(m_core, &ours, &theirs, &settings, Now(), &conn);
    if (status != MPT_OK)
    {
        return ToErrno(status);
    }
    connection = &GetConnection(conn);
    connection->socket = socket;
    connection->port = std::move(port);
    return Socket::ERROR_NOTERROR;
}

Socket::SocketErrno
MptcpStack::Listen(MptcpSocket& socket, const Address& local, mpt_listener*& listener)
{
    const mpt_conn_settings& settings = socket.GetSettings().Core();
    const mpt_endpoint ours = EndpointToCore(local);
    const mpt_status status = mpt_listen(m_core, &ours, UINT32_MAX, &settings, &listener);
    if (status != MPT_OK)
    {
        return status == MPT_ERR_ADDRESS ? Socket::ERROR_ADDRINUSE : ToErrno(status);
    }
    mpt_listener_set_user(listener, &socket);
    return Socket::ERROR_NOTERROR;
}

void
MptcpStack::CloseListener(mpt_listener* listener)
{
    mpt_listener_set_user(listener, nullptr);
    mpt_listener_close(listener, Now());
    Pump();
}

void
MptcpStack::Flush()
{
    Pump();
}

Socket::SocketErrno
MptcpStack::Write(MptcpConnection& connection, Ptr<Packet> packet)
{
    const mpt_status status = mpt_conn_write(connection.conn, packet->GetSize(), Now());
    if (status != MPT_OK)
    {
        return status == MPT_ERR_LIMIT ? Socket::ERROR_MSGSIZE : ToErrno(status);
    }
    connection.sendStore.Append(packet);
    Pump();
    return Socket::ERROR_NOTERROR;
}

Ptr<Packet>
MptcpStack::Read(MptcpConnection& connection, uint32_t bytesMax)
{
    const uint64_t readable = mpt_conn_readable(connection.conn);
    Ptr<Packet> packet =
        connection.receiveStore.Read(static_cast<uint32_t>(std::min<uint64_t>(bytesMax, readable)));
    mpt_conn_consume(connection.conn, packet->GetSize(), Now());
    Pump();
    return packet;
}

void
MptcpStack::Shutdown(MptcpConnection& connection)
{
    mpt_conn_shutdown(connection.conn, Now());
    Pump();
}

void
MptcpStack::Abort(MptcpConnection& connection)
{
    mpt_conn_abort(connection.conn, Now());
    Pump();
}

void
MptcpStack::Release(MptcpConnection& connection)
{
    connection.isReleased = true;
    mpt_conn_release(connection.conn, Now());
    Pump();
}

uint64_t
MptcpStack::GetReadable(const MptcpConnection& connection) const
{
    return mpt_conn_readable(connection.conn);
}

uint64_t
MptcpStack::GetWritable(const MptcpConnection& connection) const
{
    return mpt_conn_writable(connection.conn);
}

bool
MptcpStack::HasPeerEnded(const MptcpConnection& connection) const
{
    return mpt_conn_peer_ended(connection.conn);
}

Address
MptcpStack::GetLocal(const MptcpConnection& connection) const
{
    return FromCore(mpt_conn_local(connection.conn));
}

// ---- Looking inside ------------------------------------------------------------------------------------------------

MptcpConnectionInfo
MptcpStack::GetInfo(const MptcpConnection& connection) const
{
    mpt_conn_info info;
    mpt_conn_get_info(connection.conn, &info);
    return FromCore(info);
}

std::vector<MptcpSubflowInfo>
MptcpStack::GetSubflows(const MptcpConnection& connection) const
{
    std::vector<MptcpSubflowInfo> subflows;
    mpt_subflow_info info;
    while (mpt_conn_get_subflow_info(connection.conn, static_cast<uint32_t>(subflows.size()), &info))
    {
        subflows.push_back(FromCore(info));
    }
    return subflows;
}

std::map<std::string, uint64_t>
MptcpStack::GetCounters() const
{
    const mpt_counters* counters = mpt_stack_counters(m_core);
    std::map<std::string, uint64_t> result;
#define MPT_X(name) result[#name] = counters->name;
    MPT_COUNTERS(MPT_X)
#undef MPT_X
    return result;
}

} // namespace ns3
