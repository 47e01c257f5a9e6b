/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * The queues of the link engine (experiments/link) beside ns-3's of the same name: recorded arrivals (arrivals.csv: what a
 * server sent to three hosts behind one bottleneck, by MPTCP with ECN, TCP and the acknowledgements of an upload) go into
 * both, packets are taken out of both at the same times, and the same must come out, with the same marks.
 */

#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/traffic-control-module.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

extern "C"
{
#include "codel.h"
#include "queue.h"
#include "red.h"
}

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

constexpr uint64_t SEED = 7;
constexpr int64_t STREAM = 1000003;
constexpr uint64_t RATE_BPS = 12000000;
constexpr uint32_t TCP_BYTES = 20;

/** A packet that arrives. */
struct Arrival
{
    int64_t timeNs;
    uint32_t host, sourcePort, destinationPort, ipBytes, ecn;
};

/** A packet that comes out. */
struct Departure
{
    int64_t timeNs;
    uint64_t number; //!< of the arrival
    bool isMarked;   //!< as having met congestion

    bool operator==(const Departure& other) const
    {
        return timeNs == other.timeNs && number == other.number && isMarked == other.isMarked;
    }
};

std::vector<Arrival>
ReadArrivals(const std::string& file)
{
    std::vector<Arrival> all;
    std::ifstream in(file);
    std::string head;
    std::getline(in, head);
    Arrival a;
    for (char comma; in >> a.timeNs >> comma >> a.host >> comma >> a.sourcePort >> comma >> a.destinationPort >>
                     comma >> a.ipBytes >> comma >> a.ecn;)
    {
        all.push_back(a);
    }
    return all;
}

/** Let packets arrive, and be asked for every so often; until the last one has come. */
void
Play(const std::vector<Arrival>& arrivals,
     int64_t serviceNs,
     const std::function<void(uint64_t)>& put,
     const std::function<void()>& take)
{
    for (uint64_t i = 0; i < arrivals.size(); i++)
    {
        Simulator::Schedule(NanoSeconds(arrivals[i].timeNs), [&put, i]() { put(i); });
    }
    for (int64_t time = serviceNs / 2; time < arrivals.back().timeNs; time += serviceNs)
    {
        Simulator::Schedule(NanoSeconds(time), [&take]() { take(); });
    }
    Simulator::Run();
    Simulator::Destroy();
}

std::vector<Departure>
PlayNs3(const std::vector<Arrival>& arrivals, int64_t serviceNs, Ptr<QueueDisc> disc)
{
    std::vector<Departure> out;
    std::map<uint64_t, uint64_t> numberOfUid;
    disc->Initialize();
    const auto put = [&](uint64_t number) {
        const Arrival& a = arrivals[number];
        TcpHeader tcp;
        tcp.SetSourcePort(uint16_t(a.sourcePort));
        tcp.SetDestinationPort(uint16_t(a.destinationPort));
        Ipv4Header ip;
        ip.SetSource("192.168.3.1");
        ip.SetDestination(Ipv4Address(0xc0a80100 + a.host));
        ip.SetProtocol(TcpL4Protocol::PROT_NUMBER);
        ip.SetEcn(Ipv4Header::EcnType(a.ecn));
        auto packet = Create<Packet>(a.ipBytes - ip.GetSerializedSize() - TCP_BYTES);
        packet->AddHeader(tcp);
        ip.SetPayloadSize(uint16_t(packet->GetSize()));
        numberOfUid[packet->GetUid()] = number;
        disc->Enqueue(Create<Ipv4QueueDiscItem>(packet, Address(), Ipv4L3Protocol::PROT_NUMBER, ip));
    };
    const auto take = [&]() {
        if (auto item = DynamicCast<Ipv4QueueDiscItem>(disc->Dequeue()))
        {
            out.push_back({Simulator::Now().GetNanoSeconds(),
                           numberOfUid.at(item->GetPacket()->GetUid()),
                           item->GetHeader().GetEcn() == Ipv4Header::ECN_CE});
        }
    };
    Play(arrivals, serviceNs, put, take);
    return out;
}

std::vector<Departure>
PlayOurs(const std::vector<Arrival>& arrivals, int64_t serviceNs, queue* q)
{
    std::vector<Departure> out;
    packet_pool pool{};
    q->pool = &pool;
    const auto put = [&](uint64_t number) {
        const Arrival& a = arrivals[number];
        packet* p = packet_new(&pool);
        p->segment = {};
        p->segment.source = {4, {192, 168, 3, 1}};
        p->segment.destination = {4, {192, 168, 1, uint8_t(a.host)}};
        p->segment.header[0] = uint8_t(a.sourcePort >> 8);
        p->segment.header[1] = uint8_t(a.sourcePort);
        p->segment.header[2] = uint8_t(a.destinationPort >> 8);
        p->segment.header[3] = uint8_t(a.destinationPort);
        p->segment.ecn = uint8_t(a.ecn);
        p->ip_bytes = a.ipBytes;
        p->number = number;
        queue_put(q, p, Simulator::Now().GetNanoSeconds());
    };
    const auto take = [&]() {
        if (packet* p = queue_take(q, Simulator::Now().GetNanoSeconds()))
        {
            out.push_back({Simulator::Now().GetNanoSeconds(), p->number, p->segment.ecn == 3});
            packet_drop(&pool, p);
        }
    };
    Play(arrivals, serviceNs, put, take);
    queue_free(q);
    packet_pool_free(&pool);
    return out;
}

