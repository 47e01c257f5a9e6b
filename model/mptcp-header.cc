/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-header.h"

#include "ns3/abort.h"
#include "ns3/tcp-header.h"

#include <cstring>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpHeader);

MptcpHeader::MptcpHeader(const uint8_t* bytes, uint32_t count)
    : m_count(count)
{
    NS_ABORT_MSG_UNLESS(count >= BYTES_MIN && count <= BYTES_MAX, "a TCP header of " << count << " bytes");
    std::memcpy(m_bytes.data(), bytes, count);
}

TypeId
MptcpHeader::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpHeader").SetParent<Header>().SetGroupName("Mptcp").AddConstructor<MptcpHeader>();
    return tid;
}

TypeId
MptcpHeader::GetInstanceTypeId() const
{
    // What is recorded of a packet's headers (PacketMetadata) says TcpHeader, which these bytes are: it is printed as one,
    // and a peer with ns-3's TCP may take it off where Packet::EnableChecking() is on.
    return TcpHeader::GetTypeId();
}

const uint8_t*
MptcpHeader::GetBytes() const
{
    return m_bytes.data();
}

uint32_t
MptcpHeader::GetSerializedSize() const
{
    return m_count;
}

void
MptcpHeader::Serialize(Buffer::Iterator start) const
{
    start.Write(m_bytes.data(), m_count);
}

uint32_t
MptcpHeader::Deserialize(Buffer::Iterator start)
{
    start.Read(m_bytes.data(), BYTES_MIN);
    // A length below the least or beyond the packet is a malformed segment: only the fixed part is taken then.
    const uint32_t count = (m_bytes[12] >> 4) * 4U;
    const bool isWhole = count >= BYTES_MIN && count - BYTES_MIN <= start.GetRemainingSize();
    m_count = isWhole ? count : BYTES_MIN;
    start.Read(m_bytes.data() + BYTES_MIN, m_count - BYTES_MIN);
    return m_count;
}

void
MptcpHeader::Print(std::ostream& os) const
{
    const auto word = [this](uint32_t at) { return uint32_t{m_bytes[at]} << 8 | m_bytes[at + 1]; };
    os << word(0) << " > " << word(2) << " flags=0x" << std::hex << uint32_t{m_bytes[13]} << std::dec
       << " seq=" << (word(4) << 16 | word(6)) << " ack=" << (word(8) << 16 | word(10)) << " win=" << word(14)
       << " options=" << m_count - BYTES_MIN;
}

} // namespace ns3
