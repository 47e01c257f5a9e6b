/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Scripts of test/scripts, played on a node: the core behind sockets, IP layer and devices must send the same segments
 * at the same times as the core alone.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"
#include "script_host.h"

#include "ns3/core-module.h"
#include "mptcp-header.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/simple-net-device-helper.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

constexpr std::size_t LINKS = SCRIPT_IPV4_ADDRESSES; //!< interfaces of a node

/**
 * A node with interfaces, all but the first down at first. Links without delay lead to a peer that has no
 * stack: what comes there is kept for the player of the script, and what the player wants sent comes from there.
 */
class ScriptNode
{
  public:
    ScriptNode();
    ~ScriptNode();
    ScriptNode(const ScriptNode&) = delete;
    ScriptNode& operator=(const ScriptNode&) = delete;

    const script_host* GetHost() const; //!< @return the node, for script_play_named()

  private:
    static constexpr int64_t EPOCH_NS = 1000000000; //!< simulated time when a script begins

    /** A segment that the peer received. */
    struct Received
    {
        script_packet packet{};       //!< all but the payload
        std::vector<uint8_t> payload; //!< its payload
    };

    // What script_host.h asks for
    int64_t GetNow();
    void Advance(int64_t until);
    bool TakeSent(script_packet* out);
    void Deliver(const script_packet* in);
    bool Set(const char* name, int64_t number, const char* text);
    const char* Listen();
    const char* Connect();
    const char* Write(uint64_t bytes);
    uint64_t Read(uint64_t bytes);
    uint64_t GetReadable();
    void Shutdown();
    void Abort();
    const char* SetUp(uint32_t index, const script_address* what);
    void SetDown(uint32_t index);
    void SetBackup(uint32_t index, bool isBackup);
    bool GetCounter(const char* name, uint64_t* value);

    void RunFor(int64_t ns);      //!< Simulate @param ns so long, or until a packet comes that is waited for
    void RunPresent();            //!< Simulate all that happens at the present time
    void Use(Ptr<Socket> socket); //!< @param socket of the connection, to be given callbacks
    /** Keep a packet that the peer received. @param packet with its IP header @return true */
    bool Keep(Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t, const Address&);
    Ptr<NetDevice> GetDevice(uint32_t index) const; //!< @param index of a link @return the node's device there
    Ptr<MptcpL4Protocol> GetMptcp() const;          //!< @return the node's TCP layer

    script_host m_host{};                          //!< leads here
    script_told m_told{};                          //!< what the application was told
    Ptr<Node> m_node;                              //!< under test
    Ptr<Node> m_peer;                              //!< has devices only
    std::array<NetDeviceContainer, LINKS> m_links; //!< node's device, peer's device
    Ptr<Socket> m_listener;                        //!< of the script's LISTEN
    Ptr<Socket> m_socket;                          //!< of the script's connection
    std::deque<Received> m_received;               //!< by the peer
    uint64_t m_receivedCount{0};                   //!< ever
    bool m_isWaiting{false};                       //!< the simulation stops with the next packet
    std::vector<uint8_t> m_payload;                //!< of the segment that was taken last
    uint64_t m_written{0};                         //!< bytes of the node's stream
    uint64_t m_read{0};                            //!< bytes of the peer's stream
};

/** @param index of an address @param what is said of it @return whether a node can have it */
bool
HasAddress(void*, uint32_t index, const script_address* what)
{
    return index < LINKS && what->id == 0 && what->port == 0;
}

/** A plain function that calls a method of the ScriptNode @p user. */
template <auto METHOD, typename... Arguments>
auto
Call(void* user, Arguments... arguments)
{
    return (static_cast<ScriptNode*>(user)->*METHOD)(arguments...);
}

/** @param network 0: the node's addresses, 1: the peer's @param index of one @return it (script_host.h) */
Ipv4Address
GetScriptAddress(uint32_t network, uint32_t index)
{
    return Ipv4Address(10U << 24 | network << 16 | index << 8 | 1U);
}

/** @param network 0: the node's addresses, 1: the peer's @param address one of them, or another @return its index */
uint8_t
GetScriptIndex(uint32_t network, Ipv4Address address)
{
    for (uint8_t i = 0; i < SCRIPT_IPV4_ADDRESSES; i++)
    {
        if (address == GetScriptAddress(network, i))
        {
            return i;
        }
    }
    return SCRIPT_NO_ADDRESS;
}

