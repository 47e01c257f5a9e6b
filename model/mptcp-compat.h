/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_COMPAT_H
#define MPTCP_COMPAT_H

/**
 * @file
 * @ingroup mptcp
 * Every difference between the supported ns-3 versions (3.37 to 3.48), and nothing else.
 *
 * The build may define MPTCP_NS3_VERSION (100 * major + minor, e.g. 337); without it ns-3's own version header is read.
 */

#ifndef MPTCP_NS3_VERSION
#include "ns3/version-defines.h"
#define MPTCP_NS3_VERSION (100 * NS3_VERSION_MAJOR + NS3_VERSION_MINOR)
#endif

#if MPTCP_NS3_VERSION < 337
#error "ns-3 3.37 or later is needed"
#endif

/** From 3.39 the callbacks of RouteInput() are const references. */
#if MPTCP_NS3_VERSION < 339
#define MPTCP_ROUTE_CALLBACK(type) type
#else
#define MPTCP_ROUTE_CALLBACK(type) const type&
#endif

/** Up to 3.38 the type of the TCP layer is told to InternetStackHelper; later it is aggregated before Install(). */
#if MPTCP_NS3_VERSION < 339
#define MPTCP_HAS_SET_TCP 1
#else
#define MPTCP_HAS_SET_TCP 0
#endif

/** From 3.41 MakeEnumAccessor() wants the type of the enumeration. */
#if MPTCP_NS3_VERSION < 341
#define MPTCP_ENUM_VALUE(type) EnumValue
#define MPTCP_MAKE_ENUM_ACCESSOR(type) MakeEnumAccessor
#else
#define MPTCP_ENUM_VALUE(type) EnumValue<type>
#define MPTCP_MAKE_ENUM_ACCESSOR(type) MakeEnumAccessor<type>
#endif

#endif /* MPTCP_COMPAT_H */
