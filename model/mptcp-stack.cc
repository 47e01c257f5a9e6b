/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup mptcp
 * The only C++ file that includes the core's header: everything made from the core's lists (Attributes, trace sources,
 * counters) and the packets' way into the core and out of it is therefore here, which makes it long. In this order:
 * settings, trace sources, addresses, life, the core's loop, segments out and in, sockets, looking inside.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-header.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-packet-store.h"
#include "mptcp-port-lease.h"
#include "mptcp-socket.h"

#include "ns3/boolean.h"
#include "ns3/fatal-error.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

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

// ---- Settings ------------------------------------------------------------------------------------------------------

namespace
{

mpt_conn_settings
GetCoreDefaults()
{
    mpt_settings settings;
    mpt_settings_default(&settings);
    return settings.conn;
}

/** Make the Attribute's name of a core setting's; see MptcpSettings. */
std::string
MakeAttributeName(const std::string& setting)
{
    if (setting == "delayed_ack_ns")
    {
        return "DelayedAckTime";
    }
    std::string name;
    for (std::size_t begin = 0; begin < setting.size();)
    {
        const std::size_t end = std::min(setting.find('_', begin), setting.size());
        std::string word = setting.substr(begin, end - begin);
        if (word != "bytes" && word != "ns")
        {
            word[0] = static_cast<char>(std::toupper(word[0]));
            name += word;
        }
        begin = end + 1;
    }
    return name;
}

/** The ns-3 value that stands for a core setting, and the way between the two; one specialisation a type. */
template <typename T>
struct SettingType;

template <>
struct SettingType<mpt_setting_BOOL>
{
    using Value = BooleanValue;

    static void Set(bool& to, const Value& value)
    {
        to = value.Get();
    }

    static Value Get(const bool& from)
    {
        return Value(from);
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t, int64_t)
    {
        return MakeBooleanChecker();
    }
};

template <>
struct SettingType<mpt_setting_U32>
{
    using Value = UintegerValue;

    static void Set(uint32_t& to, const Value& value)
    {
        to = static_cast<uint32_t>(value.Get());
    }

    static Value Get(const uint32_t& from)
    {
        return Value(from);
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t least, int64_t greatest)
    {
        return MakeUintegerChecker<uint32_t>(static_cast<uint32_t>(least), static_cast<uint32_t>(greatest));
    }
};

template <>
struct SettingType<mpt_setting_TIME>
{
    using Value = TimeValue;

    static void Set(mpt_time& to, const Value& value)
    {
        to = value.Get().GetNanoSeconds();
    }

    static Value Get(const mpt_time& from)
    {
        return Value(NanoSeconds(from));
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t least, int64_t greatest)
    {
        return MakeTimeChecker(NanoSeconds(least), NanoSeconds(greatest));
    }
};

template <>
struct SettingType<mpt_setting_NAME>
{
    using Value = StringValue;

    static void Set(mpt_setting_NAME& to, const Value& value)
    {
        std::memset(to, 0, sizeof to);
        value.Get().copy(to, sizeof to - 1);
    }

    static Value Get(const mpt_setting_NAME& from)
    {
        return Value(from);
    }
};

/** An Attribute's way to one core setting of a MptcpConfigurable. */
template <typename T>
class SettingAccessor : public AttributeAccessor
{
  public:
    using Value = typename SettingType<T>::Value;

    explicit SettingAccessor(T mpt_conn_settings::*member)
        : m_member(member)
    {
    }

    bool Set(ObjectBase* object, const AttributeValue& value) const override
    {
        auto configurable = dynamic_cast<MptcpConfigurable*>(object);
        auto typed = dynamic_cast<const Value*>(&value);
        if (!configurable || !typed)
        {
            return false;
        }
        SettingType<T>::Set(configurable->GetSettings().Core().*m_member, *typed);
        return true;
    }

    bool Get(const ObjectBase* object, AttributeValue& value) const override
    {
        auto configurable = dynamic_cast<const MptcpConfigurable*>(object);
        auto typed = dynamic_cast<Value*>(&value);
        if (!configurable || !typed)
        {
            return false;
        }
        *typed = SettingType<T>::Get(configurable->GetSettings().Core().*m_member);
        return true;
    }

