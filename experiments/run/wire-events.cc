/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "wire-events.h"

#include "streams.h"

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <string>

using namespace ns3;

namespace experiment
{

namespace
{

/** The losses of a link that may be broken: then nothing arrives. */
class BreakableLoss : public ErrorModel
{
  public:
    explicit BreakableLoss(Ptr<ErrorModel> loss)
        : m_loss(loss)
    {
    }

    void SetBroken(bool isBroken)
    {
        m_isBroken = isBroken;
    }

    void SetLoss(Ptr<ErrorModel> loss)
    {
        m_loss = loss;
    }

    Ptr<ErrorModel> GetLoss() const
    {
        return m_loss;
    }

  private:
    bool DoCorrupt(Ptr<Packet> p) override
    {
        const bool isLost = m_loss && m_loss->IsCorrupt(p); // drawn for each, so that what follows stays the same
        return isLost || m_isBroken;
    }

    void DoReset() override
    {
    }

    Ptr<ErrorModel> m_loss; //!< others; null: none
    bool m_isBroken{false}; //!< nothing arrives
};

Ptr<BreakableLoss>
LossAt(Ptr<NetDevice> device)
{
    PointerValue model;
    device->GetAttribute("ReceiveErrorModel", model);
    auto loss = DynamicCast<BreakableLoss>(model.GetObject());
    if (!loss)
    {
        loss = Create<BreakableLoss>(model.Get<ErrorModel>());
        device->SetAttribute("ReceiveErrorModel", PointerValue(loss));
    }
    return loss;
}

/** @param device at which packets arrive @param fraction lost; below 0: as before @param stream if there were no losses */
void
SetLoss(Ptr<NetDevice> device, double fraction, int64_t stream)
{
    if (fraction < 0)
    {
        return;
    }
    const auto all = LossAt(device);
    auto rate = DynamicCast<RateErrorModel>(all->GetLoss());
    if (!rate)
    {
        rate = CreateObject<RateErrorModel>();
        rate->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        rate->AssignStreams(stream);
        all->SetLoss(rate);
    }
    rate->SetRate(fraction);
}

void
HappenToWire(Ptr<MptcpPath> path, const scn_event* event, int64_t stream)
{
    if (event->rate_mbps > 0)
    {
        path->SetRate(DataRate(uint64_t(event->rate_mbps * 1e6)));
    }
    if (event->delay_ms >= 0)
    {
        path->SetDelay(NanoSeconds(int64_t(event->delay_ms * 1e6)));
    }
    SetLoss(path->GetWire().Get(0), event->loss_down, stream + STREAM_EVENT);
    SetLoss(path->GetWire().Get(1), event->loss_up, stream + STREAM_EVENT + 1);
}

void
HappenToPath(const Topology::Path* at, const scn_event* event, int64_t stream)
{
    HappenToWire(at->path, event, stream);
    for (const auto& trace : at->traces)
    {
        if (event->delay_ms >= 0)
        {
            trace->SetDelay(NanoSeconds(int64_t(event->delay_ms * 1e6)));
        }
    }
    if (event->link != SCN_LINK_SAME)
    {
        at->path->SetLinkUp(event->link == SCN_LINK_UP);
    }
}

void
HappenToLink(const Topology::Path* at, const scn_event* event, int64_t stream)
{
    HappenToWire(at->path, event, stream);
    for (uint32_t end = 0; end < 2 && event->link != SCN_LINK_SAME; end++)
    {
        LossAt(at->path->GetWire().Get(end))->SetBroken(event->link == SCN_LINK_DOWN);
    }
}

} // namespace

void
ScheduleEvents(const scenario& s, const Topology& topology)
{
    for (size_t i = 0; i < s.events.count; i++)
    {
        const auto& event = s.events.at[i];
        for (const auto& path : topology.GetPaths())
        {
            if (std::string(path.spec->name) == event.path)
            {
                const int64_t stream = STREAM_PATH + STREAM_PATH_STEP * int64_t(path.spec - s.paths.at);
                Simulator::Schedule(Seconds(event.time_s), &HappenToPath, &path, &event, stream);
            }
        }
        for (const auto& link : topology.GetLinks())
        {
            if (std::string(link.spec->name) == event.path)
            {
                const int64_t stream = STREAM_LINK + STREAM_PATH_STEP * int64_t(link.spec - s.links.at);
                Simulator::Schedule(Seconds(event.time_s), &HappenToLink, &link, &event, stream);
            }
        }
    }
}

} // namespace experiment
