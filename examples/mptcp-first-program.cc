/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A first program: a phone with two interfaces, an application of one's own that uploads over both,
 * traces, and a walk out of Wi-Fi's reach and back.
 *
 *     phone ~~~~ Wi-Fi ~~~~ access point -- core -- server
 *           -- 5 Mb/s, 30 ms -- modem ----
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/wifi-module.h"

#include <fstream>
#include <iostream>

using namespace ns3;

/** Sends without end: an application as for any socket of ns-3's. */
class Uploader : public Application
{
  public:
    Address server; //!< where to

  private:
    void StartApplication() override
    {
        m_socket = Socket::CreateSocket(GetNode(), TypeId::LookupByName("ns3::TcpSocketFactory"));
        // Before Connect(): trace sources of the socket, with a context of one's own, and Attributes.
        m_socket->TraceConnect("Cwnd", "phone", MakeCallback(&Uploader::TraceWindow, this));
        m_socket->TraceConnectWithoutContext("SubflowEstablished", MakeCallback(&Uploader::TraceUp, this));
        m_socket->TraceConnectWithoutContext("SubflowClosed", MakeCallback(&Uploader::TraceDown, this));
        m_socket->SetAttribute("SendBuffer", UintegerValue(500000));
        m_socket->SetSendCallback(MakeCallback(&Uploader::Send, this)); // called when connected, too
        m_socket->Connect(server);
    }

    void StopApplication() override
    {
        m_socket->Close();
    }

    void Send(Ptr<Socket> socket, uint32_t room)
    {
        while (room > 0 && socket->Send(Create<Packet>(std::min(room, 1400U))) > 0)
        {
            room = socket->GetTxAvailable();
        }
    }

    void TraceWindow(std::string context, uint32_t subflow, uint64_t, uint64_t bytes)
    {
        m_windows << Simulator::Now().GetSeconds() << " " << context << " " << subflow << " " << bytes << "\n";
    }

    void TraceUp(uint32_t subflow, const Address& local, const Address&)
    {
        std::cout << Simulator::Now().As(Time::S) << " subflow " << subflow << " up from "
                  << InetSocketAddress::ConvertFrom(local).GetIpv4() << "\n";
    }

    void TraceDown(uint32_t subflow, const Address&, const Address&)
    {
        std::cout << Simulator::Now().As(Time::S) << " subflow " << subflow << " down\n";
    }

    Ptr<Socket> m_socket;                               //!< made when the application starts
    std::ofstream m_windows{"mptcp-first-program.txt"}; //!< time (s), context, subflow, window (bytes)
};

/** Print what has arrived in the last second. */
static void
Report(Ptr<PacketSink> sink, uint64_t before)
{
    std::cout << Simulator::Now().As(Time::S) << " " << static_cast<double>(sink->GetTotalRx() - before) * 8 / 1e6
              << " Mb/s\n";
    Simulator::Schedule(Seconds(1), &Report, sink, sink->GetTotalRx());
}

int
main()
{
    NodeContainer hosts(2);   // phone, server
    NodeContainer routers(3); // access point, modem, core
    MptcpHelper mptcp;
    mptcp.Install(hosts); // instead of InternetStackHelper
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper().Install(routers);

    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211g);
    WifiMacHelper mac;
    mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(Ssid("home")));
    NetDeviceContainer wlan = wifi.Install(phy, mac, hosts.Get(0));
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid("home")));
    wlan.Add(wifi.Install(phy, mac, routers.Get(0)));
    MobilityHelper mobility;
    mobility.Install(routers.Get(0));
    mobility.SetMobilityModel("ns3::WaypointMobilityModel");
    mobility.Install(hosts.Get(0));
    Ptr<WaypointMobilityModel> walk = hosts.Get(0)->GetObject<WaypointMobilityModel>();
    for (const auto& [time, x] : {std::pair(0, 5), {4, 5}, {8, 400}, {12, 400}, {16, 5}})
    {
        walk->AddWaypoint(Waypoint(Seconds(time), Vector(x, 0, 0)));
    }

    PointToPointHelper wire;
    wire.SetDeviceAttribute("DataRate", StringValue("5Mbps"));
    wire.SetChannelAttribute("Delay", StringValue("30ms"));
    NetDeviceContainer cell = wire.Install(hosts.Get(0), routers.Get(1));
    wire.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    wire.SetChannelAttribute("Delay", StringValue("5ms"));
    NetDeviceContainer uplink = wire.Install(hosts.Get(1), routers.Get(2));
    Ipv4AddressHelper("10.1.1.0", "255.255.255.0").Assign(wlan);
    Ipv4AddressHelper("10.1.2.0", "255.255.255.0").Assign(cell);
    Ipv4InterfaceContainer server = Ipv4AddressHelper("10.9.1.0", "255.255.255.0").Assign(uplink);
    Ipv4AddressHelper("10.8.1.0", "255.255.255.0").Assign(wire.Install(routers.Get(0), routers.Get(2)));
    Ipv4AddressHelper("10.8.2.0", "255.255.255.0").Assign(wire.Install(routers.Get(1), routers.Get(2)));
    // Each interface of a host has a next hop of its own; connections start by the first.
    MptcpHelper::AddDefaultRoute(wlan.Get(0), "10.1.1.2");
    MptcpHelper::AddDefaultRoute(cell.Get(0), "10.1.2.2");
    MptcpHelper::AddDefaultRoute(uplink.Get(0), "10.9.1.2");
    Ipv4GlobalRoutingHelper::
        PopulateRoutingTables(); // for the routers, of which the phone is taken for one: the core is
    Ptr<Ipv4> core = routers.Get(2)->GetObject<Ipv4>(); // told that what is for the modem's side does not go by Wi-Fi
    Ipv4StaticRoutingHelper().GetStaticRouting(core)->AddHostRouteTo("10.1.2.1", "10.8.2.1", 3);
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 5000));
    ApplicationContainer sinks = sink.Install(hosts.Get(1));
    Ptr<Uploader> uploader = CreateObject<Uploader>();
    uploader->server = InetSocketAddress(server.GetAddress(0), 5000);
    uploader->SetStartTime(Seconds(1));
    hosts.Get(0)->AddApplication(uploader);

    Simulator::Schedule(Seconds(2), &Report, DynamicCast<PacketSink>(sinks.Get(0)), 0);
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    Simulator::Destroy();
}