    bool HasGetter() const override
    {
        return true;
    }

    bool HasSetter() const override
    {
        return true;
    }

  private:
    T mpt_conn_settings::*m_member; //!< the setting
};

/** Accepts the names that the core knows. */
class NameChecker : public AttributeChecker
{
  public:
    explicit NameChecker(mpt_setting_NAME mpt_conn_settings::*member)
        : m_member(member)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        auto typed = dynamic_cast<const StringValue*>(&value);
        if (!typed || typed->Get().size() >= MPT_NAME_BYTES)
        {
            return false;
        }
        mpt_conn_settings settings = GetCoreDefaults();
        SettingType<mpt_setting_NAME>::Set(settings.*m_member, *typed);
        return mpt_conn_settings_check(&settings) == nullptr;
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::StringValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        return "std::string";
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<StringValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        auto from = dynamic_cast<const StringValue*>(&source);
        auto to = dynamic_cast<StringValue*>(&destination);
        if (!from || !to)
        {
            return false;
        }
        *to = *from;
        return true;
    }

  private:
    mpt_setting_NAME mpt_conn_settings::*m_member; //!< the setting
};

template <typename T>
Ptr<const AttributeChecker>
MakeSettingChecker(T mpt_conn_settings::*, int64_t least, int64_t greatest)
{
    return SettingType<T>::MakeChecker(least, greatest);
}

Ptr<const AttributeChecker>
MakeSettingChecker(mpt_setting_NAME mpt_conn_settings::*member, int64_t, int64_t)
{
    return Create<NameChecker>(member);
}

template <typename T>
void
AddAttribute(TypeId& tid,
             const char* name,
             const char* help,
             T mpt_conn_settings::*member,
             int64_t least,
             int64_t greatest)
{
    TypeId::AttributeInformation inherited;
    if (tid.GetParent().LookupAttributeByName(MakeAttributeName(name), &inherited))
    {
        return;
    }
    const mpt_conn_settings defaults = GetCoreDefaults();
    tid = tid.AddAttribute(MakeAttributeName(name),
                           help,
                           SettingType<T>::Get(defaults.*member),
                           Create<SettingAccessor<T>>(member),
                           MakeSettingChecker(member, least, greatest));
}

template <typename T>
bool
IsEqual(const T& a, const T& b)
{
    return a == b;
}

bool
IsEqual(const mpt_setting_NAME& a, const mpt_setting_NAME& b)
{
    return std::strcmp(a, b) == 0;
}

} // namespace

MptcpSettings::MptcpSettings()
    : m_core(std::make_unique<mpt_conn_settings>(GetCoreDefaults()))
{
}

MptcpSettings::MptcpSettings(const MptcpSettings& other)
    : m_core(std::make_unique<mpt_conn_settings>(*other.m_core))
{
}

MptcpSettings&
MptcpSettings::operator=(const MptcpSettings& other)
{
    *m_core = *other.m_core;
    return *this;
}

MptcpSettings::~MptcpSettings() = default;

mpt_conn_settings&
MptcpSettings::Core()
{
    return *m_core;
}

const mpt_conn_settings&
MptcpSettings::Core() const
{
    return *m_core;
}

void
MptcpSettings::Overlay(const MptcpSettings& other)
{
    const mpt_conn_settings defaults = GetCoreDefaults();
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (!IsEqual(other.m_core->name, defaults.name))                                                                   \
    {                                                                                                                  \
        std::memcpy(&m_core->name, &other.m_core->name, sizeof m_core->name);                                          \
    }
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
}

void
MptcpSettings::SetDataRetries(uint32_t retries)
{
    m_core->data_retries = retries;
}

uint32_t
MptcpSettings::GetDataRetries() const
{
    return m_core->data_retries;
}

