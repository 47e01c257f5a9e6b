/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_SAMPLER_H
#define EXP_SAMPLER_H

#include "flow.h"
#include "measure.h"
#include "topology.h"

#include <memory>
#include <string>
#include <vector>

namespace experiment
{

/** Looks at regular times at what cannot be told from logs afterwards: windows, round-trip times, positions. */
class Sampler
{
  public:
    /**
     * @param record what to sample, and where it goes
     * @param flows their senders' windows and round-trip times
     * @param topology hosts that move
     */
    Sampler(const measure& record, const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology);
    Sampler(const Sampler&) = delete;
    Sampler& operator=(const Sampler&) = delete;

  private:
    void Take();
    void TakePositions();
    void TakeSubflows(const Flow& flow);
    std::string PathOf(const Flow& flow, const SubflowState& subflow) const;
    void Add(const std::string& series, double value);

    const measure& m_record;                           //!< what to sample, and where it goes
    const std::vector<std::unique_ptr<Flow>>& m_flows; //!< all flows
    const Topology& m_topology;                        //!< hosts and paths
};

} // namespace experiment

#endif /* EXP_SAMPLER_H */
