/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_CONVERT_H
#define MPTCP_CONVERT_H

#include "mptcp-info.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/socket.h"

struct mpt_addr;
struct mpt_conn_info;
struct mpt_endpoint;
struct mpt_pair_info;
struct mpt_subflow_info;

namespace ns3
{

/**
 * @ingroup mptcp
 * The core's plain data as ns-3's and the other way; private to the module. A core endpoint is an InetSocketAddress or
 * Inet6SocketAddress here.
 */
namespace mptcpconvert
{

mpt_addr ToCore(Ipv4Address address);    //!< @param address it @return the core's
mpt_addr ToCore(Ipv6Address address);    //!< @param address it @return the core's
mpt_addr ToCore(const Address& address); //!< @param address Ipv4Address or Ipv6Address @return the core's
/**
 * @param socketAddress Inet(6)SocketAddress; the any-address of either family becomes the core's "any"
 * @return the core's
 */
mpt_endpoint EndpointToCore(const Address& socketAddress);

Ipv4Address ToIpv4(const mpt_addr& addr);                //!< @param addr of family 4 @return ns-3's
Ipv6Address ToIpv6(const mpt_addr& addr);                //!< @param addr of family 6 @return ns-3's
Address FromCore(const mpt_endpoint& endpoint);          //!< @param endpoint it @return ns-3's
MptcpConnectionInfo FromCore(const mpt_conn_info& info); //!< @param info it @return the same for programs
MptcpSubflowInfo FromCore(const mpt_subflow_info& info); //!< @param info it @return the same for programs
MptcpPairInfo FromCore(const mpt_pair_info& info);       //!< @param info it @return the same for programs
uint32_t ToTcpState(uint64_t state); //!< @param state mpt_tcp_state @return its number in ns3::TcpSocket
std::string
ToText(const Address& address); //!< @param address of a host, with or without port @return as people write it
/**
 * @param status mpt_status of a call
 * @return what a socket says of it; out of memory ends the program
 */
Socket::SocketErrno ToErrno(int status);

} // namespace mptcpconvert

} // namespace ns3

#endif /* MPTCP_CONVERT_H */