class QueueTestCase : public TestCase
{
  public:
    QueueTestCase(queue_kind kind, bool isMarking, int64_t serviceNs)
        : TestCase(std::string(NameOf(kind)) + (isMarking ? "_marks" : "_drops") + "_the_same_packets_at_" +
                   std::to_string(serviceNs) + "_ns_each"),
          m_kind(kind),
          m_isMarking(isMarking),
          m_serviceNs(serviceNs)
    {
    }

  private:
    static constexpr uint32_t LIMIT_PACKETS = 300;
    static constexpr double RED_MIN = 5, RED_MAX = 15, RED_PROBABILITY = 0.1;

    static const char* NameOf(queue_kind kind)
    {
        return kind == QUEUE_RED ? "red" : kind == QUEUE_CODEL ? "codel" : "fq_codel";
    }

    Ptr<QueueDisc> MakeNs3() const
    {
        ObjectFactory factory(m_kind == QUEUE_RED     ? "ns3::RedQueueDisc"
                              : m_kind == QUEUE_CODEL ? "ns3::CoDelQueueDisc"
                                                      : "ns3::FqCoDelQueueDisc");
        factory.Set("MaxSize", QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, LIMIT_PACKETS)));
        factory.Set("UseEcn", BooleanValue(m_isMarking));
        if (m_kind == QUEUE_RED)
        {
            factory.Set("MinTh", DoubleValue(RED_MIN));
            factory.Set("MaxTh", DoubleValue(RED_MAX));
            factory.Set("LInterm", DoubleValue(1 / RED_PROBABILITY));
            factory.Set("MeanPktSize", UintegerValue(1500));
            factory.Set("LinkBandwidth", DataRateValue(DataRate(RATE_BPS)));
            factory.Set("UseHardDrop", BooleanValue(!m_isMarking));
        }
        auto disc = factory.Create<QueueDisc>();
        if (auto red = DynamicCast<RedQueueDisc>(disc))
        {
            red->AssignStreams(STREAM);
        }
        if (auto fqCoDel = DynamicCast<FqCoDelQueueDisc>(disc))
        {
            fqCoDel->SetQuantum(1500); // it would ask the device that it does not have here
        }
        return disc;
    }

    queue MakeOurs() const
    {
        queue q{};
        q.kind = m_kind;
        q.limit_packets = LIMIT_PACKETS;
        q.is_marking = m_isMarking;
        if (m_kind == QUEUE_RED)
        {
            q.of.red = static_cast<red*>(calloc(1, sizeof(red)));
            q.of.red->min_packets = RED_MIN;
            q.of.red->max_packets = RED_MAX;
            q.of.red->probability_max = RED_PROBABILITY;
            red_init(q.of.red, RATE_BPS, 1500);
            rng_init(&q.of.red->rng, STREAM, SEED);
        }
        if (m_kind == QUEUE_CODEL)
        {
            q.of.codel = static_cast<codel*>(calloc(1, sizeof(codel)));
            codel_init(q.of.codel, m_isMarking);
        }
        return q;
    }

    void DoRun() override
    {
        const auto arrivals = ReadArrivals("test/ns3/arrivals.csv");
        NS_TEST_ASSERT_MSG_GT(arrivals.size(), 2000, "arrivals were read");
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(SEED);
        const auto theirs = PlayNs3(arrivals, m_serviceNs, MakeNs3());
        queue q = MakeOurs();
        const auto ours = PlayOurs(arrivals, m_serviceNs, &q);
        size_t first = 0;
        while (first < theirs.size() && first < ours.size() && theirs[first] == ours[first])
        {
            first++;
        }
        NS_TEST_ASSERT_MSG_EQ(first, theirs.size(), "departures that are alike");
        NS_TEST_ASSERT_MSG_EQ(ours.size(), theirs.size(), "as many of them");
        const uint64_t acted = q.marked + q.dropped;
        NS_TEST_ASSERT_MSG_GT(acted, 10, "the discipline had something to do");
    }

    queue_kind m_kind;
    bool m_isMarking;
    int64_t m_serviceNs;
};

/** All disciplines, with less and with more to do than they can. */
class QueueTestSuite : public Suite
{
  public:
    QueueTestSuite()
        : Suite("mptcp-queue", TestSuite::Type::UNIT)
    {
        for (const queue_kind kind : {QUEUE_RED, QUEUE_CODEL, QUEUE_FQ_CODEL})
        {
            for (const bool isMarking : {false, true})
            {
                for (const int64_t serviceNs : {1000003, 1400009})
                {
                    AddTestCase(new QueueTestCase(kind, isMarking, serviceNs));
                }
            }
        }
    }
};

QueueTestSuite g_queueTestSuite; //!< registers itself

} // namespace
