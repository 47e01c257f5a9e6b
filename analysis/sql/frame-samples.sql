-- SPDX-License-Identifier: GPL-2.0-or-later
-- One sampled series of the chosen runs, averaged in bins: run, entity, unit, value, middle of the bin in seconds. A
-- sample at time t tells of the period that ends at t, so it belongs to the bin that holds t - 1 us.
WITH named AS (
    SELECT run.run_id, run.config_id, run.seed, time_us, value,
           rtrim(series, replace(series, ' ', '')) AS front, substr(series, length(:name) + 2) AS behind
    FROM chosen_run AS run JOIN sample USING (run_id)
    WHERE series GLOB :name || ' *'
), parted AS (
    SELECT run_id, config_id, seed, time_us, value, replace(:name || ' ' || behind, front, '') AS unit,
           rtrim(substr(front, length(:name) + 2)) AS entity
    FROM named
)
SELECT run_id, entity, unit, avg(value), (max(time_us - 1, 0) / :bin_us + 0.5) * :bin_us / 1e6 AS middle_s
FROM parted
WHERE entity GLOB :entity
GROUP BY run_id, entity, max(time_us - 1, 0) / :bin_us
ORDER BY config_id, seed, run_id, middle_s, entity;
