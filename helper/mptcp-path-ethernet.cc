/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "mptcp-path-ethernet.h"

#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPathEthernet);

TypeId
MptcpPathEthernet::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpPathEthernet")
            .SetParent<MptcpPath>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpPathEthernet>()
            .AddAttribute("Csma",
                          "Hosts share a CSMA bus instead of having a cable each",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpPathEthernet::m_isBus),
                          MakeBooleanChecker())
            .AddAttribute("AccessRate",
                          "Rate between hosts and switch (bit/s)",
                          DataRateValue(DataRate("1Gbps")),
                          MakeDataRateAccessor(&MptcpPathEthernet::m_accessRate),
                          MakeDataRateChecker())
            .AddAttribute("AccessDelaySpread",
                          "Each cable's own delay is drawn between 0 and this, so that flows don't march in step",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&MptcpPathEthernet::m_accessDelaySpread),
                          MakeTimeChecker(Seconds(0), Seconds(4))); // whole nanoseconds of 32 bits are drawn
    return tid;
}

MptcpPathEthernet::MptcpPathEthernet()
    : m_delay(CreateObject<UniformRandomVariable>())
{
}

void
MptcpPathEthernet::DoInstall(Ptr<Node> core, const NodeContainer& hosts)
{
    if (hosts.GetN() == 1 && !m_isBus)
    {
        InstallDirect(core, hosts.Get(0));
        return;
    }
    auto hub = CreateRouter();
    RouteWire(InstallWire(hub, core), GetHostNetwork(), "255.255.255.0");
    m_isBus ? InstallBus(hub, hosts) : InstallCables(hub, hosts);
}

void
MptcpPathEthernet::InstallDirect(Ptr<Node> core, Ptr<Node> host)
{
    auto wire = InstallWire(host, core);
    auto ends = Ipv4AddressHelper(GetHostNetwork(), "255.255.255.0").Assign(wire);
    AddInterface(host, wire.Get(0), ends.GetAddress(1));
}

void
MptcpPathEthernet::InstallCables(Ptr<Node> hub, const NodeContainer& hosts)
{
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate", DataRateValue(m_accessRate));
    helper.SetChannelAttribute("Delay", TimeValue(Seconds(0)));
    Ipv4AddressHelper addresses(GetHostNetwork(), "255.255.255.252");
    for (uint32_t i = 0; i < hosts.GetN(); i++)
    {
        auto cable = helper.Install(hosts.Get(i), hub);
        auto ends = addresses.Assign(cable);
        addresses.NewNetwork();
        AddInterface(hosts.Get(i), cable.Get(0), ends.GetAddress(1));
        m_cables.push_back(cable.Get(0)->GetChannel());
    }
    DrawDelays();
}

void
MptcpPathEthernet::InstallBus(Ptr<Node> hub, const NodeContainer& hosts)
{
    CsmaHelper helper;
    helper.SetChannelAttribute("DataRate", DataRateValue(m_accessRate));
    // A CSMA channel is busy while a frame propagates: the delay of the path belongs to the wire, not here.
    helper.SetChannelAttribute("Delay", TimeValue(MicroSeconds(1)));
    m_bus = helper.Install(NodeContainer(hub, hosts));
    auto ends = Ipv4AddressHelper(GetHostNetwork(), "255.255.255.0").Assign(m_bus);
    for (uint32_t i = 0; i < hosts.GetN(); i++)
    {
        AddInterface(hosts.Get(i), m_bus.Get(i + 1), ends.GetAddress(0));
    }
}

void
MptcpPathEthernet::DrawDelays()
{
    for (const auto& cable : m_cables)
    {
        cable->SetAttribute("Delay",
                            TimeValue(NanoSeconds(m_delay->GetInteger(0, m_accessDelaySpread.GetNanoSeconds()))));
    }
}

int64_t
MptcpPathEthernet::DoAssignStreams(int64_t stream)
{
    m_delay->SetStream(stream);
    DrawDelays();
    return 1 + CsmaHelper().AssignStreams(m_bus, stream + 1);
}

} // namespace ns3
