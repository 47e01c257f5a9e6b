/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "trace-wire.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

using namespace ns3;

namespace experiment
{

namespace
{

const uint32_t g_pppBytes = 2;

} // namespace

TraceWire::TraceWire(capacity* trace,
                     Ptr<PointToPointNetDevice> sender,
                     Ptr<PointToPointNetDevice> receiver,
                     int64_t stream)
    : m_trace(trace, capacity_free),
      m_sender(sender)
{
    DataRateValue rate;
    TimeValue delay;
    m_sender->GetAttribute("DataRate", rate);
    m_sender->GetChannel()->GetAttribute("Delay", delay);
    m_delay = delay.Get();
    m_sender->TraceConnectWithoutContext("PhyTxBegin", MakeCallback(&TraceWire::Send, this));
    if (!trace)
    {
        return;
    }
    m_trace->rate_bps = rate.Get().GetBitRate(); // until its first row
    if (m_trace->has_loss)
    {
        m_loss = CreateObjectWithAttributes<RateErrorModel>("ErrorUnit",
                                                            StringValue("ERROR_UNIT_PACKET"),
                                                            "ErrorRate",
                                                            DoubleValue(0));
        m_loss->AssignStreams(stream);
        receiver->SetReceiveErrorModel(m_loss);
    }
    // The time is told as a gap behind a packet that takes none, for a gap is to the nanosecond.
    m_sender->SetDataRate(DataRate(INT64_MAX));
    Follow();
}

void
TraceWire::SetDelay(Time delay)
{
    m_delay = delay;
}

void
TraceWire::Send(Ptr<const Packet> frame)
{
    const int64_t now = Simulator::Now().GetNanoSeconds();
    Time duration;
    if (m_trace)
    {
        duration = NanoSeconds(capacity_send(m_trace.get(), now, frame->GetSize() - g_pppBytes, g_pppBytes) - now);
        m_sender->SetInterframeGap(duration);
        m_delay = m_trace->delay_ns >= 0 ? NanoSeconds(m_trace->delay_ns) : m_delay;
    }
    m_sender->GetChannel()->SetAttribute("Delay",
                                         TimeValue(duration + m_delay)); // both directions set it when they send
}

void
TraceWire::Follow()
{
    const int64_t next = capacity_next_change_ns(m_trace.get());
    if (next != CAPACITY_NEVER)
    {
        Simulator::Schedule(NanoSeconds(next) - Simulator::Now(), &TraceWire::Change, this);
    }
}

void
TraceWire::Change()
{
    m_loss->SetRate(capacity_take_change(m_trace.get()));
    Follow();
}

} // namespace experiment
