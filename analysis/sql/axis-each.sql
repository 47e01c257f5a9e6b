-- SPDX-License-Identifier: GPL-2.0-or-later
-- The values on an axis among the chosen runs.
SELECT DISTINCT value FROM chosen_run JOIN point_axis USING (point_id) WHERE key = :key;
