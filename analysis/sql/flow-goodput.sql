-- SPDX-License-Identifier: GPL-2.0-or-later
-- Goodput of each flow of each run, for an index of fairness over a run's flows: congestion control, run, Mb/s.
SELECT axis.value, run.run_id, metric.value
FROM chosen_run AS run JOIN metric USING (run_id)
JOIN point_axis AS axis USING (point_id)
WHERE axis.key = 'congestion_control' AND metric.name = 'goodput'
  AND metric.entity GLOB 'flow:*' AND metric.entity NOT GLOB '* path:*'
ORDER BY axis.value, run.seed, run.run_id, metric.entity;
