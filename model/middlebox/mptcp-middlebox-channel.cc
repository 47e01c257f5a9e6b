/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-middlebox-channel.h"

#include "ns3/abort.h"
#include "mptcp-header.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/ppp-header.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpMiddleboxChannel);

namespace
{

using Segment = MptcpMiddlebox::Segment;

constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint32_t SEGMENT_BYTES_MAX = UINT16_MAX - 20; // RFC 791 3.1
constexpr uint16_t PPP_IPV4 = 0x0021;                   // RFC 1332
constexpr uint16_t PPP_IPV6 = 0x0057;                   // RFC 5072

/** @return whether the packet begins with an IP header, now taken off, behind which a whole TCP segment lies */
bool
TakeIpHeader(Segment& segment, Ptr<Packet> packet)
{
    if (segment.isIpv6)
    {
        packet->RemoveHeader(segment.ipv6);
        return segment.ipv6.GetNextHeader() == PROTOCOL_TCP;
    }
    packet->RemoveHeader(segment.ipv4);
    return segment.ipv4.GetProtocol() == PROTOCOL_TCP && segment.ipv4.IsLastFragment() &&
           segment.ipv4.GetFragmentOffset() == 0;
}

/** @return whether the frame is a TCP segment, which is then taken apart; otherwise the frame is as it was */
bool
TakeApart(Segment& segment, Ptr<const Packet> frame)
{
    uint8_t bytes[MBX_TCP_BYTES_MAX];
    PppHeader ppp;
    segment.payload = frame->Copy();
    segment.payload->RemoveHeader(ppp);
    segment.isIpv6 = ppp.GetProtocol() == PPP_IPV6;
    if ((!segment.isIpv6 && ppp.GetProtocol() != PPP_IPV4) || !TakeIpHeader(segment, segment.payload) ||
        !mbx_tcp_read(&segment.tcp, bytes, segment.payload->CopyData(bytes, sizeof bytes)))
    {
        return false;
    }
    MptcpHeader header;
    segment.payload->RemoveHeader(header);
    return true;
}

/** Write the checksums, as the ends of the connection check them. */
void
Seal(Segment& segment)
{
    std::vector<uint8_t> payload(segment.GetPayloadBytes());
    segment.payload->CopyData(payload.data(), segment.GetPayloadBytes());
    uint8_t source[16];
    uint8_t destination[16];
    const uint32_t addressBytes = segment.CopyAddresses(source, destination);
    mbx_tcp_seal(&segment.tcp, source, destination, addressBytes, payload.data(), segment.GetPayloadBytes());
    segment.ipv4.EnableChecksum();
}

Ptr<Packet>
PutTogether(Segment segment)
{
    if (Node::ChecksumEnabled())
    {
        Seal(segment);
    }
    Ptr<Packet> frame = segment.payload->Copy();
    frame->AddHeader(MptcpHeader(segment.tcp.bytes, segment.tcp.count));
    NS_ABORT_MSG_IF(frame->GetSize() > SEGMENT_BYTES_MAX,
                    "a box made a segment of " << frame->GetSize() << " bytes, which no IP packet can hold");
    PppHeader ppp;
    if (segment.isIpv6)
    {
        segment.ipv6.SetPayloadLength(static_cast<uint16_t>(frame->GetSize()));
        frame->AddHeader(segment.ipv6);
        ppp.SetProtocol(PPP_IPV6);
    }
    else
    {
        segment.ipv4.SetPayloadSize(static_cast<uint16_t>(frame->GetSize()));
        frame->AddHeader(segment.ipv4);
        ppp.SetProtocol(PPP_IPV4);
    }
    frame->AddHeader(ppp);
    return frame;
}

} // namespace

TypeId
MptcpMiddleboxChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpMiddleboxChannel")
                            .SetParent<PointToPointChannel>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpMiddleboxChannel>();
    return tid;
}

