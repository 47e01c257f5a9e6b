/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_STACK_H
#define MPTCP_STACK_H

#include "mptcp-info.h"
#include "mptcp-interfaces.h"
#include "mptcp-settings.h"

#include "ns3/event-id.h"
#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct mpt_addr;
struct mpt_conn;
struct mpt_listener;
struct mpt_notice;
struct mpt_segment;
struct mpt_stack;

namespace ns3
{

class MptcpCongestionOps;
class MptcpConnection;
class MptcpL4Protocol;
class MptcpPathManager;
class MptcpPortLease;
class MptcpScheduler;
class MptcpSocket;

/**
 * @ingroup mptcp
 * The border between ns-3 and the core: the one class that calls into it.
 *
 * It turns packets into segments and back, keeps the bytes of each connection, calls the core in the order that the
 * core asks for (input; transmit, poll and trace until there is nothing more; one timer), and passes what the core
 * says to the sockets. It decides nothing about the protocol. It is private to the module; programs use MptcpSocket
 * and MptcpL4Protocol.
 */
class MptcpStack
{
  public:
    /** Limits of a node. */
    struct Limits
    {
        uint32_t connectionsMax;         //!< connections at once
        uint32_t halfOpenMax;            //!< half-open connections of a listener
        uint32_t challengeAcksPerSecond; //!< RFC 5961
    };

    static Limits GetDefaultLimits(); //!< @return the core's defaults

    /**
     * @param l4 the protocol that owns this
     * @param settings what connections start with
     * @param limits limits of the node
     * @param seed of the core's generator
     */
    MptcpStack(MptcpL4Protocol& l4, const MptcpSettings& settings, const Limits& limits, uint64_t seed);
    ~MptcpStack();
    MptcpStack(const MptcpStack&) = delete;
    MptcpStack& operator=(const MptcpStack&) = delete;

    // The network's side

    /** What became of a packet. */
    enum class Fate
    {
        TAKEN,        //!< the core has it
        NOT_OURS,     //!< no endpoint of the core's; nothing was done
        BAD_CHECKSUM, //!< dropped
    };

    /**
     * @param packet from the TCP header on
     * @param header its IP header
     * @return its fate
     */
    Fate Receive(Ptr<Packet> packet, const Ipv4Header& header);
    /**
     * @param packet from the TCP header on
     * @param header its IP header
     * @return its fate
     */
    Fate Receive(Ptr<Packet> packet, const Ipv6Header& header);
    /** Answer a segment that is nobody's with a reset. @param packet from the TCP header on @param header its IP header */
    void Refuse(Ptr<Packet> packet, const Ipv4Header& header);
    /** Answer a segment that is nobody's with a reset. @param packet from the TCP header on @param header its IP header */
    void Refuse(Ptr<Packet> packet, const Ipv6Header& header);
    /** ICMP says that a host cannot be reached. @param local our address and port @param remote the host's */
    void Unreachable(const Address& local, const Address& remote);
    /** Tell the core what addresses there are now; those it has besides go down. @param addresses all usable ones */
    void SetAddresses(const std::vector<MptcpLocalAddress>& addresses);

    const std::vector<MptcpLocalAddress>& GetAddresses() const; //!< @return what the core was told

    // The sockets' side; a connection is valid until Release()

    /**
     * Open a connection. The caller calls Flush() when it is ready to be told of it.
     * @param socket to be told of the connection
     * @param local address and port
     * @param remote address and port
     * @param port the lease of the local port
     * @param connection receives the new connection
     * @return ERROR_NOTERROR or why not
     */
    Socket::SocketErrno Connect(Ptr<MptcpSocket> socket,
                                const Address& local,
                                const Address& remote,
                                std::shared_ptr<MptcpPortLease> port,
                                MptcpConnection*& connection);
    /** Do what calls of Connect() brought about. */
    void Flush();
    /**
     * @param socket to be told of connections
     * @param local address (or any) and port
     * @param listener receives it
     * @return error
     */
    Socket::SocketErrno Listen(MptcpSocket& socket, const Address& local, mpt_listener*& listener);
    void CloseListener(mpt_listener* listener); //!< @param listener of Listen(); not to be used any more
    /** Append to the stream. @param connection the connection @param packet not empty; taken over @return error */
    Socket::SocketErrno Write(MptcpConnection& connection, Ptr<Packet> packet);
    /** @param connection with something to read @param bytesMax at most @return what was read */
    Ptr<Packet> Read(MptcpConnection& connection, uint32_t bytesMax);
    void Shutdown(MptcpConnection& connection); //!< @param connection no more will be written to
    void Abort(MptcpConnection& connection);    //!< @param connection to break
    void Release(MptcpConnection& connection);  //!< @param connection that the socket lets go of

