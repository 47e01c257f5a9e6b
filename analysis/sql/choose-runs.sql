-- SPDX-License-Identifier: GPL-2.0-or-later
-- The completed runs of a campaign by its newest build. If the sweep file or the scenario was edited and swept again,
-- the same point of the grid has two configurations; the one that was run last counts.
INSERT INTO chosen_run (run_id, config_id, seed)
WITH point AS (
    SELECT run.run_id, run.config_id, run.seed, run.status, config.label
    FROM run JOIN config USING (config_id)
    WHERE campaign_id = (SELECT campaign_id FROM campaign WHERE name = :campaign)
      AND build_id = (SELECT max(build_id) FROM run JOIN campaign USING (campaign_id) WHERE name = :campaign)
),
newest AS (SELECT label, max(run_id) AS run_id FROM point GROUP BY label)
SELECT point.run_id, point.config_id, point.seed
FROM newest JOIN point AS last ON last.run_id = newest.run_id JOIN point ON point.config_id = last.config_id
WHERE point.status = 'ok';
