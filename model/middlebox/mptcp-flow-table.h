/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_FLOW_TABLE_H
#define MPTCP_FLOW_TABLE_H

#include "mptcp-shared-box.h"

#include <type_traits>

namespace ns3
{

/**
 * @ingroup mptcp
 * What a box of one's own knows of each connection that passes it, for as long as mbx_flows.h says (RFC 5382 section 5,
 * RFC 6146 section 3.5.2): while it is open, for hours without a segment; while it is opening, after an RST or after both
 * ends' FINs, for four minutes. Segments that follow an RST show that it was not believed; the connection counts as open.
 */
template <typename State>
class MptcpFlowTable
{
    static_assert(std::is_trivially_copyable_v<State>,
                  "a connection begins with zeroed memory, and ends without a word");

  public:
    static constexpr std::size_t FLOWS_MAX = MBX_FLOWS_MAX; //!< connections at once

    MptcpFlowTable() = default;

    ~MptcpFlowTable()
    {
        mbx_flows_free(&m_flows, &m_host);
    }

    MptcpFlowTable(const MptcpFlowTable&) = delete;
    MptcpFlowTable& operator=(const MptcpFlowTable&) = delete;

    /**
     * @param segment that passes
     * @param direction which way it goes
     * @return what is known of its connection, valid until the next call of Open(); null when nothing is
     */
    State* Find(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction)
    {
        const mbx_segment view = MptcpSharedBox::GetView(segment);
        return static_cast<State*>(mbx_flows_find(&m_flows, &m_host, &view, static_cast<mbx_direction>(direction)));
    }

    /**
     * As Find(), but an unknown connection is known from now on, zeroed.
     * @param segment that passes
     * @param direction which way it goes
     * @return what is known of its connection; null when there is no room for another one
     */
    State* Open(const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction)
    {
        const mbx_segment view = MptcpSharedBox::GetView(segment);
        return static_cast<State*>(mbx_flows_open(&m_flows, &m_host, &view, static_cast<mbx_direction>(direction)));
    }

    //! @return connections in memory, some of which may be over
    std::size_t GetSize() const
    {
        return m_flows.table.count;
    }

  private:
    mbx_host m_host{MptcpSharedBox::MakeHost(nullptr)}; //!< time and memory
    mbx_flows m_flows{{}, sizeof(State), 0};            //!< all connections
};

} // namespace ns3

#endif /* MPTCP_FLOW_TABLE_H */
