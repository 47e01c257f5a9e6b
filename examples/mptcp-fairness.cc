/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * Is Multipath TCP fair to TCP? Both behind one bottleneck, in one program.
 *
 *     phone 10.1.1.1 --\                            100 Mb/s, 5 ms
 *           10.1.2.1 ---- router -- router -- server    10 Mb/s, 20 ms between the routers
 *     laptop 10.1.3.1 -/
 *
 * The phone has two subflows through the bottleneck, the laptop a TCP connection of this module's. With coupled congestion
 * control (RFC 6356, --cc=lia) the phone should get as much as the laptop, with --cc=reno twice as much. Prints goodput of
 * both after the first ten seconds, their ratio, and Jain's index; --file=NAME writes them each second.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr int SLOW_START_S = 10; //!< not counted

/** What the two have received. */
struct Meter
{
    std::vector<Ptr<PacketSink>> sinks; //!< of MPTCP and of TCP
    std::vector<uint64_t> before{0, 0}; //!< at the last call of Measure()
    std::vector<uint64_t> start{0, 0};  //!< after slow start
    std::ofstream file;                 //!< time (s), Mb/s of MPTCP, Mb/s of TCP
};

/** Write the goodput of the last second, and again in a second. */
void
Measure(Meter* meter)
{
    const bool isStart = Simulator::Now() == Seconds(SLOW_START_S);
    meter->file << Simulator::Now().GetSeconds();
    for (std::size_t i = 0; i < meter->sinks.size(); i++)
    {
        const uint64_t now = meter->sinks[i]->GetTotalRx();
        meter->file << " " << static_cast<double>(now - meter->before[i]) * 8 / 1e6;
        meter->before[i] = now;
        meter->start[i] = isStart ? now : meter->start[i];
    }
    meter->file << "\n";
    Simulator::Schedule(Seconds(1), &Measure, meter);
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(100);
    std::string control = "lia";
    std::string file;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send, more than 10 s", duration);
    cmd.AddValue("cc", "congestion control of Multipath TCP", control);
    cmd.AddValue("file", "write the goodput of each second there", file);
    cmd.Parse(argc, argv);
    NS_ABORT_MSG_UNLESS(duration > Seconds(SLOW_START_S), "--duration: expected more than 10 s");

    NodeContainer hosts(3);   // phone, laptop, server
    NodeContainer routers(2); // before and behind the bottleneck
    MptcpHelper mptcp;
    mptcp.GetInternetStack().SetIpv6StackInstall(false);
    mptcp.SetAttribute("CongestionControl", StringValue(control));
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper().Install(routers);

    PointToPointHelper access;
    access.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    access.SetChannelAttribute("Delay", StringValue("5ms"));
    for (uint32_t i = 0; i < 3; i++) // the phone twice, the laptop
    {
        const std::string network = "10.1." + std::to_string(i + 1);
        NetDeviceContainer link = access.Install(hosts.Get(i / 2), routers.Get(0));
        Ipv4AddressHelper((network + ".0").c_str(), "255.255.255.0").Assign(link);
        MptcpHelper::AddDefaultRoute(link.Get(0), (network + ".2").c_str());
    }
    NetDeviceContainer far = access.Install(hosts.Get(2), routers.Get(1));
    Ipv4InterfaceContainer server = Ipv4AddressHelper("10.9.1.0", "255.255.255.0").Assign(far);
    MptcpHelper::AddDefaultRoute(far.Get(0), "10.9.1.2");
    PointToPointHelper bottleneck;
    bottleneck.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    bottleneck.SetChannelAttribute("Delay", StringValue("20ms"));
    bottleneck.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1p"));
    NetDeviceContainer middle = bottleneck.Install(routers);
    TrafficControlHelper queue;
    queue.SetRootQueueDisc("ns3::RedQueueDisc", // drops at random: no flow is favoured by where it is in step
                           "LinkBandwidth",
                           StringValue("10Mbps"),
                           "LinkDelay",
                           StringValue("20ms"),
                           "MinTh",
                           DoubleValue(10),
                           "MaxTh",
                           DoubleValue(50),
                           "MaxSize",
                           StringValue("100p"));
    queue.Install(middle);
    Ipv4AddressHelper("10.8.1.0", "255.255.255.0").Assign(middle);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    Meter meter;
    const char* factories[] = {"ns3::MptcpSocketFactory", "ns3::MptcpTcpSocketFactory"};
    for (uint32_t i = 0; i < 2; i++)
    {
        const uint16_t port = 5001 + i;
        PacketSinkHelper sink(factories[i], InetSocketAddress(Ipv4Address::GetAny(), port));
        meter.sinks.push_back(DynamicCast<PacketSink>(sink.Install(hosts.Get(2)).Get(0)));
        BulkSendHelper source(factories[i], InetSocketAddress(server.GetAddress(0), port));
        source.SetAttribute("SendSize", UintegerValue(14480));
        source.Install(hosts.Get(i)).Start(Seconds(0.1 + i));
    }
    meter.file.open(file.empty() ? "/dev/null" : file);
    Simulator::Schedule(Seconds(1), &Measure, &meter);
    Simulator::Stop(duration);
    Simulator::Run();
    double mbps[2];
    for (std::size_t i = 0; i < 2; i++)
    {
        const auto bytes = static_cast<double>(meter.sinks[i]->GetTotalRx() - meter.start[i]);
        mbps[i] = bytes * 8 / (duration.GetSeconds() - SLOW_START_S) / 1e6;
    }
    const double sum = mbps[0] + mbps[1];
    std::cout << "mptcp " << mbps[0] << " Mb/s\ntcp " << mbps[1] << " Mb/s\nratio " << mbps[0] / mbps[1]
              << "\nJain's index " << sum * sum / (2 * (mbps[0] * mbps[0] + mbps[1] * mbps[1])) << "\n";
    Simulator::Destroy();
    return 0;
}
