/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_WARNING_H
#define MPTCP_WARNING_H

#include <set>
#include <string>

namespace ns3
{

/**
 * @ingroup mptcp
 * Warnings to a program that asks for what it will not get. They go to standard error whatever the build profile and
 * NS_LOG are, each text once.
 */
class MptcpWarning
{
  public:
    /** @param text what was asked for, and what to do instead */
    static void Tell(const std::string& text);
    static const std::set<std::string>& GetTold(); //!< @return all warnings so far
};

} // namespace ns3

#endif /* MPTCP_WARNING_H */
