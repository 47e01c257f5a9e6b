/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_CONNECTION_H
#define MPTCP_CONNECTION_H

#include "mptcp-packet-store.h"
#include "mptcp-socket.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

struct mpt_conn;

namespace ns3
{

class MptcpPortLease;

/**
 * @ingroup mptcp
 * What a connection of the core's is on our side; private to MptcpStack.
 */
class MptcpConnection
{
  public:
    mpt_conn* conn{nullptr};                              //!< the core's
    Ptr<MptcpSocket> socket;                              //!< null until accepted; kept until the connection is gone
    bool isAccepting{false};                              //!< its socket is being shown to the accept callback
    bool isReleased{false};                               //!< the socket is told nothing any more
    std::shared_ptr<MptcpPortLease> port;                 //!< of connections that we opened
    MptcpSendStore sendStore;                             //!< written and not acknowledged
    MptcpReceiveStore receiveStore;                       //!< received and not read
    uint64_t sentEnd{0};                                  //!< stream offset after what was ever sent
    std::map<uint32_t, std::pair<Address, Address>> ends; //!< of subflows that trace sources were told of
    std::map<std::string, std::string> logged;            //!< what the log was told, by pair of addresses
    std::map<uint32_t, std::string> loggedSubflows;       //!< those that the log was told are up, with their ends
};

} // namespace ns3

#endif /* MPTCP_CONNECTION_H */
