-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every metric of every chosen run: metric, entity, unit, label of the configuration, seed, value, run.
SELECT metric.name, metric.entity, metric.unit, config.label, run.seed, metric.value, run.run_id
FROM chosen_run AS run JOIN metric USING (run_id) JOIN config USING (config_id)
ORDER BY metric.name, metric.entity, config.label COLLATE by_number, run.seed;
