/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "mptcp-convert.h"

#include "core/mpt.h"

#include "ns3/fatal-error.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/tcp-socket.h"

#include <sstream>

namespace ns3
{

namespace mptcpconvert
{

mpt_addr
ToCore(Ipv4Address address)
{
    mpt_addr result{};
    result.family = 4;
    address.Serialize(result.bytes);
    return result;
}

mpt_addr
ToCore(Ipv6Address address)
{
    mpt_addr result{};
    result.family = 6;
    address.Serialize(result.bytes);
    return result;
}

mpt_addr
ToCore(const Address& address)
{
    return Ipv4Address::IsMatchingType(address) ? ToCore(Ipv4Address::ConvertFrom(address))
                                                : ToCore(Ipv6Address::ConvertFrom(address));
}

mpt_endpoint
EndpointToCore(const Address& socketAddress)
{
    mpt_endpoint result{};
    if (InetSocketAddress::IsMatchingType(socketAddress))
    {
        const auto inet = InetSocketAddress::ConvertFrom(socketAddress);
        result.addr = inet.GetIpv4().IsAny() ? mpt_addr{} : ToCore(inet.GetIpv4());
        result.port = inet.GetPort();
    }
    else
    {
        const auto inet6 = Inet6SocketAddress::ConvertFrom(socketAddress);
        result.addr = inet6.GetIpv6().IsAny() ? mpt_addr{} : ToCore(inet6.GetIpv6());
        result.port = inet6.GetPort();
    }
    return result;
}

Ipv4Address
ToIpv4(const mpt_addr& addr)
{
    return Ipv4Address::Deserialize(addr.bytes);
}

Ipv6Address
ToIpv6(const mpt_addr& addr)
{
    return Ipv6Address::Deserialize(addr.bytes);
}

Address
FromCore(const mpt_endpoint& endpoint)
{
    if (endpoint.addr.family == 6)
    {
        return Inet6SocketAddress(ToIpv6(endpoint.addr), endpoint.port);
    }
    return InetSocketAddress(ToIpv4(endpoint.addr), endpoint.port);
}

Socket::SocketErrno
ToErrno(int status)
{
    switch (static_cast<mpt_status>(status))
    {
    case MPT_OK:
        return Socket::ERROR_NOTERROR;
    case MPT_ERR_LIMIT:
        return Socket::ERROR_AGAIN;
    case MPT_ERR_STATE:
    case MPT_ERR_REFUSED:
    case MPT_ERR_RESET:
    case MPT_ERR_TIMEOUT:
    case MPT_ERR_ABORTED:
        return Socket::ERROR_NOTCONN;
    case MPT_ERR_ADDRESS:
        return Socket::ERROR_ADDRNOTAVAIL;
    case MPT_ERR_NAME:
    case MPT_ERR_SETTING:
    case MPT_ERR_NOT_OURS:
    case MPT_ERR_MALFORMED:
        return Socket::ERROR_INVAL;
    case MPT_ERR_MEMORY:
        NS_FATAL_ERROR("out of memory");
    }
    return Socket::ERROR_INVAL;
}

namespace
{

MptcpConnectionInfo::Mode
FromCore(mpt_mode mode)
{
    switch (mode)
    {
    case MPT_MODE_TCP:
        return MptcpConnectionInfo::TCP;
    case MPT_MODE_OPENING:
        return MptcpConnectionInfo::OPENING;
    case MPT_MODE_MPTCP:
        return MptcpConnectionInfo::MPTCP;
    case MPT_MODE_FALLBACK:
        return MptcpConnectionInfo::FALLBACK;
    }
    return MptcpConnectionInfo::OPENING;
}

} // namespace

MptcpConnectionInfo
FromCore(const mpt_conn_info& from)
{
    MptcpConnectionInfo to;
    to.mode = FromCore(from.mode);
    to.subflowCount = from.subflow_count;
    to.tokenLocal = from.token_local;
    to.tokenRemote = from.token_remote;
    to.bytesSent = from.bytes_sent;
    to.bytesAcked = from.bytes_acked;
    to.bytesReceived = from.bytes_received;
    to.bytesReinjected = from.bytes_reinjected;
    to.bytesDuplicate = from.bytes_duplicate;
    to.reorderBytes = from.reorder_bytes;
    to.sendWindowBytes = from.send_window_bytes;
    return to;
}

MptcpSubflowInfo
FromCore(const mpt_subflow_info& from)
{
    MptcpSubflowInfo to;
    to.id = from.id;
    to.local = FromCore(from.local);
    to.remote = FromCore(from.remote);
    to.state = mpt_tcp_state_name(from.state);
    to.isEstablished = from.is_established;
    to.isBackup = from.is_backup;
    to.mssBytes = from.mss_bytes;
    to.cwndBytes = from.cwnd_bytes;
    to.ssthreshBytes = from.ssthresh_bytes;
    to.flightBytes = from.flight_bytes;
    to.srtt = NanoSeconds(from.srtt_ns);
    to.rttMin = NanoSeconds(from.rtt_min_ns);
    to.rto = NanoSeconds(from.rto_ns);
    to.bytesSent = from.bytes_sent;
    to.bytesAcked = from.bytes_acked;
    to.bytesRetransmitted = from.bytes_retransmitted;
    to.bytesReceived = from.bytes_received;
    to.segmentsSent = from.segments_sent;
    to.segmentsReceived = from.segments_received;
    to.timeouts = from.timeouts;
    to.fastRecoveries = from.fast_recoveries;
    return to;
}

MptcpPairInfo
FromCore(const mpt_pair_info& from)
{
    MptcpPairInfo to;
    to.local = from.local.family == 6 ? Address(ToIpv6(from.local)) : Address(ToIpv4(from.local));
    to.remote = FromCore(from.remote);
    switch (from.state)
    {
#define MPT_X(name, help)                                                                                              \
    case MPT_PAIR_##name:                                                                                              \
        to.state = #name;                                                                                              \
        break;
        MPT_PAIR_STATES(MPT_X)
#undef MPT_X
    }
    to.why = mpt_pair_state_help(from.state);
    to.failures = from.failures;
    to.retryAt = from.state == MPT_PAIR_PAUSED ? NanoSeconds(from.retry_at) : Time();
    return to;
}

uint32_t
ToTcpState(uint64_t state)
{
    switch (static_cast<mpt_tcp_state>(state))
    {
    case MPT_TCP_CLOSED:
        return TcpSocket::CLOSED;
    case MPT_TCP_LISTEN:
        return TcpSocket::LISTEN;
    case MPT_TCP_SYN_SENT:
        return TcpSocket::SYN_SENT;
    case MPT_TCP_SYN_RECEIVED:
        return TcpSocket::SYN_RCVD;
    case MPT_TCP_ESTABLISHED:
        return TcpSocket::ESTABLISHED;
    case MPT_TCP_FIN_WAIT_1:
        return TcpSocket::FIN_WAIT_1;
    case MPT_TCP_FIN_WAIT_2:
        return TcpSocket::FIN_WAIT_2;
    case MPT_TCP_CLOSE_WAIT:
        return TcpSocket::CLOSE_WAIT;
    case MPT_TCP_CLOSING:
        return TcpSocket::CLOSING;
    case MPT_TCP_LAST_ACK:
        return TcpSocket::LAST_ACK;
    case MPT_TCP_TIME_WAIT:
        return TcpSocket::TIME_WAIT;
    }
    return TcpSocket::LAST_STATE;
}

std::string
ToText(const Address& address)
{
    std::ostringstream text;
    if (InetSocketAddress::IsMatchingType(address))
    {
        const auto inet = InetSocketAddress::ConvertFrom(address);
        text << inet.GetIpv4() << ":" << inet.GetPort();
    }
    else if (Inet6SocketAddress::IsMatchingType(address))
    {
        const auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        text << "[" << inet6.GetIpv6() << "]:" << inet6.GetPort();
    }
    else if (Ipv4Address::IsMatchingType(address))
    {
        text << Ipv4Address::ConvertFrom(address);
    }
    else
    {
        text << Ipv6Address::ConvertFrom(address);
    }
    return text.str();
}

} // namespace mptcpconvert

std::map<std::string, std::string>
MptcpPairInfo::ListStates()
{
    std::map<std::string, std::string> states;
#define MPT_X(name, help) states[#name] = help;
    MPT_PAIR_STATES(MPT_X)
#undef MPT_X
    return states;
}

std::ostream&
operator<<(std::ostream& os, const MptcpSubflowInfo& subflow)
{
    return os << "subflow " << subflow.id << ": " << mptcpconvert::ToText(subflow.local) << " to "
              << mptcpconvert::ToText(subflow.remote) << ", " << subflow.state << ", cwnd " << subflow.cwndBytes
              << " bytes, srtt " << subflow.srtt.As(Time::MS) << ", sent " << subflow.bytesSent << " bytes, received "
              << subflow.bytesReceived << " bytes";
}

std::ostream&
operator<<(std::ostream& os, const MptcpPairInfo& pair)
{
    os << mptcpconvert::ToText(pair.local) << " to " << mptcpconvert::ToText(pair.remote) << ": " << pair.state << ", "
       << pair.why;
    return pair.state == "PAUSED"
               ? os << " until " << pair.retryAt.As(Time::S) << " (failures: " << pair.failures << ")"
               : os;
}

} // namespace ns3
