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

Sampler::Sampler(const measure& record, const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology)
    : m_record(record),
      m_flows(flows),
      m_topology(topology)
{
    if (measure_wants(&record, "position") || measure_wants(&record, "cwnd") || measure_wants(&record, "rtt"))
    {
        Simulator::Schedule(MilliSeconds(record.spec->sampling.interval_ms), &Sampler::Take, this);
    }
}

void
Sampler::Take()
{
    if (measure_wants(&m_record, "position"))
    {
        TakePositions();
    }
    for (const auto& flow : m_flows)
    {
        TakeSubflows(*flow);
    }
    Simulator::Schedule(MilliSeconds(m_record.spec->sampling.interval_ms), &Sampler::Take, this);
}

void
Sampler::TakePositions()
{
    for (size_t i = 0; i < m_record.spec->mobility.count; i++)
    {
        const std::string host = m_record.spec->mobility.at[i].name;
        const auto position = m_topology.GetHost(host)->GetObject<MobilityModel>()->GetPosition();
        Add("position_x host:" + host + " m", position.x);
        Add("position_y host:" + host + " m", position.y);
    }
}

void
Sampler::TakeSubflows(const Flow& flow)
{
    if ((!measure_wants(&m_record, "cwnd") && !measure_wants(&m_record, "rtt")) || measure_is_over(&flow.GetRecord()))
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
        if (measure_wants(&m_record, "cwnd"))
        {
            Add("cwnd" + entity + " bytes", double(state.cwndBytes));
        }
        if (measure_wants(&m_record, "rtt"))
        {
            Add("rtt" + entity + " ms", double(state.rtt.GetNanoSeconds()) / 1e6);
        }
    }
}

/** The path of the client's address: the sender's for an upload, the receiver's for a download. */
std::string
Sampler::PathOf(const Flow& flow, const SubflowState& subflow) const
{
    const auto path = m_topology.GetPathOf(flow.GetSpec().direction == SCN_UPLOAD ? subflow.local : subflow.remote);
    return path ? path->name : "";
}

void
Sampler::Add(const std::string& series, double value)
{
    measure_sample(&m_record, series.c_str(), Simulator::Now().GetNanoSeconds(), value);
}

} // namespace experiment
