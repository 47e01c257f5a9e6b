/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Stock applications.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** @param net where @param factory of its socket @param port to listen at @return a sink on the server */
Ptr<PacketSink>
InstallSink(const Net& net, const std::string& factory, uint16_t port)
{
    PacketSinkHelper helper(factory, Net::GetAnyAddress(port));
    return DynamicCast<PacketSink>(helper.Install(net.GetServer()).Get(0));
}

/** BulkSend and OnOff to PacketSink, unchanged, over two paths. */
class BulkTestCase : public TestCase
{
  public:
    BulkTestCase()
        : TestCase("bulk_send_and_on_off_reach_packet_sink")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BULK_BYTES = 4000000;
        constexpr uint64_t ON_OFF_BYTES = 600000;
        const std::string factory = "ns3::TcpSocketFactory";
        Net net(std::vector<Path>(2));
        Ptr<PacketSink> bulkSink = InstallSink(net, factory, 80);
        BulkSendHelper bulk(factory, Net::GetServerAddress(80));
        bulk.SetAttribute("MaxBytes", UintegerValue(BULK_BYTES));
        Ptr<BulkSendApplication> source = DynamicCast<BulkSendApplication>(bulk.Install(net.GetClient()).Get(0));
        Ptr<PacketSink> onOffSink = InstallSink(net, factory, 81);
        OnOffHelper onOff(factory, Net::GetServerAddress(81));
        onOff.SetConstantRate(DataRate("1Mbps"), 1000);
        onOff.SetAttribute("MaxBytes", UintegerValue(ON_OFF_BYTES));
        onOff.Install(net.GetClient());
        uint32_t subflows = 0;
        Simulator::Schedule(Seconds(1), [&]() {
            subflows = static_cast<uint32_t>(DynamicCast<MptcpSocket>(source->GetSocket())->GetSubflows().size());
        });
        Time halfTime;
        bulkSink->TraceConnectWithoutContext("Rx",
                                             Callback<void, Ptr<const Packet>, const Address&>(
                                                 [&](Ptr<const Packet>, const Address&) {
                                                     halfTime = bulkSink->GetTotalRx() < BULK_BYTES ? Simulator::Now()
                                                                                                    : halfTime;
                                                 }));
        Simulator::Stop(Seconds(120));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(bulkSink->GetTotalRx(), BULK_BYTES, "all of the bulk arrived");
        NS_TEST_EXPECT_MSG_EQ(onOffSink->GetTotalRx(), ON_OFF_BYTES, "all of the stream arrived");
        NS_TEST_EXPECT_MSG_EQ(subflows, 2, "on two subflows");
        // 4 MB in less than 3.2 s is more than one link of 10 Mb/s can carry.
        NS_TEST_EXPECT_MSG_LT(halfTime.GetSeconds(), 3.2, "using both links");
        for (Ptr<Socket> accepted : bulkSink->GetAcceptedSockets())
        {
            NS_TEST_EXPECT_MSG_EQ(accepted->GetTxAvailable(), 0, "the sink's socket is closed");
        }
    }
};

/** A request/response pair of ns-3's, unchanged. */
class HttpTestCase : public TestCase
{
  public:
    HttpTestCase()
        : TestCase("http_client_gets_pages_from_http_server")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        const Ipv4Address address = InetSocketAddress::ConvertFrom(Net::GetServerAddress(80)).GetIpv4();
        ThreeGppHttpServerHelper server(address);
        server.Install(net.GetServer());
        ThreeGppHttpClientHelper client(address);
        ApplicationContainer apps = client.Install(net.GetClient());
        apps.Stop(Seconds(1000)); // long enough for many pages, whatever their random sizes
        uint64_t pages = 0;
        uint64_t embedded = 0;
        const auto count = [](uint64_t& counter) {
            return Callback<void, Ptr<const ThreeGppHttpClient>, Ptr<const Packet>>(
                [&counter](Ptr<const ThreeGppHttpClient>, Ptr<const Packet>) { counter++; });
        };
        apps.Get(0)->TraceConnectWithoutContext("RxMainObject", count(pages));
        apps.Get(0)->TraceConnectWithoutContext("RxEmbeddedObject", count(embedded));
        Simulator::Stop(Seconds(1100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(pages, 5, "pages arrived");
        NS_TEST_EXPECT_MSG_GT(embedded, 0, "with what is in them");
        const auto counters = MptcpHelper::GetMptcp(net.GetServer())->GetCounters();
        NS_TEST_EXPECT_MSG_GT(counters.at("MPCapableACKRX"), 0, "over MPTCP");
    }
};

/** MPTCP, the core's TCP and ns-3's TCP at the same time on the same nodes, each to each. */
class CoexistenceTestCase : public TestCase
{
  public:
    CoexistenceTestCase()
        : TestCase("three_tcps_share_a_node")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> factories{"ns3::MptcpSocketFactory",
                                                 "ns3::MptcpTcpSocketFactory",
                                                 "ns3::MptcpNativeTcpSocketFactory"};
        constexpr uint64_t BYTES = 300000;
        Net net(std::vector<Path>(2));
        std::vector<Ptr<PacketSink>> sinks;
        uint16_t port = 80;
        for (const std::string& server : factories)
        {
            for (const std::string& client : factories)
            {
                sinks.push_back(InstallSink(net, server, port));
                BulkSendHelper bulk(client, Net::GetServerAddress(port));
                bulk.SetAttribute("MaxBytes", UintegerValue(BYTES));
                bulk.Install(net.GetClient());
                port++;
            }
        }
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        for (std::size_t i = 0; i < sinks.size(); i++)
        {
            NS_TEST_EXPECT_MSG_EQ(sinks[i]->GetTotalRx(),
                                  BYTES,
                                  "from " << factories[i % 3] << " to " << factories[i / 3]);
        }
    }
};

/** Two runs with one seed give the same packets to the byte, at the same times; another seed gives others. */
class PcapTestCase : public TestCase
{
  public:
    PcapTestCase()
        : TestCase("same_seed_same_pcap_bytes")
    {
    }

  private:
    void DoRun() override
    {
        const std::string first = Capture(1, "a");
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000000, "the captures hold the transfer");
        NS_TEST_EXPECT_MSG_EQ((first == Capture(1, "b")), true, "the same seed");
        NS_TEST_EXPECT_MSG_EQ((first == Capture(2, "c")), false, "another seed");
    }

    /** @param seed of the run @param name of the files @return contents of the captures of a lossy transfer */
    std::string Capture(uint32_t seed, const std::string& name)
    {
        const std::string prefix = CreateTempDirFilename(name);
        {
            Net net({{"10Mbps", "5ms", 0.02}, {"10Mbps", "25ms", 0.02}}, seed);
            net.EnablePcap(prefix);
            Peer client(1, 1000000, 2);
            Peer server(2, 100000, 1);
            server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
            client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
            Simulator::Stop(Seconds(100));
            Simulator::Run();
        }
        std::string bytes;
        for (const char* end : {"-0-1.pcap", "-0-2.pcap"})
        {
            std::ifstream file(prefix + end, std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(file), {});
        }
        return bytes;
    }
};

/** Stock applications and determinism. */
class ApplicationsTestSuite : public Suite
{
  public:
    ApplicationsTestSuite()
        : Suite("mptcp-applications", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new BulkTestCase);
        AddTestCase(new HttpTestCase);
        AddTestCase(new CoexistenceTestCase);
        AddTestCase(new PcapTestCase);
    }
};

ApplicationsTestSuite g_applicationsTestSuite; //!< registers itself

} // namespace
