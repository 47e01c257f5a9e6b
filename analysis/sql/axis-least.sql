-- SPDX-License-Identifier: GPL-2.0-or-later
-- The least number on an axis among the chosen runs.
SELECT value FROM chosen_run JOIN point_axis USING (point_id) WHERE key = :key ORDER BY CAST(value AS REAL), value LIMIT 1;
