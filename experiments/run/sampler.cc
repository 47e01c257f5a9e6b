/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sampler.h"

#include "ns3/mobility-model.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <map>

using namespace ns3;

namespace experiment
{

Sampler::Sampler(const scenario& s, const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology)
    : m_scenario(s),
      m_flows(flows),
      m_topology(topology)
{
    if (IsWanted(s, "position") || IsWanted(s, "cwnd") || IsWanted(s, "rtt"))
    {
        Simulator::Schedule(MilliSeconds(s.sampling.interval_ms), &Sampler::Take, this);
    }
}

bool
Sampler::IsWanted(const scenario& s, const std::string& series)
{
    const auto* first = s.sampling.series.at;
    return std::find(first, first + s.sampling.series.count, series) != first + s.sampling.series.count;
}

void
Sampler::Take()
{
    if (IsWanted(m_scenario, "position"))
    {
        TakePositions();
    }
    for (const auto& flow : m_flows)
    {
        TakeSubflows(*flow);
    }
    Simulator::Schedule(MilliSeconds(m_scenario.sampling.interval_ms), &Sampler::Take, this);
}

void
Sampler::TakePositions()
{
    for (size_t i = 0; i < m_scenario.mobility.count; i++)
    {
        const std::string host = m_scenario.mobility.at[i].name;
        const auto position = m_topology.GetHost(host)->GetObject<MobilityModel>()->GetPosition();
        Add("position_x host:" + host + " m", position.x);
        Add("position_y host:" + host + " m", position.y);
    }
}

void
Sampler::TakeSubflows(const Flow& flow)
{
    if (!IsWanted(m_scenario, "cwnd") && !IsWanted(m_scenario, "rtt"))
    {
        return;
    }
    std::map<std::string, SubflowState> states; // several subflows of a path count as one
    for (const auto& subflow : flow.GetProbe().Read())
    {
        auto& state = states.insert({PathOf(flow, subflow), {subflow.local, subflow.remote, 0, Time(0)}}).first->second;
        state.cwndBytes += subflow.cwndBytes;
        state.rtt = std::max(state.rtt, subflow.rtt);
    }
    for (const auto& [path, state] : states)
    {
        const std::string entity = std::string(" flow:") + flow.GetSpec().name + " path:" + path;
        if (IsWanted(m_scenario, "cwnd"))
        {
            Add("cwnd" + entity + " bytes", double(state.cwndBytes));
        }
        if (IsWanted(m_scenario, "rtt"))
        {
            Add("rtt" + entity + " ms", state.rtt.GetSeconds() * 1e3);
        }
    }
}

/** The path of the client's address: the sender's for an upload, the receiver's for a download. */
std::string
Sampler::PathOf(const Flow& flow, const SubflowState& subflow) const
{
    return m_topology.GetPathName(flow.GetSpec().direction == SCN_UPLOAD ? subflow.local : subflow.remote);
}

void
Sampler::Add(const std::string& series, double value)
{
    m_samples.push_back({series, Simulator::Now().GetMicroSeconds(), value});
}

void
Sampler::Print(FILE* out) const
{
    for (const auto& sample : m_samples)
    {
        std::fprintf(out, "sample\t%s\t%lld\t%.17g\n", sample.series.c_str(), static_cast<long long>(sample.timeUs),
                     sample.value);
    }
}

} // namespace experiment
