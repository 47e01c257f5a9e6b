/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The way from the core's tables of functions to objects of a program's classes. A table is made for each class (and each
 * choice of values for its Attributes); where the core keeps a policy's state it keeps a pointer to the object.
 */

#include "mptcp-policy.h"

#include "mptcp-log.h"
#include "mptcp-policies.h"

#include "ns3/abort.h"
#include "ns3/object-factory.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpScheduler);
NS_OBJECT_ENSURE_REGISTERED(MptcpCongestionOps);
NS_OBJECT_ENSURE_REGISTERED(MptcpPathManager);

namespace
{

int g_inside = 0; //!< a policy is being asked

/** While it is there, a policy is being asked. */
class Inside
{
  public:
    Inside()
    {
        g_inside++;
    }

    ~Inside()
    {
        g_inside--;
    }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

/** A table of the core's, and what makes the objects behind it. */
template <class Ops>
struct Entry : Ops
{
    ObjectFactory factory; //!< of the objects
    std::string coreName;  //!< what Ops::name points to
};

// ---- Where the core keeps the object --------------------------------------------------------------------------------

template <class Policy>
Policy&
Held(void* priv)
{
    return **static_cast<Policy**>(priv);
}

template <class Policy, class Ops>
void
Hold(const Ops* ops, void* priv)
{
    const Inside inside;
    Ptr<Policy> made = static_cast<const Entry<Ops>*>(ops)->factory.template Create<Policy>();
    *static_cast<Policy**>(priv) = GetPointer(made); // with a reference
}

template <class Policy>
void
LetGo(void* priv)
{
    const Inside inside;
    Policy*& held = *static_cast<Policy**>(priv);
    held->Dispose();
    held->Unref();
    held = nullptr;
}

// ---- Schedulers -----------------------------------------------------------------------------------------------------

mpt_sched_choice
NextOf(const mpt_sched_view* view)
{
    const Inside inside;
    return Held<MptcpScheduler>(view->priv).Next(*view);
}

void
SchedulerEvent(const mpt_sched_event* event)
{
    const Inside inside;
    Held<MptcpScheduler>(event->priv).OnEvent(*event);
}

void
Fill(mpt_sched_ops& ops, const MptcpScheduler& policy)
{
    ops.makes_copies = policy.MakesCopies();
    ops.takes_no_copies = policy.TakesNoCopies();
    ops.spreads_bursts = policy.SpreadsBursts();
    ops.events = policy.GetEvents();
    ops.priv_bytes = sizeof(MptcpScheduler*);
    ops.next = &NextOf;
    ops.on_event = &SchedulerEvent;
    ops.on_start = &Hold<MptcpScheduler, mpt_sched_ops>;
    ops.on_end = &LetGo<MptcpScheduler>;
}

// ---- Path managers --------------------------------------------------------------------------------------------------

uint32_t
WantedOf(const mpt_pm_view* view)
{
    const Inside inside;
    return Held<MptcpPathManager>(view->priv).Wanted(*view);
}

void
PathManagerEvent(mpt_conn* connection, const mpt_pm_event* event)
{
    const Inside inside;
    Held<MptcpPathManager>(event->priv).OnEvent(connection, *event);
}

void
Fill(mpt_pm_ops& ops, const MptcpPathManager&)
{
    ops.priv_bytes = sizeof(MptcpPathManager*);
    ops.wanted = &WantedOf;
    ops.on_event = &PathManagerEvent;
    ops.on_start = &Hold<MptcpPathManager, mpt_pm_ops>;
    ops.on_end = &LetGo<MptcpPathManager>;
}

// ---- Congestion controls --------------------------------------------------------------------------------------------

void
ControlInit(mpt_cc* cc)
{
    Hold<MptcpCongestionOps>(cc->ops, cc->priv);
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).Init(*cc);
}

void
ControlEnd(mpt_cc* cc)
{
    LetGo<MptcpCongestionOps>(cc->priv);
}

void
ControlDelivered(mpt_cc* cc, const mpt_cc_sample* sample, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnDelivered(*cc, *sample);
}

void
ControlRate(mpt_cc* cc, const mpt_cc_group* group, mpt_cc_sample* sample, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnRate(*cc, *group, *sample);
}

void
ControlEvent(mpt_cc* cc, const mpt_cc_event* event, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnEvent(*cc, *event);
}

void
ControlAck(mpt_cc* cc, const mpt_cc_group* group, uint64_t ackedBytes, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnAck(*cc, *group, ackedBytes);
}

void
ControlLoss(mpt_cc* cc, const mpt_cc_group* group, mpt_cc_loss kind, uint64_t flightBytes, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnLoss(*cc, *group, kind, flightBytes);
}

void
ControlUndo(mpt_cc* cc, mpt_time)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnUndo(*cc);
}

