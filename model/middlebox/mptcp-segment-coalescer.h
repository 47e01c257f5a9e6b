/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SEGMENT_COALESCER_H
#define MPTCP_SEGMENT_COALESCER_H

#include "mptcp-middlebox.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <map>

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
class MptcpSegmentCoalescer : public MptcpMiddlebox
{
  public:
    /** Which segments may become one. */
    enum Options
    {
        EQUAL, //!< those with the same options
        FIRST, //!< any; the options of the first are kept
    };

    /** @return the TypeId */
    static TypeId GetTypeId();

    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;

  protected:
    void DoDispose() override;

  private:
    /** What waits for the next segment of its connection. */
    struct Held
    {
        Segment segment; //!< what was merged so far
        EventId timer;   //!< lets it go
    };

    /** A connection and a direction. */
    using Key = std::pair<FlowKey, Direction>;

    /** @param held what waits @param next what came @return whether they may become one */
    bool IsMergeable(const Segment& held, const Segment& next) const;
    void Hold(const Key& key, const Segment& segment); //!< @param key whose it is @param segment to wait
    /** @param held what waits @param next what is appended */
    static void Merge(Segment& held, const Segment& next);
    void Release(const Key& key); //!< Let go what waits, if anything does. @param key whose it is

    uint32_t m_payloadMax{1400}; //!< bytes of a segment that leaves, unless it came larger
    Time m_holdTime;             //!< longest wait
    Options m_options{EQUAL};    //!< which segments may become one
    std::map<Key, Held> m_held;  //!< what waits
};

} // namespace ns3

#endif /* MPTCP_SEGMENT_COALESCER_H */
