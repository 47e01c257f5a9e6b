/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The only file of the engine that knows the three TCPs apart. */

#include "transport.h"

#include "policy_file.h"
#include "scenario-error.h"

#include "ns3/inet-socket-address.h"
#include "ns3/mpt_ext.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <set>

using namespace ns3;

namespace experiment
{

namespace
{

const uint32_t g_timestampOptionBytes = 12;

/** ns-3's TCP counts the payload alone, and has timers of its own; give it those of the core, which are Linux's. */
void
ConfigureNative(Ptr<Socket> socket, const scn_flow& flow)
{
    socket->SetAttribute("SegmentSize", UintegerValue(flow.mss_bytes - g_timestampOptionBytes));
    socket->SetAttribute("SndBufSize", UintegerValue(flow.send_buffer_bytes));
    socket->SetAttribute("RcvBufSize", UintegerValue(flow.receive_buffer_bytes));
    socket->SetAttribute("MinRto", TimeValue(MilliSeconds(200)));
    socket->SetAttribute("DelAckTimeout", TimeValue(MilliSeconds(40)));
    socket->SetAttribute("ConnTimeout", TimeValue(Seconds(1)));
    socket->SetAttribute("DataRetries", UintegerValue(15));
}

Ptr<Socket>
CreateNative(Ptr<Node> node, const scn_flow& flow)
{
    TypeId control;
    if (!TypeId::LookupByNameFailSafe(std::string("ns3::") + flow.congestion_control, &control) ||
        !control.IsChildOf(TypeId::LookupByName("ns3::TcpCongestionOps")))
    {
        throw ScenarioError(flow.mark, "congestion_control", "one of ns-3's, e.g. TcpLinuxReno or TcpCubic");
    }
    auto socket = node->GetObject<TcpL4Protocol>()->CreateSocket(control);
    ConfigureNative(socket, flow);
    return socket;
}

/**
 * @param kind of policy
 * @param key of the scenario
 * @param value name of a policy, or its file
 * @param add function of MptcpHelper that makes one known
 * @return the name
 */
template <class Ops>
StringValue
FindPolicy(policy_kind kind, const scn_flow& flow, const char* key, const char* value, void (*add)(const Ops&))
{
    if (!policy_is_file(value))
    {
        return StringValue(value);
    }
    const char* error = "";
    auto ops = static_cast<const Ops*>(policy_load(kind, value, &error));
    if (!ops)
    {
        throw ScenarioError(flow.mark, key, error);
    }
    add(*ops);
    return StringValue(ops->name);
}

Ptr<Socket>
CreateOurs(Ptr<Node> node, const scn_flow& flow)
{
    auto socket = MptcpHelper::GetMptcp(node)->CreateSocketOf(flow.protocol == SCN_MPTCP ? MptcpL4Protocol::MPTCP
                                                                                         : MptcpL4Protocol::TCP);
    socket->SetAttribute("CongestionControl",
                         FindPolicy(POLICY_CONGESTION_CONTROL,
                                    flow,
                                    "congestion_control",
                                    flow.congestion_control,
                                    &MptcpHelper::AddCongestionControl));
    socket->SetAttribute("Scheduler",
                         FindPolicy(POLICY_SCHEDULER, flow, "scheduler", flow.scheduler, &MptcpHelper::AddScheduler));
    socket->SetAttribute("PathManager",
                         FindPolicy(POLICY_PATH_MANAGER,
                                    flow,
                                    "path_manager",
                                    flow.path_manager,
                                    &MptcpHelper::AddPathManager));
    socket->SetAttribute("SendBuffer", UintegerValue(flow.send_buffer_bytes));
    socket->SetAttribute("ReceiveBuffer", UintegerValue(flow.receive_buffer_bytes));
    socket->SetAttribute("MssMax", UintegerValue(flow.mss_bytes));
    socket->SetAttribute("BlackholeTimeout", TimeValue(Time(0))); // a flow's lost SYNs say nothing of the next flow
    return socket;
}

} // namespace

Ptr<Socket>
CreateFlowSocket(Ptr<Node> node, const scn_flow& flow)
{
    auto socket = flow.protocol == SCN_NS3_TCP ? CreateNative(node, flow) : CreateOurs(node, flow);
    for (size_t i = 0; i < flow.settings.count; i++)
    {
        const std::string setting = flow.settings.at[i];
        const auto equals = setting.find('=');
        if (!socket->SetAttributeFailSafe(setting.substr(0, equals), StringValue(setting.substr(equals + 1))))
        {
            throw ScenarioError(flow.mark,
                                "settings",
                                "Attribute=value with an Attribute of " + socket->GetInstanceTypeId().GetName() +
                                    ", not \"" + setting + "\"");
        }
    }
    return socket;
}

void
CheckFlows(const scenario& s)
{
    auto host = CreateObject<Node>();
    MptcpHelper stack;
    stack.GetInternetStack().SetIpv6StackInstall(false);
    stack.Install(host);
    for (size_t i = 0; i < s.flows.count; i++)
    {
        CreateFlowSocket(host, s.flows.at[i]);
    }
    Simulator::Destroy();
}

bool
BindClient(Ptr<Socket> socket, const MptcpPath::Interface& interface)
{
    if (DynamicCast<MptcpSocket>(socket))
    {
        return socket->Bind(InetSocketAddress(interface.address, 0)) == 0;
    }
    if (socket->Bind() != 0) // ns-3's TCP takes its address from the route, so the device must say it
    {
        return false;
    }
    socket->BindToNetDevice(interface.device);
    return true;
}

void
RestrictClient(Ptr<Socket> socket, const scn_flow& flow, const Topology& topology)
{
    auto ours = DynamicCast<MptcpSocket>(socket);
    if (!ours || flow.protocol != SCN_MPTCP || flow.paths.count == 0)
    {
        return;
    }
    NetDeviceContainer devices;
    for (const auto& [path, interface] : topology.GetClientInterfaces(flow))
    {
        devices.Add(interface->device);
    }
    ours->RestrictToNetDevices(devices);
}

void
PrepareServer(const scn_flow& flow, const Topology& topology)
{
    if (flow.protocol != SCN_MPTCP)
    {
        return;
    }
    auto server = MptcpHelper::GetMptcp(topology.GetHost(flow.server));
    const auto interfaces = topology.GetInterfaces(flow.server);
    for (const auto& [path, interface] :
         interfaces) // the first one, too: after a time down it has to be heard of again
    {
        server->SetSignal(interface->device, interfaces.size() > 1);
    }
}

std::vector<std::pair<const char*, uint64_t>>
ReadCounters(Ptr<Node> host)
{
    static std::set<std::string> names; // those that were handed out
    std::vector<std::pair<const char*, uint64_t>> counters;
    for (const auto& [name, value] : MptcpHelper::GetMptcp(host)->GetCounters())
    {
        counters.emplace_back(names.insert(name).first->c_str(), value);
    }
    return counters;
}

void
SenderProbe::Watch(Ptr<Socket> socket)
{
    m_socket = socket;
    if (!DynamicCast<MptcpSocket>(socket))
    {
        socket->TraceConnectWithoutContext("CongestionWindow", MakeCallback(&SenderProbe::NotifyCwnd, this));
        socket->TraceConnectWithoutContext("RTT", MakeCallback(&SenderProbe::NotifyRtt, this));
    }
}

void
SenderProbe::NotifyCwnd(uint32_t, uint32_t newValue)
{
    m_cwndBytes = newValue;
}

void
SenderProbe::NotifyRtt(Time, Time newValue)
{
    m_rtt = newValue;
}

std::vector<SubflowState>
SenderProbe::Read() const
{
    std::vector<SubflowState> states;
    if (auto ours = DynamicCast<MptcpSocket>(m_socket))
    {
        for (const auto& subflow : ours->GetSubflows())
        {
            if (subflow.isEstablished)
            {
                states.push_back({InetSocketAddress::ConvertFrom(subflow.local).GetIpv4(),
                                  InetSocketAddress::ConvertFrom(subflow.remote).GetIpv4(),
                                  subflow.cwndBytes,
                                  subflow.srtt});
            }
        }
    }
    else if (m_socket)
    {
        Address local;
        Address remote;
        if (m_socket->GetSockName(local) == 0 && m_socket->GetPeerName(remote) == 0)
        {
            states.push_back({InetSocketAddress::ConvertFrom(local).GetIpv4(),
                              InetSocketAddress::ConvertFrom(remote).GetIpv4(),
                              m_cwndBytes,
                              m_rtt});
        }
    }
    return states;
}

uint64_t
SenderProbe::GetReinjectedBytes() const
{
    auto ours = DynamicCast<MptcpSocket>(m_socket);
    return ours ? ours->GetConnectionInfo().bytesReinjected : 0;
}

bool
SenderProbe::HasFallenBack() const
{
    auto ours = DynamicCast<MptcpSocket>(m_socket);
    return ours && ours->GetConnectionInfo().mode == MptcpConnectionInfo::FALLBACK;
}

} // namespace experiment
