/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Boxes on the path.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/mptcp-middlebox-channel.h"
#include "ns3/mptcp-nat.h"
#include "ns3/mptcp-option-filter.h"
#include "ns3/mptcp-payload-rewriter.h"
#include "ns3/mptcp-reset-injector.h"
#include "ns3/mptcp-segment-coalescer.h"
#include "ns3/mptcp-segment-splitter.h"
#include "ns3/mptcp-sequence-rewriter.h"

#include <map>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

using Mode = MptcpConnectionInfo::Mode;
using Counters = std::map<std::string, uint64_t>;
using Attributes = std::map<std::string, std::string>;

/** @param type of a box, without "ns3::Mptcp" @param attributes of it @return the box */
Ptr<MptcpMiddlebox>
MakeBox(const std::string& type, const Attributes& attributes = {})
{
    ObjectFactory factory("ns3::Mptcp" + type);
    for (const auto& [name, value] : attributes)
    {
        factory.Set(name, StringValue(value));
    }
    return factory.Create<MptcpMiddlebox>();
}

/** A transfer in both directions, over paths of which one has boxes. */
struct Setup
{
    std::size_t paths{1};                                    //!< between client and router, 10 Mb/s, 10 ms
    std::size_t boxedPath{0};                                //!< the one with boxes
    std::vector<std::pair<std::string, Attributes>> boxes{}; //!< see MakeBox()
    double loss{0};                                          //!< on each path
    uint64_t upBytes{300000};                                //!< that the client sends
    uint64_t downBytes{700000};                              //!< that the server sends
    Attributes mptcp{};                                      //!< Attributes of MptcpL4Protocol
    bool isIpv6{false};                                      //!< which family
    std::string factory{"ns3::MptcpSocketFactory"};          //!< of the sockets
};

/** What must come out. */
struct Expected
{
    Mode mode{Mode::MPTCP};  //!< of the client in the end
    Counters client{};       //!< some of the client's counters
    Counters server{};       //!< some of the server's counters
    bool isIntact{true};     //!< everything arrives as it was sent, and both sides close in good order
    std::size_t subflows{0}; //!< that carried data, 0 = does not matter
};

/** A box, or several, and what becomes of a connection that passes them. */
class BoxTestCase : public TestCase
{
  public:
    /**
     * @param name of the case
     * @param setup what is on the path
     * @param expected what must come out
     * @param hasChecksums TCP and IP checksums are calculated and checked
     */
    BoxTestCase(const std::string& name, const Setup& setup, const Expected& expected, bool hasChecksums)
        : TestCase(name + (hasChecksums ? "_with_tcp_checksums" : "")),
          m_setup(setup),
          m_expected(expected),
          m_hasChecksums(hasChecksums)
    {
    }

  private:
    void DoSetup() override
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(m_hasChecksums));
    }

    void DoTeardown() override
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    void DoRun() override;
    /** @param name whose @param mptcp the layer @param expected some of its counters */
    void CheckCounters(const std::string& name, Ptr<MptcpL4Protocol> mptcp, const Counters& expected);
    /** @param client one end @param server the other */
    void CheckIntact(const Peer& client, const Peer& server);

    Setup m_setup;       //!< what is on the path
    Expected m_expected; //!< what must come out
    bool m_hasChecksums; //!< TCP and IP checksums are calculated and checked
};

