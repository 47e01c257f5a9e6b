-- SPDX-License-Identifier: GPL-2.0-or-later
-- The completed runs of one build of a campaign's current points: what the sweep was when it was started last.
INSERT INTO chosen_run (run_id, point_id, seed)
SELECT run_id, point_id, seed
FROM campaign JOIN point USING (campaign_id) JOIN run USING (point_id)
WHERE name = :campaign AND is_current AND build_id = :build_id AND status = 'ok' AND ignored = '';
