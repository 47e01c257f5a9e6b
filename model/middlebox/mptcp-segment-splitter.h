/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SEGMENT_SPLITTER_H
#define MPTCP_SEGMENT_SPLITTER_H

#include "mptcp-shared-box.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A box, or a network card with TCP segmentation offload, that cuts large segments into smaller ones. As cards do, it
 * copies the options to all of them, so that all carry the DSS of the whole; FIN and PSH go with the last.
 */
class MptcpSegmentSplitter : public MptcpSharedBox
{
  public:
    MptcpSegmentSplitter();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    uint32_t m_payloadMax{536}; //!< bytes of a segment that leaves
    mbx_splitter m_box{};       //!< does the work
};

} // namespace ns3

#endif /* MPTCP_SEGMENT_SPLITTER_H */
