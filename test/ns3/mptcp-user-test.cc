/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * What users of ns-3 rely on by habit: devices, routes, trace sources, packets.
 */

#include "mptcp-log.h"
#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/core-module.h"
#include "ns3/flow-id-tag.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mptcp-path-ethernet.h"
#include "ns3/mptcp-path-wifi.h"

#include <algorithm>
#include <functional>
#include <set>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** Client and server on a Net, with data all the time. */
struct Talk
{
    /** @param net where @param bytes to send before closing */
    explicit Talk(Net& net, uint64_t bytes = 1000000)
        : client(1, bytes, 2),
          server(2, 0, 1),
          socket(MakeSocket(net.GetClient())),
          listener(MakeSocket(net.GetServer()))
    {
        server.closesWhenSent = false;
    }

    /** Begin, when the sockets are as they should be. */
    void Begin()
    {
        server.Listen(listener, Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
    }

    /** @return the client's socket */
    Ptr<MptcpSocket> Get() const
    {
        return DynamicCast<MptcpSocket>(socket);
    }

    Peer client;          //!< sends
    Peer server;          //!< receives
    Ptr<Socket> socket;   //!< the client's
    Ptr<Socket> listener; //!< the server's
};

/** @param socket some @return the addresses its subflows come from */
std::set<Ipv4Address>
GetSources(Ptr<MptcpSocket> socket)
{
    std::set<Ipv4Address> sources;
    for (const MptcpSubflowInfo& subflow : socket->GetSubflows())
    {
        sources.insert(InetSocketAddress::ConvertFrom(subflow.local).GetIpv4());
    }
    return sources;
}

/** @param socket some @param state of a pair of addresses @return how many pairs are in it */
std::size_t
CountPairs(Ptr<MptcpSocket> socket, const std::string& state)
{
    const auto pairs = socket->GetPairs();
    return std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.state == state; });
}

/** A socket that is bound to a device, or restricted to some, has no subflow by another one. */
class RestrictedTestCase : public TestCase
{
  public:
    RestrictedTestCase()
        : TestCase("socket_bound_to_devices_uses_no_others")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(3));
        Talk bound(net);
        bound.socket->BindToNetDevice(net.GetClientDevice(1));
        bound.Begin();
        Talk both(net);
        DynamicCast<MptcpSocket>(both.socket)
            ->RestrictToNetDevices(NetDeviceContainer(net.GetClientDevice(2), net.GetClientDevice(0)));
        both.client.Connect(both.socket, Net::GetServerAddress(80));
        std::set<Ipv4Address> ofBound;
        std::set<Ipv4Address> ofBoth;
        std::size_t others = 0;
        Simulator::Schedule(Seconds(0.5), [&]() {
            ofBound = GetSources(bound.Get());
            ofBoth = GetSources(both.Get());
            others = CountPairs(bound.Get(), "OTHER_LINK");
        });
        Simulator::Stop(Seconds(0.6));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((ofBound == std::set<Ipv4Address>{"10.1.2.1"}),
                              true,
                              "only by the device it is bound to");
        NS_TEST_EXPECT_MSG_EQ((ofBoth == std::set<Ipv4Address>{"10.1.1.1", "10.1.3.1"}),
                              true,
                              "by both that it may use");
        NS_TEST_EXPECT_MSG_EQ(others, 2, "and it says why");
        Simulator::Destroy();
        RefuseAtOtherDevices();
    }

    /** A listener takes nothing at another device; what can be at no device is an error. */
    void RefuseAtOtherDevices()
    {
        Net net(std::vector<Path>(2));
        Talk talk(net);
        talk.listener->BindToNetDevice(net.GetServerDevice(1));
        talk.Begin();
        Peer welcome(1, 100, 2);
        welcome.Connect(MakeSocket(net.GetClient()), InetSocketAddress("10.9.2.1", 80));
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(talk.client.failed, 1, "the server listens at its second device only");
        NS_TEST_EXPECT_MSG_EQ(welcome.connected, 1, "and does so there");
        Ptr<Socket> nowhere = MakeSocket(net.GetClient());
        nowhere->BindToNetDevice(net.GetClientDevice(1));
        DynamicCast<MptcpSocket>(nowhere)->RestrictToNetDevices(NetDeviceContainer(net.GetClientDevice(0)));
        NS_TEST_EXPECT_MSG_EQ(nowhere->Connect(Net::GetServerAddress(80)), -1, "no device is left");
        NS_TEST_EXPECT_MSG_EQ(nowhere->GetErrno(), Socket::ERROR_NOROUTETOHOST, "and so no route");
        Ptr<Socket> elsewhere = MakeSocket(net.GetClient());
        elsewhere->Bind(InetSocketAddress("10.1.1.1", 0));
        elsewhere->BindToNetDevice(net.GetClientDevice(1));
        NS_TEST_EXPECT_MSG_EQ(elsewhere->Connect(Net::GetServerAddress(80)), -1, "the address is the other device's");
        NS_TEST_EXPECT_MSG_EQ(elsewhere->GetErrno(), Socket::ERROR_ADDRNOTAVAIL, "and so not available");
    }
};

