/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SOCKET_H
#define MPTCP_SOCKET_H

#include "mptcp-info.h"
#include "mptcp-settings.h"

#include "ns3/inet-socket-address.h"
#include "ns3/net-device-container.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-socket.h"
#include "ns3/traced-callback.h"

#include <memory>
#include <vector>

struct mpt_listener;

namespace ns3
{

class MptcpCongestionOps;
class MptcpConnection;
class MptcpL4Protocol;
class MptcpPathManager;
class MptcpPortLease;
class MptcpScheduler;
class MptcpStack;

/**
 * @ingroup mptcp
 * The socket that applications see: the ns3::Socket contract over a connection of the core, Multipath TCP or
 * single-path TCP as its Attribute Mptcp says.
 *
 * Sockets come from a socket factory: ns3::MptcpSocketFactory, ns3::MptcpTcpSocketFactory, or ns3::TcpSocketFactory
 * on a node that has MptcpL4Protocol.
 *
 * Attributes: all of MptcpSettings, to be set before Connect() or Listen(); an accepted socket has its listener's. The
 * Attributes of ns3::TcpSocket that have a counterpart are mapped: SndBufSize (SendBuffer), RcvBufSize (ReceiveBuffer),
 * SegmentSize (MssMax), InitialCwnd (InitialWindowSegments), ConnTimeout (RtoInitial), ConnCount (SynRetries),
 * DataRetries, DelAckTimeout (DelayedAckTime), DelAckCount (DelayedAckSegments), TcpNoDelay (not Nagle). Their defaults
 * in ns-3 do not apply here; a value that was set, on the socket or with Config::SetDefault(), does.
 * MaxSegLifetime, an Attribute of ns3::TcpSocketBase that stock applications set, is half of TimeWait.
 * InitialSlowStartThreshold and PersistTimeout are kept and have no effect: the core starts without a threshold
 * and probes a closed window with its retransmission timeout.
 *
 * Trace sources, all with the signature ValueTracedCallback. About one subflow, whose id is the first argument: Cwnd,
 * Ssthresh, Rtt, Rto (ns), BytesInFlight, State, BytesSent, BytesAcked, BytesRetransmitted. About the connection (the id
 * is that of the subflow concerned, or 0): DsnSent, DsnAcked, DsnDelivered, ReorderBytes, Scheduled, SubflowUp,
 * SubflowDown, Reinjected. Tx and Rx tell of each segment, with the signature SegmentTracedCallback. SubflowEstablished and SubflowClosed tell the ends of a subflow, with the signature
 * SubflowTracedCallback. Accepted sockets have the sinks that were connected to their listener, with their own path for
 * the listener's. All sockets of a node are below /NodeList/[i]/$ns3::MptcpL4Protocol/MptcpSocketList/[n]/; no number n
 * is used twice.
 *
 * Callbacks follow ns-3's TCP: a listener's close callbacks are inherited by the sockets it accepts; the end of the
 * peer's stream is a call of the normal-close callback; a socket whose ShutdownSend() was called before it was
 * accepted (as PacketSink does on its listener) closes itself when the peer has ended and everything is read.
 * NotifyDataSent counts stream bytes when they are sent for the first time. The connection request callback is called
 * after the handshake; refusing resets the connection.
 *
 * A socket lives until its connection is gone, whether or not the application keeps a pointer to it.
 */
class MptcpSocket : public TcpSocket, public MptcpConfigurable
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId();

    MptcpSocket();
    /** The socket that a listener accepts. @param listener whose settings, options and close callbacks are inherited */
    MptcpSocket(const MptcpSocket& listener);
    ~MptcpSocket() override;

    /**
     * Signature of all trace sources.
     * @param subflowId the subflow's id
     * @param oldValue the value before
     * @param newValue the value now
     */
    typedef void (*ValueTracedCallback)(uint32_t subflowId, uint64_t oldValue, uint64_t newValue);

    /**
     * Signature of SubflowEstablished and SubflowClosed.
     * @param subflowId the subflow's id
     * @param local our end
     * @param remote the peer's end
     */
    typedef void (*SubflowTracedCallback)(uint32_t subflowId, const Address& local, const Address& remote);

