/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_MIDDLEBOX_CHANNEL_H
#define MPTCP_MIDDLEBOX_CHANNEL_H

#include "mptcp-middlebox.h"

#include "ns3/net-device-container.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * A point-to-point link with boxes at the far end, that of its second device: what goes up passes them after the link's
 * delay, what goes down before it. Boxes take no time and have no queue; what a box makes in addition to what it got
 * does not wait for the link to be free, either. Links of any topology can have boxes, for IPv4 and IPv6; all paths of
 * MptcpPath have such a link between their access and the core.
 *
 * @code
 * NetDeviceContainer link = pointToPoint.Install(host, router);
 * MptcpMiddleboxChannel::Insert(link, {CreateObject<MptcpNat>()});
 * @endcode
 *
 * Unlike its base class it does not fire trace source TxRxPointToPoint (of animations).
 */
class MptcpMiddleboxChannel : public PointToPointChannel
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId();

    /**
     * Put boxes on a link that was made by PointToPointHelper.
     * @param link its two devices; those that have an address of a host or of its network should be first
     * @param boxes in the order in which segments that go up pass them; all of them, for a link gets its boxes once
     * @return the link's channel from now on
     */
    static Ptr<MptcpMiddleboxChannel> Insert(const NetDeviceContainer& link,
                                             const std::vector<Ptr<MptcpMiddlebox>>& boxes);

    /** Use fixed random streams. @param stream first stream number @return how many were used */
    int64_t AssignStreams(int64_t stream);

    // From PointToPointChannel
    bool TransmitStart(Ptr<const Packet> packet, Ptr<PointToPointNetDevice> source, Time txTime) override;

  protected:
    void DoDispose() override;

  private:
    /** @param boxes in the order in which segments that go up pass them */
    void SetBoxes(const std::vector<Ptr<MptcpMiddlebox>>& boxes);
    /** A frame is at the boxes' place. @param frame the frame @param direction which way it goes */
    void Arrive(Ptr<Packet> frame, MptcpMiddlebox::Direction direction);
    /** A segment left a box. @param box which @param segment the segment @param direction which way it goes */
    void Pass(std::size_t box, const MptcpMiddlebox::Segment& segment, MptcpMiddlebox::Direction direction);
    /** A frame leaves the boxes' place. @param frame the frame @param direction which way it goes */
    void Leave(Ptr<Packet> frame, MptcpMiddlebox::Direction direction);
    /** @param direction which way @return the device that it leads to */
    Ptr<PointToPointNetDevice> GetEnd(MptcpMiddlebox::Direction direction) const;

    std::vector<Ptr<MptcpMiddlebox>> m_boxes; //!< in the order in which segments that go up pass them
};

} // namespace ns3

#endif /* MPTCP_MIDDLEBOX_CHANNEL_H */
