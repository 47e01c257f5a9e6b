-- SPDX-License-Identifier: GPL-2.0-or-later
-- The axes on which the chosen runs differ, as one text.
SELECT group_concat(key, ', ')
FROM (SELECT key FROM chosen_run JOIN point_axis USING (point_id) GROUP BY key
      HAVING count(DISTINCT value) > 1 ORDER BY min(point_axis.position));
