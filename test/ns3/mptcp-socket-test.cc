/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * The contract of a socket.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"

#include <algorithm>
#include <functional>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

/** A case over a network with two paths. */
class SocketTestCase : public TestCase
{
  public:
    /** @param name of the case @param run its body @param hasChecksums whether packets carry checksums */
    SocketTestCase(const std::string& name, std::function<void(SocketTestCase&, Net&)> run, bool hasChecksums = false)
        : TestCase(name),
          m_run(run),
          m_hasChecksums(hasChecksums)
    {
    }

    /** @param actual what is @param expected what should be @param message about what */
    template <typename T, typename U>
    void Expect(const T& actual, const U& expected, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(actual, expected, message);
    }

  private:
    void DoRun() override
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(m_hasChecksums));
        MptcpHelper helper;
        helper.SetAttribute("DssChecksum", BooleanValue(m_hasChecksums));
        Net net(std::vector<Path>(2), 1, helper);
        m_run(*this, net);
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    std::function<void(SocketTestCase&, Net&)> m_run; //!< body
    bool m_hasChecksums;                              //!< whether packets carry checksums
};

/** Simulate for a while. @param seconds how long */
void
RunFor(double seconds)
{
    Simulator::Stop(Seconds(seconds));
    Simulator::Run();
}

void
UnconnectedSocket(SocketTestCase& test, Net& net)
{
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    Address address;
    test.Expect(socket->GetSocketType(), Socket::NS3_SOCK_STREAM, "a stream socket");
    test.Expect(socket->GetNode(), net.GetClient(), "of the node");
    test.Expect(socket->Send(Create<Packet>(1)), -1, "Send() before Connect()");
    test.Expect(socket->GetErrno(), Socket::ERROR_NOTCONN, "is not connected");
    test.Expect(socket->GetPeerName(address), -1, "no peer");
    test.Expect(socket->GetErrno(), Socket::ERROR_NOTCONN, "is not connected");
    test.Expect(socket->Recv() == nullptr, true, "nothing to read");
    test.Expect(socket->GetRxAvailable(), 0U, "nothing to read");
    test.Expect(socket->GetTxAvailable(), 4194304U, "room of the send buffer");
    test.Expect(socket->Bind(InetSocketAddress(Ipv4Address("10.1.1.1"), 4000)), 0, "Bind()");
    test.Expect(socket->Bind(), -1, "Bind() again");
    test.Expect(socket->GetErrno(), Socket::ERROR_INVAL, "is invalid");
    test.Expect(socket->GetSockName(address), 0, "GetSockName()");
    test.Expect(address == Address(InetSocketAddress(Ipv4Address("10.1.1.1"), 4000)), true, "is what was bound");
    test.Expect(socket->Close(), 0, "Close()");
    test.Expect(socket->Close(), 0, "Close() again");
    test.Expect(socket->GetReferenceCount(), 1U, "the stack keeps nothing");
}

void
PortsAreShared(SocketTestCase& test, Net& net)
{
    const std::string native = "ns3::MptcpNativeTcpSocketFactory";
    Ptr<Socket> ours = MakeSocket(net.GetServer());
    Ptr<Socket> theirs = MakeSocket(net.GetServer(), native);
    test.Expect(ours->Bind(Net::GetAnyAddress(80)), 0, "ours on port 80");
    test.Expect(theirs->Bind(Net::GetAnyAddress(81)), 0, "ns-3's on port 81");
    test.Expect(MakeSocket(net.GetServer(), native)->Bind(Net::GetAnyAddress(80)), -1, "ns-3's on port 80, too");
    Ptr<Socket> late = MakeSocket(net.GetServer());
    test.Expect(late->Bind(Net::GetAnyAddress(81)), -1, "ours on port 81, too");
    test.Expect(late->GetErrno(), Socket::ERROR_ADDRINUSE, "is in use");
    ours->Close();
    test.Expect(late->Bind(Net::GetAnyAddress(80)), 0, "port 80 is free again");
}

