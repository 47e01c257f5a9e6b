/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "subflow-watch.h"

#include "ns3/inet-socket-address.h"
#include "ns3/mptcp-socket.h"
#include "ns3/simulator.h"

using namespace ns3;

namespace experiment
{

SubflowWatch::SubflowWatch(measure& all, measure_flow& flow, const Topology& topology, bool isClient)
    : m_measure(all),
      m_flow(flow),
      m_topology(topology),
      m_isClient(isClient)
{
}

void
SubflowWatch::Watch(Ptr<Socket> socket)
{
    if (m_isClient)
    {
        Attach(socket);
    }
    if (DynamicCast<MptcpSocket>(socket))
    {
        const auto connect = [&](const char* source, const CallbackBase& sink) {
            socket->TraceConnectWithoutContext(source, sink);
        };
        connect("SubflowUp", MakeCallback(&SubflowWatch::Notify<MEASURE_UP>, this));
        connect("SubflowDown", MakeCallback(&SubflowWatch::Notify<MEASURE_DOWN>, this));
        connect("Rtt", MakeCallback(&SubflowWatch::Notify<MEASURE_RTT>, this));
        connect("BytesRetransmitted", MakeCallback(&SubflowWatch::Notify<MEASURE_RETRANSMITTED>, this));
        connect("Timeouts", MakeCallback(&SubflowWatch::Notify<MEASURE_TIMEOUTS>, this));
        connect("Reinjected", MakeCallback(&SubflowWatch::Notify<MEASURE_REINJECTED>, this));
    }
}

void
SubflowWatch::Attach(Ptr<Socket> socket)
{
    m_socket = socket;
    if (!DynamicCast<MptcpSocket>(socket))
    {
        socket->TraceConnectWithoutContext("RTT", MakeCallback(&SubflowWatch::NotifyRtt, this));
    }
}

template <measure_subflow_kind KIND>
void
SubflowWatch::Notify(uint32_t subflowId, uint64_t, uint64_t newValue)
{
    Tell(KIND, subflowId, newValue);
}

void
SubflowWatch::NotifyRtt(Time, Time newValue)
{
    Tell(MEASURE_RTT, 0, uint64_t(newValue.GetNanoSeconds()));
}

void
SubflowWatch::Tell(measure_subflow_kind kind, uint32_t subflowId, uint64_t value)
{
    const scn_path* path = measure_knows_subflow(&m_flow, m_isClient, subflowId) ? nullptr : FindPath(subflowId);
    measure_subflow(&m_measure, &m_flow, m_isClient, subflowId, path, kind, Simulator::Now().GetNanoSeconds(), value);
}

const scn_path*
SubflowWatch::FindPath(uint32_t subflowId) const
{
    if (auto ours = DynamicCast<MptcpSocket>(m_socket))
    {
        for (const auto& subflow : ours->GetSubflows())
        {
            if (subflow.id == subflowId)
            {
                return PathOf(subflow.local, subflow.remote);
            }
        }
        return nullptr;
    }
    Address local;
    Address remote;
    const bool isKnown = m_socket && m_socket->GetSockName(local) == 0 && m_socket->GetPeerName(remote) == 0;
    return isKnown ? PathOf(local, remote) : nullptr;
}

/** The path is that of the client's address. */
const scn_path*
SubflowWatch::PathOf(const Address& local, const Address& remote) const
{
    return m_topology.GetPathOf(InetSocketAddress::ConvertFrom(m_isClient ? local : remote).GetIpv4());
}

} // namespace experiment
