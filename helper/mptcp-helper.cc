/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-helper.h"

#include "mptcp-compat.h"
#include "mptcp-log.h"
#include "mptcp-policies.h"
#include "mptcp-source-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-list-routing-helper.h"
#include "ns3/ipv6-list-routing.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6.h"
#include "ns3/node.h"
#include "ns3/string.h"

#include <arpa/inet.h>
#include <set>
#include <sstream>

namespace ns3
{

namespace
{

/** Before all other routing protocols of a list. */
constexpr int16_t SOURCE_ROUTING_PRIORITY = 100;

/** Aggregate a MptcpL4Protocol and the rest of the stack. */
void
InstallStack(InternetStackHelper& internet, Ptr<Node> node)
{
#if MPTCP_HAS_SET_TCP
    internet.SetTcp("ns3::MptcpL4Protocol");
#else
    node->AggregateObject(CreateObject<MptcpL4Protocol>());
#endif
    internet.Install(node);
}

std::string
NoList(Ptr<Node> node, const std::string& family)
{
    return "node " + std::to_string(node->GetId()) + ": its " + family +
           " routing is not a list, so that MPTCP would not hear of interfaces that go down; "
           "use MptcpHelper::SetRoutingHelper() instead of InternetStackHelper's";
}

/** A gateway that is no neighbour of an interface, such as another interface's, takes nothing. */
template <typename A>
void
WarnOfGateway(const Node& node, const A& gateway)
{
    std::ostringstream text;
    text << "node " << node.GetId() << ": the gateway " << gateway
         << " of AddDefaultRoute() is in none of the subnets of the device's interface";
    MptcpWarning::Tell(text.str());
}

/** @param protocol a node's routing @return the object of that type in its list, or null */
template <typename T, typename List, typename Protocol>
Ptr<T>
FindRouting(Ptr<Protocol> protocol)
{
    Ptr<List> list = DynamicCast<List>(protocol);
    int16_t priority = 0;
    for (uint32_t i = 0; list && i < list->GetNRoutingProtocols(); i++)
    {
        Ptr<T> found = DynamicCast<T>(list->GetRoutingProtocol(i, priority));
        if (found)
        {
            return found;
        }
    }
    return nullptr;
}

} // namespace

/** Attributes that came after an Install(), and before no other one. */
struct MptcpHelper::Late
{
    Late()
    {
        MptcpWarning::GetTold(); // which is to outlive a helper that is static
    }

    ~Late()
    {
        for (const std::string& name : names)
        {
            MptcpWarning::Tell("MptcpHelper::SetAttribute(\"" + name +
                               "\") after the last Install() had no effect; call it before");
        }
    }

    bool isInstalled{false};     //!< whether there was an Install()
    std::set<std::string> names; //!< of those Attributes
};

MptcpHelper::MptcpHelper()
    : m_late(std::make_shared<Late>())
{
    SetRoutingHelper(Ipv6StaticRoutingHelper()); // which ns-3 installs without a list
}

void
MptcpHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    TypeId::AttributeInformation info;
    NS_ABORT_MSG_UNLESS(MptcpL4Protocol::GetTypeId().LookupAttributeByName(name, &info),
                        "ns3::MptcpL4Protocol has no Attribute " << name);
    Ptr<AttributeValue> valid = info.checker->CreateValidValue(value);
    const StringValue* text = dynamic_cast<const StringValue*>(&value);
    NS_ABORT_MSG_UNLESS(valid,
                        (text ? "\"" + text->Get() + "\" is" : std::string("this is"))
                            << " not a value of the Attribute ns3::MptcpL4Protocol::" << name << " (" << info.help
                            << "; " << info.checker->GetUnderlyingTypeInformation() << ")");
    m_attributes[name] = valid;
    if (m_late->isInstalled)
    {
        m_late->names.insert(name);
    }
}

InternetStackHelper&
MptcpHelper::GetInternetStack()
{
    return m_internet;
}

void
MptcpHelper::SetRoutingHelper(const Ipv4RoutingHelper& routing)
{
    Ipv4ListRoutingHelper list;
    list.Add(routing, 0);
    const bool isList = dynamic_cast<const Ipv4ListRoutingHelper*>(&routing);
    m_internet.SetRoutingHelper(isList ? routing : list);
}

void
MptcpHelper::SetRoutingHelper(const Ipv6RoutingHelper& routing)
{
    Ipv6ListRoutingHelper list;
    list.Add(routing, 0);
    const bool isList = dynamic_cast<const Ipv6ListRoutingHelper*>(&routing);
    m_internet.SetRoutingHelper(isList ? routing : list);
}

