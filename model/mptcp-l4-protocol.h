/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_L4_PROTOCOL_H
#define MPTCP_L4_PROTOCOL_H

#include "mptcp-settings.h"

#include "ns3/event-id.h"
#include "ns3/net-device.h"
#include "ns3/random-variable-stream.h"
#include "ns3/tcp-l4-protocol.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

class MptcpInterfaces;
class MptcpSocket;
class MptcpStack;

/**
 * @ingroup mptcp
 * A node's TCP layer: ns-3's own, with the core's TCP and Multipath TCP in front of it.
 *
 * A segment for one of the core's endpoints goes to the core, every other to ns-3's TCP, so that MPTCP, the core's
 * single-path TCP and ns-3's TCP work side by side on a node, chosen per socket by the factory:
 *
 * | factory | socket |
 * | --- | --- |
 * | ns3::MptcpSocketFactory | MptcpSocket with Multipath TCP |
 * | ns3::MptcpTcpSocketFactory | MptcpSocket with the core's single-path TCP |
 * | ns3::MptcpNativeTcpSocketFactory | ns-3's TcpSocketBase |
 * | ns3::TcpSocketFactory | what the Attribute DefaultProtocol says (MPTCP) |
 *
 * The three share one space of ports. MptcpHelper::Install() puts this protocol on a node.
 *
 * Attributes: DefaultProtocol; ConnectionsMax, HalfOpenMax and ChallengeAcksPerSecond, limits of the node; and all of
 * MptcpSettings, which every socket of the node starts with. The limits and the global value ChecksumEnabled are read
 * when the node's first socket connects or listens.
 */
class MptcpL4Protocol : public TcpL4Protocol, public MptcpConfigurable
{
  public:
    /** Which TCP a socket speaks. */
    enum Protocol
    {
        MPTCP,      //!< the core's Multipath TCP
        TCP,        //!< the core's single-path TCP
        NATIVE_TCP, //!< ns-3's TCP
    };

    /** @return the TypeId */
    static TypeId GetTypeId();

    MptcpL4Protocol();
    ~MptcpL4Protocol() override;

    /** @param protocol which TCP @return a new socket of this node */
    Ptr<Socket> CreateSocketOf(Protocol protocol);
    /** @return a new socket that speaks what the Attribute DefaultProtocol says */
    Ptr<Socket> CreateDefaultSocket();

    /**
     * Mark the addresses of an interface as backup: subflows from there carry data only while no other can. May be
     * changed at any time; peers are told with MP_PRIO.
     * @param device the interface's device
     * @param isBackup whether it is one
     */
    void SetBackup(Ptr<NetDevice> device, bool isBackup);
    /**
     * Have the addresses of an interface announced to peers with ADD_ADDR. To be called before the node's first socket
     * connects or listens, or before the interface goes up.
     * @param device the interface's device
     * @param isSignal whether to announce them
     */
    void SetSignal(Ptr<NetDevice> device, bool isSignal);
    /**
     * Never open an additional subflow from the addresses of an interface. To be called before the node's first socket
     * connects or listens, or before the interface goes up.
     * @param device the interface's device
     * @param noSubflow whether to exclude them
     */
    void SetNoSubflow(Ptr<NetDevice> device, bool noSubflow);
    /**
     * For the path manager "linux": open subflows from the addresses of an interface to announced addresses, too, up to
     * AddAddrAccepted of them. To be called before the node's first socket connects or listens, or before the interface
     * goes up.
     * @param device the interface's device
     * @param isFullmesh whether they are such endpoints
     */
    void SetFullmesh(Ptr<NetDevice> device, bool isFullmesh);
    /**
     * For the path manager "linux": open one subflow from an address of an interface, to an announced address that has
     * none, and none to the address that was connected to. To be called before the node's first socket connects or
     * listens, or before the interface goes up.
     * @param device the interface's device
     * @param isLaminar whether they are such endpoints
     */
    void SetLaminar(Ptr<NetDevice> device, bool isLaminar);

    /**
     * Have the node's usable addresses compared with what the core knows, which is told what is new and what is gone,
     * at the end of the current event, so that routes may still be set. An address is usable while its interface is
     * up and its device has a link. MptcpSourceRouting calls this whenever one of these changes.
     */
    void SyncAddresses();
    /** The same, now. */
    void DoSyncAddresses();
    /** Have the core collect trace events. @param kind the socket's trace source that a sink is connected to */
    void EnableTrace(uint32_t kind);

