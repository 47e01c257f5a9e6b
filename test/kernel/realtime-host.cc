/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * An ns-3 host with MPTCP that talks in real time to whatever is behind two taps, such as the Linux kernel.
 *
 *     host 10.1.0.2 -- 10 Mb/s, 10 ms -- 10.1.0.1 gateway 10.1.1.1 -- tap -- 10.1.1.2 the other host
 *          10.2.0.2 --  5 Mb/s, 25 ms -- 10.2.0.1 gateway 10.2.1.1 -- tap -- 10.2.1.2
 *
 * Opens the taps inside a network namespace, connects to 10.1.1.2 (or waits for a connection on 10.1.0.2 and announces
 * 10.2.0.2), sends known bytes and compares those that it receives. Prints one line of results, `key=value`, with how far
 * the simulation was behind the clock. Exit status: 0 all bytes arrived, were right and the connection closed; 1 not so;
 * 77 not so, and the machine was too slow for that to mean anything.
 */

#include "../ns3/mptcp-test-net.h"

#include "ns3/fd-net-device.h"
#include "ns3/realtime-simulator-impl.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace ns3;

namespace
{

constexpr int EXIT_INCONCLUSIVE = 77;
constexpr uint16_t PORT = 5001;

/** Go to a network namespace. @param file that stands for it */
void
EnterNamespace(const std::string& file)
{
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    NS_ABORT_MSG_IF(fd < 0 || setns(fd, CLONE_NEWNET) < 0, file << ": " << std::strerror(errno));
    close(fd);
}

/** @param name of the interface, made where there is none @return its file descriptor */
int
OpenTap(const std::string& name)
{
    const int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    NS_ABORT_MSG_IF(fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0, "tap " << name << ": " << std::strerror(errno));
    return fd;
}

/** How late events of the simulation are, looked at every millisecond. */
class LagMeter
{
  public:
    void Look() //!< Note the lag and look again later
    {
        auto simulator = DynamicCast<RealtimeSimulatorImpl>(Simulator::GetImplementation());
        m_lags.push_back((simulator->RealtimeNow() - Simulator::Now()).GetMicroSeconds());
        Simulator::Schedule(MilliSeconds(1), &LagMeter::Look, this);
    }

    /** @param quantile 0 to 1 @return microseconds */
    int64_t GetQuantile(double quantile)
    {
        std::sort(m_lags.begin(), m_lags.end());
        return m_lags.at(static_cast<std::size_t>(quantile * static_cast<double>(m_lags.size() - 1)));
    }

