/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_RANGE_LOG_H
#define EXP_RANGE_LOG_H

#include "topology.h"

#include "ns3/nstime.h"

#include <map>
#include <string>
#include <vector>

namespace experiment
{

/** Part of a run. */
struct Interval
{
    ns3::Time from; //!< begin
    ns3::Time to;   //!< end
};

/** When each host was within range of each Wi-Fi path: from its association to the last beacon that it heard. */
class RangeLog
{
  public:
    explicit RangeLog(const Topology& topology);
    RangeLog(const RangeLog&) = delete;
    RangeLog& operator=(const RangeLog&) = delete;

    /** @return whether the host has an interface on a Wi-Fi path */
    bool IsKnown(const std::string& host, const std::string& path) const;
    /** @return whether @p host was in range of @p path at @p time */
    bool IsInRange(const std::string& host, const std::string& path, ns3::Time time) const;
    /** @return the parts of [from, to] in which @p host was in range of @p path, or out of it */
    std::vector<Interval> GetIntervals(const std::string& host,
                                       const std::string& path,
                                       bool isInRange,
                                       ns3::Time from,
                                       ns3::Time to) const;

  private:
    /** A change of state. */
    struct Change
    {
        ns3::Time time; //!< when
        bool isInRange; //!< the new state
    };

    using Changes = std::vector<Change>;

    static void NotifyInRange(RangeLog* log, const Topology::Path* path, uint32_t interface, bool isInRange, ns3::Time since);
    const Changes& GetChanges(const std::string& host, const std::string& path) const;

    std::map<std::pair<std::string, std::string>, Changes> m_changes; //!< by host and path
};

} // namespace experiment

#endif /* EXP_RANGE_LOG_H */
