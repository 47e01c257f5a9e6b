/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * Multipath TCP, the core's single-path TCP and ns-3's TCP side by side on the same two nodes, chosen per socket by
 * the name of the socket factory. All three share the first of two point-to-point paths; MPTCP has the second, too.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-helper.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

int
main(int argc, char* argv[])
{
    Time duration = Seconds(20);
    std::string nativeVariant = "ns3::TcpLinuxReno";
    std::string only;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("native", "congestion control of ns-3's TCP", nativeVariant);
    cmd.AddValue("only", "run one of the flows alone: mptcp, tcp or ns3-tcp", only);
    cmd.Parse(argc, argv);

    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TypeId::LookupByName(nativeVariant)));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::FifoQueueDisc::MaxSize", StringValue("100p"));

    NodeContainer nodes(2);
    MptcpHelper mptcp;
    mptcp.SetAttribute("CongestionControl", StringValue("lia"));
    mptcp.Install(nodes);
    MptcpHelper::AssignStreams(nodes, 1);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("20Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10p"));
    TrafficControlHelper queue;
    queue.SetRootQueueDisc("ns3::FifoQueueDisc");
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    std::vector<Ipv4InterfaceContainer> interfaces;
    for (int path = 0; path < 2; path++)
    {
        NetDeviceContainer devices = link.Install(nodes);
        queue.Install(devices);
        interfaces.push_back(addresses.Assign(devices));
        addresses.NewNetwork();
        for (uint32_t i = 0; i < 2; i++)
        {
            MptcpHelper::AddDefaultRoute(devices.Get(i), Ipv4Address::GetZero());
        }
    }

    struct Flow
    {
        std::string name;
        std::string factory;
        uint16_t port;
    };

    const std::vector<Flow> flows = {{"mptcp", "ns3::MptcpSocketFactory", 5001},
                                     {"tcp", "ns3::MptcpTcpSocketFactory", 5002},
                                     {"ns3-tcp", "ns3::MptcpNativeTcpSocketFactory", 5003}};
    std::vector<std::pair<std::string, Ptr<PacketSink>>> sinks;
    for (const Flow& flow : flows)
    {
        if (!only.empty() && only != flow.name)
        {
            continue;
        }
        PacketSinkHelper sink(flow.factory, InetSocketAddress(Ipv4Address::GetAny(), flow.port));
        sinks.emplace_back(flow.name, DynamicCast<PacketSink>(sink.Install(nodes.Get(1)).Get(0)));
        BulkSendHelper source(flow.factory, InetSocketAddress(interfaces[0].GetAddress(1), flow.port));
        source.SetAttribute("SendSize", UintegerValue(14480));
        source.Install(nodes.Get(0));
    }

    Simulator::Stop(duration);
    Simulator::Run();
    for (const auto& [name, sink] : sinks)
    {
        const double mbps = static_cast<double>(sink->GetTotalRx()) * 8 / duration.GetSeconds() / 1e6;
        std::cout << name << " " << mbps << " Mb/s\n";
    }
    Simulator::Destroy();
    return sinks.empty() ? 2 : 0;
}