/** Mistakes with devices and gateways of others do not pass in silence. */
class MistakeTestCase : public TestCase
{
  public:
    MistakeTestCase()
        : TestCase("devices_and_gateways_of_others_are_told")
    {
    }

  private:
    /** @param call to make in a process of its own @return what it said on standard error, if that ended the process */
    static std::string GetLastWords(const std::function<void()>& call)
    {
        int ends[2];
        NS_ABORT_MSG_UNLESS(pipe(ends) == 0, "no pipe");
        const pid_t child = fork();
        if (child == 0)
        {
            dup2(ends[1], STDERR_FILENO);
            call();
            _exit(0);
        }
        close(ends[1]);
        std::string said;
        char buffer[1000];
        ssize_t bytes = 0;
        while ((bytes = read(ends[0], buffer, sizeof buffer)) > 0)
        {
            said.append(buffer, bytes);
        }
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : said;
    }

    /** @param words expected among the last ones of a process; none: it does not end so @param call that it makes */
    void Expect(const std::string& words, const std::function<void()>& call)
    {
        const std::string said = GetLastWords(call);
        const bool isExpected = words.empty() ? said.empty() : said.find(words) != std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(isExpected, true, "expected \"" << words << "\" in \"" << said << "\"");
    }

    /** Install on a node, with routing that MptcpHelper did not hear of. */
    template <typename Helper4, typename Helper6>
    static void Install()
    {
        MptcpHelper helper;
        helper.GetInternetStack().SetRoutingHelper(Helper4());
        helper.GetInternetStack().SetRoutingHelper(Helper6());
        helper.Install(CreateObject<Node>());
    }

    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Ptr<MptcpL4Protocol> server = MptcpHelper::GetMptcp(net.GetServer());
        Ptr<NetDevice> beyond = net.GetLink(0).Get(1);
        Expect("", [&]() { server->SetSignal(net.GetServerDevice(1), true); });
        Expect("none of this node's", [&]() { server->SetSignal(net.GetClientDevice(1), true); });
        Expect("none of this node's", [&]() { server->SetBackup(nullptr, true); });
        Expect("has no Multipath TCP", [&]() { MptcpHelper::GetMptcp(beyond->GetNode())->SetSignal(beyond, true); });
        Expect("", []() { Install<Ipv4ListRoutingHelper, Ipv6ListRoutingHelper>(); });
        Expect("IPv4 routing is not a list", []() { Install<Ipv4StaticRoutingHelper, Ipv6ListRoutingHelper>(); });
        Expect("IPv6 routing is not a list", []() { Install<Ipv4ListRoutingHelper, Ipv6StaticRoutingHelper>(); });
        const auto isTold = [](const std::string& gateway) {
            const auto& told = MptcpWarning::GetTold();
            return std::any_of(told.begin(), told.end(), [&](const std::string& text) {
                return text.find("the gateway " + gateway + " of AddDefaultRoute()") != std::string::npos;
            });
        };
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), "10.1.1.2");
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), "0.0.0.0");
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), "fe80::1");
        NS_TEST_EXPECT_MSG_EQ(isTold("10.1.1.2") || isTold("0.0.0.0") || isTold("fe80::1"),
                              false,
                              "these are neighbours");
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), "10.1.2.2");
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), "fd00:102::2");
        NS_TEST_EXPECT_MSG_EQ(isTold("10.1.2.2") && isTold("fd00:102::2"), true, "these are the other interface's");
    }
};

/** Static routing alone is put into a list, so that an interface that goes down is noticed. */
class RoutingHelperTestCase : public TestCase
{
  public:
    RoutingHelperTestCase()
        : TestCase("routing_is_put_into_a_list_unless_it_is_one")
    {
    }

