-- SPDX-License-Identifier: GPL-2.0-or-later
-- The chosen runs: run, place of its point in the sweep, seed, hash of what it printed.
SELECT chosen.run_id, point.position, chosen.seed, run.result_hash
FROM chosen_run AS chosen JOIN point USING (point_id) JOIN run USING (run_id)
ORDER BY point.position, chosen.seed, chosen.run_id;
