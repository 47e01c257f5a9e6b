/* SPDX-License-Identifier: GPL-2.0-or-later */
/** core_action.h: what happens to a host at a time given on the command line: SECONDS:WHAT[:PATH]. */
#ifndef CORE_ACTION_H
#define CORE_ACTION_H

#include "core_host.h"

enum { CORE_ACTIONS_MAX = 16 };

/** X(name, what happens) */
/* clang-format off */
#define CORE_ACTIONS(X)                                                                                              \
    X(down, "the core's address of the path vanishes")                                                               \
    X(up, "it comes back")                                                                                           \
    X(backup, "it asks to be used as backup only")                                                                   \
    X(regular, "it asks to be used like others")                                                                     \
    X(break, "the path loses every packet, without a word")                                                          \
    X(mend, "it carries packets again")                                                                              \
    X(abort, "every application aborts its connection")
/* clang-format on */

typedef enum core_action_kind {
#define X(name, help) CORE_ACTION_##name,
    CORE_ACTIONS(X)
#undef X
        CORE_ACTION_KINDS
} core_action_kind;

typedef struct core_action {
    mpt_time after_ns; /**< since the host was busy */
    core_action_kind kind;
    uint32_t path; /**< 0, 1, ...; on the command line 1, 2, ... */
    bool is_done;
} core_action;

/** @return false: not an action. */
bool core_action_parse(core_action *a, const char *text);
/** Do what is due. @return when the next one is; MPT_NEVER: none, or not busy yet */
mpt_time core_action_run(core_action *actions, uint32_t count, core_host *h, mpt_time now);

#endif