  private:
    void DoRun() override
    {
        Check<Ipv4StaticRoutingHelper, Ipv6StaticRoutingHelper>([](auto&) {});
        Check<Ipv4ListRoutingHelper, Ipv6ListRoutingHelper>([](auto& list) { AddStatic(list); });
    }

    static void AddStatic(Ipv4ListRoutingHelper& list)
    {
        list.Add(Ipv4StaticRoutingHelper(), 10);
    }

    static void AddStatic(Ipv6ListRoutingHelper& list)
    {
        list.Add(Ipv6StaticRoutingHelper(), 10);
    }

    /** @param prepare called with each helper */
    template <typename Helper4, typename Helper6, typename Function>
    void Check(Function prepare)
    {
        Helper4 routing4;
        Helper6 routing6;
        prepare(routing4);
        prepare(routing6);
        MptcpHelper helper;
        helper.SetRoutingHelper(routing4);
        helper.SetRoutingHelper(routing6);
        Net net(std::vector<Path>(2), 1, helper);
        Talk talk(net, 3000000);
        talk.Begin();
        std::size_t during = 0;
        std::set<Ipv4Address> after;
        Simulator::Schedule(Seconds(0.5), [&]() { net.SetInterface(1, false); });
        Simulator::Schedule(Seconds(0.6), [&]() { during = GetSources(talk.Get()).size(); });
        Simulator::Schedule(Seconds(0.7), [&]() { net.SetInterface(1, true); });
        Simulator::Schedule(Seconds(1), [&]() { after = GetSources(talk.Get()); });
        Simulator::Stop(Seconds(1.1));
        Simulator::Run();
        const auto counters = MptcpHelper::GetMptcp(net.GetClient())->GetCounters();
        NS_TEST_EXPECT_MSG_EQ(during, 1, "the subflow ends with its interface");
        NS_TEST_EXPECT_MSG_EQ(counters.at("RmAddrTx"), 1, "and the server is told");
        NS_TEST_EXPECT_MSG_EQ(after.size(), 2, "the default route and the subflow are back with the interface");
    }
};

/** The default route that was added first is preferred, whatever was added and how often. */
class DefaultRouteTestCase : public TestCase
{
  public:
    DefaultRouteTestCase()
        : TestCase("first_default_route_stays_preferred")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), Ipv4Address("10.1.1.2"));
        MptcpHelper::AddDefaultRoute(net.GetClientDevice(0), Ipv4Address("10.1.1.2"));
        net.SetInterface(0, false);
        net.SetInterface(0, true);
        Ipv4Header header;
        header.SetDestination("10.9.1.1");
        Socket::SocketErrno error;
        Ptr<Ipv4> ipv4 = net.GetClient()->GetObject<Ipv4>();
        Ptr<Ipv4Route> route = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error);
        NS_TEST_ASSERT_MSG_NE(route, nullptr, "there is a route");
        NS_TEST_EXPECT_MSG_EQ(route->GetSource(), Ipv4Address("10.1.1.1"), "by the first interface");
    }
};

/** The way back of one path is another path. */
class DetourTestCase : public TestCase
{
  public:
    DetourTestCase()
        : TestCase("way_back_over_another_path_is_warned_of")
    {
    }

  private:
    /** @return the only address of the interface of @p device */
    static Ipv4Address GetAddress(Ptr<NetDevice> device)
    {
        Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
        return ipv4->GetAddress(ipv4->GetInterfaceForDevice(device), 0).GetLocal();
    }

    /** @return whether there was a warning of the client's second address @param net with two paths */
    bool IsWarnedOf(Net& net)
    {
        Talk talk(net, 100000);
        talk.Begin();
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(talk.server.received, 100000, "the data arrive all the same");
        std::ostringstream wanted;
        wanted << "segments for " << GetAddress(net.GetClientDevice(1)) << " arrive at the interface of "
               << GetAddress(net.GetClientDevice(0));
        const auto& told = MptcpWarning::GetTold();
        return std::any_of(told.begin(), told.end(), [&](const std::string& text) {
            return text.find(wanted.str()) != std::string::npos;
        });
    }

