-- SPDX-License-Identifier: GPL-2.0-or-later
-- What happened in one run: seconds, name, entity, detail.
SELECT time_us / 1e6, name, entity, detail
FROM event WHERE run_id = :run
ORDER BY time_us, position;
