/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-payload-rewriter.h"

#include "ns3/abort.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPayloadRewriter);

TypeId
MptcpPayloadRewriter::GetTypeId()
{
    static TypeId tid =
        AddScope(TypeId("ns3::MptcpPayloadRewriter").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
            .AddConstructor<MptcpPayloadRewriter>()
            .AddAttribute("Position",
                          "Where in a connection's payload the first edit is (bytes)",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpPayloadRewriter::m_position),
                          MakeUintegerChecker<uint64_t>(0, INT64_MAX / 4))
            .AddAttribute("Interval",
                          "Distance from an edit to the next (bytes), at least Removed; 0: there is only one",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpPayloadRewriter::m_interval),
                          MakeUintegerChecker<uint64_t>(0, INT64_MAX / 4))
            .AddAttribute("Removed",
                          "Bytes that an edit takes out",
                          UintegerValue(1),
                          MakeUintegerAccessor(&MptcpPayloadRewriter::m_removed),
                          MakeUintegerChecker<uint32_t>(1, 1000))
            .AddAttribute("Inserted",
                          "Bytes that an edit puts in, different from those that it takes out",
                          UintegerValue(4),
                          MakeUintegerAccessor(&MptcpPayloadRewriter::m_inserted),
                          MakeUintegerChecker<uint32_t>(1, 1000));
    return tid;
}

MptcpPayloadRewriter::MptcpPayloadRewriter()
    : MptcpSharedBox(&m_box.box, false)
{
    mbx_payload_rewriter_init(&m_box);
}

void
MptcpPayloadRewriter::Configure()
{
    NS_ABORT_MSG_UNLESS(m_interval == 0 || m_interval >= m_removed,
                        "MptcpPayloadRewriter: Interval is less than Removed");
    m_box.edits = {static_cast<int64_t>(m_position),
                   static_cast<int64_t>(m_interval),
                   m_removed,
                   m_inserted,
                   INT64_MAX};
}

} // namespace ns3
