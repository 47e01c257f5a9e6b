/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * Whether a Wi-Fi station has a link: ns3::WifiNetDevice says so before the station has ever been associated.
 */

#include "mptcp-interfaces.h"

#include "ns3/sta-wifi-mac.h"
#include "ns3/wifi-net-device.h"

namespace ns3
{

namespace
{

bool
ProbeWifi(Ptr<NetDevice> device, bool& isUp)
{
    Ptr<WifiNetDevice> wifi = DynamicCast<WifiNetDevice>(device);
    if (!wifi)
    {
        return false;
    }
    Ptr<StaWifiMac> station = DynamicCast<StaWifiMac>(wifi->GetMac());
    isUp = station ? station->IsAssociated() : wifi->IsLinkUp();
    return true;
}

[[maybe_unused]] const bool g_isAdded = MptcpInterfaces::AddLinkProbe(&ProbeWifi); //!< when the library is loaded

} // namespace

} // namespace ns3
