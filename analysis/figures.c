/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "figures.h"

const figure figures[] = {
    {"handover-timeline", "handover", "goodput over time: the phone leaves Wi-Fi range and comes back",
     figure_handover_timeline},
    {"handover-stall", "handover", "longest stall of the application against walking speed", figure_handover_stall},
    {"handover-goodput", "handover", "goodput in range and out of range against walking speed",
     figure_handover_goodput},
    {"fairness", "fairness", "MPTCP's share against one TCP flow's, and Jain's index", figure_fairness},
    {"single-sqrt-law", "single", "square-root law of the single-path TCP", figure_sqrt_law},
};
const size_t figures_count = sizeof figures / sizeof *figures;
