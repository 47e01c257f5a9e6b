/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "flow.h"

#include "content.h"
#include "scenario-error.h"
#include "streams.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdio>

using namespace ns3;

namespace experiment
{

Flow::Flow(measure& all, const Topology& topology, size_t index, std::function<void()> onClosed)
    : m_measure(all),
      m_record(all.flows[index]),
      m_spec(*m_record.spec),
      m_topology(topology),
      m_port(uint16_t(5001 + index)),
      m_onClosed(std::move(onClosed)),
      m_clientWatch(all, m_record, topology, true),
      m_serverWatch(all, m_record, topology, false)
{
    auto jitter = CreateObject<UniformRandomVariable>();
    jitter->SetStream(STREAM_FLOW + int64_t(index));
    m_record.start_ns = Seconds(m_spec.start_s + jitter->GetValue(0, m_spec.start_jitter_s)).GetNanoSeconds();
    PrepareServer(m_spec, topology);
}

void
Flow::Schedule()
{
    Listen();
    Simulator::Schedule(NanoSeconds(m_record.start_ns), &Flow::Connect, this);
    if (m_spec.stop_s > 0)
    {
        Simulator::Schedule(Seconds(m_spec.stop_s), &Flow::Stop, this);
    }
}

void
Flow::Listen()
{
    m_listener = CreateFlowSocket(m_topology.GetHost(m_spec.server), m_spec);
    m_serverWatch.Watch(m_listener); // what it accepts is watched, too
    if (m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) != 0 || m_listener->Listen() != 0)
    {
        throw ScenarioError(m_spec.mark,
                            "congestion_control, scheduler, path_manager, settings",
                            "names and values that " + m_listener->GetInstanceTypeId().GetName() + " knows");
    }
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&Flow::Accept, this));
}

/** MPTCP, which may use any of them, begins on the first path whose link is up, if there is one. */
const MptcpPath::Interface&
Flow::FindFirstInterface() const
{
    const auto interfaces = m_topology.GetClientInterfaces(m_spec);
    for (const auto& [path, interface] : interfaces)
    {
        if (m_spec.protocol == SCN_MPTCP && interface->host->GetObject<Ipv4>()->IsUp(interface->index))
        {
            return *interface;
        }
    }
    return *interfaces.front().interface;
}

void
Flow::Connect()
{
    const auto server = m_topology.GetInterfaces(m_spec.server).front().interface->address;
    m_client = CreateFlowSocket(m_topology.GetHost(m_spec.client), m_spec);
    RestrictClient(m_client, m_spec, m_topology);
    m_clientWatch.Watch(m_client);
    m_client->SetConnectCallback(MakeCallback(&Flow::NotifyConnected, this), MakeCallback(&Flow::NotifyFailed, this));
    if (!BindClient(m_client, FindFirstInterface()) || m_client->Connect(InetSocketAddress(server, m_port)) != 0)
    {
        NotifyFailed(m_client);
    }
}

void
Flow::Accept(Ptr<Socket> socket, const Address&)
{
    m_serverWatch.Attach(socket);
    Attach(socket, IsServerSending());
}

void
Flow::NotifyConnected(Ptr<Socket> socket)
{
    m_record.is_connected = true;
    measure_flow_event(&m_measure, Simulator::Now().GetNanoSeconds(), "connected", &m_record, nullptr, "");
    Attach(socket, !IsServerSending());
}

void
Flow::NotifyFailed(Ptr<Socket>)
{
    TellFailed("cannot connect");
}

void
Flow::Attach(Ptr<Socket> socket, bool isSender)
{
    socket->SetRecvCallback(MakeCallback(&Flow::NotifyReadable, this));
    socket->SetCloseCallbacks(MakeCallback(&Flow::NotifyPeerClosed, this), MakeCallback(&Flow::NotifyBroken, this));
    if (isSender)
    {
        m_sender = socket;
        m_probe.Watch(socket);
        socket->SetSendCallback(MakeCallback(&Flow::NotifyWritable, this));
        NotifyWritable(socket, socket->GetTxAvailable());
    }
    else
    {
        NotifyReadable(socket);
    }
}

/** Large pieces, because applications that write a segment at a time cost more than the transport below them. */
uint32_t
Flow::NextWriteBytes() const
{
    const uint64_t piece = std::min<uint64_t>(16384, uint64_t(m_spec.send_buffer_bytes) / 2);
    return uint32_t(m_spec.bytes > 0 ? std::min<uint64_t>(piece, uint64_t(m_spec.bytes) - m_written) : piece);
}

void
Flow::NotifyWritable(Ptr<Socket> socket, uint32_t)
{
    while (!m_isStopped)
    {
        const uint32_t bytes = NextWriteBytes();
        if (bytes == 0)
        {
            Stop();
            return;
        }
        if (socket->GetTxAvailable() < bytes ||
            socket->Send(m_spec.check_content ? CreateContent(IsServerSending(), m_written, bytes)
                                              : Create<Packet>(bytes)) < 0)
        {
            return;
        }
        m_written += bytes;
    }
}

void
Flow::NotifyReadable(Ptr<Socket> socket)
{
    for (auto packet = socket->Recv(); packet && packet->GetSize() > 0; packet = socket->Recv())
    {
        if (m_spec.check_content && !m_record.is_damaged &&
            !IsContent(packet, IsServerSending(), m_record.received_bytes))
        {
            m_record.is_damaged = true;
            std::fprintf(stderr,
                         "flow %s: content differs within %u bytes from offset %llu, at %.6f s\n",
                         m_spec.name,
                         packet->GetSize(),
                         static_cast<unsigned long long>(m_record.received_bytes),
                         Simulator::Now().GetSeconds());
        }
        measure_delivered(&m_record, Simulator::Now().GetNanoSeconds(), packet->GetSize());
    }
}

void
Flow::NotifyPeerClosed(Ptr<Socket> socket)
{
    socket->Close();
    if (++m_record.sides_closed == 2)
    {
        m_onClosed();
    }
}

void
Flow::NotifyBroken(Ptr<Socket>)
{
    TellFailed("connection broke");
}

void
Flow::TellFailed(const char* what)
{
    std::fprintf(stderr, "flow %s: %s at %.3f s\n", m_spec.name, what, Simulator::Now().GetSeconds());
    measure_failed(&m_measure, Simulator::Now().GetNanoSeconds(), &m_record, what);
}

/** The sender says that no more will come; it closes when the receiver has answered, as it is observed until then. */
void
Flow::Stop()
{
    if (!m_isStopped && m_sender)
    {
        m_sender->ShutdownSend();
    }
    m_isStopped = true;
}

const scn_flow&
Flow::GetSpec() const
{
    return m_spec;
}

void
Flow::Finish()
{
    m_record.bytes_reinjected = m_probe.GetReinjectedBytes();
    m_record.has_fallen_back = m_probe.HasFallenBack();
}

measure_flow&
Flow::GetRecord() const
{
    return m_record;
}

bool
Flow::IsServerSending() const
{
    return m_spec.direction == SCN_DOWNLOAD;
}

uint16_t
Flow::GetPort() const
{
    return m_port;
}

const SenderProbe&
Flow::GetProbe() const
{
    return m_probe;
}

} // namespace experiment
