/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * The congestion window of each subflow into a file, by trace sources with context, and gnuplot's commands to draw it.
 *
 *     client 10.1.1.1 ---- 10 Mb/s, 10 ms ---- 10.1.1.2 server
 *            10.1.2.1 ---- 10 Mb/s, 30 ms ---- 10.1.2.2
 *
 *     mptcp-trace-windows --prefix=windows && gnuplot windows.gp
 *
 * PREFIX.txt has a line for each change: time (s), context, subflow, window (bytes).
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <fstream>
#include <iostream>
#include <map>
#include <string>

using namespace ns3;

namespace
{

std::ofstream g_file;                    //!< PREFIX.txt
std::map<uint32_t, uint64_t> g_greatest; //!< window of each subflow of the client's

/** A sink of the trace source Cwnd. The first report of a subflow comes with its SYN, which may lead nowhere: it is left out. */
void
TraceWindow(std::string context, uint32_t subflow, uint64_t before, uint64_t bytes)
{
    if (before == 0)
    {
        return;
    }
    g_file << Simulator::Now().GetSeconds() << " " << context << " " << subflow << " " << bytes << "\n";
    g_greatest[subflow] = std::max(g_greatest[subflow], bytes);
}

/** Write what draws PREFIX.txt. */
void
WritePlot(const std::string& prefix)
{
    std::ofstream plot(prefix + ".gp");
    std::string subflows;
    for (const auto& [subflow, bytes] : g_greatest)
    {
        subflows += std::to_string(subflow) + " ";
    }
    plot << "set terminal pngcairo size 900,400\nset output '" << prefix << ".png'\n"
         << "set xlabel 'time (s)'\nset ylabel 'congestion window (kB)'\nset key top right\nset datafile missing NaN\n"
         << "plot for [s in '" << subflows << "'] '" << prefix
         << ".txt' using 1:($3==s+0 ? $4/1e3 : NaN) with steps title 'subflow '.s\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(10);
    std::string prefix = "mptcp-windows";
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long to send", duration);
    cmd.AddValue("prefix", "of the files to write", prefix);
    cmd.Parse(argc, argv);

    NodeContainer nodes(2);
    MptcpHelper mptcp;
    mptcp.Install(nodes);
    MptcpHelper::AssignStreams(nodes, 1);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    NetDeviceContainer path1 = link.Install(nodes);
    link.SetChannelAttribute("Delay", StringValue("30ms"));
    NetDeviceContainer path2 = link.Install(nodes);
    Ipv4InterfaceContainer interfaces1 = Ipv4AddressHelper("10.1.1.0", "255.255.255.0").Assign(path1);
    Ipv4AddressHelper("10.1.2.0", "255.255.255.0").Assign(path2);
    MptcpHelper::GetMptcp(nodes.Get(1))->SetSignal(path2.Get(1), true);

    const uint16_t port = 5001;
    PacketSinkHelper sinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
    sinkHelper.Install(nodes.Get(1));
    BulkSendHelper sourceHelper("ns3::TcpSocketFactory", InetSocketAddress(interfaces1.GetAddress(1), port));
    sourceHelper.SetAttribute("SendSize", UintegerValue(14480));
    sourceHelper.Install(nodes.Get(0));

    // A path matches sockets that exist: the application makes its own when it starts, which is at time 0.
    g_file.open(prefix + ".txt");
    Simulator::Schedule(TimeStep(1), []() {
        Config::Connect("/NodeList/0/$ns3::MptcpL4Protocol/MptcpSocketList/*/Cwnd", MakeCallback(&TraceWindow));
    });
    Simulator::Stop(duration);
    Simulator::Run();
    Simulator::Destroy();
    g_file.close();
    WritePlot(prefix);
    for (const auto& [subflow, bytes] : g_greatest)
    {
        std::cout << "subflow " << subflow << ": greatest window " << bytes << " bytes\n";
    }
    return g_file.good() && g_greatest.size() == 2 ? 0 : 1;
}
