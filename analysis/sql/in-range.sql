-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether the phone is in range of the access point, over time: of the first seed that has it, since the walk has no
-- chance in it.
SELECT time_us / 1e6, sample.value
FROM sample
WHERE name = 'in_range' AND entity = 'path:wifi'
  AND run_id = (SELECT run_id FROM chosen_run JOIN sample USING (run_id)
                WHERE name = 'in_range' AND entity = 'path:wifi' ORDER BY seed, run_id LIMIT 1)
ORDER BY time_us;