void
BoxTestCase::DoRun()
{
    MptcpHelper helper;
    for (const auto& [name, value] : m_setup.mptcp)
    {
        helper.SetAttribute(name, StringValue(value));
    }
    Net net(std::vector<Path>(m_setup.paths, {"10Mbps", "10ms", m_setup.loss}), 1, helper);
    std::vector<Ptr<MptcpMiddlebox>> boxes;
    for (const auto& [type, attributes] : m_setup.boxes)
    {
        boxes.push_back(MakeBox(type, attributes));
    }
    // A stream that lets the first data and their acknowledgement pass: without DSS they rightly mean fallback (RFC 8684 3.7).
    MptcpMiddleboxChannel::Insert(net.GetLink(m_setup.boxedPath), boxes)->AssignStreams(5001);
    Peer client(1, m_setup.upBytes, 2);
    Peer server(2, m_setup.downBytes, 1);
    server.Listen(MakeSocket(net.GetServer(), m_setup.factory), Net::GetAnyAddress(80, m_setup.isIpv6));
    client.Connect(MakeSocket(net.GetClient(), m_setup.factory), Net::GetServerAddress(80, m_setup.isIpv6));
    std::size_t used = 0;
    Simulator::Schedule(Seconds(0.4), [&]() {
        Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(client.socket);
        for (const auto& subflow : socket ? socket->GetSubflows() : std::vector<MptcpSubflowInfo>())
        {
            used += subflow.bytesReceived > 50000 ? 1 : 0;
        }
    });
    Simulator::Stop(Seconds(250));
    Simulator::Run();

    NS_TEST_EXPECT_MSG_EQ(client.connected + server.connected, 2, "one connection, which both ends know of");
    if (m_expected.isIntact)
    {
        CheckIntact(client, server);
    }
    if (Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(client.socket))
    {
        NS_TEST_EXPECT_MSG_EQ(socket->GetConnectionInfo().mode, m_expected.mode, "the protocol in the end");
    }
    NS_TEST_EXPECT_MSG_EQ((m_expected.subflows == 0 || used == m_expected.subflows), true, "subflows in use: " << used);
    for (const auto& box : boxes)
    {
        NS_TEST_EXPECT_MSG_GT(box->GetActions(), 0, box->GetInstanceTypeId().GetName() << " had something to do");
    }
    CheckCounters("client", MptcpHelper::GetMptcp(net.GetClient()), m_expected.client);
    CheckCounters("server", MptcpHelper::GetMptcp(net.GetServer()), m_expected.server);
}

void
BoxTestCase::CheckCounters(const std::string& name, Ptr<MptcpL4Protocol> mptcp, const Counters& expected)
{
    const auto actual = mptcp->GetCounters();
    for (const auto& [counter, value] : expected)
    {
        NS_TEST_EXPECT_MSG_EQ(actual.at(counter), value, name << ": " << counter);
    }
}

void
BoxTestCase::CheckIntact(const Peer& client, const Peer& server)
{
    NS_TEST_EXPECT_MSG_EQ(server.received, m_setup.upBytes, "all that the client sent arrived once");
    NS_TEST_EXPECT_MSG_EQ(client.received, m_setup.downBytes, "all that the server sent arrived once");
    NS_TEST_EXPECT_MSG_EQ(client.mismatches + server.mismatches, 0, "every byte is the one that was sent");
    NS_TEST_EXPECT_MSG_EQ(client.normalCloses + server.normalCloses, 2, "both ends closed in good order");
    NS_TEST_EXPECT_MSG_EQ(client.errorCloses + server.errorCloses + client.failed, 0, "nothing broke");
}

/** What a payload rewriter on the only path leaves of the stream, once MPTCP has given way to TCP: what it leaves of TCP's. */
class RewrittenTestCase : public TestCase
{
  public:
    /**
     * @param name of the case
     * @param hasFilter another box strips the options
     * @param hasDssChecksum DSS checksums are on
     * @param factory of the sockets
     */
    RewrittenTestCase(const std::string& name,
                      bool hasFilter,
                      bool hasDssChecksum,
                      const std::string& factory = "ns3::MptcpSocketFactory")
        : TestCase(name),
          m_hasFilter(hasFilter),
          m_hasDssChecksum(hasDssChecksum),
          m_factory(factory)
    {
    }

  private:
    void DoRun() override;

    bool m_hasFilter;      //!< another box strips the options
    bool m_hasDssChecksum; //!< DSS checksums are on
    std::string m_factory; //!< of the sockets
};

