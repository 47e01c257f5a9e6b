/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Bytes that arrive are those that were sent.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** Bytes in both directions, compared one by one, and both ends closed, under random loss on each path. */
class ContentTestCase : public TestCase
{
  public:
    /**
     * @param name of the case
     * @param seed the run
     * @param losses of each path
     * @param factory of the sockets
     * @param isIpv6 which family
     */
    ContentTestCase(const std::string& name,
                    uint32_t seed,
                    const std::vector<double>& losses,
                    const std::string& factory,
                    bool isIpv6 = false)
        : TestCase(name),
          m_seed(seed),
          m_losses(losses),
          m_factory(factory),
          m_isIpv6(isIpv6)
    {
    }

  private:
    void DoRun() override;

    uint32_t m_seed;              //!< the run
    std::vector<double> m_losses; //!< of each path
    std::string m_factory;        //!< of the sockets
    bool m_isIpv6;                //!< which family
};

void
ContentTestCase::DoRun()
{
    constexpr uint64_t UP_BYTES = 300000;
    constexpr uint64_t DOWN_BYTES = 700000;
    std::vector<Path> paths;
    for (std::size_t i = 0; i < m_losses.size(); i++)
    {
        paths.push_back({"10Mbps", i % 2 == 0 ? "5ms" : "25ms", m_losses[i]});
    }
    Net net(paths, m_seed);
    Peer client(1, UP_BYTES, 2);
    Peer server(2, DOWN_BYTES, 1);
    server.Listen(MakeSocket(net.GetServer(), m_factory), Net::GetAnyAddress(80, m_isIpv6));
    client.Connect(MakeSocket(net.GetClient(), m_factory), Net::GetServerAddress(80, m_isIpv6));
    Simulator::Stop(Seconds(600));
    Simulator::Run();

    NS_TEST_ASSERT_MSG_EQ(client.connected + server.connected, 2, "both ends are connected");
    NS_TEST_EXPECT_MSG_EQ(client.sent, UP_BYTES, "the client wrote everything");
    NS_TEST_EXPECT_MSG_EQ(server.sent, DOWN_BYTES, "the server wrote everything");
    NS_TEST_EXPECT_MSG_EQ(server.received, UP_BYTES, "all that the client sent arrived once");
    NS_TEST_EXPECT_MSG_EQ(client.received, DOWN_BYTES, "all that the server sent arrived once");
    NS_TEST_EXPECT_MSG_EQ(client.mismatches + server.mismatches, 0, "every byte is the one that was sent");
    NS_TEST_EXPECT_MSG_EQ(client.dataSent, UP_BYTES, "each byte was reported as sent once");
    NS_TEST_EXPECT_MSG_EQ(client.normalCloses, 1, "the client is told of the end once");
    NS_TEST_EXPECT_MSG_EQ(server.normalCloses, 1, "the server is told of the end once");
    NS_TEST_EXPECT_MSG_EQ(client.errorCloses + server.errorCloses + client.failed, 0, "nothing broke");
    // Only the listener is left: both ends of the connection are gone.
    NS_TEST_EXPECT_MSG_EQ(client.socket->GetReferenceCount(), 1, "the stack let go of the client's socket");
    NS_TEST_EXPECT_MSG_EQ(server.socket->GetReferenceCount(), 1, "the stack let go of the server's socket");
    Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(client.socket);
    const bool isMptcp = m_factory == "ns3::MptcpSocketFactory";
    NS_TEST_EXPECT_MSG_EQ(socket->GetConnectionInfo().mode,
                          (isMptcp ? MptcpConnectionInfo::MPTCP : MptcpConnectionInfo::TCP),
                          "the protocol that was asked for was spoken");
}

/** Content, over two lossy paths, one and three; MPTCP and single-path TCP; IPv4 and IPv6. */
class ContentTestSuite : public Suite
{
  public:
    ContentTestSuite()
        : Suite("mptcp-content", TestSuite::Type::SYSTEM)
    {
        const std::string mptcp = "ns3::MptcpSocketFactory";
        const std::string tcp = "ns3::MptcpTcpSocketFactory";
        for (uint32_t seed = 1; seed <= 20; seed++)
        {
            // 0 to 5 % on each path, all pairs of extremes among them.
            const std::vector<double> losses{0.01 * (seed % 6), 0.01 * (seed * 7 % 6)};
            AddTestCase(new ContentTestCase("MPTCP, 2 lossy paths, seed " + std::to_string(seed), seed, losses, mptcp));
        }
        AddTestCase(new ContentTestCase("MPTCP, 1 path", 1, {0.02}, mptcp));
        AddTestCase(new ContentTestCase("MPTCP, 3 paths", 1, {0.01, 0.02, 0.03}, mptcp));
        AddTestCase(new ContentTestCase("TCP", 1, {0}, tcp));
        AddTestCase(new ContentTestCase("TCP with loss", 1, {0.03}, tcp));
        AddTestCase(new ContentTestCase("MPTCP over IPv6", 1, {0, 0}, mptcp, true));
        AddTestCase(new ContentTestCase("MPTCP over IPv6 with loss", 1, {0.02, 0.03}, mptcp, true));
        AddTestCase(new ContentTestCase("TCP over IPv6", 1, {0.01}, tcp, true));
    }
};

ContentTestSuite g_contentTestSuite; //!< registers itself

} // namespace
