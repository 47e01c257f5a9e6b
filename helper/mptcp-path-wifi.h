/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MPTCP_PATH_WIFI_H
#define MPTCP_PATH_WIFI_H

#include "mptcp-path.h"

#include "ns3/mac48-address.h"
#include "ns3/traced-callback.h"
#include "ns3/vector.h"

namespace ns3
{

/**
 * @brief Wi-Fi: an access point, behind it the wire to the core.
 *
 * Each path has a radio channel to itself. Rate adaptation is Minstrel's; a station that hears no beacons any more
 * loses its association, and associates again when it is back.
 */
class MptcpPathWifi : public MptcpPath
{
  public:
    static TypeId GetTypeId();

    /**
     * @param interface index in GetInterfaces()
     * @return whether the station is associated with the access point
     */
    bool IsInRange(uint32_t interface) const;

    /**
     * Signature of trace source "InRange".
     * @param interface index in GetInterfaces()
     * @param isInRange the new state
     * @param since when it began: for the loss of association, the time of the last beacon that was heard
     */
    typedef void (*InRangeTracedCallback)(uint32_t interface, bool isInRange, Time since);

  protected:
    void DoDispose() override;
    void DoInstall(Ptr<Node> core, const NodeContainer& hosts) override;
    int64_t DoAssignStreams(int64_t stream) override;

  private:
    /** What is known of a station. */
    struct Station
    {
        bool isAssociated{false}; //!< with the access point
        Time lastBeacon;          //!< when it heard one
    };

    double GetTransmitPowerDbm() const;
    void InstallRadio(Ptr<Node> ap, const NodeContainer& hosts);
    void LimitQueue(Ptr<NetDevice> device) const;
    void WatchStation(uint32_t interface);
    static void NotifyBeacon(MptcpPathWifi* path, uint32_t interface, Time time);
    static void NotifyAssociated(MptcpPathWifi* path, uint32_t interface, Mac48Address ap);
    static void NotifyDisassociated(MptcpPathWifi* path, uint32_t interface, Mac48Address ap);

    std::string m_standard;                         //!< a, n or ac
    Vector m_position;                              //!< of the access point
    double m_range;                                 //!< in metres
    double m_pathLossExponent;                      //!< of the log-distance model
    uint32_t m_radioQueuePackets;                   //!< limit of each radio's queue
    NetDeviceContainer m_devices;                   //!< the access point's, then the stations'
    std::vector<Station> m_stations;                //!< one for each interface
    TracedCallback<uint32_t, bool, Time> m_inRange; //!< trace source "InRange"
};

} // namespace ns3

#endif /* MPTCP_PATH_WIFI_H */