void
RewrittenTestCase::DoRun()
{
    constexpr uint64_t BYTES = 400000;
    constexpr uint64_t POSITION = 50000;
    for (const uint32_t inserted : {4, 9, 1})
    {
        MptcpHelper helper;
        helper.SetAttribute("DssChecksum", BooleanValue(m_hasDssChecksum));
        Net net(std::vector<Path>(1, {"10Mbps", "10ms", 0.005}), 1, helper);
        std::vector<Ptr<MptcpMiddlebox>> boxes;
        if (m_hasFilter)
        {
            boxes.push_back(MakeBox("OptionFilter"));
        }
        boxes.push_back(MakeBox("PayloadRewriter",
                                {{"Position", std::to_string(POSITION)},
                                 {"Removed", "4"},
                                 {"Inserted", std::to_string(inserted)},
                                 {"Scope", "Down"}}));
        MptcpMiddleboxChannel::Insert(net.GetLink(0), boxes);
        Peer client(1, BYTES, 2);
        Peer server(2, BYTES, 1);
        server.Listen(MakeSocket(net.GetServer(), m_factory), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient(), m_factory), Net::GetServerAddress(80));
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(server.received, BYTES, "the other direction is left alone");
        NS_TEST_EXPECT_MSG_EQ(server.mismatches, 0, "byte for byte");
        NS_TEST_EXPECT_MSG_EQ(client.received, BYTES - 4 + inserted, "length after 4 bytes became " << inserted);
        if (inserted == 4)
        {
            NS_TEST_EXPECT_MSG_EQ(client.mismatches, 4, "these bytes and no others are changed");
        }
        NS_TEST_EXPECT_MSG_GT(client.mismatches, 0, "they are changed");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(client.mismatches, client.received - POSITION, "nothing before them is");
        NS_TEST_EXPECT_MSG_EQ(client.errorCloses + server.errorCloses, 0, "nothing broke");
        if (m_hasDssChecksum)
        {
            const auto counters = MptcpHelper::GetMptcp(net.GetClient())->GetCounters();
            NS_TEST_EXPECT_MSG_EQ(counters.at("DataCsumErr"), 1, "the client noticed");
            NS_TEST_EXPECT_MSG_EQ(counters.at("DSSCorruptionFallback"), 1, "MPTCP gave way to TCP");
            NS_TEST_EXPECT_MSG_GT(counters.at("MPFailTx"), 0, "the server was told");
        }
    }
}

/** DSS checksums that only the client asks for are checked by a server that sends nothing, too. */
class OneSidedChecksumTestCase : public TestCase
{
  public:
    OneSidedChecksumTestCase()
        : TestCase("dss_checksums_that_only_the_sender_asks_for_are_checked")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(1));
        MptcpMiddleboxChannel::Insert(net.GetLink(0),
                                      {MakeBox("PayloadRewriter", {{"Position", "50000"}, {"Scope", "Up"}})});
        Peer client(1, 200000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        socket->SetAttribute("DssChecksum", BooleanValue(true));
        client.Connect(socket, Net::GetServerAddress(80));
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(MptcpHelper::GetMptcp(net.GetServer())->GetCounters().at("DataCsumErr"), 1, "noticed");
    }
};

/** A box kills the only connection there is: both applications are told. */
class KilledTestCase : public TestCase
{
  public:
    KilledTestCase()
        : TestCase("reset_injected_after_fallback_ends_the_connection")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(1));
        MptcpMiddleboxChannel::Insert(net.GetLink(0),
                                      {MakeBox("OptionFilter"), MakeBox("ResetInjector", {{"AfterBytes", "100000"}})});
        Peer client(1, 0, 2);
        client.closesWhenSent = false;
        Peer server(2, 700000, 1);
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(client.received, 90000, "until then all was well");
        NS_TEST_EXPECT_MSG_LT(client.received, 200000, "then no more");
        NS_TEST_EXPECT_MSG_EQ(client.mismatches, 0, "what came was right");
        NS_TEST_EXPECT_MSG_EQ(client.errorCloses, 1, "the client is told");
        NS_TEST_EXPECT_MSG_EQ(server.errorCloses, 1, "the server is told");
        for (Ptr<Node> node : {net.GetClient(), net.GetServer()})
        {
            NS_TEST_EXPECT_MSG_EQ(MptcpHelper::GetMptcp(node)->GetCounters().at("EstabResets"), 1, "by an RST");
        }
    }
};

