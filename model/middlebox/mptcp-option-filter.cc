/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-option-filter.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/integer.h"
#include "mptcp-compat.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpOptionFilter);

TypeId
MptcpOptionFilter::GetTypeId()
{
    static TypeId tid = AddScope(TypeId("ns3::MptcpOptionFilter").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
                            .AddConstructor<MptcpOptionFilter>()
                            .AddAttribute("Kind",
                                          "Kind of the TCP option; 30 is MPTCP",
                                          UintegerValue(MBX_OPTION_MPTCP),
                                          MakeUintegerAccessor(&MptcpOptionFilter::m_kind),
                                          MakeUintegerChecker<uint8_t>(2))
                            .AddAttribute("Subtype",
                                          "Subtype of the MPTCP option, 0 = MP_CAPABLE to 8 = MP_TCPRST; -1: any",
                                          IntegerValue(MBX_ANY_SUBTYPE),
                                          MakeIntegerAccessor(&MptcpOptionFilter::m_subtype),
                                          MakeIntegerChecker<int>(MBX_ANY_SUBTYPE, 15))
                            .AddAttribute("Segments",
                                          "Segments to look at: all, those with SYN, those with payload",
                                          MPTCP_ENUM_VALUE(Segments)(ALL),
                                          MPTCP_MAKE_ENUM_ACCESSOR(Segments)(&MptcpOptionFilter::m_segments),
                                          MakeEnumChecker(ALL, "All", SYN, "Syn", DATA, "Data"))
                            .AddAttribute("Action",
                                          "Overwrite the option with NOPs, or drop its segment",
                                          MPTCP_ENUM_VALUE(Action)(STRIP),
                                          MPTCP_MAKE_ENUM_ACCESSOR(Action)(&MptcpOptionFilter::m_action),
                                          MakeEnumChecker(STRIP, "Strip", DROP, "Drop"))
                            .AddAttribute("Probability",
                                          "That it happens to a segment with such an option",
                                          DoubleValue(1),
                                          MakeDoubleAccessor(&MptcpOptionFilter::m_probability),
                                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

MptcpOptionFilter::MptcpOptionFilter()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

int64_t
MptcpOptionFilter::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

bool
MptcpOptionFilter::IsAffected(const Segment& segment, Direction direction) const
{
    const bool isLookedAt =
        m_segments == ALL || (m_segments == SYN ? segment.HasFlags(MBX_SYN) : segment.GetPayloadBytes() > 0);
    return isLookedAt && IsInScope(direction) && mbx_option_find(&segment.tcp, m_kind, m_subtype) &&
           (m_probability == 1 || m_random->GetValue() < m_probability);
}

void
MptcpOptionFilter::Process(Segment& segment, Direction direction)
{
    if (IsAffected(segment, direction))
    {
        CountAction();
        if (m_action == DROP)
        {
            return;
        }
        mbx_option_remove(&segment.tcp, m_kind, m_subtype);
    }
    Forward(segment, direction);
}

} // namespace ns3
