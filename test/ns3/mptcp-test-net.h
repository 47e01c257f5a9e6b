/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_TEST_NET_H
#define MPTCP_TEST_NET_H

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mptcptest
{

/** One link between client and server. */
struct Path
{
    std::string rate{"10Mbps"}; //!< of the link
    std::string delay{"10ms"};  //!< of the link
    double loss{0};             //!< of packets, in each direction, 0 to 1
};

/**
 * Client, router and server. The paths are links between client and router, 10.1.P.1 to 10.1.P.2 and fd00:10P::1 to
 * ::2 (P = 1, 2, ...); two fast links join router and server, 10.9.N.2 to 10.9.N.1 and fd00:90N::2 to ::1 (N = 1, 2).
 * Client and server have MPTCP, and a default route for each interface.
 */
class Net
{
  public:
    /**
     * @param paths the links
     * @param seed of everything that is random
     * @param mptcp to install with
     */
    explicit Net(const std::vector<Path>& paths, uint32_t seed = 1, MptcpHelper mptcp = MptcpHelper());
    ~Net();
    Net(const Net&) = delete;
    Net& operator=(const Net&) = delete;

    Ptr<Node> GetClient() const; //!< @return the client
    Ptr<Node> GetServer() const; //!< @return the server
    /**
     * @param path index of a path
     * @return its device at the client
     */
    Ptr<NetDevice> GetClientDevice(std::size_t path) const;
    const NetDeviceContainer&
    GetLink(std::size_t path) const;                        //!< @param path index @return its devices: client, router
    Ptr<NetDevice> GetServerDevice(std::size_t link) const; //!< @param link 0 or 1 @return its device at the server
    /** @param port of the server @param isIpv6 which family @return the server's first address */
    static Address GetServerAddress(uint16_t port, bool isIpv6 = false);
    /** @param port of the server @param isIpv6 which family @return any address of the server */
    static Address GetAnyAddress(uint16_t port, bool isIpv6 = false);
    /** @param path index of a path @param isUp whether the client's IPv4 interface there goes up or down */
    void SetInterface(std::size_t path, bool isUp);
    /** Capture the paths at the client to PREFIX-NODE-DEVICE.pcap. @param prefix of the files' names */
    void EnablePcap(const std::string& prefix);

  private:
    /**
     * Connect a host with the router.
     * @param host the host
     * @param router the router
     * @param path what the link is like
     * @param network N of 10.N and fd00:N
     * @param number of the link in its network
     * @return the devices of host and router
     */
    NetDeviceContainer Link(Ptr<Node> host, Ptr<Node> router, const Path& path, uint32_t network, std::size_t number);

    Ptr<Node> m_client;                        //!< with the paths
    Ptr<Node> m_router;                        //!< between
    Ptr<Node> m_server;                        //!< with two addresses
    std::vector<NetDeviceContainer> m_paths;   //!< client, router
    std::vector<NetDeviceContainer> m_uplinks; //!< server, router
    int64_t m_stream{10};                      //!< next random stream of an error model
};

/**
 * One end of a connection that sends known bytes, checks those that it receives against what the other end should have
 * sent, and closes when it has sent everything.
 */
class Peer
{
  public:
    /**
     * @param salt makes this end's bytes differ from the other's
     * @param bytesToSend how many to send before closing
     * @param peerSalt the other end's salt
     */
    Peer(uint8_t salt, uint64_t bytesToSend, uint8_t peerSalt);

    /** Connect when the simulation runs. @param s socket to use @param server where to */
    void Connect(Ptr<Socket> s, const Address& server);
    void SendMore(uint64_t bytes); //!< Go on, when everything was sent. @param bytes how many more to send
    void Listen(Ptr<Socket> s, const Address& local); //!< @param s socket to use @param local where

    Ptr<Socket> socket;        //!< the connection's
    Ptr<Socket> listener;      //!< of the server
    uint64_t received{0};      //!< bytes
    uint64_t mismatches{0};    //!< bytes that were not those sent
    uint64_t sent{0};          //!< bytes written
    uint64_t dataSent{0};      //!< bytes that NotifyDataSent reported
    uint32_t connected{0};     //!< calls of the connection-succeeded or new-connection callback
    uint32_t failed{0};        //!< calls of the connection-failed callback
    uint32_t normalCloses{0};  //!< calls of the normal-close callback
    uint32_t errorCloses{0};   //!< calls of the error-close callback
    bool isReading{true};      //!< false: leaves what comes in the socket
    bool closesWhenSent{true}; //!< false: stays open

  private:
    void Use(Ptr<Socket> s); //!< @param s socket of the connection, to be given callbacks
    void Write();            //!< Send as much as there is room for
    void Read();             //!< Read and check everything

    uint8_t m_salt;         //!< see constructor
    uint64_t m_bytesToSend; //!< see constructor
    uint8_t m_peerSalt;     //!< see constructor
    bool m_isClosed{false}; //!< Close() was called
};

/** @param node where @param factory name of the socket factory @return a socket */
Ptr<Socket> MakeSocket(Ptr<Node> node, const std::string& factory = "ns3::TcpSocketFactory");

/**
 * The pattern that mptcp-capture-check --content and the link simulator know, for salts 1 (client) and 2 (server).
 * @param salt of the sender
 * @param offset in its stream
 * @return the byte there
 */
uint8_t PatternByte(uint8_t salt, uint64_t offset);

} // namespace mptcptest
} // namespace ns3

#endif /* MPTCP_TEST_NET_H */