    /**
     * Signature of Tx and Rx, which is ns3::TcpSocketBase's behind the subflow. A segment of a peer that connects is
     * not heard of before its socket is accepted, after the handshake.
     * @param subflowId the subflow's id
     * @param packet the payload, without headers
     * @param header the TCP header; options that ns-3 does not know are of the kind unknown
     * @param socket this one
     */
    typedef void (*SegmentTracedCallback)(uint32_t subflowId,
                                          Ptr<const Packet> packet,
                                          const TcpHeader& header,
                                          Ptr<const MptcpSocket> socket);

    /**
     * Connect a sink to a trace source; for its accessor, programs use TraceConnect(). The core traces from now on.
     * @param kind of the trace source
     * @param sink to connect
     * @param context given to the sink; empty: none
     */
    void ConnectTrace(uint32_t kind, const CallbackBase& sink, const std::string& context = "");
    /** @param kind of the trace source @param sink to disconnect @param context that it was connected with */
    void DisconnectTrace(uint32_t kind, const CallbackBase& sink, const std::string& context = "");

    /** @return state of the connection; after its end the last state it had */
    MptcpConnectionInfo GetConnectionInfo() const;
    /** @return state of the subflows alive now, by id; after the connection's end those alive at the last look */
    std::vector<MptcpSubflowInfo> GetSubflows() const;
    /** @return why each pair of addresses has a subflow or none; empty once the connection is over */
    std::vector<MptcpPairInfo> GetPairs() const;
    /**
     * The program's own policy at work: for its trace sources, Attributes and members. There is one from
     * Connect() on, at a server from the accept callback on, until the connection is over.
     * @return the object; null where the policy is none of a program's class
     */
    Ptr<MptcpScheduler> GetScheduler() const;
    Ptr<MptcpPathManager> GetPathManager() const; //!< @return the same for path managers
    /** @param subflowId of a subflow @return the same for its congestion control */
    Ptr<MptcpCongestionOps> GetCongestionControl(uint32_t subflowId) const;
    /**
     * Restrict the connection to some of the node's devices, as BindToNetDevice() does to one: no subflow is opened from
     * or taken at another one, none of their addresses is announced. Before Connect() or Listen(), whose connections
     * have the same restriction.
     * @param devices that may be used; none: all
     */
    void RestrictToNetDevices(const NetDeviceContainer& devices);
    /** Break the connection at once: the peer is reset (MP_FASTCLOSE, RST) and the error-close callback called. */
    void Abort();

    // From Socket
    Socket::SocketErrno GetErrno() const override;
    Socket::SocketType GetSocketType() const override;
    Ptr<Node> GetNode() const override;
    int Bind() override;
    int Bind6() override;
    int Bind(const Address& address) override;
    int Connect(const Address& address) override;
    int Listen() override;
    int Close() override;
    int ShutdownSend() override;
    int ShutdownRecv() override;
    uint32_t GetTxAvailable() const override;
    uint32_t GetRxAvailable() const override;
    int Send(Ptr<Packet> p, uint32_t flags) override;
    int SendTo(Ptr<Packet> p, uint32_t flags, const Address& toAddress) override;
    Ptr<Packet> Recv(uint32_t maxSize, uint32_t flags) override;
    Ptr<Packet> RecvFrom(uint32_t maxSize, uint32_t flags, Address& fromAddress) override;
    int GetSockName(Address& address) const override;
    int GetPeerName(Address& address) const override;
    void BindToNetDevice(Ptr<NetDevice> device) override;
    bool SetAllowBroadcast(bool allowBroadcast) override;
    bool GetAllowBroadcast() const override;
    using Socket::Recv;
    using Socket::RecvFrom;
    using Socket::Send;
    using Socket::SendTo;

    // From MptcpConfigurable
    bool MaySet(const std::string& attribute) const override;

  protected:
    void DoDispose() override;
    void NotifyConstructionCompleted() override;

  private:
    friend class MptcpL4Protocol; // makes sockets
    friend class MptcpStack;      // tells them what the core says

    /** What the socket is at the moment. */
    enum class Phase
    {
        UNCONNECTED, //!< neither Connect() nor Listen() was called
        LISTENING,   //!< Listen() was called
        CONNECTING,  //!< Connect() was called
        CONNECTED,   //!< connected or accepted; our end or the peer's may have come
        CLOSED,      //!< the connection is over
    };

