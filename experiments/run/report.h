/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_REPORT_H
#define EXP_REPORT_H

#include "flow.h"
#include "path-meter.h"
#include "range-log.h"
#include "scenario.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace experiment
{

/** Works out series and metrics from the logs of a run and prints them (doc/contracts.md). */
class Report
{
  public:
    /** What a run has left behind; all of it must outlive the report. */
    struct Logs
    {
        const scenario& spec;                            //!< what was simulated
        const Topology& topology;                        //!< hosts and paths
        const std::vector<std::unique_ptr<Flow>>& flows; //!< what arrived at applications
        const PathMeter& paths;                          //!< what arrived by path
        const RangeLog& range;                           //!< who was in range when
        ns3::Time end;                                   //!< of the run
    };

    Report(const Logs& logs, FILE* out);

    void PrintSeries() const;  //!< Print what can be told over time from the logs.
    void PrintMetrics() const; //!< Print the figures of the run.

  private:
    void PrintGoodputSeries(const std::string& entity, const ByteLog& log) const;
    void PrintRangeSeries(const scn_path& path, const std::string& host) const;
    void PrintFlow(const Flow& flow) const;
    void PrintPaths(const Flow& flow) const;
    void PrintRange(const Flow& flow) const;
    void PrintRecovery(const Flow& flow, const std::string& path) const;
    void PrintSquareRootLaw(const Flow& flow) const;
    void PrintFairness() const;
    void PrintMiddleboxes() const;
    void Metric(const std::string& name, const std::string& entity, const std::string& unit, double value) const;

    std::string FindWifi(const Flow& flow) const;
    double GetGoodputMbps(const Flow& flow) const;
    std::vector<double> GetGoodputs(int64_t protocol) const;

    Logs m_logs; //!< what was recorded
    FILE* m_out; //!< where results go
};

} // namespace experiment

#endif /* EXP_REPORT_H */
