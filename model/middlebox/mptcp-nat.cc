/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-nat.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpNat);

TypeId
MptcpNat::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpNat")
            .SetParent<MptcpMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpNat>()
            .AddAttribute("Address",
                          "Address outside, which has to be routed to the link; 0.0.0.0: hosts keep theirs, only "
                          "ports are translated",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&MptcpNat::m_address),
                          MakeIpv4AddressChecker())
            .AddAttribute("Timeout",
                          "An idle connection is forgotten after this (RFC 5382: not less than 2 h 4 min); one that "
                          "opens or has ended after 4 min, or this if it is less",
                          TimeValue(NanoSeconds(MBX_IDLE_NS)),
                          MakeTimeAccessor(&MptcpNat::m_timeout),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

MptcpNat::MptcpNat()
    : MptcpSharedBox(&m_box.box, true)
{
    mbx_nat_init(&m_box);
}

void
MptcpNat::Configure()
{
    m_address.Serialize(m_box.address);
    m_box.timeout_ns = m_timeout.GetNanoSeconds();
}

std::size_t
MptcpNat::GetEntryCount()
{
    Configure();
    return mbx_nat_count(&m_box);
}

} // namespace ns3