/** What the server sees of hosts behind a NAT, and how ports follow from the stream of random numbers. */
class NatTestCase : public TestCase
{
  public:
    NatTestCase()
        : TestCase("nat_shows_its_own_address_and_a_port_drawn_from_its_stream")
    {
    }

  private:
    /** @param stream of the NAT @return the client's port as the server sees it */
    uint16_t GetPort(int64_t stream)
    {
        Net net(std::vector<Path>(1));
        MptcpMiddleboxChannel::Insert(net.GetLink(0), {MakeBox("Nat", {{"Address", "10.1.1.99"}})})
            ->AssignStreams(stream);
        Peer client(1, 1000, 2);
        Peer server(2, 1000, 1);
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        Address seen;
        Address own;
        Simulator::Schedule(MilliSeconds(60), [&]() {
            server.socket->GetPeerName(seen);
            client.socket->GetSockName(own);
        });
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        const InetSocketAddress outside = InetSocketAddress::ConvertFrom(seen);
        NS_TEST_EXPECT_MSG_EQ(outside.GetIpv4(), Ipv4Address("10.1.1.99"), "the NAT's address");
        NS_TEST_EXPECT_MSG_NE(outside.GetPort(),
                              InetSocketAddress::ConvertFrom(own).GetPort(),
                              "a port of the NAT's choice");
        return outside.GetPort();
    }

    void DoRun() override
    {
        const uint16_t port = GetPort(700);
        NS_TEST_EXPECT_MSG_EQ(GetPort(700), port, "the same stream, the same port");
        NS_TEST_EXPECT_MSG_NE(GetPort(701), port, "another stream, another port");
    }
};

/** A NAT on one of two paths forgets connections while they are idle: what comes then goes over the other path. */
class ForgetfulNatTestCase : public TestCase
{
  public:
    ForgetfulNatTestCase()
        : TestCase("nat_that_forgets_idle_connections_on_one_of_two_paths")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BYTES = 2000000;
        Net net(std::vector<Path>(2));
        Ptr<MptcpNat> nat = DynamicCast<MptcpNat>(MakeBox("Nat", {{"Timeout", "20s"}}));
        MptcpMiddleboxChannel::Insert(net.GetLink(1), {nat})->AssignStreams(5000);
        Peer client(1, 0, 2);
        client.closesWhenSent = false;
        Peer server(2, BYTES, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        std::size_t during = 0;
        std::size_t idle = 1;
        uint64_t early = 0;
        Simulator::Schedule(Seconds(1), [&]() { during = nat->GetEntryCount(); });
        Simulator::Schedule(Seconds(59), [&]() {
            idle = nat->GetEntryCount();
            early = client.received;
            client.SendMore(500000);
        });
        Simulator::Stop(Seconds(120));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(during, 1, "the subflow behind the NAT has an entry");
        NS_TEST_EXPECT_MSG_EQ(idle, 0, "which is forgotten");
        NS_TEST_EXPECT_MSG_EQ(early, BYTES, "everything had arrived");
        NS_TEST_EXPECT_MSG_EQ(server.received, 500000, "what is sent later arrives, too");
        NS_TEST_EXPECT_MSG_EQ(server.mismatches, 0, "as it was sent");
    }
};

