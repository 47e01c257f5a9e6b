/* SPDX-License-Identifier: GPL-2.0-or-later */
/** script_core.h: a script's stack is the core itself, in virtual time. */
#ifndef SCRIPT_CORE_H
#define SCRIPT_CORE_H

#include "script.h"

/**
 * @param has_payload false: the host vouches for checksums and carries no payload. @return true when the script passed
 */
bool script_core_play(const script *s, const char *file, bool has_payload, bool is_verbose);

#endif
