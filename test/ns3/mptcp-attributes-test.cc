/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Attributes and defaults.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/mptcp-settings.h"
#include "mptcp-log.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** @param object any @param name of an Attribute @return its value as text, or why there is none */
std::string
GetText(Ptr<Object> object, const std::string& name)
{
    TypeId::AttributeInformation info;
    if (!object->GetInstanceTypeId().LookupAttributeByName(name, &info))
    {
        return "no such Attribute";
    }
    Ptr<AttributeValue> value = info.checker->Create();
    object->GetAttribute(name, *value);
    return value->SerializeToString(info.checker);
}

/** @param words part of a warning @return whether it was given */
bool
IsWarned(const std::string& words)
{
    const auto& told = MptcpWarning::GetTold();
    return std::any_of(told.begin(), told.end(), [&](const auto& text) {
        return text.find(words) != std::string::npos;
    });
}

/** Every setting of the core is an Attribute of node and socket, with the core's default. */
class DefaultsTestCase : public TestCase
{
  public:
    DefaultsTestCase()
        : TestCase("attribute_defaults_are_those_of_the_core")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(1));
        Ptr<Object> l4 = MptcpHelper::GetMptcp(net.GetClient());
        Ptr<Object> socket = MakeSocket(net.GetClient());
        NS_TEST_ASSERT_MSG_GT(MptcpSettings::List().size(), 30, "the core has its settings");
        for (const MptcpSettings::Entry& entry : MptcpSettings::List())
        {
            const std::string name = entry.attribute;
            NS_TEST_EXPECT_MSG_EQ(GetText(l4, name), entry.defaultValue, name << " of a node");
            NS_TEST_EXPECT_MSG_EQ(GetText(socket, name), entry.defaultValue, name << " of a socket");
        }
        for (const char* name :
             {"CongestionControl", "Scheduler", "ReceiveBuffer", "RtoMin", "DelayedAckTime", "DelayedAck"})
        {
            TypeId::AttributeInformation info;
            NS_TEST_EXPECT_MSG_EQ(MptcpSocket::GetTypeId().LookupAttributeByName(name, &info), true, name);
        }
    }
};

/** What was set nearest to the socket counts. */
class PrecedenceTestCase : public TestCase
{
  public:
    PrecedenceTestCase()
        : TestCase("nearer_setting_wins")
    {
    }

  private:
    void DoRun() override
    {
        Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(100000));
        Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(100001));
        Config::SetDefault("ns3::MptcpSocket::Nagle", BooleanValue(false));
        MptcpHelper helper;
        helper.SetAttribute("ReceiveBuffer", UintegerValue(200000));
        helper.SetAttribute("Nagle", BooleanValue(true));
        helper.SetAttribute("RtoMin", TimeValue(MilliSeconds(300)));
        Net net(std::vector<Path>(1), 1, helper);
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Config::Reset();
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "SendBuffer"), "100000", "from ns3::TcpSocket's changed default");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "ReceiveBuffer"), "200000", "the node's over ns3::TcpSocket's");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Nagle"), "false", "ns3::MptcpSocket's changed default over the node's");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "RtoMin"), "+3e+08ns", "the node's");
        socket->SetAttribute("RtoMin", TimeValue(MilliSeconds(400)));
        socket->SetAttribute("RcvBufSize", UintegerValue(300000));
        socket->SetAttribute("TcpNoDelay", BooleanValue(false));
        socket->SetAttribute("SegmentSize", UintegerValue(1000));
        socket->SetAttribute("DataRetries", UintegerValue(7));
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "RtoMin"), "+4e+08ns", "the socket's own");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "ReceiveBuffer"), "300000", "RcvBufSize set on the socket");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Nagle"), "true", "TcpNoDelay set on the socket");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "MssMax"), "1012", "SegmentSize and room for timestamps");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "DataRetries"), "7", "DataRetries set on the socket");
        NS_TEST_EXPECT_MSG_EQ(GetText(MakeSocket(net.GetClient()), "SendBuffer"), "4194304", "defaults are reset");
    }
};

/** A value that was set counts, even where it equals the default. */
class SetToDefaultTestCase : public TestCase
{
  public:
    SetToDefaultTestCase()
        : TestCase("setting_that_equals_the_default_counts_as_set")
    {
    }

