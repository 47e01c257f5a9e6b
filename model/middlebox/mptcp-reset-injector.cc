/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-reset-injector.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpResetInjector);

TypeId
MptcpResetInjector::GetTypeId()
{
    static TypeId tid =
        AddScope(TypeId("ns3::MptcpResetInjector").SetParent<MptcpMiddlebox>().SetGroupName("Mptcp"))
            .AddConstructor<MptcpResetInjector>()
            .AddAttribute("AfterBytes",
                          "Strike when a connection has sent so much payload (bytes); 0: never for that reason",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpResetInjector::m_afterBytes),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("Probability",
                          "That a data segment is struck at random",
                          DoubleValue(0),
                          MakeDoubleAccessor(&MptcpResetInjector::m_probability),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

MptcpResetInjector::MptcpResetInjector()
    : MptcpSharedBox(&m_box.box, true)
{
    mbx_reset_injector_init(&m_box);
}

void
MptcpResetInjector::Configure()
{
    m_box.after_bytes = m_afterBytes;
    m_box.probability = m_probability;
}

} // namespace ns3
