-- SPDX-License-Identifier: GPL-2.0-or-later
-- The builds that runs of a campaign's current points are of, engine by engine (a run's build is what its engine loads),
-- the one that was run last first: engine, id, hash. :build, if not '', is how the commit or the hash begins.
SELECT engine, run.build_id, binary_hash
FROM chosen_point JOIN run USING (point_id) JOIN build ON build.build_id = run.build_id
WHERE substr(commit_id, 1, length(:build)) = :build OR substr(binary_hash, 1, length(:build)) = :build
GROUP BY engine, run.build_id
ORDER BY engine, ifnull(max(started_at), '') DESC, max(run_id) DESC;