  private:
    void DoRun() override
    {
        Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(100000));
        Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(100000));
        Config::SetDefault("ns3::MptcpSocket::Nagle", BooleanValue(true));
        Config::SetDefault("ns3::MptcpL4Protocol::ReceiveBuffer", UintegerValue(6291456));
        MptcpHelper helper;
        helper.SetAttribute("SendBuffer", UintegerValue(4194304));
        helper.SetAttribute("Nagle", BooleanValue(false));
        helper.SetAttribute("RtoMin", TimeValue(MilliSeconds(300)));
        Net net(std::vector<Path>(1), 1, helper);
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Config::Reset();
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "SendBuffer"), "4194304", "the node's over ns3::TcpSocket's");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "ReceiveBuffer"), "6291456", "the node's default, set anew");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Nagle"), "true", "ns3::MptcpSocket's default, set anew");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "RtoMin"), "+3e+08ns", "the node's, which no one else set");
    }
};

/** Habits from ns-3's TCP have their effect here, or are told to have none. */
class HabitsTestCase : public TestCase
{
  public:
    HabitsTestCase()
        : TestCase("defaults_of_tcp_socket_base_are_mapped_or_warned_of")
    {
    }

  private:
    void DoRun() override
    {
        Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(500)));
        Config::SetDefault("ns3::TcpSocketBase::UseEcn", StringValue("On"));
        Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(false));
        Config::SetDefault("ns3::TcpSocketBase::Timestamp", BooleanValue(false));
        Config::SetDefault("ns3::TcpSocketBase::WindowScaling", BooleanValue(false));
        Config::SetDefault("ns3::TcpSocketBase::LimitedTransmit", BooleanValue(false));
        Config::SetDefault("ns3::TcpSocketBase::ReTxThreshold", UintegerValue(5));
        Config::SetDefault("ns3::TcpSocketBase::MaxWindowSize", UintegerValue(30000));
        Config::SetDefault("ns3::TcpSocketBase::ClockGranularity", TimeValue(MilliSeconds(3)));
        Config::SetDefault("ns3::TcpSocketState::EnablePacing", BooleanValue(true));
        Config::SetDefault("ns3::TcpSocketState::PaceInitialWindow", BooleanValue(true));
        Config::SetDefault("ns3::TcpSocket::InitialSlowStartThreshold", UintegerValue(65535));
        Config::SetDefault("ns3::TcpSocket::PersistTimeout", TimeValue(Seconds(1)));
        Config::SetDefault("ns3::MptcpSocket::MaxSegLifetime", DoubleValue(2));
        Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TypeId::LookupByName("ns3::TcpVegas")));
        Net net(std::vector<Path>(1));
        Config::Set("/NodeList/0/$ns3::TcpL4Protocol/RecoveryType",
                    TypeIdValue(TypeId::LookupByName("ns3::TcpClassicRecovery")));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Config::SetDefault("ns3::TcpSocketBase::UseEcn", StringValue("AcceptOnly"));
        MakeSocket(net.GetClient());
        Config::Reset();
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "RtoMin"), "+5e+08ns", "MinRto");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Ecn"), "true", "UseEcn");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "DupThreshold"), "5", "ReTxThreshold");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "TimeWait"), "+4e+09ns", "twice MaxSegLifetime");
        for (const char* name : {"Sack", "Timestamps", "WindowScaling", "LimitedTransmit"})
        {
            NS_TEST_EXPECT_MSG_EQ(GetText(socket, name), "false", name);
        }
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Pacing"), "true", "EnablePacing");
        for (const char* name : {"TcpSocketBase::MaxWindowSize",
                                 "TcpSocketBase::ClockGranularity",
                                 "TcpSocketBase::UseEcn was changed (AcceptOnly)",
                                 "TcpSocketState::PaceInitialWindow",
                                 "InitialSlowStartThreshold has no effect",
                                 "PersistTimeout has no effect",
                                 "ns3::TcpClassicRecovery"})
        {
            NS_TEST_EXPECT_MSG_EQ(IsWarned(name), true, name << " is warned of");
        }
        NS_TEST_EXPECT_MSG_EQ(IsWarned("ns3::TcpVegas"), true, "a congestion control of ns-3's TCP");
    }
};

