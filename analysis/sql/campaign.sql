-- SPDX-License-Identifier: GPL-2.0-or-later
-- Where the chosen runs come from, by build: commit, dirty flag, what it simulates with, points, seeds, runs.
SELECT build.commit_id, build.dirty, CASE engine WHEN 'link' THEN 'link engine' ELSE 'ns-3 ' || build.ns3_version END,
       count(DISTINCT chosen.point_id), count(DISTINCT chosen.seed), count(*)
FROM chosen_run AS chosen JOIN chosen_point USING (point_id) JOIN build USING (build_id)
GROUP BY engine, build.build_id ORDER BY engine DESC;
