/* SPDX-License-Identifier: GPL-2.0-only */
#include "script_topics.h"

extern const script_topic scripts_handshake, scripts_join, scripts_data;

const script_topic *const script_topics[] = {&scripts_handshake, &scripts_join, &scripts_data, NULL};