/** What comes too late or is out of range is neither taken nor silent. */
class LateSettingTestCase : public TestCase
{
  public:
    LateSettingTestCase()
        : TestCase("attribute_set_after_connect_is_warned_of")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(1));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        NS_TEST_EXPECT_MSG_EQ(socket->SetAttributeFailSafe("SegmentSize", UintegerValue(70000)),
                              true,
                              "does not abort");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "MssMax"), "65495", "and is not taken");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("MssMax was not set: 70012"), true, "but told");
        socket->Connect(Net::GetServerAddress(80));
        socket->SetAttribute("RtoMax", TimeValue(Seconds(7)));
        socket->SetAttribute("SndBufSize", UintegerValue(7777));
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "RtoMax"), "+1.2e+11ns", "what is in use is what is read");
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "SendBuffer"), "4194304", "by either name");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("RtoMax was set after Connect()"), true, "told");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("SendBuffer was set after Connect()"), true, "told");
        Ptr<MptcpL4Protocol> l4 = MptcpHelper::GetMptcp(net.GetClient());
        UintegerValue limit;
        l4->GetAttribute("ConnectionsMax", limit);
        l4->SetAttribute("ConnectionsMax", UintegerValue(limit.Get() - 1));
        l4->SetAttribute("HalfOpenMax", UintegerValue(7));
        l4->SetAttribute("ChallengeAcksPerSecond", UintegerValue(7));
        MptcpHelper::AssignStreams(net.GetClient(), 5);
        UintegerValue read;
        l4->GetAttribute("ConnectionsMax", read);
        NS_TEST_EXPECT_MSG_EQ(read.Get(), limit.Get(), "what is in use is what is read, of the node, too");
        for (const char* what :
             {"ConnectionsMax was", "HalfOpenMax was", "ChallengeAcksPerSecond was", "AssignStreams() was"})
        {
            NS_TEST_EXPECT_MSG_EQ(IsWarned(what), true, what << " told");
        }
        // Connect() before the simulation runs is served when it does.
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(MptcpHelper::GetMptcp(net.GetClient())->GetCounters().at("AttemptFails"), 0, "refused");
    }
};

/** What is said to the helper, or of the nodes' defaults, after the nodes were made. */
class AfterInstallTestCase : public TestCase
{
  public:
    AfterInstallTestCase()
        : TestCase("attribute_set_after_install_is_warned_of")
    {
    }

  private:
    void DoRun() override
    {
        {
            MptcpHelper helper;
            helper.SetAttribute("SynRetries", UintegerValue(3));
            helper.Install(CreateObject<Node>());
            helper.SetAttribute("DataRetries", UintegerValue(3));
            MptcpHelper copy = helper;
            copy.Install(CreateObject<Node>());
            helper.SetAttribute("SubflowsMax", UintegerValue(3));
        }
        NS_TEST_EXPECT_MSG_EQ(IsWarned("SetAttribute(\"SynRetries\")"), false, "before the first node");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("SetAttribute(\"DataRetries\")"), false, "before the second");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("SetAttribute(\"SubflowsMax\") after the last Install()"), true, "after both");
        Config::SetDefault("ns3::MptcpL4Protocol::SynRetries", UintegerValue(4));
        Net net(std::vector<Path>(1));
        Config::SetDefault("ns3::MptcpL4Protocol::JoinRetries", UintegerValue(4));
        MakeSocket(net.GetClient())->Connect(Net::GetServerAddress(80));
        Config::Reset();
        MakeSocket(net.GetServer())->Connect(Net::GetServerAddress(80));
        NS_TEST_EXPECT_MSG_EQ(IsWarned("default of ns3::MptcpL4Protocol::SynRetries"),
                              false,
                              "before the nodes, reset");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("default of ns3::MptcpL4Protocol::JoinRetries was changed after"), true, "late");
    }
};

/** A value that the core does not know is not taken. */
class BadValueTestCase : public TestCase
{
  public:
    BadValueTestCase()
        : TestCase("unknown_names_and_values_out_of_range_are_refused")
    {
    }

