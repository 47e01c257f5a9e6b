/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_INTERFACES_H
#define MPTCP_INTERFACES_H

#include "ns3/address.h"
#include "ns3/callback.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/simple-ref-count.h"

#include <map>
#include <set>
#include <vector>

namespace ns3
{

/** One usable address of a node. */
struct MptcpLocalAddress
{
    Address address;       //!< Ipv4Address or Ipv6Address
    Ptr<NetDevice> device; //!< behind it
    uint32_t mtuBytes;     //!< of the device
    uint8_t link;          //!< number of the device
    bool isBackup;         //!< see MptcpL4Protocol::SetBackup()
    bool isSignal;         //!< see MptcpL4Protocol::SetSignal()
    bool noSubflow;        //!< see MptcpL4Protocol::SetNoSubflow()
    bool isFullmesh;       //!< see MptcpL4Protocol::SetFullmesh()
    bool isLaminar;        //!< see MptcpL4Protocol::SetLaminar()
    bool isLinkUp;         //!< false: used for want of another, see MptcpInterfaces::Force()
};

/**
 * @ingroup mptcp
 * Which addresses a node can use, and what was said of their interfaces; private to MptcpL4Protocol. An address is
 * usable while its interface is up and its device has a link.
 */
class MptcpInterfaces : public SimpleRefCount<MptcpInterfaces>
{
  public:
    /** What is said of an interface's addresses. */
    struct Flags
    {
        bool isBackup{false};   //!< see MptcpL4Protocol::SetBackup()
        bool isSignal{false};   //!< see MptcpL4Protocol::SetSignal()
        bool noSubflow{false};  //!< see MptcpL4Protocol::SetNoSubflow()
        bool isFullmesh{false}; //!< see MptcpL4Protocol::SetFullmesh()
        bool isLaminar{false};  //!< see MptcpL4Protocol::SetLaminar()
    };

    /**
     * A way to know of a link what NetDevice::IsLinkUp() does not tell.
     * @param device any device
     * @param isUp receives whether it has a link
     * @return false: nothing is known of such devices
     */
    typedef bool (*LinkProbe)(Ptr<NetDevice> device, bool& isUp);

    /** @param probe to be asked from now on, in all nodes @return true */
    static bool AddLinkProbe(LinkProbe probe);

    /** @param changed to be called when a link goes up or down */
    explicit MptcpInterfaces(Callback<void> changed);
    void Dispose(); //!< Forget all; nothing is called any more

    Flags& GetFlags(Ptr<NetDevice> device);          //!< @param device any @return what is said of it, to be changed
    uint8_t GetLink(Ptr<NetDevice> device);          //!< @param device any @return its number, the same for good
    std::vector<MptcpLocalAddress> List(Node& node); //!< @param node whose @return its usable addresses
    /**
     * A connection is to be opened from this address, and there is no better one: it counts as usable, though without a
     * link, until the link has come up.
     * @param address Ipv4Address or Ipv6Address
     */
    void Force(const Address& address);

  private:
    /** What is known of a device's link. */
    struct Link
    {
        bool isTold{false}; //!< the device tells of changes, so that "down" is to be believed
    };

    void Watch(Ptr<NetDevice> device);          //!< @param device whose link to look at whenever it changes
    bool IsLinkUp(Ptr<NetDevice> device) const; //!< @param device any @return whether it can send
    /**
     * Append an address where it is usable.
     * @param list to append to
     * @param device behind the address
     * @param address it
     * @param isHostLocal not for other hosts' use
     */
    void Append(std::vector<MptcpLocalAddress>& list, Ptr<NetDevice> device, const Address& address, bool isHostLocal);
    void ListIpv4(std::vector<MptcpLocalAddress>& list, Node& node); //!< @param list to append to @param node whose
    void ListIpv6(std::vector<MptcpLocalAddress>& list, Node& node); //!< @param list to append to @param node whose

    Callback<void> m_changed;                    //!< see constructor
    std::map<Ptr<NetDevice>, Flags> m_flags;     //!< what was said of interfaces
    std::map<Ptr<NetDevice>, uint8_t> m_numbers; //!< of devices
    std::map<Ptr<NetDevice>, Link> m_links;      //!< devices whose link is watched
    std::set<Address> m_forced;                  //!< see Force()
};

} // namespace ns3

#endif /* MPTCP_INTERFACES_H */
