/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * Policies of a program's own: classes found by their TypeId, and tables of C functions; and what becomes of wrong ones.
 */

#include "mptcp-log.h"
#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/mptcp-policy.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

constexpr uint64_t BYTES = 1000000;

/** How many objects of a class there are, and were at most. */
struct Census
{
    int alive{0};      //!< now
    int most{0};       //!< at once
    uint64_t asked{0}; //!< calls

    void Born() //!< One more
    {
        most = std::max(most, ++alive);
    }
};

std::map<std::string, Census> g_census; //!< by class

/** Keeps to one path, unless it has no room and enough waits. */
class OnePathScheduler : public MptcpScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::OnePathScheduler")
                                .SetParent<MptcpScheduler>()
                                .AddConstructor<OnePathScheduler>()
                                .AddAttribute("Subflow",
                                              "Id of the subflow to keep to",
                                              UintegerValue(0),
                                              MakeUintegerAccessor(&OnePathScheduler::m_subflow),
                                              MakeUintegerChecker<uint32_t>());
        return tid;
    }

    OnePathScheduler()
    {
        g_census["scheduler"].Born();
    }

    ~OnePathScheduler() override
    {
        g_census["scheduler"].alive--;
    }

    mpt_sched_choice Next(const mpt_sched_view& view) override
    {
        g_census["scheduler"].asked++;
        for (uint32_t i = 0; i < view.count; i++)
        {
            if (mpt_sched_look(&view, i).id == m_subflow)
            {
                return mpt_sched_has_room(&view, i) ? mpt_sched_new(&view, i) : mpt_sched_wait(MPT_NEVER);
            }
        }
        uint32_t other = 0; // it is not there yet
        while (!mpt_sched_has_room(&view, other))
        {
            other++;
        }
        return mpt_sched_new(&view, other);
    }

    bool TakesNoCopies() const override
    {
        return true;
    }

    uint32_t GetEvents() const override
    {
        return MPT_SCHED_EVENT(MPT_SCHED_SENT);
    }

    void OnEvent(const mpt_sched_event& event) override
    {
        g_census["sent bytes"].asked += event.bytes;
    }

  private:
    uint32_t m_subflow{0}; //!< Attribute Subflow
};

NS_OBJECT_ENSURE_REGISTERED(OnePathScheduler);

/** A window of so many segments. */
class FixedWindow : public MptcpCongestionOps
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::FixedWindow")
                                .SetParent<MptcpCongestionOps>()
                                .AddConstructor<FixedWindow>()
                                .AddAttribute("Segments",
                                              "The window",
                                              UintegerValue(4),
                                              MakeUintegerAccessor(&FixedWindow::m_segments),
                                              MakeUintegerChecker<uint32_t>());
        return tid;
    }

    FixedWindow()
    {
        g_census["window"].Born();
    }

    ~FixedWindow() override
    {
        g_census["window"].alive--;
    }

    void OnAck(mpt_cc& subflow, const mpt_cc_group& group, uint64_t) override
    {
        for (uint32_t i = 0; i < group.count; i++)
        {
            g_census["group"].asked += Of(*group.members[i]) ? 1 : 1000000;
        }
        subflow.cwnd_bytes = static_cast<uint64_t>(m_segments) * subflow.mss_bytes;
    }

  private:
    uint32_t m_segments{0}; //!< Attribute Segments
};

NS_OBJECT_ENSURE_REGISTERED(FixedWindow);

/** Second subflow after a while, third never. */
class LatePathManager : public MptcpPathManager
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::LatePathManager")
                                .SetParent<MptcpPathManager>()
                                .AddConstructor<LatePathManager>()
                                .AddAttribute("Patience",
                                              "How long the first subflow is alone",
                                              TimeValue(Seconds(1)),
                                              MakeTimeAccessor(&LatePathManager::m_patience),
                                              MakeTimeChecker());
        return tid;
    }

    LatePathManager()
    {
        g_census["manager"].Born();
    }

    ~LatePathManager() override
    {
        g_census["manager"].alive--;
    }

    uint32_t Wanted(const mpt_pm_view& view) override
    {
        return m_isOver && view.subflows_of_all - view.subflows == 1 ? 1 : 0;
    }

    void OnEvent(mpt_conn* connection, const mpt_pm_event& event) override
    {
        if (event.kind == MPT_PM_ESTABLISHED)
        {
            mpt_pm_set_timer(connection, (Simulator::Now() + m_patience).GetNanoSeconds());
        }
        m_isOver = m_isOver || event.kind == MPT_PM_TIMER;
    }

  private:
    Time m_patience;      //!< Attribute Patience
    bool m_isOver{false}; //!< it is
};