void
ControlRestart(mpt_cc* cc)
{
    const Inside inside;
    Held<MptcpCongestionOps>(cc->priv).OnRestart(*cc);
}

void
Fill(mpt_cc_ops& ops, const MptcpCongestionOps& policy)
{
    ops.is_each_mark_echoed = policy.IsEachMarkEchoed();
    ops.owns_window = policy.OwnsWindow();
    ops.priv_bytes = sizeof(MptcpCongestionOps*);
    ops.init = &ControlInit;
    ops.on_delivered = &ControlDelivered;
    ops.on_rate = policy.WantsRates() || policy.OwnsWindow() ? &ControlRate : nullptr;
    ops.on_event = &ControlEvent;
    ops.on_ack = &ControlAck;
    ops.on_loss = &ControlLoss;
    ops.on_undo = &ControlUndo;
    ops.on_restart = &ControlRestart;
    ops.on_end = &ControlEnd;
}

// ---- By name --------------------------------------------------------------------------------------------------------

mpt_status
RegisterAt(mpt_stack* stack, const mpt_cc_ops& ops)
{
    return mpt_register_cc(stack, &ops);
}

mpt_status
RegisterAt(mpt_stack* stack, const mpt_sched_ops& ops)
{
    return mpt_register_scheduler(stack, &ops);
}

mpt_status
RegisterAt(mpt_stack* stack, const mpt_pm_ops& ops)
{
    return mpt_register_path_manager(stack, &ops);
}

/** The policies of one kind. They stay to the program's end: nodes refer to them. */
template <class Ops, class Policy>
class Table
{
  public:
    static Table& Get() //!< @return the only one of its kind
    {
        static auto table = new Table;
        return *table;
    }

    /** @param text as of MptcpPolicies::Resolve() @return the core's name, or empty */
    std::string Resolve(const std::string& text)
    {
        const auto known = m_names.find(text);
        return known != m_names.end() ? known->second : Make(text);
    }

    /** @param ops a program's own table */
    void Add(const Ops& ops)
    {
        const std::string name = ops.name ? ops.name : "";
        const auto known = m_ops.find(name);
        NS_ABORT_MSG_IF(known != m_ops.end() && known->second != &ops, "there is a policy \"" << name << "\" already");
        NS_ABORT_MSG_IF(Try(ops) != MPT_OK,
                        "policy \"" << name << "\": no name, one that ships or that is too long, a function that is"
                                    << " missing, or too much state (mpt_ext.h)");
        m_ops[name] = &ops;
        m_names[name] = name;
    }

    /** @param stack to know it @param name the core's; of a policy that ships nothing is done */
    void Register(mpt_stack* stack, const std::string& name) const
    {
        const auto found = m_ops.find(name);
        if (found != m_ops.end())
        {
            const mpt_status status = RegisterAt(stack, *found->second); // MPT_ERR_NAME: it was done before
            NS_ABORT_MSG_IF(status == MPT_ERR_LIMIT, "a node has at most 16 policies of its own of a kind");
        }
    }

    bool Has(const std::string& name) const //!< @param name the core's @return whether it is one of these
    {
        return m_ops.count(name) > 0;
    }

    /** @param name the core's @return as the program named it, or empty */
    std::string GetText(const std::string& name) const
    {
        for (const auto& [text, other] : m_names)
        {
            if (other == name)
            {
                return text;
            }
        }
        return "";
    }

