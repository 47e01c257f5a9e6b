-- SPDX-License-Identifier: GPL-2.0-or-later
-- All that was sampled in one run: name, entity, unit, seconds, value.
SELECT name, entity, unit, time_us / 1e6, value
FROM sample WHERE run_id = :run
ORDER BY name, entity, unit, time_us;
