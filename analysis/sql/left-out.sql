-- SPDX-License-Identifier: GPL-2.0-or-later
-- Runs of the campaign that are not in chosen_run: failed ones of the newest build, and those of earlier builds or
-- configurations.
SELECT ifnull(sum(run.status <> 'ok' AND run.build_id = newest.build_id), 0),
       ifnull(sum(run.status = 'ok'), 0)
FROM run JOIN campaign USING (campaign_id),
     (SELECT max(build_id) AS build_id FROM run JOIN campaign USING (campaign_id) WHERE name = :campaign) AS newest
WHERE name = :campaign AND run_id NOT IN (SELECT run_id FROM chosen_run);