  private:
    std::vector<int64_t> m_lags; //!< microseconds
};

/** Join the host to a tap: a link to a gateway, which has the tap as its other interface. @return the host's device */
Ptr<NetDevice>
AddPath(Ptr<Node> host, int tap, uint32_t number, const std::string& rate, const std::string& delay)
{
    const std::string net = "10." + std::to_string(number);
    Ptr<Node> gateway = CreateObject<Node>();
    InternetStackHelper().Install(gateway);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", StringValue(delay));
    NetDeviceContainer devices = link.Install(host, gateway);
    Ptr<FdNetDevice> device = CreateObject<FdNetDevice>();
    device->SetAddress(Mac48Address::Allocate());
    device->SetEncapsulationMode(FdNetDevice::DIX);
    gateway->AddDevice(device);
    device->SetFileDescriptor(tap);

    Ipv4AddressHelper addresses((net + ".0.0").c_str(), "255.255.255.0", "0.0.0.2");
    addresses.Assign(NetDeviceContainer(devices.Get(0)));
    addresses.SetBase((net + ".0.0").c_str(), "255.255.255.0", "0.0.0.1");
    addresses.Assign(NetDeviceContainer(devices.Get(1)));
    addresses.SetBase((net + ".1.0").c_str(), "255.255.255.0", "0.0.0.1");
    addresses.Assign(NetDeviceContainer(device));
    MptcpHelper::AddDefaultRoute(devices.Get(0), Ipv4Address((net + ".0.1").c_str()));
    return devices.Get(0);
}

/** @param end of the connection @param bytes each way @return whether it did what it should */
bool
IsGood(const mptcptest::Peer& end, uint64_t bytes)
{
    return end.sent == bytes && end.received == bytes && end.mismatches == 0 && end.normalCloses == 1 &&
           end.errorCloses + end.failed == 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string netns;
    std::string taps = "k1,k2";
    uint64_t bytes = 5000000;
    bool isServer = false;
    Time timeout = Seconds(60);
    int64_t lagMaxUs = 2000;
    CommandLine cmd(__FILE__);
    cmd.AddValue("netns", "network namespace with the taps", netns);
    cmd.AddValue("taps", "names of the two taps", taps);
    cmd.AddValue("bytes", "bytes in each direction", bytes);
    cmd.AddValue("server", "wait for a connection", isServer);
    cmd.AddValue("timeout", "give up after this long", timeout);
    cmd.AddValue("lag-max-us", "99th percentile of the lag beyond which the result means nothing (us)", lagMaxUs);
    cmd.Parse(argc, argv);

    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    mlockall(MCL_CURRENT | MCL_FUTURE);
    EnterNamespace("/var/run/netns/" + netns);
    const std::size_t comma = taps.find(',');
    NS_ABORT_MSG_IF(comma == std::string::npos, "--taps=" << taps << ": expected two names with a comma between");

    Ptr<Node> host = CreateObject<Node>();
    MptcpHelper().Install(host);
    AddPath(host, OpenTap(taps.substr(0, comma)), 1, "10Mbps", "10ms");
    Ptr<NetDevice> second = AddPath(host, OpenTap(taps.substr(comma + 1)), 2, "5Mbps", "25ms");
    MptcpHelper::GetMptcp(host)->SetSignal(second, isServer);

    mptcptest::Peer end(isServer ? 2 : 1, bytes, isServer ? 1 : 2);
    Ptr<Socket> socket = mptcptest::MakeSocket(host);
    if (isServer)
    {
        end.Listen(socket, InetSocketAddress(Ipv4Address::GetAny(), PORT));
    }
    else
    {
        end.Connect(socket, InetSocketAddress("10.1.1.2", PORT));
    }
    LagMeter lag;
    Simulator::ScheduleNow(&LagMeter::Look, &lag);
    // The peer's end does not say that it has got all of ours: until nothing was sent for longer than a timeout takes.
    uint64_t segmentsSent = 0;
    Time sentAt;
    std::function<void()> poll = [&]() {
        const uint64_t count = MptcpHelper::GetMptcp(host)->GetCounters().at("OutSegs");
        if (count != segmentsSent)
        {
            segmentsSent = count;
            sentAt = Simulator::Now();
        }
        if (end.normalCloses + end.errorCloses + end.failed > 0 && Simulator::Now() - sentAt > Seconds(1))
        {
            Simulator::Stop();
            return;
        }
        Simulator::Schedule(MilliSeconds(20), poll);
    };
    Simulator::Schedule(MilliSeconds(20), poll);
    std::cout << "ready" << std::endl;
    Simulator::Stop(timeout);
    Simulator::Run();

    const int64_t lagP99Us = lag.GetQuantile(0.99);
    std::cout << "written=" << end.sent << " read=" << end.received << " wrong_bytes=" << end.mismatches
              << " closed=" << end.normalCloses << " broken=" << end.errorCloses + end.failed
              << " seconds=" << Simulator::Now().GetSeconds() << " lag_p99_us=" << lagP99Us;
    for (const auto& [name, count] : MptcpHelper::GetMptcp(host)->GetCounters())
    {
        if (count > 0)
        {
            std::cout << ' ' << name << '=' << count;
        }
    }
    std::cout << std::endl;
    const bool isGood = IsGood(end, bytes);
    Simulator::Destroy();
    return lagP99Us > lagMaxUs ? EXIT_INCONCLUSIVE : isGood ? 0 : 1;
}
