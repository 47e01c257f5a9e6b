-- SPDX-License-Identifier: GPL-2.0-or-later
-- Runs of the campaign that are not in chosen_run: failed ones, those to be ignored, completed ones of other builds, and
-- of points that are no longer in the sweep.
SELECT ifnull(sum(status <> 'ok' AND run.build_id = chosen.build_id), 0),
       ifnull(sum(status = 'ok' AND run.build_id = chosen.build_id AND ignored <> ''), 0),
       ifnull(sum(status = 'ok' AND run.build_id <> chosen.build_id), 0),
       ifnull(sum(status = 'ok' AND NOT is_current), 0)
FROM campaign JOIN point USING (campaign_id) JOIN run USING (point_id) LEFT JOIN chosen_point AS chosen USING (point_id)
WHERE name = :campaign;
