/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-log.h"

#include "ns3/log.h"

#include <iostream>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("Mptcp");

namespace
{

std::set<std::string>&
Told()
{
    static std::set<std::string> told;
    return told;
}

} // namespace

void
MptcpWarning::Tell(const std::string& text)
{
    if (Told().insert(text).second)
    {
        std::cerr << "mptcp: warning: " << text << std::endl;
    }
}

const std::set<std::string>&
MptcpWarning::GetTold()
{
    return Told();
}

bool
MptcpLog::IsOn()
{
#ifdef NS3_LOG_ENABLE
    return g_log.IsEnabled(LOG_INFO);
#else
    return false;
#endif
}

void
MptcpLog::Write(const std::string& text)
{
    NS_LOG_INFO(text);
}

} // namespace ns3