    // For MptcpL4Protocol
    /** @param l4 the protocol this socket belongs to */
    void SetL4(Ptr<MptcpL4Protocol> l4);
    /** @param tid of ns3::TcpSocketBase or TcpSocketState @param info an Attribute of it whose default the program changed */
    void TakeTcpDefault(const TypeId& tid, const TypeId::AttributeInformation& info);
    /** Warn where congestion control or recovery was chosen for ns-3's TCP and not for this socket. */
    void WarnOfTypes() const;

    // For MptcpStack
    /** @param connection the connection, now accepted @param from the peer @param listener that accepted it */
    void Accepted(MptcpConnection* connection, const Address& from, MptcpSocket& listener);
    /** The connection is established. */
    void Connected();
    /** There is more to read, or the peer's end has come. */
    void Readable();
    /** There is room in the send buffer. */
    void Writable();
    /** Stream bytes went out for the first time. @param bytes how many */
    void Sent(uint32_t bytes);
    /** Both directions ended in good order. */
    void Ended();
    /** The connection broke. */
    void Failed();
    /** Put the socket's TOS or traffic class, TTL or hop limit and priority on a packet. */
    void TagPacket(Packet& packet, uint8_t ecn, bool isIpv6) const;
    /** @param packet to mark @param ecn field of the IP header @param isIpv6 whether it goes over IPv6 */
    static void TagEcn(Packet& packet, uint8_t ecn, bool isIpv6);
    /** @param kind index of the trace source @param subflowId the subflow @param oldValue before @param newValue now */
    void Trace(uint32_t kind, uint32_t subflowId, uint64_t oldValue, uint64_t newValue);
    /** @param index 0: established, 1: closed @param subflowId the subflow @param local our end @param remote the peer's */
    void TraceSubflow(uint32_t index, uint32_t subflowId, const Address& local, const Address& remote);
    /**
     * @param index 0: sent, 1: received
     * @param subflowId the subflow
     * @param packet the payload
     * @param header the TCP header
     */
    void TraceSegment(uint32_t index, uint32_t subflowId, Ptr<const Packet> packet, const TcpHeader& header);
    /** Give the sinks that have our listener's path as context ours instead. @param listener that accepted this socket */
    void TakeContextSinks(const MptcpSocket& listener);
    uint64_t GetLinks() const; //!< @return bit n: link n of the node's may be used

    void SetMaxSegLifetime(double seconds); //!< @param seconds half of the time in TIME_WAIT
    double GetMaxSegLifetime() const;       //!< @return half of the time in TIME_WAIT (s)

    // From TcpSocket
    void SetSndBufSize(uint32_t size) override;
    uint32_t GetSndBufSize() const override;
    void SetRcvBufSize(uint32_t size) override;
    uint32_t GetRcvBufSize() const override;
    void SetSegSize(uint32_t size) override;
    uint32_t GetSegSize() const override;
    void SetInitialSSThresh(uint32_t threshold) override;
    uint32_t GetInitialSSThresh() const override;
    void SetInitialCwnd(uint32_t cwnd) override;
    uint32_t GetInitialCwnd() const override;
    void SetConnTimeout(Time timeout) override;
    Time GetConnTimeout() const override;
    void SetSynRetries(uint32_t count) override;
    uint32_t GetSynRetries() const override;
    void SetDataRetries(uint32_t retries) override;
    uint32_t GetDataRetries() const override;
    void SetDelAckTimeout(Time timeout) override;
    Time GetDelAckTimeout() const override;
    void SetDelAckMaxCount(uint32_t count) override;
    uint32_t GetDelAckMaxCount() const override;
    void SetTcpNoDelay(bool noDelay) override;
    bool GetTcpNoDelay() const override;
    void SetPersistTimeout(Time timeout) override;
    Time GetPersistTimeout() const override;

