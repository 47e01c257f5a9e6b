/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EXP_TRACE_WIRE_H
#define EXP_TRACE_WIRE_H

#include "capacity.h"

#include "ns3/error-model.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"

#include <memory>

namespace experiment
{

/**
 * One direction of a point-to-point link whose capacity a trace says: each time the device begins to send a packet, it is
 * told how long that takes, and the channel how long the packet is on its way. The same trace does the same to packets in
 * the link engine (experiments/link/wire.c).
 */
class TraceWire
{
  public:
    /**
     * @param trace what it can carry, freed at the end; null: the device's rate, where the other direction has a trace
     * @param sender the end that sends
     * @param receiver the other end, where losses happen
     * @param stream random stream of the losses that the trace says
     */
    TraceWire(capacity* trace,
              ns3::Ptr<ns3::PointToPointNetDevice> sender,
              ns3::Ptr<ns3::PointToPointNetDevice> receiver,
              int64_t stream);

    TraceWire(const TraceWire&) = delete;
    TraceWire& operator=(const TraceWire&) = delete;

    void SetDelay(ns3::Time delay); //!< @param delay of packets that are sent from now on

  private:
    void Send(ns3::Ptr<const ns3::Packet> frame); //!< @param frame that begins to be sent
    void Follow();                                //!< Let the time of the trace's next change come
    void Change();                                //!< Losses are different from now on

    std::unique_ptr<capacity, void (*)(capacity*)> m_trace; //!< what it can carry
    ns3::Ptr<ns3::PointToPointNetDevice> m_sender;          //!< end that sends
    ns3::Ptr<ns3::RateErrorModel> m_loss;                   //!< that the trace says, if it does
    ns3::Time m_delay;                                      //!< one way
};

} // namespace experiment

#endif
