/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SHARED_BOX_H
#define MPTCP_SHARED_BOX_H

#include "mbx_kinds.h"
#include "mptcp-middlebox.h"

#include "ns3/event-id.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A box whose work is done by one of mbx_kinds.h, which does the same on the links of experiments/link. A subclass has
 * the attributes and hands them over in Configure().
 */
class MptcpSharedBox : public MptcpMiddlebox
{
  public:
    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;
    int64_t AssignStreams(int64_t stream) override;
    uint64_t GetActions() const override;

    /** @param box whose time, memory and randomness it is; null: it never draws @return what boxes need of ns-3 */
    static mbx_host MakeHost(MptcpSharedBox* box);
    /** @param segment a segment @return the same for mbx_*.h, without a carrier */
    static mbx_segment GetView(const Segment& segment);

  protected:
    /** @param box that works, a member of the subclass, initialised @param isRandom whether it draws numbers */
    MptcpSharedBox(mbx_box* box, bool isRandom);

    void DoDispose() override;
    virtual void Configure() = 0; //!< Hand the attributes over; called before each segment

  private:
    /** Something leaves the box. @param user the box @param segment it, with its carrier @param direction which way */
    static void Leave(void* user, mbx_segment* segment, mbx_direction direction);
    void Arm();   //!< Let the time of the box's deadline come
    void Timer(); //!< It has come

    mbx_box* m_box;                      //!< does the work
    Ptr<UniformRandomVariable> m_random; //!< where it needs some
    EventId m_timer;                     //!< of its deadline
};

} // namespace ns3

#endif /* MPTCP_SHARED_BOX_H */
