-- SPDX-License-Identifier: GPL-2.0-or-later
-- The builds that runs of a campaign's current points are of, the one that was run last first: id, commit, dirty flag,
-- hash, when it was run last ('' = not known). :build, if not '', is how the commit or the hash begins.
SELECT build_id, commit_id, dirty, binary_hash, ifnull(max(started_at), '') AS last_at
FROM campaign JOIN point USING (campaign_id) JOIN run USING (point_id) JOIN build USING (build_id)
WHERE name = :campaign AND is_current
  AND (substr(commit_id, 1, length(:build)) = :build OR substr(binary_hash, 1, length(:build)) = :build)
GROUP BY build_id
ORDER BY last_at DESC, max(run_id) DESC;