void
RefusedConnection(SocketTestCase& test, Net& net)
{
    Peer client(1, 1000, 2);
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    RunFor(100);
    test.Expect(client.connected, 0U, "nobody listens");
    test.Expect(client.failed, 1U, "the connection fails");
    test.Expect(client.errorCloses + client.normalCloses, 0U, "and was never open");
}

void
UnroutableConnection(SocketTestCase& test, Net&)
{
    Ptr<Node> lonely = CreateObject<Node>();
    MptcpHelper().Install(lonely);
    Ptr<Socket> socket = MakeSocket(lonely);
    test.Expect(socket->Connect(Net::GetServerAddress(80)), -1, "Connect() without any interface");
    test.Expect(socket->GetErrno(), Socket::ERROR_NOROUTETOHOST, "finds no route");
}

void
RefusedByApplication(SocketTestCase& test, Net& net)
{
    Peer client(1, 1000, 2);
    client.closesWhenSent = false;
    Ptr<Socket> listener = MakeSocket(net.GetServer());
    listener->Bind(Net::GetAnyAddress(80));
    listener->Listen();
    Address from;
    uint32_t created = 0;
    listener->SetAcceptCallback(Callback<bool, Ptr<Socket>, const Address&>([&](Ptr<Socket>, const Address& address) {
                                    from = address;
                                    return false;
                                }),
                                Callback<void, Ptr<Socket>, const Address&>(
                                    [&](Ptr<Socket>, const Address&) { created++; }));
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    RunFor(100);
    test.Expect(InetSocketAddress::ConvertFrom(from).GetIpv4(), Ipv4Address("10.1.1.1"), "the application is asked");
    test.Expect(created, 0U, "no socket is made");
    test.Expect(client.errorCloses, 1U, "the client is reset");
}

void
Names(SocketTestCase& test, Net& net)
{
    Peer client(1, 0, 2);
    Peer server(2, 0, 1);
    client.closesWhenSent = server.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    client.Connect(socket, Net::GetServerAddress(80));
    RunFor(1);
    Address local;
    Address remote;
    Address serverLocal;
    Address serverRemote;
    socket->GetSockName(local);
    socket->GetPeerName(remote);
    server.socket->GetSockName(serverLocal);
    server.socket->GetPeerName(serverRemote);
    test.Expect(InetSocketAddress::ConvertFrom(local).GetIpv4(), Ipv4Address("10.1.1.1"), "routing chose the address");
    test.Expect(remote == Net::GetServerAddress(80), true, "the client's peer");
    test.Expect(serverLocal == remote, true, "the server's name");
    test.Expect(serverRemote == local, true, "the server's peer");
    test.Expect(socket->Connect(Net::GetServerAddress(80)), -1, "Connect() again");
    test.Expect(socket->GetErrno(), Socket::ERROR_ISCONN, "is connected");
}

void
HalfClose(SocketTestCase& test, Net& net)
{
    Peer client(1, 1000, 2);
    Peer server(2, 500000, 1);
    client.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    client.Connect(socket, Net::GetServerAddress(80));
    Simulator::Schedule(MilliSeconds(100), [&]() { socket->ShutdownSend(); });
    Simulator::Schedule(MilliSeconds(110), [&]() {
        test.Expect(socket->Send(Create<Packet>(1)), -1, "Send() after ShutdownSend()");
        test.Expect(socket->GetErrno(), Socket::ERROR_SHUTDOWN, "is shut down");
    });
    RunFor(100);
    test.Expect(server.received, 1000U, "the server got all");
    test.Expect(client.received, 500000U, "and went on sending");
    test.Expect(client.mismatches, 0U, "what it should");
    test.Expect(client.normalCloses + server.normalCloses, 2U, "both are told of the end");
    Ptr<Packet> end = socket->Recv();
    test.Expect(end && end->GetSize() == 0, true, "the end reads as an empty packet");
}

void
UnreadDataAtClose(SocketTestCase& test, Net& net)
{
    Peer client(1, 100000, 2);
    Peer server(2, 0, 1);
    client.closesWhenSent = server.closesWhenSent = false;
    server.isReading = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    Simulator::Schedule(Seconds(2), [&]() {
        test.Expect(server.socket->GetRxAvailable(), 100000U, "all is there, unread");
        server.socket->Close();
    });
    RunFor(100);
    test.Expect(client.errorCloses, 1U, "the peer is reset");
    test.Expect(client.normalCloses, 0U, "the end was not in good order");
}

