/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-test-net.h"

#include <algorithm>

namespace ns3
{
namespace mptcptest
{

Net::Net(const std::vector<Path>& paths, uint32_t seed, MptcpHelper mptcp)
    : m_client(CreateObject<Node>()),
      m_router(CreateObject<Node>()),
      m_server(CreateObject<Node>())
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(seed);
    const NodeContainer hosts(m_client, m_server);
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 1);
    InternetStackHelper internet;
    internet.SetIpv6NsRsJitter(false);
    internet.Install(m_router);
    m_router->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    internet.AssignStreams(NodeContainer(hosts, m_router), 1000);
    for (std::size_t i = 0; i < paths.size(); i++)
    {
        m_paths.push_back(Link(m_client, m_router, paths[i], 1, i + 1));
    }
    for (std::size_t i = 0; i < 2; i++)
    {
        m_uplinks.push_back(Link(m_server, m_router, {"1Gbps", "1ms"}, 9, i + 1));
    }
}

NetDeviceContainer
Net::Link(Ptr<Node> host, Ptr<Node> router, const Path& path, uint32_t network, std::size_t number)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(path.rate));
    link.SetChannelAttribute("Delay", StringValue(path.delay));
    NetDeviceContainer devices = link.Install(host, router);
    const std::string v4 = "10." + std::to_string(network) + "." + std::to_string(number) + ".";
    const std::string v6 = "fd00:" + std::to_string(network) + "0" + std::to_string(number) + "::";
    Ipv4AddressHelper((v4 + "0").c_str(), "255.255.255.0").Assign(devices);
    for (uint32_t i = 0; i < 2; i++)
    {
        Ptr<NetDevice> device = devices.Get(i);
        Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
        const uint32_t interface = ipv6->AddInterface(device);
        const Ipv6Address address((v6 + std::to_string(i + 1)).c_str());
        ipv6->AddAddress(interface, Ipv6InterfaceAddress(address, Ipv6Prefix(64)));
        ipv6->SetUp(interface);
        Ptr<RateErrorModel> errors = CreateObject<RateErrorModel>();
        errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        errors->SetRate(path.loss);
        errors->AssignStreams(m_stream++);
        device->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    }
    MptcpHelper::AddDefaultRoute(devices.Get(0), Ipv4Address((v4 + "2").c_str()));
    MptcpHelper::AddDefaultRoute(devices.Get(0), Ipv6Address((v6 + "2").c_str()));
    return devices;
}

Net::~Net()
{
    Simulator::Destroy();
}

Ptr<Node>
Net::GetClient() const
{
    return m_client;
}

Ptr<Node>
Net::GetServer() const
{
    return m_server;
}

Ptr<NetDevice>
Net::GetClientDevice(std::size_t path) const
{
    return m_paths.at(path).Get(0);
}

const NetDeviceContainer&
Net::GetLink(std::size_t path) const
{
    return m_paths.at(path);
}

Ptr<NetDevice>
Net::GetServerDevice(std::size_t link) const
{
    return m_uplinks.at(link).Get(0);
}

Address
Net::GetServerAddress(uint16_t port, bool isIpv6)
{
    if (isIpv6)
    {
        return Inet6SocketAddress(Ipv6Address("fd00:901::1"), port);
    }
    return InetSocketAddress(Ipv4Address("10.9.1.1"), port);
}

Address
Net::GetAnyAddress(uint16_t port, bool isIpv6)
{
    if (isIpv6)
    {
        return Inet6SocketAddress(Ipv6Address::GetAny(), port);
    }
    return InetSocketAddress(Ipv4Address::GetAny(), port);
}

void
Net::SetInterface(std::size_t path, bool isUp)
{
    Ptr<Ipv4> ipv4 = m_client->GetObject<Ipv4>();
    const int32_t interface = ipv4->GetInterfaceForDevice(GetClientDevice(path));
    if (!isUp)
    {
        ipv4->SetDown(interface);
        return;
    }
    ipv4->SetUp(interface);
}

void
Net::EnablePcap(const std::string& prefix)
{
    for (const NetDeviceContainer& devices : m_paths)
    {
        PointToPointHelper().EnablePcap(prefix, devices.Get(0));
    }
}

Peer::Peer(uint8_t salt, uint64_t bytesToSend, uint8_t peerSalt)
    : m_salt(salt),
      m_bytesToSend(bytesToSend),
      m_peerSalt(peerSalt)
{
}

void
Peer::Connect(Ptr<Socket> s, const Address& server)
{
    Use(s);
    s->SetConnectCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
                              connected++;
                              Write();
                          }),
                          Callback<void, Ptr<Socket>>([this](Ptr<Socket>) { failed++; }));
    // Nodes are not ready for packets before the simulation runs.
    Simulator::Schedule(MilliSeconds(1), [s, server]() { s->Connect(server); });
}

void
Peer::SendMore(uint64_t bytes)
{
    m_bytesToSend += bytes;
    Write();
}

void
Peer::Listen(Ptr<Socket> s, const Address& local)
{
    listener = s;
    s->Bind(local);
    s->Listen();
    s->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                         Callback<void, Ptr<Socket>, const Address&>([this](Ptr<Socket> accepted, const Address&) {
                             connected++;
                             Use(accepted);
                         }));
}

void
Peer::Use(Ptr<Socket> s)
{
    socket = s;
    s->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) { Read(); }));
    s->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t) { Write(); }));
    s->SetDataSentCallback(Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t n) { dataSent += n; }));
    s->SetCloseCallbacks(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) { normalCloses++; }),
                         Callback<void, Ptr<Socket>>([this](Ptr<Socket>) { errorCloses++; }));
}

void
Peer::Write()
{
    while (sent < m_bytesToSend && socket->GetTxAvailable() > 0)
    {
        // Writes of many sizes, so that segments and writes do not coincide.
        const uint64_t wanted = 1 + (sent * 2654435761U >> 7) % 5000;
        const auto bytes =
            static_cast<uint32_t>(std::min({wanted, m_bytesToSend - sent, uint64_t{socket->GetTxAvailable()}}));
        std::vector<uint8_t> data(bytes);
        for (uint32_t i = 0; i < bytes; i++)
        {
            data[i] = PatternByte(m_salt, sent + i);
        }
        if (socket->Send(data.data(), bytes, 0) != static_cast<int>(bytes))
        {
            return;
        }
        sent += bytes;
    }
    if (sent == m_bytesToSend && closesWhenSent && !m_isClosed)
    {
        m_isClosed = true;
        socket->Close();
    }
}

void
Peer::Read()
{
    Ptr<Packet> packet;
    while (isReading && (packet = socket->Recv()) && packet->GetSize() > 0)
    {
        std::vector<uint8_t> data(packet->GetSize());
        packet->CopyData(data.data(), packet->GetSize());
        for (uint8_t byte : data)
        {
            mismatches += byte == PatternByte(m_peerSalt, received++) ? 0 : 1;
        }
    }
}

Ptr<Socket>
MakeSocket(Ptr<Node> node, const std::string& factory)
{
    return Socket::CreateSocket(node, TypeId::LookupByName(factory));
}

uint8_t
PatternByte(uint8_t salt, uint64_t offset)
{
    return static_cast<uint8_t>((offset * 2654435761U) >> 13) ^ static_cast<uint8_t>(1 - salt);
}

} // namespace mptcptest
} // namespace ns3
