/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Interfaces, addresses and routes.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"

#include <algorithm>
#include <set>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** @param peer with a MptcpSocket @return ids of its established subflows */
std::set<uint32_t>
GetEstablished(const Peer& peer)
{
    std::set<uint32_t> ids;
    for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(peer.socket)->GetSubflows())
    {
        if (subflow.isEstablished)
        {
            ids.insert(subflow.id);
        }
    }
    return ids;
}

/** An interface goes down and up again during a transfer; the connection goes on over the other and comes back. */
class DownUpTestCase : public TestCase
{
  public:
    /** @param name of the case @param path which interface of the client */
    DownUpTestCase(const std::string& name, std::size_t path)
        : TestCase(name),
          m_path(path)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BYTES = 8000000;
        MptcpHelper helper;
        // Enough for the paths, and too little to fill their queues.
        helper.SetAttribute("SendBuffer", UintegerValue(131072));
        Net net(std::vector<Path>(2), 1, helper);
        Peer client(1, 0, 2);
        Peer server(2, BYTES, 1);
        client.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        std::set<uint32_t> before;
        std::set<uint32_t> during;
        std::set<uint32_t> after;
        uint64_t receivedEarly = 0;
        uint64_t receivedLate = 0;
        Simulator::Schedule(Seconds(1), [&]() {
            before = GetEstablished(client);
            net.SetInterface(m_path, false);
        });
        Simulator::Schedule(Seconds(1.5), [&]() { receivedEarly = client.received; });
        Simulator::Schedule(Seconds(2.5), [&]() {
            receivedLate = client.received;
            during = GetEstablished(client);
            net.SetInterface(m_path, true);
        });
        Simulator::Schedule(Seconds(3.5), [&]() { after = GetEstablished(client); });
        Simulator::Stop(Seconds(200));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(before.size(), 2, "two subflows at first");
        NS_TEST_EXPECT_MSG_EQ(during.size(), 1, "one is left");
        NS_TEST_EXPECT_MSG_EQ(during.count(1 - m_path), 1, "that of the other interface");
        // The other link carries on: 1.2 MB is what 10 Mb/s can carry in the second between.
        NS_TEST_EXPECT_MSG_GT(receivedLate - receivedEarly, 1000000, "the transfer goes on meanwhile");
        NS_TEST_EXPECT_MSG_EQ(after.size(), 2, "a new subflow is opened");
        NS_TEST_EXPECT_MSG_GT(*after.rbegin(), 1, "with an id of its own");
        NS_TEST_EXPECT_MSG_EQ(client.received, BYTES, "everything arrived");
        NS_TEST_EXPECT_MSG_EQ(client.mismatches, 0, "as it was sent");
        NS_TEST_EXPECT_MSG_EQ(client.errorCloses + server.errorCloses, 0, "nothing broke");
    }

    std::size_t m_path; //!< which interface of the client
};

/** A backup interface carries data only while the other is down. */
class BackupTestCase : public TestCase
{
  public:
    BackupTestCase()
        : TestCase("backup_interface_waits_for_the_other_to_fail")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BYTES = 6000000;
        MptcpHelper helper;
        helper.SetAttribute("SendBuffer", UintegerValue(65536)); // the queue never overflows: no loss, no timeout
        Net net(std::vector<Path>(2), 1, helper);
        MptcpHelper::GetMptcp(net.GetClient())->SetBackup(net.GetClientDevice(1), true);
        Peer client(1, BYTES, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        uint64_t onBackup = 1;
        bool isBackup = false;
        Simulator::Schedule(Seconds(2), [&]() {
            for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(client.socket)->GetSubflows())
            {
                isBackup = subflow.id == 1 ? subflow.isBackup : isBackup;
                onBackup = subflow.id == 1 ? subflow.bytesSent : onBackup;
            }
            net.SetInterface(0, false);
        });
        Simulator::Stop(Seconds(200));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(isBackup, true, "the second subflow is a backup");
        NS_TEST_EXPECT_MSG_EQ(onBackup, 0, "nothing goes over it while the first works");
        NS_TEST_EXPECT_MSG_EQ(server.received, BYTES, "everything arrived over it after the first went down");
        NS_TEST_EXPECT_MSG_EQ(server.mismatches, 0, "as it was sent");
    }
};

/** A signalled address of the server is told to the client, which opens a subflow to it. */
class SignalTestCase : public TestCase
{
  public:
    SignalTestCase()
        : TestCase("signalled_address_is_joined")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        MptcpHelper::GetMptcp(net.GetServer())->SetSignal(net.GetServerDevice(1), true);
        Peer client(1, 1000000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        std::set<Ipv4Address> remotes;
        Simulator::Schedule(Seconds(0.5), [&]() {
            for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(client.socket)->GetSubflows())
            {
                if (InetSocketAddress::IsMatchingType(subflow.remote)) // its IPv6 address is announced, too
                {
                    remotes.insert(InetSocketAddress::ConvertFrom(subflow.remote).GetIpv4());
                }
            }
        });
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(remotes.count(Ipv4Address("10.9.2.1")), 1, "a subflow to the announced address");
        NS_TEST_EXPECT_MSG_GT(MptcpHelper::GetMptcp(net.GetClient())->GetCounters().at("AddAddr"), 0, "by ADD_ADDR");
        NS_TEST_EXPECT_MSG_EQ(server.received, 1000000, "everything arrived");
    }
};