NS_OBJECT_ENSURE_REGISTERED(LatePathManager);

/** Of a server: announces what IPv4 addresses the node has, and withdraws them half a second later. */
class AnnouncingPathManager : public MptcpPathManager
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::AnnouncingPathManager").SetParent<MptcpPathManager>().AddConstructor<AnnouncingPathManager>();
        return tid;
    }

    uint32_t Wanted(const mpt_pm_view&) override
    {
        return 0;
    }

    void OnEvent(mpt_conn* connection, const mpt_pm_event& event) override
    {
        if (event.kind != MPT_PM_ESTABLISHED && event.kind != MPT_PM_TIMER)
        {
            return;
        }
        const bool isStart = event.kind == MPT_PM_ESTABLISHED;
        for (uint32_t i = 0; const mpt_local_address* local = mpt_pm_local(connection, i); i++)
        {
            const mpt_addr address = local->addr;
            if (address.family != 4)
            {
                continue;
            }
            const mpt_status status =
                isStart ? mpt_pm_announce(connection, &address) : mpt_pm_withdraw(connection, &address);
            g_census[status == MPT_OK ? "done" : "refused"].asked++;
        }
        if (isStart)
        {
            mpt_pm_set_timer(connection, (Simulator::Now() + Seconds(0.5)).GetNanoSeconds());
        }
    }
};

NS_OBJECT_ENSURE_REGISTERED(AnnouncingPathManager);

/** What a run was like. */
struct Outcome
{
    uint64_t received{0};                //!< bytes
    std::map<uint32_t, uint64_t> acked;  //!< bytes of each subflow of the sender
    std::map<uint32_t, uint64_t> window; //!< of each subflow (segments)
    uint64_t faults{0};                  //!< PolicyFaults of the sender's node
    std::size_t early{0};                //!< subflows after half a second
};

/**
 * Client and server talk over three paths, with an Attribute set.
 * @param attribute of a socket
 * @param value its value
 * @param isServer whether it is the server that sends, with its listener's Attribute
 * @return what happened
 */
Outcome
Talk(const std::string& attribute, const std::string& value, bool isServer = false)
{
    Net net(std::vector<Path>(3));
    Peer client(1, isServer ? 0 : BYTES, 2);
    Peer server(2, isServer ? BYTES : 0, 1);
    client.closesWhenSent = server.closesWhenSent = false;
    Ptr<Socket> socket = MakeSocket(net.GetClient());
    Ptr<Socket> listener = MakeSocket(net.GetServer());
    Ptr<Socket> chosen = isServer ? listener : socket;
    chosen->SetAttribute(attribute, StringValue(value));
    StringValue read;
    chosen->GetAttribute(attribute, read);
    NS_ABORT_MSG_UNLESS(read.Get() == value, "reads " << read.Get());
    server.Listen(listener, Net::GetAnyAddress(80));
    client.Connect(socket, Net::GetServerAddress(80));
    Outcome result;
    const auto get = [&]() { return DynamicCast<MptcpSocket>(isServer ? server.socket : socket); };
    Simulator::Schedule(Seconds(0.5), [&]() { result.early = get()->GetSubflows().size(); });
    Simulator::Schedule(Seconds(100), [&]() {
        result.received = isServer ? client.received : server.received;
        for (const MptcpSubflowInfo& subflow : get()->GetSubflows())
        {
            result.acked[subflow.id] = subflow.bytesAcked;
            result.window[subflow.id] =
                (subflow.cwndBytes + subflow.mssBytes - 1) / subflow.mssBytes; // of less payload
        }
        result.faults =
            MptcpHelper::GetMptcp(isServer ? net.GetServer() : net.GetClient())->GetCounters().at("PolicyFaults");
    });
    Simulator::Stop(Seconds(101));
    Simulator::Run();
    return result;
}

/** Classes are found by their TypeId, have their Attributes, and an object for each connection or subflow. */
class ClassTestCase : public TestCase
{
  public:
    ClassTestCase()
        : TestCase("classes_of_a_program_are_policies_by_their_typeid")
    {
    }

