/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A server with two addresses behind routers: the usual topology of papers, with global routing.
 *
 *     client 10.1.1.1 -- r1 -- 10.2.1.2 server     10 Mb/s, 10 ms
 *            10.1.2.1 -- r2 -- 10.2.2.2            10 Mb/s, 30 ms
 *
 * The client connects to 10.2.1.2 and learns of 10.2.2.2 by ADD_ADDR. Prints each pair of addresses and why it has a
 * subflow or none; --signal=0 shows what is missing without the call that papers' programs forget. With --routes=0 the
 * hosts' routes are those of global routing, which has one by each interface in a network as small as this one.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <string>

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
        std::cout << Ipv4Address::ConvertFrom(pair.local) << " to "
                  << InetSocketAddress::ConvertFrom(pair.remote).GetIpv4() << ": " << pair.why << "\n";
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
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("signal", "announce the server's second address", hasSignal);
    cmd.AddValue("routes", "give each interface of the hosts its default route", hasRoutes);
    cmd.Parse(argc, argv);

    NodeContainer hosts(2);
    NodeContainer routers(2);
    MptcpHelper mptcp;
    mptcp.GetInternetStack().SetIpv6StackInstall(false);
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper().Install(routers);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    Ipv4InterfaceContainer server;
    for (uint32_t i = 0; i < 2; i++)
    {
        const std::string number = std::to_string(i + 1);
        link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(5 + 10 * i)));
        NetDeviceContainer near = link.Install(hosts.Get(0), routers.Get(i));
        NetDeviceContainer far = link.Install(routers.Get(i), hosts.Get(1));
        Ipv4AddressHelper(("10.1." + number + ".0").c_str(), "255.255.255.0").Assign(near);
        server.Add(Ipv4AddressHelper(("10.2." + number + ".0").c_str(), "255.255.255.0").Assign(far).Get(1));
        if (hasRoutes)
        {
            MptcpHelper::AddDefaultRoute(near.Get(0), Ipv4Address(("10.1." + number + ".2").c_str()));
            MptcpHelper::AddDefaultRoute(far.Get(1), Ipv4Address(("10.2." + number + ".1").c_str()));
        }
        MptcpHelper::GetMptcp(hosts.Get(1))->SetSignal(far.Get(1), hasSignal && i == 1);
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

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
