/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-sequence-rewriter.h"

#include "ns3/boolean.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSequenceRewriter);

TypeId
MptcpSequenceRewriter::GetTypeId()
{
    static TypeId tid = AddScope(TypeId("ns3::MptcpSequenceRewriter").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
                            .AddConstructor<MptcpSequenceRewriter>()
                            .AddAttribute("Sack",
                                          "Translate the edges of SACK blocks, too",
                                          BooleanValue(true),
                                          MakeBooleanAccessor(&MptcpSequenceRewriter::m_isSackTranslated),
                                          MakeBooleanChecker());
    return tid;
}

MptcpSequenceRewriter::MptcpSequenceRewriter()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

int64_t
MptcpSequenceRewriter::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
MptcpSequenceRewriter::Process(Segment& segment, Direction direction)
{
    Offsets* offsets = m_offsets.Find(segment, direction);
    if (!offsets && segment.HasFlags(MBX_SYN) && !segment.HasFlags(MBX_ACK))
    {
        offsets = Draw(segment, direction);
    }
    if (offsets)
    {
        CountAction();
        segment.SetSeq(segment.GetSeq() + (*offsets)[direction]);
        TranslateAcks(segment, (*offsets)[Opposite(direction)]);
    }
    Forward(segment, direction);
}

MptcpSequenceRewriter::Offsets*
MptcpSequenceRewriter::Draw(const Segment& syn, Direction direction)
{
    Offsets* offsets = m_offsets.Open(syn, direction);
    for (const Direction way : {UP, DOWN})
    {
        if (offsets && IsInScope(way))
        {
            (*offsets)[way] = m_random->GetInteger(1, UINT32_MAX);
        }
    }
    return offsets;
}

void
MptcpSequenceRewriter::TranslateAcks(Segment& segment, uint32_t offset) const
{
    if (!segment.HasFlags(MBX_ACK))
    {
        return;
    }
    segment.SetAck(segment.GetAck() - offset);
    uint8_t at[MBX_SACK_EDGES_MAX];
    const uint32_t edges = m_isSackTranslated ? mbx_sack_edges(&segment.tcp, at) : 0;
    for (uint32_t i = 0; i < edges; i++)
    {
        uint8_t* edge = segment.tcp.bytes + at[i];
        mbx_put32(edge, mbx_get32(edge) - offset);
    }
}

} // namespace ns3