void
PartialReads(SocketTestCase& test, Net& net)
{
    Peer client(1, 10000, 2);
    Peer server(2, 0, 1);
    server.closesWhenSent = server.isReading = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    RunFor(2);
    uint64_t offset = 0;
    uint64_t wrong = 0;
    for (const uint32_t bytes : {1U, 3000U, 1424U, 100000U})
    {
        std::vector<uint8_t> data(bytes);
        Address from;
        const int count = server.socket->RecvFrom(data.data(), bytes, 0, from);
        const auto expected = static_cast<int>(std::min<uint64_t>(bytes, 10000 - offset));
        test.Expect(count, expected, "as much as asked for or is there");
        for (int i = 0; i < count; i++)
        {
            wrong += data[i] == PatternByte(1, offset++) ? 0 : 1;
        }
    }
    test.Expect(wrong, 0U, "each byte in its place");
    test.Expect(offset, 10000U, "all were read");
}

void
SendBufferLimits(SocketTestCase& test, Net& net)
{
    Peer client(1, 0, 2);
    Peer server(2, 0, 1);
    client.closesWhenSent = server.closesWhenSent = server.isReading = false;
    Ptr<Socket> listener = MakeSocket(net.GetServer());
    listener->SetAttribute("RcvBufSize", UintegerValue(10000));
    server.Listen(listener, Net::GetAnyAddress(80));
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    socket->SetAttribute("SndBufSize", UintegerValue(20000));
    client.Connect(socket, Net::GetServerAddress(80));
    Simulator::Schedule(Seconds(1), [&]() {
        test.Expect(socket->GetTxAvailable(), 20000U, "the buffer is empty");
        test.Expect(socket->Send(Create<Packet>(20001)), -1, "one byte too many");
        test.Expect(socket->GetErrno(), Socket::ERROR_MSGSIZE, "does not fit");
        test.Expect(socket->GetTxAvailable(), 20000U, "nothing was taken");
        test.Expect(socket->Send(Create<Packet>(20000)), 20000, "just enough");
        test.Expect(socket->GetTxAvailable(), 0U, "the buffer is full");
    });
    RunFor(5);
    test.Expect(server.socket->GetRxAvailable(), 10000U, "the receive buffer is full");
    test.Expect(socket->GetTxAvailable(), 10000U, "the rest is in the send buffer");
    server.socket->Recv();
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    test.Expect(server.socket->GetRxAvailable(), 10000U, "it comes when there is room");
    test.Expect(socket->GetTxAvailable(), 20000U, "and was acknowledged");
}

void
ClosedListener(SocketTestCase& test, Net& net)
{
    Peer first(1, 1000, 2);
    Peer second(1, 1000, 2);
    Peer server(2, 0, 1);
    server.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    first.closesWhenSent = false;
    first.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    Simulator::Schedule(Seconds(1), [&]() {
        server.listener->Close();
        second.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    });
    Simulator::Schedule(Seconds(2), [&]() { first.socket->Send(Create<Packet>(500)); });
    RunFor(100);
    test.Expect(second.failed, 1U, "no further connection");
    test.Expect(server.connected, 1U, "the first one stays");
    test.Expect(server.received, 1500U, "and carries on");
}

void
AbortedConnection(SocketTestCase& test, Net& net)
{
    Peer client(1, 1000000, 2);
    Peer server(2, 0, 1);
    client.closesWhenSent = server.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    Simulator::Schedule(MilliSeconds(200), [&]() { DynamicCast<MptcpSocket>(client.socket)->Abort(); });
    RunFor(100);
    test.Expect(client.errorCloses, 1U, "told to who called");
    test.Expect(server.errorCloses, 1U, "and to the peer");
    test.Expect(client.socket->Send(Create<Packet>(1)), -1, "nothing more can be sent");
    test.Expect(client.socket->GetReferenceCount(), 1U, "the stack let go of the client's socket");
    test.Expect(server.socket->GetReferenceCount(), 1U, "the stack let go of the server's socket");
}