  private:
    void DoRun() override
    {
        Config::Reset();
        Schedulers();
        Windows();
        PathManagers();
        Config::Reset();
    }

    void Schedulers()
    {
        g_census.clear();
        Outcome first = Talk("Scheduler", "ns3::OnePathScheduler");
        NS_TEST_EXPECT_MSG_EQ(first.received, BYTES, "all arrives");
        NS_TEST_EXPECT_MSG_LT(first.acked[1], BYTES / 50, "by the first subflow, but where that is stalled");
        NS_TEST_EXPECT_MSG_GT(g_census["sent bytes"].asked + 1, BYTES, "it hears of what it wants to");
        NS_TEST_EXPECT_MSG_GT(g_census["scheduler"].asked, BYTES / 1460, "it is asked for each segment");
        NS_TEST_EXPECT_MSG_EQ(g_census["scheduler"].most, 1, "one object a connection");
        NS_TEST_EXPECT_MSG_EQ(g_census["scheduler"].alive, 0, "none is left");
        Outcome second = Talk("Scheduler", "ns3::OnePathScheduler[Subflow=1]");
        NS_TEST_EXPECT_MSG_GT(second.acked[1], BYTES / 2, "an Attribute beside the name counts");
        NS_TEST_EXPECT_MSG_LT(second.acked[2], BYTES / 50, "and the third path is not used");
        Config::SetDefault("ns3::OnePathScheduler::Subflow", UintegerValue(2));
        Outcome third = Talk("Scheduler", "ns3::OnePathScheduler", true);
        NS_TEST_EXPECT_MSG_GT(third.acked[2], BYTES / 2, "a default counts, and a listener's Attribute");
        NS_TEST_EXPECT_MSG_EQ(first.faults + second.faults + third.faults, 0, "nothing was wrong");
        Config::SetDefault("ns3::MptcpSocket::Scheduler", StringValue("ns3::OnePathScheduler[Subflow=1]"));
        Outcome all = Talk("CongestionControl", "reno");
        NS_TEST_EXPECT_MSG_LT(all.acked[2], BYTES / 50, "it may be the default of all sockets");
        Config::Reset();
        MptcpHelper mptcp;
        mptcp.SetAttribute("Scheduler", StringValue("ns3::OnePathScheduler"));
        Net net(std::vector<Path>(2), 1, mptcp);
        StringValue read;
        MakeSocket(net.GetClient())->GetAttribute("Scheduler", read);
        NS_TEST_EXPECT_MSG_EQ(read.Get(), "ns3::OnePathScheduler", "or that of a node");
        Peer peer(1, 0, 2);
        peer.Connect(MakeSocket(net.GetClient()), Net::GetServerAddress(80));
        Simulator::Stop(MilliSeconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(g_census["scheduler"].alive, 1, "which is made when the connection is opened");
    }

    void Windows()
    {
        g_census.clear();
        Outcome result = Talk("CongestionControl", "ns3::FixedWindow[Segments=7]");
        NS_TEST_EXPECT_MSG_EQ(result.received, BYTES, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(result.window[0], 7, "with the window of the class");
        NS_TEST_EXPECT_MSG_EQ(result.window[2], 7, "on each subflow");
        NS_TEST_EXPECT_MSG_EQ(g_census["window"].most, 3, "one object a subflow");
        NS_TEST_EXPECT_MSG_EQ(g_census["window"].alive, 0, "none is left");
        NS_TEST_EXPECT_MSG_LT(g_census["group"].asked, 1000000, "siblings are found");
        NS_TEST_EXPECT_MSG_EQ(result.faults, 0, "nothing was wrong");
    }

    void PathManagers()
    {
        g_census.clear();
        Outcome result = Talk("PathManager", "ns3::LatePathManager[Patience=600ms]");
        NS_TEST_EXPECT_MSG_EQ(result.early, 1, "one subflow at first");
        NS_TEST_EXPECT_MSG_EQ(result.acked.size(), 2, "then two");
        NS_TEST_EXPECT_MSG_EQ(g_census["manager"].most, 1, "one object a connection");
        NS_TEST_EXPECT_MSG_EQ(g_census["manager"].alive, 0, "none is left");
        NS_TEST_EXPECT_MSG_EQ(result.faults, 0, "nothing was wrong");
        Outcome announced = Talk("PathManager", "ns3::AnnouncingPathManager", true);
        NS_TEST_EXPECT_MSG_EQ(announced.received, BYTES, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(announced.acked.size(), 6, "from three addresses to two");
        NS_TEST_EXPECT_MSG_EQ(g_census["done"].asked, 2, "the second was announced and withdrawn");
        NS_TEST_EXPECT_MSG_EQ(g_census["refused"].asked, 4, "not the first, which the client knows, and loopback");
    }
};

// ---- In C ------------------------------------------------------------------------------------------------------------

uint64_t g_asked = 0; //!< calls of the scheduler in C

mpt_sched_choice
NextInC(const mpt_sched_view* view)
{
    g_asked++;
    return mpt_sched_new(view, mpt_sched_has_room(view, 0) ? 0 : view->count - 1);
}

uint32_t
WantedInC(const mpt_pm_view*)
{
    return 0;
}

void
InitInC(mpt_cc* cc)
{
    cc->cwnd_bytes = 3 * static_cast<uint64_t>(cc->mss_bytes);
}

void
AckInC(mpt_cc* cc, const mpt_cc_group*, uint64_t, mpt_time)
{
    cc->cwnd_bytes = 3 * static_cast<uint64_t>(cc->mss_bytes);
}

/** Tables of C functions. */
class TableTestCase : public TestCase
{
  public:
    TableTestCase()
        : TestCase("tables_of_c_functions_are_policies_by_their_name")
    {
    }

  private:
    void DoRun() override
    {
        static mpt_sched_ops scheduler{};
        scheduler.name = "in-c";
        scheduler.next = &NextInC;
        MptcpHelper::AddScheduler(scheduler);
        MptcpHelper::AddScheduler(scheduler); // once more does no harm
        static mpt_pm_ops manager{};
        manager.name = "in-c";
        manager.wanted = &WantedInC;
        MptcpHelper::AddPathManager(manager);
        static mpt_cc_ops control{};
        control.name = "in-c";
        control.init = &InitInC;
        control.on_ack = &AckInC;
        control.on_loss = &mpt_cc_halve;
        control.on_undo = &mpt_cc_undo;
        MptcpHelper::AddCongestionControl(control);
        g_asked = 0;
        NS_TEST_EXPECT_MSG_EQ(Talk("Scheduler", "in-c").received, BYTES, "all arrives");
        NS_TEST_EXPECT_MSG_GT(g_asked, BYTES / 1460, "and it was asked");
        NS_TEST_EXPECT_MSG_EQ(Talk("PathManager", "in-c").acked.size(), 1, "no further subflow");
        NS_TEST_EXPECT_MSG_EQ(Talk("CongestionControl", "in-c").window[0], 3, "its window");
    }
};

// ---- What is wrong ---------------------------------------------------------------------------------------------------

/** Answers what it may not. */
class WrongScheduler : public MptcpScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::WrongScheduler")
                                .SetParent<MptcpScheduler>()
                                .AddConstructor<WrongScheduler>()
                                .AddAttribute("How",
                                              "What is wrong",
                                              UintegerValue(0),
                                              MakeUintegerAccessor(&WrongScheduler::m_how),
                                              MakeUintegerChecker<uint32_t>(0, 3));
        return tid;
    }

    mpt_sched_choice Next(const mpt_sched_view& view) override
    {
        switch (m_how)
        {
        case 0:
            return mpt_sched_new(&view, view.count);
        case 1:
            return mpt_sched_copy(0, view.snd_nxt + 1);
        case 2:
            return mpt_sched_wait(view.now - 1);
        default:
            return mpt_sched_wait(MPT_NEVER);
        }
    }

  private:
    uint32_t m_how{0}; //!< Attribute How
};

NS_OBJECT_ENSURE_REGISTERED(WrongScheduler);

/** Shuts its window. */
class ShutWindow : public MptcpCongestionOps
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ShutWindow").SetParent<MptcpCongestionOps>().AddConstructor<ShutWindow>();
        return tid;
    }

    void OnAck(mpt_cc& subflow, const mpt_cc_group&, uint64_t) override
    {
        subflow.cwnd_bytes = 0;
    }
};