/** Boxes on the only path, and on one of two. */
class MiddleboxTestSuite : public Suite
{
  public:
    MiddleboxTestSuite()
        : Suite("mptcp-middleboxes", TestSuite::Type::SYSTEM)
    {
        AddOptionFilters();
        AddNats();
        AddRewriters();
        AddSegmentSizes();
        AddResets();
        AddTestCase(new RewrittenTestCase("payload_rewritten_under_native_tcp",
                                          false,
                                          false,
                                          "ns3::MptcpNativeTcpSocketFactory"));
        AddTestCase(new RewrittenTestCase("payload_rewritten_after_fallback", true, false));
        AddTestCase(new RewrittenTestCase("payload_rewritten_on_the_only_path_with_dss_checksums", false, true));
        AddTestCase(new OneSidedChecksumTestCase);
        AddTestCase(new KilledTestCase);
        AddTestCase(new NatTestCase);
        AddTestCase(new ForgetfulNatTestCase);
    }

  private:
    /** Without and with checksums. @param name of the case @param setup the path @param expected what must come out */
    void Add(const std::string& name, const Setup& setup, const Expected& expected)
    {
        for (const bool hasChecksums : {false, true})
        {
            AddTestCase(new BoxTestCase(name, setup, expected, hasChecksums));
        }
    }

    void AddOptionFilters(); //!< MptcpOptionFilter
    void AddNats();          //!< MptcpNat
    void AddRewriters();     //!< MptcpSequenceRewriter and MptcpPayloadRewriter
    void AddSegmentSizes();  //!< MptcpSegmentSplitter and MptcpSegmentCoalescer
    void AddResets();        //!< MptcpResetInjector
};

void
MiddleboxTestSuite::AddOptionFilters()
{
    const Counters none{{"MPCapableACKRX", 0}, {"MPJoinSynRx", 0}};
    Add("options_stripped_from_all_segments_of_the_only_path",
        {1, 0, {{"OptionFilter", {}}}},
        {Mode::FALLBACK, {{"MPCapableSYNTX", 1}, {"MPCapableFallbackSYNACK", 1}}, none});
    Add("options_stripped_from_syns_of_the_only_path",
        {1, 0, {{"OptionFilter", {{"Segments", "Syn"}}}}},
        {Mode::FALLBACK, {{"MPCapableFallbackSYNACK", 1}}, none});
    Add("options_stripped_from_the_synack_of_the_only_path",
        {1, 0, {{"OptionFilter", {{"Segments", "Syn"}, {"Scope", "Down"}}}}},
        {Mode::FALLBACK, {{"MPCapableFallbackSYNACK", 1}}, {{"MPCapableSYNRX", 1}, {"MPCapableFallbackACK", 1}}});
    Add("options_stripped_from_data_of_the_only_path",
        {1, 0, {{"OptionFilter", {{"Segments", "Data"}}}}},
        {Mode::FALLBACK, {{"MPCapableFallbackACK", 1}}, {{"MPCapableACKRX", 1}, {"MPCapableFallbackACK", 1}}});
    Add("syns_with_mptcp_options_dropped_on_the_only_path",
        {1, 0, {{"OptionFilter", {{"Segments", "Syn"}, {"Action", "Drop"}}}}},
        {Mode::FALLBACK, {{"MPCapableSYNTX", 3}, {"MPCapableSYNTXDrop", 1}}, none});
    Add("mp_capable_stripped_on_the_only_path",
        {1, 0, {{"OptionFilter", {{"Subtype", "0"}}}}},
        {Mode::FALLBACK, {{"MPCapableFallbackSYNACK", 1}}, none});
    Add("timestamps_stripped_on_the_only_path",
        {1, 0, {{"OptionFilter", {{"Kind", "8"}}}}},
        {Mode::MPTCP, {{"MPCapableSYNACKRX", 1}}, {{"MPCapableACKRX", 1}}});
    Add("options_stripped_over_ipv6", {1, 0, {{"OptionFilter", {}}}, 0, 100000, 100000, {}, true}, {Mode::FALLBACK});
    Add("some_dss_stripped_on_the_way_to_the_server",
        {1, 0, {{"OptionFilter", {{"Subtype", "2"}, {"Probability", "0.1"}, {"Scope", "Up"}}}}},
        {Mode::MPTCP, {{"MPCapableFallbackACK", 0}}, {{"MPCapableFallbackACK", 0}}});
    Add("some_dss_stripped_on_the_way_to_the_client", // the first, without which it would fall back, is not among them
        {1, 0, {{"OptionFilter", {{"Subtype", "2"}, {"Probability", "0.03"}, {"Scope", "Down"}}}}},
        {Mode::MPTCP, {{"MPCapableFallbackACK", 0}}, {{"MPCapableFallbackACK", 0}}});

    // A join that lost its option is refused; the connection stays on the other path.
    const Counters refused{{"MPJoinSynTx", 1}, {"MPJoinSynAckRx", 0}, {"MPRstTx", 1}};
    Add("options_stripped_from_one_of_two_paths",
        {2, 1, {{"OptionFilter", {}}}},
        {Mode::MPTCP, refused, {{"MPJoinSynRx", 0}}});
    Add("mp_join_stripped_from_one_of_two_paths",
        {2, 1, {{"OptionFilter", {{"Subtype", "1"}}}}},
        {Mode::MPTCP, refused, {{"MPJoinSynRx", 0}, {"PassiveOpens", 1}}});
    Add("options_stripped_from_the_synack_of_one_of_two_paths",
        {2, 1, {{"OptionFilter", {{"Segments", "Syn"}, {"Scope", "Down"}}}}},
        {Mode::MPTCP, refused, {{"MPJoinSynRx", 1}, {"MPJoinAckRx", 0}}});
    Add("joins_dropped_on_one_of_two_paths",
        {2, 1, {{"OptionFilter", {{"Subtype", "1"}, {"Action", "Drop"}}}}},
        {Mode::MPTCP, {{"MPJoinSynAckRx", 0}}, {{"MPJoinSynRx", 0}}});
    Add("options_stripped_from_data_of_one_of_two_paths",
        {2, 1, {{"OptionFilter", {{"Segments", "Data"}}}}},
        {Mode::MPTCP,
         {{"MPJoinSynAckRx", 1}, {"MPCapableFallbackACK", 0}},
         {{"MPJoinAckRx", 1}, {"MPCapableFallbackACK", 0}}});
    Add("options_stripped_from_the_first_of_two_paths",
        {2, 0, {{"OptionFilter", {}}}},
        {Mode::FALLBACK, {{"MPCapableFallbackSYNACK", 1}, {"MPJoinSynTx", 0}}, none});
}

