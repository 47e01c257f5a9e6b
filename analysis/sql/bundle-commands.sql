-- SPDX-License-Identifier: GPL-2.0-or-later
-- The command of every run: run, campaign, point, seed, command line.
SELECT run_id, campaign, label, seed, argv FROM run_named ORDER BY run_id;
