/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * What the core says of a connection, as callbacks and trace sources of its MptcpSocket.
 */

#include "mptcp-socket.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-stack.h"

#include <algorithm>

namespace ns3
{

void
MptcpSocket::Accepted(MptcpConnection* connection, const Address& from, MptcpSocket& listener)
{
    m_connection = connection;
    m_local = GetStack()->GetLocal(*connection);
    m_remote = from;
    m_phase = Phase::CONNECTED;
    listener.NotifyNewConnectionCreated(this, from);
    // Data may have come with the end of the handshake; they are read before an application writes and closes.
    if (m_connection)
    {
        Readable();
    }
    Writable();
}

void
MptcpSocket::Connected()
{
    m_phase = Phase::CONNECTED;
    NotifyConnectionSucceeded();
    Writable();
}

void
MptcpSocket::Readable()
{
    if (m_isRecvShut)
    {
        while (GetRxAvailable() > 0)
        {
            GetStack()->Read(*m_connection, UINT32_MAX);
        }
    }
    else if (GetRxAvailable() > 0)
    {
        NotifyDataRecv();
    }
    if (m_connection && GetStack()->HasPeerEnded(*m_connection))
    {
        NotifyNormalCloseOnce();
        CloseAfterPeer();
    }
}

void
MptcpSocket::CloseAfterPeer()
{
    if (!m_connection || GetRxAvailable() > 0 || !GetStack()->HasPeerEnded(*m_connection))
    {
        return;
    }
    if (m_hasEnded)
    {
        Release();
    }
    else if (m_isSendShut)
    {
        ShutdownSend();
    }
}

void
MptcpSocket::Writable()
{
    if (m_phase == Phase::CONNECTED && !m_isSendShut && GetTxAvailable() > 0)
    {
        NotifySend(GetTxAvailable());
    }
}

void
MptcpSocket::Sent(uint32_t bytes)
{
    NotifyDataSent(bytes);
}

void
MptcpSocket::Ended()
{
    m_hasEnded = true;
    NotifyNormalCloseOnce();
    CloseAfterPeer();
}

void
MptcpSocket::Failed()
{
    const Phase phase = m_phase;
    m_errno = ERROR_NOTCONN;
    Release();
    if (phase == Phase::CONNECTING)
    {
        NotifyConnectionFailed();
    }
    else if (phase == Phase::CONNECTED && !m_isCloseNotified)
    {
        m_isCloseNotified = true;
        NotifyErrorClose();
    }
}

void
MptcpSocket::NotifyNormalCloseOnce()
{
    if (!m_isCloseNotified)
    {
        m_isCloseNotified = true;
        NotifyNormalClose();
    }
}

// ---- Trace sources -------------------------------------------------------------------------------------------------

template <typename Function>
void
MptcpSocket::With(Sources& sources, uint32_t kind, Function function)
{
    const auto values = static_cast<uint32_t>(sources.values.size());
    if (kind < values)
    {
        function(sources.values[kind]);
    }
    else if (kind - values < sources.subflows.size())
    {
        function(sources.subflows[kind - values]);
    }
    else
    {
        function(sources.segments.at(kind - values - sources.subflows.size()));
    }
}

void
MptcpSocket::ConnectTrace(uint32_t kind, const CallbackBase& sink, const std::string& context)
{
    if (m_l4)
    {
        m_l4->EnableTrace(kind);
    }
    if (context.empty())
    {
        With(m_sources, kind, [&](auto& source) { source.ConnectWithoutContext(sink); });
        return;
    }
    With(m_contextSources, kind, [&](auto& source) { source.Connect(sink, context); });
    m_contextSinks.push_back({kind, sink, context});
}

void
MptcpSocket::DisconnectTrace(uint32_t kind, const CallbackBase& sink, const std::string& context)
{
    if (context.empty())
    {
        With(m_sources, kind, [&](auto& source) { source.DisconnectWithoutContext(sink); });
        return;
    }
    With(m_contextSources, kind, [&](auto& source) { source.Disconnect(sink, context); });
    const auto isIt = [&](const ContextSink& other) {
        return other.kind == kind && other.context == context && other.sink.GetImpl()->IsEqual(sink.GetImpl());
    };
    m_contextSinks.erase(std::remove_if(m_contextSinks.begin(), m_contextSinks.end(), isIt), m_contextSinks.end());
}

void
MptcpSocket::TakeContextSinks(const MptcpSocket& listener)
{
    const std::string list = "/MptcpSocketList/";
    const std::string theirs = list + std::to_string(listener.m_number) + "/";
    for (const ContextSink& other : listener.m_contextSinks)
    {
        std::string context = other.context;
        const std::size_t at = context.find(theirs);
        if (at != std::string::npos)
        {
            context.replace(at, theirs.size(), list + std::to_string(m_number) + "/");
        }
        ConnectTrace(other.kind, other.sink, context);
    }
}

void
MptcpSocket::Trace(uint32_t kind, uint32_t subflowId, uint64_t oldValue, uint64_t newValue)
{
    m_sources.values[kind](subflowId, oldValue, newValue);
    m_contextSources.values[kind](subflowId, oldValue, newValue);
}

void
MptcpSocket::TraceSubflow(uint32_t index, uint32_t subflowId, const Address& local, const Address& remote)
{
    m_sources.subflows[index](subflowId, local, remote);
    m_contextSources.subflows[index](subflowId, local, remote);
}

void
MptcpSocket::TraceSegment(uint32_t index, uint32_t subflowId, Ptr<const Packet> packet, const TcpHeader& header)
{
    m_sources.segments[index](subflowId, packet, header, this);
    m_contextSources.segments[index](subflowId, packet, header, this);
}

} // namespace ns3
