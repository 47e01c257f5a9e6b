/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_PAYLOAD_REWRITER_H
#define MPTCP_PAYLOAD_REWRITER_H

#include "mptcp-shared-box.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An application-level gateway, like those that write other addresses into FTP's commands: at certain places of what a
 * connection sends it replaces some bytes by others, maybe more or fewer, and shifts sequence, acknowledgement and SACK
 * numbers accordingly. It acts on connections whose SYN it sees, for as long as mbx_flows.h remembers them.
 *
 * A segment that grows may become larger than the link behind the box can take; IP fragments it then.
 */
class MptcpPayloadRewriter : public MptcpSharedBox
{
  public:
    MptcpPayloadRewriter();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    uint64_t m_position{0};       //!< old offset of the first edit
    uint64_t m_interval{0};       //!< between edits, 0 = one edit
    uint32_t m_removed{1};        //!< bytes
    uint32_t m_inserted{4};       //!< bytes
    mbx_payload_rewriter m_box{}; //!< does the work
};

} // namespace ns3

#endif /* MPTCP_PAYLOAD_REWRITER_H */
