-- SPDX-License-Identifier: GPL-2.0-or-later
-- From version 1 of the result store, whose tables are renamed to old_* and beside those of schema.sql. Version 1 kept
-- label and axes with the configuration: each campaign gets the names that were stored, and of points of one label the
-- one that was run last is current. Times and hosts were not kept.
INSERT INTO campaign (campaign_id, name, file, text, scenario)
    SELECT campaign_id, name, file, text, '' FROM old_campaign;
INSERT INTO build SELECT build_id, commit_id, dirty, ns3_version, compiler, binary_hash FROM old_build;
INSERT INTO config (config_id, hash, json) SELECT config_id, hash, json FROM old_config;
INSERT INTO config_known SELECT key, config_id FROM old_config_known;

INSERT INTO point (campaign_id, config_id, position, label, is_current)
    SELECT campaign_id, config_id, row_number() OVER (PARTITION BY campaign_id ORDER BY config_id) - 1, label,
           last_id = max(last_id) OVER (PARTITION BY campaign_id, label)
    FROM (SELECT campaign_id, config_id, label, max(run_id) AS last_id
          FROM old_run JOIN old_config USING (config_id) GROUP BY campaign_id, config_id)
    ORDER BY campaign_id, config_id;
INSERT INTO point_axis (point_id, position, key, value)
    SELECT point_id, row_number() OVER (PARTITION BY point_id ORDER BY key) - 1, key, value
    FROM point JOIN old_config_axis USING (config_id);

INSERT INTO run (run_id, point_id, build_id, seed, status, exit_code, argv, host, wall_s, cpu_s, memory_kib, stderr_end,
                 result_hash)
    SELECT run_id, point_id, build_id, seed, status, exit_code, argv, '', wall_s, cpu_s, memory_kib, stderr_end,
           result_hash
    FROM old_run JOIN point USING (campaign_id, config_id);

-- A series was one text, 'NAME ENTITY UNIT': the first word, the last one, and what is between.
CREATE TEMP TABLE old_series AS
    SELECT series, substr(series, 1, length(first) - 1) AS name,
           CASE WHEN series || ' ' = first THEN '' ELSE replace(series, rtrim(series, replace(series, ' ', '')), '') END
               AS unit
    FROM (SELECT series, substr(series || ' ', 1, instr(series || ' ', ' ')) AS first
          FROM (SELECT DISTINCT series FROM old_sample));
ALTER TABLE old_series ADD COLUMN entity TEXT NOT NULL DEFAULT '';
UPDATE old_series SET entity = trim(substr(series, length(name) + 1, length(series) - length(name) - length(unit)));

INSERT INTO quantity (name, entity, unit)
    SELECT name, entity, unit FROM old_metric UNION SELECT name, entity, unit FROM old_series ORDER BY 1, 2, 3;
INSERT INTO metric_value (run_id, quantity_id, value, is_censored)
    SELECT run_id, quantity_id, value, 0 FROM old_metric JOIN quantity USING (name, entity, unit);
INSERT INTO sample_value (run_id, quantity_id, time_us, value)
    SELECT run_id, quantity_id, time_us, value
    FROM old_sample JOIN old_series USING (series) JOIN quantity USING (name, entity, unit);
DROP TABLE old_series;
