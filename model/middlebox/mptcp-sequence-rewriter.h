/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SEQUENCE_REWRITER_H
#define MPTCP_SEQUENCE_REWRITER_H

#include "mptcp-flow-table.h"

#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A firewall that randomizes sequence numbers: it adds an offset, drawn for each connection and direction, to the
 * numbers of what passes, and takes it off the acknowledgement numbers that come back. It acts on connections whose SYN
 * it sees, for as long as MptcpFlowTable remembers them. Those that forget the edges of SACK blocks exist, too: attribute
 * Sack.
 */
class MptcpSequenceRewriter : public MptcpMiddlebox
{
  public:
    MptcpSequenceRewriter();

    /** @return the TypeId */
    static TypeId GetTypeId();

    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    /** What is added to the sequence numbers that go UP and DOWN. */
    using Offsets = std::array<uint32_t, 2>;

    /** @param syn of a new connection @param direction which way it goes @return its offsets, null: there is no room for more */
    Offsets* Draw(const Segment& syn, Direction direction);
    /** Take an offset off the acknowledgement and SACK numbers. @param segment the segment @param offset the offset */
    void TranslateAcks(Segment& segment, uint32_t offset) const;

    bool m_isSackTranslated{true};       //!< SACK blocks, too
    Ptr<UniformRandomVariable> m_random; //!< draws offsets
    MptcpFlowTable<Offsets> m_offsets;   //!< of each connection
};

} // namespace ns3

#endif /* MPTCP_SEQUENCE_REWRITER_H */
