/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_HELPER_H
#define MPTCP_HELPER_H

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/ipv6-routing-helper.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/node-container.h"

#include <map>
#include <memory>
#include <string>

struct mpt_cc_ops;
struct mpt_pm_ops;
struct mpt_sched_ops;

namespace ns3
{

/**
 * @ingroup mptcp
 * Puts an internet stack with Multipath TCP on nodes.
 *
 * @code
 * MptcpHelper mptcp;
 * mptcp.SetAttribute("CongestionControl", StringValue("lia"));
 * mptcp.Install(nodes);                                   // instead of InternetStackHelper::Install()
 * // ... devices and addresses ...
 * MptcpHelper::AddDefaultRoute(wifiDevice, "10.1.0.1");   // each interface its own
 * MptcpHelper::AddDefaultRoute(lteDevice, "7.0.0.1");
 * MptcpHelper::AssignStreams(nodes, 100);
 * BulkSendHelper source("ns3::TcpSocketFactory", server); // MPTCP, see MptcpL4Protocol for other factories
 * @endcode
 *
 * The node must not have an internet stack yet: ns-3 cannot take a TCP layer off a node, nor replace the socket
 * factory that came with it. Install() stops the program with a message when there is one.
 */
class MptcpHelper
{
  public:
    MptcpHelper();

    /**
     * Set an Attribute of MptcpL4Protocol on nodes installed from now on. Set after the last Install() it has no effect,
     * and the program is told at the helper's end.
     * @param name e.g. "Scheduler", "SendBuffer", "DefaultProtocol"
     * @param value the value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /** @return the helper that installs the rest of the stack, e.g. to leave out IPv4 or IPv6 */
    InternetStackHelper& GetInternetStack();

    /**
     * Choose IPv4 routing. It is put into a list, where MPTCP hears of interfaces that go up and down.
     * @param routing as for InternetStackHelper::SetRoutingHelper()
     */
    void SetRoutingHelper(const Ipv4RoutingHelper& routing);
    /** The same for IPv6. @param routing as for InternetStackHelper::SetRoutingHelper() */
    void SetRoutingHelper(const Ipv6RoutingHelper& routing);

    /** Install stack, MPTCP and routing by source address. @param node a node without an internet stack */
    void Install(Ptr<Node> node);
    /** Install on each node. @param nodes the nodes */
    void Install(const NodeContainer& nodes);

    /**
     * Give an interface a default route of its own (IPv4), for packets from its addresses. The first interface that
     * gets one also serves packets without a source address, such as those of a connection that chooses one. On a node
     * with MPTCP the route is there again when the interface has been down; a second call for it replaces the gateway.
     * @param device the interface's device, with an address already
     * @param gateway next hop; Ipv4Address::GetZero() for none, on a link where all destinations are neighbours
     */
    static void AddDefaultRoute(Ptr<NetDevice> device, Ipv4Address gateway);
    /** The same for IPv6. @param device the interface's device @param gateway next hop */
    static void AddDefaultRoute(Ptr<NetDevice> device, Ipv6Address gateway);
    /** The same, in words. @param device the interface's device @param gateway e.g. "10.1.0.1" or "2001:db8::1" */
    static void AddDefaultRoute(Ptr<NetDevice> device, const char* gateway);

    /**
     * Make a scheduler of the program's own known, as a table of C functions (mpt_ext.h): from then on its name may be
     * given to the Attribute Scheduler. One that cannot work ends the program with a message. Schedulers that are
     * classes (MptcpScheduler) need no call.
     * @param ops to stay as long as the program
     */
    static void AddScheduler(const mpt_sched_ops& ops);
    /** The same for the Attribute CongestionControl. @param ops to stay as long as the program */
    static void AddCongestionControl(const mpt_cc_ops& ops);
    /** The same for the Attribute PathManager. @param ops to stay as long as the program */
    static void AddPathManager(const mpt_pm_ops& ops);

    /** A node that has none ends the program with a message. @param node a node @return its MptcpL4Protocol */
    static Ptr<MptcpL4Protocol> GetMptcp(Ptr<Node> node);

    /**
     * Fix the random streams of MPTCP on nodes.
     * @param nodes those without MPTCP are passed over
     * @param stream first stream number
     * @return how many were used
     */
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

  private:
    struct Late;

    InternetStackHelper m_internet;                          //!< installs all but TCP
    std::map<std::string, Ptr<AttributeValue>> m_attributes; //!< of MptcpL4Protocol
    std::shared_ptr<Late> m_late;                            //!< of this helper and its copies
};

} // namespace ns3

#endif /* MPTCP_HELPER_H */
