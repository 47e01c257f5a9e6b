/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recorder.h"

#include "scenario-error.h"

#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

using namespace ns3;

namespace experiment
{

namespace
{

const uint32_t g_headerBytes = 28; //!< of IPv4 and UDP
const uint32_t g_fillingBytes = 1500;
const uint32_t g_probeBytes = 64;
const double g_fillingMbps = 60; //!< more than the radios of a scenario can carry
const int64_t g_probeIntervalMs = 50;

bool
IsRadio(const scn_path& path)
{
    return path.type == SCN_WIFI || path.type == SCN_LTE;
}

/** @return the flow that goes over the path of a host */
const scn_flow&
FindFlow(const scenario& s, const scn_path& path)
{
    const std::string host = path.hosts.at[0];
    for (size_t i = 0; i < s.flows.count; i++)
    {
        if (host == s.flows.at[i].client || host == s.flows.at[i].server)
        {
            return s.flows.at[i];
        }
    }
    throw ScenarioError(path.mark, "hosts", "a flow of " + host + ", so that it is known who sends");
}

/** A file that says so when it cannot be written. */
class Output
{
  public:
    explicit Output(const std::string& name)
        : m_name(name),
          m_file(std::fopen(name.c_str(), "w"))
    {
        Check(m_file != nullptr);
    }

    void Close()
    {
        const bool isGood = !std::ferror(m_file);
        Check(std::fclose(m_file) == 0 && isGood);
    }

    FILE* Get()
    {
        return m_file;
    }

  private:
    void Check(bool isGood) const
    {
        if (!isGood)
        {
            throw std::filesystem::filesystem_error("cannot be written",
                                                    m_name,
                                                    std::error_code(errno, std::generic_category()));
        }
    }

    std::string m_name; //!< of the file
    FILE* m_file;       //!< the file
};

} // namespace

Recorder::Recorder(const measure& record, const Topology& topology)
    : m_record(record),
      m_topology(topology)
{
    for (const auto& path : topology.GetPaths())
    {
        if (IsRadio(*path.spec))
        {
            Record(path);
        }
    }
    if (m_recordings.empty())
    {
        throw ScenarioError(record.spec->mark, "paths", "a wifi or lte path to record");
    }
}

void
Recorder::Record(const Topology::Path& path)
{
    const auto& spec = *path.spec;
    if (spec.hosts.count != 1)
    {
        throw ScenarioError(spec.mark, "hosts", "one host on a path that is recorded");
    }
    const scn_flow& flow = FindFlow(*m_record.spec, spec);
    const bool isClient = std::string(flow.client) == spec.hosts.at[0];
    const std::string other = isClient ? flow.server : flow.client;
    const bool isDown = isClient == (flow.direction == SCN_DOWNLOAD);
    const std::pair near(path.path->GetInterfaces().front().host, path.path->GetInterfaces().front().address);
    const std::pair far(m_topology.GetHost(other), m_topology.GetInterfaces(other).front().interface->address);
    const Time fast = NanoSeconds(int64_t(g_fillingBytes * 8e3 / g_fillingMbps));
    m_recordings.push_back(
        {&spec,
         isDown ? MakeStream(far, near, g_fillingBytes, fast) : MakeStream(near, far, g_fillingBytes, fast),
         isDown ? MakeStream(near, far, g_probeBytes, MilliSeconds(g_probeIntervalMs))
                : MakeStream(far, near, g_probeBytes, MilliSeconds(g_probeIntervalMs)),
         m_topology.GetInterfaces(other).front().path->spec->delay_ms});
}

std::unique_ptr<Recorder::Stream>
Recorder::MakeStream(const std::pair<Ptr<Node>, Ipv4Address>& from,
                     const std::pair<Ptr<Node>, Ipv4Address>& to,
                     uint32_t ipBytes,
                     Time interval)
{
    auto stream = std::make_unique<Stream>();
    stream->payloadBytes = ipBytes - g_headerBytes;
    stream->interval = interval;
    stream->sender = Socket::CreateSocket(from.first, UdpSocketFactory::GetTypeId());
    stream->receiver = Socket::CreateSocket(to.first, UdpSocketFactory::GetTypeId());
    stream->receiver->Bind(InetSocketAddress(to.second, ++m_port));
    stream->receiver->SetRecvCallback(MakeBoundCallback(&Recorder::Receive, stream.get()));
    stream->sender->Bind(InetSocketAddress(from.second, ++m_port));
    stream->sender->Connect(InetSocketAddress(to.second, m_port - 1));
    Simulator::Schedule(Seconds(0), &Recorder::Send, this, stream.get());
    return stream;
}

void
Recorder::Send(Stream* stream)
{
    const auto number = static_cast<uint32_t>(stream->sent.size());
    std::vector<uint8_t> payload(stream->payloadBytes);
    std::memcpy(payload.data(), &number, sizeof number);
    stream->sent.push_back(Simulator::Now());
    stream->sender->Send(Create<Packet>(payload.data(), stream->payloadBytes)); // none leaves while the link is down
    Simulator::Schedule(stream->interval, &Recorder::Send, this, stream);
}

void
Recorder::Receive(Stream* stream, Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        uint32_t number;
        packet->CopyData(reinterpret_cast<uint8_t*>(&number), sizeof number);
        stream->arrivals.push_back(Simulator::Now());
        stream->delays.push_back(Simulator::Now() - stream->sent.at(number));
    }
}

