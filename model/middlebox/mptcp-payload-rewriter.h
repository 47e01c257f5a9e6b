/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_PAYLOAD_REWRITER_H
#define MPTCP_PAYLOAD_REWRITER_H

#include "mbx_edits.h"
#include "mptcp-flow-table.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An application-level gateway, like those that write other addresses into FTP's commands: at certain places of what a
 * connection sends it replaces some bytes by others, maybe more or fewer, and shifts sequence, acknowledgement and SACK
 * numbers accordingly. It acts on connections whose SYN it sees, for as long as MptcpFlowTable remembers them.
 *
 * A segment that grows may become larger than the link behind the box can take; IP fragments it then.
 */
class MptcpPayloadRewriter : public MptcpMiddlebox
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId();

    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;

  private:
    /** One direction of a connection. Offsets count from the first byte of payload. */
    struct Stream
    {
        bool isKnown{false}; //!< its SYN was seen
        uint32_t first{0};   //!< sequence number of the first byte
        int64_t sent{0};     //!< old offset after what was sent
        int64_t acked{0};    //!< new offset of what was acknowledged last
        mbx_edits edits{};   //!< what is done to it
    };

    /** Both directions, by the way their data go. */
    using Flow = std::array<Stream, 2>;

    /** @param stream to start @param segment its SYN */
    void Start(Stream& stream, const Segment& segment) const;
    /** Edit payload and sequence number. @param stream whose segment it is @param segment the segment */
    void Edit(Stream& stream, Segment& segment);
    /** Translate what acknowledges a stream. @param stream that is acknowledged @param segment from the receiver */
    static void TranslateAcks(Stream& stream, Segment& segment);
    /** @param stream of the number @param number acknowledgement number or SACK edge @return what its sender knows */
    static uint32_t TranslateAck(const Stream& stream, uint32_t number);

    uint64_t m_position{0};       //!< old offset of the first edit
    uint64_t m_interval{0};       //!< between edits, 0 = one edit
    uint32_t m_removed{1};        //!< bytes
    uint32_t m_inserted{4};       //!< bytes
    MptcpFlowTable<Flow> m_flows; //!< all connections
};

} // namespace ns3

#endif /* MPTCP_PAYLOAD_REWRITER_H */
