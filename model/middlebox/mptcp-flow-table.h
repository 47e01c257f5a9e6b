/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_FLOW_TABLE_H
#define MPTCP_FLOW_TABLE_H

#include "mptcp-middlebox.h"

#include "ns3/nstime.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * How long a box remembers a connection (RFC 5382 section 5, RFC 6146 section 3.5.2): while it is open, for hours without
 * a segment; while it is opening, after an RST or after both ends' FINs, for four minutes. Segments that follow an RST
 * show that it was not believed; the connection counts as open again.
 */
class MptcpFlowLife
{
  public:
    static constexpr int64_t IDLE_SECONDS = 7440;      //!< of an open connection: 2 h 4 min
    static constexpr int64_t TRANSITORY_SECONDS = 240; //!< of one that opens or has ended

    /** A segment of the connection passes. @param segment the segment @param direction which way it goes */
    void Note(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction);
    /** @param idleTime that an open connection may take @return whether it has been idle for too long */
    bool IsOver(Time idleTime = Seconds(IDLE_SECONDS)) const;

  private:
    Time m_lastSegment;               //!< when it passed
    bool m_isOpen{false};             //!< SYNs are over
    bool m_isReset{false};            //!< the last segment was an RST
    std::array<bool, 2> m_hasEnded{}; //!< whether a FIN went UP, and DOWN
};

/**
 * @ingroup mptcp
 * What a box knows of each connection that passes it, for as long as MptcpFlowLife says, and of so many at once.
 */
template <typename State>
class MptcpFlowTable
{
  public:
    static constexpr std::size_t FLOWS_MAX = 65536; //!< connections at once

    /**
     * @param segment that passes
     * @param direction which way it goes
     * @return what is known of its connection, valid until the next call of Open(); null when nothing is
     */
    State* Find(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction);
    /**
     * As Find(), but an unknown connection is known from now on, with a State{}.
     * @param segment that passes
     * @param direction which way it goes
     * @return what is known of its connection; null when there is no room for another one
     */
    State* Open(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction);
    std::size_t GetSize() const; //!< @return connections in memory, some of which may be over

  private:
    /** One connection. */
    struct Entry
    {
        MptcpFlowLife life; //!< how long it is remembered
        State state{};      //!< the box's
    };

    void Sweep(); //!< Forget all connections that are over

    static constexpr std::size_t SWEEP_FIRST = 64; //!< connections at the first look for those that are over

    std::map<MptcpMiddlebox::FlowKey, Entry> m_entries; //!< all connections
    std::size_t m_sweepAt{SWEEP_FIRST};                 //!< size at which to look again
};

template <typename State>
State*
MptcpFlowTable<State>::Find(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction)
{
    const auto found = m_entries.find(MptcpMiddlebox::GetFlow(segment, direction));
    if (found == m_entries.end())
    {
        return nullptr;
    }
    if (found->second.life.IsOver())
    {
        m_entries.erase(found);
        return nullptr;
    }
    found->second.life.Note(segment, direction);
    return &found->second.state;
}

template <typename State>
State*
MptcpFlowTable<State>::Open(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction)
{
    if (State* known = Find(segment, direction))
    {
        return known;
    }
    if (m_entries.size() >= m_sweepAt)
    {
        Sweep();
    }
    if (m_entries.size() >= FLOWS_MAX)
    {
        return nullptr;
    }
    Entry& entry = m_entries[MptcpMiddlebox::GetFlow(segment, direction)];
    entry.life.Note(segment, direction);
    return &entry.state;
}

template <typename State>
std::size_t
MptcpFlowTable<State>::GetSize() const
{
    return m_entries.size();
}

template <typename State>
void
MptcpFlowTable<State>::Sweep()
{
    for (auto next = m_entries.begin(); next != m_entries.end();)
    {
        next = next->second.life.IsOver() ? m_entries.erase(next) : std::next(next);
    }
    // Looking at all of them at each doubling costs each connection a constant.
    m_sweepAt = std::min(FLOWS_MAX, std::max(SWEEP_FIRST, 2 * m_entries.size()));
}

} // namespace ns3

#endif /* MPTCP_FLOW_TABLE_H */