  private:
    /** @param ops a table @return what a node would say of it */
    static mpt_status Try(const Ops& ops)
    {
        const mpt_mem memory{nullptr,
                             [](void*, std::size_t bytes) { return std::calloc(1, bytes); },
                             [](void*, void* p) { std::free(p); }};
        mpt_settings settings;
        mpt_settings_default(&settings);
        mpt_stack* stack = nullptr;
        NS_ABORT_MSG_IF(mpt_stack_new(&stack, &settings, &memory, 0) != MPT_OK, "the TCP core does not start");
        const mpt_status status = RegisterAt(stack, ops);
        mpt_stack_free(stack);
        return status;
    }

    /** @param text a TypeId, perhaps with Attributes @return the core's name for what was made of it, or empty */
    std::string Make(const std::string& text)
    {
        TypeId tid;
        if (!TypeId::LookupByNameFailSafe(text.substr(0, text.find('[')), &tid))
        {
            return "";
        }
        if (!tid.IsChildOf(Policy::GetTypeId()) || !tid.HasConstructor())
        {
            MptcpWarning::Tell(tid.GetName() + " is no " + Policy::GetTypeId().GetName() + " with a constructor");
            return "";
        }
        auto entry = std::make_unique<Entry<Ops>>();
        std::istringstream(text) >> entry->factory;
        entry->coreName = "ns-3/" + std::to_string(m_entries.size());
        entry->name = entry->coreName.c_str();
        Fill(*entry, *entry->factory.template Create<Policy>());
        m_ops[entry->coreName] = entry.get();
        m_names[text] = entry->coreName;
        m_entries.push_back(std::move(entry));
        return m_names[text];
    }

    std::map<std::string, const Ops*> m_ops;            //!< by the core's name
    std::map<std::string, std::string> m_names;         //!< the core's, by the program's
    std::vector<std::unique_ptr<Entry<Ops>>> m_entries; //!< those of classes
};

using Controls = Table<mpt_cc_ops, MptcpCongestionOps>;
using Schedulers = Table<mpt_sched_ops, MptcpScheduler>;
using PathManagers = Table<mpt_pm_ops, MptcpPathManager>;

} // namespace

std::string
MptcpPolicies::Resolve(Kind kind, const std::string& text)
{
    switch (kind)
    {
    case CONGESTION_CONTROL:
        return Controls::Get().Resolve(text);
    case SCHEDULER:
        return Schedulers::Get().Resolve(text);
    case PATH_MANAGER:
        return PathManagers::Get().Resolve(text);
    }
    return "";
}

std::string
MptcpPolicies::GetText(Kind kind, const std::string& name)
{
    const std::string text = kind == CONGESTION_CONTROL ? Controls::Get().GetText(name)
                             : kind == SCHEDULER        ? Schedulers::Get().GetText(name)
                                                        : PathManagers::Get().GetText(name);
    return text.empty() ? name : text;
}

void
MptcpPolicies::Add(const mpt_cc_ops& ops)
{
    Controls::Get().Add(ops);
}

void
MptcpPolicies::Add(const mpt_sched_ops& ops)
{
    Schedulers::Get().Add(ops);
}

void
MptcpPolicies::Add(const mpt_pm_ops& ops)
{
    PathManagers::Get().Add(ops);
}

void
MptcpPolicies::Register(mpt_stack* stack, const mpt_conn_settings& settings)
{
    Controls::Get().Register(stack, settings.congestion_control);
    Schedulers::Get().Register(stack, settings.scheduler);
    PathManagers::Get().Register(stack, settings.path_manager);
}

void
MptcpPolicies::Remove(mpt_conn_settings& settings)
{
    mpt_settings defaults;
    mpt_settings_default(&defaults);
    const auto reset = [](bool isOwn, mpt_setting_NAME& name, const mpt_setting_NAME& other) {
        if (isOwn)
        {
            std::memcpy(name, other, sizeof name);
        }
    };
    reset(Controls::Get().Has(settings.congestion_control),
          settings.congestion_control,
          defaults.conn.congestion_control);
    reset(Schedulers::Get().Has(settings.scheduler), settings.scheduler, defaults.conn.scheduler);
    reset(PathManagers::Get().Has(settings.path_manager), settings.path_manager, defaults.conn.path_manager);
}