void
MptcpHelper::Install(Ptr<Node> node)
{
    NS_ABORT_MSG_IF(node->GetObject<Ipv4>() || node->GetObject<Ipv6>() || node->GetObject<TcpL4Protocol>(),
                    "node " << node->GetId() << " has an internet stack already; install MptcpHelper's instead of it");
    InstallStack(m_internet, node);
    m_late->isInstalled = true;
    m_late->names.clear();
    Ptr<MptcpL4Protocol> l4 = GetMptcp(node);
    for (const auto& [name, value] : m_attributes)
    {
        l4->SetAttribute(name, *value);
    }
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    Ptr<Ipv4ListRouting> list = ipv4 ? DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol()) : nullptr;
    NS_ABORT_MSG_IF(ipv4 && !list, NoList(node, "IPv4"));
    if (list)
    {
        Ptr<MptcpSourceRouting> routing = CreateObject<MptcpSourceRouting>();
        routing->SetL4(l4);
        list->AddRoutingProtocol(routing, SOURCE_ROUTING_PRIORITY);
    }
    Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
    Ptr<Ipv6ListRouting> list6 = ipv6 ? DynamicCast<Ipv6ListRouting>(ipv6->GetRoutingProtocol()) : nullptr;
    NS_ABORT_MSG_IF(ipv6 && !list6, NoList(node, "IPv6"));
    if (list6)
    {
        Ptr<MptcpSourceRouting6> routing = CreateObject<MptcpSourceRouting6>();
        routing->SetL4(l4);
        list6->AddRoutingProtocol(routing, SOURCE_ROUTING_PRIORITY);
    }
}

void
MptcpHelper::Install(const NodeContainer& nodes)
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
}

void
MptcpHelper::AddDefaultRoute(Ptr<NetDevice> device, Ipv4Address gateway)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForDevice(device) : -1;
    NS_ABORT_MSG_IF(interface < 0, "the device has no IPv4 interface; give it an address first");
    Ptr<Ipv4StaticRouting> routing = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    NS_ABORT_MSG_UNLESS(routing, "node " << device->GetNode()->GetId() << " has no static routing");
    bool isNeighbour = gateway == Ipv4Address::GetZero();
    for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); i++)
    {
        const Ipv4InterfaceAddress own = ipv4->GetAddress(interface, i);
        isNeighbour = isNeighbour || own.GetMask().IsMatch(own.GetLocal(), gateway);
    }
    if (!isNeighbour)
    {
        WarnOfGateway(*device->GetNode(), gateway);
    }
    const auto ours = FindRouting<MptcpSourceRouting, Ipv4ListRouting>(ipv4->GetRoutingProtocol());
    if (ours)
    {
        ours->SetDefaultRoute(interface, gateway);
        return;
    }
    routing->SetDefaultRoute(gateway, interface, routing->GetNRoutes()); // metric: the first one added is preferred
}

void
MptcpHelper::AddDefaultRoute(Ptr<NetDevice> device, Ipv6Address gateway)
{
    Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
    const int32_t interface = ipv6 ? ipv6->GetInterfaceForDevice(device) : -1;
    NS_ABORT_MSG_IF(interface < 0, "the device has no IPv6 interface; give it an address first");
    Ptr<Ipv6StaticRouting> routing = Ipv6StaticRoutingHelper().GetStaticRouting(ipv6);
    NS_ABORT_MSG_UNLESS(routing, "node " << device->GetNode()->GetId() << " has no static routing");
    bool isNeighbour = gateway.IsAny() || gateway.IsLinkLocal();
    for (uint32_t i = 0; i < ipv6->GetNAddresses(interface); i++)
    {
        const Ipv6InterfaceAddress own = ipv6->GetAddress(interface, i);
        isNeighbour = isNeighbour || own.GetPrefix().IsMatch(own.GetAddress(), gateway);
    }
    if (!isNeighbour)
    {
        WarnOfGateway(*device->GetNode(), gateway);
    }
    const auto ours = FindRouting<MptcpSourceRouting6, Ipv6ListRouting>(ipv6->GetRoutingProtocol());
    if (ours)
    {
        ours->SetDefaultRoute(interface, gateway);
        return;
    }
    routing->SetDefaultRoute(gateway, interface, Ipv6Address::GetZero(), routing->GetNRoutes());
}

void
MptcpHelper::AddDefaultRoute(Ptr<NetDevice> device, const char* gateway)
{
    // ns-3's addresses take any text, and make nothing of some.
    uint8_t bytes[16];
    if (inet_pton(AF_INET6, gateway, bytes) == 1)
    {
        AddDefaultRoute(device, Ipv6Address(gateway));
        return;
    }
    NS_ABORT_MSG_UNLESS(inet_pton(AF_INET, gateway, bytes) == 1,
                        "'" << gateway << "' is no gateway; an IPv4 or IPv6 address was expected");
    AddDefaultRoute(device, Ipv4Address(gateway));
}

void
MptcpHelper::AddScheduler(const mpt_sched_ops& ops)
{
    MptcpPolicies::Add(ops);
}

void
MptcpHelper::AddCongestionControl(const mpt_cc_ops& ops)
{
    MptcpPolicies::Add(ops);
}

void
MptcpHelper::AddPathManager(const mpt_pm_ops& ops)
{
    MptcpPolicies::Add(ops);
}

Ptr<MptcpL4Protocol>
MptcpHelper::GetMptcp(Ptr<Node> node)
{
    Ptr<MptcpL4Protocol> l4 = node->GetObject<MptcpL4Protocol>();
    NS_ABORT_MSG_UNLESS(l4, "node " << node->GetId() << " has no Multipath TCP; MptcpHelper::Install() puts it there");
    return l4;
}

int64_t
MptcpHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t used = 0;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Ptr<MptcpL4Protocol> l4 = (*node)->GetObject<MptcpL4Protocol>();
        used += l4 ? l4->AssignStreams(stream + used) : 0;
    }
    return used;
}

} // namespace ns3
