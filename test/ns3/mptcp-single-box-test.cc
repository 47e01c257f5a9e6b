/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Boxes without a link: what goes in and what comes out, what they remember, for how long, and how much.
 */

#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/mptcp-flow-table.h"
#include "ns3/mptcp-nat.h"
#include "ns3/mptcp-payload-rewriter.h"
#include "ns3/mptcp-reset-injector.h"
#include "ns3/mptcp-segment-coalescer.h"
#include "ns3/mptcp-sequence-rewriter.h"

#include <vector>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

using Segment = MptcpMiddlebox::Segment;
using Direction = MptcpMiddlebox::Direction;

constexpr Direction UP = MptcpMiddlebox::UP;
constexpr Direction DOWN = MptcpMiddlebox::DOWN;
constexpr uint32_t ISN = 1000;
constexpr int64_t IDLE_SECONDS = 7440;      // of an open connection: 2 h 4 min (RFC 5382 5)
constexpr int64_t TRANSITORY_SECONDS = 240; // of one that opens or has ended

/**
 * @param direction which way it goes
 * @param flags of its header
 * @param connection which one: 16 bits are the host's port, the rest is in its address
 * @param payloadBytes size of its payload
 * @return a segment of a connection from 10.1.x.x to port 80 of 10.9.1.1
 */
Segment
MakeSegment(Direction direction, uint8_t flags, uint32_t connection = 7000, uint32_t payloadBytes = 0)
{
    const Ipv4Address host(0x0a010000 + (connection >> 16));
    const Ipv4Address server("10.9.1.1");
    Segment segment;
    segment.ipv4.SetSource(direction == UP ? host : server);
    segment.ipv4.SetDestination(direction == UP ? server : host);
    segment.tcp.count = MBX_TCP_BYTES_MIN;
    const auto port = static_cast<uint16_t>(connection);
    mbx_put16(segment.tcp.bytes + MBX_AT_SOURCE_PORT, direction == UP ? port : 80);
    mbx_put16(segment.tcp.bytes + MBX_AT_DESTINATION_PORT, direction == UP ? 80 : port);
    segment.SetSeq(ISN + ((flags & MBX_SYN) ? 0 : 1));
    segment.SetFlags(flags);
    segment.payload = Create<Packet>(payloadBytes);
    return segment;
}

/** A box without a link: what goes in and what comes out. */
class Bench
{
  public:
    explicit Bench(Ptr<MptcpMiddlebox> box) //!< @param box to test
        : m_box(box)
    {
        box->AssignStreams(100);
        box->SetOutput([this](const Segment& segment, Direction) { m_out.push_back(segment); });
    }

    ~Bench()
    {
        m_box->Dispose();
        Simulator::Destroy();
    }

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /** @param segment to send through the box @param direction which way @return what came out at once */
    std::vector<Segment> Send(Segment segment, Direction direction)
    {
        m_out.clear();
        m_box->Process(segment, direction);
        return m_out;
    }

  private:
    Ptr<MptcpMiddlebox> m_box;  //!< to test
    std::vector<Segment> m_out; //!< what came out
};

/** Do something at a time. @param seconds when @param action what */
template <typename T>
void
At(double seconds, T action)
{
    Simulator::Schedule(Seconds(seconds), action);
}

void
RunAll()
{
    Simulator::Run();
    Simulator::Destroy();
}

/** How long a connection is remembered after segments of some kinds. */
class LifeTestCase : public TestCase
{
  public:
    /** @param name of the case @param segments that pass at the beginning @param seconds for which they are remembered */
    LifeTestCase(const std::string& name, const std::vector<std::pair<Direction, uint8_t>>& segments, int64_t seconds)
        : TestCase(name),
          m_segments(segments),
          m_seconds(seconds)
    {
    }

  private:
    void DoRun() override
    {
        for (const int64_t late : {0, 1})
        {
            MptcpFlowTable<int> table;
            for (const auto& [direction, flags] : m_segments)
            {
                *table.Open(MakeSegment(direction, flags), direction) = 5;
            }
            At(static_cast<double>(m_seconds + late), [&]() {
                const int* state = table.Find(MakeSegment(DOWN, MBX_ACK), DOWN);
                NS_TEST_EXPECT_MSG_EQ((state != nullptr), (late == 0), "after " << m_seconds + late << " s");
                NS_TEST_EXPECT_MSG_EQ((state ? *state : 5), 5, "it is the connection's");
            });
            RunAll();
        }
    }

