-- SPDX-License-Identifier: GPL-2.0-or-later
-- One metric where an axis has a value within limits: what the other axes are, '', seed, value. The limits are texts if
-- they are equal, else numbers; with a range of numbers the axis stays among the others.
WITH picked AS (
    SELECT run.run_id, run.point_id, run.seed, axis.key, axis.value
    FROM chosen_run AS run JOIN point_axis AS axis USING (point_id)
    WHERE axis.key = :key
      AND CASE WHEN :low = :high THEN axis.value = :low
               ELSE CAST(axis.value AS REAL) BETWEEN CAST(:low AS REAL) AND CAST(:high AS REAL) END
)
SELECT ifnull((SELECT group_concat(other.key || '=' || other.value, ' ') FROM point_axis AS other
               WHERE other.point_id = picked.point_id AND (other.key <> :key OR :low <> :high)), '') AS others,
       '', picked.seed, metric.value
FROM picked JOIN metric USING (run_id)
WHERE metric.name = :metric AND metric.entity GLOB :entity AND NOT metric.is_censored
ORDER BY others COLLATE by_number, picked.seed;
