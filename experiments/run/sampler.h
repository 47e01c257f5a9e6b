/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_SAMPLER_H
#define EXP_SAMPLER_H

#include "flow.h"
#include "scenario.h"
#include "topology.h"

#include <cstdio>
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
     * @param s what to sample
     * @param flows their senders' windows and round-trip times
     * @param topology hosts that move
     */
    Sampler(const scenario& s, const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology);
    Sampler(const Sampler&) = delete;
    Sampler& operator=(const Sampler&) = delete;

    /** Print all samples. */
    void Print(FILE* out) const;

    /** @return whether the scenario asks for the series */
    static bool IsWanted(const scenario& s, const std::string& series);

  private:
    /** One value of one series. */
    struct Sample
    {
        std::string series; //!< name, entity, unit
        int64_t timeUs;     //!< when
        double value;       //!< in the series' unit
    };

    void Take();
    void TakePositions();
    void TakeSubflows(const Flow& flow);
    std::string PathOf(const Flow& flow, const SubflowState& subflow) const;
    void Add(const std::string& series, double value);

    const scenario& m_scenario;                        //!< what to sample
    const std::vector<std::unique_ptr<Flow>>& m_flows; //!< all flows
    const Topology& m_topology;                        //!< hosts and paths
    std::vector<Sample> m_samples;                     //!< in order of time
};

} // namespace experiment

#endif /* EXP_SAMPLER_H */
