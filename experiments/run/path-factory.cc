/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "path-factory.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mptcp-path-ethernet.h"
#include "ns3/mptcp-path-lte.h"
#include "ns3/mptcp-path-wifi.h"
#include "ns3/queue-size.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

using namespace ns3;

namespace experiment
{

namespace
{

DataRateValue
Rate(double mbps)
{
    return DataRateValue(DataRate(uint64_t(mbps * 1e6)));
}

TimeValue
Delay(double ms)
{
    return TimeValue(NanoSeconds(int64_t(ms * 1e6)));
}

ObjectFactory
QueueDiscOf(const scn_path& spec)
{
    const QueueSizeValue limit(spec.queue_bytes > 0 ? QueueSize(QueueSizeUnit::BYTES, uint32_t(spec.queue_bytes))
                                                    : QueueSize(QueueSizeUnit::PACKETS, uint32_t(spec.queue_packets)));
    if (spec.queue_discipline == SCN_DROP_TAIL)
    {
        return ObjectFactory("ns3::FifoQueueDisc", "MaxSize", limit);
    }
    if (spec.queue_discipline != SCN_RED)
    {
        return ObjectFactory(spec.queue_discipline == SCN_CODEL ? "ns3::CoDelQueueDisc" : "ns3::FqCoDelQueueDisc",
                             "MaxSize",
                             limit,
                             "UseEcn",
                             BooleanValue(spec.ecn));
    }
    return ObjectFactory("ns3::RedQueueDisc",
                         "MaxSize",
                         limit,
                         "MinTh",
                         DoubleValue(spec.red_min_packets),
                         "MaxTh",
                         DoubleValue(spec.red_max_packets),
                         "LInterm",
                         DoubleValue(1 / spec.red_max_probability),
                         "MeanPktSize",
                         UintegerValue(1500),
                         "LinkBandwidth",
                         Rate(spec.rate_mbps),
                         "LinkDelay",
                         Delay(spec.delay_ms),
                         "UseEcn",
                         BooleanValue(spec.ecn),
                         "UseHardDrop",
                         BooleanValue(!spec.ecn));
}

Ptr<MptcpPath>
CreateWifi(const scn_path& spec)
{
    static const char* const standards[] = {"a", "n", "ac"};
    return CreateObjectWithAttributes<MptcpPathWifi>("Standard",
                                                     StringValue(standards[spec.standard]),
                                                     "Position",
                                                     VectorValue(Vector(spec.x_m, spec.y_m, 3)),
                                                     "Range",
                                                     DoubleValue(spec.range_m),
                                                     "PathLossExponent",
                                                     DoubleValue(spec.path_loss_exponent),
                                                     "RadioQueue",
                                                     UintegerValue(uint32_t(spec.radio_queue_packets)));
}

Ptr<MptcpPath>
CreateLte(const scn_path& spec)
{
    return CreateObjectWithAttributes<MptcpPathLte>("Position",
                                                    VectorValue(Vector(spec.x_m, spec.y_m, 25)),
                                                    "ResourceBlocks",
                                                    UintegerValue(
                                                        uint32_t(scenario_resource_blocks(spec.resource_blocks))),
                                                    "RadioQueue",
                                                    UintegerValue(uint32_t(spec.radio_queue_packets * 1500)));
}

Ptr<MptcpPath>
CreateEthernet(const scn_path& spec)
{
    return CreateObjectWithAttributes<MptcpPathEthernet>("Csma",
                                                         BooleanValue(spec.medium == SCN_CSMA),
                                                         "AccessRate",
                                                         Rate(spec.access_rate_mbps),
                                                         "AccessDelaySpread",
                                                         Delay(spec.access_delay_spread_ms));
}

} // namespace

Ptr<MptcpPath>
CreatePath(const scn_path& spec)
{
    auto path = spec.type == SCN_WIFI  ? CreateWifi(spec)
                : spec.type == SCN_LTE ? CreateLte(spec)
                                       : CreateEthernet(spec);
    SetWire(path, spec);
    return path;
}

void
SetWire(Ptr<MptcpPath> path, const scn_path& spec)
{
    path->SetAttribute("Rate", Rate(spec.rate_mbps));
    path->SetAttribute("Delay", Delay(spec.delay_ms));
    path->SetAttribute("QueueDisc", ObjectFactoryValue(QueueDiscOf(spec)));
    path->SetAttribute("LossDown", DoubleValue(spec.loss_down));
    path->SetAttribute("LossUp", DoubleValue(spec.loss_up));
}

} // namespace experiment
