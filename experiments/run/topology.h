/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_TOPOLOGY_H
#define EXP_TOPOLOGY_H

#include "trace-wire.h"

#include "scenario.h"

#include "ns3/mptcp-path-wifi.h"
#include "ns3/mptcp-path.h"

#include <map>
#include <string>
#include <vector>

namespace experiment
{

/** Hosts and paths of a scenario as ns-3 objects: every path leads from its hosts to one core router. */
class Topology
{
  public:
    /** A path that was built. */
    struct Path
    {
        const scn_path* spec;                           //!< what the scenario says
        ns3::Ptr<ns3::MptcpPath> path;                  //!< the path
        std::vector<std::shared_ptr<TraceWire>> traces; //!< of its wire, where it has one
    };

    /** One of a host's interfaces. */
    struct HostInterface
    {
        const Path* path;                           //!< the path it belongs to
        const ns3::MptcpPath::Interface* interface; //!< the interface
    };

    explicit Topology(const scenario& s);
    Topology(const Topology&) = delete;
    Topology& operator=(const Topology&) = delete;

    /** @return the host of that name */
    ns3::Ptr<ns3::Node> GetHost(const std::string& name) const;
    /** @return all enabled paths, in the scenario's order */
    const std::vector<Path>& GetPaths() const;
    /** @return all links that paths may share, in the scenario's order */
    const std::vector<Path>& GetLinks() const;
    /** @return the host's interfaces, in the order of paths */
    std::vector<HostInterface> GetInterfaces(const std::string& host) const;
    /** @return the interfaces that the flow may use at its client, the first one first */
    std::vector<HostInterface> GetClientInterfaces(const scn_flow& flow) const;
    /** @return the path that owns the address, or null */
    const scn_path* GetPathOf(ns3::Ipv4Address address) const;
    /** Write a pcap file of IP packets for each interface of each host into @p folder. */
    void EnablePcap(const std::string& folder) const;

  private:
    void CreateHosts();
    void CreateMobility();
    void CreatePaths(ns3::Ptr<ns3::Node> core);  //!< @param core router
    void CreateLinks(ns3::Ptr<ns3::Node> core);  //!< likewise
    void FollowTraces(Path& path, size_t index); //!< @param path of type trace @param index in the scenario
    void AssignStreams();

    const scenario& m_scenario;                                  //!< what is built
    std::map<std::string, ns3::Ptr<ns3::Node>> m_hosts;          //!< by name
    std::vector<Path> m_paths;                                   //!< enabled ones
    std::vector<Path> m_links;                                   //!< what they may share
    std::map<ns3::Ipv4Address, const scn_path*> m_pathOfAddress; //!< whose addresses are whose
};

} // namespace experiment

#endif /* EXP_TOPOLOGY_H */