    std::vector<std::pair<Direction, uint8_t>> m_segments; //!< that pass at the beginning
    int64_t m_seconds;                                     //!< for which they are remembered
};

/** A table takes so many connections, and more when some are over. */
class FullTableTestCase : public TestCase
{
  public:
    FullTableTestCase()
        : TestCase("table_takes_a_limited_number_of_connections_and_forgets_those_that_are_over")
    {
    }

  private:
    void DoRun() override
    {
        using Table = MptcpFlowTable<int>;
        Table table;
        const auto open = [&](uint32_t connection) {
            return table.Open(MakeSegment(UP, MBX_SYN, connection), UP) != nullptr;
        };
        for (uint32_t i = 0; i < Table::FLOWS_MAX - 1; i++)
        {
            open(i);
        }
        NS_TEST_EXPECT_MSG_EQ(table.GetSize(), Table::FLOWS_MAX - 1, "all have room");
        NS_TEST_EXPECT_MSG_EQ(open(Table::FLOWS_MAX), true, "the last one");
        NS_TEST_EXPECT_MSG_EQ(open(Table::FLOWS_MAX + 1), false, "one too many");
        NS_TEST_EXPECT_MSG_EQ(open(0), true, "one that is known");
        At(TRANSITORY_SECONDS, [&]() { open(0); });
        At(TRANSITORY_SECONDS + 1, [&]() {
            NS_TEST_EXPECT_MSG_EQ(open(Table::FLOWS_MAX + 1), true, "those before are over");
            NS_TEST_EXPECT_MSG_EQ(table.GetSize(), 2, "and forgotten, but for the one that was used");
        });
        RunAll();
    }
};

/** Boxes that keep a number of each connection leave alone what they have forgotten. */
class ForgottenTestCase : public TestCase
{
  public:
    ForgottenTestCase()
        : TestCase("rewriters_leave_alone_what_comes_after_the_end_of_a_connection")
    {
    }

  private:
    void DoRun() override
    {
        Ptr<MptcpPayloadRewriter> editor = CreateObject<MptcpPayloadRewriter>();
        for (const Ptr<MptcpMiddlebox>& box :
             {Ptr<MptcpMiddlebox>(CreateObject<MptcpSequenceRewriter>()), Ptr<MptcpMiddlebox>(editor)})
        {
            Bench bench(box);
            bench.Send(MakeSegment(UP, MBX_SYN), UP);
            bench.Send(MakeSegment(DOWN, MBX_SYN | MBX_ACK), DOWN);
            const Segment data = MakeSegment(UP, MBX_ACK, 7000, 10);
            NS_TEST_EXPECT_MSG_EQ(IsLeftAlone(bench.Send(data, UP)), false, "an open connection's is rewritten");
            bench.Send(MakeSegment(UP, MBX_RST), UP);
            At(TRANSITORY_SECONDS, [&]() {
                NS_TEST_EXPECT_MSG_EQ(IsLeftAlone(bench.Send(MakeSegment(UP, MBX_RST | MBX_ACK, 7000, 10), UP)),
                                      false,
                                      "still");
            });
            At(2 * TRANSITORY_SECONDS + 1,
               [&]() { NS_TEST_EXPECT_MSG_EQ(IsLeftAlone(bench.Send(data, UP)), true, "not any more"); });
            RunAll();
        }
    }

    /** @param out what came out @return whether it is what went in */
    static bool IsLeftAlone(const std::vector<Segment>& out)
    {
        return out.size() == 1 && out[0].GetSeq() == ISN + 1 && out[0].GetPayloadBytes() == 10;
    }
};

/** A reset injector counts a connection's bytes from its SYN. */
class CountTestCase : public TestCase
{
  public:
    CountTestCase()
        : TestCase("bytes_until_a_reset_are_counted_from_the_syn")
    {
    }

