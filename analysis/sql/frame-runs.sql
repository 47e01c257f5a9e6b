-- SPDX-License-Identifier: GPL-2.0-or-later
-- The chosen runs: run, point, seed, hash of what it printed.
SELECT chosen.run_id, chosen.point_id, chosen.seed, run.result_hash
FROM chosen_run AS chosen JOIN run USING (run_id)
ORDER BY chosen.point_id, chosen.seed, chosen.run_id;
