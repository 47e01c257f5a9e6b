-- SPDX-License-Identifier: GPL-2.0-or-later
-- The values swept on one axis of a campaign, as one text.
SELECT group_concat(value, ', ')
FROM (SELECT DISTINCT value
      FROM run JOIN campaign USING (campaign_id) JOIN config_axis USING (config_id)
      WHERE name = :campaign AND key = :key ORDER BY value COLLATE by_number);
