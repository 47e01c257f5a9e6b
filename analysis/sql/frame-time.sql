-- SPDX-License-Identifier: GPL-2.0-or-later
-- Of a sampled series: the latest time and the mean distance of two samples, in seconds.
WITH one AS (SELECT run_id, entity, count(*) AS n, min(time_us) AS first_us, max(time_us) AS last_us
             FROM chosen_run JOIN sample USING (run_id) WHERE name = :name GROUP BY run_id, entity)
SELECT max(last_us) / 1e6, max((last_us - first_us) / 1e6 / max(n - 1, 1)) FROM one;
