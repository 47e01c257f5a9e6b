-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every build that has runs: commit, dirty flag, what it simulates with, compiler, hash, runs.
WITH engines AS MATERIALIZED (SELECT point_id, ifnull(json_extract(json, '$.engine'), 'ns3') AS engine
                              FROM point JOIN config USING (config_id))
SELECT commit_id, dirty, group_concat(DISTINCT CASE engine WHEN 'link' THEN 'link engine' ELSE 'ns-3 ' || ns3_version END),
       compiler, binary_hash, count(*)
FROM build JOIN run USING (build_id) JOIN engines USING (point_id)
GROUP BY build_id ORDER BY max(ifnull(started_at, '')), build_id;
