-- SPDX-License-Identifier: GPL-2.0-or-later
-- One metric of the chosen runs: run, entity, unit, value, whether it is censored.
SELECT run.run_id, metric.entity, metric.unit, metric.value, metric.is_censored
FROM chosen_run AS run JOIN point USING (point_id) JOIN metric USING (run_id)
WHERE metric.name = :name AND metric.entity GLOB :entity
ORDER BY point.position, run.seed, run.run_id, metric.entity;
