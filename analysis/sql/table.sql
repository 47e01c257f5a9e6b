-- SPDX-License-Identifier: GPL-2.0-or-later
-- The metrics of every chosen run (:metrics: a list with commas, or NULL for all; :entity: one, or NULL): metric, entity, unit,
-- run, value, whether it is censored. Of a run without a metric that others have the value is NULL: a point where nothing
-- happened is a line of the table, too.
WITH shown AS (
    SELECT quantity_id, name, entity, unit
    FROM quantity
    WHERE (:metrics IS NULL OR instr(',' || :metrics || ',', ',' || name || ',') > 0)
        AND (:entity IS NULL OR entity = :entity)
        AND quantity_id IN (SELECT quantity_id FROM chosen_run JOIN metric_value USING (run_id)))
SELECT quantity.name, quantity.entity, quantity.unit, run.run_id, metric_value.value, metric_value.is_censored
FROM shown AS quantity CROSS JOIN chosen_run AS run JOIN point USING (point_id)
LEFT JOIN metric_value ON metric_value.run_id = run.run_id AND metric_value.quantity_id = quantity.quantity_id
ORDER BY quantity.name, quantity.entity, point.position, run.seed, run.run_id;
