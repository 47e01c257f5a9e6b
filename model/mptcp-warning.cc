/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-warning.h"

#include <iostream>

namespace ns3
{

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

} // namespace ns3
