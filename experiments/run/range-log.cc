/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "range-log.h"

#include <algorithm>

using namespace ns3;

namespace experiment
{

RangeLog::RangeLog(const Topology& topology)
{
    for (const auto& path : topology.GetPaths())
    {
        if (path.spec->type != SCN_WIFI)
        {
            continue;
        }
        path.path->TraceConnectWithoutContext("InRange", MakeBoundCallback(&RangeLog::NotifyInRange, this, &path));
        for (size_t i = 0; i < path.spec->hosts.count; i++)
        {
            m_changes[{path.spec->hosts.at[i], path.spec->name}];
        }
    }
}

void
RangeLog::NotifyInRange(RangeLog* log, const Topology::Path* path, uint32_t interface, bool isInRange, Time since)
{
    log->m_changes.at({path->spec->hosts.at[interface], path->spec->name}).push_back({since, isInRange});
}

bool
RangeLog::IsKnown(const std::string& host, const std::string& path) const
{
    return m_changes.count({host, path}) > 0;
}

const RangeLog::Changes&
RangeLog::GetChanges(const std::string& host, const std::string& path) const
{
    return m_changes.at({host, path});
}

bool
RangeLog::IsInRange(const std::string& host, const std::string& path, Time time) const
{
    bool isInRange = false;
    for (const auto& change : GetChanges(host, path))
    {
        if (change.time > time)
        {
            break;
        }
        isInRange = change.isInRange;
    }
    return isInRange;
}

std::vector<Interval>
RangeLog::GetIntervals(const std::string& host, const std::string& path, bool isInRange, Time from, Time to) const
{
    std::vector<Interval> intervals;
    Time begin = from;
    bool state = IsInRange(host, path, from);
    auto close = [&](Time end) {
        if (state == isInRange && end > begin)
        {
            intervals.push_back({begin, end});
        }
        begin = end;
    };
    for (const auto& change : GetChanges(host, path))
    {
        if (change.time > from && change.time < to && change.isInRange != state)
        {
            close(change.time);
            state = change.isInRange;
        }
    }
    close(to);
    return intervals;
}

} // namespace experiment
