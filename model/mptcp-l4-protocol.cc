/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-l4-protocol.h"

#include "mptcp-compat.h"
#include "mptcp-socket-factory.h"
#include "mptcp-socket.h"
#include "mptcp-stack.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-interface-address.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/object-vector.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpL4Protocol");

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
                          MakeUintegerAccessor(&MptcpL4Protocol::m_connectionsMax),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("HalfOpenMax",
                          "Half-open connections of a listener",
                          UintegerValue(limits.halfOpenMax),
                          MakeUintegerAccessor(&MptcpL4Protocol::m_halfOpenMax),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ChallengeAcksPerSecond",
                          "Challenge ACKs of the node in a second (RFC 5961 section 7)",
                          UintegerValue(limits.challengeAcksPerSecond),
                          MakeUintegerAccessor(&MptcpL4Protocol::m_challengeAcksPerSecond),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("MptcpSocketList",
                          "The MptcpSockets of the node",
                          ObjectVectorValue(),
                          MakeObjectVectorAccessor(&MptcpL4Protocol::m_mptcpSockets),
                          MakeObjectVectorChecker<MptcpSocket>()));
    return tid;
}

MptcpL4Protocol::MptcpL4Protocol()
    : m_seeds(CreateObject<UniformRandomVariable>())
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
    m_flags.clear();
    m_links.clear();
    m_owner = nullptr;
    TcpL4Protocol::DoDispose();
}

void
MptcpL4Protocol::NotifyConstructionCompleted()
{
    TcpL4Protocol::NotifyConstructionCompleted();
    m_settings.KeepChanged(GetTypeId());
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

int64_t
MptcpL4Protocol::AssignStreams(int64_t stream)
{
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
        if (m_isTraceWanted)
        {
            m_stack->EnableTrace();
        }
        DoSyncAddresses();
    }
    return m_stack.get();
}

void
MptcpL4Protocol::EnableTrace()
{
    m_isTraceWanted = true;
    if (m_stack)
    {
        m_stack->EnableTrace();
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
    m_mptcpSockets.push_back(socket);
}

void
MptcpL4Protocol::RemoveMptcpSocket(Ptr<MptcpSocket> socket)
{
    auto found = std::find(m_mptcpSockets.begin(), m_mptcpSockets.end(), socket);
    if (found != m_mptcpSockets.end())
    {
        m_mptcpSockets.erase(found);
    }
}

// ---- Addresses -----------------------------------------------------------------------------------------------------

void
MptcpL4Protocol::SetBackup(Ptr<NetDevice> device, bool isBackup)
{
    m_flags[device].isBackup = isBackup;
    SyncAddresses();
}

void
MptcpL4Protocol::SetSignal(Ptr<NetDevice> device, bool isSignal)
{
    m_flags[device].isSignal = isSignal;
}

void
MptcpL4Protocol::SetNoSubflow(Ptr<NetDevice> device, bool noSubflow)
{
    m_flags[device].noSubflow = noSubflow;
}

void
MptcpL4Protocol::WatchLink(Ptr<NetDevice> device)
{
    if (!m_links.emplace(device, Link()).second)
    {
        return;
    }
    // The device keeps the callback, which therefore must not keep the device.
    Ptr<MptcpL4Protocol> self(this);
    NetDevice* raw = PeekPointer(device);
    device->AddLinkChangeCallback(Callback<void>([self, raw]() {
        auto found = self->m_links.find(Ptr<NetDevice>(raw));
        if (found != self->m_links.end())
        {
            found->second.isTold = true;
            self->SyncAddresses();
        }
    }));
}

bool
MptcpL4Protocol::IsLinkUp(Ptr<NetDevice> device) const
{
    // Some devices (LTE) never set the flag that IsLinkUp() returns; Wi-Fi's is right from the start.
    const bool isWifi = device->GetInstanceTypeId().GetName() == "ns3::WifiNetDevice";
    const auto found = m_links.find(device);
    const bool isBelieved = isWifi || (found != m_links.end() && found->second.isTold);
    return !isBelieved || device->IsLinkUp();
}

MptcpStack::LocalAddress
MptcpL4Protocol::Describe(Ptr<NetDevice> device, const Address& address, bool isHostLocal) const
{
    const auto found = m_flags.find(device);
    const InterfaceFlags flags = found == m_flags.end() ? InterfaceFlags() : found->second;
    return {address, device->GetMtu(), flags.isBackup, flags.isSignal && !isHostLocal, flags.noSubflow || isHostLocal};
}

void
MptcpL4Protocol::ListIpv4(std::vector<MptcpStack::LocalAddress>& list)
{
    Ptr<Ipv4> ipv4 = m_owner->GetObject<Ipv4>();
    for (uint32_t i = 0; ipv4 && i < ipv4->GetNInterfaces(); i++)
    {
        Ptr<NetDevice> device = ipv4->GetNetDevice(i);
        WatchLink(device);
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i) && ipv4->IsUp(i) && IsLinkUp(device); j++)
        {
            const Ipv4Address address = ipv4->GetAddress(i, j).GetLocal();
            list.push_back(Describe(device, address, address.IsLocalhost()));
        }
    }
}

void
MptcpL4Protocol::ListIpv6(std::vector<MptcpStack::LocalAddress>& list)
{
    Ptr<Ipv6> ipv6 = m_owner->GetObject<Ipv6>();
    for (uint32_t i = 0; ipv6 && i < ipv6->GetNInterfaces(); i++)
    {
        Ptr<NetDevice> device = ipv6->GetNetDevice(i);
        WatchLink(device);
        for (uint32_t j = 0; j < ipv6->GetNAddresses(i) && ipv6->IsUp(i) && IsLinkUp(device); j++)
        {
            const Ipv6InterfaceAddress entry = ipv6->GetAddress(i, j);
            const Ipv6Address address = entry.GetAddress();
            // ns-3 sends from tentative addresses, too, so that applications may start at time 0.
            if (entry.GetState() != Ipv6InterfaceAddress::INVALID)
            {
                list.push_back(Describe(device, address, address.IsLocalhost() || address.IsLinkLocal()));
            }
        }
    }
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
    std::vector<MptcpStack::LocalAddress> addresses;
    ListIpv4(addresses);
    ListIpv6(addresses);
    // The core keeps only so many: those that other hosts can reach come first.
    std::stable_partition(addresses.begin(), addresses.end(), [](const auto& a) { return !a.noSubflow; });
    m_stack->SetAddresses(addresses);
}

// ---- Segments ------------------------------------------------------------------------------------------------------

namespace
{

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
    return fate == MptcpStack::Fate::NOT_OURS ? TcpL4Protocol::Receive(p, header, incoming) : ToRxStatus(fate);
}

IpL4Protocol::RxStatus
MptcpL4Protocol::Receive(Ptr<Packet> p, const Ipv6Header& header, Ptr<Ipv6Interface> incoming)
{
    const auto fate = m_stack ? m_stack->Receive(p, header) : MptcpStack::Fate::NOT_OURS;
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
