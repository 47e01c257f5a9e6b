/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SEGMENT_COALESCER_H
#define MPTCP_SEGMENT_COALESCER_H

#include "mptcp-shared-box.h"

#include "ns3/nstime.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A box, or a network card with receive offload, that waits a little for the next segment of a connection and makes one
 * of two that follow each other, unless their ECN fields differ. Acknowledgement number and window are those of the last.
 * What becomes of the options is attribute Options: Linux's GRO merges only segments whose options are the same, so that
 * with MPTCP it merges those of one mapping only; other boxes keep the first segment's options, and the mappings of the
 * others are lost.
 */
class MptcpSegmentCoalescer : public MptcpSharedBox
{
  public:
    /** Which segments may become one. */
    enum Options
    {
        EQUAL, //!< those with the same options
        FIRST, //!< any; the options of the first are kept
    };

    MptcpSegmentCoalescer();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    uint32_t m_payloadMax{1400}; //!< bytes of a segment that leaves, unless it came larger
    Time m_holdTime;             //!< longest wait
    Options m_options{EQUAL};    //!< which segments may become one
    mbx_coalescer m_box{};       //!< does the work
};

} // namespace ns3

#endif /* MPTCP_SEGMENT_COALESCER_H */
