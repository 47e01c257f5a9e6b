/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * policy_file.h: policies out of shared objects, for either engine: `scheduler: ./mine.so'. Such a file defines one of
 *
 *   const mpt_sched_ops mptcp_scheduler;  const mpt_cc_ops mptcp_congestion_control;  const mpt_pm_ops mptcp_path_manager;
 *
 * (mpt_ext.h; examples/policy_*.c) and may call the functions of the core which that header declares.
 */
#ifndef EXP_POLICY_FILE_H
#define EXP_POLICY_FILE_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum policy_kind { POLICY_CONGESTION_CONTROL, POLICY_SCHEDULER, POLICY_PATH_MANAGER };

/** @return whether the value of a setting is a file, not a name of the core's. */
bool policy_is_file(const char *value);
/** Load a policy. @return its table of functions, of the kind's type; NULL: *error says what was wrong */
const void *policy_load(enum policy_kind kind, const char *file, const char **error);

#ifdef __cplusplus
}
#endif
#endif
