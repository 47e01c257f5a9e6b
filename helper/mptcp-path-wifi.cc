/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "mptcp-path-wifi.h"

#include "ns3/arp-cache.h"
#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/txop.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mac-helper.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-helper.h"

#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPathWifi);

TypeId
MptcpPathWifi::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpPathWifi")
            .SetParent<MptcpPath>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpPathWifi>()
            .AddAttribute("Standard",
                          "IEEE 802.11 standard: a, n or ac; 20 MHz in the 5 GHz band",
                          StringValue("a"),
                          MakeStringAccessor(&MptcpPathWifi::m_standard),
                          MakeStringChecker())
            .AddAttribute("Position",
                          "Where the access point stands (m)",
                          VectorValue(Vector(0, 0, 3)),
                          MakeVectorAccessor(&MptcpPathWifi::m_position),
                          MakeVectorChecker())
            .AddAttribute("Range",
                          "Distance at which frames begin to go undetected (m); sets the transmit power",
                          DoubleValue(30),
                          MakeDoubleAccessor(&MptcpPathWifi::m_range),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("PathLossExponent",
                          "Exponent of the log-distance path loss model",
                          DoubleValue(3),
                          MakeDoubleAccessor(&MptcpPathWifi::m_pathLossExponent),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("RadioQueue",
                          "Limit of each radio's send queue (packets)",
                          UintegerValue(200),
                          MakeUintegerAccessor(&MptcpPathWifi::m_radioQueuePackets),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("InRange",
                            "A station became associated with the access point, or lost its association",
                            MakeTraceSourceAccessor(&MptcpPathWifi::m_inRange),
                            "ns3::MptcpPathWifi::InRangeTracedCallback");
    return tid;
}

void
MptcpPathWifi::DoDispose()
{
    m_devices = NetDeviceContainer();
    MptcpPath::DoDispose();
}

bool
MptcpPathWifi::IsInRange(uint32_t interface) const
{
    return m_stations.at(interface).isAssociated;
}

double
MptcpPathWifi::GetTransmitPowerDbm() const
{
    const double referenceLossDb = 46.6777; // of LogDistancePropagationLossModel: 1 m at 5.15 GHz
    const double detectionDbm = -82;        // of ThresholdPreambleDetectionModel: IEEE 802.11, 20 MHz
    return detectionDbm + referenceLossDb + 10 * m_pathLossExponent * std::log10(m_range);
}

void
MptcpPathWifi::DoInstall(Ptr<Node> core, const NodeContainer& hosts)
{
    auto ap = CreateRouter();
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(m_position);
    ap->AggregateObject(mobility);
    RouteWire(InstallWire(ap, core), GetHostNetwork(), "255.255.255.0");

    InstallRadio(ap, hosts);
    auto ends = Ipv4AddressHelper(GetHostNetwork(), "255.255.255.0").Assign(m_devices);
    TrafficControlHelper().Uninstall(m_devices); // one queue, the radio's
    m_stations.resize(hosts.GetN());
    for (uint32_t i = 0; i < m_devices.GetN(); i++)
    {
        LimitQueue(m_devices.Get(i));
        // A neighbour that was out of reach must not stay forgotten for ArpCache's default of 100 s.
        auto l3 = DynamicCast<Ipv4L3Protocol>(ends.Get(i).first);
        l3->GetInterface(ends.Get(i).second)->GetArpCache()->SetDeadTimeout(Seconds(1));
    }
    for (uint32_t i = 0; i < hosts.GetN(); i++)
    {
        AddInterface(hosts.Get(i), m_devices.Get(i + 1), ends.GetAddress(0));
        WatchStation(i);
    }
}

void
MptcpPathWifi::InstallRadio(Ptr<Node> ap, const NodeContainer& hosts)
{
    const bool isLegacy = m_standard == "a";
    WifiHelper wifi;
    wifi.SetStandard(isLegacy            ? WIFI_STANDARD_80211a
                     : m_standard == "n" ? WIFI_STANDARD_80211n
                                         : WIFI_STANDARD_80211ac);
    wifi.SetRemoteStationManager(isLegacy ? "ns3::MinstrelWifiManager" : "ns3::MinstrelHtWifiManager");

    YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel", "Exponent", DoubleValue(m_pathLossExponent));
    YansWifiPhyHelper phy;
    phy.SetChannel(channel.Create());
    phy.Set("ChannelSettings", StringValue("{0, 20, BAND_5GHZ, 0}"));
    phy.Set("TxPowerStart", DoubleValue(GetTransmitPowerDbm()));
    phy.Set("TxPowerEnd", DoubleValue(GetTransmitPowerDbm()));

    WifiMacHelper mac;
    const Ssid ssid("mptcp");
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(ssid), "QosSupported", BooleanValue(!isLegacy));
    m_devices.Add(wifi.Install(phy, mac, ap));
    mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(ssid), "QosSupported", BooleanValue(!isLegacy));
    m_devices.Add(wifi.Install(phy, mac, hosts));
}

void
MptcpPathWifi::LimitQueue(Ptr<NetDevice> device) const
{
    auto mac = DynamicCast<WifiNetDevice>(device)->GetMac();
    PointerValue txop;
    mac->GetAttribute(m_standard == "a" ? "Txop" : "BE_Txop", txop);
    txop.Get<Txop>()->GetWifiMacQueue()->SetMaxSize(QueueSize(QueueSizeUnit::PACKETS, m_radioQueuePackets));
}

void
MptcpPathWifi::WatchStation(uint32_t interface)
{
    auto mac = DynamicCast<WifiNetDevice>(m_devices.Get(interface + 1))->GetMac();
    mac->TraceConnectWithoutContext("BeaconArrival", MakeBoundCallback(&MptcpPathWifi::NotifyBeacon, this, interface));
    mac->TraceConnectWithoutContext("Assoc", MakeBoundCallback(&MptcpPathWifi::NotifyAssociated, this, interface));
    mac->TraceConnectWithoutContext("DeAssoc", MakeBoundCallback(&MptcpPathWifi::NotifyDisassociated, this, interface));
}

void
MptcpPathWifi::NotifyBeacon(MptcpPathWifi* path, uint32_t interface, Time time)
{
    path->m_stations[interface].lastBeacon = time;
}

void
MptcpPathWifi::NotifyAssociated(MptcpPathWifi* path, uint32_t interface, Mac48Address)
{
    path->m_stations[interface].isAssociated = true;
    path->m_inRange(interface, true, Simulator::Now());
}

void
MptcpPathWifi::NotifyDisassociated(MptcpPathWifi* path, uint32_t interface, Mac48Address)
{
    path->m_stations[interface].isAssociated = false;
    path->m_inRange(interface, false, path->m_stations[interface].lastBeacon);
}

int64_t
MptcpPathWifi::DoAssignStreams(int64_t stream)
{
    return WifiHelper().AssignStreams(m_devices, stream);
}

} // namespace ns3