/** @param setting name of a setting of the core's @return name of its Attribute; see MptcpSettings */
std::string
GetAttributeName(const std::string& setting)
{
    std::string name;
    std::istringstream words(setting);
    for (std::string word; std::getline(words, word, '_');)
    {
        word[0] = static_cast<char>(std::toupper(word[0]));
        name += word == "Bytes" || word == "Ns" ? "" : word;
    }
    return setting == "delayed_ack_ns"         ? "DelayedAckTime"
           : setting == "challenge_acks_per_s" ? "ChallengeAcksPerSecond"
                                               : name;
}

ScriptNode::ScriptNode()
    : m_node(CreateObject<Node>()),
      m_peer(CreateObject<Node>())
{
    m_host.user = this;
    m_host.told = &m_told;
    m_host.untold.readable = true; // the peer's end is told by the close callback
    m_host.untold.writable = true; // told when the connection stands, too
    m_host.untold.closed = true;   // told at the peer's end already
    m_host.untold.gone = true;     // of no interest to applications
    m_host.now = &Call<&ScriptNode::GetNow>;
    m_host.advance = &Call<&ScriptNode::Advance>;
    m_host.sent = &Call<&ScriptNode::TakeSent>;
    m_host.deliver = &Call<&ScriptNode::Deliver>;
    m_host.set = &Call<&ScriptNode::Set>;
    m_host.listen = &Call<&ScriptNode::Listen>;
    m_host.connect = &Call<&ScriptNode::Connect>;
    m_host.write = &Call<&ScriptNode::Write>;
    m_host.read = &Call<&ScriptNode::Read>;
    m_host.readable = &Call<&ScriptNode::GetReadable>;
    m_host.shutdown = &Call<&ScriptNode::Shutdown>;
    m_host.abort = &Call<&ScriptNode::Abort>;
    m_host.address_up = &Call<&ScriptNode::SetUp>;
    m_host.has_address = &HasAddress;
    m_host.address_down = &Call<&ScriptNode::SetDown>;
    m_host.address_backup = &Call<&ScriptNode::SetBackup>;
    m_host.counter = &Call<&ScriptNode::GetCounter>;

    MptcpHelper helper;
    helper.GetInternetStack().SetIpv6StackInstall(false);
    helper.Install(m_node);
    MptcpHelper::AssignStreams(NodeContainer(m_node), 1);
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    ipv4->SetDown(0); // the loopback address would take an address id
    SimpleNetDeviceHelper link;
    link.SetNetDevicePointToPointMode(true);
    for (uint32_t i = 0; i < LINKS; i++)
    {
        m_links[i] = link.Install(NodeContainer(m_node, m_peer));
        GetDevice(i)->SetMtu(1500);
        const uint32_t interface = ipv4->AddInterface(GetDevice(i));
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(GetScriptAddress(0, i), Ipv4Mask("/24")));
        m_links[i].Get(1)->SetReceiveCallback(MakeCallback(&ScriptNode::Keep, this));
    }
    const script_address plain{};
    SetUp(0, &plain);
    RunFor(EPOCH_NS); // nodes are not ready for packets before the simulation runs
}

ScriptNode::~ScriptNode()
{
    Simulator::Destroy();
}

const script_host*
ScriptNode::GetHost() const
{
    return &m_host;
}

Ptr<NetDevice>
ScriptNode::GetDevice(uint32_t index) const
{
    return m_links.at(index).Get(0);
}

Ptr<MptcpL4Protocol>
ScriptNode::GetMptcp() const
{
    return MptcpHelper::GetMptcp(m_node);
}

// ---- Time and segments ---------------------------------------------------------------------------------------------

int64_t
ScriptNode::GetNow()
{
    return Simulator::Now().GetNanoSeconds() - EPOCH_NS;
}

void
ScriptNode::RunFor(int64_t ns)
{
    // Not Simulator::Stop(Time), which would stay in the way of a later run when this one ends early.
    EventId end = Simulator::Schedule(NanoSeconds(ns), []() { Simulator::Stop(); });
    Simulator::Run();
    end.Cancel();
}

