/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A box on one of two paths: what becomes of the connection?
 *
 *     client 10.1.1.1 ---- 10 Mb/s, 10 ms ---------- 10.1.1.2 server
 *            10.1.2.1 ---- 10 Mb/s, 10 ms --[box]--- 10.1.2.2
 *
 *     mptcp-middleboxes --box=OptionFilter[Segments=Syn] --path=1
 *
 * The box is any class of model/middlebox with its attributes; --path=1 puts it on the path that the connection starts on.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-middlebox-channel.h"
#include "ns3/mptcp-socket.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <sstream>

using namespace ns3;

namespace
{

/** @param text such as Nat or OptionFilter[Segments=Syn] @return the box */
Ptr<MptcpMiddlebox>
CreateBox(const std::string& text)
{
    ObjectFactory factory;
    std::istringstream("ns3::Mptcp" + text) >> factory;
    Ptr<MptcpMiddlebox> box = factory.GetTypeId() != TypeId() ? factory.Create<MptcpMiddlebox>() : nullptr;
    NS_ABORT_MSG_UNLESS(box,
                        "--box: " << text
                                  << " is no box; expected one of model/middlebox, as OptionFilter[Segments=Syn]");
    return box;
}

/** Print what protocol is spoken, and what each subflow has carried. */
void
Report(Ptr<BulkSendApplication> source)
{
    Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(source->GetSocket());
    const bool isMptcp = socket->GetConnectionInfo().mode == MptcpConnectionInfo::MPTCP;
    std::cout << (isMptcp ? "Multipath TCP" : "fallen back to TCP") << "\n";
    for (const MptcpSubflowInfo& subflow : socket->GetSubflows())
    {
        std::cout << "subflow " << subflow.id << " to " << InetSocketAddress::ConvertFrom(subflow.remote).GetIpv4()
                  << ": " << subflow.bytesAcked << " bytes\n";
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(5);
    std::string box = "Nat";
    uint32_t boxedPath = 2;
    bool hasDssChecksum = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("box",
                 "the box: a class without ns3::Mptcp, and its attributes as in OptionFilter[Segments=Syn]",
                 box);
    cmd.AddValue("path", "the path that it is on, 1 or 2", boxedPath);
    cmd.AddValue("checksum", "use DSS checksums", hasDssChecksum);
    cmd.Parse(argc, argv);
    NS_ABORT_MSG_UNLESS(boxedPath == 1 || boxedPath == 2, "--path: expected 1 or 2");

    NodeContainer nodes(2);
    MptcpHelper mptcp;
    mptcp.SetAttribute("DssChecksum", BooleanValue(hasDssChecksum));
    mptcp.Install(nodes);
    MptcpHelper::AssignStreams(nodes, 1);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    NetDeviceContainer path1 = link.Install(nodes);
    NetDeviceContainer path2 = link.Install(nodes);
    MptcpMiddleboxChannel::Insert(boxedPath == 1 ? path1 : path2, {CreateBox(box)})->AssignStreams(100);

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

    Simulator::Schedule(duration, &Report, source);
    Simulator::Stop(duration);
    Simulator::Run();
    const double mbps = static_cast<double>(sink->GetTotalRx()) * 8 / duration.GetSeconds() / 1e6;
    std::cout << "goodput " << mbps << " Mb/s\n";
    Simulator::Destroy();
    return 0;
}
