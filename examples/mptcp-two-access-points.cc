/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * A phone with two Wi-Fi interfaces walks from one access point to another, on a radio channel each; a download goes on
 * over whichever is in reach.
 *
 *     phone ~~~ access point at 0 m ---- core ---- server
 *           ~~~ access point at 50 m ----
 *
 * Prints, each second, where the phone is, which access points it is associated with, and the goodput.
 */

#include "ns3/constant-velocity-mobility-model.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/** What is printed of. */
struct Walk
{
    Ptr<ConstantVelocityMobilityModel> position; //!< of the phone
    Ptr<MptcpSocket> socket;                     //!< of the phone
    std::vector<Ptr<MptcpPathWifi>> paths;       //!< to the access points
    uint64_t bytes{0};                           //!< received when Print() was called last
};

/** Print what there is now, and again in a second. */
void
Print(Walk* walk)
{
    std::cout << Simulator::Now().As(Time::S) << " at " << walk->position->GetPosition().x << " m, in reach of";
    for (std::size_t i = 0; i < walk->paths.size(); i++)
    {
        std::cout << (walk->paths[i]->IsInRange(0) ? " ap" + std::to_string(i + 1) : "");
    }
    const uint64_t bytes = walk->socket->GetConnectionInfo().bytesReceived;
    std::cout << ": " << static_cast<double>(bytes - walk->bytes) * 8 / 1e6 << " Mb/s\n";
    walk->bytes = bytes;
    Simulator::Schedule(Seconds(1), &Print, walk);
}

} // namespace

int
main(int argc, char* argv[])
{
    Time duration = Seconds(30);
    double speed = 2;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "of the walk", duration);
    cmd.AddValue("speed", "of the phone (m/s)", speed);
    cmd.Parse(argc, argv);

    NodeContainer hosts(2); // phone, server
    MptcpHelper mptcp;
    mptcp.GetInternetStack().SetIpv6StackInstall(false);
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 1);
    Walk walk;
    walk.position = CreateObject<ConstantVelocityMobilityModel>();
    hosts.Get(0)->AggregateObject(walk.position);
    walk.position->SetVelocity(Vector(speed, 0, 0));

    Ptr<Node> core = MptcpPath::CreateRouter();
    for (uint8_t i = 0; i < 2; i++)
    {
        Ptr<MptcpPathWifi> path = CreateObject<MptcpPathWifi>();
        path->SetAttribute("Position", VectorValue(Vector(50.0 * i, 0, 3)));
        path->SetAttribute("Delay", TimeValue(MilliSeconds(10)));
        path->Install(core, NodeContainer(hosts.Get(0)), i + 1);
        path->AssignStreams(100 * (i + 1));
        walk.paths.push_back(path);
    }
    Ptr<MptcpPathEthernet> uplink = CreateObject<MptcpPathEthernet>();
    uplink->Install(core, NodeContainer(hosts.Get(1)), 3);

    // The phone connects, as clients behind a NAT must, and the server sends.
    const uint16_t port = 5001;
    const InetSocketAddress server(uplink->GetInterfaces()[0].address, port);
    Ptr<Socket> listener = Socket::CreateSocket(hosts.Get(1), TypeId::LookupByName("ns3::TcpSocketFactory"));
    listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    listener->Listen();
    const auto fill = [](Ptr<Socket> socket, uint32_t room) {
        while (room > 0 && socket->GetTxAvailable() > 0)
        {
            socket->Send(Create<Packet>(std::min(socket->GetTxAvailable(), 14480U)));
        }
    };
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>([&](Ptr<Socket> socket, const Address&) {
                                    socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(fill));
                                }));
    Ptr<Socket> socket = Socket::CreateSocket(hosts.Get(0), TypeId::LookupByName("ns3::TcpSocketFactory"));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>([](Ptr<Socket> from) { from->Recv(); }));
    walk.socket = DynamicCast<MptcpSocket>(socket);
    Simulator::Schedule(Seconds(1), [&]() { socket->Connect(server); });
    Simulator::Schedule(Seconds(1), &Print, &walk);
    Simulator::Stop(duration);
    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
