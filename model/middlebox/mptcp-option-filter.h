/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_OPTION_FILTER_H
#define MPTCP_OPTION_FILTER_H

#include "mptcp-shared-box.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A box that does not let a TCP option pass: it overwrites it with NOPs, as firewalls and routers do (Linux: TCPOPTSTRIP), or
 * drops segments that carry it. By default it strips every MPTCP option.
 */
class MptcpOptionFilter : public MptcpSharedBox
{
  public:
    /** Segments to look at. */
    enum Segments
    {
        ALL,  //!< every one
        SYN,  //!< SYN and SYN/ACK
        DATA, //!< those with payload
    };

    /** What happens to an option, or to its segment. */
    enum Action
    {
        STRIP, //!< the option is overwritten
        DROP,  //!< the segment is dropped
    };

    MptcpOptionFilter();

    /** @return the TypeId */
    static TypeId GetTypeId();

  protected:
    void Configure() override;

  private:
    uint8_t m_kind{MBX_OPTION_MPTCP}; //!< of the option
    int m_subtype{MBX_ANY_SUBTYPE};   //!< of the MPTCP option
    Segments m_segments{ALL};         //!< segments to look at
    Action m_action{STRIP};           //!< what happens
    double m_probability{1};          //!< that it happens to a segment
    mbx_option_filter m_box{};        //!< does the work
};

} // namespace ns3

#endif /* MPTCP_OPTION_FILTER_H */
