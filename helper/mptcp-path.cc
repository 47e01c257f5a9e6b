/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "mptcp-path.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mptcp-middlebox-channel.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/red-queue-disc.h"
#include "ns3/string.h"
#include "ns3/traffic-control-layer.h"

#include <sstream>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPath);

TypeId
MptcpPath::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpPath")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddAttribute("Rate",
                          "Rate of the wire to the core (bit/s)",
                          DataRateValue(DataRate("100Mbps")),
                          MakeDataRateAccessor(&MptcpPath::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("Delay",
                          "One-way delay of the wire to the core",
                          TimeValue(MilliSeconds(1)),
                          MakeTimeAccessor(&MptcpPath::m_delay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("QueueDisc",
                          "Queue discipline at both ends of the wire, e.g. ns3::RedQueueDisc[MinTh=5|MaxTh=15]",
                          ObjectFactoryValue(ObjectFactory("ns3::FifoQueueDisc")),
                          MakeObjectFactoryAccessor(&MptcpPath::m_queueDisc),
                          MakeObjectFactoryChecker())
            .AddAttribute("LossDown",
                          "Random loss on the wire towards the hosts (fraction of packets)",
                          DoubleValue(0),
                          MakeDoubleAccessor(&MptcpPath::m_lossDown),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("LossUp",
                          "Random loss on the wire towards the core (fraction of packets)",
                          DoubleValue(0),
                          MakeDoubleAccessor(&MptcpPath::m_lossUp),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

void
MptcpPath::DoDispose()
{
    m_interfaces.clear();
    m_loss.clear();
    m_boxes.clear();
    m_wire = NetDeviceContainer();
    Object::DoDispose();
}

void
MptcpPath::AddMiddlebox(Ptr<MptcpMiddlebox> box)
{
    NS_ABORT_MSG_UNLESS(m_interfaces.empty(), "MptcpPath::AddMiddlebox() is to be called before Install()");
    m_boxes.push_back(box);
}

const std::vector<Ptr<MptcpMiddlebox>>&
MptcpPath::GetMiddleboxes() const
{
    return m_boxes;
}

void
MptcpPath::Install(Ptr<Node> core, const NodeContainer& hosts, uint8_t number)
{
    NS_ABORT_MSG_UNLESS(m_interfaces.empty(), "MptcpPath::Install() is to be called once");
    m_number = number;
    DoInstall(core, hosts);
    NS_ABORT_MSG_UNLESS(m_interfaces.size() == hosts.GetN(), "every host needs an interface");
}

const std::vector<MptcpPath::Interface>&
MptcpPath::GetInterfaces() const
{
    return m_interfaces;
}

void
MptcpPath::SetLinkUp(bool isUp)
{
    for (const auto& interface : m_interfaces)
    {
        auto ipv4 = interface.host->GetObject<Ipv4>();
        if (isUp == ipv4->IsUp(interface.index))
        {
            continue;
        }
        if (isUp)
        {
            // Static routing forgot it when the interface went down; it must be there when the transport hears
            // that the interface is up.
            AddDefaultRoute(interface);
            ipv4->SetUp(interface.index);
        }
        else
        {
            ipv4->SetDown(interface.index);
        }
    }
}

void
MptcpPath::SetRate(DataRate rate)
{
    m_rate = rate;
    for (uint32_t i = 0; i < m_wire.GetN(); i++)
    {
        m_wire.Get(i)->SetAttribute("DataRate", DataRateValue(rate));
    }
}

void
MptcpPath::SetDelay(Time delay)
{
    m_delay = delay;
    if (m_wire.GetN() > 0)
    {
        m_wire.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(delay));
    }
}

const NetDeviceContainer&
MptcpPath::GetWire() const
{
    return m_wire;
}

int64_t
MptcpPath::AssignStreams(int64_t stream)
{
    int64_t used = 0;
    for (const auto& loss : m_loss)
    {
        used += loss->AssignStreams(stream + used);
    }
    for (uint32_t i = 0; i < m_wire.GetN(); i++)
    {
        auto control = m_wire.Get(i)->GetNode()->GetObject<TrafficControlLayer>();
        auto red = DynamicCast<RedQueueDisc>(control->GetRootQueueDiscOnDevice(m_wire.Get(i)));
        used += red ? red->AssignStreams(stream + used) : 0;
    }
    used += DoAssignStreams(stream + used);
    for (const auto& box : m_boxes)
    {
        used += box->AssignStreams(stream + used);
    }
    return used;
}

int64_t
MptcpPath::DoAssignStreams(int64_t)
{
    return 0;
}

NetDeviceContainer
MptcpPath::InstallWire(Ptr<Node> near, Ptr<Node> core)
{
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate", DataRateValue(m_rate));
    helper.SetChannelAttribute("Delay", TimeValue(m_delay));
    helper.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1p")); // the queue disc holds the others
    m_wire = helper.Install(near, core);
    if (!m_boxes.empty())
    {
        MptcpMiddleboxChannel::Insert(m_wire, m_boxes);
    }
    for (uint32_t i = 0; i < m_wire.GetN(); i++)
    {
        InstallQueue(m_wire.Get(i));
    }
    InstallLoss(m_wire.Get(0), m_lossDown);
    InstallLoss(m_wire.Get(1), m_lossUp);
    return m_wire;
}

void
MptcpPath::InstallQueue(Ptr<NetDevice> device) const
{
    auto control = device->GetNode()->GetObject<TrafficControlLayer>();
    NS_ABORT_MSG_UNLESS(control, "install an internet stack before the path");
    control->SetRootQueueDiscOnDevice(device, m_queueDisc.Create<QueueDisc>());
}

void
MptcpPath::InstallLoss(Ptr<NetDevice> device, double fraction)
{
    if (fraction == 0)
    {
        return;
    }
    auto loss = CreateObject<RateErrorModel>();
    loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    loss->SetRate(fraction);
    DynamicCast<PointToPointNetDevice>(device)->SetReceiveErrorModel(loss);
    m_loss.push_back(loss);
}

void
MptcpPath::RouteWire(const NetDeviceContainer& wire, Ipv4Address network, Ipv4Mask mask)
{
    std::ostringstream base;
    base << "172.16." << +m_number << ".0";
    auto ends = Ipv4AddressHelper(base.str().c_str(), "255.255.255.0").Assign(wire);
    Ipv4StaticRoutingHelper routing;
    routing.GetStaticRouting(ends.Get(0).first)->SetDefaultRoute(ends.GetAddress(1), ends.Get(0).second);
    routing.GetStaticRouting(ends.Get(1).first)
        ->AddNetworkRouteTo(network, mask, ends.GetAddress(0), ends.Get(1).second);
}

void
MptcpPath::AddInterface(Ptr<Node> host, Ptr<NetDevice> device, Ipv4Address gateway)
{
    auto ipv4 = host->GetObject<Ipv4>();
    Interface interface {
        host, device, uint32_t(ipv4->GetInterfaceForDevice(device)), Ipv4Address(), gateway
    };
    interface.address = ipv4->GetAddress(interface.index, 0).GetLocal();
    AddDefaultRoute(interface);
    m_interfaces.push_back(interface);
}

void
MptcpPath::AddDefaultRoute(const Interface& interface) const
{
    // The metric only matters to packets without a source address: they take the path that was built first.
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(interface.host->GetObject<Ipv4>())
        ->AddNetworkRouteTo("0.0.0.0", "0.0.0.0", interface.gateway, interface.index, interface.index);
}

Ptr<Node>
MptcpPath::CreateRouter()
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
    return node;
}

uint8_t
MptcpPath::GetNumber() const
{
    return m_number;
}

Ipv4Address
MptcpPath::GetHostNetwork() const
{
    std::ostringstream network;
    network << "192.168." << +m_number << ".0";
    return Ipv4Address(network.str().c_str());
}

} // namespace ns3
