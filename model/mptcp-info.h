/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_INFO_H
#define MPTCP_INFO_H

#include "ns3/address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <ostream>
#include <string>

namespace ns3
{

/**
 * @defgroup mptcp Multipath TCP
 * A model of Multipath TCP (RFC 8684) and of its TCP: MptcpHelper installs it, MptcpSocket is what applications see.
 */

/**
 * @ingroup mptcp
 * State of a connection, as MptcpSocket::GetConnectionInfo() gives it. A stream byte is counted once however often and
 * on however many subflows it travels, except where the contrary is said.
 */
struct MptcpConnectionInfo
{
    /** Which protocol the connection speaks. */
    enum Mode
    {
        TCP,      //!< single-path TCP was asked for
        OPENING,  //!< MPTCP was asked for and is not yet agreed
        MPTCP,    //!< MPTCP is in use
        FALLBACK, //!< MPTCP was asked for, plain TCP is in use
    };

    Mode mode{OPENING};          //!< protocol in use
    uint32_t subflowCount{0};    //!< subflows alive now
    uint32_t tokenLocal{0};      //!< our token (RFC 8684)
    uint32_t tokenRemote{0};     //!< the peer's token
    uint64_t bytesSent{0};       //!< stream bytes sent for the first time
    uint64_t bytesAcked{0};      //!< stream bytes acknowledged (DATA_ACK)
    uint64_t bytesReceived{0};   //!< stream bytes received in order
    uint64_t bytesReinjected{0}; //!< stream bytes sent once more on another subflow
    uint64_t bytesDuplicate{0};  //!< stream bytes received once more
    uint64_t reorderBytes{0};    //!< bytes received beyond a hole
    uint64_t sendWindowBytes{0}; //!< room that the peer's window leaves
};

/**
 * @ingroup mptcp
 * State of one subflow (a plain TCP connection has one, too), as MptcpSocket::GetSubflows() gives it.
 */
struct MptcpSubflowInfo
{
    uint32_t id{0};                 //!< 0, 1, ... in order of creation in its connection; never used again
    Address local;                  //!< InetSocketAddress or Inet6SocketAddress
    Address remote;                 //!< InetSocketAddress or Inet6SocketAddress
    std::string state;              //!< TCP state, e.g. "ESTABLISHED"
    bool isEstablished{false};      //!< may carry data
    bool isBackup{false};           //!< used only when no other works
    uint32_t mssBytes{0};           //!< maximum segment size
    uint64_t cwndBytes{0};          //!< congestion window
    uint64_t ssthreshBytes{0};      //!< slow start threshold
    uint64_t flightBytes{0};        //!< sent, not acknowledged and not held lost
    Time srtt;                      //!< smoothed round-trip time
    Time rttMin;                    //!< least round-trip time of late, Time::Max(): not measured yet
    Time rto;                       //!< retransmission timeout
    uint64_t bytesSent{0};          //!< payload, retransmissions included
    uint64_t bytesAcked{0};         //!< payload acknowledged on the subflow
    uint64_t bytesRetransmitted{0}; //!< payload retransmitted on the subflow
    uint64_t bytesReceived{0};      //!< payload received in order on the subflow
    uint64_t segmentsSent{0};       //!< segments sent
    uint64_t segmentsReceived{0};   //!< segments received
    uint32_t timeouts{0};           //!< retransmission timeouts
    uint32_t fastRecoveries{0};     //!< entries into fast recovery
};

/**
 * @ingroup mptcp
 * A local address and an address of the peer, as MptcpSocket::GetPairs() gives them: why there is a subflow, or none.
 */
struct MptcpPairInfo
{
    Address local;        //!< Ipv4Address or Ipv6Address
    Address remote;       //!< InetSocketAddress or Inet6SocketAddress
    std::string state;    //!< in a word, e.g. "USED", "PAUSED"
    std::string why;      //!< in a sentence
    uint32_t failures{0}; //!< attempts that failed since one worked
    Time retryAt;         //!< of PAUSED: when the next attempt is made

    static std::map<std::string, std::string> ListStates(); //!< @return all states, and what they mean
};

/**
 * Print a line for people, such as "subflow 1: 10.1.2.1:49153 to 10.9.1.1:80, ESTABLISHED, ...".
 * @param os where @param subflow it @return os
 */
std::ostream& operator<<(std::ostream& os, const MptcpSubflowInfo& subflow);
/**
 * Print a line for people, such as "10.1.2.1 to 10.9.1.1:80: USED, has a subflow".
 * @param os where @param pair it @return os
 */
std::ostream& operator<<(std::ostream& os, const MptcpPairInfo& pair);

} // namespace ns3

#endif /* MPTCP_INFO_H */
