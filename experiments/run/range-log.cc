/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "range-log.h"

using namespace ns3;

namespace experiment
{

namespace
{

void
NotifyInRange(measure* record, const scn_path* path, uint32_t interface, bool isInRange, Time since)
{
    measure_range_changed(record, path->hosts.at[interface], path, since.GetNanoSeconds(), isInRange);
}

} // namespace

void
LogRange(measure& record, const Topology& topology)
{
    for (const auto& path : topology.GetPaths())
    {
        if (path.spec->type == SCN_WIFI)
        {
            path.path->TraceConnectWithoutContext("InRange", MakeBoundCallback(&NotifyInRange, &record, path.spec));
        }
    }
}

} // namespace experiment