NS_OBJECT_ENSURE_REGISTERED(ShutWindow);

/** Wants more subflows than there may be. */
class GreedyPathManager : public MptcpPathManager
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::GreedyPathManager").SetParent<MptcpPathManager>().AddConstructor<GreedyPathManager>();
        return tid;
    }

    uint32_t Wanted(const mpt_pm_view&) override
    {
        return UINT32_MAX;
    }
};

NS_OBJECT_ENSURE_REGISTERED(GreedyPathManager);

/** Closes the socket while it is asked. */
class ClosingScheduler : public OnePathScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::ClosingScheduler").SetParent<OnePathScheduler>().AddConstructor<ClosingScheduler>();
        return tid;
    }

    mpt_sched_choice Next(const mpt_sched_view& view) override
    {
        if (g_toClose)
        {
            g_toClose->Close();
        }
        return OnePathScheduler::Next(view);
    }

    static Ptr<Socket> g_toClose; //!< which
};

Ptr<Socket> ClosingScheduler::g_toClose;

NS_OBJECT_ENSURE_REGISTERED(ClosingScheduler);

/** A policy that calls back while it is asked ends the program, with a message. */
class CallbackTestCase : public TestCase
{
  public:
    CallbackTestCase()
        : TestCase("policy_that_calls_its_socket_ends_the_program")
    {
    }

