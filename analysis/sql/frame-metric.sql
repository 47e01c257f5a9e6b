-- SPDX-License-Identifier: GPL-2.0-or-later
-- One metric of the chosen runs: run, entity, unit, value.
SELECT run.run_id, metric.entity, metric.unit, metric.value
FROM chosen_run AS run JOIN metric USING (run_id)
WHERE metric.name = :metric AND metric.entity GLOB :entity AND NOT metric.is_censored
ORDER BY run.point_id, run.seed, run.run_id, metric.entity;