    void DoRun() override
    {
        {
            Net net(std::vector<Path>(2));
            NS_TEST_EXPECT_MSG_EQ(IsWarnedOf(net), false, "each path has its own way back");
        }
        Net net(std::vector<Path>(2));
        Ptr<NetDevice> inward = net.GetLink(0).Get(1);
        Ptr<Ipv4> router = inward->GetNode()->GetObject<Ipv4>();
        Ipv4StaticRoutingHelper().GetStaticRouting(router)->AddHostRouteTo(GetAddress(net.GetClientDevice(1)),
                                                                           GetAddress(net.GetClientDevice(0)),
                                                                           router->GetInterfaceForDevice(inward));
        NS_TEST_EXPECT_MSG_EQ(IsWarnedOf(net), true, "the second path's way back is the first path");
    }
};

/** What trace sources and their paths tell. */
class TraceTestCase : public TestCase
{
  public:
    TraceTestCase()
        : TestCase("traces_have_states_of_ns3_and_paths_of_their_own")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Talk talk(net, 100000);
        std::set<uint64_t> states;
        Peer closer(1, 1000, 2); // over single-path TCP, where the end that closes sends the first FIN
        Peer other(2, 0, 1);
        other.closesWhenSent = false;
        Ptr<Socket> single = MakeSocket(net.GetClient(), "ns3::MptcpTcpSocketFactory");
        single->TraceConnectWithoutContext("State",
                                           Callback<void, uint32_t, uint64_t, uint64_t>(
                                               [&](uint32_t, uint64_t, uint64_t now) { states.insert(now); }));
        std::set<std::string> contexts;
        std::set<std::string> ends;
        const auto established = Callback<void, std::string, uint32_t, const Address&, const Address&>(
            [&](std::string context, uint32_t, const Address& local, const Address&) {
                contexts.insert(context);
                std::ostringstream text;
                text << InetSocketAddress::ConvertFrom(local).GetIpv4();
                ends.insert(text.str());
            });
        uint32_t windows = 0;
        const auto window =
            Callback<void, uint32_t, uint64_t, uint64_t>([&](uint32_t, uint64_t, uint64_t) { windows++; });
        Config::Connect("/NodeList/*/$ns3::MptcpL4Protocol/MptcpSocketList/*/SubflowEstablished", established);
        Config::ConnectWithoutContext("/NodeList/*/$ns3::MptcpL4Protocol/MptcpSocketList/*/CongestionWindow", window);
        talk.Begin();
        other.Listen(MakeSocket(net.GetServer(), "ns3::MptcpTcpSocketFactory"), Net::GetAnyAddress(81));
        closer.Connect(single, Net::GetServerAddress(81));
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        const std::string server = "/NodeList/" + std::to_string(net.GetServer()->GetId());
        const std::string client = "/NodeList/" + std::to_string(net.GetClient()->GetId());
        const std::string list = "/$ns3::MptcpL4Protocol/MptcpSocketList/";
        NS_TEST_EXPECT_MSG_EQ(states.count(TcpSocket::ESTABLISHED), 1, "established");
        NS_TEST_EXPECT_MSG_EQ(states.count(TcpSocket::FIN_WAIT_1), 1, "the end that closes");
        NS_TEST_EXPECT_MSG_EQ(states.count(TcpSocket::CLOSE_WAIT), 0, "is not the one that is closed");
        NS_TEST_EXPECT_MSG_EQ(contexts.count(client + list + "0/SubflowEstablished"), 1, "the client's own");
        NS_TEST_EXPECT_MSG_EQ(contexts.count(server + list + "0/SubflowEstablished"), 0, "the listener has no subflow");
        NS_TEST_EXPECT_MSG_EQ(contexts.count(server + list + "2/SubflowEstablished"), 1, "the accepted socket's own");
        NS_TEST_EXPECT_MSG_EQ(ends.count("10.1.2.1"), 1, "with the addresses of the second subflow");
        NS_TEST_EXPECT_MSG_GT(windows, 10, "by ns-3's name");
        MakeSocket(net.GetServer())->Close(); // number 4
        Ptr<Socket> next = MakeSocket(net.GetServer());
        bool isNew = false;
        Config::Set(server + list + "5/RtoMin", TimeValue(MilliSeconds(777)));
        TimeValue value;
        next->GetAttribute("RtoMin", value);
        isNew = value.Get() == MilliSeconds(777);
        NS_TEST_EXPECT_MSG_EQ(isNew, true, "a new socket has a number that none had");
    }
};

