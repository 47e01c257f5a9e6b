-- SPDX-License-Identifier: GPL-2.0-or-later
-- Keeps the runs whose point has this value on this axis.
DELETE FROM chosen_run
WHERE point_id NOT IN (SELECT point_id FROM point_axis WHERE key = :key AND value = :value);
