-- SPDX-License-Identifier: GPL-2.0-or-later
-- A campaign's current points, what the sweep was when it was started last, with their engines.
INSERT INTO chosen_point (point_id, engine)
SELECT point_id, ifnull(json_extract(json, '$.engine'), 'ns3')
FROM campaign JOIN point USING (campaign_id) JOIN config USING (config_id)
WHERE name = :campaign AND is_current;