void
MiddleboxTestSuite::AddNats()
{
    Add("nat_on_the_only_path",
        {1, 0, {{"Nat", {{"Address", "10.1.1.99"}}}}},
        {Mode::MPTCP, {{"MPCapableSYNACKRX", 1}}, {{"MPCapableACKRX", 1}}});
    Add("nat_on_one_of_two_paths",
        {2, 1, {{"Nat", {{"Address", "10.1.2.99"}}}}},
        {Mode::MPTCP, {{"MPJoinSynAckRx", 1}}, {{"MPJoinAckRx", 1}}, true, 2});
    Add("nat_of_ports_with_loss", {1, 0, {{"Nat", {}}}, 0.01}, {});
    Add("native_tcp_behind_a_nat",
        {1,
         0,
         {{"Nat", {{"Address", "10.1.1.99"}}}},
         0.01,
         300000,
         700000,
         {},
         false,
         "ns3::MptcpNativeTcpSocketFactory"},
        {Mode::TCP, {}, {}, false});
}

void
MiddleboxTestSuite::AddRewriters()
{
    Add("sequence_numbers_rewritten_on_the_only_path",
        {1, 0, {{"SequenceRewriter", {}}}, 0.01},
        {Mode::MPTCP, {{"MPCapableSYNACKRX", 1}, {"TCPTimeouts", 0}}, {{"MPCapableACKRX", 1}, {"TCPTimeouts", 0}}});
    Add("sequence_numbers_rewritten_in_one_direction", {1, 0, {{"SequenceRewriter", {{"Scope", "Up"}}}}, 0.01}, {});
    Add("sequence_numbers_rewritten_but_not_sack", {1, 0, {{"SequenceRewriter", {{"Sack", "false"}}}}, 0.01}, {});
    Add("sequence_numbers_rewritten_on_one_of_two_paths",
        {2, 1, {{"SequenceRewriter", {}}}, 0.01},
        {Mode::MPTCP, {{"MPJoinSynAckRx", 1}}, {{"MPJoinAckRx", 1}}, true, 2});
    Add("sequence_numbers_rewritten_over_ipv6", {1, 0, {{"SequenceRewriter", {}}}, 0.01, 100000, 100000, {}, true}, {});

    const Attributes checksums{{"DssChecksum", "true"}};
    const Attributes longer{{"Position", "50000"}, {"Removed", "4"}, {"Inserted", "9"}, {"Scope", "Down"}};
    Add("payload_rewritten_on_one_of_two_paths_with_dss_checksums",
        {2, 1, {{"PayloadRewriter", longer}}, 0, 300000, 700000, checksums},
        {Mode::MPTCP, {{"DataCsumErr", 1}, {"MPFailTx", 1}}, {{"MPFailRx", 1}}});
}

