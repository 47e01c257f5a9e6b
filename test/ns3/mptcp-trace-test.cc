/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Trace sources of segments and of the retransmission timeout, and the log's answers to "why is there only one subflow?".
 */

#include "mptcp-log.h"
#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/tcp-header.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

constexpr uint64_t BYTES = 200000;

/** What the sinks of one end heard. */
struct Heard
{
    std::map<uint32_t, uint64_t> bytes; //!< payload by subflow
    std::set<uint16_t> ports;           //!< source ports
    uint32_t syns{0};                   //!< segments with SYN
    std::set<std::string> contexts;     //!< paths of the sources
    Ptr<const MptcpSocket> socket;      //!< of the last one

    /** A sink. */
    void Take(std::string context,
              uint32_t subflow,
              Ptr<const Packet> packet,
              const TcpHeader& header,
              Ptr<const MptcpSocket> from)
    {
        bytes[subflow] += packet->GetSize();
        ports.insert(header.GetSourcePort());
        syns += (header.GetFlags() & TcpHeader::SYN) ? 1 : 0;
        contexts.insert(context);
        socket = from;
    }
};

/** Tx, Rx and RTO. */
class SegmentTestCase : public TestCase
{
  public:
    SegmentTestCase()
        : TestCase("segments_and_timeouts_are_traced_by_subflow")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Peer client(1, BYTES, 2);
        Peer server(2, 0, 1);
        client.closesWhenSent = server.closesWhenSent = false;
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Ptr<Socket> listener = MakeSocket(net.GetServer());
        Heard sent;
        Heard received;
        Heard acked;
        Connect(socket, "Tx", "client", sent);
        Connect(socket, "Rx", "client", acked);
        Connect(listener, "Rx", "server", received);
        std::map<uint32_t, uint64_t> timeouts;
        socket->TraceConnectWithoutContext("RTO",
                                           Callback<void, uint32_t, uint64_t, uint64_t>(
                                               [&](uint32_t subflow, uint64_t, uint64_t now) {
                                                   timeouts[subflow] = now;
                                               }));
        server.Listen(listener, Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
        uint64_t carried = 0;
        std::map<uint32_t, Time> rtos;
        Simulator::Schedule(Seconds(5), [&]() {
            for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(socket)->GetSubflows())
            {
                carried += subflow.bytesSent;
                rtos[subflow.id] = subflow.rto;
            }
        });
        Simulator::Stop(Seconds(6));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(server.received, BYTES, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(sent.bytes.size(), 2, "both subflows are heard");
        NS_TEST_EXPECT_MSG_EQ(sent.bytes[0] + sent.bytes[1], carried, "with all that they sent");
        NS_TEST_EXPECT_MSG_EQ(received.bytes[0] + received.bytes[1], carried, "which arrives, too");
        NS_TEST_EXPECT_MSG_EQ(acked.bytes[0] + acked.bytes[1], 0, "from the server come acknowledgements alone");
        NS_TEST_EXPECT_MSG_EQ(sent.syns, 2, "each subflow has a SYN");
        NS_TEST_EXPECT_MSG_EQ(acked.syns, 2, "and the answer to it");
        NS_TEST_EXPECT_MSG_EQ(received.syns, 1, "an accepted socket hears of those that join only");
        NS_TEST_EXPECT_MSG_EQ(acked.ports.count(80), 1, "headers are those of ns-3's TCP");
        NS_TEST_EXPECT_MSG_EQ(acked.ports.size(), 1, "with nothing but the server's port");
        NS_TEST_EXPECT_MSG_EQ(PeekPointer(sent.socket), PeekPointer(socket), "the socket is the one connected to");
        NS_TEST_EXPECT_MSG_EQ(received.contexts.count("server"), 1, "an accepted socket has its listener's sinks");
        for (const auto& [id, rto] : rtos)
        {
            NS_TEST_EXPECT_MSG_EQ(NanoSeconds(timeouts[id]), rto, "the timeout is the last that was told");
        }
    }

