-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every build that has runs: commit, dirty flag, ns-3, compiler, hash, runs.
SELECT commit_id, dirty, ns3_version, compiler, binary_hash, count(*)
FROM build JOIN run USING (build_id) GROUP BY build_id ORDER BY max(ifnull(started_at, '')), build_id;