/** The first subflow of an accepted socket was there before the socket; the end of one that came up unheard is told. */
class FirstSubflowTestCase : public TestCase
{
  public:
    FirstSubflowTestCase()
        : TestCase("first_subflow_of_an_accepted_socket_is_traced")
    {
    }

  private:
    using Ids = std::multiset<uint32_t>;

    static Callback<void, uint32_t, const Address&, const Address&> InsertInto(Ids& ids)
    {
        return Callback<void, uint32_t, const Address&, const Address&>(
            [&ids](uint32_t id, const Address&, const Address&) { ids.insert(id); });
    }

    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Peer client(1, 100000, 2);
        Peer server(2, 0, 1);
        client.closesWhenSent = server.closesWhenSent = false;
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Ptr<Socket> listener = MakeSocket(net.GetServer());
        Ids up;
        Ids established;
        Ids closed;
        Ids closedAtClient;
        listener->TraceConnectWithoutContext("SubflowUp",
                                             Callback<void, uint32_t, uint64_t, uint64_t>(
                                                 [&](uint32_t id, uint64_t, uint64_t) { up.insert(id); }));
        listener->TraceConnectWithoutContext("SubflowEstablished", InsertInto(established));
        listener->TraceConnectWithoutContext("SubflowClosed", InsertInto(closed));
        server.Listen(listener, Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
        Simulator::Schedule(Seconds(2),
                            [&]() { socket->TraceConnectWithoutContext("SubflowClosed", InsertInto(closedAtClient)); });
        Simulator::Schedule(Seconds(3), [&]() { DynamicCast<MptcpSocket>(server.socket)->Abort(); });
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((established.count(0) == 1 && established.size() == 2), true, "each one once");
        NS_TEST_EXPECT_MSG_EQ((up == established), true, "by the other name, too");
        NS_TEST_EXPECT_MSG_EQ((closed == established), true, "and its end");
        NS_TEST_EXPECT_MSG_EQ((closedAtClient == established), true, "which is told to who listens later, too");
        Simulator::Destroy();
        TellSinkOfTheAcceptCallback();
    }

    void TellSinkOfTheAcceptCallback()
    {
        Net net(std::vector<Path>(2));
        Peer client(1, 10000, 2);
        Peer server(2, 0, 1);
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Ptr<Socket> listener = MakeSocket(net.GetServer());
        Ids established;
        server.Listen(listener, Net::GetAnyAddress(80));
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                    Callback<void, Ptr<Socket>, const Address&>(
                                        [&](Ptr<Socket> accepted, const Address&) {
                                            accepted->TraceConnectWithoutContext("SubflowEstablished",
                                                                                 InsertInto(established));
                                        }));
        client.Connect(socket, Net::GetServerAddress(80));
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(established.count(0), 1, "the accept callback is early enough, if nobody else listens");
        NS_TEST_EXPECT_MSG_EQ(established.size(), 2, "and each one is told once");
    }
};

/** A node reaches its own addresses; tags of packets stay with the packets of the sender. */
class OwnAddressTestCase : public TestCase
{
  public:
    OwnAddressTestCase()
        : TestCase("own_address_is_reached_and_packet_tags_are_not_part_of_a_stream")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Peer client(1, 100000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetClient()), Net::GetAnyAddress(80));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        socket->Bind(InetSocketAddress(Ipv4Address("10.1.1.1"), 0));
        uint64_t sent = 0;
        for (const std::size_t path : {0, 1})
        {
            net.GetClientDevice(path)->TraceConnectWithoutContext("PhyTxEnd",
                                                                  Callback<void, Ptr<const Packet>>(
                                                                      [&](Ptr<const Packet> p) {
                                                                          sent += p->GetSize();
                                                                      }));
        }
        client.Connect(socket, InetSocketAddress(Ipv4Address("10.1.2.1"), 80)); // the other interface's
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_LT(sent, 10000, "what is for the node itself does not leave it");
        NS_TEST_EXPECT_MSG_EQ(server.received, 100000, "everything arrived");
        NS_TEST_EXPECT_MSG_EQ(server.mismatches, 0, "as it was sent");

        Talk talk(net, 0);
        talk.client.closesWhenSent = false;
        talk.Begin();
        bool isTagged = false;
        Simulator::Schedule(Seconds(1), [&]() {
            talk.server.socket->SetRecvCallback(Callback<void, Ptr<Socket>>([&](Ptr<Socket> from) {
                FlowIdTag tag;
                isTagged = isTagged || from->Recv()->PeekPacketTag(tag);
            }));
            Ptr<Packet> packet = Create<Packet>(100);
            packet->AddPacketTag(FlowIdTag(7));
            talk.socket->Send(packet);
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(isTagged, false, "no tag arrived");
    }
};