void
CloseWhileConnecting(SocketTestCase& test, Net& net)
{
    Peer client(1, 1000, 2);
    Peer server(2, 0, 1);
    server.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    client.Connect(socket, Net::GetServerAddress(80));
    Simulator::Schedule(MilliSeconds(2), [&]() { socket->Close(); });
    RunFor(200);
    test.Expect(client.connected + client.failed + client.normalCloses + client.errorCloses, 0U, "nothing is told");
    test.Expect(server.connected, 0U, "nothing was accepted");
    test.Expect(socket->GetReferenceCount(), 2U, "the stack let go of it"); // here and in client
}

/** As with ns-3's TCP, a port has a listener for each family, of whatever kind; joins are of a connection, not of a family. */
void
ListenersByFamily(SocketTestCase& test, Net& net)
{
    MptcpHelper::GetMptcp(net.GetServer())->SetSignal(net.GetServerDevice(0), true); // its IPv6 address as well
    Peer server4(2, 0, 1);
    Peer server6(2, 0, 1);
    Peer native6(2, 0, 1);
    server4.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    server6.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80, true));
    Peer server4beside(2, 0, 1);
    server4beside.closesWhenSent = false;
    server4beside.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(81));
    native6.Listen(MakeSocket(net.GetServer(), "ns3::MptcpNativeTcpSocketFactory"), Net::GetAnyAddress(81, true));
    Peer clients[] = {Peer(1, 10000, 2), Peer(1, 20000, 2), Peer(1, 30000, 2), Peer(1, 40000, 2)};
    clients[2].closesWhenSent = false;
    for (uint32_t i = 0; i < 4; i++)
    {
        clients[i].Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80 + i / 2, i % 2 == 1));
    }
    RunFor(20);
    test.Expect(server4.received, 10000U, "to the listener of IPv4");
    test.Expect(server6.received, 20000U, "to the one of IPv6");
    test.Expect(server4beside.received, 30000U, "beside one of ns-3's TCP");
    test.Expect(native6.received, 40000U, "which has its own");
    bool isJoined = false;
    for (const MptcpSubflowInfo& subflow : DynamicCast<MptcpSocket>(clients[2].socket)->GetSubflows())
    {
        isJoined = isJoined || Inet6SocketAddress::IsMatchingType(subflow.local);
    }
    test.Expect(isJoined, true, "a connection over IPv4 is joined over IPv6");
}

/** An application that writes a little each time it is asked is asked as long as the windows have room, as with ns-3's TCP. */
void
LittleAtATime(SocketTestCase& test, Net& net)
{
    Peer server(2, 0, 1);
    server.closesWhenSent = false;
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    bool isSending = false;
    uint32_t inside = 0;
    socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>([&](Ptr<Socket> s, uint32_t) {
        inside += isSending ? 1 : 0;
        isSending = true;
        s->Send(Create<Packet>(1000));
        isSending = false;
    }));
    socket->Connect(Net::GetServerAddress(80));
    RunFor(10);
    test.Expect(server.received > 10000000, true, "most of what two paths of 10 Mb/s carry in 10 s");
    test.Expect(inside, 0U, "it is not asked inside of Send()");
}

/** Changes a byte of every 20th long packet. */
class Corrupter : public ErrorModel
{
  public:
    uint32_t corrupted{0}; //!< packets changed

  private:
    bool DoCorrupt(Ptr<Packet> p) override
    {
        if (p->GetSize() > 1000 && ++m_seen % 20 == 0)
        {
            std::vector<uint8_t> bytes(p->GetSize());
            p->CopyData(bytes.data(), p->GetSize());
            bytes[900] ^= 0x20;
            p->RemoveAtStart(p->GetSize());
            p->AddAtEnd(Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size())));
            corrupted++;
        }
        return false;
    }

    void DoReset() override
    {
    }

    uint32_t m_seen{0}; //!< long packets
};

