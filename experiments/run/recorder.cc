/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recorder.h"

#include "scenario-error.h"

#include "ns3/inet-socket-address.h"
#include "ns3/seq-ts-header.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/wifi-net-device.h"

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
const uint32_t g_answerBytes = 72;     //!< of an acknowledgement with a timestamp and a DATA_ACK
const uint32_t g_fillingOfAnswer = 2;  //!< as a receiver that delays its acknowledgements answers (RFC 1122 4.2.3.2)
const double g_firstMbps = 10;         //!< of filling, which is at least ...
const double g_excess = 1.5;           //!< ... so many times the greatest rate at which it arrived ...
const int64_t g_adaptIntervalMs = 100; //!< ... in such a time
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
    const auto& [sender, receiver] = isDown ? std::pair(far, near) : std::pair(near, far);
    Recording recording{&spec,
                        MakeStream(sender, receiver, g_fillingBytes),
                        MakeStream(receiver, sender, g_answerBytes),
                        MakeStream(receiver, sender, g_answerBytes),
                        m_topology.GetInterfaces(other).front().path->spec->delay_ms};
    recording.filling->answers = recording.answers.get();
    recording.probes->filling = recording.filling.get();
    recording.filling->isFilling = true;
    const auto station = DynamicCast<WifiNetDevice>(path.path->GetInterfaces().front().device);
    recording.filling->station = recording.probes->station = station;
    if (station)
    {
        recording.filling->changes.emplace_back(Seconds(0), false); // not yet associated
        station->AddLinkChangeCallback(MakeBoundCallback(&Recorder::NotifyLink, recording.filling.get()));
    }
    recording.filling->interval = NanoSeconds(int64_t(g_fillingBytes * 8e3 / g_firstMbps));
    recording.probes->interval = MilliSeconds(g_probeIntervalMs);
    Simulator::Schedule(Seconds(0), &Recorder::Repeat, recording.filling.get());
    Simulator::Schedule(Seconds(0), &Recorder::Repeat, recording.probes.get());
    Simulator::Schedule(MilliSeconds(g_adaptIntervalMs), &Recorder::Adapt, recording.filling.get(), 0);
    m_recordings.push_back(std::move(recording));
}

std::unique_ptr<Recorder::Stream>
Recorder::MakeStream(const std::pair<Ptr<Node>, Ipv4Address>& from,
                     const std::pair<Ptr<Node>, Ipv4Address>& to,
                     uint32_t ipBytes)
{
    auto stream = std::make_unique<Stream>();
    stream->payloadBytes = ipBytes - g_headerBytes;
    stream->sender = Socket::CreateSocket(from.first, UdpSocketFactory::GetTypeId());
    stream->receiver = Socket::CreateSocket(to.first, UdpSocketFactory::GetTypeId());
    stream->receiver->Bind(InetSocketAddress(to.second, ++m_port));
    stream->receiver->SetRecvCallback(MakeBoundCallback(&Recorder::Receive, stream.get()));
    stream->sender->Bind(InetSocketAddress(from.second, ++m_port));
    stream->sender->Connect(InetSocketAddress(to.second, m_port - 1));
    return stream;
}

void
Recorder::Send(Stream* stream)
{
    SeqTsHeader header; // has the time
    auto packet = Create<Packet>(stream->payloadBytes - header.GetSerializedSize());
    packet->AddHeader(header);
    stream->sender->Send(packet);
}

void
Recorder::Repeat(Stream* stream)
{
    const bool isDown = stream->station && !stream->station->IsLinkUp();
    stream->isHeard = stream->isHeard && !isDown;
    if (!isDown && (stream->isHeard || !stream->isFilling))
    {
        Send(stream);
    }
    Simulator::Schedule(stream->interval, &Recorder::Repeat, stream);
}

void
Recorder::NotifyLink(Stream* filling)
{
    filling->changes.emplace_back(Simulator::Now(), filling->station->IsLinkUp());
}

void
Recorder::Adapt(Stream* filling, size_t arrivedBefore)
{
    const size_t arrived = filling->arrivals.size();
    if (arrived > arrivedBefore)
    {
        const double each = g_adaptIntervalMs * 1e6 / double(arrived - arrivedBefore);
        filling->interval = std::min(filling->interval, NanoSeconds(int64_t(each / g_excess)));
    }
    Simulator::Schedule(MilliSeconds(g_adaptIntervalMs), &Recorder::Adapt, filling, arrived);
}

void
Recorder::Receive(Stream* stream, Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        SeqTsHeader header;
        packet->RemoveHeader(header);
        stream->arrivals.push_back(Simulator::Now());
        stream->delays.push_back(Simulator::Now() - header.GetTs());
        if (stream->answers && stream->arrivals.size() % g_fillingOfAnswer == 0)
        {
            Send(stream->answers);
        }
        if (stream->filling)
        {
            stream->filling->isHeard = true;
        }
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
    for (const auto& recording : m_recordings)
    {
        for (const auto& [time, isUp] : recording.filling->changes)
        {
            scn_event event{};
            event.name = "";
            event.time_s = double(time.GetNanoSeconds()) / 1e9;
            event.path = recording.spec->name;
            event.link = isUp ? SCN_LINK_UP : SCN_LINK_DOWN;
            event.delay_ms = event.loss_down = event.loss_up = -1; // as before
            events.push_back(event);
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
    replaced.events.at = events.data();
    replaced.events.count = events.size();
    Output scenario(folder + "/scenario.yaml");
    scenario_print_json(&replaced, scenario.Get());
    std::fputc('\n', scenario.Get());
    scenario.Close();
}

} // namespace experiment