std::vector<MptcpSettings::Entry>
MptcpSettings::List()
{
    const mpt_conn_settings defaults = GetCoreDefaults();
    std::vector<Entry> entries;
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    entries.push_back({MakeAttributeName(#name),                                                                       \
                       SettingType<mpt_setting_##type>::Get(defaults.name).SerializeToString(nullptr)});
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return entries;
}

TypeId
MptcpSettings::AddAttributes(TypeId tid)
{
#define MPT_X(type, name, def, lo, hi, help) AddAttribute(tid, #name, help, &mpt_conn_settings::name, lo, hi);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return tid;
}

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

namespace
{

mpt_addr
ToCore(Ipv4Address address)
{
    mpt_addr result{};
    result.family = 4;
    address.Serialize(result.bytes);
    return result;
}

mpt_addr
ToCore(Ipv6Address address)
{
    mpt_addr result{};
    result.family = 6;
    address.Serialize(result.bytes);
    return result;
}

mpt_addr
AddressToCore(const Address& address)
{
    return Ipv4Address::IsMatchingType(address) ? ToCore(Ipv4Address::ConvertFrom(address))
                                                : ToCore(Ipv6Address::ConvertFrom(address));
}

/** @param socketAddress Inet(6)SocketAddress; the any-address of either family becomes the core's "any" */
mpt_endpoint
EndpointToCore(const Address& socketAddress)
{
    mpt_endpoint result{};
    if (InetSocketAddress::IsMatchingType(socketAddress))
    {
        const auto inet = InetSocketAddress::ConvertFrom(socketAddress);
        result.addr = inet.GetIpv4().IsAny() ? mpt_addr{} : ToCore(inet.GetIpv4());
        result.port = inet.GetPort();
    }
    else
    {
        const auto inet6 = Inet6SocketAddress::ConvertFrom(socketAddress);
        result.addr = inet6.GetIpv6().IsAny() ? mpt_addr{} : ToCore(inet6.GetIpv6());
        result.port = inet6.GetPort();
    }
    return result;
}

Ipv4Address
ToIpv4(const mpt_addr& addr)
{
    return Ipv4Address::Deserialize(addr.bytes);
}

Ipv6Address
ToIpv6(const mpt_addr& addr)
{
    return Ipv6Address::Deserialize(addr.bytes);
}

Address
FromCore(const mpt_endpoint& endpoint)
{
    if (endpoint.addr.family == 6)
    {
        return Inet6SocketAddress(ToIpv6(endpoint.addr), endpoint.port);
    }
    return InetSocketAddress(ToIpv4(endpoint.addr), endpoint.port);
}

Socket::SocketErrno
ToErrno(mpt_status status)
{
    switch (status)
    {
    case MPT_OK:
        return Socket::ERROR_NOTERROR;
    case MPT_ERR_LIMIT:
        return Socket::ERROR_AGAIN;
    case MPT_ERR_STATE:
    case MPT_ERR_REFUSED:
    case MPT_ERR_RESET:
    case MPT_ERR_TIMEOUT:
    case MPT_ERR_ABORTED:
        return Socket::ERROR_NOTCONN;
    case MPT_ERR_ADDRESS:
        return Socket::ERROR_ADDRNOTAVAIL;
    case MPT_ERR_NAME:
    case MPT_ERR_SETTING:
    case MPT_ERR_NOT_OURS:
    case MPT_ERR_MALFORMED:
        return Socket::ERROR_INVAL;
    case MPT_ERR_MEMORY:
        NS_FATAL_ERROR("out of memory");
    }
    return Socket::ERROR_INVAL;
}

} // namespace

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
            const mpt_addr addr = AddressToCore(old.address);
            mpt_address_down(m_core, &addr, Now());
        }
    }
    for (const LocalAddress& address : addresses)
    {
        const mpt_addr addr = AddressToCore(address.address);
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
      m_hasChecksums(Node::ChecksumEnabled()),
      m_hasDssChecksums(settings.Core().dss_checksum)
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
    if (m_isPumping)
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
    MptcpConnection* connection = nullptr;
    Ptr<Packet> packet;
    if (segment.payload_bytes > 0)
    {
        connection = &GetConnection(segment.conn);
        packet = connection->sendStore.Copy(segment.stream_offset, segment.payload_bytes);
    }
    else
    {
        packet = Create<Packet>();
    }
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
    if (connection)
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
    m_hasDssChecksums = m_hasDssChecksums || segment.dss_checksum_at != 0;
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

MptcpStack::Fate
MptcpStack::Receive(Ptr<Packet> packet, const Ipv4Header& header)
{
    mpt_segment segment;
    segment.source = ToCore(header.GetSource());
    segment.destination = ToCore(header.GetDestination());
    segment.ecn = header.GetTos() & 3;
    return Input(segment, packet);
}

MptcpStack::Fate
MptcpStack::Receive(Ptr<Packet> packet, const Ipv6Header& header)
{
    mpt_segment segment;
    segment.source = ToCore(header.GetSource());
    segment.destination = ToCore(header.GetDestination());
    segment.ecn = header.GetTrafficClass() & 3;
    return Input(segment, packet);
}

MptcpStack::Fate
MptcpStack::Input(mpt_segment& segment, Ptr<Packet> packet)
{
    const uint32_t bytes = packet->GetSize();
    const uint32_t copied = packet->CopyData(segment.header, MPT_HEADER_BYTES_MAX);
    const uint32_t headerBytes = copied < MptcpHeader::BYTES_MIN ? 0 : (segment.header[12] >> 4) * 4U;
    if (headerBytes < MptcpHeader::BYTES_MIN || headerBytes > bytes)
    {
        NS_LOG_LOGIC("malformed TCP header dropped");
        return Fate::TAKEN;
    }
    segment.header_bytes = static_cast<uint8_t>(headerBytes);
    segment.payload_bytes = bytes - headerBytes;
    segment.payload = nullptr;
    segment.conn = nullptr;
    segment.stream_offset = 0;
    segment.dss_checksum_at = 0;
    if (m_hasChecksums || m_hasDssChecksums)
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
        packet->RemoveAtStart(headerBytes + store.payload_skip);
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
    m_hasDssChecksums = m_hasDssChecksums || settings.dss_checksum;
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
    m_hasDssChecksums = m_hasDssChecksums || settings.dss_checksum;
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

namespace
{

MptcpConnectionInfo::Mode
FromCore(mpt_mode mode)
{
    switch (mode)
    {
    case MPT_MODE_TCP:
        return MptcpConnectionInfo::TCP;
    case MPT_MODE_OPENING:
        return MptcpConnectionInfo::OPENING;
    case MPT_MODE_MPTCP:
        return MptcpConnectionInfo::MPTCP;
    case MPT_MODE_FALLBACK:
        return MptcpConnectionInfo::FALLBACK;
    }
    return MptcpConnectionInfo::OPENING;
}

MptcpSubflowInfo
FromCore(const mpt_subflow_info& from)
{
    MptcpSubflowInfo to;
    to.id = from.id;
    to.local = FromCore(from.local);
    to.remote = FromCore(from.remote);
    to.state = mpt_tcp_state_name(from.state);
    to.isEstablished = from.is_established;
    to.isBackup = from.is_backup;
    to.mssBytes = from.mss_bytes;
    to.cwndBytes = from.cwnd_bytes;
    to.ssthreshBytes = from.ssthresh_bytes;
    to.flightBytes = from.flight_bytes;
    to.srtt = NanoSeconds(from.srtt_ns);
    to.rttMin = NanoSeconds(from.rtt_min_ns);
    to.rto = NanoSeconds(from.rto_ns);
    to.bytesSent = from.bytes_sent;
    to.bytesAcked = from.bytes_acked;
    to.bytesRetransmitted = from.bytes_retransmitted;
    to.bytesReceived = from.bytes_received;
    to.segmentsSent = from.segments_sent;
    to.segmentsReceived = from.segments_received;
    to.timeouts = from.timeouts;
    to.fastRecoveries = from.fast_recoveries;
    return to;
}

} // namespace

MptcpConnectionInfo
MptcpStack::GetInfo(const MptcpConnection& connection) const
{
    mpt_conn_info from;
    mpt_conn_get_info(connection.conn, &from);
    MptcpConnectionInfo to;
    to.mode = FromCore(from.mode);
    to.subflowCount = from.subflow_count;
    to.tokenLocal = from.token_local;
    to.tokenRemote = from.token_remote;
    to.bytesSent = from.bytes_sent;
    to.bytesAcked = from.bytes_acked;
    to.bytesReceived = from.bytes_received;
    to.bytesReinjected = from.bytes_reinjected;
    to.bytesDuplicate = from.bytes_duplicate;
    to.reorderBytes = from.reorder_bytes;
    to.sendWindowBytes = from.send_window_bytes;
    return to;
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
