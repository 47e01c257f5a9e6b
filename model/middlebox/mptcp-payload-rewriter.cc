/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-payload-rewriter.h"

#include "ns3/abort.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <vector>

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

void
MptcpPayloadRewriter::Process(Segment& segment, Direction direction)
{
    const bool isStart = segment.HasFlags(MBX_SYN) && IsInScope(direction);
    Flow* flow = isStart ? m_flows.Open(segment, direction) : m_flows.Find(segment, direction);
    if (flow)
    {
        Stream& own = (*flow)[direction];
        Stream& reverse = (*flow)[Opposite(direction)];
        if (isStart)
        {
            Start(own, segment);
        }
        else if (own.isKnown && !segment.HasFlags(MBX_SYN))
        {
            Edit(own, segment);
        }
        if (reverse.isKnown && segment.HasFlags(MBX_ACK))
        {
            TranslateAcks(reverse, segment);
        }
    }
    Forward(segment, direction);
}

void
MptcpPayloadRewriter::Start(Stream& stream, const Segment& segment) const
{
    NS_ABORT_MSG_UNLESS(m_interval == 0 || m_interval >= m_removed,
                        "MptcpPayloadRewriter: Interval is less than Removed");
    const uint32_t first = segment.GetSeq() + 1;
    if (stream.isKnown && stream.first == first)
    {
        return; // sent again
    }
    stream = Stream{true, first, 0, 0, {}};
    stream.edits = {static_cast<int64_t>(m_position),
                    static_cast<int64_t>(m_interval),
                    m_removed,
                    m_inserted,
                    INT64_MAX};
}

void
MptcpPayloadRewriter::Edit(Stream& stream, Segment& segment)
{
    const uint32_t bytes = segment.GetPayloadBytes();
    const int64_t start = mbx_distance(segment.GetSeq(), stream.first, stream.sent);
    const int64_t end = start + bytes;
    stream.sent = std::max(stream.sent, end);
    if (segment.HasFlags(MBX_FIN))
    {
        stream.edits.end = end;
    }
    const int64_t newStart = mbx_edits_forward(&stream.edits, start);
    const auto newBytes = static_cast<uint32_t>(mbx_edits_forward(&stream.edits, end) - newStart);
    segment.SetSeq(stream.first + static_cast<uint32_t>(newStart));
    if (bytes == 0)
    {
        return;
    }
    std::vector<uint8_t> before(bytes);
    std::vector<uint8_t> after(newBytes);
    segment.payload->CopyData(before.data(), bytes);
    mbx_edits_apply(&stream.edits, start, before.data(), bytes, after.data());
    if (before != after)
    {
        CountAction();
        segment.payload = Create<Packet>(after.data(), newBytes);
    }
}

uint32_t
MptcpPayloadRewriter::TranslateAck(const Stream& stream, uint32_t number)
{
    const int64_t renewed = mbx_distance(number, stream.first, stream.acked);
    const int64_t old = mbx_edits_backward(&stream.edits, renewed);
    // Of bytes that an edit leaves nothing of, none may be acknowledged before it is sent; a FIN counts as one.
    return stream.first + static_cast<uint32_t>(std::min(old, stream.sent + (stream.edits.end == INT64_MAX ? 0 : 1)));
}

void
MptcpPayloadRewriter::TranslateAcks(Stream& stream, Segment& segment)
{
    stream.acked = mbx_distance(segment.GetAck(), stream.first, stream.acked);
    segment.SetAck(TranslateAck(stream, segment.GetAck()));
    uint8_t at[MBX_SACK_EDGES_MAX];
    const uint32_t edges = mbx_sack_edges(&segment.tcp, at);
    for (uint32_t i = 0; i < edges; i++)
    {
        uint8_t* edge = segment.tcp.bytes + at[i];
        mbx_put32(edge, TranslateAck(stream, mbx_get32(edge)));
    }
}

} // namespace ns3