  private:
    void DoRun() override
    {
        Ptr<MptcpResetInjector> box = CreateObject<MptcpResetInjector>();
        box->SetAttribute("AfterBytes", UintegerValue(20));
        Bench bench(box);
        const Segment data = MakeSegment(UP, MBX_ACK, 7000, 10);
        for (int round = 0; round < 2; round++)
        {
            bench.Send(MakeSegment(UP, MBX_SYN), UP);
            NS_TEST_EXPECT_MSG_EQ(bench.Send(data, UP).size(), 1, "too few bytes");
            const auto struck = bench.Send(data, UP);
            NS_TEST_EXPECT_MSG_EQ(struck.size(), 3, "the segment and two resets");
            if (struck.size() != 3)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(struck[0].HasFlags(MBX_RST), false, "the segment is first");
            NS_TEST_EXPECT_MSG_EQ(struck[1].GetSeq(), ISN + 11, "a reset behind it");
            NS_TEST_EXPECT_MSG_EQ(struck[2].ipv4.GetDestination(), data.ipv4.GetSource(), "another to its sender");
        }
    }
};

/** What makes an entry of a NAT and what it lets pass without one. */
class NatEntryTestCase : public TestCase
{
  public:
    NatEntryTestCase()
        : TestCase("nat_makes_entries_for_syns_from_inside_and_forgets_them")
    {
    }

  private:
    void DoRun() override
    {
        Ptr<MptcpNat> nat = CreateObject<MptcpNat>();
        nat->SetAttribute("Address", Ipv4AddressValue("10.1.0.99"));
        Bench bench(nat);
        NS_TEST_EXPECT_MSG_EQ(bench.Send(MakeSegment(DOWN, MBX_SYN), DOWN).size(), 0, "a SYN from outside");
        NS_TEST_EXPECT_MSG_EQ(bench.Send(MakeSegment(UP, MBX_ACK), UP).size(), 0, "no SYN");
        NS_TEST_EXPECT_MSG_EQ(bench.Send(MakeSegment(UP, MBX_SYN | MBX_ACK), UP).size(), 0, "an answer to no SYN");
        NS_TEST_EXPECT_MSG_EQ(nat->GetEntryCount(), 0, "none of them is a connection");
        Segment overIpv6 = MakeSegment(UP, MBX_ACK);
        overIpv6.isIpv6 = true;
        NS_TEST_EXPECT_MSG_EQ(bench.Send(overIpv6, UP).size(), 1, "IPv6 passes");

        const auto syn = bench.Send(MakeSegment(UP, MBX_SYN), UP);
        NS_TEST_EXPECT_MSG_EQ(syn.size(), 1, "a SYN from inside");
        if (syn.size() != 1)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(syn[0].ipv4.GetSource(), Ipv4Address("10.1.0.99"), "in the NAT's name");
        const uint16_t port = mbx_get16(syn[0].tcp.bytes + MBX_AT_SOURCE_PORT);
        Segment answer = MakeSegment(DOWN, MBX_SYN | MBX_ACK, port);
        answer.ipv4.SetDestination("10.1.0.99");
        const auto down = bench.Send(answer, DOWN);
        NS_TEST_EXPECT_MSG_EQ(down.size(), 1, "its answer");
        if (down.size() != 1)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(mbx_get16(down[0].tcp.bytes + MBX_AT_DESTINATION_PORT), 7000, "to the host's port");
        answer.ipv4.SetSource("10.9.1.2");
        NS_TEST_EXPECT_MSG_EQ(bench.Send(answer, DOWN).size(), 0, "somebody else's");
        At(TRANSITORY_SECONDS, [&]() { NS_TEST_EXPECT_MSG_EQ(nat->GetEntryCount(), 1, "remembered"); });
        At(TRANSITORY_SECONDS + 1, [&]() { NS_TEST_EXPECT_MSG_EQ(nat->GetEntryCount(), 0, "forgotten"); });
        RunAll();
    }
};

/** A NAT has as many entries as ports. */
class NatPortsTestCase : public TestCase
{
  public:
    NatPortsTestCase()
        : TestCase("nat_without_a_free_port_drops_new_connections")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t PORTS = 65536 - 1024;
        Ptr<MptcpNat> nat = CreateObject<MptcpNat>();
        Bench bench(nat);
        uint32_t passed = 0;
        for (uint32_t i = 0; i < PORTS; i++)
        {
            passed += bench.Send(MakeSegment(UP, MBX_SYN, i), UP).size() == 1 ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ(passed, PORTS, "a port for each connection");
        NS_TEST_EXPECT_MSG_EQ(bench.Send(MakeSegment(UP, MBX_SYN, PORTS), UP).size(), 0, "none is left");
        At(TRANSITORY_SECONDS + 1, [&]() {
            NS_TEST_EXPECT_MSG_EQ(bench.Send(MakeSegment(UP, MBX_SYN, PORTS), UP).size(), 1, "all are free again");
        });
        RunAll();
    }
};