  private:
    void DoRun() override
    {
        const auto isTaken = [](const std::string& name, const std::string& text) {
            TypeId::AttributeInformation info;
            const bool isKnown = MptcpSocket::GetTypeId().LookupAttributeByName(name, &info);
            return isKnown && info.checker->CreateValidValue(StringValue(text));
        };
        NS_TEST_EXPECT_MSG_EQ(isTaken("CongestionControl", "cubic"), true, "a congestion control");
        NS_TEST_EXPECT_MSG_EQ(isTaken("CongestionControl", "cubik"), false, "none");
        NS_TEST_EXPECT_MSG_EQ(isTaken("Scheduler", "roundrobin"), true, "a scheduler");
        NS_TEST_EXPECT_MSG_EQ(isTaken("Scheduler", "a-name-too-long-for-it"), false, "none");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("there is no \"cubik\" (Congestion control: reno, cubic"),
                              true,
                              "and those there are");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("there is no \"a-name-too-long-for-it\" (Scheduler: "), true, "however long");
        NS_TEST_EXPECT_MSG_EQ(IsWarned("\"cubic\""), false, "which is one");
        NS_TEST_EXPECT_MSG_EQ(isTaken("PathManager", "none"), true, "a path manager");
        NS_TEST_EXPECT_MSG_EQ(isTaken("SubflowsMax", "32"), true, "the greatest");
        NS_TEST_EXPECT_MSG_EQ(isTaken("SubflowsMax", "33"), false, "beyond the greatest");
        NS_TEST_EXPECT_MSG_EQ(isTaken("RtoMin", "1ms"), true, "the least");
        NS_TEST_EXPECT_MSG_EQ(isTaken("RtoMin", "999us"), false, "below the least");
    }
};

/** Each factory gives its kind of socket. */
class FactoryTestCase : public TestCase
{
  public:
    FactoryTestCase()
        : TestCase("factories_give_what_they_are_named_for")
    {
    }

  private:
    void DoRun() override
    {
        CheckDefault("Mptcp", "ns3::MptcpSocket", "true");
        CheckDefault("Tcp", "ns3::MptcpSocket", "false");
        CheckDefault("NativeTcp", "ns3::TcpSocketBase", "no such Attribute");
    }

    /** @param protocol value of DefaultProtocol @param type of the default socket @param isMptcp its Attribute Mptcp */
    void CheckDefault(const std::string& protocol, const std::string& type, const std::string& isMptcp)
    {
        MptcpHelper helper;
        helper.SetAttribute("DefaultProtocol", StringValue(protocol));
        Net net(std::vector<Path>(1), 1, helper);
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        NS_TEST_EXPECT_MSG_EQ(socket->GetInstanceTypeId().GetName(), type, "DefaultProtocol=" << protocol);
        NS_TEST_EXPECT_MSG_EQ(GetText(socket, "Mptcp"), isMptcp, "DefaultProtocol=" << protocol);
        Ptr<Socket> mptcp = MakeSocket(net.GetClient(), "ns3::MptcpSocketFactory");
        NS_TEST_EXPECT_MSG_EQ(GetText(mptcp, "Mptcp"), "true", "by name");
        Ptr<Socket> tcp = MakeSocket(net.GetClient(), "ns3::MptcpTcpSocketFactory");
        NS_TEST_EXPECT_MSG_EQ(GetText(tcp, "Mptcp"), "false", "by name");
        Ptr<Socket> native = MakeSocket(net.GetClient(), "ns3::MptcpNativeTcpSocketFactory");
        NS_TEST_EXPECT_MSG_EQ(native->GetInstanceTypeId().GetName(), "ns3::TcpSocketBase", "by name");
    }
};

