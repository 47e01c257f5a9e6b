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
    : MptcpSharedBox(&m_box.box, true)
{
    mbx_sequence_rewriter_init(&m_box);
}

void
MptcpSequenceRewriter::Configure()
{
    m_box.has_sack = m_isSackTranslated;
}

} // namespace ns3
