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
    : MptcpSharedBox(&m_box.box, true)
{
    mbx_option_filter_init(&m_box);
}

void
MptcpOptionFilter::Configure()
{
    m_box.kind = m_kind;
    m_box.subtype = m_subtype;
    m_box.segments = static_cast<mbx_filter_segments>(m_segments);
    m_box.is_dropping = m_action == DROP;
    m_box.probability = m_probability;
}

} // namespace ns3
