-- SPDX-License-Identifier: GPL-2.0-or-later
-- Where the chosen runs come from: commit, dirty flag, ns-3 version, points, seeds, runs.
SELECT build.commit_id, build.dirty, build.ns3_version,
       count(DISTINCT chosen.point_id), count(DISTINCT chosen.seed), count(*)
FROM chosen_run AS chosen JOIN run USING (run_id) JOIN build USING (build_id);
