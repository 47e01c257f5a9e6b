/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The life of a MptcpStack: addresses, the core's loop, its timer, its notices. Packets: mptcp-stack-segments.cc; what
 * sockets ask: mptcp-stack-sockets.cc; trace sources: mptcp-stack-traces.cc.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-connection.h"
#include "mptcp-convert.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-log.h"
#include "mptcp-policies.h"
#include "mptcp-socket.h"

#include "ns3/abort.h"
#include "ns3/fatal-error.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

/** The core's assert hook. */
extern "C" void
mpt_assert_failed(const char* expression, const char* file, int line)
{
    NS_FATAL_ERROR("assertion of the TCP core failed: " << expression << " at " << file << ":" << line);
    std::abort();
}

namespace ns3
{

using namespace mptcpconvert;

// ---- Addresses ------------------------------------------------------------------------------------------------------

namespace
{

void
LogAddress(const MptcpL4Protocol& l4, const Address& address, const std::string& what)
{
    if (MptcpLog::IsOn())
    {
        std::ostringstream text;
        text << "node " << l4.GetOwner()->GetId() << ": address " << ToText(address) << " " << what;
        MptcpLog::Write(text.str());
    }
}

} // namespace

void
MptcpStack::AddressUp(const MptcpLocalAddress& address)
{
    mpt_local_address local{};
    local.addr = ToCore(address.address);
    local.mtu_bytes = address.mtuBytes;
    local.link = address.link;
    local.is_backup = address.isBackup;
    local.is_signal = address.isSignal;
    local.no_subflow = address.noSubflow;
    local.is_fullmesh = address.isFullmesh;
    local.is_laminar = address.isLaminar;
    const mpt_status status = mpt_address_up(m_core, &local, Now());
    LogAddress(m_l4, address.address, status == MPT_OK ? "is up" : "is one too many and not used");
}

void
MptcpStack::SetAddresses(const std::vector<MptcpLocalAddress>& addresses)
{
    const auto find = [](std::vector<MptcpLocalAddress>& list, const Address& address) {
        return std::find_if(list.begin(), list.end(), [&](const auto& other) { return other.address == address; });
    };
    std::vector<MptcpLocalAddress> before = m_addresses;
    m_addresses = addresses;
    for (const MptcpLocalAddress& old : before)
    {
        if (find(m_addresses, old.address) == m_addresses.end())
        {
            LogAddress(m_l4, old.address, "is down");
            const mpt_addr addr = ToCore(old.address);
            mpt_address_down(m_core, &addr, Now());
        }
    }
    for (const MptcpLocalAddress& address : addresses)
    {
        const auto old = find(before, address.address);
        const bool isBack = old != before.end() && !old->isLinkUp && address.isLinkUp;
        if (old == before.end() || isBack)
        {
            AddressUp(address);
        }
        if (old != before.end() && old->isBackup != address.isBackup)
        {
            const mpt_addr addr = ToCore(address.address);
            mpt_address_backup(m_core, &addr, address.isBackup, Now());
        }
    }
    Pump();
}

// ---- Life -----------------------------------------------------------------------------------------------------------

namespace
{

void*
Allocate(void*, size_t bytes)
{
    return std::calloc(1, bytes);
}

void
Free(void*, void* p)
{
    std::free(p);
}

} // namespace

MptcpStack::Limits
MptcpStack::GetDefaultLimits()
{
    mpt_settings settings;
    mpt_settings_default(&settings);
    return {settings.connections_max, settings.half_open_max, settings.challenge_acks_per_s};
}

MptcpStack::MptcpStack(MptcpL4Protocol& l4, const MptcpSettings& settings, const Limits& limits, uint64_t seed)
    : m_l4(l4),
      m_ipv4(l4.GetOwner()->GetObject<Ipv4>()),
      m_ipv6(l4.GetOwner()->GetObject<Ipv6>()),
      m_hasChecksums(Node::ChecksumEnabled())
{
    mpt_settings all;
    mpt_settings_default(&all);
    all.seed = seed;
    all.connections_max = limits.connectionsMax;
    all.half_open_max = limits.halfOpenMax;
    all.challenge_acks_per_s = limits.challengeAcksPerSecond;
    all.conn = settings.Core();
    MptcpPolicies::Remove(all.conn); // sockets have settings of their own, which know them
    const mpt_mem memory{nullptr, &Allocate, &Free};
    const mpt_status status = mpt_stack_new(&m_core, &all, &memory, Now());
    NS_ABORT_MSG_IF(status != MPT_OK, "the TCP core does not start: " << mpt_status_name(status));
}

MptcpStack::~MptcpStack()
{
    m_timer.Cancel();
    m_start.Cancel();
    m_ask.Cancel();
    for (auto& [conn, connection] : m_connections)
    {
        if (connection->socket)
        {
            connection->socket->m_connection = nullptr;
        }
    }
    mpt_stack_free(m_core);
}

int64_t
MptcpStack::Now() const
{
    return Simulator::Now().GetNanoSeconds();
}

MptcpConnection&
MptcpStack::GetConnection(mpt_conn* conn)
{
    auto connection = static_cast<MptcpConnection*>(mpt_conn_user(conn));
    if (!connection)
    {
        auto made = std::make_unique<MptcpConnection>();
        connection = made.get();
        connection->conn = conn;
        mpt_conn_set_user(conn, connection);
        m_connections[conn] = std::move(made);
    }
    return *connection;
}

// ---- The core's loop ------------------------------------------------------------------------------------------------

void
MptcpStack::Pump()
{
    MptcpPolicies::RefuseInside("make a socket do something");
    m_hasInput = true;
    if (m_isPumping || !IsNodeReady())
    {
        return;
    }
    m_isPumping = true;
    while (m_hasInput)
    {
        m_hasInput = false;
        Transmit();
        mpt_notice notice;
        while (mpt_stack_poll(m_core, &notice))
        {
            if (notice.kind == MPT_NOTICE_FAILED && m_traces != 0)
            {
                DeliverTraces(); // what led to the end is told before the end
            }
            Handle(notice);
        }
        if (m_traces != 0)
        {
            DeliverTraces();
        }
    }
    if (MptcpLog::IsOn())
    {
        Log();
    }
    if (!m_isFaultTold && mpt_stack_counters(m_core)->PolicyFaults > 0)
    {
        TellFault();
    }
    m_gone.clear();
    m_isPumping = false;
    Arm();
}

void
MptcpStack::TellFault()
{
    m_isFaultTold = true;
    MptcpWarning::Tell("node " + std::to_string(m_l4.GetOwner()->GetId()) +
                       ": a scheduler, congestion control or path manager did what it may not (mpt_ext.h); it was set "
                       "right and counted (PolicyFaults)");
}

bool
MptcpStack::IsNodeReady()
{
    // ns-3 cannot send before its nodes are initialized, which is the first that a simulation does.
    if (!m_l4.GetOwner()->IsInitialized() && m_start.IsExpired())
    {
        m_start = Simulator::ScheduleNow(&MptcpStack::Pump, this);
    }
    return m_l4.GetOwner()->IsInitialized();
}

void
MptcpStack::Arm()
{
    const mpt_time deadline = mpt_stack_deadline(m_core);
    // A timer that comes too early is harmless, so that it stays where the deadline has only moved on.
    if (deadline == MPT_NEVER || (m_isArmed && m_timerAt <= deadline))
    {
        return;
    }
    if (m_isArmed)
    {
        m_timer.Cancel();
    }
    m_isArmed = true;
    m_timerAt = std::max(deadline, Now());
    m_timer = Simulator::Schedule(NanoSeconds(m_timerAt - Now()), &MptcpStack::OnTimer, this);
}

void
MptcpStack::OnTimer()
{
    m_isArmed = false;
    if (mpt_stack_deadline(m_core) > Now())
    {
        Arm();
        return;
    }
    mpt_stack_timer(m_core, Now());
    Pump();
}

void
MptcpStack::Handle(const mpt_notice& notice)
{
    if (notice.kind == MPT_NOTICE_ACCEPTED)
    {
        Accept(notice);
        return;
    }
    if (notice.kind == MPT_NOTICE_GONE)
    {
        auto found = m_connections.find(notice.conn);
        if (found != m_connections.end())
        {
            if (found->second->socket)
            {
                m_l4.RemoveMptcpSocket(found->second->socket);
            }
            m_gone.push_back(std::move(found->second));
            m_connections.erase(found);
        }
        return;
    }
    auto connection = static_cast<MptcpConnection*>(notice.user);
    if (!connection || !connection->socket || connection->isReleased)
    {
        return;
    }
    Ptr<MptcpSocket> socket = connection->socket;
    switch (notice.kind)
    {
    case MPT_NOTICE_CONNECTED:
        socket->Connected();
        break;
    case MPT_NOTICE_READABLE:
        socket->Readable();
        break;
    case MPT_NOTICE_WRITABLE:
        connection->sendStore.DropBefore(mpt_conn_acked_offset(notice.conn));
        socket->Writable();
        break;
    case MPT_NOTICE_CLOSED:
        socket->Ended();
        break;
    case MPT_NOTICE_FAILED:
        if (MptcpLog::IsOn())
        {
            MptcpLog::Write(Name(*connection) + "failed: " + mpt_status_name(notice.reason));
        }
        socket->Failed();
        break;
    case MPT_NOTICE_ACCEPTED:
    case MPT_NOTICE_GONE:
        break;
    }
}

void
MptcpStack::Accept(const mpt_notice& notice)
{
    MptcpConnection& connection = GetConnection(notice.conn);
    auto user = notice.listener ? static_cast<MptcpSocket*>(mpt_listener_user(notice.listener)) : nullptr;
    const Address from = FromCore(mpt_conn_remote(notice.conn));
    Ptr<MptcpSocket> listener(user);
    if (!listener || !listener->NotifyConnectionRequest(from))
    {
        mpt_conn_abort(notice.conn, Now());
        Release(connection);
        return;
    }
    connection.socket = CopyObject<MptcpSocket>(listener);
    m_l4.AddMptcpSocket(connection.socket);
    connection.socket->TakeContextSinks(*listener);
    connection.isAccepting = true;
    connection.socket->Accepted(&connection, from, *listener);
    connection.isAccepting = false;
    NoteSubflows(connection, true); // those that were up before there was a socket
}

} // namespace ns3