/** Why there is one subflow only. */
class WhyTestCase : public TestCase
{
  public:
    WhyTestCase()
        : TestCase("socket_says_why_there_is_one_subflow_only")
    {
    }

  private:
    void DoRun() override
    {
        CheckFamily();
        Check("PathManager", StringValue("none"), "UNWANTED");
        Check("SubflowsMax", UintegerValue(1), "NO_ROOM");
        Check("Mptcp", BooleanValue(false), "PLAIN_TCP");
    }

    /** An address of a family that the peer has none of has a line, too; those that the host keeps to itself have none. */
    void CheckFamily()
    {
        Net net(std::vector<Path>(1));
        Talk talk(net);
        talk.Begin();
        std::multiset<std::string> others;
        Simulator::Schedule(Seconds(0.5), [&]() {
            for (const MptcpPairInfo& pair : talk.Get()->GetPairs())
            {
                std::ostringstream text;
                text << pair;
                others.insert(pair.state == "OTHER_FAMILY" ? text.str() : "");
            }
        });
        Simulator::Stop(Seconds(0.6));
        Simulator::Run();
        others.erase("");
        const std::string line = others.empty() ? "none" : *others.begin();
        NS_TEST_EXPECT_MSG_EQ(others.size(), 1, "one line");
        NS_TEST_EXPECT_MSG_EQ(line.find("fd00:101::1 to 10.9.1.1:80: OTHER_FAMILY"), 0, line);
    }

    /** @param attribute of client and server @param value its value @param state of a pair that says so */
    void Check(const std::string& attribute, const AttributeValue& value, const std::string& state)
    {
        MptcpHelper helper;
        helper.SetAttribute(attribute, value);
        helper.GetInternetStack().SetIpv6StackInstall(true);
        Net net(std::vector<Path>(2), 1, helper);
        Talk talk(net);
        talk.Begin();
        std::size_t count = 0;
        std::size_t pairs = 0;
        std::string text;
        Simulator::Schedule(Seconds(0.5), [&]() {
            count = CountPairs(talk.Get(), state);
            pairs = talk.Get()->GetPairs().size();
            for (const MptcpPairInfo& pair : talk.Get()->GetPairs())
            {
                std::ostringstream os;
                os << pair;
                text = pair.state == state ? os.str() : text;
            }
        });
        Simulator::Stop(Seconds(0.6));
        Simulator::Run();
        const bool isTold = state == "PLAIN_TCP" ? pairs == 0 : count > 0; // a plain connection has no pairs at all
        NS_TEST_EXPECT_MSG_EQ(isTold, true, attribute + " says " + state);
        NS_TEST_EXPECT_MSG_EQ((state == "PLAIN_TCP" || text.find("10.1.2.1 to 10.9.1.1:80: " + state) == 0),
                              true,
                              "printed: " + text);
    }
};

