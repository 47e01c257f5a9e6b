/* SPDX-License-Identifier: GPL-2.0-or-later */
/** core_settings.h: settings of the core by name. */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "mpt.h"

/** Set what "NAME=VALUE" says; times in nanoseconds. @return false: no such setting or not a value of its type */
bool core_settings_set(mpt_conn_settings *s, const char *text);

#endif
