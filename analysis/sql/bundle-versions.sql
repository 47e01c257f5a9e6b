-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the runs were made with, and where, as lines of text.
WITH engines AS MATERIALIZED (SELECT point_id, ifnull(json_extract(json, '$.engine'), 'ns3') AS engine
                              FROM point JOIN config USING (config_id))
SELECT 'build ' || substr(binary_hash, 1, 12) || ': commit ' || commit_id || CASE WHEN dirty THEN ' with changes' ELSE '' END ||
       ', ' || group_concat(DISTINCT CASE engine WHEN 'link' THEN 'link engine' ELSE 'ns-3 ' || ns3_version END) || ', ' || compiler AS line
FROM build JOIN run USING (build_id) JOIN engines USING (point_id) GROUP BY build_id
UNION ALL
SELECT 'build ' || substr(binary_hash, 1, 12) || ': ' || build_file.name || ' ' || build_file.hash
FROM build_file JOIN build USING (build_id) WHERE build_id IN (SELECT build_id FROM run)
UNION ALL
SELECT 'host: ' || host FROM run WHERE host <> '' GROUP BY host
ORDER BY line;
