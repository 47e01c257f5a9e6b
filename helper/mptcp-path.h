/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MPTCP_PATH_H
#define MPTCP_PATH_H

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-address.h"
#include "ns3/mptcp-middlebox.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/object.h"

#include <vector>

namespace ns3
{

/**
 * @brief One way of access to a network: from an interface of each host to a router in the core.
 *
 * Subclasses build the access itself (Wi-Fi, LTE, Ethernet). All have in common a point-to-point wire of limited
 * rate that ends at the core router: it has the path's delay, queue disciplines and random loss. Each host gets an
 * address and a default route by its interface; which of a host's default routes a packet takes is decided by
 * its source address or by the device its socket is bound to.
 *
 * Internet stacks of the hosts and of the core, and positions of hosts on radio paths, have to be there before.
 */
class MptcpPath : public Object
{
  public:
    static TypeId GetTypeId();

    /** One host's attachment to the path. */
    struct Interface
    {
        Ptr<Node> host;        //!< the host
        Ptr<NetDevice> device; //!< its device
        uint32_t index;        //!< of the interface in the host's Ipv4
        Ipv4Address address;   //!< its address
        Ipv4Address gateway;   //!< next hop of the default route
    };

    /**
     * Put a box on the wire, at its end at the core. To be called before Install().
     * @param box the box; those added later are nearer to the core
     */
    void AddMiddlebox(Ptr<MptcpMiddlebox> box);

    /** @return the boxes on the wire, the one nearest to the hosts first */
    const std::vector<Ptr<MptcpMiddlebox>>& GetMiddleboxes() const;

    /** @return the two ends of the wire; the first is on the hosts' side */
    const NetDeviceContainer& GetWire() const;

    /**
     * Build the path. To be called once.
     * @param core the router that all paths end at
     * @param hosts the hosts; one that appears twice gets two interfaces, where the technology can do that
     * @param number 0 to 255, another one for each path: addresses are taken from 192.168.number.0/24 and
     *        172.16.number.0/24 (hosts on LTE get theirs from 7.0.0.0/8)
     */
    void Install(Ptr<Node> core, const NodeContainer& hosts, uint8_t number);

    /** @return the interfaces, in the order of the hosts given to Install() */
    const std::vector<Interface>& GetInterfaces() const;

    /**
     * Take the link of all interfaces down or up, as when a cable is pulled or plugged in.
     * @param isUp the new state
     */
    void SetLinkUp(bool isUp);

    /**
     * Change the rate of the wire; what is being sent keeps the old one.
     * @param rate the new rate
     */
    void SetRate(DataRate rate);

    /**
     * Change the delay of the wire; what is on its way keeps the old one, and may be overtaken.
     * @param delay the new one-way delay
     */
    void SetDelay(Time delay);

    /**
     * Use fixed random streams.
     * @param stream the first stream index to use
     * @return how many were used
     */
    int64_t AssignStreams(int64_t stream);

    /** @return a node with an IPv4 stack, for use inside paths and as their core */
    static Ptr<Node> CreateRouter();

  protected:
    void DoDispose() override;

    /** Build what lies between the hosts and the core, and call AddInterface() for each host. */
    virtual void DoInstall(Ptr<Node> core, const NodeContainer& hosts) = 0;
    /** Like AssignStreams(), for what the subclass built. */
    virtual int64_t DoAssignStreams(int64_t stream);

    /** Lay the wire with rate, delay, queues and loss; device 0 is on the hosts' side. */
    NetDeviceContainer InstallWire(Ptr<Node> near, Ptr<Node> core);
    /** Give both ends of the wire an address and route between the core and the network behind @p near. */
    void RouteWire(const NetDeviceContainer& wire, Ipv4Address network, Ipv4Mask mask);
    /** Register a host's interface, whose address was assigned, and give it its default route. */
    void AddInterface(Ptr<Node> host, Ptr<NetDevice> device, Ipv4Address gateway);

    /** @return the number that Install() was told */
    uint8_t GetNumber() const;
    /** @return the first address of the hosts' network of this path */
    Ipv4Address GetHostNetwork() const;

  private:
    void AddDefaultRoute(const Interface& interface) const;
    void InstallQueue(Ptr<NetDevice> device) const;
    void InstallLoss(Ptr<NetDevice> device, double fraction);

    DataRate m_rate;                          //!< of the wire
    Time m_delay;                             //!< of the wire, one way
    ObjectFactory m_queueDisc;                //!< at both ends of the wire
    double m_lossDown;                        //!< fraction of packets lost towards the hosts
    double m_lossUp;                          //!< fraction of packets lost towards the core
    uint8_t m_number{0};                      //!< of this path, in addresses
    std::vector<Interface> m_interfaces;      //!< one for each host
    std::vector<Ptr<RateErrorModel>> m_loss;  //!< on the wire
    std::vector<Ptr<MptcpMiddlebox>> m_boxes; //!< on the wire, from the hosts to the core
    NetDeviceContainer m_wire;                //!< both ends of it
};

} // namespace ns3

#endif /* MPTCP_PATH_H */
