/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_SCENARIO_ERROR_H
#define EXP_SCENARIO_ERROR_H

#include "scenario.h"

#include <stdexcept>
#include <string>

namespace experiment
{

/** What only ns-3 can tell to be wrong with a scenario, e.g. the name of a congestion control. */
class ScenarioError : public std::runtime_error
{
  public:
    /**
     * @param mark where the faulty element was written
     * @param key which of its keys
     * @param expected what was expected
     */
    ScenarioError(const doc_mark& mark, const std::string& key, const std::string& expected)
        : std::runtime_error(std::string(mark.file) + ":" + std::to_string(mark.line) + ":" +
                             std::to_string(mark.column) + ": " + key + ": expected " + expected)
    {
    }
};

} // namespace experiment

#endif /* EXP_SCENARIO_ERROR_H */
