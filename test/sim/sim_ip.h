/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_ip.h: the IP header before a segment, for captures and real networks. */
#ifndef SIM_IP_H
#define SIM_IP_H

#include "mpt.h"

enum { SIM_IP_BYTES_MAX = 40, SIM_IP_TCP = 6 };

/** Write the header (no options, don't fragment) of @p s. @return its length: 20 or 40 bytes */
uint32_t sim_ip_header(uint8_t out[SIM_IP_BYTES_MAX], const mpt_segment *s);

#endif
