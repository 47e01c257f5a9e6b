-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the points of the chosen runs are on each axis of the sweep, in the sweep's order: point, axis, value.
SELECT point_id, key, value
FROM point_axis WHERE point_id IN (SELECT point_id FROM chosen_run)
ORDER BY point_id, position;