/** Endpoints of Linux's path manager: what an interface is said to be decides which pairs of addresses get a subflow. */
class EndpointTestCase : public TestCase
{
  public:
    /** @param isFullmesh of the client's second interface @param isLaminar of it @param wanted its IPv4 subflows: remote addresses */
    EndpointTestCase(bool isFullmesh, bool isLaminar, const std::set<Ipv4Address>& wanted)
        : TestCase(isFullmesh  ? "fullmesh_endpoint"
                   : isLaminar ? "laminar_endpoint"
                               : "subflow_endpoint"),
          m_isFullmesh(isFullmesh),
          m_isLaminar(isLaminar),
          m_wanted(wanted)
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        MptcpHelper::GetMptcp(net.GetServer())->SetSignal(net.GetServerDevice(1), true);
        MptcpHelper::GetMptcp(net.GetClient())->SetFullmesh(net.GetClientDevice(1), m_isFullmesh);
        MptcpHelper::GetMptcp(net.GetClient())->SetLaminar(net.GetClientDevice(1), m_isLaminar);
        Peer client(1, 1000000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        socket->SetAttribute("PathManager", StringValue("linux"));
        socket->SetAttribute("AddAddrAccepted", UintegerValue(2)); // an IPv4 and an IPv6 address
        client.Connect(socket, Net::GetServerAddress(80));
        std::multiset<Ipv4Address> remotes;
        Simulator::Schedule(Seconds(0.5), [&]() {
            for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(client.socket)->GetSubflows())
            {
                if (InetSocketAddress::IsMatchingType(subflow.local) &&
                    InetSocketAddress::ConvertFrom(subflow.local).GetIpv4() == Ipv4Address("10.1.2.1"))
                {
                    remotes.insert(InetSocketAddress::ConvertFrom(subflow.remote).GetIpv4());
                }
            }
        });
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((remotes == std::multiset<Ipv4Address>(m_wanted.begin(), m_wanted.end())),
                              true,
                              remotes.size() << " subflows from the second address");
        NS_TEST_EXPECT_MSG_EQ(server.received, 1000000, "everything arrived");
    }

    bool m_isFullmesh;              //!< of the client's second interface
    bool m_isLaminar;               //!< of it
    std::set<Ipv4Address> m_wanted; //!< where its subflows go
};

/** A segment leaves by the interface that owns its source address, for ns-3's own TCP, too. */
class SourceRoutingTestCase : public TestCase
{
  public:
    /** @param name of the case @param factory of the sockets */
    SourceRoutingTestCase(const std::string& name, const std::string& factory)
        : TestCase(name),
          m_factory(factory)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BYTES = 500000;
        Net net(std::vector<Path>(2));
        std::vector<uint64_t> sent(2);
        for (std::size_t link = 0; link < 2; link++)
        {
            net.GetServerDevice(link)->TraceConnectWithoutContext("PhyTxBegin",
                                                                  Callback<void, Ptr<const Packet>>(
                                                                      [&sent, link](Ptr<const Packet> p) {
                                                                          sent[link] += p->GetSize();
                                                                      }));
        }
        Peer client(1, 0, 2);
        Peer server(2, BYTES, 1);
        client.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer(), m_factory), Net::GetAnyAddress(80));
        // The server's default route of least metric is that of its first address.
        client.Connect(MakeSocket(net.GetClient(), m_factory), InetSocketAddress(Ipv4Address("10.9.2.1"), 80));
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(client.received, BYTES, "everything arrived");
        NS_TEST_EXPECT_MSG_GT(sent[1], BYTES, "over the second link");
        NS_TEST_EXPECT_MSG_LT(sent[0], 2000, "and not over the first");
    }

    std::string m_factory; //!< of the sockets
};

/** Interfaces and addresses. */
class AddressTestSuite : public Suite
{
  public:
    AddressTestSuite()
        : Suite("mptcp-addresses", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new DownUpTestCase("first_interface_goes_down_and_up", 0));
        AddTestCase(new DownUpTestCase("second_interface_goes_down_and_up", 1));
        AddTestCase(new BackupTestCase);
        AddTestCase(new SignalTestCase);
        const Ipv4Address first("10.9.1.1");
        const Ipv4Address second("10.9.2.1");
        AddTestCase(new EndpointTestCase(false, false, {first}));
        AddTestCase(new EndpointTestCase(true, false, {first, second}));
        AddTestCase(new EndpointTestCase(false, true, {second}));
        AddTestCase(new SourceRoutingTestCase("source_address_chooses_the_interface", "ns3::MptcpTcpSocketFactory"));
        AddTestCase(new SourceRoutingTestCase("source_address_chooses_the_interface_of_native_tcp",
                                              "ns3::MptcpNativeTcpSocketFactory"));
    }
};

AddressTestSuite g_addressTestSuite; //!< registers itself

} // namespace
