-- SPDX-License-Identifier: GPL-2.0-or-later
-- Runs that failed: run, campaign, label, seed, status, exit code or signal, command, the end of what it said.
SELECT run_id, campaign, label, seed, status, exit_code, argv, stderr_end
FROM run_named WHERE status <> 'ok' ORDER BY run_id;