void
ScriptNode::RunPresent()
{
    // A packet takes a few events from the core to the peer, or back, all at the same time.
    constexpr uint32_t EVENTS_BETWEEN = 10;
    uint64_t before = m_receivedCount;
    for (uint32_t rounds = 0; rounds < EVENTS_BETWEEN; rounds++)
    {
        RunFor(0);
        rounds = m_receivedCount == before ? rounds : 0;
        before = m_receivedCount;
    }
}

void
ScriptNode::Advance(int64_t until)
{
    RunPresent();
    while (m_received.empty() && GetNow() < until)
    {
        m_isWaiting = true;
        RunFor(until - GetNow());
        m_isWaiting = false;
        RunPresent();
    }
}

bool
ScriptNode::Keep(Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t, const Address&)
{
    Received received;
    Ptr<Packet> rest = packet->Copy();
    Ipv4Header ip;
    MptcpHeader tcp;
    rest->RemoveHeader(ip);
    rest->RemoveHeader(tcp);
    received.packet.local = GetScriptIndex(0, ip.GetSource());
    received.packet.peer = GetScriptIndex(1, ip.GetDestination());
    received.packet.ecn = static_cast<uint8_t>(ip.GetEcn());
    received.packet.header_bytes = static_cast<uint8_t>(tcp.GetSerializedSize());
    std::copy_n(tcp.GetBytes(), tcp.GetSerializedSize(), received.packet.header);
    received.packet.payload_bytes = rest->GetSize();
    received.payload.resize(rest->GetSize());
    rest->CopyData(received.payload.data(), rest->GetSize());
    m_received.push_back(received);
    m_receivedCount++;
    if (m_isWaiting)
    {
        Simulator::Stop();
    }
    return true;
}

bool
ScriptNode::TakeSent(script_packet* out)
{
    if (m_received.empty())
    {
        return false;
    }
    *out = m_received.front().packet;
    m_payload = m_received.front().payload;
    out->payload = m_payload.data();
    m_received.pop_front();
    return true;
}

void
ScriptNode::Deliver(const script_packet* in)
{
    Ptr<Packet> packet = Create<Packet>(in->payload, in->payload_bytes);
    packet->AddHeader(MptcpHeader(in->header, in->header_bytes));
    Ipv4Header ip;
    ip.SetSource(GetScriptAddress(1, in->peer));
    ip.SetDestination(GetScriptAddress(0, in->local));
    ip.SetProtocol(6); // TCP
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    ip.SetTtl(64);
    ip.SetEcn(static_cast<Ipv4Header::EcnType>(in->ecn));
    packet->AddHeader(ip);
    Ptr<NetDevice> device = m_links.at(in->local).Get(1);
    device->Send(packet, device->GetBroadcast(), 0x0800); // IPv4
    RunPresent();
}

// ---- Settings and counters -----------------------------------------------------------------------------------------

bool
ScriptNode::Set(const char* name, int64_t number, const char* text)
{
    const std::string setting(name);
    const bool isTime = setting.size() > 3 && setting.substr(setting.size() - 3) == "_ns";
    const std::string value = text ? text : std::to_string(number) + (isTime ? "ns" : "");
    return GetMptcp()->SetAttributeFailSafe(GetAttributeName(setting), StringValue(value));
}

bool
ScriptNode::GetCounter(const char* name, uint64_t* value)
{
    const auto counters = GetMptcp()->GetCounters();
    const auto found = counters.find(name);
    *value = found == counters.end() ? 0 : found->second;
    return found != counters.end();
}

// ---- The application -----------------------------------------------------------------------------------------------

void
ScriptNode::Use(Ptr<Socket> socket)
{
    const auto set = [](bool& flag) { return Callback<void, Ptr<Socket>>([&flag](Ptr<Socket>) { flag = true; }); };
    m_socket = socket;
    socket->SetConnectCallback(set(m_told.connected), set(m_told.failed));
    socket->SetCloseCallbacks(set(m_told.closed), set(m_told.failed));
    socket->SetRecvCallback(set(m_told.readable));
    socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t) { m_told.writable = true; }));
}

