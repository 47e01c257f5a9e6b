/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * What sockets ask of the core.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-connection.h"
#include "mptcp-convert.h"
#include "mptcp-policies.h"
#include "mptcp-policy.h"
#include "mptcp-port-lease.h"
#include "mptcp-socket.h"

#include "ns3/inet-socket-address.h"

#include <algorithm>
#include <set>

namespace ns3
{

using namespace mptcpconvert;

Socket::SocketErrno
MptcpStack::Connect(Ptr<MptcpSocket> socket,
                    const Address& local,
                    const Address& remote,
                    std::shared_ptr<MptcpPortLease> port,
                    MptcpConnection*& connection)
{
    const mpt_conn_settings& settings = socket->GetSettings().Core();
    const mpt_endpoint ours = EndpointToCore(local);
    const mpt_endpoint theirs = EndpointToCore(remote);
    mpt_conn* conn = nullptr;
    MptcpPolicies::RefuseInside("open a connection");
    MptcpPolicies::Register(m_core, settings);
    const mpt_status status = mpt_connect(m_core, &ours, &theirs, &settings, Now(), &conn);
    if (status != MPT_OK)
    {
        return ToErrno(status);
    }
    mpt_conn_restrict(conn, socket->GetLinks());
    connection = &GetConnection(conn);
    connection->socket = socket;
    connection->port = std::move(port);
    return Socket::ERROR_NOTERROR;
}

Socket::SocketErrno
MptcpStack::Listen(MptcpSocket& socket, const Address& local, mpt_listener*& listener)
{
    const mpt_conn_settings& settings = socket.GetSettings().Core();
    mpt_endpoint ours = EndpointToCore(local);
    if (ours.addr.family == 0)
    {
        // Any address of one family, as with ns-3's TCP: another listener may have the other.
        ours.addr.family = InetSocketAddress::IsMatchingType(local) ? 4 : 6;
    }
    MptcpPolicies::Register(m_core, settings);
    const mpt_status status = mpt_listen(m_core, &ours, UINT32_MAX, &settings, &listener);
    if (status != MPT_OK)
    {
        return status == MPT_ERR_ADDRESS ? Socket::ERROR_ADDRINUSE : ToErrno(status);
    }
    mpt_listener_restrict(listener, socket.GetLinks());
    mpt_listener_set_user(listener, &socket);
    return Socket::ERROR_NOTERROR;
}

void
MptcpStack::CloseListener(mpt_listener* listener)
{
    mpt_listener_set_user(listener, nullptr);
    mpt_listener_close(listener, Now());
    Pump();
}

void
MptcpStack::Flush()
{
    Pump();
}

Socket::SocketErrno
MptcpStack::Write(MptcpConnection& connection, Ptr<Packet> packet)
{
    packet->RemoveAllPacketTags(); // a stream of bytes has no packets
    MptcpPolicies::RefuseInside("send");
    const mpt_status status = mpt_conn_write(connection.conn, packet->GetSize(), Now());
    if (status != MPT_OK)
    {
        return status == MPT_ERR_LIMIT ? Socket::ERROR_MSGSIZE : ToErrno(status);
    }
    connection.sendStore.Append(packet);
    AskSoon(connection);
    Pump();
    return Socket::ERROR_NOTERROR;
}

Ptr<Packet>
MptcpStack::Read(MptcpConnection& connection, uint32_t bytesMax)
{
    MptcpPolicies::RefuseInside("receive");
    const uint64_t readable = mpt_conn_readable(connection.conn);
    Ptr<Packet> packet = connection.receiveStore.Read(static_cast<uint32_t>(std::min<uint64_t>(bytesMax, readable)));
    mpt_conn_consume(connection.conn, packet->GetSize(), Now());
    Pump();
    return packet;
}

void
MptcpStack::Shutdown(MptcpConnection& connection)
{
    MptcpPolicies::RefuseInside("close a connection");
    mpt_conn_shutdown(connection.conn, Now());
    Pump();
}

void
MptcpStack::Abort(MptcpConnection& connection)
{
    MptcpPolicies::RefuseInside("abort a connection");
    mpt_conn_abort(connection.conn, Now());
    Pump();
}

void
MptcpStack::Release(MptcpConnection& connection)
{
    MptcpPolicies::RefuseInside("release a connection");
    connection.isReleased = true;
    mpt_conn_release(connection.conn, Now());
    Pump();
}

uint64_t
MptcpStack::GetReadable(const MptcpConnection& connection) const
{
    return mpt_conn_readable(connection.conn);
}

uint64_t
MptcpStack::GetWritable(const MptcpConnection& connection) const
{
    return mpt_conn_writable(connection.conn);
}

bool
MptcpStack::HasPeerEnded(const MptcpConnection& connection) const
{
    return mpt_conn_peer_ended(connection.conn);
}

Address
MptcpStack::GetLocal(const MptcpConnection& connection) const
{
    return FromCore(mpt_conn_local(connection.conn));
}

// ---- Looking inside ------------------------------------------------------------------------------------------------

MptcpConnectionInfo
MptcpStack::GetInfo(const MptcpConnection& connection) const
{
    mpt_conn_info info;
    mpt_conn_get_info(connection.conn, &info);
    return FromCore(info);
}

std::vector<MptcpSubflowInfo>
MptcpStack::GetSubflows(const MptcpConnection& connection) const
{
    std::vector<MptcpSubflowInfo> subflows;
    mpt_subflow_info info;
    while (mpt_conn_get_subflow_info(connection.conn, static_cast<uint32_t>(subflows.size()), &info))
    {
        subflows.push_back(FromCore(info));
    }
    return subflows;
}

std::vector<MptcpPairInfo>
MptcpStack::GetPairs(const MptcpConnection& connection) const
{
    std::vector<MptcpPairInfo> pairs;
    std::set<Address> quiet; // addresses that have a pair of their family, or are for no subflow whatever its family
    for (const MptcpLocalAddress& local : m_addresses)
    {
        if (local.noSubflow)
        {
            quiet.insert(local.address);
        }
    }
    mpt_pair_info info;
    for (uint32_t i = 0; mpt_conn_get_pair_info(connection.conn, i, &info); i++)
    {
        pairs.push_back(FromCore(info));
        if (info.state != MPT_PAIR_OTHER_FAMILY)
        {
            quiet.insert(pairs.back().local);
        }
    }
    const auto isObvious = [&](const MptcpPairInfo& pair) {
        return pair.state == "OTHER_FAMILY" && quiet.count(pair.local) > 0;
    };
    pairs.erase(std::remove_if(pairs.begin(), pairs.end(), isObvious), pairs.end());
    return pairs;
}

Ptr<MptcpScheduler>
MptcpStack::GetScheduler(const MptcpConnection& connection) const
{
    return MptcpPolicies::FindScheduler(connection.conn);
}

Ptr<MptcpPathManager>
MptcpStack::GetPathManager(const MptcpConnection& connection) const
{
    return MptcpPolicies::FindPathManager(connection.conn);
}

Ptr<MptcpCongestionOps>
MptcpStack::GetCongestionControl(const MptcpConnection& connection, uint32_t subflowId) const
{
    return MptcpPolicies::FindCongestionControl(connection.conn, subflowId);
}

const std::vector<MptcpLocalAddress>&
MptcpStack::GetAddresses() const
{
    return m_addresses;
}

std::map<std::string, uint64_t>
MptcpStack::GetCounters() const
{
    const mpt_counters* counters = mpt_stack_counters(m_core);
    std::map<std::string, uint64_t> result;
#define MPT_X(name) result[#name] = counters->name;
    MPT_COUNTERS(MPT_X)
#undef MPT_X
    return result;
}

} // namespace ns3
