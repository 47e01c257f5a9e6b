-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the points of the chosen runs are on each axis of the sweep, in the sweep's order: place of the point, axis, value.
SELECT point.position, key, value
FROM point JOIN point_axis USING (point_id)
WHERE point_id IN (SELECT point_id FROM chosen_run)
ORDER BY point.position, point_axis.position;