/** Trace sources fire, with the subflow's id, and agree with what arrives. */
class TraceTestCase : public TestCase
{
  public:
    TraceTestCase()
        : TestCase("trace_sources_follow_the_transfer")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t BYTES = 3000000;
        Net net(std::vector<Path>(2));
        Peer client(1, BYTES, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        std::map<std::string, std::map<uint32_t, uint64_t>> last;
        std::map<std::string, uint32_t> outOfStep;
        const auto watch = [&](Ptr<Socket> traced, const std::string& name) {
            const bool isKnown =
                traced->TraceConnectWithoutContext(name,
                                                   Callback<void, uint32_t, uint64_t, uint64_t>(
                                                       [&, name](uint32_t id, uint64_t before, uint64_t now) {
                                                           outOfStep[name] +=
                                                               last[name].count(id) > 0 && last[name][id] != before ? 1
                                                                                                                    : 0;
                                                           last[name][id] = now;
                                                       }));
            NS_TEST_EXPECT_MSG_EQ(isKnown, true, "trace source " << name);
        };
        for (const char* name : {"Cwnd",
                                 "Ssthresh",
                                 "Rtt",
                                 "BytesInFlight",
                                 "State",
                                 "BytesSent",
                                 "BytesAcked",
                                 "BytesRetransmitted",
                                 "DsnSent",
                                 "DsnAcked",
                                 "ReorderBytes",
                                 "Scheduled",
                                 "SubflowUp",
                                 "SubflowDown",
                                 "Reinjected"})
        {
            watch(socket, name);
        }
        watch(server.listener, "DsnDelivered"); // inherited by the accepted socket
        client.Connect(socket, Net::GetServerAddress(80));
        Simulator::Stop(Seconds(10));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(server.received, BYTES, "all arrived");
        NS_TEST_EXPECT_MSG_EQ(last["DsnSent"][0], BYTES, "all were sent");
        NS_TEST_EXPECT_MSG_EQ(last["DsnAcked"][0], BYTES, "all were acknowledged");
        NS_TEST_EXPECT_MSG_EQ(last["DsnDelivered"][0], BYTES, "all were delivered");
        NS_TEST_EXPECT_MSG_EQ(last["SubflowUp"].size(), 2, "both subflows came up");
        NS_TEST_EXPECT_MSG_EQ(last["BytesAcked"].size(), 2, "both subflows were used");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(last["BytesAcked"][0] + last["BytesAcked"][1], BYTES, "subflows carried all");
        NS_TEST_EXPECT_MSG_GT(last["BytesAcked"][0], BYTES / 3, "the first its part");
        NS_TEST_EXPECT_MSG_GT(last["BytesAcked"][1], BYTES / 3, "the second its part");
        NS_TEST_EXPECT_MSG_GT(last["Rtt"][1], 20000000, "round-trip time in nanoseconds");
        for (const char* name : {"Cwnd", "Rtt", "BytesInFlight", "BytesSent", "BytesAcked"})
        {
            NS_TEST_EXPECT_MSG_EQ(outOfStep[name], 0, name << ": no event is missing");
        }
    }
};

/** Segments to a peer that says nothing of its MSS, as ns-3's TCP does. */
class NoMssTestCase : public TestCase
{
  public:
    NoMssTestCase()
        : TestCase("peer_without_mss_option_gets_segments_of_mss_default")
    {
    }

  private:
    /** @param value of MssDefault, 0: as it ships @return the greatest payload of a segment */
    static uint32_t Measure(uint32_t value)
    {
        Net net(std::vector<Path>(1));
        Peer client(1, 20000, 2);
        Peer server(2, 0, 1);
        server.closesWhenSent = false;
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        if (value > 0)
        {
            socket->SetAttribute("MssDefault", UintegerValue(value));
        }
        uint32_t greatest = 0;
        socket->TraceConnectWithoutContext(
            "Tx",
            Callback<void, uint32_t, Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSocket>>(
                [&](uint32_t, Ptr<const Packet> packet, const TcpHeader&, Ptr<const MptcpSocket>) {
                    greatest = std::max(greatest, packet->GetSize());
                }));
        server.Listen(MakeSocket(net.GetServer(), "ns3::MptcpNativeTcpSocketFactory"), Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        return greatest;
    }

    void DoRun() override
    {
        constexpr uint32_t TIMESTAMP = 12;
        NS_TEST_EXPECT_MSG_EQ(Measure(0), 536 - TIMESTAMP, "RFC 9293 3.7.1");
        NS_TEST_EXPECT_MSG_EQ(Measure(1200), 1200 - TIMESTAMP, "the Attribute");
    }
};

/** Attributes, factories and trace sources. */
class AttributesTestSuite : public Suite
{
  public:
    AttributesTestSuite()
        : Suite("mptcp-attributes", TestSuite::Type::UNIT)
    {
        AddTestCase(new DefaultsTestCase);
        AddTestCase(new PrecedenceTestCase);
        AddTestCase(new SetToDefaultTestCase);
        AddTestCase(new HabitsTestCase);
        AddTestCase(new LateSettingTestCase);
        AddTestCase(new AfterInstallTestCase);
        AddTestCase(new BadValueTestCase);
        AddTestCase(new NoMssTestCase);
        AddTestCase(new FactoryTestCase);
        AddTestCase(new TraceTestCase);
    }
};

AttributesTestSuite g_attributesTestSuite; //!< registers itself

} // namespace