    /** @param socket whose trace source @param source name @param context given to the sink @param heard told by it */
    static void Connect(Ptr<Socket> socket, const std::string& source, const std::string& context, Heard& heard)
    {
        const bool isConnected = socket->TraceConnect(source, context, MakeCallback(&Heard::Take, &heard));
        NS_ABORT_MSG_UNLESS(isConnected, "there is no trace source " << source);
    }
};

/** What the log says while it is there. */
class LogText
{
  public:
    LogText()
        : m_before(std::clog.rdbuf(m_text.rdbuf()))
    {
        LogComponentEnable("Mptcp", LOG_LEVEL_INFO);
    }

    ~LogText()
    {
        LogComponentDisable("Mptcp", LOG_LEVEL_INFO);
        std::clog.rdbuf(m_before);
    }

    LogText(const LogText&) = delete;
    LogText& operator=(const LogText&) = delete;

    std::string Get() const //!< @return so far
    {
        return m_text.str();
    }

  private:
    std::ostringstream m_text; //!< so far
    std::streambuf* m_before;  //!< where the log went before
};

/** The log says what becomes of subflows, and why. */
class LogTestCase : public TestCase
{
  public:
    LogTestCase()
        : TestCase("log_says_why_there_is_one_subflow_only")
    {
    }

  private:
    void DoRun() override
    {
        const auto nothing = [](Ptr<Socket>, Ptr<Socket>) {};
        Expect("up and down",
               Talk(nothing, true),
               {"speaks Multipath TCP",
                "subflow 0 is up: 10.1.1.1:",
                "subflow 1 is up: 10.1.2.1:",
                "address 10.1.2.1 is down",
                "subflow 1 has ended: 10.1.2.1:"});
        Expect("not wanted",
               Talk([](Ptr<Socket> client, Ptr<Socket>) { client->SetAttribute("PathManager", StringValue("none")); }),
               {"10.1.2.1 to 10.9.1.1:80: the path manager does not want it"});
        Expect("too many",
               Talk([](Ptr<Socket> client, Ptr<Socket>) { client->SetAttribute("SubflowsMax", UintegerValue(1)); }),
               {"10.1.2.1 to 10.9.1.1:80: there are as many subflows as subflows_max allows"});
        Expect("too many for the server",
               Talk([](Ptr<Socket>, Ptr<Socket> server) { server->SetAttribute("SubflowsMax", UintegerValue(1)); }),
               {"10.1.2.1 to 10.9.1.1:80: the last attempt failed, the next one waits until"});
        Expect("a path that loses all",
               Talk(nothing, false, 1),
               {"10.1.2.1 to 10.9.1.1:80: the last attempt failed, the next one waits until", "(failures: 1)"});
        Expect("a server without MPTCP",
               Talk([](Ptr<Socket>, Ptr<Socket> server) { server->SetAttribute("Mptcp", BooleanValue(false)); }),
               {"fell back to plain TCP, one subflow for good (MPCapableFallbackSYNACK)"});
        Expect("a client without MPTCP",
               Talk([](Ptr<Socket> client, Ptr<Socket>) { client->SetAttribute("Mptcp", BooleanValue(false)); }),
               {"fell back to plain TCP, one subflow for good\n"});
        Expect("no route", TalkWithoutRoute(), {"no route from 10.1.2.1:", "see MptcpHelper::AddDefaultRoute()"});
        NS_TEST_EXPECT_MSG_EQ(CountTold("no route from 10.1.2.1 to 10.9.1.2"), 1, "and without the log, once");
        Expect("two hosts, two links", TalkOverTwoLinks(), {"no route from 10.3.2.1:", "is up: 10.3.2.1:"});
        NS_TEST_EXPECT_MSG_EQ(CountTold("no route from 10.3.2.1"), 0, "it has a route to the peer's other address");
    }

