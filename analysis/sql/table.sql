-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every metric of every chosen run: metric, entity, unit, label of the point, seed, value, run.
SELECT metric.name, metric.entity, metric.unit, point.label, run.seed, metric.value, run.run_id
FROM chosen_run AS run JOIN metric USING (run_id) JOIN point USING (point_id)
WHERE NOT metric.is_censored
ORDER BY metric.name, metric.entity, point.label COLLATE by_number, run.point_id, run.seed;
