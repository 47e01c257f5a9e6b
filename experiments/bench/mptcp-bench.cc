/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One bulk transfer for the benchmark (see bench.sh): a client and a server joined by point-to-point paths of 100 Mb/s
 * and 1 ms. The same bytes go either over ns-3's own TCP, one connection a path, or over one MPTCP connection with a
 * subflow on each path. Prints one line: what the simulation itself cost, without building the scenario.
 */

#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mptcp-helper.h"
#include "ns3/node-container.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-linux-reno.h"
#include "ns3/uinteger.h"

#include <cinttypes>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 5001;
constexpr uint32_t SEGMENT_BYTES = 1448;
constexpr uint32_t BUFFER_BYTES = 1 << 20;
constexpr uint32_t WRITE_BYTES = 10 * SEGMENT_BYTES;

/** What one run is to do. */
struct Options
{
    std::string transport = "ns3-tcp"; //!< ns3-tcp or mptcp
    uint32_t paths = 1;                //!< number of paths
    uint64_t bytes = 10000000;         //!< sum of all paths
};

/** @return user time of this process in seconds. */
double
UserSeconds()
{
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec * 1e-6;
}

/** @return the most memory this process ever had, in KiB. */
long
PeakKib()
{
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/** Set the same segment size and buffers for both, and Reno without coupling for ns-3's TCP. */
void
ConfigureTcp()
{
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TcpLinuxReno::GetTypeId()));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(SEGMENT_BYTES));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(BUFFER_BYTES));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(BUFFER_BYTES));
}

/** Give each node an internet stack, with ns-3's TCP or with MPTCP. */
void
InstallStacks(const NodeContainer& nodes, bool isMptcp)
{
    if (!isMptcp)
    {
        InternetStackHelper().Install(nodes);
        return;
    }
    MptcpHelper mptcp;
    mptcp.SetAttribute("CongestionControl", StringValue("lia"));
    mptcp.Install(nodes);
}

/**
 * Join the nodes.
 * With MPTCP each of the client's devices has a default route of its own, so that the subflow from there to the
 * server's first address, the only one that the client is told of, stays on that path.
 * @return the server's address on each path
 */
std::vector<Ipv4Address>
BuildPaths(const NodeContainer& nodes, uint32_t count, bool isMptcp)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    std::vector<Ipv4Address> servers;
    for (uint32_t i = 0; i < count; i++)
    {
        const auto devices = link.Install(nodes);
        servers.push_back(addresses.Assign(devices).GetAddress(1));
        addresses.NewNetwork();
        if (isMptcp)
        {
            MptcpHelper::AddDefaultRoute(devices.Get(0), servers.back());
        }
    }
    return servers;
}

/** Start a sender of @p bytes to @p server. */
void
Send(Ptr<Node> client, const std::string& factory, Ipv4Address server, uint64_t bytes)
{
    BulkSendHelper bulk(factory, InetSocketAddress(server, PORT));
    bulk.SetAttribute("MaxBytes", UintegerValue(bytes));
    bulk.SetAttribute("SendSize", UintegerValue(WRITE_BYTES));
    bulk.Install(client).Start(Seconds(0.1));
}

} // namespace

int
main(int argc, char* argv[])
{
    Options options;
    CommandLine cmd(__FILE__);
    cmd.AddValue("transport", "ns3-tcp or mptcp", options.transport);
    cmd.AddValue("paths", "number of paths", options.paths);
    cmd.AddValue("bytes", "bytes to transfer in all", options.bytes);
    cmd.Parse(argc, argv);

    const bool isMptcp = options.transport == "mptcp";
    if ((!isMptcp && options.transport != "ns3-tcp") || options.paths == 0)
    {
        std::fprintf(stderr, "mptcp-bench: expected --transport=ns3-tcp or --transport=mptcp, and at least one path\n");
        return 2;
    }

    NodeContainer nodes;
    nodes.Create(2);
    ConfigureTcp();
    InstallStacks(nodes, isMptcp);
    const auto servers = BuildPaths(nodes, options.paths, isMptcp);

    const std::string factory = "ns3::TcpSocketFactory";
    PacketSinkHelper sinkHelper(factory, InetSocketAddress(Ipv4Address::GetAny(), PORT));
    auto sinks = sinkHelper.Install(nodes.Get(1));
    const uint32_t connections = isMptcp ? 1 : options.paths;
    for (uint32_t i = 0; i < connections; i++)
    {
        Send(nodes.Get(0), factory, servers[i], options.bytes / connections);
    }

    const double start = UserSeconds();
    Simulator::Run();
    const double seconds = UserSeconds() - start;
    const uint64_t received = DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx();
    std::printf("%s paths=%" PRIu32 " bytes=%" PRIu64 " user_s=%.3f events=%" PRIu64 " peak_kib=%ld simulated_s=%.3f\n",
                options.transport.c_str(),
                options.paths,
                received,
                seconds,
                Simulator::GetEventCount(),
                PeakKib(),
                Simulator::Now().GetSeconds());
    Simulator::Destroy();
    if (received != options.bytes / connections * connections)
    {
        std::fprintf(stderr, "mptcp-bench: not all bytes arrived\n");
        return 1;
    }
    return 0;
}
