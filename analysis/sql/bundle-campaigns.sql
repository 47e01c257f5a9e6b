-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each campaign was swept from: name, the sweep's text, the scenario's text; and whether it has a completed run.
SELECT campaign.name, campaign.text, campaign.scenario, ifnull(max(status = 'ok'), 0)
FROM campaign LEFT JOIN point USING (campaign_id) LEFT JOIN run USING (point_id)
GROUP BY campaign_id ORDER BY campaign.name;