void
MiddleboxTestSuite::AddSegmentSizes()
{
    Add("segments_split_on_the_only_path", {1, 0, {{"SegmentSplitter", {}}}, 0.01}, {});
    Add("segments_split_under_dss_checksums",
        {1, 0, {{"SegmentSplitter", {{"PayloadMax", "333"}}}}, 0.01, 300000, 700000, {{"DssChecksum", "true"}}},
        {Mode::MPTCP, {{"DataCsumErr", 0}}, {{"DataCsumErr", 0}}});
    Add("segments_split_and_merged_again_on_the_only_path",
        {1, 0, {{"SegmentSplitter", {}}, {"SegmentCoalescer", {{"PayloadMax", "1460"}}}}, 0.01},
        {Mode::MPTCP, {{"DSSNoMatchTCP", 0}}, {{"DSSNoMatchTCP", 0}}});
    Add("merged_segments_have_all_their_payload",
        {1, 0, {{"SegmentSplitter", {}}, {"SegmentCoalescer", {{"PayloadMax", "1460"}}}}, 0, 60000, 60000},
        {Mode::MPTCP, {{"RetransSegs", 0}}, {{"RetransSegs", 0}}});
    Add("segments_merged_with_the_options_of_the_first",
        {1,
         0,
         {{"SegmentCoalescer", {{"PayloadMax", "1400"}, {"Options", "First"}}}},
         0,
         300000,
         700000,
         {{"MssMax", "600"}}},
        {});
    Add("segments_split_and_merged_on_one_of_two_paths",
        {2, 1, {{"SegmentSplitter", {}}, {"SegmentCoalescer", {{"PayloadMax", "1460"}}}}, 0.01},
        {Mode::MPTCP, {{"MPJoinSynAckRx", 1}}, {{"MPJoinAckRx", 1}}, true, 2});
}

void
MiddleboxTestSuite::AddResets()
{
    // A new subflow is opened each time: break before make.
    Add("resets_injected_on_the_only_path", {1, 0, {{"ResetInjector", {{"AfterBytes", "100000"}}}}}, {});
    // Struck at random, one side may not believe its RST; it sends on then, and the other answers with an RST of its own.
    Add("resets_injected_at_random", {1, 0, {{"ResetInjector", {{"Probability", "0.01"}}}}}, {});
    Add("resets_injected_on_one_of_two_paths",
        {2, 1, {{"ResetInjector", {{"AfterBytes", "100000"}}}}},
        {Mode::MPTCP, {{"EstabResets", 1}}, {{"EstabResets", 1}}});
}

MiddleboxTestSuite g_middleboxTestSuite; //!< registers itself

} // namespace
