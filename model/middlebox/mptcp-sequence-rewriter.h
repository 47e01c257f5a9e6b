/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SEQUENCE_REWRITER_H
#define MPTCP_SEQUENCE_REWRITER_H

#include "mptcp-shared-box.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A firewall that randomizes sequence numbers: it adds an offset, drawn for each connection and direction, to the
 * numbers of what passes, and takes it off the acknowledgement numbers that come back. It acts on connections whose SYN
 * it sees, for as long as mbx_flows.h remembers them. Those that forget the edges of SACK blocks exist, too: attribute
 * Sack.
 */
class MptcpSequenceRewriter : public MptcpSharedBox
{
  public:
    MptcpSequenceRewriter();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    bool m_isSackTranslated{true}; //!< SACK blocks, too
    mbx_sequence_rewriter m_box{}; //!< does the work
};

} // namespace ns3

#endif /* MPTCP_SEQUENCE_REWRITER_H */
