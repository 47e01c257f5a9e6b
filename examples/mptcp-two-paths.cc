/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * Stock applications over Multipath TCP: a BulkSend client reaches a PacketSink over two point-to-point paths at once.
 *
 *     client 10.1.1.1 ---- 10 Mb/s, 10 ms ---- 10.1.1.2 server
 *            10.1.2.1 ---- 10 Mb/s, 30 ms ---- 10.1.2.2
 *
 * Prints the goodput and what each subflow carried; with --pcap the links are captured, to be opened in Wireshark.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>

using namespace ns3;

namespace
{

/** Print what each subflow of the sender has carried. */
void
Report(Ptr<BulkSendApplication> source)
{
    Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(source->GetSocket());
    for (const MptcpSubflowInfo& subflow : socket->GetSubflows())
    {
        std::cout << "subflow " << subflow.id << " from " << InetSocketAddress::ConvertFrom(subflow.local).GetIpv4()
                  << ": " << subflow.bytesAcked << " bytes, RTT " << subflow.srtt.As(Time::MS) << ", window "
                  << subflow.cwndBytes << " bytes\n";
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(10);
    std::string rate1 = "10Mbps";
    std::string rate2 = "10Mbps";
    std::string pcap;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("rate1", "rate of the first path", rate1);
    cmd.AddValue("rate2", "rate of the second path", rate2);
    cmd.AddValue("pcap", "capture the links to files of this prefix", pcap);
    cmd.Parse(argc, argv);

    NodeContainer nodes(2);
    MptcpHelper mptcp;
    mptcp.Install(nodes);
    MptcpHelper::AssignStreams(nodes, 1);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate1));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    NetDeviceContainer path1 = link.Install(nodes);
    link.SetDeviceAttribute("DataRate", StringValue(rate2));
    link.SetChannelAttribute("Delay", StringValue("30ms"));
    NetDeviceContainer path2 = link.Install(nodes);

    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    Ipv4InterfaceContainer interfaces1 = addresses.Assign(path1);
    addresses.SetBase("10.1.2.0", "255.255.255.0");
    addresses.Assign(path2);
    // The client learns of the server's second address by ADD_ADDR and opens a subflow to it over the second link.
    MptcpHelper::GetMptcp(nodes.Get(1))->SetSignal(path2.Get(1), true);

    const uint16_t port = 5001;
    PacketSinkHelper sinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
    Ptr<PacketSink> sink = DynamicCast<PacketSink>(sinkHelper.Install(nodes.Get(1)).Get(0));
    BulkSendHelper sourceHelper("ns3::TcpSocketFactory", InetSocketAddress(interfaces1.GetAddress(1), port));
    sourceHelper.SetAttribute("SendSize", UintegerValue(14480));
    Ptr<BulkSendApplication> source = DynamicCast<BulkSendApplication>(sourceHelper.Install(nodes.Get(0)).Get(0));
    if (!pcap.empty())
    {
        link.EnablePcapAll(pcap);
    }

    Simulator::Schedule(duration, &Report, source);
    Simulator::Stop(duration);
    Simulator::Run();
    const double mbps = static_cast<double>(sink->GetTotalRx()) * 8 / duration.GetSeconds() / 1e6;
    std::cout << "goodput " << mbps << " Mb/s\n";
    Simulator::Destroy();
    return 0;
}
