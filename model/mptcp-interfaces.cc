/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-interfaces.h"

#include "ns3/ipv4.h"
#include "ns3/ipv6-interface-address.h"
#include "ns3/ipv6.h"

#include <algorithm>

namespace ns3
{

namespace
{

/** Devices beyond the core's limit of links share this number. */
constexpr std::size_t LAST_LINK = 63;

std::vector<MptcpInterfaces::LinkProbe>&
Probes()
{
    static std::vector<MptcpInterfaces::LinkProbe> probes;
    return probes;
}

} // namespace

bool
MptcpInterfaces::AddLinkProbe(LinkProbe probe)
{
    Probes().push_back(probe);
    return true;
}

MptcpInterfaces::MptcpInterfaces(Callback<void> changed)
    : m_changed(changed)
{
}

void
MptcpInterfaces::Dispose()
{
    m_changed = Callback<void>();
    m_flags.clear();
    m_numbers.clear();
    m_links.clear();
    m_forced.clear();
}

MptcpInterfaces::Flags&
MptcpInterfaces::GetFlags(Ptr<NetDevice> device)
{
    return m_flags[device];
}

uint8_t
MptcpInterfaces::GetLink(Ptr<NetDevice> device)
{
    const auto next = static_cast<uint8_t>(std::min(m_numbers.size(), LAST_LINK));
    return m_numbers.emplace(device, next).first->second;
}

void
MptcpInterfaces::Force(const Address& address)
{
    m_forced.insert(address);
}

void
MptcpInterfaces::Watch(Ptr<NetDevice> device)
{
    if (!m_links.emplace(device, Link()).second)
    {
        return;
    }
    // The device keeps the callback, which therefore must not keep the device.
    Ptr<MptcpInterfaces> self(this);
    NetDevice* raw = PeekPointer(device);
    device->AddLinkChangeCallback(Callback<void>([self, raw]() {
        auto found = self->m_links.find(Ptr<NetDevice>(raw));
        if (found != self->m_links.end())
        {
            found->second.isTold = true;
            self->m_changed();
        }
    }));
}

bool
MptcpInterfaces::IsLinkUp(Ptr<NetDevice> device) const
{
    bool isUp = true;
    for (const LinkProbe probe : Probes())
    {
        if (probe(device, isUp))
        {
            return isUp;
        }
    }
    // Some devices (LTE) never set the flag that IsLinkUp() returns.
    const auto found = m_links.find(device);
    const bool isBelieved = found != m_links.end() && found->second.isTold;
    return !isBelieved || device->IsLinkUp();
}

void
MptcpInterfaces::Append(std::vector<MptcpLocalAddress>& list,
                        Ptr<NetDevice> device,
                        const Address& address,
                        bool isHostLocal)
{
    const bool isLinkUp = IsLinkUp(device);
    if (isLinkUp)
    {
        m_forced.erase(address);
    }
    else if (m_forced.count(address) == 0)
    {
        return;
    }
    const Flags& flags = m_flags[device];
    list.push_back({address,
                    device,
                    device->GetMtu(),
                    GetLink(device),
                    flags.isBackup,
                    flags.isSignal && !isHostLocal,
                    flags.noSubflow || isHostLocal,
                    flags.isFullmesh,
                    flags.isLaminar,
                    isLinkUp});
}

void
MptcpInterfaces::ListIpv4(std::vector<MptcpLocalAddress>& list, Node& node)
{
    Ptr<Ipv4> ipv4 = node.GetObject<Ipv4>();
    for (uint32_t i = 0; ipv4 && i < ipv4->GetNInterfaces(); i++)
    {
        Ptr<NetDevice> device = ipv4->GetNetDevice(i);
        Watch(device);
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i) && ipv4->IsUp(i); j++)
        {
            const Ipv4Address address = ipv4->GetAddress(i, j).GetLocal();
            Append(list, device, address, address.IsLocalhost());
        }
    }
}

void
MptcpInterfaces::ListIpv6(std::vector<MptcpLocalAddress>& list, Node& node)
{
    Ptr<Ipv6> ipv6 = node.GetObject<Ipv6>();
    for (uint32_t i = 0; ipv6 && i < ipv6->GetNInterfaces(); i++)
    {
        Ptr<NetDevice> device = ipv6->GetNetDevice(i);
        Watch(device);
        for (uint32_t j = 0; j < ipv6->GetNAddresses(i) && ipv6->IsUp(i); j++)
        {
            const Ipv6InterfaceAddress entry = ipv6->GetAddress(i, j);
            const Ipv6Address address = entry.GetAddress();
            // ns-3 sends from tentative addresses, too, so that applications may start at time 0.
            if (entry.GetState() != Ipv6InterfaceAddress::INVALID)
            {
                Append(list, device, address, address.IsLocalhost() || address.IsLinkLocal());
            }
        }
    }
}

std::vector<MptcpLocalAddress>
MptcpInterfaces::List(Node& node)
{
    std::vector<MptcpLocalAddress> list;
    ListIpv4(list, node);
    ListIpv6(list, node);
    // The core keeps only so many: those that other hosts can reach come first.
    std::stable_partition(list.begin(), list.end(), [](const auto& a) { return !a.noSubflow; });
    return list;
}

} // namespace ns3
