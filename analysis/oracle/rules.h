/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each algorithm does, in packets, as its paper says: used by the differential equations (fluid_ode.c) and by the
 * packet sender (sender.c). The equilibria of fluid_root.c are solved on paper instead and share nothing with this.
 */
#ifndef ORACLE_RULES_H
#define ORACLE_RULES_H

#include "network.h"

typedef struct {
    double window; /* packets */
    double rtt_s;
    double between_losses; /* packets from one loss to the next: OLIA's l */
} rule_path;

/* By how much the window of path r grows with one acknowledged packet in congestion avoidance (not CUBIC, wVegas). */
double rule_increase(rule_kind rule, const rule_path *path, size_t n, size_t r);
/* By how much it falls with a loss. */
double rule_decrease(rule_kind rule, const rule_path *path, size_t n, size_t r);

/* RFC 6356, equation 4: alpha_scale times alpha, a whole number, of windows in bytes. */
#define LIA_ALPHA_SCALE 512
#define LIA_PACKET_BYTES 1448
double rule_lia_alpha(const rule_path *path, size_t n);

/* wVegas: packets that path r shall have queued. */
double wvegas_target(const rule_path *path, size_t n, size_t r);

/* RFC 9438 with beta = 0.7: packets / s^3; Reno's increase in the friendly region; seconds to reach w_max again. */
#define CUBIC_C 0.4
#define CUBIC_BETA 0.7
#define CUBIC_ALPHA (3 * (1 - CUBIC_BETA) / (1 + CUBIC_BETA))
double cubic_k(double w_max);

/* RFC 8257: weight of the newest window's marked part in alpha. */
#define DCTCP_GAIN (1.0 / 16)

#endif
