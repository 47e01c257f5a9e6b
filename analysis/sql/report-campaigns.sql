-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every campaign: name, file, points, runs done, failed, ignored; hours of computing; first and last start, hosts.
SELECT campaign.name, campaign.file, count(DISTINCT point_id), ifnull(sum(status = 'ok'), 0), ifnull(sum(status <> 'ok'), 0),
       ifnull(sum(ignored <> ''), 0), ifnull(sum(cpu_s), 0) / 3600, ifnull(min(started_at), ''), ifnull(max(started_at), ''),
       ifnull(group_concat(DISTINCT nullif(host, '')), '')
FROM campaign LEFT JOIN point USING (campaign_id) LEFT JOIN run USING (point_id)
GROUP BY campaign_id ORDER BY campaign.name;
