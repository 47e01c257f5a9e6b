/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "walk.h"

#include "ns3/random-variable-stream.h"
#include "ns3/waypoint-mobility-model.h"

using namespace ns3;

namespace experiment
{

namespace
{

const double g_handHeightM = 1.5; //!< where a phone is carried

Ptr<WaypointMobilityModel>
CreateTrack(const scn_waypoints& waypoints)
{
    auto model = CreateObject<WaypointMobilityModel>();
    for (size_t i = 0; i < waypoints.count; i++)
    {
        const auto& point = waypoints.at[i];
        if (i == 0 && point.time_s > 0)
        {
            model->AddWaypoint(Waypoint(Seconds(0), Vector(point.x_m, point.y_m, g_handHeightM)));
        }
        model->AddWaypoint(Waypoint(Seconds(point.time_s), Vector(point.x_m, point.y_m, g_handHeightM)));
    }
    return model;
}

} // namespace

Ptr<MobilityModel>
CreateWalk(const scn_mobility& track, int64_t stream)
{
    if (track.waypoints.count > 0)
    {
        return CreateTrack(track.waypoints);
    }
    const Vector start(track.x_m, track.y_m, g_handHeightM);
    const Vector far(track.walk_to_x_m, track.walk_to_y_m, g_handHeightM);
    auto model = CreateObject<WaypointMobilityModel>();
    model->AddWaypoint(Waypoint(Seconds(0), start));
    if (track.speed_mps <= 0 || CalculateDistance(start, far) <= 0)
    {
        return model;
    }
    auto jitter = CreateObject<UniformRandomVariable>();
    jitter->SetStream(stream);
    const Time leave = Seconds(track.leave_s + jitter->GetValue(0, track.leave_jitter_s));
    const Time walk = Seconds(CalculateDistance(start, far) / track.speed_mps);
    if (leave.IsStrictlyPositive())
    {
        model->AddWaypoint(Waypoint(leave, start));
    }
    model->AddWaypoint(Waypoint(leave + walk, far));
    if (track.come_back)
    {
        const Time turn = leave + walk + Seconds(track.pause_s);
        if (track.pause_s > 0)
        {
            model->AddWaypoint(Waypoint(turn, far));
        }
        model->AddWaypoint(Waypoint(turn + walk, start));
    }
    return model;
}

} // namespace experiment
