/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_pm.h: mechanism of path management: pairs of addresses, back-off, joins. Which pairs get a subflow a policy says (pm/mpt_pm_ops.h).
 */
#ifndef MPT_PM_H
#define MPT_PM_H

#include "pm/mpt_pm_ops.h"

typedef struct mpt_subflow mpt_subflow;

#define MPT_REMOTES_MAX 16
#define MPT_PAIRS_MAX (MPT_ADDRESSES_MAX * MPT_REMOTES_MAX)

/** What the end of a subflow says about another one between the same addresses. */
typedef enum mpt_verdict {
    MPT_VERDICT_AGAIN, /**< nothing: it is tried again, at growing distances */
    MPT_VERDICT_MEDDLED, /**< a middlebox changes payload or takes options there (RFC 8684 3.7): only when no subflow is alive */
    MPT_VERDICT_REFUSED /**< for good, says the peer's MP_TCPRST (3.6): only when no subflow is alive, and late */
} mpt_verdict;

/** A pair whose subflow failed: not before retry_at again. */
typedef struct mpt_pair {
    mpt_addr local;
    mpt_endpoint remote;
    bool has_worked;   /**< data went over it: it is a path, and its return is looked for */
    uint32_t failures; /**< since it worked last */
    mpt_verdict verdict;
    mpt_time failed_at, retry_at;
} mpt_pair;

typedef struct mpt_pm {
    const mpt_pm_ops *ops;
    void *priv;        /**< the policy's own */
    mpt_time timer_at; /**< and its timer */
    mpt_remote remotes[MPT_REMOTES_MAX];
    uint32_t remote_count;
    mpt_pair *pairs; /**< an array that grows */
    uint32_t pair_count, pair_capacity;
    mpt_time retry_at;     /**< earliest retry of a pair; MPT_NEVER */
    mpt_time paused_until; /**< there was no memory to open one, or to remember that it failed */
    mpt_time room_until;   /**< places are kept for addresses that have no subflow */
} mpt_pm;

/** @param priv of the policy, zeroed */
void mpt_pm_init(mpt_conn *c, void *priv);
/** Let the policy know. @param sf,addr where the event has them, else NULL */
void mpt_pm_tell(mpt_conn *c, mpt_pm_event_kind kind, const mpt_subflow *sf, const mpt_addr *addr);
void mpt_pm_free(mpt_conn *c);
void mpt_pm_timer(mpt_conn *c, mpt_time now);
/** Addresses, peers or subflows changed: at the end of this input, when all of it is known, what is wanted and missing is opened. */
void mpt_pm_update(mpt_conn *c);
/** The end of an input. */
void mpt_pm_settle(mpt_conn *c, mpt_time now);
/** @return MPT_OK (also when it is known already), MPT_ERR_ADDRESS: the id is another address's, or MPT_ERR_LIMIT: no room for one more. */
mpt_status mpt_pm_remote_add(mpt_conn *c, uint8_t id, const mpt_endpoint *e, mpt_time now);
/** @return NULL: no address of the peer's is known by that id */
const mpt_remote *mpt_pm_remote_find(const mpt_conn *c, uint8_t id);
/**
 * The peer withdrew this address: no further joins to it. Its initial one (id 0) may be all that is left: it is tried again when no
 * subflow is alive. @return false when it was not known
 */
bool mpt_pm_remote_remove(mpt_conn *c, uint8_t id);
/** @p sf failed or ends, still in the state of its last moment: back off. */
void mpt_pm_failed(mpt_subflow *sf, mpt_time now);
/** No subflow works any more: what is being tried is tried at once. */
void mpt_pm_in_need(mpt_conn *c, mpt_time now);
/** Would a subflow from @p local be opened again when one ended? */
bool mpt_pm_opens_from(const mpt_conn *c, const mpt_local_address *local);
/** A local address came back: try its pairs at once. */
void mpt_pm_local_up(mpt_conn *c, const mpt_addr *local);
/** The link behind a local address is back: unanswered SYNs from there are repeated at once. */
void mpt_pm_restart_syns(mpt_conn *c, const mpt_addr *local);

#endif
