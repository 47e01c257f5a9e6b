-- SPDX-License-Identifier: GPL-2.0-or-later
-- Goodput of the download over time, averaged in bins: curve ('mptcp total', 'mptcp wifi', ...), middle of the bin in
-- seconds, seed, Mb/s. A sample at time t tells of the period that ends at t, so it belongs to the bin that holds t -
-- 1 us.
SELECT transport.value || ' ' ||
           CASE WHEN entity = 'flow:download' THEN 'total' ELSE replace(entity, 'flow:download path:', '') END AS curve,
       CAST((max(time_us - 1, 0) / :bin_us + 0.5) * :bin_us / 1e6 AS TEXT),
       seed,
       avg(sample.value)
FROM chosen_run JOIN sample USING (run_id)
JOIN point_axis AS transport USING (point_id)
WHERE transport.key = 'transport' AND name = 'goodput'
  AND (entity = 'flow:download' OR entity GLOB 'flow:download path:*' AND transport.value = 'mptcp')
GROUP BY curve, max(time_us - 1, 0) / :bin_us, seed
ORDER BY curve, max(time_us - 1, 0) / :bin_us, seed;
