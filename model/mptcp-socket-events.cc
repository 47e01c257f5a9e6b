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

MptcpSocket::ValueTracedSource&
MptcpSocket::UseTraceSource(uint32_t kind)
{
    if (m_l4)
    {
        m_l4->EnableTrace();
    }
    return m_traces.at(kind);
}

void
MptcpSocket::Trace(uint32_t kind, uint32_t subflowId, uint64_t oldValue, uint64_t newValue)
{
    m_traces[kind](subflowId, oldValue, newValue);
}

} // namespace ns3
