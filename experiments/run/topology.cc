/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "topology.h"

#include "middlebox-factory.h"
#include "path-factory.h"
#include "scenario-error.h"
#include "shared-link.h"
#include "streams.h"
#include "walk.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4.h"
#include "ns3/mptcp-helper.h"

#include <algorithm>

using namespace ns3;

namespace experiment
{

Topology::Topology(const scenario& s)
    : m_scenario(s)
{
    CreateHosts();
    CreateMobility();
    auto core = MptcpPath::CreateRouter();
    CreatePaths(core);
    CreateLinks(core);
    AssignStreams();
}

void
Topology::CreateHosts()
{
    MptcpHelper stack;
    stack.GetInternetStack().SetIpv6StackInstall(false);
    for (size_t i = 0; i < m_scenario.hosts.count; i++)
    {
        auto node = CreateObject<Node>();
        stack.Install(node);
        m_hosts[m_scenario.hosts.at[i].name] = node;
    }
}

void
Topology::CreateMobility()
{
    for (size_t i = 0; i < m_scenario.mobility.count; i++)
    {
        const auto& track = m_scenario.mobility.at[i];
        GetHost(track.name)->AggregateObject(CreateWalk(track, STREAM_MOBILITY + int64_t(i)));
    }
}

void
Topology::CreatePaths(Ptr<Node> core)
{
    for (size_t i = 0; i < m_scenario.paths.count; i++)
    {
        const auto& spec = m_scenario.paths.at[i];
        if (!spec.enabled)
        {
            continue;
        }
        NodeContainer hosts;
        for (size_t j = 0; j < spec.hosts.count; j++)
        {
            hosts.Add(GetHost(spec.hosts.at[j]));
        }
        auto path = CreatePath(spec);
        const Ipv4Address natAddress = GetNatAddress(spec, uint8_t(i + 1));
        for (size_t j = 0; j < spec.middleboxes.count; j++)
        {
            path->AddMiddlebox(CreateMiddlebox(spec.middleboxes.at[j], natAddress));
        }
        m_pathOfAddress[natAddress] = &spec;
        path->Install(core, hosts, uint8_t(i + 1));
        path->AssignStreams(STREAM_PATH + STREAM_PATH_STEP * int64_t(i)); // the same whichever paths are enabled
        for (const auto& interface : path->GetInterfaces())
        {
            m_pathOfAddress[interface.address] = &spec;
        }
        m_paths.push_back({&spec, path, {}});
        if (spec.type == SCN_TRACE)
        {
            FollowTraces(m_paths.back(), i);
        }
    }
}

void
Topology::CreateLinks(Ptr<Node> core)
{
    if (m_scenario.links.count == 0)
    {
        return;
    }
    const int16_t first = 100; // of all of the router's routings
    auto routing = CreateObject<LinkRouting>([this](Ipv4Address address) { return GetPathOf(address); });
    for (size_t i = 0; i < m_scenario.links.count; i++)
    {
        const auto& spec = m_scenario.links.at[i];
        auto link = CreateObject<SharedLink>();
        SetWire(link, spec);
        link->Install(core, NodeContainer(), uint8_t(i + 1));
        link->AssignStreams(STREAM_LINK + STREAM_PATH_STEP * int64_t(i));
        routing->AddLink(spec.name, link->GetWire());
        m_links.push_back({&spec, link, {}});
    }
    DynamicCast<Ipv4ListRouting>(core->GetObject<Ipv4>()->GetRoutingProtocol())->AddRoutingProtocol(routing, first);
}

/** @return what a wire can carry; null: no trace says it */
static capacity*
ReadTrace(const scenario& s, const scn_path& spec, const std::string& key, const char* name, const char* sha256)
{
    char error[512];
    scn_arena arena{};
    if (std::string(name) == "none")
    {
        return nullptr;
    }
    capacity* trace = capacity_read(scenario_trace(&spec, name, sha256, &arena), spec.trace_loop, error, sizeof error);
    scn_arena_free(&arena);
    if (!trace)
    {
        throw ScenarioError(spec.mark, key, std::string("a trace; ") + error);
    }
    if (const char* contradicted = scenario_contradicts_trace(&s, &spec, trace, key == "trace_down"))
    {
        throw ScenarioError(spec.mark, key, contradicted);
    }
    return trace;
}

void
Topology::FollowTraces(Path& path, size_t index)
{
    const int64_t stream = STREAM_PATH + STREAM_PATH_STEP * int64_t(index) + STREAM_TRACE;
    auto near = DynamicCast<PointToPointNetDevice>(path.path->GetWire().Get(0));
    auto core = DynamicCast<PointToPointNetDevice>(path.path->GetWire().Get(1));
    path.traces.push_back(std::make_shared<TraceWire>(ReadTrace(m_scenario,
                                                                *path.spec,
                                                                "trace_down",
                                                                path.spec->trace_down,
                                                                path.spec->trace_down_sha256),
                                                      core,
                                                      near,
                                                      stream));
    path.traces.push_back(std::make_shared<TraceWire>(ReadTrace(m_scenario,
                                                                *path.spec,
                                                                "trace_up",
                                                                path.spec->trace_up,
                                                                path.spec->trace_up_sha256),
                                                      near,
                                                      core,
                                                      stream + 1));
}

void
Topology::AssignStreams()
{
    for (size_t i = 0; i < m_scenario.hosts.count; i++)
    {
        const NodeContainer host(GetHost(m_scenario.hosts.at[i].name));
        MptcpHelper::AssignStreams(host, STREAM_HOST + STREAM_HOST_STEP * int64_t(i));
        InternetStackHelper().AssignStreams(host, STREAM_HOST + STREAM_HOST_STEP * int64_t(i) + STREAM_HOST_STEP / 2);
    }
}

Ptr<Node>
Topology::GetHost(const std::string& name) const
{
    return m_hosts.at(name);
}

const std::vector<Topology::Path>&
Topology::GetPaths() const
{
    return m_paths;
}

const std::vector<Topology::Path>&
Topology::GetLinks() const
{
    return m_links;
}

std::vector<Topology::HostInterface>
Topology::GetInterfaces(const std::string& host) const
{
    std::vector<HostInterface> found;
    for (const auto& path : m_paths)
    {
        for (const auto& interface : path.path->GetInterfaces())
        {
            if (interface.host == GetHost(host))
            {
                found.push_back({&path, &interface});
            }
        }
    }
    return found;
}

std::vector<Topology::HostInterface>
Topology::GetClientInterfaces(const scn_flow& flow) const
{
    const auto all = GetInterfaces(flow.client);
    if (flow.paths.count == 0)
    {
        return all;
    }
    std::vector<HostInterface> chosen;
    for (size_t i = 0; i < flow.paths.count; i++)
    {
        std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const HostInterface& h) {
            return std::string(h.path->spec->name) == flow.paths.at[i];
        });
    }
    return chosen;
}

const scn_path*
Topology::GetPathOf(Ipv4Address address) const
{
    const auto found = m_pathOfAddress.find(address);
    return found == m_pathOfAddress.end() ? nullptr : found->second;
}

void
Topology::EnablePcap(const std::string& folder) const
{
    std::map<std::string, int> uses;
    for (const auto& [name, node] : m_hosts)
    {
        for (const auto& [path, interface] : GetInterfaces(name))
        {
            std::string file = folder + "/" + name + "-" + path->spec->name;
            if (++uses[file] > 1)
            {
                file += "-" + std::to_string(uses[file]);
            }
            InternetStackHelper().EnablePcapIpv4(file + ".pcap", node->GetObject<Ipv4>(), interface->index, true);
        }
    }
}

} // namespace experiment
