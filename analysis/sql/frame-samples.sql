-- SPDX-License-Identifier: GPL-2.0-or-later
-- One sampled series of the chosen runs, averaged in bins: run, entity, unit, value, middle of the bin in seconds. A
-- sample at time t tells of the period that ends at t, so it belongs to the bin that holds t - 1 us.
SELECT run.run_id, entity, unit, avg(value), (max(time_us - 1, 0) / :bin_us + 0.5) * :bin_us / 1e6 AS middle_s
FROM chosen_run AS run JOIN point USING (point_id) JOIN sample USING (run_id)
WHERE name = :name AND entity GLOB :entity
GROUP BY run.run_id, entity, max(time_us - 1, 0) / :bin_us
ORDER BY point.position, run.seed, run.run_id, middle_s, entity;
