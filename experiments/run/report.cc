/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report.h"

#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

using namespace ns3;

namespace experiment
{

namespace
{

double
Mbps(uint64_t bytes, Time duration)
{
    return duration.IsStrictlyPositive() ? double(bytes) * 8e-6 / duration.GetSeconds() : 0;
}

double
MbpsWithin(const ByteLog& log, const std::vector<Interval>& intervals)
{
    uint64_t bytes = 0;
    Time duration(0);
    for (const auto& interval : intervals)
    {
        bytes += log.Between(interval.from, interval.to);
        duration += interval.to - interval.from;
    }
    return Mbps(bytes, duration);
}

double
Mean(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

std::string
EntityOf(const Flow& flow)
{
    return std::string("flow:") + flow.GetSpec().name;
}

} // namespace

Report::Report(const Logs& logs, FILE* out)
    : m_logs(logs),
      m_out(out)
{
}

void
Report::Metric(const std::string& name, const std::string& entity, const std::string& unit, double value) const
{
    std::fprintf(m_out, "metric\t%s\t%s\t%s\t%.17g\n", name.c_str(), entity.c_str(), unit.c_str(), value);
}

// ---- Series -----------------------------------------------------------------------------------------------------

void
Report::PrintSeries() const
{
    if (Sampler::IsWanted(m_logs.spec, "goodput"))
    {
        for (const auto& flow : m_logs.flows)
        {
            PrintGoodputSeries(EntityOf(*flow), flow->GetDelivered());
            for (const auto& [path, log] : m_logs.paths.GetLogs(*flow))
            {
                PrintGoodputSeries(EntityOf(*flow) + " path:" + path, log);
            }
        }
    }
    for (size_t i = 0; Sampler::IsWanted(m_logs.spec, "in_range") && i < m_logs.spec.paths.count; i++)
    {
        const auto& path = m_logs.spec.paths.at[i];
        for (size_t j = 0; j < path.hosts.count; j++)
        {
            if (m_logs.range.IsKnown(path.hosts.at[j], path.name))
            {
                PrintRangeSeries(path, path.hosts.at[j]);
            }
        }
    }
}

void
Report::PrintGoodputSeries(const std::string& entity, const ByteLog& log) const
{
    const Time interval = MilliSeconds(m_logs.spec.sampling.interval_ms);
    for (Time time = interval; time <= m_logs.end; time += interval)
    {
        std::fprintf(m_out, "sample\tgoodput %s Mb/s\t%lld\t%.17g\n", entity.c_str(),
                     static_cast<long long>(time.GetMicroSeconds()), Mbps(log.Between(time - interval, time), interval));
    }
}

void
Report::PrintRangeSeries(const scn_path& path, const std::string& host) const
{
    const Time interval = MilliSeconds(m_logs.spec.sampling.interval_ms);
    const std::string entity = (path.hosts.count > 1 ? "host:" + host + " " : "") + "path:" + path.name;
    for (Time time = interval; time <= m_logs.end; time += interval)
    {
        std::fprintf(m_out, "sample\tin_range %s bool\t%lld\t%d\n", entity.c_str(),
                     static_cast<long long>(time.GetMicroSeconds()), m_logs.range.IsInRange(host, path.name, time));
    }
}

// ---- Metrics ----------------------------------------------------------------------------------------------------

void
Report::PrintMetrics() const
{
    for (const auto& flow : m_logs.flows)
    {
        PrintFlow(*flow);
        PrintPaths(*flow);
        PrintRange(*flow);
        PrintSquareRootLaw(*flow);
    }
    PrintFairness();
    PrintMiddleboxes();
}

/** From the flow's start, or measure_from_s if that is later, to its end. */
double
Report::GetGoodputMbps(const Flow& flow) const
{
    const Time from = std::max(flow.GetStart(), Seconds(m_logs.spec.measure_from_s));
    const Time to = flow.GetEnd(m_logs.end);
    return Mbps(flow.GetDelivered().Between(from, to), to - from);
}

void
Report::PrintFlow(const Flow& flow) const
{
    const std::string entity = EntityOf(flow);
    const Time end = flow.GetEnd(m_logs.end);
    Metric("goodput", entity, "Mb/s", GetGoodputMbps(flow));
    Metric("bytes_delivered", entity, "bytes", double(flow.GetDelivered().Total()));
    if (const auto first = flow.GetDelivered().FirstAfter(Time(0)))
    {
        Metric("stall_max", entity, "s", flow.GetDelivered().LongestGap(*first, std::max(*first, end)).GetSeconds());
    }
    if (flow.IsComplete())
    {
        Metric("completion_time", entity, "s", (end - flow.GetStart()).GetSeconds());
    }
    if (flow.GetSpec().bytes > 0)
    {
        Metric("closed", entity, "bool", flow.IsClosed());
    }
    if (flow.GetSpec().protocol == SCN_MPTCP)
    {
        Metric("bytes_reinjected", entity, "bytes", double(flow.GetProbe().GetReinjectedBytes()));
        Metric("fell_back", entity, "bool", flow.GetProbe().HasFallenBack());
    }
}

/** Shares are of what arrived over the client's paths; a server's paths, where it has several, have theirs, too. */
void
Report::PrintPaths(const Flow& flow) const
{
    uint64_t all = 0;
    const auto& spec = flow.GetSpec();
    const auto& logs = m_logs.paths.GetLogs(flow);
    auto isOf = [this](const std::string& path, const char* host) {
        for (size_t i = 0; i < m_logs.spec.paths.count; i++)
        {
            const auto& hosts = m_logs.spec.paths.at[i].hosts;
            for (size_t j = 0; path == m_logs.spec.paths.at[i].name && j < hosts.count; j++)
            {
                if (std::strcmp(hosts.at[j], host) == 0)
                {
                    return true;
                }
            }
        }
        return false;
    };
    for (const auto& [path, log] : logs)
    {
        all += isOf(path, spec.client) ? log.Total() : 0;
    }
    const Time from = std::max(flow.GetStart(), Seconds(m_logs.spec.measure_from_s));
    const Time to = flow.GetEnd(m_logs.end);
    for (const auto& [path, log] : logs)
    {
        const std::string entity = EntityOf(flow) + " path:" + path;
        Metric("goodput", entity, "Mb/s", Mbps(log.Between(from, to), to - from));
        if (all > 0)
        {
            Metric("path_share", entity, "fraction", double(log.Total()) / double(all));
        }
    }
}

/** @return the first Wi-Fi path that the flow's client has an interface on, used by the flow or not; or "" */
std::string
Report::FindWifi(const Flow& flow) const
{
    for (size_t i = 0; i < m_logs.spec.paths.count; i++)
    {
        if (m_logs.range.IsKnown(flow.GetSpec().client, m_logs.spec.paths.at[i].name))
        {
            return m_logs.spec.paths.at[i].name;
        }
    }
    return "";
}

void
Report::PrintRange(const Flow& flow) const
{
    const std::string wifi = FindWifi(flow);
    if (wifi.empty())
    {
        return;
    }
    for (const bool isInRange : {true, false})
    {
        const auto intervals = m_logs.range.GetIntervals(flow.GetSpec().client, wifi, isInRange, flow.GetStart(),
                                                         flow.GetEnd(m_logs.end));
        if (intervals.empty())
        {
            continue;
        }
        const std::string name = isInRange ? "goodput_in_range" : "goodput_out_of_range";
        Metric(name, EntityOf(flow), "Mb/s", MbpsWithin(flow.GetDelivered(), intervals));
        for (const auto& [path, log] : m_logs.paths.GetLogs(flow))
        {
            Metric(name, EntityOf(flow) + " path:" + path, "Mb/s", MbpsWithin(log, intervals));
        }
    }
    PrintRecovery(flow, wifi);
}

/**
 * The longest time from the moment a path leaves range to the next delivery. A path that the flow uses has left with
 * the last byte that arrived over it, any other with the last beacon.
 */
void
Report::PrintRecovery(const Flow& flow, const std::string& path) const
{
    const Time end = flow.GetEnd(m_logs.end);
    const auto& logs = m_logs.paths.GetLogs(flow);
    const auto used = logs.find(path);
    Time longest(-1);
    for (const auto& out : m_logs.range.GetIntervals(flow.GetSpec().client, path, false, flow.GetStart(), end))
    {
        const auto last = used == logs.end() ? std::nullopt : used->second.LastUntil(out.to);
        const Time left = last.value_or(out.from);
        const auto next = flow.GetDelivered().FirstAfter(left);
        if (out.from > flow.GetStart() && next)
        {
            longest = std::max(longest, *next - left);
        }
    }
    if (!longest.IsNegative())
    {
        Metric("recovery_time", EntityOf(flow), "s", longest.GetSeconds());
    }
}

/** K = x T sqrt(p) for a single-path flow over Ethernets with random loss, in packets; T is the paths' own delay. */
void
Report::PrintSquareRootLaw(const Flow& flow) const
{
    const auto& spec = flow.GetSpec();
    double loss = 0;
    double rtt = 0;
    for (size_t i = 0; i < m_logs.spec.paths.count; i++)
    {
        const auto& path = m_logs.spec.paths.at[i];
        const auto& logs = m_logs.paths.GetLogs(flow);
        const bool isServer = path.enabled && path.hosts.count == 1 && std::strcmp(path.hosts.at[0], spec.server) == 0;
        if (!isServer && (logs.count(path.name) == 0 || logs.size() > 1))
        {
            continue;
        }
        if (path.type != SCN_ETHERNET)
        {
            return;
        }
        const bool isTowardsHosts = (spec.direction == SCN_DOWNLOAD) != isServer;
        loss += isTowardsHosts ? path.loss_down : path.loss_up;
        rtt += 2e-3 * path.delay_ms;
    }
    if (loss > 0 && spec.protocol != SCN_MPTCP)
    {
        const double payload = double(spec.mss_bytes) - 12; // the timestamp option takes the rest
        Metric("sqrt_law_k", EntityOf(flow), "packets", GetGoodputMbps(flow) / 8e-6 / payload * rtt * std::sqrt(loss));
    }
}

void
Report::PrintMiddleboxes() const
{
    for (const auto& path : m_logs.topology.GetPaths())
    {
        uint64_t actions = 0;
        for (const auto& box : path.path->GetMiddleboxes())
        {
            actions += box->GetActions();
        }
        if (path.spec->middleboxes.count > 0)
        {
            Metric("middlebox_actions", std::string("path:") + path.spec->name, "segments", double(actions));
        }
    }
}

std::vector<double>
Report::GetGoodputs(int64_t protocol) const
{
    std::vector<double> goodputs;
    for (const auto& flow : m_logs.flows)
    {
        if (flow->GetSpec().protocol == protocol)
        {
            goodputs.push_back(GetGoodputMbps(*flow));
        }
    }
    return goodputs;
}

void
Report::PrintFairness() const
{
    if (m_logs.flows.size() < 2)
    {
        return;
    }
    double sum = 0;
    double squares = 0;
    for (const auto& flow : m_logs.flows)
    {
        sum += GetGoodputMbps(*flow);
        squares += std::pow(GetGoodputMbps(*flow), 2);
    }
    if (squares > 0)
    {
        Metric("jain", "", "1", sum * sum / (double(m_logs.flows.size()) * squares));
    }
    const auto multi = GetGoodputs(SCN_MPTCP);
    const auto single = GetGoodputs(SCN_TCP);
    const auto native = GetGoodputs(SCN_NS3_TCP);
    const auto& reference = single.empty() ? native : single;
    if (!multi.empty() && !reference.empty() && Mean(reference) > 0)
    {
        Metric("ratio_to_tcp", "", "1", Mean(multi) / Mean(reference));
    }
    if (!single.empty() && !native.empty() && Mean(native) > 0)
    {
        Metric("ratio_to_ns3_tcp", "", "1", Mean(single) / Mean(native));
    }
}

} // namespace experiment
