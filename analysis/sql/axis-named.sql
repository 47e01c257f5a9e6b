-- SPDX-License-Identifier: GPL-2.0-or-later
-- The axis of this name among the chosen runs, or the only one whose name ends so behind a dot.
WITH axis AS (SELECT DISTINCT key FROM chosen_run JOIN point_axis USING (point_id)),
     match AS (SELECT key FROM axis WHERE key = :key
               UNION ALL SELECT key FROM axis WHERE substr(key, -length(:key) - 1) = '.' || :key
                                               AND NOT EXISTS (SELECT 1 FROM axis WHERE key = :key))
SELECT min(key) FROM match HAVING count(*) = 1;
