/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "mptcp-test-net.h"

#include <algorithm>

namespace ns3
{
namespace mptcptest
{

Net::Net(const std::vector<Path>& paths, uint32_t seed, MptcpHelper mptcp)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(seed);
    m_nodes.Create(2);
    mptcp.Install(m_nodes);
    MptcpHelper::AssignStreams(m_nodes, 1);
    int64_t stream = 10;
    for (std::size_t i = 0; i < paths.size(); i++)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue(paths[i].rate));
        link.SetChannelAttribute("Delay", StringValue(paths[i].delay));
        m_devices.push_back(link.Install(m_nodes));
        const std::string number = std::to_string(i + 1);
        Ipv4AddressHelper v4(("10.1." + number + ".0").c_str(), "255.255.255.0");
        v4.Assign(m_devices[i]);
        for (uint32_t j = 0; j < 2; j++)
        {
            Ptr<NetDevice> device = m_devices[i].Get(j);
            Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
            const uint32_t interface = ipv6->AddInterface(device);
            const std::string address = "2001:db8:" + number + "::" + std::to_string(j + 1);
            ipv6->AddAddress(interface, Ipv6InterfaceAddress(Ipv6Address(address.c_str()), Ipv6Prefix(64)));
            ipv6->SetUp(interface);
            MptcpHelper::AddDefaultRoute(device, Ipv4Address::GetZero());
            MptcpHelper::AddDefaultRoute(device, Ipv6Address::GetZero());
            Ptr<RateErrorModel> errors = CreateObject<RateErrorModel>();
            errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            errors->SetRate(paths[i].loss);
            errors->AssignStreams(stream++);
            device->SetAttribute("ReceiveErrorModel", PointerValue(errors));
        }
    }
}

Net::~Net()
{
    Simulator::Destroy();
}

Ptr<Node>
Net::GetClient() const
{
    return m_nodes.Get(0);
}

Ptr<Node>
Net::GetServer() const
{
    return m_nodes.Get(1);
}

Ptr<NetDevice>
Net::GetDevice(std::size_t path, uint32_t node) const
{
    return m_devices.at(path).Get(node);
}

Address
Net::GetServerAddress(uint16_t port, bool isIpv6)
{
    if (isIpv6)
    {
        return Inet6SocketAddress(Ipv6Address("2001:db8:1::2"), port);
    }
    return InetSocketAddress(Ipv4Address("10.1.1.2"), port);
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
Net::SetInterface(std::size_t path, uint32_t node, bool isUp)
{
    Ptr<Ipv4> ipv4 = m_nodes.Get(node)->GetObject<Ipv4>();
    const int32_t interface = ipv4->GetInterfaceForDevice(GetDevice(path, node));
    if (!isUp)
    {
        ipv4->SetDown(interface);
        return;
    }
    ipv4->SetUp(interface);
    // ns-3 forgets the routes of an interface that goes down.
    MptcpHelper::AddDefaultRoute(GetDevice(path, node), Ipv4Address::GetZero());
}

void
Net::EnablePcap(const std::string& prefix)
{
    for (const NetDeviceContainer& devices : m_devices)
    {
        PointToPointHelper().EnablePcap(prefix, devices);
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
    const uint64_t mixed = (offset + salt) * 0x9e3779b97f4a7c15;
    return static_cast<uint8_t>(mixed >> 56) ^ salt;
}

} // namespace mptcptest
} // namespace ns3