Ptr<MptcpMiddleboxChannel>
MptcpMiddleboxChannel::Insert(const NetDeviceContainer& link, const std::vector<Ptr<MptcpMiddlebox>>& boxes)
{
    NS_ABORT_MSG_UNLESS(link.GetN() == 2 && link.Get(0)->GetChannel() == link.Get(1)->GetChannel(),
                        "boxes go on a link of two devices");
    NS_ABORT_MSG_IF(DynamicCast<MptcpMiddleboxChannel>(link.Get(0)->GetChannel()), "this link has boxes already");
    TimeValue delay;
    link.Get(0)->GetChannel()->GetAttribute("Delay", delay);
    Ptr<MptcpMiddleboxChannel> channel = CreateObjectWithAttributes<MptcpMiddleboxChannel>("Delay", delay);
    for (uint32_t i = 0; i < link.GetN(); i++)
    {
        Ptr<PointToPointNetDevice> device = DynamicCast<PointToPointNetDevice>(link.Get(i));
        NS_ABORT_MSG_UNLESS(device, "boxes go on a point-to-point link");
        device->Attach(channel);
    }
    channel->SetBoxes(boxes);
    return channel;
}

void
MptcpMiddleboxChannel::SetBoxes(const std::vector<Ptr<MptcpMiddlebox>>& boxes)
{
    m_boxes = boxes;
    for (std::size_t i = 0; i < m_boxes.size(); i++)
    {
        m_boxes[i]->SetOutput(
            [this, i](const Segment& segment, MptcpMiddlebox::Direction direction) { Pass(i, segment, direction); });
    }
}

void
MptcpMiddleboxChannel::DoDispose()
{
    for (const auto& box : m_boxes)
    {
        box->Dispose();
    }
    m_boxes.clear();
    PointToPointChannel::DoDispose();
}

int64_t
MptcpMiddleboxChannel::AssignStreams(int64_t stream)
{
    int64_t used = 0;
    for (const auto& box : m_boxes)
    {
        used += box->AssignStreams(stream + used);
    }
    return used;
}

Ptr<PointToPointNetDevice>
MptcpMiddleboxChannel::GetEnd(MptcpMiddlebox::Direction direction) const
{
    return GetPointToPointDevice(direction == MptcpMiddlebox::UP ? 1 : 0);
}

bool
MptcpMiddleboxChannel::TransmitStart(Ptr<const Packet> packet, Ptr<PointToPointNetDevice> source, Time txTime)
{
    const bool isUp = source == GetEnd(MptcpMiddlebox::DOWN);
    Simulator::ScheduleWithContext(GetEnd(MptcpMiddlebox::UP)->GetNode()->GetId(),
                                   isUp ? txTime + GetDelay() : txTime,
                                   &MptcpMiddleboxChannel::Arrive,
                                   this,
                                   packet->Copy(),
                                   isUp ? MptcpMiddlebox::UP : MptcpMiddlebox::DOWN);
    return true;
}

void
MptcpMiddleboxChannel::Arrive(Ptr<Packet> frame, MptcpMiddlebox::Direction direction)
{
    Segment segment;
    if (m_boxes.empty() || !TakeApart(segment, frame))
    {
        Leave(frame, direction);
        return;
    }
    m_boxes[direction == MptcpMiddlebox::UP ? 0 : m_boxes.size() - 1]->Process(segment, direction);
}

void
MptcpMiddleboxChannel::Pass(std::size_t box, const Segment& segment, MptcpMiddlebox::Direction direction)
{
    const std::size_t next = direction == MptcpMiddlebox::UP ? box + 1 : box - 1; // beyond the last one when box is 0
    if (next >= m_boxes.size())
    {
        Leave(PutTogether(segment), direction);
        return;
    }
    Segment copy = segment;
    m_boxes[next]->Process(copy, direction);
}

void
MptcpMiddleboxChannel::Leave(Ptr<Packet> frame, MptcpMiddlebox::Direction direction)
{
    Ptr<PointToPointNetDevice> end = GetEnd(direction);
    Simulator::ScheduleWithContext(end->GetNode()->GetId(),
                                   direction == MptcpMiddlebox::UP ? Time(0) : GetDelay(),
                                   &PointToPointNetDevice::Receive,
                                   end,
                                   frame);
}

} // namespace ns3
