/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MPTCP_PATH_LTE_H
#define MPTCP_PATH_LTE_H

#include "mptcp-path.h"

#include "ns3/vector.h"

namespace ns3
{

class LteHelper;
class PointToPointEpcHelper;

/**
 * @brief LTE: a cell and its packet core, from the gateway the wire to the core router.
 *
 * Hosts' addresses are from 7.0.0.0/8, which ns-3's packet core has fixed: a simulation can have one such path.
 * Bearers use RLC's acknowledged mode, as real networks do for TCP. Install() changes the default of attribute
 * ns3::LteRlcAm::MaxTxBufferSize, for bearers are created during the simulation.
 */
class MptcpPathLte : public MptcpPath
{
  public:
    static TypeId GetTypeId();
    // Where LTE's own types are known: who makes one need not include them.
    MptcpPathLte();
    ~MptcpPathLte() override;

  protected:
    void DoDispose() override;
    void DoInstall(Ptr<Node> core, const NodeContainer& hosts) override;
    int64_t DoAssignStreams(int64_t stream) override;

  private:
    Ptr<NetDevice> InstallCell();

    Vector m_position;                //!< of the base station
    uint32_t m_resourceBlocks;        //!< bandwidth, in both directions
    uint32_t m_radioQueueBytes;       //!< limit of each bearer's queue
    Ptr<LteHelper> m_lte;             //!< builds and keeps the radio part
    Ptr<PointToPointEpcHelper> m_epc; //!< builds and keeps the packet core
    NetDeviceContainer m_devices;     //!< the base station's, then the hosts'
};

} // namespace ns3

#endif /* MPTCP_PATH_LTE_H */
