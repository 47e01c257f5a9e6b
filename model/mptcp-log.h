/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_LOG_H
#define MPTCP_LOG_H

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

/**
 * @ingroup mptcp
 * The log component "Mptcp" of all files of the module: what becomes of addresses, connections and subflows, and why
 * (NS_LOG="Mptcp=info|prefix_time").
 */
class MptcpLog
{
  public:
    static bool IsOn();                         //!< @return whether someone reads it
    static void Write(const std::string& text); //!< @param text one line
};

} // namespace ns3

#endif /* MPTCP_LOG_H */
