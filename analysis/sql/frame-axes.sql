-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the points of the chosen runs are on each axis of the sweep, in the sweep's order: point, axis, value.
SELECT config_id, key, value
FROM config_axis WHERE config_id IN (SELECT config_id FROM chosen_run)
ORDER BY config_id, key;
