/* SPDX-License-Identifier: GPL-2.0-only */
#include "script_topics.h"

extern const script_topic scripts_handshake, scripts_capable, scripts_join, scripts_address, scripts_data, scripts_close;

const script_topic *const script_topics[] = {&scripts_handshake, &scripts_capable, &scripts_join, &scripts_address, &scripts_data, &scripts_close, NULL};
