/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A server with two addresses behind routers, a client with one: the usual topology of papers, with global routing.
 *
 *     client 10.1.1.1 -- r0 -- r1 -------- 10.2.1.2 server      10 Mb/s
 *                          \-- r2 -- r3 -- 10.2.2.2             10 Mb/s
 *
 * The client connects to 10.2.1.2 and learns of 10.2.2.2 by ADD_ADDR. Prints each pair of addresses and why it has a
 * subflow or none. --signal=0, --routes=0 and --host-route=0 show what is missing without the three calls that papers'
 * programs forget: global routing knows one way between two nodes, the shortest, whatever addresses of theirs are meant.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <utility>

using namespace ns3;

namespace
{

/** Print why each pair of addresses has a subflow or none. */
void
Report(Ptr<BulkSendApplication> source)
{
    Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(source->GetSocket());
    for (const MptcpPairInfo& pair : socket->GetPairs())
    {
        std::cout << pair << "\n";
    }
    std::cout << "subflows: " << socket->GetSubflows().size() << "\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(5);
    bool hasSignal = true;
    bool hasRoutes = true;
    bool hasHostRoute = true;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("signal", "announce the server's second address", hasSignal);
    cmd.AddValue("routes", "give each interface of the hosts its default route", hasRoutes);
    cmd.AddValue("host-route", "lead segments for the server's second address there by the second path", hasHostRoute);
    cmd.Parse(argc, argv);

    NodeContainer hosts(2);
    NodeContainer routers(4);
    MptcpHelper mptcp;
    mptcp.GetInternetStack().SetIpv6StackInstall(false);
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper().Install(routers);

    PointToPointHelper link;
    link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(5)));
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    NetDeviceContainer access = link.Install(hosts.Get(0), routers.Get(0));
    Ipv4InterfaceContainer client = addresses.Assign(access);
    for (const auto& [from, to] : {std::pair(0, 1), std::pair(0, 2), std::pair(2, 3)})
    {
        addresses.NewNetwork();
        addresses.Assign(link.Install(routers.Get(from), routers.Get(to)));
    }
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    addresses.SetBase("10.2.1.0", "255.255.255.0");
    Ipv4InterfaceContainer server;
    for (uint32_t last : {1, 3})
    {
        NetDeviceContainer line = link.Install(routers.Get(last), hosts.Get(1));
        Ipv4InterfaceContainer ends = addresses.Assign(line);
        addresses.NewNetwork();
        server.Add(ends.Get(1));
        if (hasRoutes)
        {
            MptcpHelper::AddDefaultRoute(line.Get(1), ends.GetAddress(0));
        }
        MptcpHelper::GetMptcp(hosts.Get(1))->SetSignal(line.Get(1), hasSignal && last == 3);
    }
    if (hasRoutes)
    {
        MptcpHelper::AddDefaultRoute(access.Get(0), client.GetAddress(1));
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    if (hasHostRoute)
    {
        Ptr<Ipv4> fork = routers.Get(0)->GetObject<Ipv4>(); // its interface 3 leads to r2
        Ipv4StaticRoutingHelper().GetStaticRouting(fork)->AddHostRouteTo(server.GetAddress(1), 3);
    }

    const uint16_t port = 5001;
    PacketSinkHelper sinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
    Ptr<PacketSink> sink = DynamicCast<PacketSink>(sinkHelper.Install(hosts.Get(1)).Get(0));
    BulkSendHelper sourceHelper("ns3::TcpSocketFactory", InetSocketAddress(server.GetAddress(0), port));
    sourceHelper.SetAttribute("SendSize", UintegerValue(14480));
    Ptr<BulkSendApplication> source = DynamicCast<BulkSendApplication>(sourceHelper.Install(hosts.Get(0)).Get(0));

    Simulator::Schedule(duration, &Report, source);
    Simulator::Stop(duration);
    Simulator::Run();
    std::cout << "goodput " << static_cast<double>(sink->GetTotalRx()) * 8 / duration.GetSeconds() / 1e6 << " Mb/s\n";
    Simulator::Destroy();
    return 0;
}