    /**
     * Set an Attribute, unless ns-3's own defaults are just being applied.
     * @param attribute its name
     * @param value the value
     */
    void Map(const std::string& attribute, const AttributeValue& value);
    uint32_t UnmapUinteger(const std::string& attribute) const; //!< @param attribute its name @return its value
    Time UnmapTime(const std::string& attribute) const;         //!< @param attribute its name @return its value
    /** @param error the reason @return -1 */
    int Fail(Socket::SocketErrno error) const;
    /** Reserve the port (0: any) and remember the address. @param address IPv4 or IPv6 @return 0 or -1 */
    int Reserve(const Address& address);
    /** @param remote where to @param local receives address and port to connect from @return false: no route */
    bool ChooseLocal(const Address& remote, Address& local) const;
    /**
     * @param remote where to
     * @param device to go by, or null
     * @param source to go from, or any
     * @return whether there is a route, and its source address then
     */
    Address FindSource(const Address& remote, Ptr<NetDevice> device, const Address& source) const;
    /**
     * See to it that the core knows the local address: one whose link is down is left for another, unless the program
     * bound the socket to it or there is none.
     * @param remote where to
     * @param local address and port, may be changed
     */
    void UseLocal(const Address& remote, Address& local);
    /** @param local address and port @return whether that is at a device that the socket may not use */
    bool IsExcluded(const Address& local) const;
    /** Let go of the connection; the core finishes what is left. */
    void Release();
    /** Tell the application once that the peer's stream or the connection has ended in good order. */
    void NotifyNormalCloseOnce();
    /** Close after the peer's end where nothing is left to read and ShutdownSend() was called. */
    void CloseAfterPeer();
    /** @return the glue to the core, or null after the node's end */
    MptcpStack* GetStack() const;

    Ptr<MptcpL4Protocol> m_l4;                           //!< null before SetL4() and after dispose
    Ptr<Node> m_node;                                    //!< the node
    Phase m_phase{Phase::UNCONNECTED};                   //!< see Phase
    MptcpConnection* m_connection{nullptr};              //!< owned by the stack; null when none or released
    mpt_listener* m_listener{nullptr};                   //!< owned by the core
    std::shared_ptr<MptcpPortLease> m_port;              //!< keeps the local port from others
    Address m_local;                                     //!< bound or connected from
    Address m_remote;                                    //!< the peer
    mutable Socket::SocketErrno m_errno{ERROR_NOTERROR}; //!< of the last call that failed
    uint64_t m_bytesWritten{0};                          //!< of the stream, by the application
    bool m_isSendShut{false};                            //!< ShutdownSend() was called
    bool m_isRecvShut{false};                            //!< ShutdownRecv() was called
    bool m_hasEnded{false};                              //!< the core is done; what is unread is still to be read
    bool m_isCloseNotified{false};                       //!< a close callback was called
    uint32_t m_initialSsthresh{UINT32_MAX};              //!< kept for its Attribute only
    Time m_persistTimeout;                               //!< kept for its Attribute only
    MptcpConnectionInfo m_lastInfo;                      //!< taken when the connection was released
    std::vector<MptcpSubflowInfo> m_lastSubflows;        //!< taken when the connection was released

    /** The trace sources: one a trace kind of the core, two that have addresses, and two that have segments. */
    struct Sources
    {
        std::vector<TracedCallback<uint32_t, uint64_t, uint64_t>> values;                  //!< by kind
        std::vector<TracedCallback<uint32_t, const Address&, const Address&>> subflows{2}; //!< established, closed
        std::vector<TracedCallback<uint32_t, Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSocket>>> segments{
            2}; //!< sent, received
    };

    /** A sink that is given a context. */
    struct ContextSink
    {
        uint32_t kind;       //!< of the trace source
        CallbackBase sink;   //!< it
        std::string context; //!< its first argument
    };

    /** @param sources ours, with or without context @param kind index @param function called with the trace source */
    template <typename Function>
    static void With(Sources& sources, uint32_t kind, Function function);

    Sources m_sources;                       //!< with the sinks that want no context; inherited from a listener
    Sources m_contextSources;                //!< with the others
    std::vector<ContextSink> m_contextSinks; //!< those of m_contextSources
    uint32_t m_number{0};                    //!< in the path below MptcpSocketList
    std::vector<Ptr<NetDevice>> m_devices;   //!< see RestrictToNetDevices()
};

} // namespace ns3

#endif /* MPTCP_SOCKET_H */
