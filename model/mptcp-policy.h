/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_POLICY_H
#define MPTCP_POLICY_H

#include "ns3/mpt_ext.h"
#include "ns3/object.h"

/**
 * @file
 * @ingroup mptcp
 * Policies of a program's own, as classes. A class derives from one of the three below, registers a TypeId with a
 * constructor, and is chosen by its name: SetAttribute("Scheduler", StringValue("ns3::MyScheduler")) on a socket, with
 * MptcpHelper::SetAttribute() on nodes or with Config::SetDefault() for all; with values of its Attributes as well, as in
 * "ns3::MyScheduler[Burst=4]". What it is asked and told is plain data of the core, described in mpt_ext.h; the
 * functions of that header are at its service. The same policies in C: MptcpHelper::AddScheduler() and the like.
 *
 * An object is made for each connection (of a congestion control: for each subflow), when it begins, and let go of at
 * its end: what it remembers are members of its class. One more is made when the name is used first, to see what it
 * wants. Of a connection that its peer opened, the listener's names count.
 *
 * What a policy may not do is set right and counted (PolicyFaults), and a warning says so: a window of 0, a path without
 * room, an offset that is not outstanding, a wait that nothing would end or of no length, again and again. It may look at sockets, but not make them send,
 * receive or close while it is asked: Simulator::ScheduleNow() does that a moment later. A call that it may not make ends
 * the program with a message.
 */

namespace ns3
{

/**
 * @ingroup mptcp
 * Which path carries the next segment.
 */
class MptcpScheduler : public Object
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId

    /**
     * Asked until it says wait or no path has room; of a run of segments (run_bytes) only once, and again where its answer was not carried out.
     * @param view the paths and the stream
     * @return mpt_sched_new(), mpt_sched_copy() or mpt_sched_wait()
     */
    virtual mpt_sched_choice Next(const mpt_sched_view& view) = 0;
    virtual void OnEvent(const mpt_sched_event& event); //!< @param event one of GetEvents()
    virtual uint32_t GetEvents() const; //!< @return MPT_SCHED_EVENT() of those wanted, or-ed; unless overridden none
    virtual bool MakesCopies() const;   //!< @return whether it is asked when there are no new data, too
    virtual bool TakesNoCopies() const; //!< @return whether opportunistic retransmission is left out
    virtual bool SpreadsBursts() const; //!< @return whether bursts leave at the pace of the path's narrowest link
};

/**
 * @ingroup mptcp
 * How the window of a subflow grows and falls. Unless overridden it is Reno.
 */
class MptcpCongestionOps : public Object
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId

    virtual void Init(mpt_cc& subflow); //!< @param subflow begins; once more when the peer's MSS is known
    /**
     * New data were acknowledged outside of recovery while the window was in full use.
     * @param subflow whose cwnd_bytes may grow
     * @param group the connection's subflows
     * @param ackedBytes how much
     */
    virtual void OnAck(mpt_cc& subflow, const mpt_cc_group& group, uint64_t ackedBytes);
    /**
     * A sign of congestion: ssthresh_bytes is to be set.
     * @param subflow it
     * @param group the connection's subflows
     * @param kind which sign
     * @param flightBytes RFC 5681's FlightSize
     */
    virtual void OnLoss(mpt_cc& subflow, const mpt_cc_group& group, mpt_cc_loss kind, uint64_t flightBytes);
    virtual void OnUndo(mpt_cc& subflow);    //!< @param subflow whose last OnLoss() was spurious
    virtual void OnRestart(mpt_cc& subflow); //!< @param subflow whose window was lowered after an idle time
    /** @param subflow it @param sample of an acknowledgement, in whatever state the sender is */
    virtual void OnDelivered(mpt_cc& subflow, const mpt_cc_sample& sample);
    /**
     * Every acknowledgement with a sample of the delivery rate, where WantsRates(). May set pacing_bytes_per_s.
     * @param subflow it
     * @param group the connection's subflows
     * @param sample of the acknowledgement
     */
    virtual void OnRate(mpt_cc& subflow, const mpt_cc_group& group, mpt_cc_sample& sample);
    virtual void OnEvent(mpt_cc& subflow, const mpt_cc_event& event); //!< @param subflow it @param event what happened
    virtual bool WantsRates() const;       //!< @return whether OnRate() is wanted, which costs time
    virtual bool OwnsWindow() const;       //!< @return whether the window is its own alone; WantsRates() then
    virtual bool IsEachMarkEchoed() const; //!< @return whether ECN is that of RFC 8257

    /** @param subflow a member of a group @return its object, null where its congestion control is none of a class */
    static MptcpCongestionOps* Of(const mpt_cc& subflow);
};

/**
 * @ingroup mptcp
 * Which subflows there are.
 */
class MptcpPathManager : public Object
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId

    /**
     * Asked whenever something has happened.
     * @param view a pair of addresses
     * @return how many subflows this end shall open between them
     */
    virtual uint32_t Wanted(const mpt_pm_view& view) = 0;
    /**
     * Something has happened. mpt_pm_close(), mpt_pm_set_backup(), mpt_pm_announce(), mpt_pm_withdraw() and
     * mpt_pm_set_timer() may be called here.
     * @param connection for those
     * @param event what
     */
    virtual void OnEvent(mpt_conn* connection, const mpt_pm_event& event);
};

} // namespace ns3

#endif /* MPTCP_POLICY_H */
