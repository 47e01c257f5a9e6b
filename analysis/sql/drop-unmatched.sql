-- SPDX-License-Identifier: GPL-2.0-or-later
-- Keeps the runs whose configuration has this value on this axis.
DELETE FROM chosen_run
WHERE config_id NOT IN (SELECT config_id FROM config_axis WHERE key = :key AND value = :value);