/** Congestion that was marked between two segments must not get lost (RFC 3168 5.3). */
class CoalescerTestCase : public TestCase
{
  public:
    CoalescerTestCase()
        : TestCase("segments_of_different_ecn_fields_are_not_merged")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint8_t CE = 3;
        Bench bench(CreateObject<MptcpSegmentCoalescer>());
        Segment first = MakeSegment(UP, MBX_ACK, 7000, 10);
        Segment second = first;
        second.SetSeq(first.GetSeq() + 10);
        NS_TEST_EXPECT_MSG_EQ(bench.Send(first, UP).size(), 0, "it waits");
        NS_TEST_EXPECT_MSG_EQ(bench.Send(second, UP).size(), 0, "it is merged");
        Segment marked = first;
        marked.SetSeq(second.GetSeq() + 10);
        marked.ipv4.SetTos(CE);
        const auto merged = bench.Send(marked, UP);
        NS_TEST_EXPECT_MSG_EQ(merged.size(), 1, "what waited goes");
        if (merged.size() != 1)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(merged[0].GetPayloadBytes(), 20, "as one");
        NS_TEST_EXPECT_MSG_EQ(merged[0].GetTos(), 0, "without the mark");
        second = marked;
        second.SetSeq(marked.GetSeq() + 10);
        NS_TEST_EXPECT_MSG_EQ(bench.Send(second, UP).size(), 0, "both are marked");
        const auto both = bench.Send(MakeSegment(UP, MBX_FIN | MBX_ACK), UP);
        NS_TEST_EXPECT_MSG_EQ(both.size(), 2, "in order before a FIN");
        if (both.size() != 2)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(both[0].GetPayloadBytes(), 20, "as one");
        NS_TEST_EXPECT_MSG_EQ(both[0].GetTos(), CE, "with the mark");
    }
};

/** Boxes on their own. */
class SingleBoxTestSuite : public Suite
{
  public:
    SingleBoxTestSuite()
        : Suite("mptcp-single-box", TestSuite::Type::UNIT)
    {
        constexpr uint8_t SYN_ACK = MBX_SYN | MBX_ACK;
        constexpr uint8_t FIN_ACK = MBX_FIN | MBX_ACK;
        const std::vector<std::pair<Direction, uint8_t>> open{{UP, MBX_SYN}, {DOWN, SYN_ACK}, {UP, MBX_ACK}};
        const auto add = [&](const std::string& name,
                             std::vector<std::pair<Direction, uint8_t>> segments,
                             int64_t seconds) { AddTestCase(new LifeTestCase(name, segments, seconds)); };
        const auto then = [&](std::vector<std::pair<Direction, uint8_t>> more) {
            more.insert(more.begin(), open.begin(), open.end());
            return more;
        };
        add("open_connection_is_remembered_for_two_hours", open, IDLE_SECONDS);
        add("half_open_connection_is_soon_forgotten", {{UP, MBX_SYN}, {DOWN, SYN_ACK}}, TRANSITORY_SECONDS);
        add("half_closed_connection_is_remembered", then({{UP, FIN_ACK}, {DOWN, MBX_ACK}}), IDLE_SECONDS);
        add("closed_connection_is_soon_forgotten",
            then({{UP, FIN_ACK}, {DOWN, FIN_ACK}, {UP, MBX_ACK}}),
            TRANSITORY_SECONDS);
        add("reset_connection_is_soon_forgotten", then({{DOWN, MBX_RST}}), TRANSITORY_SECONDS);
        add("reset_that_was_not_believed_ends_nothing", then({{DOWN, MBX_RST}, {UP, MBX_ACK}}), IDLE_SECONDS);
        add("new_connection_between_the_same_ports_is_remembered",
            then({{UP, FIN_ACK}, {DOWN, FIN_ACK}, {UP, MBX_SYN}, {DOWN, SYN_ACK}, {UP, MBX_ACK}}),
            IDLE_SECONDS);
        AddTestCase(new FullTableTestCase);
        AddTestCase(new ForgottenTestCase);
        AddTestCase(new CountTestCase);
        AddTestCase(new NatEntryTestCase);
        AddTestCase(new NatPortsTestCase);
        AddTestCase(new CoalescerTestCase);
    }
};

SingleBoxTestSuite g_singleBoxTestSuite; //!< registers itself

} // namespace