/** A Wi-Fi station that has never been associated has no link; the subflow comes with the association. */
class WifiTestCase : public TestCase
{
  public:
    WifiTestCase()
        : TestCase("subflow_over_wifi_comes_with_the_association")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        NodeContainer hosts(2);
        MptcpHelper mptcp;
        mptcp.GetInternetStack().SetIpv6StackInstall(false);
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 1);
        Ptr<ConstantPositionMobilityModel> position = CreateObject<ConstantPositionMobilityModel>();
        position->SetPosition(Vector(1000, 0, 0));
        hosts.Get(0)->AggregateObject(position);
        Ptr<Node> core = MptcpPath::CreateRouter();
        Ptr<MptcpPathWifi> wifi = CreateObject<MptcpPathWifi>();
        Ptr<MptcpPathEthernet> cable = CreateObject<MptcpPathEthernet>();
        Ptr<MptcpPathEthernet> uplink = CreateObject<MptcpPathEthernet>();
        cable->SetAttribute("Rate", StringValue("1Mbps"));
        wifi->SetAttribute("Rate", StringValue("1Mbps"));
        wifi->Install(core, NodeContainer(hosts.Get(0)), 1); // the first: its default route is preferred
        cable->Install(core, NodeContainer(hosts.Get(0)), 2);
        uplink->Install(core, NodeContainer(hosts.Get(1)), 3);
        wifi->AssignStreams(100);
        Peer client(1, 0, 2);
        Peer server(2, 1000000000, 1);
        client.closesWhenSent = false;
        server.Listen(MakeSocket(hosts.Get(1)), Net::GetAnyAddress(80));
        Ptr<Socket> socket = MakeSocket(hosts.Get(0));
        client.Connect(socket, InetSocketAddress(uplink->GetInterfaces()[0].address, 80));
        std::size_t before = 0;
        Time associated;
        Time established;
        socket->TraceConnectWithoutContext("SubflowEstablished",
                                           Callback<void, uint32_t, const Address&, const Address&>(
                                               [&](uint32_t, const Address& local, const Address&) {
                                                   const bool isWifi =
                                                       InetSocketAddress::ConvertFrom(local).GetIpv4() ==
                                                       wifi->GetInterfaces()[0].address;
                                                   established = isWifi ? Simulator::Now() : established;
                                               }));
        wifi->TraceConnectWithoutContext("InRange",
                                         Callback<void, uint32_t, bool, Time>([&](uint32_t, bool isInRange, Time) {
                                             associated = isInRange ? Simulator::Now() : associated;
                                         }));
        Simulator::Schedule(Seconds(5), [&]() {
            before = DynamicCast<MptcpSocket>(socket)->GetSubflows().size();
            position->SetPosition(Vector(5, 0, 0));
        });
        Simulator::Stop(Seconds(6));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(before, 1, "the connection began over the cable, and no SYN goes into nothing");
        NS_TEST_EXPECT_MSG_GT(associated, Seconds(5), "the station is associated when it is in range");
        NS_TEST_EXPECT_MSG_GT(established, associated, "with it comes the subflow");
        NS_TEST_EXPECT_MSG_LT(established, associated + MilliSeconds(400), "at once, but for ARP and the handshake");
        Simulator::Destroy();
    }
};

/** What users rely on. */
class UserTestSuite : public Suite
{
  public:
    UserTestSuite()
        : Suite("mptcp-user", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new RestrictedTestCase);
        AddTestCase(new MistakeTestCase);
        AddTestCase(new RoutingHelperTestCase);
        AddTestCase(new DefaultRouteTestCase);
        AddTestCase(new DetourTestCase);
        AddTestCase(new TraceTestCase);
        AddTestCase(new FirstSubflowTestCase);
        AddTestCase(new OwnAddressTestCase);
        AddTestCase(new WhyTestCase);
        AddTestCase(new WifiTestCase);
    }
};

UserTestSuite g_userTestSuite; //!< registers itself

/** ns-3 keeps book of headers: a suite of its own, for that cannot be switched off again. */
class MetadataTestCase : public TestCase
{
  public:
    MetadataTestCase()
        : TestCase("packets_are_printed_and_checked_as_those_of_ns3")
    {
    }

  private:
    void DoRun() override
    {
        Packet::EnablePrinting();
        Packet::EnableChecking();
        Net net(std::vector<Path>(1));
        Peer client(1, 100000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer(), "ns3::MptcpNativeTcpSocketFactory"), Net::GetAnyAddress(80));
        client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        std::string printed;
        net.GetClientDevice(0)
            ->TraceConnectWithoutContext("PhyTxEnd", Callback<void, Ptr<const Packet>>([&](Ptr<const Packet> packet) {
                                             std::ostringstream text;
                                             packet->Print(text);
                                             printed = printed.empty() && text.str().find("SYN") != std::string::npos
                                                           ? text.str()
                                                           : printed;
                                         }));
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(server.received, 100000, "ns-3's TCP takes our headers off");
        NS_TEST_EXPECT_MSG_EQ(server.mismatches, 0, "and what is left is what was sent");
        NS_TEST_EXPECT_MSG_NE(printed.find("ns3::TcpHeader"),
                              std::string::npos,
                              "printed as a TCP header: " << printed);
    }
};

/** Packet metadata. */
class MetadataTestSuite : public Suite
{
  public:
    MetadataTestSuite()
        : Suite("mptcp-metadata", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new MetadataTestCase);
    }
};

MetadataTestSuite g_metadataTestSuite; //!< registers itself

} // namespace
