/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_RESET_INJECTOR_H
#define MPTCP_RESET_INJECTOR_H

#include "mptcp-shared-box.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A censor, or a traffic shaper, that ends connections by RSTs in the names of both ends: after a number of bytes, or at
 * random, it follows each data segment with one to either side. The data go on to their destination. RSTs carry the
 * numbers that fit the segment, so that an end that has lost something of late, or has data of the other on the way to
 * it, does not believe them (RFC 5961 3.2); the next segment brings the next ones.
 */
class MptcpResetInjector : public MptcpSharedBox
{
  public:
    MptcpResetInjector();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    uint64_t m_afterBytes{0};   //!< of a connection's payload; 0 = never
    double m_probability{0};    //!< for each data segment
    mbx_reset_injector m_box{}; //!< does the work
};

} // namespace ns3

#endif /* MPTCP_RESET_INJECTOR_H */
