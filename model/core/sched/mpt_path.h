/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_path.h: a subflow as schedulers see it: its TCP, and how soon it delivers. */
#ifndef MPT_PATH_H
#define MPT_PATH_H

#include "sched/mpt_arrival.h"

struct mpt_path {
    mpt_tcp *tcp;
    uint32_t id;    /**< of the subflow */
    bool is_backup; /**< one of the ends asked for that */
    mpt_arrival arrival;
    mpt_time penalised_at;
    void *priv; /**< path_priv_bytes of the scheduler, zeroed at the subflow's start */
};

#endif
