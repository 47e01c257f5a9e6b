-- SPDX-License-Identifier: GPL-2.0-or-later
-- The completed runs of the chosen points' builds.
INSERT INTO chosen_run (run_id, point_id, seed)
SELECT run_id, point_id, seed
FROM chosen_point JOIN run USING (point_id, build_id) WHERE status = 'ok' AND ignored = '';