    uint64_t GetReadable(const MptcpConnection& connection) const; //!< @param connection it @return bytes to read
    /**
     * @param connection it
     * @return room of the send buffer
     */
    uint64_t GetWritable(const MptcpConnection& connection) const;
    /**
     * @param connection it
     * @return whether all that will come is readable
     */
    bool HasPeerEnded(const MptcpConnection& connection) const;
    /**
     * @param connection it
     * @return our end of the first subflow
     */
    Address GetLocal(const MptcpConnection& connection) const;
    /**
     * @param connection it
     * @return its state
     */
    MptcpConnectionInfo GetInfo(const MptcpConnection& connection) const;
    /**
     * @param connection it
     * @return its subflows
     */
    std::vector<MptcpSubflowInfo> GetSubflows(const MptcpConnection& connection) const;
    /**
     * @param connection it
     * @return what the path manager knows of pairs of addresses
     */
    std::vector<MptcpPairInfo> GetPairs(const MptcpConnection& connection) const;
    /** @param connection it @return the program's own object that schedules it, or null */
    Ptr<MptcpScheduler> GetScheduler(const MptcpConnection& connection) const;
    /** @param connection it @return the program's own object that manages its paths, or null */
    Ptr<MptcpPathManager> GetPathManager(const MptcpConnection& connection) const;
    /** @param connection it @param subflowId of it @return the program's own object that controls its window, or null */
    Ptr<MptcpCongestionOps> GetCongestionControl(const MptcpConnection& connection, uint32_t subflowId) const;
    std::map<std::string, uint64_t> GetCounters() const; //!< @return the core's counters

    // Tracing

    /** Add a trace source of MptcpSocket for each trace kind of the core. @param tid of MptcpSocket @return tid */
    static TypeId AddTraceSources(TypeId tid);
    static std::size_t GetTraceKinds(); //!< @return how many trace sources a socket has
    void EnableTrace(uint32_t kind);    //!< Have the core collect events from now on @param kind for this trace source

