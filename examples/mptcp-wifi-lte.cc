/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * Wi-Fi and LTE on one node, built from ns-3's own helpers: a phone uploads over both and walks out of Wi-Fi's range.
 *
 *     phone ~~ access point (10.1.0.0/24) -- core -- server 10.9.0.2
 *           ~~ base station, packet core (7.0.0.0/8) --
 *
 * Prints, each second, the goodput and what each subflow has carried. What matters for Multipath TCP is marked (1) to (4).
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/lte-module.h"
#include "ns3/mobility-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/wifi-module.h"

#include <iostream>
#include <string>

using namespace ns3;

namespace
{

/** Connect two nodes. @return their addresses: NETWORK.1 and NETWORK.2 */
Ipv4InterfaceContainer
Wire(Ptr<Node> a, Ptr<Node> b, const std::string& network)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    return Ipv4AddressHelper((network + ".0").c_str(), "255.255.255.0").Assign(link.Install(a, b));
}

/** A route in the static table of the node at the first end of a wire, by the other end. */
void
Route(const Ipv4InterfaceContainer& wire, uint32_t end, const char* network, const char* mask)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(wire.Get(end).first)
        ->AddNetworkRouteTo(network, mask, wire.GetAddress(1 - end), wire.Get(end).second);
}

/** Put a node somewhere, moving. */
void
Place(Ptr<Node> node, double x, double speed)
{
    Ptr<ConstantVelocityMobilityModel> mobility = CreateObject<ConstantVelocityMobilityModel>();
    node->AggregateObject(mobility);
    mobility->SetPosition(Vector(x, 0, 1.5));
    mobility->SetVelocity(Vector(speed, 0, 0));
}

/** Print what has arrived and by which way, and again in a second. */
void
Print(Ptr<BulkSendApplication> source, Ptr<PacketSink> sink, uint64_t before)
{
    std::cout << Simulator::Now().As(Time::S) << ": " << static_cast<double>(sink->GetTotalRx() - before) * 8 / 1e6
              << " Mb/s;";
    Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(source->GetSocket());
    for (const MptcpSubflowInfo& subflow : socket ? socket->GetSubflows() : std::vector<MptcpSubflowInfo>())
    {
        std::cout << " from " << InetSocketAddress::ConvertFrom(subflow.local).GetIpv4() << " " << subflow.bytesAcked
                  << " bytes";
    }
    std::cout << std::endl;
    Simulator::Schedule(Seconds(1), &Print, source, sink, sink->GetTotalRx());
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(10);
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "of the simulation", duration);
    cmd.Parse(argc, argv);
    NodeContainer hosts(2);   // phone, server
    NodeContainer routers(2); // core, access point
    Ptr<Node> phone = hosts.Get(0);
    Ptr<Node> core = routers.Get(0);
    Ptr<Node> ap = routers.Get(1);
    Ptr<Node> enb = CreateObject<Node>();
    MptcpHelper mptcp;
    mptcp.Install(hosts); // (1) instead of InternetStackHelper, before LteHelper and WifiHelper
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper().Install(routers);
    Place(phone, 5, 10);
    Place(ap, 0, 0);
    Place(enb, 0, 0);
    // Wi-Fi
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    phy.Set("ChannelSettings", StringValue("{0, 20, BAND_5GHZ, 0}"));
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211a);
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid("home")));
    NetDeviceContainer wlan = wifi.Install(phy, mac, ap);
    mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(Ssid("home")));
    wlan.Add(wifi.Install(phy, mac, phone));
    Ipv4InterfaceContainer wlanAddresses = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(wlan);

    // LTE
    Ptr<PointToPointEpcHelper> epc = CreateObject<PointToPointEpcHelper>();
    Ptr<LteHelper> lte = CreateObject<LteHelper>();
    lte->SetEpcHelper(epc);
    NetDeviceContainer cell = lte->InstallEnbDevice(enb);
    NetDeviceContainer modem = lte->InstallUeDevice(phone);
    epc->AssignUeIpv4Address(modem);
    lte->Attach(modem.Get(0), cell.Get(0));

    // Wires and the routes of what is between; global routing does not know LTE.
    Ipv4InterfaceContainer server = Wire(core, hosts.Get(1), "10.9.0");
    Ipv4InterfaceContainer behindAp = Wire(core, ap, "10.8.1");
    Ipv4InterfaceContainer behindPgw = Wire(core, epc->GetPgwNode(), "10.8.2");
    Route(behindAp, 0, "10.1.0.0", "255.255.255.0");
    Route(behindAp, 1, "0.0.0.0", "0.0.0.0");
    Route(behindPgw, 0, "7.0.0.0", "255.0.0.0");
    Route(behindPgw, 1, "0.0.0.0", "0.0.0.0");

    // (2) Each interface of a host has a default route of its own; connections start by the first one.
    MptcpHelper::AddDefaultRoute(wlan.Get(1), wlanAddresses.GetAddress(0));
    MptcpHelper::AddDefaultRoute(modem.Get(0), epc->GetUeDefaultGatewayAddress());
    MptcpHelper::AddDefaultRoute(hosts.Get(1)->GetDevice(1), server.GetAddress(0));

    // (3) Stock applications; (4) the second subflow comes when the first data are acknowledged.
    PacketSinkHelper sinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 5001));
    Ptr<PacketSink> sink = DynamicCast<PacketSink>(sinkHelper.Install(hosts.Get(1)).Get(0));
    BulkSendHelper sourceHelper("ns3::TcpSocketFactory", InetSocketAddress(server.GetAddress(1), 5001));
    sourceHelper.SetAttribute("SendSize", UintegerValue(14480));
    Ptr<BulkSendApplication> source = DynamicCast<BulkSendApplication>(sourceHelper.Install(phone).Get(0));
    source->SetStartTime(Seconds(1));
    Simulator::Schedule(Seconds(2), &Print, source, sink, 0);
    Simulator::Stop(duration);
    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