  private:
    void DoRun() override
    {
        int said[2];
        NS_TEST_ASSERT_MSG_EQ(pipe(said), 0, "a pipe");
        const pid_t child = fork();
        if (child == 0)
        {
            dup2(said[1], STDERR_FILENO);
            Net net(std::vector<Path>(2)); // one path is no question
            Peer client(1, BYTES, 2);
            Peer server(2, 0, 1);
            Ptr<Socket> socket = MakeSocket(net.GetClient());
            socket->SetAttribute("Scheduler", StringValue("ns3::ClosingScheduler"));
            ClosingScheduler::g_toClose = socket;
            server.Listen(MakeSocket(net.GetServer()), Net::GetAnyAddress(80));
            client.Connect(socket, Net::GetServerAddress(80));
            Simulator::Stop(Seconds(1));
            Simulator::Run();
            _exit(0);
        }
        close(said[1]);
        std::string text;
        char buffer[1000];
        for (ssize_t count; (count = read(said[0], buffer, sizeof buffer)) > 0;)
        {
            text.append(buffer, count);
        }
        close(said[0]);
        int status = 0;
        waitpid(child, &status, 0);
        NS_TEST_EXPECT_MSG_EQ(WIFEXITED(status) && WEXITSTATUS(status) == 0, false, "it does not go on");
        NS_TEST_EXPECT_MSG_NE(text.find("may not close a connection while it is asked"), std::string::npos, text);
    }
};

/** A policy that misbehaves stops nothing, is counted and told; one that cannot be is refused. */
class WrongTestCase : public TestCase
{
  public:
    WrongTestCase()
        : TestCase("wrong_policies_are_told_and_stop_nothing")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* how : {"0", "1", "2", "3"})
        {
            Check("Scheduler", std::string("ns3::WrongScheduler[How=") + how + "]");
        }
        Check("CongestionControl", "ns3::ShutWindow");
        Check("PathManager", "ns3::GreedyPathManager");
        Net net(std::vector<Path>(1));
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        for (const char* name : {"ns3::FixedWindow", "ns3::MptcpScheduler", "ns3::NoSuchThing", "ns3::Node", "no-such"})
        {
            NS_TEST_EXPECT_MSG_EQ(socket->SetAttributeFailSafe("Scheduler", StringValue(name)), false, name);
        }
        const auto& told = MptcpWarning::GetTold();
        NS_TEST_EXPECT_MSG_EQ(told.count("ns3::FixedWindow is no ns3::MptcpScheduler with a constructor"),
                              1,
                              "it says why");
    }

    /** @param attribute of a socket @param value a policy that misbehaves */
    void Check(const std::string& attribute, const std::string& value)
    {
        const Outcome result = Talk(attribute, value);
        NS_TEST_EXPECT_MSG_EQ(result.received, BYTES, "all arrives with " + value);
        NS_TEST_EXPECT_MSG_GT(result.faults, 0, "and it is counted that something is wrong with " + value);
        const auto& told = MptcpWarning::GetTold();
        const bool isTold = std::any_of(told.begin(), told.end(), [](const std::string& text) {
            return text.find("did what it may not") != std::string::npos;
        });
        NS_TEST_EXPECT_MSG_EQ(isTold, true, "and told of " + value);
    }
};

