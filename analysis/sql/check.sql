-- SPDX-License-Identifier: GPL-2.0-or-later
-- One metric where an axis has a value within limits: what the other axes are, '', seed, value. The limits are texts if
-- they are equal, else numbers; with a range of numbers the axis stays among the others.
WITH picked AS (
    SELECT run.run_id, run.config_id, run.seed, axis.key, axis.value
    FROM chosen_run AS run JOIN config_axis AS axis USING (config_id)
    WHERE axis.key = :key
      AND CASE WHEN :low = :high THEN axis.value = :low
               ELSE CAST(axis.value AS REAL) BETWEEN CAST(:low AS REAL) AND CAST(:high AS REAL) END
)
SELECT ifnull((SELECT group_concat(other.key || '=' || other.value, ' ') FROM config_axis AS other
               WHERE other.config_id = picked.config_id AND (other.key <> :key OR :low <> :high)), '') AS others,
       '', picked.seed, metric.value
FROM picked JOIN metric USING (run_id)
WHERE metric.name = :metric AND metric.entity GLOB :entity
ORDER BY others COLLATE by_number, picked.seed;
