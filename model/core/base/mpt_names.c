/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mpt_names.c: names of the enumerations that a host shows to people. */
#include "mpt.h"

const char *mpt_status_name(mpt_status status) {
    switch (status) {
#define MPT_X(name)                                                                                                    \
    case name: return #name;
        MPT_X(MPT_OK)
        MPT_X(MPT_ERR_MEMORY)
        MPT_X(MPT_ERR_LIMIT)
        MPT_X(MPT_ERR_STATE)
        MPT_X(MPT_ERR_ADDRESS)
        MPT_X(MPT_ERR_NAME)
        MPT_X(MPT_ERR_SETTING)
        MPT_X(MPT_ERR_NOT_OURS)
        MPT_X(MPT_ERR_MALFORMED)
        MPT_X(MPT_ERR_REFUSED)
        MPT_X(MPT_ERR_RESET)
        MPT_X(MPT_ERR_TIMEOUT)
        MPT_X(MPT_ERR_ABORTED)
#undef MPT_X
    }
    return "unknown status";
}

const char *mpt_tcp_state_name(mpt_tcp_state s) {
    switch (s) {
#define MPT_X(name)                                                                                                    \
    case MPT_TCP_##name: return #name;
        MPT_TCP_STATES(MPT_X)
#undef MPT_X
    }
    return "unknown state";
}
