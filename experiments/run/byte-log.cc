/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "byte-log.h"

#include "ns3/simulator.h"

#include <algorithm>

using namespace ns3;

namespace experiment
{

void
ByteLog::Add(uint32_t bytes)
{
    const int64_t now = Simulator::Now().GetNanoSeconds();
    if (!m_entries.empty() && m_entries.back().timeNs == now)
    {
        m_entries.back().totalBytes += bytes;
        return;
    }
    m_entries.push_back({now, Total() + bytes});
}

std::vector<ByteLog::Entry>::const_iterator
ByteLog::After(Time time) const
{
    return std::upper_bound(m_entries.begin(),
                            m_entries.end(),
                            time.GetNanoSeconds(),
                            [](int64_t timeNs, const Entry& entry) { return timeNs < entry.timeNs; });
}

uint64_t
ByteLog::Between(Time from, Time to) const
{
    const auto first = After(from);
    const auto last = After(to);
    const uint64_t before = first == m_entries.begin() ? 0 : std::prev(first)->totalBytes;
    const uint64_t until = last == m_entries.begin() ? 0 : std::prev(last)->totalBytes;
    return until > before ? until - before : 0;
}

uint64_t
ByteLog::Total() const
{
    return m_entries.empty() ? 0 : m_entries.back().totalBytes;
}

Time
ByteLog::LongestGap(Time from, Time to) const
{
    int64_t longest = 0;
    int64_t previous = from.GetNanoSeconds();
    for (auto entry = After(from); entry != m_entries.end() && entry->timeNs <= to.GetNanoSeconds(); ++entry)
    {
        longest = std::max(longest, entry->timeNs - previous);
        previous = entry->timeNs;
    }
    return NanoSeconds(std::max(longest, to.GetNanoSeconds() - previous));
}

std::optional<Time>
ByteLog::FirstAfter(Time time) const
{
    const auto entry = After(time);
    return entry == m_entries.end() ? std::nullopt : std::make_optional(NanoSeconds(entry->timeNs));
}

std::optional<Time>
ByteLog::LastUntil(Time time) const
{
    const auto entry = After(time);
    return entry == m_entries.begin() ? std::nullopt : std::make_optional(NanoSeconds(std::prev(entry)->timeNs));
}

} // namespace experiment
