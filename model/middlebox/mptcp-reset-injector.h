/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_RESET_INJECTOR_H
#define MPTCP_RESET_INJECTOR_H

#include "mptcp-flow-table.h"

#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A censor, or a traffic shaper, that ends connections by RSTs in the names of both ends: after a number of bytes, or at
 * random, it follows each data segment with one to either side. The data go on to their destination. RSTs carry the
 * numbers that fit the segment, so that an end that has lost something of late, or has data of the other on the way to
 * it, does not believe them (RFC 5961 3.2); the next segment brings the next ones.
 */
class MptcpResetInjector : public MptcpMiddlebox
{
  public:
    MptcpResetInjector();

    /** @return the TypeId */
    static TypeId GetTypeId();

    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    /** @param segment with data @param direction which way it goes @return whether RSTs follow it */
    bool IsStruck(const Segment& segment, Direction direction);
    /** @param segment that goes before @return an RST to where it goes */
    static Segment MakeReset(const Segment& segment);
    /** @param reset to one side @return one to the other */
    static Segment MakeReply(const Segment& reset);

    uint64_t m_afterBytes{0};            //!< of a connection's payload; 0 = never
    double m_probability{0};             //!< for each data segment
    Ptr<UniformRandomVariable> m_random; //!< decides
    MptcpFlowTable<uint64_t> m_bytes;    //!< payload of each connection since its SYN
};

} // namespace ns3

#endif /* MPTCP_RESET_INJECTOR_H */
