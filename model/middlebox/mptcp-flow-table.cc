/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-flow-table.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

void
MptcpFlowLife::Note(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction)
{
    m_lastSegment = Simulator::Now();
    m_isReset = segment.HasFlags(MBX_RST);
    if (segment.HasFlags(MBX_SYN))
    {
        m_isOpen = false; // the first, or that of a new connection between the same ports
        m_hasEnded = {};
    }
    else if (!m_isReset)
    {
        m_isOpen = true;
    }
    if (segment.HasFlags(MBX_FIN))
    {
        m_hasEnded[direction] = true;
    }
}

bool
MptcpFlowLife::IsOver(Time idleTime) const
{
    const bool isOpen = m_isOpen && !m_isReset && !(m_hasEnded[MptcpMiddlebox::UP] && m_hasEnded[MptcpMiddlebox::DOWN]);
    return Simulator::Now() - m_lastSegment > (isOpen ? idleTime : std::min(idleTime, Seconds(TRANSITORY_SECONDS)));
}

} // namespace ns3