    /**
     * @param prepare called with the client's socket and the listener
     * @param isPathEnding whether the second path ends after a second
     * @param loss of the second path
     * @return the log
     */
    template <class Function>
    static std::string Talk(Function prepare, bool isPathEnding = false, double loss = 0)
    {
        std::vector<Path> paths(2);
        paths[1].loss = loss;
        const LogText text;
        Net net(paths);
        Peer client(1, BYTES, 2);
        Peer server(2, 0, 1);
        client.closesWhenSent = server.closesWhenSent = false;
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Ptr<Socket> listener = MakeSocket(net.GetServer());
        prepare(socket, listener);
        server.Listen(listener, Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
        if (isPathEnding)
        {
            Simulator::Schedule(Seconds(1), [&]() { net.SetInterface(1, false); });
        }
        Simulator::Stop(Seconds(300));
        Simulator::Run();
        return text.Get();
    }

    /** @param words of a warning @return how many have them */
    static std::size_t CountTold(const std::string& words)
    {
        const auto& told = MptcpWarning::GetTold();
        return std::count_if(told.begin(), told.end(), [&](const std::string& text) {
            return text.find(words) != std::string::npos;
        });
    }

    /** @return the log of two neighbours that have no route but to the end of each link */
    static std::string TalkOverTwoLinks()
    {
        const LogText text;
        NodeContainer nodes(2);
        MptcpHelper().Install(nodes);
        PointToPointHelper link;
        Ipv4AddressHelper("10.3.1.0", "255.255.255.0").Assign(link.Install(nodes));
        NetDeviceContainer second = link.Install(nodes);
        Ipv4AddressHelper("10.3.2.0", "255.255.255.0").Assign(second);
        MptcpHelper::GetMptcp(nodes.Get(1))->SetSignal(second.Get(1), true);
        Peer client(1, BYTES, 2);
        Peer sink(2, 100, 1);
        client.closesWhenSent = sink.closesWhenSent = false;
        sink.Listen(MakeSocket(nodes.Get(1)), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(nodes.Get(0)), InetSocketAddress(Ipv4Address("10.3.1.2"), 80));
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        Simulator::Destroy();
        return text.Get();
    }

    /** @return the log of a client whose second interface has no default route */
    static std::string TalkWithoutRoute()
    {
        const LogText text;
        NodeContainer nodes(2);
        NodeContainer server(1);
        MptcpHelper().Install(nodes.Get(0));
        MptcpHelper().Install(server);
        InternetStackHelper().Install(nodes.Get(1));
        PointToPointHelper link;
        NetDeviceContainer first = link.Install(nodes);
        Ipv4AddressHelper("10.1.1.0", "255.255.255.0").Assign(first);
        Ipv4AddressHelper("10.1.2.0", "255.255.255.0").Assign(link.Install(nodes));
        NetDeviceContainer last = link.Install(nodes.Get(1), server.Get(0));
        Ipv4AddressHelper("10.9.1.0", "255.255.255.0").Assign(last);
        MptcpHelper::AddDefaultRoute(first.Get(0), "10.1.1.2");
        MptcpHelper::AddDefaultRoute(last.Get(1), "10.9.1.1");
        Peer client(1, BYTES, 2);
        Peer sink(2, 0, 1);
        sink.closesWhenSent = false;
        sink.Listen(MakeSocket(server.Get(0)), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(nodes.Get(0)), InetSocketAddress(Ipv4Address("10.9.1.2"), 80));
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        Simulator::Destroy();
        return text.Get();
    }

    /** @param what happened @param said the log @param wanted words that must be in it */
    void Expect(const std::string& what, const std::string& said, const std::vector<std::string>& wanted)
    {
        for (const std::string& words : wanted)
        {
            NS_TEST_EXPECT_MSG_NE(said.find(words),
                                  std::string::npos,
                                  what << ": expected \"" << words << "\" in\n"
                                       << said);
        }
    }
};

/** The suite. */
class TraceSuite : public Suite
{
  public:
    TraceSuite()
        : Suite("mptcp-traces", TestSuite::Type::UNIT)
    {
        AddTestCase(new SegmentTestCase);
        AddTestCase(new LogTestCase);
    }
};

TraceSuite g_traceSuite; //!< registers itself

} // namespace