const char*
ScriptNode::Listen()
{
    m_listener = MakeSocket(m_node);
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  Callback<void, Ptr<Socket>, const Address&>([this](Ptr<Socket> s, const Address&) {
                                      m_told.accepted = true;
                                      Use(s);
                                  }));
    const bool isGood =
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SCRIPT_PORT)) == 0 && m_listener->Listen() == 0;
    return isGood ? nullptr : "the socket does not listen";
}

const char*
ScriptNode::Connect()
{
    Use(MakeSocket(m_node));
    const bool isGood = m_socket->Connect(InetSocketAddress(GetScriptAddress(1, 0), SCRIPT_PORT)) == 0;
    return isGood ? nullptr : "the socket does not connect";
}

const char*
ScriptNode::Write(uint64_t bytes)
{
    std::vector<uint8_t> data(bytes);
    std::generate(data.begin(), data.end(), [this]() { return script_content(false, m_written++); });
    const int sent = m_socket ? m_socket->Send(data.data(), static_cast<uint32_t>(bytes), 0) : -1;
    return sent == static_cast<int>(bytes) ? nullptr : "the socket does not take the bytes";
}

uint64_t
ScriptNode::Read(uint64_t bytes)
{
    uint64_t right = 0;
    while (right < bytes)
    {
        Ptr<Packet> packet = m_socket ? m_socket->Recv(static_cast<uint32_t>(bytes - right), 0) : nullptr;
        if (!packet || packet->GetSize() == 0)
        {
            return right;
        }
        std::vector<uint8_t> data(packet->GetSize());
        packet->CopyData(data.data(), packet->GetSize());
        for (uint8_t byte : data)
        {
            if (byte != script_content(true, m_read++))
            {
                return right;
            }
            right++;
        }
    }
    return right;
}

uint64_t
ScriptNode::GetReadable()
{
    return m_socket ? m_socket->GetRxAvailable() : 0;
}

void
ScriptNode::Shutdown()
{
    m_socket->ShutdownSend();
}

void
ScriptNode::Abort()
{
    DynamicCast<MptcpSocket>(m_socket)->Abort();
}

// ---- Addresses -----------------------------------------------------------------------------------------------------

const char*
ScriptNode::SetUp(uint32_t index, const script_address* what)
{
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    GetMptcp()->SetBackup(GetDevice(index), what->is_backup);
    GetMptcp()->SetSignal(GetDevice(index), what->is_signal);
    GetMptcp()->SetNoSubflow(GetDevice(index), what->no_subflow);
    ipv4->SetUp(ipv4->GetInterfaceForDevice(GetDevice(index)));
    MptcpHelper::AddDefaultRoute(GetDevice(index), Ipv4Address(GetScriptAddress(0, index).Get() + 1));
    return nullptr;
}

void
ScriptNode::SetDown(uint32_t index)
{
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    ipv4->SetDown(ipv4->GetInterfaceForDevice(GetDevice(index)));
}

void
ScriptNode::SetBackup(uint32_t index, bool isBackup)
{
    GetMptcp()->SetBackup(GetDevice(index), isBackup);
}

// ---- The suite -----------------------------------------------------------------------------------------------------

/** A script passes on a node, too. */
class ScriptTestCase : public TestCase
{
  public:
    /** @param name of the script */
    explicit ScriptTestCase(const std::string& name)
        : TestCase(name)
    {
    }

  private:
    void DoRun() override
    {
        ScriptNode node;
        const bool hasPassed = script_play_named(GetName().c_str(), node.GetHost(), false);
        NS_TEST_EXPECT_MSG_EQ(hasPassed, true, "what was expected and what was sent is written above");
    }
};

/** All scripts that ask for nothing that a node has not. */
class ScriptTestSuite : public Suite
{
  public:
    ScriptTestSuite()
        : Suite("mptcp-scripts", TestSuite::Type::SYSTEM)
    {
        script_host node{};
        node.has_address = &HasAddress;
        for (uint32_t i = 0; script_name(i); i++)
        {
            // Of the failure after the peer's end the application is not told: there is one close callback.
            const bool isOther = script_name(i) == std::string("data_that_nobody_acknowledged_end_in_a_timeout");
            if (!isOther && !script_wants(script_name(i), &node))
            {
                AddTestCase(new ScriptTestCase(script_name(i)));
            }
        }
    }
};

ScriptTestSuite g_scriptTestSuite; //!< the suite

} // namespace
