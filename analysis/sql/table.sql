-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every metric of every chosen run: metric, entity, unit, run, value, whether it is censored.
SELECT metric.name, metric.entity, metric.unit, run.run_id, metric.value, metric.is_censored
FROM chosen_run AS run JOIN point USING (point_id) JOIN metric USING (run_id)
ORDER BY metric.name, metric.entity, point.position, run.seed, run.run_id;
