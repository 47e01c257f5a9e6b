/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-l4-protocol.h"

#include "mptcp-compat.h"
#include "mptcp-interfaces.h"
#include "mptcp-log.h"
#include "mptcp-socket-factory.h"
#include "mptcp-socket.h"
#include "mptcp-source-routing.h"
#include "mptcp-stack.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-list-routing.h"
#include "ns3/ipv6.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node.h"
#include "ns3/object-map.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

using Defaults = std::map<std::string, std::string>;

/** @return the defaults of now of the Attributes of MptcpL4Protocol, but for those that nobody changed */
Defaults
GetDefaults()
{
    Defaults defaults;
    const TypeId tid = MptcpL4Protocol::GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        if (info.initialValue != info.originalInitialValue)
        {
            defaults[info.name] = info.initialValue->SerializeToString(info.checker);
        }
    }
    return defaults;
}

/** @return those that the latest MptcpL4Protocol was made with */
Defaults&
LatestDefaults()
{
    static Defaults defaults;
    return defaults;
}

} // namespace

NS_OBJECT_ENSURE_REGISTERED(MptcpL4Protocol);

TypeId
MptcpL4Protocol::GetTypeId()
{
    static const MptcpStack::Limits limits = MptcpStack::GetDefaultLimits();
    static TypeId tid = MptcpSettings::AddAttributes(
        TypeId("ns3::MptcpL4Protocol")
            .SetParent<TcpL4Protocol>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpL4Protocol>()
            .AddAttribute("DefaultProtocol",
                          "What ns3::TcpSocketFactory gives: Mptcp and Tcp are the core's, NativeTcp is ns-3's",
                          MPTCP_ENUM_VALUE(Protocol)(MPTCP),
                          MPTCP_MAKE_ENUM_ACCESSOR(Protocol)(&MptcpL4Protocol::m_defaultProtocol),
                          MakeEnumChecker(MPTCP, "Mptcp", TCP, "Tcp", NATIVE_TCP, "NativeTcp"))
            .AddAttribute("ConnectionsMax",
                          "Connections of the node at once, half-open ones included",
                          UintegerValue(limits.connectionsMax),
                          MakeUintegerAccessor(&MptcpL4Protocol::SetConnectionsMax,
                                               &MptcpL4Protocol::GetConnectionsMax),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("HalfOpenMax",
                          "Half-open connections of a listener",
                          UintegerValue(limits.halfOpenMax),
                          MakeUintegerAccessor(&MptcpL4Protocol::SetHalfOpenMax, &MptcpL4Protocol::GetHalfOpenMax),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ChallengeAcksPerSecond",
                          "Challenge ACKs of the node in a second (RFC 5961 section 7)",
                          UintegerValue(limits.challengeAcksPerSecond),
                          MakeUintegerAccessor(&MptcpL4Protocol::SetChallengeAcksPerSecond,
                                               &MptcpL4Protocol::GetChallengeAcksPerSecond),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("MptcpSocketList",
                          "The MptcpSockets of the node, by a number that is never used again",
                          ObjectMapValue(),
                          MakeObjectMapAccessor(&MptcpL4Protocol::m_mptcpSockets),
                          MakeObjectMapChecker<MptcpSocket>()));
    return tid;
}

MptcpL4Protocol::MptcpL4Protocol()
    : m_seeds(CreateObject<UniformRandomVariable>()),
      m_interfaces(Create<MptcpInterfaces>(Callback<void>([this]() { SyncAddresses(); })))
{
}

MptcpL4Protocol::~MptcpL4Protocol() = default;

void
MptcpL4Protocol::DoDispose()
{
    m_isDisposed = true;
    m_sync.Cancel();
    m_stack.reset();
    m_mptcpSockets.clear();
    m_interfaces->Dispose();
    m_owner = nullptr;
    TcpL4Protocol::DoDispose();
}

void
MptcpL4Protocol::NotifyConstructionCompleted()
{
    TcpL4Protocol::NotifyConstructionCompleted();
    m_settings.KeepChanged(GetTypeId());
    LatestDefaults() = GetDefaults();
}

void
MptcpL4Protocol::NotifyNewAggregate()
{
    Ptr<Node> node = GetObject<Node>();
    if (!m_owner && node && (node->GetObject<Ipv4>() || node->GetObject<Ipv6>()))
    {
        m_owner = node;
        // The base class adds its socket factory unless it knows the node already; ours takes that place.
        SetNode(node);
        const auto add = [&](auto factory) {
            factory->SetL4(this);
            node->AggregateObject(factory);
        };
        add(CreateObject<MptcpDefaultSocketFactory>());
        add(CreateObject<MptcpSocketFactory>());
        add(CreateObject<MptcpTcpSocketFactory>());
        add(CreateObject<MptcpNativeTcpSocketFactory>());
    }
    TcpL4Protocol::NotifyNewAggregate();
}

Ptr<Node>
MptcpL4Protocol::GetOwner() const
{
    return m_owner;
}

bool
MptcpL4Protocol::IsLate(const std::string& what) const
{
    if (m_stack)
    {
        MptcpWarning::Tell("node " + std::to_string(m_owner->GetId()) + ": " + what +
                           " after the node's first Connect() or Listen(), which has no effect; do it before");
    }
    return m_stack != nullptr;
}

void
MptcpL4Protocol::SetConnectionsMax(uint32_t count)
{
    m_connectionsMax = IsLate("ConnectionsMax was set") ? m_connectionsMax : count;
}

uint32_t
MptcpL4Protocol::GetConnectionsMax() const
{
    return m_connectionsMax;
}

void
MptcpL4Protocol::SetHalfOpenMax(uint32_t count)
{
    m_halfOpenMax = IsLate("HalfOpenMax was set") ? m_halfOpenMax : count;
}

uint32_t
MptcpL4Protocol::GetHalfOpenMax() const
{
    return m_halfOpenMax;
}

void
MptcpL4Protocol::SetChallengeAcksPerSecond(uint32_t count)
{
    m_challengeAcksPerSecond = IsLate("ChallengeAcksPerSecond was set") ? m_challengeAcksPerSecond : count;
}

uint32_t
MptcpL4Protocol::GetChallengeAcksPerSecond() const
{
    return m_challengeAcksPerSecond;
}

int64_t
MptcpL4Protocol::AssignStreams(int64_t stream)
{
    IsLate("AssignStreams() was called");
    m_seeds->SetStream(stream);
    return 1;
}

MptcpStack*
MptcpL4Protocol::GetStack()
{
    if (!m_stack && m_owner && !m_isDisposed)
    {
        const MptcpStack::Limits limits{m_connectionsMax, m_halfOpenMax, m_challengeAcksPerSecond};
        const uint64_t high = m_seeds->GetInteger(0, UINT32_MAX);
        const uint64_t low = m_seeds->GetInteger(0, UINT32_MAX);
        m_stack = std::make_unique<MptcpStack>(*this, m_settings, limits, high << 32 | low);
        for (uint32_t kind : m_tracesWanted)
        {
            m_stack->EnableTrace(kind);
        }
        CheckRouting();
        WarnOfLateDefaults();
        DoSyncAddresses();
    }
    return m_stack.get();
}

void
MptcpL4Protocol::EnableTrace(uint32_t kind)
{
    m_tracesWanted.insert(kind);
    if (m_stack)
    {
        m_stack->EnableTrace(kind);
    }
}

std::map<std::string, uint64_t>
MptcpL4Protocol::GetCounters() const
{
    return m_stack ? m_stack->GetCounters() : std::map<std::string, uint64_t>();
}

// ---- Sockets -------------------------------------------------------------------------------------------------------

Ptr<MptcpSocket>
MptcpL4Protocol::CreateMptcpSocket()
{
    Ptr<MptcpSocket> socket = CreateObject<MptcpSocket>();
    socket->SetL4(this);
    AddMptcpSocket(socket);
    return socket;
}

Ptr<Socket>
MptcpL4Protocol::CreateSocketOf(Protocol protocol)
{
    if (protocol == NATIVE_TCP)
    {
        return CreateSocket();
    }
    Ptr<MptcpSocket> socket = CreateMptcpSocket();
    socket->SetAttribute("Mptcp", BooleanValue(protocol == MPTCP));
    return socket;
}

Ptr<Socket>
MptcpL4Protocol::CreateDefaultSocket()
{
    // A node whose Attribute Mptcp is false gets single-path TCP from the default factory, too.
    return m_defaultProtocol == MPTCP ? Ptr<Socket>(CreateMptcpSocket()) : CreateSocketOf(m_defaultProtocol);
}

void
MptcpL4Protocol::AddMptcpSocket(Ptr<MptcpSocket> socket)
{
    socket->m_number = m_nextSocket++;
    m_mptcpSockets[socket->m_number] = socket;
}

void
MptcpL4Protocol::RemoveMptcpSocket(Ptr<MptcpSocket> socket)
{
    m_mptcpSockets.erase(socket->m_number);
}

// ---- Addresses -----------------------------------------------------------------------------------------------------

void
MptcpL4Protocol::CheckOwn(Ptr<NetDevice> device, const std::string& call) const
{
    NS_ABORT_MSG_UNLESS(device && device->GetNode() == m_owner,
                        "MptcpL4Protocol::" << call << "() of node " << (m_owner ? m_owner->GetId() : 0)
                                            << ": the device is none of this node's");
}

void
MptcpL4Protocol::SetBackup(Ptr<NetDevice> device, bool isBackup)
{
    CheckOwn(device, "SetBackup");
    m_interfaces->GetFlags(device).isBackup = isBackup;
    SyncAddresses();
}

void
MptcpL4Protocol::SetSignal(Ptr<NetDevice> device, bool isSignal)
{
    CheckOwn(device, "SetSignal");
    m_interfaces->GetFlags(device).isSignal = isSignal;
    WarnOfLateFlag("SetSignal");
}

void
MptcpL4Protocol::SetNoSubflow(Ptr<NetDevice> device, bool noSubflow)
{
    CheckOwn(device, "SetNoSubflow");
    m_interfaces->GetFlags(device).noSubflow = noSubflow;
    WarnOfLateFlag("SetNoSubflow");
}

void
MptcpL4Protocol::SetFullmesh(Ptr<NetDevice> device, bool isFullmesh)
{
    CheckOwn(device, "SetFullmesh");
    m_interfaces->GetFlags(device).isFullmesh = isFullmesh;
    WarnOfLateFlag("SetFullmesh");
}

void
MptcpL4Protocol::SetLaminar(Ptr<NetDevice> device, bool isLaminar)
{
    CheckOwn(device, "SetLaminar");
    m_interfaces->GetFlags(device).isLaminar = isLaminar;
    WarnOfLateFlag("SetLaminar");
}

void
MptcpL4Protocol::WarnOfLateFlag(const std::string& call) const
{
    if (m_stack)
    {
        MptcpWarning::Tell("MptcpL4Protocol::" + call +
                           "() after the node's first Connect() or Listen() has no effect before the interface goes up "
                           "next; call it before");
    }
}

MptcpInterfaces&
MptcpL4Protocol::GetInterfaces()
{
    return *m_interfaces;
}

void
MptcpL4Protocol::SyncAddresses()
{
    if (m_stack)
    {
        m_sync.Cancel();
        m_sync = Simulator::ScheduleNow(&MptcpL4Protocol::DoSyncAddresses, this);
    }
}

void
MptcpL4Protocol::DoSyncAddresses()
{
    if (m_stack)
    {
        m_stack->SetAddresses(m_interfaces->List(*m_owner));
    }
}

void
MptcpL4Protocol::WarnOfLateDefaults()
{
    for (const auto& [name, value] : GetDefaults())
    {
        if (LatestDefaults()[name] != value)
        {
            MptcpWarning::Tell("the default of ns3::MptcpL4Protocol::" + name +
                               " was changed after the last MptcpHelper::Install(), which has no effect; do it before");
        }
    }
}

void
MptcpL4Protocol::CheckRouting() const
{
    const auto check = [this](auto list, const TypeId& wanted, const char* family) {
        bool isThere = false;
        int16_t priority = 0;
        for (uint32_t i = 0; list && i < list->GetNRoutingProtocols(); i++)
        {
            isThere = isThere || list->GetRoutingProtocol(i, priority)->GetInstanceTypeId() == wanted;
        }
        if (!isThere)
        {
            MptcpWarning::Tell("node " + std::to_string(m_owner->GetId()) + ": its " + family + " routing has no " +
                               wanted.GetName() + ", so that MPTCP does not hear of interfaces that go up or down");
        }
    };
    if (Ptr<Ipv4> ipv4 = m_owner->GetObject<Ipv4>())
    {
        check(DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol()), MptcpSourceRouting::GetTypeId(), "IPv4");
    }
    if (Ptr<Ipv6> ipv6 = m_owner->GetObject<Ipv6>())
    {
        check(DynamicCast<Ipv6ListRouting>(ipv6->GetRoutingProtocol()), MptcpSourceRouting6::GetTypeId(), "IPv6");
    }
}

// ---- Segments ------------------------------------------------------------------------------------------------------

namespace
{

Ipv4Address
GetOwn(const Ipv4Interface& interface, uint32_t i)
{
    return interface.GetAddress(i).GetLocal();
}

Ipv6Address
GetOwn(const Ipv6Interface& interface, uint32_t i)
{
    return interface.GetAddress(i).GetAddress();
}

/**
 * @param destination of a segment that was for MPTCP
 * @param incoming where it arrived
 * @return whether that is another interface than the address's
 */
template <class A, class I>
bool
IsDetour(const A& destination, const I& incoming)
{
    const uint32_t count = incoming.GetNAddresses();
    for (uint32_t i = 0; i < count; i++)
    {
        if (GetOwn(incoming, i) == destination)
        {
            return false;
        }
    }
    return count > 0 && !DynamicCast<LoopbackNetDevice>(incoming.GetDevice());
}

/**
 * The way back of a subflow is not the path that it is counted for: it ends when the other path does.
 * @param node which
 * @param destination as of IsDetour()
 * @param own an address of the interface where segments for it arrive
 */
template <class A>
void
WarnOfDetour(const Node& node, const A& destination, const A& own)
{
    std::ostringstream text;
    text << "node " << node.GetId() << ": segments for " << destination << " arrive at the interface of " << own
         << ": the routes to them lead over another path (to global routing a host is a"
         << " router: give the routers next to it host routes), and their subflow stops when that path does";
    MptcpWarning::Tell(text.str());
}

IpL4Protocol::RxStatus
ToRxStatus(MptcpStack::Fate fate)
{
    return fate == MptcpStack::Fate::BAD_CHECKSUM ? IpL4Protocol::RX_CSUM_FAILED : IpL4Protocol::RX_OK;
}

uint16_t
GetPort(const uint8_t* bytes)
{
    return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

} // namespace

IpL4Protocol::RxStatus
MptcpL4Protocol::Receive(Ptr<Packet> p, const Ipv4Header& header, Ptr<Ipv4Interface> incoming)
{
    const auto fate = m_stack ? m_stack->Receive(p, header) : MptcpStack::Fate::NOT_OURS;
    if (fate != MptcpStack::Fate::NOT_OURS && incoming && IsDetour(header.GetDestination(), *incoming) &&
        m_detours.insert(header.GetDestination()).second)
    {
        WarnOfDetour(*m_owner, header.GetDestination(), GetOwn(*incoming, 0));
    }
    return fate == MptcpStack::Fate::NOT_OURS ? TcpL4Protocol::Receive(p, header, incoming) : ToRxStatus(fate);
}

IpL4Protocol::RxStatus
MptcpL4Protocol::Receive(Ptr<Packet> p, const Ipv6Header& header, Ptr<Ipv6Interface> incoming)
{
    const auto fate = m_stack ? m_stack->Receive(p, header) : MptcpStack::Fate::NOT_OURS;
    if (fate != MptcpStack::Fate::NOT_OURS && incoming && IsDetour(header.GetDestination(), *incoming) &&
        m_detours.insert(header.GetDestination()).second)
    {
        WarnOfDetour(*m_owner, header.GetDestination(), GetOwn(*incoming, 0));
    }
    return fate == MptcpStack::Fate::NOT_OURS ? TcpL4Protocol::Receive(p, header, incoming) : ToRxStatus(fate);
}

void
MptcpL4Protocol::ReceiveIcmp(Ipv4Address icmpSource,
                             uint8_t icmpTtl,
                             uint8_t icmpType,
                             uint8_t icmpCode,
                             uint32_t icmpInfo,
                             Ipv4Address payloadSource,
                             Ipv4Address payloadDestination,
                             const uint8_t payload[8])
{
    constexpr uint8_t UNREACHABLE = 3;          // RFC 792
    constexpr uint8_t FRAGMENTATION_NEEDED = 4; // its code that does not say that the host cannot be reached
    if (m_stack && icmpType == UNREACHABLE && icmpCode != FRAGMENTATION_NEEDED)
    {
        m_stack->Unreachable(InetSocketAddress(payloadSource, GetPort(payload)),
                             InetSocketAddress(payloadDestination, GetPort(payload + 2)));
    }
    TcpL4Protocol::ReceiveIcmp(icmpSource,
                               icmpTtl,
                               icmpType,
                               icmpCode,
                               icmpInfo,
                               payloadSource,
                               payloadDestination,
                               payload);
}

void
MptcpL4Protocol::ReceiveIcmp(Ipv6Address icmpSource,
                             uint8_t icmpTtl,
                             uint8_t icmpType,
                             uint8_t icmpCode,
                             uint32_t icmpInfo,
                             Ipv6Address payloadSource,
                             Ipv6Address payloadDestination,
                             const uint8_t payload[8])
{
    constexpr uint8_t UNREACHABLE = 1; // RFC 4443
    if (m_stack && icmpType == UNREACHABLE)
    {
        m_stack->Unreachable(Inet6SocketAddress(payloadSource, GetPort(payload)),
                             Inet6SocketAddress(payloadDestination, GetPort(payload + 2)));
    }
    TcpL4Protocol::ReceiveIcmp(icmpSource,
                               icmpTtl,
                               icmpType,
                               icmpCode,
                               icmpInfo,
                               payloadSource,
                               payloadDestination,
                               payload);
}

} // namespace ns3
