-- SPDX-License-Identifier: GPL-2.0-or-later
-- The values swept on one axis of a campaign, as one text.
SELECT group_concat(value, ', ')
FROM (SELECT DISTINCT value
      FROM campaign JOIN point USING (campaign_id) JOIN point_axis USING (point_id)
      WHERE name = :campaign AND is_current AND key = :key ORDER BY value COLLATE by_number);
