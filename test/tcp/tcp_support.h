/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp_support.h: cmocka and the host's part that every program with the core has to bring: memory and the assert hook. */
#ifndef TCP_SUPPORT_H
#define TCP_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mpt.h"

extern const mpt_mem tcp_test_mem;

#endif