Ptr<MptcpScheduler>
MptcpPolicies::FindScheduler(const mpt_conn* connection)
{
    const mpt_sched_ops* ops = nullptr;
    void* priv = mpt_conn_scheduler(connection, &ops);
    return ops->next == &NextOf ? &Held<MptcpScheduler>(priv) : nullptr;
}

Ptr<MptcpPathManager>
MptcpPolicies::FindPathManager(const mpt_conn* connection)
{
    const mpt_pm_ops* ops = nullptr;
    void* priv = mpt_conn_path_manager(connection, &ops);
    return ops->wanted == &WantedOf ? &Held<MptcpPathManager>(priv) : nullptr;
}

Ptr<MptcpCongestionOps>
MptcpPolicies::FindCongestionControl(const mpt_conn* connection, uint32_t subflowId)
{
    const mpt_cc* cc = mpt_conn_cc(connection, subflowId);
    return cc ? MptcpCongestionOps::Of(*cc) : nullptr;
}

void
MptcpPolicies::RefuseInside(const char* call)
{
    NS_ABORT_MSG_IF(g_inside > 0,
                    "a policy of Multipath TCP may not "
                        << call << " while it is asked; Simulator::ScheduleNow() does it later");
}

// ---- What the classes do unless they are told otherwise -------------------------------------------------------------

TypeId
MptcpScheduler::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpScheduler").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

void
MptcpScheduler::OnEvent(const mpt_sched_event&)
{
}

uint32_t
MptcpScheduler::GetEvents() const
{
    return 0;
}

bool
MptcpScheduler::MakesCopies() const
{
    return false;
}

bool
MptcpScheduler::TakesNoCopies() const
{
    return false;
}

bool
MptcpScheduler::SpreadsBursts() const
{
    return false;
}

TypeId
MptcpCongestionOps::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpCongestionOps").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

void
MptcpCongestionOps::Init(mpt_cc&)
{
}

void
MptcpCongestionOps::OnAck(mpt_cc& subflow, const mpt_cc_group&, uint64_t ackedBytes)
{
    const uint64_t left = mpt_cc_slow_start(&subflow, ackedBytes);
    if (left > 0)
    {
        mpt_cc_grow(&subflow, left, subflow.cwnd_bytes);
    }
}

void
MptcpCongestionOps::OnLoss(mpt_cc& subflow, const mpt_cc_group& group, mpt_cc_loss kind, uint64_t flightBytes)
{
    mpt_cc_halve(&subflow, &group, kind, flightBytes, 0);
}

void
MptcpCongestionOps::OnUndo(mpt_cc& subflow)
{
    mpt_cc_undo(&subflow, 0);
}

void
MptcpCongestionOps::OnRestart(mpt_cc&)
{
}

void
MptcpCongestionOps::OnDelivered(mpt_cc&, const mpt_cc_sample&)
{
}

void
MptcpCongestionOps::OnRate(mpt_cc&, const mpt_cc_group&, mpt_cc_sample&)
{
}

void
MptcpCongestionOps::OnEvent(mpt_cc&, const mpt_cc_event&)
{
}

bool
MptcpCongestionOps::WantsRates() const
{
    return false;
}

bool
MptcpCongestionOps::OwnsWindow() const
{
    return false;
}

bool
MptcpCongestionOps::IsEachMarkEchoed() const
{
    return false;
}

MptcpCongestionOps*
MptcpCongestionOps::Of(const mpt_cc& subflow)
{
    return subflow.ops->init == &ControlInit ? &Held<MptcpCongestionOps>(subflow.priv) : nullptr;
}

TypeId
MptcpPathManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpPathManager").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

void
MptcpPathManager::OnEvent(mpt_conn*, const mpt_pm_event&)
{
}

} // namespace ns3