/** The objects at work are found from the socket. */
class AccessTestCase : public TestCase
{
  public:
    AccessTestCase()
        : TestCase("policies_at_work_are_found_from_the_socket")
    {
    }

  private:
    void DoRun() override
    {
        Net net(std::vector<Path>(2));
        Peer client(1, BYTES, 2);
        Peer server(2, 0, 1);
        client.closesWhenSent = false;
        Ptr<Socket> socket = MakeSocket(net.GetClient());
        Ptr<Socket> listener = MakeSocket(net.GetServer());
        socket->SetAttribute("CongestionControl", StringValue("ns3::FixedWindow[Segments=7]"));
        socket->SetAttribute("PathManager", StringValue("ns3::LatePathManager[Patience=200ms]"));
        listener->SetAttribute("Scheduler", StringValue("ns3::OnePathScheduler[Subflow=3]"));
        auto mptcp = DynamicCast<MptcpSocket>(socket);
        NS_TEST_EXPECT_MSG_EQ(mptcp->GetScheduler(), nullptr, "there is none before the connection");
        NS_TEST_EXPECT_MSG_EQ(mptcp->GetPathManager(), nullptr, "of neither kind");
        NS_TEST_EXPECT_MSG_EQ(mptcp->GetCongestionControl(0), nullptr, "nor of the third");
        server.Listen(listener, Net::GetAnyAddress(80));
        client.Connect(socket, Net::GetServerAddress(80));
        Ptr<MptcpPathManager> manager;
        Simulator::Schedule(MilliSeconds(1), [&]() { manager = mptcp->GetPathManager(); }); // as the peer has connected
        Simulator::Schedule(Seconds(5), [&]() { Check(*mptcp, *DynamicCast<MptcpSocket>(server.socket)); });
        Simulator::Schedule(Seconds(6), [&]() {
            NS_TEST_EXPECT_MSG_EQ(mptcp->GetPathManager(), manager, "it is the same one all along");
            mptcp->Abort();
            NS_TEST_EXPECT_MSG_EQ(mptcp->GetPathManager(), nullptr, "there is none after the connection");
            NS_TEST_EXPECT_MSG_EQ(mptcp->GetCongestionControl(0), nullptr, "of no kind");
        });
        Simulator::Stop(Seconds(7));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_NE(manager, nullptr, "there is one from Connect() on");
        TimeValue patience;
        manager->GetAttribute("Patience", patience);
        NS_TEST_EXPECT_MSG_EQ(patience.Get(), MilliSeconds(200), "who keeps it may read it afterwards");
    }

    void Check(const MptcpSocket& client, const MptcpSocket& server)
    {
        NS_TEST_EXPECT_MSG_EQ(client.GetScheduler(), nullptr, "one that ships is no object");
        NS_TEST_EXPECT_MSG_EQ(server.GetCongestionControl(0), nullptr, "nor is a congestion control that ships");
        NS_TEST_EXPECT_MSG_EQ(server.GetPathManager(), nullptr, "nor a path manager");
        Ptr<MptcpScheduler> scheduler = server.GetScheduler();
        NS_TEST_ASSERT_MSG_NE(scheduler, nullptr, "an accepted socket has its listener's class");
        UintegerValue value;
        scheduler->GetAttribute("Subflow", value);
        NS_TEST_EXPECT_MSG_EQ(value.Get(), 3, "with its Attributes");
        std::set<Ptr<MptcpCongestionOps>> controls;
        for (const MptcpSubflowInfo& subflow : client.GetSubflows())
        {
            controls.insert(client.GetCongestionControl(subflow.id));
        }
        NS_TEST_EXPECT_MSG_EQ(controls.size(), 2, "each subflow has a congestion control of its own");
        NS_TEST_EXPECT_MSG_EQ(controls.count(nullptr), 0, "that is found by the subflow's id");
        NS_TEST_EXPECT_MSG_EQ(client.GetCongestionControl(1000), nullptr, "and by no other");
    }
};

/** The suite. */
class PolicySuite : public Suite
{
  public:
    PolicySuite()
        : Suite("mptcp-policies", TestSuite::Type::UNIT)
    {
        AddTestCase(new ClassTestCase);
        AddTestCase(new TableTestCase);
        AddTestCase(new AccessTestCase);
        AddTestCase(new WrongTestCase);
        AddTestCase(new CallbackTestCase);
    }
};

PolicySuite g_policySuite; //!< registers itself

} // namespace
