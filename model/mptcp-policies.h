/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_POLICIES_H
#define MPTCP_POLICIES_H

#include "ns3/ptr.h"

#include <string>

struct mpt_cc_ops;
struct mpt_conn;
struct mpt_conn_settings;
struct mpt_pm_ops;
struct mpt_sched_ops;
struct mpt_stack;

namespace ns3
{

class MptcpCongestionOps;
class MptcpPathManager;
class MptcpScheduler;

/**
 * @ingroup mptcp
 * The policies that are none of the core's: classes by the name of their TypeId, and tables of C functions by their own.
 * The core knows each by a short name, and at a node from when on a socket there wants it. Private to the module;
 * programs use MptcpScheduler, MptcpCongestionOps, MptcpPathManager and MptcpHelper::AddScheduler() and the like.
 */
class MptcpPolicies
{
  public:
    /** What there are policies of. */
    enum Kind
    {
        CONGESTION_CONTROL, //!< mpt_cc_ops
        SCHEDULER,          //!< mpt_sched_ops
        PATH_MANAGER,       //!< mpt_pm_ops
    };

    /**
     * @param kind of policy
     * @param text value of the Attribute: a TypeId, perhaps with values of Attributes in brackets, or a name that was added
     * @return the core's name for it, empty where there is no such policy
     */
    static std::string Resolve(Kind kind, const std::string& text);
    /** @param kind of policy @param name the core's @return as the program named it */
    static std::string GetText(Kind kind, const std::string& name);

    static void Add(const mpt_cc_ops& ops); //!< @param ops to be known by its name; ends the program where it is wrong
    static void
    Add(const mpt_sched_ops& ops);          //!< @param ops to be known by its name; ends the program where it is wrong
    static void Add(const mpt_pm_ops& ops); //!< @param ops to be known by its name; ends the program where it is wrong

    /** Make the policies that are none of the core's known there. @param stack the core @param settings that name them */
    static void Register(mpt_stack* stack, const mpt_conn_settings& settings);
    /** Have the core's defaults in place of them. @param settings of a node, which knows none yet */
    static void Remove(mpt_conn_settings& settings);

    /** @param connection of the core @return the object that schedules it, null where that is none of a class */
    static Ptr<MptcpScheduler> FindScheduler(const mpt_conn* connection);
    /** @param connection of the core @return the object that manages its paths, null where that is none of a class */
    static Ptr<MptcpPathManager> FindPathManager(const mpt_conn* connection);
    /** @param connection of the core @param subflowId of it @return the object that controls its window, or null */
    static Ptr<MptcpCongestionOps> FindCongestionControl(const mpt_conn* connection, uint32_t subflowId);

    /** End the program where a policy calls back while it is asked. @param call what it wants */
    static void RefuseInside(const char* call);
};

} // namespace ns3

#endif /* MPTCP_POLICIES_H */
