/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_BYTE_LOG_H
#define EXP_BYTE_LOG_H

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace experiment
{

/** When how many bytes arrived; all figures about goodput and stalls are read from it after the run. */
class ByteLog
{
  public:
    /** Bytes arrive now. */
    void Add(uint32_t bytes);

    /** @return bytes that arrived after @p from, up to and including @p to */
    uint64_t Between(ns3::Time from, ns3::Time to) const;
    /** @return all bytes */
    uint64_t Total() const;
    /** @return the longest time without an arrival between @p from and @p to, which count as arrivals */
    ns3::Time LongestGap(ns3::Time from, ns3::Time to) const;
    /** @return the time of the first arrival after @p time */
    std::optional<ns3::Time> FirstAfter(ns3::Time time) const;
    /** @return the time of the last arrival up to and including @p time */
    std::optional<ns3::Time> LastUntil(ns3::Time time) const;

  private:
    /** An arrival. */
    struct Entry
    {
        int64_t timeNs;      //!< when
        uint64_t totalBytes; //!< that have arrived by then
    };

    std::vector<Entry>::const_iterator After(ns3::Time time) const;

    std::vector<Entry> m_entries; //!< in order of time, one for each moment
};

} // namespace experiment

#endif /* EXP_BYTE_LOG_H */
