/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_HEADER_H
#define MPTCP_HEADER_H

#include "ns3/header.h"

#include <array>

namespace ns3
{

/**
 * @ingroup mptcp
 * The bytes of a TCP header with its options, as on the wire. The core writes and reads them; nothing is interpreted
 * here but the header's own length.
 */
class MptcpHeader : public Header
{
  public:
    static constexpr uint32_t BYTES_MIN = 20; //!< a TCP header without options
    static constexpr uint32_t BYTES_MAX = 60; //!< a TCP header with all the options it can hold

    MptcpHeader() = default;
    /**
     * @param bytes the header
     * @param count how many, 20 to 60
     */
    MptcpHeader(const uint8_t* bytes, uint32_t count);

    /** @return the TypeId */
    static TypeId GetTypeId();

    const uint8_t* GetBytes() const; //!< @return GetSerializedSize() bytes

    // From Header
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

  private:
    std::array<uint8_t, BYTES_MAX> m_bytes{}; //!< the header
    uint32_t m_count{BYTES_MIN};              //!< how many of them are used
};

} // namespace ns3

#endif /* MPTCP_HEADER_H */
