-- SPDX-License-Identifier: GPL-2.0-or-later
-- The sampled series that the chosen runs have, as one text.
SELECT group_concat(name, ', ')
FROM (SELECT DISTINCT name FROM chosen_run JOIN sample USING (run_id) ORDER BY name);
