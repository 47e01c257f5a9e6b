/* SPDX-License-Identifier: GPL-2.0-or-later */
/** script_topics.h: all scripts there are, one topic a file scripts_*.c. */
#ifndef SCRIPT_TOPICS_H
#define SCRIPT_TOPICS_H

#include "script.h"

extern const script_topic *const script_topics[]; /**< NULL at the end */

#endif