  private:
    int64_t Now() const; //!< @return the core's time
    /** Do all that the core wants done. Called after each input; a call from inside only marks that there was one. */
    void Pump();
    void AddressUp(const MptcpLocalAddress& address); //!< @param address new, or with its link back
    /** @param connection it @return how the log names it */
    std::string Name(const MptcpConnection& connection) const;
    void TellFault();                       //!< Warn of a policy that does what it may not, once
    bool IsNodeReady();                     //!< @return whether packets may be sent; if not, Pump() is called then
    void Transmit();                        //!< Send what the core has to send
    void SendSegment(mpt_segment& segment); //!< @param segment to put on the wire
    /**
     * Tell the socket of bytes sent for the first time.
     * @param connection it
     * @param end stream offset after what was sent
     */
    void CountSent(MptcpConnection& connection, uint64_t end);
    /**
     * Have the application asked for more where less than a segment is left to send: later, so that it is not asked
     * inside of Send(). ns-3's TCP asks before each segment that its window has room for.
     * @param connection it
     */
    void AskSoon(const MptcpConnection& connection);
    void AskForMore(); //!< Call the send callbacks of the sockets of AskSoon()
    /**
     * @param segment whose checksums to write
     * @param payload its payload
     */
    void Seal(mpt_segment& segment, Ptr<Packet> payload);
    /**
     * @param packet whole TCP segment
     * @param segment its addresses
     */
    void SendIpv4(Ptr<Packet> packet, const mpt_segment& segment);
    /**
     * @param packet whole TCP segment
     * @param segment its addresses
     */
    void SendIpv6(Ptr<Packet> packet, const mpt_segment& segment);
    void ReportNoRoute(const mpt_segment& segment); //!< @param segment that could not be sent
    /** @param from an address of the node, if it is still one @param to where no SYN gets from there */
    void WarnOfNoRoute(const mpt_addr& from, const mpt_addr& to);
    void Handle(const mpt_notice& notice); //!< @param notice to pass on
    void Accept(const mpt_notice& notice); //!< @param notice of a new connection
    void DeliverTraces();                  //!< Fire the trace sources
    void Log();                            //!< Tell the log what has changed
    /**
     * Tell the log which subflows came up or ended.
     * @param connection it
     */
    void LogSubflows(MptcpConnection& connection);
    /**
     * Tell the log what has changed of a connection.
     * @param connection it
     */
    void Log(MptcpConnection& connection);
    /**
     * Fire the trace sources that have the addresses of a subflow.
     * @param connection it
     * @param subflowId the subflow's id
     * @param isUp whether it came up or ended
     */
    void TraceSubflow(MptcpConnection& connection, uint32_t subflowId, bool isUp);
    /**
     * Remember the ends of subflows that came up before anybody listened, so that their end can be told.
     * @param connection it
     * @param isTold whether SubflowUp and SubflowEstablished are fired for them
     */
    void NoteSubflows(MptcpConnection& connection, bool isTold);
    /**
     * Fire the trace source Tx or Rx.
     * @param segment it
     * @param payload its payload
     * @param isSent whether it goes out
     * @return whether it is of a connection
     */
    bool TraceSegment(const mpt_segment& segment, Ptr<const Packet> payload, bool isSent);
    /** @return the counters of fallback that have changed since the last call */
    std::string TakeFallbackReasons();
    void Arm();     //!< Have OnTimer() called no later than the core's deadline
    void OnTimer(); //!< A deadline may have come
    /** @param header the packet's @param packet from the TCP header on @return the segment, header_bytes = 0: malformed */
    static mpt_segment ToSegment(const Ipv4Header& header, Ptr<const Packet> packet);
    /** @param header the packet's @param packet from the TCP header on @return the segment, header_bytes = 0: malformed */
    static mpt_segment ToSegment(const Ipv6Header& header, Ptr<const Packet> packet);
    /** @param segment its ToSegment() @param packet from the TCP header on @return its fate */
    Fate Input(mpt_segment& segment, Ptr<Packet> packet);
    void Refuse(const mpt_segment& segment); //!< @param segment that is nobody's
    /**
     * Fill in the payload of a segment, for its checksums.
     * @param segment in
     * @param packet it
     * @return whether its checksum is right
     */
    bool TakeBytes(mpt_segment& segment, Ptr<Packet> packet);
    /**
     * @param conn of the core
     * @return ours, made where there is none yet
     */
    MptcpConnection& GetConnection(mpt_conn* conn);

    MptcpL4Protocol& m_l4;                            //!< owner
    Ptr<Ipv4> m_ipv4;                                 //!< of the node, or null
    Ptr<Ipv6> m_ipv6;                                 //!< of the node, or null
    mpt_stack* m_core{nullptr};                       //!< the core
    bool m_hasChecksums;                              //!< TCP checksums are on in this simulation
    uint32_t m_traces{0};                             //!< the kinds of trace events that the core collects
    bool m_hasSegmentSinks{false};                    //!< someone listens to Tx or Rx
    bool m_isFaultTold{false};                        //!< see TellFault()
    bool m_isPumping{false};                          //!< Pump() is running
    bool m_hasInput{false};                           //!< there was an input since Pump() began its last round
    EventId m_ask;                                    //!< pending call of AskForMore()
    std::vector<Ptr<MptcpSocket>> m_drained;          //!< see AskForMore()
    EventId m_start;                                  //!< pending where something waits for the simulation to start
    EventId m_timer;                                  //!< pending where m_isArmed
    bool m_isArmed{false};                            //!< a timer is pending
    int64_t m_timerAt{0};                             //!< for when
    std::vector<uint8_t> m_bytes;                     //!< scratch for checksums
    std::vector<MptcpLocalAddress> m_addresses;       //!< what the core was told
    std::set<Address> m_withoutRoute;                 //!< of those from where a SYN had none
    std::map<std::string, uint64_t> m_loggedCounters; //!< as the log was told
    std::unordered_map<mpt_conn*, std::unique_ptr<MptcpConnection>> m_connections; //!< by the core's name
    std::vector<std::unique_ptr<MptcpConnection>> m_gone; //!< freed after their last trace events were delivered
};

} // namespace ns3

#endif /* MPTCP_STACK_H */