double
Recorder::GetDelayMs(const Recording& recording)
{
    auto probes = recording.probes->delays;
    const auto& filling = recording.filling->delays;
    if (probes.empty() || filling.empty())
    {
        throw ScenarioError(recording.spec->mark, "type", "a radio over which something arrives");
    }
    std::nth_element(probes.begin(), probes.begin() + long(probes.size() / 2), probes.end());
    const Time both = probes[probes.size() / 2] + *std::min_element(filling.begin(), filling.end());
    return double(both.GetMicroSeconds()) / 2e3;
}

scn_path
Recorder::Replace(const Recording& recording, const std::string& file)
{
    scn_path path = *recording.spec;
    path.delay_ms = std::max(0.0, GetDelayMs(recording) - recording.otherDelayMs);
    path.type = SCN_TRACE;
    path.queue_packets = recording.spec->radio_queue_packets;
    path.trace_down = path.trace_up = file.c_str();
    path.trace_down_sha256 = path.trace_up_sha256 = "none";
    path.trace_loop = false;
    path.medium = SCN_POINT_TO_POINT;
    path.access_rate_mbps = 1000;
    path.access_delay_spread_ms = 0;
    path.middleboxes = {};
    return path;
}

std::vector<scn_event>
Recorder::GetEvents() const
{
    const auto& own = m_record.spec->events;
    std::vector<scn_event> events(own.at, own.at + own.count);
    for (size_t i = 0; i < m_record.range_count; i++)
    {
        const auto& range = m_record.ranges[i];
        const auto change = [&events, &range](double timeSeconds, bool isUp) {
            scn_event event{};
            event.time_s = timeSeconds;
            event.path = range.path->name;
            event.link = isUp ? SCN_LINK_UP : SCN_LINK_DOWN;
            event.delay_ms = -1;
            events.push_back(event);
        };
        if (range.count > 0 && range.changes[0].is_in_range)
        {
            change(0, false); // not yet associated
        }
        for (size_t j = 0; j < range.count; j++)
        {
            change(double(range.changes[j].time_ns) / 1e9, range.changes[j].is_in_range);
        }
    }
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time_s < b.time_s; });
    return events;
}

void
Recorder::Write(const std::string& folder) const
{
    scenario replaced = *m_record.spec;
    std::vector<scn_path> paths(replaced.paths.at, replaced.paths.at + replaced.paths.count);
    std::vector<std::string> files;
    files.reserve(m_recordings.size());
    std::filesystem::create_directories(folder);
    for (const auto& recording : m_recordings)
    {
        files.push_back(std::string(recording.spec->name) + ".trace");
        paths[size_t(recording.spec - m_record.spec->paths.at)] = Replace(recording, files.back());
        Output trace(folder + "/" + files.back());
        for (const Time& arrival : recording.filling->arrivals)
        {
            std::fprintf(trace.Get(), "%lld\n", static_cast<long long>(arrival.GetMilliSeconds()));
        }
        trace.Close();
    }
    auto events = GetEvents();
    replaced.engine = SCN_ENGINE_LINK;
    replaced.paths.at = paths.data();
    replaced.mobility = {};
    replaced.events.at = events.data();
    replaced.events.count = events.size();
    Output scenario(folder + "/scenario.yaml");
    scenario_print_json(&replaced, scenario.Get());
    std::fputc('\n', scenario.Get());
    scenario.Close();
}

} // namespace experiment
