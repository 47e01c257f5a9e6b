/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points that fill a cube evenly. GSL makes them, so that mptcp-lab as a whole is under the terms of GPL version 3. */
#ifndef LAB_SWEEP_DESIGN_H
#define LAB_SWEEP_DESIGN_H

#include "sweep_file.h"

/* count * dimensions numbers in [0, 1), a point after the other; to be freed. The same design gives the same numbers. */
double *sweep_design_make(const sweep_design *design, size_t dimensions);

#endif