/** With TCP's checksums and those of DSS in the packets, what is changed on the way is dropped and sent again. */
void
Checksums(SocketTestCase& test, Net& net)
{
    Ptr<Corrupter> corrupter = CreateObject<Corrupter>();
    net.GetServerDevice(0)->SetAttribute("ReceiveErrorModel", PointerValue(corrupter));
    Peer client(1, 300000, 2);
    Peer server(2, 300000, 1);
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    client.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
    RunFor(100);
    test.Expect(corrupter->corrupted > 5, true, "packets were changed");
    test.Expect(server.received, 300000U, "all arrived");
    test.Expect(client.received, 300000U, "both ways");
    test.Expect(server.mismatches + client.mismatches, 0U, "as sent");
    const auto counters = MptcpHelper::GetMptcp(net.GetServer())->GetCounters();
    test.Expect(counters.at("DataCsumErr") + counters.at("InErrs"), 0U, "the checksums of the rest are right");
    const MptcpConnectionInfo info = DynamicCast<MptcpSocket>(client.socket)->GetConnectionInfo();
    test.Expect(info.mode, MptcpConnectionInfo::MPTCP, "over MPTCP");
}

/** TOS, TTL and priority of a socket are those of all its segments, with and without data. */
void
IpOptions(SocketTestCase& test, Net& net)
{
    constexpr uint8_t TOS = 0x20;
    constexpr uint8_t TTL = 9;
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    socket->SetIpTos(TOS);
    socket->SetIpTtl(TTL);
    socket->SetPriority(5);
    uint32_t segments = 0;
    uint32_t others = 0;
    Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t> look([&](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
        Ipv4Header header;
        packet->PeekHeader(header);
        SocketPriorityTag priority;
        const bool isMarked = packet->PeekPacketTag(priority) && priority.GetPriority() == 5;
        segments++;
        others += header.GetTos() == TOS && header.GetTtl() == TTL && isMarked ? 0 : 1;
    });
    net.GetClient()->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext("Tx", look);
    Peer client(1, 10000, 2);
    Peer server(2, 100000, 1);
    server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
    client.Connect(socket, Net::GetServerAddress(80));
    RunFor(5);
    test.Expect(client.received, 100000U, "data were acknowledged");
    test.Expect(segments > 30, true, "SYNs, data, acknowledgements, FINs");
    test.Expect(others, 0U, "all are the socket's");
}

/** The socket contract. */
class SocketTestSuite : public Suite
{
  public:
    SocketTestSuite()
        : Suite("mptcp-socket", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new SocketTestCase("unconnected_socket", &UnconnectedSocket));
        AddTestCase(new SocketTestCase("ports_are_shared_with_native_tcp", &PortsAreShared));
        AddTestCase(new SocketTestCase("connection_nobody_listens_for_fails", &RefusedConnection));
        AddTestCase(new SocketTestCase("connection_without_route_fails_at_once", &UnroutableConnection));
        AddTestCase(new SocketTestCase("application_may_refuse_a_connection", &RefusedByApplication));
        AddTestCase(new SocketTestCase("names_of_both_ends", &Names));
        AddTestCase(new SocketTestCase("half_closed_connection_still_receives", &HalfClose));
        AddTestCase(new SocketTestCase("close_with_unread_data_resets_the_peer", &UnreadDataAtClose));
        AddTestCase(new SocketTestCase("reads_of_any_size", &PartialReads));
        AddTestCase(new SocketTestCase("buffers_have_limits", &SendBufferLimits));
        AddTestCase(new SocketTestCase("closed_listener_keeps_its_connections", &ClosedListener));
        AddTestCase(new SocketTestCase("abort_breaks_both_ends", &AbortedConnection));
        AddTestCase(new SocketTestCase("close_while_connecting_is_silent", &CloseWhileConnecting));
        AddTestCase(new SocketTestCase("application_that_writes_a_little_each_time_is_asked_again", &LittleAtATime));
        AddTestCase(new SocketTestCase("listeners_of_both_families_share_a_port", &ListenersByFamily));
        AddTestCase(new SocketTestCase("tos_ttl_and_priority_are_those_of_all_segments", &IpOptions));
        AddTestCase(new SocketTestCase("checksums_are_written_and_verified", &Checksums, true));
    }
};

SocketTestSuite g_socketTestSuite; //!< registers itself

} // namespace