    /** @return the core's counters, by the names that Linux's MPTCP MIB has for them */
    std::map<std::string, uint64_t> GetCounters() const;

    /**
     * Fix the random stream that keys and sequence numbers come from; before the node's first socket connects or
     * listens.
     * @param stream number of the stream
     * @return the number of streams used (1)
     */
    int64_t AssignStreams(int64_t stream);

    /** @return the glue to the core, made at the first call; null after the node's end */
    MptcpStack* GetStack();
    /** @return the node, null before aggregation */
    Ptr<Node> GetOwner() const;
    /** @param socket to keep alive until RemoveMptcpSocket(), and to give the number that its path has */
    void AddMptcpSocket(Ptr<MptcpSocket> socket);
    MptcpInterfaces& GetInterfaces(); //!< @return the node's interfaces
    /** @param socket whose connection is gone */
    void RemoveMptcpSocket(Ptr<MptcpSocket> socket);

    // From TcpL4Protocol
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p, const Ipv4Header& header, Ptr<Ipv4Interface> incoming) override;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p, const Ipv6Header& header, Ptr<Ipv6Interface> incoming) override;
    void ReceiveIcmp(Ipv4Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv4Address payloadSource,
                     Ipv4Address payloadDestination,
                     const uint8_t payload[8]) override;
    void ReceiveIcmp(Ipv6Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv6Address payloadSource,
                     Ipv6Address payloadDestination,
                     const uint8_t payload[8]) override;

  protected:
    void DoDispose() override;
    void NotifyConstructionCompleted() override;
    void NotifyNewAggregate() override;

  private:
    /** @return a new socket with the node's settings */
    Ptr<MptcpSocket> CreateMptcpSocket();
    /** @param what was done @return whether that is too late for the core, with a warning */
    bool IsLate(const std::string& what) const;
    void SetConnectionsMax(uint32_t count);         //!< @param count see the Attribute
    uint32_t GetConnectionsMax() const;             //!< @return see the Attribute
    void SetHalfOpenMax(uint32_t count);            //!< @param count see the Attribute
    uint32_t GetHalfOpenMax() const;                //!< @return see the Attribute
    void SetChallengeAcksPerSecond(uint32_t count); //!< @param count see the Attribute
    uint32_t GetChallengeAcksPerSecond() const;     //!< @return see the Attribute
    /** End the program where a device is another node's. @param device it @param call who asks */
    void CheckOwn(Ptr<NetDevice> device, const std::string& call) const;
    /** @param call name of a function that says something of an interface, to warn of where it comes too late */
    void WarnOfLateFlag(const std::string& call) const;
    /** Warn of defaults that came after the nodes. */
    static void WarnOfLateDefaults();
    /** Warn where changes of interfaces would not be heard. */
    void CheckRouting() const;

    Ptr<Node> m_owner;                                   //!< the node
    Protocol m_defaultProtocol{MPTCP};                   //!< what ns3::TcpSocketFactory gives
    uint32_t m_connectionsMax{0};                        //!< Attribute ConnectionsMax
    uint32_t m_halfOpenMax{0};                           //!< Attribute HalfOpenMax
    uint32_t m_challengeAcksPerSecond{0};                //!< Attribute ChallengeAcksPerSecond
    Ptr<UniformRandomVariable> m_seeds;                  //!< of the core's generator
    std::unique_ptr<MptcpStack> m_stack;                 //!< the glue; made at the first use
    bool m_isDisposed{false};                            //!< no stack is made any more
    std::map<uint32_t, Ptr<MptcpSocket>> m_mptcpSockets; //!< sockets in use, by the number in their path
    uint32_t m_nextSocket{0};                            //!< number of the next socket; none is used twice
    Ptr<MptcpInterfaces> m_interfaces;                   //!< which addresses are usable
    EventId m_sync;                                      //!< pending call of DoSyncAddresses()
    std::set<Address> m_detours;                         //!< addresses whose segments arrive elsewhere: warned of
    std::set<uint32_t> m_tracesWanted;                   //!< trace sources that have a sink
};

} // namespace ns3

#endif /* MPTCP_L4_PROTOCOL_H */
