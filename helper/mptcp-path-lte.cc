/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "mptcp-path-lte.h"

#include "ns3/config.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-helper.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPathLte);

TypeId
MptcpPathLte::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpPathLte")
                            .SetParent<MptcpPath>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpPathLte>()
                            .AddAttribute("Position",
                                          "Where the base station stands (m)",
                                          VectorValue(Vector(0, 0, 25)),
                                          MakeVectorAccessor(&MptcpPathLte::m_position),
                                          MakeVectorChecker())
                            .AddAttribute("ResourceBlocks",
                                          "Bandwidth of the cell: 6, 15, 25, 50, 75 or 100",
                                          UintegerValue(25),
                                          MakeUintegerAccessor(&MptcpPathLte::m_resourceBlocks),
                                          MakeUintegerChecker<uint32_t>(6, 100))
                            .AddAttribute("RadioQueue",
                                          "Limit of each bearer's send queue (bytes)",
                                          UintegerValue(300000),
                                          MakeUintegerAccessor(&MptcpPathLte::m_radioQueueBytes),
                                          MakeUintegerChecker<uint32_t>(1500));
    return tid;
}

MptcpPathLte::MptcpPathLte() = default;
MptcpPathLte::~MptcpPathLte() = default;

void
MptcpPathLte::DoDispose()
{
    m_lte = nullptr;
    m_epc = nullptr;
    m_devices = NetDeviceContainer();
    MptcpPath::DoDispose();
}

void
MptcpPathLte::DoInstall(Ptr<Node> core, const NodeContainer& hosts)
{
    Config::SetDefault("ns3::LteRlcAm::MaxTxBufferSize", UintegerValue(m_radioQueueBytes));
    m_lte = CreateObject<LteHelper>();
    m_epc = CreateObject<PointToPointEpcHelper>();
    m_lte->SetEpcHelper(m_epc);
    auto cell = InstallCell();
    RouteWire(InstallWire(m_epc->GetPgwNode(), core), "7.0.0.0", "255.0.0.0");

    auto devices = m_lte->InstallUeDevice(hosts);
    m_devices.Add(devices);
    m_epc->AssignUeIpv4Address(devices);
    for (uint32_t i = 0; i < hosts.GetN(); i++)
    {
        AddInterface(hosts.Get(i), devices.Get(i), m_epc->GetUeDefaultGatewayAddress());
        m_lte->Attach(devices.Get(i), cell);
    }
}

Ptr<NetDevice>
MptcpPathLte::InstallCell()
{
    auto enb = CreateObject<Node>();
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(m_position);
    enb->AggregateObject(mobility);
    m_lte->SetEnbDeviceAttribute("DlBandwidth", UintegerValue(m_resourceBlocks));
    m_lte->SetEnbDeviceAttribute("UlBandwidth", UintegerValue(m_resourceBlocks));
    m_devices.Add(m_lte->InstallEnbDevice(enb));
    auto rrc = DynamicCast<LteEnbNetDevice>(m_devices.Get(0))->GetRrc();
    rrc->SetAttribute("EpsBearerToRlcMapping", StringValue("RlcAmAlways"));
    rrc->SetAttribute("SrsPeriodicity", UintegerValue(40)); // room for more hosts than the default of some versions
    return m_devices.Get(0);
}

int64_t
MptcpPathLte::DoAssignStreams(int64_t stream)
{
    return m_lte->AssignStreams(m_devices, stream);
}

} // namespace ns3
