/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-shared-box.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <cstdlib>
#include <memory>
#include <vector>

namespace ns3
{

namespace
{

using Segment = MptcpMiddlebox::Segment;

Segment*
CarrierOf(const mbx_segment* segment)
{
    return static_cast<Segment*>(segment->carrier);
}

int64_t
GetNow(void*)
{
    return Simulator::Now().GetNanoSeconds();
}

void*
Allocate(void*, size_t bytes)
{
    void* memory = std::calloc(1, bytes);
    NS_ABORT_MSG_UNLESS(memory, "out of memory");
    return memory;
}

void
Release(void*, void* memory)
{
    std::free(memory);
}

void*
TakePart(void*, const mbx_segment* segment, uint32_t at, uint32_t bytes)
{
    auto part = new Segment(*CarrierOf(segment));
    part->payload = bytes > 0 ? part->payload->CreateFragment(at, bytes) : Create<Packet>();
    return part;
}

void
Append(void*, mbx_segment* segment, const mbx_segment* next)
{
    Segment* carrier = CarrierOf(segment);
    carrier->payload = carrier->payload->Copy(); // others may have it, too
    carrier->payload->AddAtEnd(CarrierOf(next)->payload);
}

bool
Edit(void*, mbx_segment* segment, const mbx_edits* edits, int64_t old, uint32_t bytes)
{
    Segment* carrier = CarrierOf(segment);
    std::vector<uint8_t> before(segment->payload_bytes);
    std::vector<uint8_t> after(bytes);
    carrier->payload->CopyData(before.data(), segment->payload_bytes);
    mbx_edits_apply(edits, old, before.data(), segment->payload_bytes, after.data());
    if (before == after)
    {
        return false;
    }
    carrier->payload = Create<Packet>(after.data(), bytes);
    segment->payload_bytes = bytes;
    return true;
}

void
Drop(void*, void* carrier)
{
    delete static_cast<Segment*>(carrier);
}

/** Write what the box may have changed into the carrier. */
void
Update(const mbx_segment& from, Segment& to)
{
    to.tcp = from.tcp;
    if (to.isIpv6)
    {
        to.ipv6.SetSource(Ipv6Address::Deserialize(from.source));
        to.ipv6.SetDestination(Ipv6Address::Deserialize(from.destination));
        return;
    }
    to.ipv4.SetSource(Ipv4Address::Deserialize(from.source));
    to.ipv4.SetDestination(Ipv4Address::Deserialize(from.destination));
}

} // namespace

MptcpSharedBox::MptcpSharedBox(mbx_box* box, bool isRandom)
    : m_box(box),
      m_random(isRandom ? CreateObject<UniformRandomVariable>() : nullptr)
{
}

void
MptcpSharedBox::DoDispose()
{
    m_timer.Cancel();
    mbx_box_free(m_box);
    MptcpMiddlebox::DoDispose();
}

mbx_host
MptcpSharedBox::MakeHost(MptcpSharedBox* box)
{
    mbx_host host{};
    host.user = box;
    host.now_ns = GetNow;
    host.draw = [](void* user) { return static_cast<MptcpSharedBox*>(user)->m_random->GetValue(); };
    host.draw_whole = [](void* user, uint32_t low, uint32_t high) {
        return static_cast<MptcpSharedBox*>(user)->m_random->GetInteger(low, high);
    };
    host.allocate = Allocate;
    host.release = Release;
    host.forward = Leave;
    host.part = TakePart;
    host.append = Append;
    host.edit = Edit;
    host.drop = Drop;
    return host;
}

mbx_segment
MptcpSharedBox::GetView(const Segment& segment)
{
    mbx_segment view{};
    view.address_bytes = static_cast<uint8_t>(segment.CopyAddresses(view.source, view.destination));
    view.tos = segment.GetTos();
    view.tcp = segment.tcp;
    view.payload_bytes = segment.GetPayloadBytes();
    return view;
}

void
MptcpSharedBox::Process(Segment& segment, Direction direction)
{
    mbx_segment view = GetView(segment);
    view.carrier = new Segment(segment);
    m_box->host = MakeHost(this); // not in the constructor: the subclass's member is not there yet
    m_box->scope = static_cast<mbx_scope>(GetScope());
    Configure();
    mbx_box_process(m_box, &view, static_cast<mbx_direction>(direction));
    Arm();
}

void
MptcpSharedBox::Leave(void* user, mbx_segment* segment, mbx_direction direction)
{
    const std::unique_ptr<Segment> carrier(CarrierOf(segment));
    Update(*segment, *carrier);
    static_cast<MptcpSharedBox*>(user)->Forward(*carrier, static_cast<Direction>(direction));
}

void
MptcpSharedBox::Arm()
{
    if (!m_box->has_deadline)
    {
        m_timer.Cancel();
        return;
    }
    const Time deadline = NanoSeconds(m_box->deadline_ns);
    if (m_timer.IsExpired() || TimeStep(m_timer.GetTs()) != deadline)
    {
        m_timer.Cancel();
        m_timer = Simulator::Schedule(deadline - Simulator::Now(), &MptcpSharedBox::Timer, this);
    }
}

void
MptcpSharedBox::Timer()
{
    mbx_box_timer(m_box);
    Arm();
}

int64_t
MptcpSharedBox::AssignStreams(int64_t stream)
{
    if (!m_random)
    {
        return 0;
    }
    m_random->SetStream(stream);
    return 1;
}

uint64_t
MptcpSharedBox::GetActions() const
{
    return m_box->actions;
}

} // namespace ns3
