-- SPDX-License-Identifier: GPL-2.0-or-later
-- One run, whatever became of it: campaign, label, seed, status, when, where, commit, dirty flag, command line.
SELECT campaign, label, seed, status, ifnull(started_at, ''), host, commit_id, dirty, argv
FROM run_named WHERE run_id = :run;
