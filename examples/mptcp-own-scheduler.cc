/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A scheduler of one's own: Wi-Fi is free, LTE costs money, so LTE carries data only while more waits than Wi-Fi carries
 * away in the time Patience. The application wants 6 Mb/s, from 5 s to 10 s 14 Mb/s.
 *
 *     phone 10.1.1.1 ---- "Wi-Fi", 10 Mb/s, 10 ms ---- 10.1.1.2 server
 *           10.1.2.1 ---- "LTE",   10 Mb/s, 40 ms ---- 10.1.2.2
 *
 *     mptcp-own-scheduler --scheduler="ns3::CheapFirst[Patience=50ms]"
 *     mptcp-own-scheduler --scheduler=roundrobin
 *
 * Prints what each path carried in each half second (Mb/s), and the part of LTE.
 */

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <map>

using namespace ns3;

namespace
{

/** The first subflow carries all, unless too much waits for it. */
class CheapFirst : public MptcpScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::CheapFirst")
                                .SetParent<MptcpScheduler>()
                                .AddConstructor<CheapFirst>()
                                .AddAttribute("Patience",
                                              "Data may wait for the first subflow so long",
                                              TimeValue(MilliSeconds(200)),
                                              MakeTimeAccessor(&CheapFirst::m_patience),
                                              MakeTimeChecker());
        return tid;
    }

    mpt_sched_choice Next(const mpt_sched_view& view) override
    {
        for (uint32_t i = 0; i < view.count; i++)
        {
            const mpt_sched_path path = mpt_sched_look(&view, i);
            if (path.id == 0 && path.has_room)
            {
                return mpt_sched_new(&view, i);
            }
            const double waiting = static_cast<double>(view.snd_written - view.snd_nxt);
            if (path.id == 0 && waiting < m_patience.GetSeconds() * static_cast<double>(path.rate_bytes_per_s))
            {
                return mpt_sched_wait(MPT_NEVER); // the next acknowledgement makes room
            }
        }
        uint32_t other = 0;
        while (!mpt_sched_has_room(&view, other))
        {
            other++; // one has room, or nobody would ask
        }
        return mpt_sched_new(&view, other);
    }

    bool TakesNoCopies() const override
    {
        return true; // nor does LTE repeat what Wi-Fi carries
    }

  private:
    Time m_patience; //!< Attribute Patience
};

NS_OBJECT_ENSURE_REGISTERED(CheapFirst);

std::map<Ipv4Address, uint64_t> g_carried; //!< bytes by the phone's address

/** Print what each path carried since the last call. @param sender the phone's application */
void
Report(Ptr<OnOffApplication> sender)
{
    std::cout << Simulator::Now().GetSeconds();
    for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(sender->GetSocket())->GetSubflows())
    {
        uint64_t& carried = g_carried[InetSocketAddress::ConvertFrom(subflow.local).GetIpv4()];
        std::cout << " " << static_cast<double>(subflow.bytesAcked - carried) * 8 / 0.5e6;
        carried = subflow.bytesAcked;
    }
    std::cout << "\n";
    Simulator::Schedule(Seconds(0.5), &Report, sender);
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string scheduler = "ns3::CheapFirst";
    CommandLine cmd(__FILE__);
    cmd.AddValue("scheduler", "ns3::CheapFirst, with or without [Patience=...], or one that ships", scheduler);
    cmd.Parse(argc, argv);

    Config::SetDefault("ns3::MptcpSocket::Scheduler", StringValue(scheduler));
    NodeContainer nodes(2);
    MptcpHelper().Install(nodes);
    MptcpHelper::AssignStreams(nodes, 1);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    const Ipv4InterfaceContainer wifi = Ipv4AddressHelper("10.1.1.0", "255.255.255.0").Assign(link.Install(nodes));
    link.SetChannelAttribute("Delay", StringValue("40ms"));
    const NetDeviceContainer lte = link.Install(nodes);
    Ipv4AddressHelper("10.1.2.0", "255.255.255.0").Assign(lte);
    MptcpHelper::GetMptcp(nodes.Get(1))->SetSignal(lte.Get(1), true);

    PacketSinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 5000)).Install(nodes.Get(1));
    OnOffHelper helper("ns3::TcpSocketFactory", InetSocketAddress(wifi.GetAddress(1), 5000));
    helper.SetConstantRate(DataRate("6Mbps"), 1000);
    Ptr<OnOffApplication> sender = DynamicCast<OnOffApplication>(helper.Install(nodes.Get(0)).Get(0));
    const auto want = [sender](const std::string& rate) { sender->SetAttribute("DataRate", StringValue(rate)); };
    Simulator::Schedule(Seconds(5), [=]() { want("14Mbps"); });
    Simulator::Schedule(Seconds(10), [=]() { want("6Mbps"); });
    Simulator::Schedule(Seconds(0.5), &Report, sender);
    Simulator::Stop(Seconds(15.1));
    Simulator::Run();
    Simulator::Destroy();
    const uint64_t cheap = g_carried["10.1.1.1"];
    const uint64_t dear = g_carried["10.1.2.1"];
    std::cout << "LTE carried " << 100 * dear / (cheap + dear) << " % of " << (cheap + dear) / 1000000 << " MB\n";
    return cheap + dear > 14000000 ? 0 : 1;
}
