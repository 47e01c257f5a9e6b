/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "path-meter.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"

#include <set>

using namespace ns3;

namespace experiment
{

namespace
{

const uint8_t g_tcp = 6; //!< protocol number

/** The fixed part of a TCP header as far as it is needed; parsing options costs time and differs between TCPs. */
struct TcpPorts
{
    explicit TcpPorts(Ptr<const Packet> segment)
    {
        uint8_t bytes[13] = {};
        segment->CopyData(bytes, sizeof bytes);
        source = uint16_t(bytes[0] << 8 | bytes[1]);
        destination = uint16_t(bytes[2] << 8 | bytes[3]);
        headerBytes = uint8_t((bytes[12] >> 4) * 4);
    }

    uint16_t source;      //!< port
    uint16_t destination; //!< port
    uint8_t headerBytes;  //!< options included
};

} // namespace

PathMeter::PathMeter(const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology)
    : m_topology(topology)
{
    std::set<std::pair<std::string, int64_t>> watched;
    for (const auto& flow : flows)
    {
        const auto& spec = flow->GetSpec();
        m_flows[flow->GetPort()] = &flow->GetRecord();
        const std::string receiver = spec.direction == SCN_DOWNLOAD ? spec.client : spec.server;
        if (watched.insert({receiver, spec.direction}).second)
        {
            auto l3 = topology.GetHost(receiver)->GetObject<Ipv4L3Protocol>();
            l3->TraceConnectWithoutContext("LocalDeliver",
                                           spec.direction == SCN_DOWNLOAD
                                               ? MakeCallback(&PathMeter::CountDownload, this)
                                               : MakeCallback(&PathMeter::CountUpload, this));
        }
    }
}

void
PathMeter::CountDownload(const Ipv4Header& header, Ptr<const Packet> segment, uint32_t)
{
    Count(true, header, segment);
}

void
PathMeter::CountUpload(const Ipv4Header& header, Ptr<const Packet> segment, uint32_t)
{
    Count(false, header, segment);
}

void
PathMeter::Count(bool isDownload, const Ipv4Header& header, Ptr<const Packet> segment)
{
    const TcpPorts tcp(segment);
    const auto flow = m_flows.find(isDownload ? tcp.source : tcp.destination);
    if (header.GetProtocol() != g_tcp || flow == m_flows.end() || segment->GetSize() <= tcp.headerBytes)
    {
        return;
    }
    const Ipv4Address client = isDownload ? header.GetDestination() : header.GetSource();
    const Ipv4Address server = isDownload ? header.GetSource() : header.GetDestination();
    for (const auto& [address, isClient] : {std::pair(client, true), std::pair(server, false)})
    {
        if (auto log = measure_log_by_end(flow->second, m_topology.GetPathOf(address), isClient))
        {
            byte_log_add(log, Simulator::Now().GetNanoSeconds(), segment->GetSize() - tcp.headerBytes);
        }
    }
}

} // namespace experiment
