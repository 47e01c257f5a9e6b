-- SPDX-License-Identifier: GPL-2.0-or-later
-- One metric over two axes of the sweep: series, x, seed, value. A sweep without the axis has '' there; the series
-- key '*' stands for all axes but x together.
SELECT CASE WHEN :series_key = '*'
            THEN ifnull((SELECT group_concat(other.value, '/') FROM point_axis AS other
                         WHERE other.point_id = run.point_id AND other.key <> :x_key), '')
            ELSE ifnull(series.value, '') END AS curve,
       ifnull(x.value, ''), run.seed, metric.value
FROM chosen_run AS run JOIN metric USING (run_id)
LEFT JOIN point_axis AS series ON series.point_id = run.point_id AND series.key = :series_key
LEFT JOIN point_axis AS x ON x.point_id = run.point_id AND x.key = :x_key
WHERE metric.name = :metric AND metric.entity GLOB :entity AND NOT metric.is_censored
ORDER BY curve, CAST(x.value AS REAL), x.value, run.seed;
