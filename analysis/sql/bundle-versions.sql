-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the runs were made with, and where, as lines of text.
SELECT 'build ' || substr(binary_hash, 1, 12) || ': commit ' || commit_id || CASE WHEN dirty THEN ' with changes' ELSE '' END ||
       ', ns-3 ' || ns3_version || ', ' || compiler AS line
FROM build WHERE build_id IN (SELECT build_id FROM run)
UNION ALL
SELECT 'build ' || substr(binary_hash, 1, 12) || ': ' || build_file.name || ' ' || build_file.hash
FROM build_file JOIN build USING (build_id) WHERE build_id IN (SELECT build_id FROM run)
UNION ALL
SELECT 'host: ' || host FROM run WHERE host <> '' GROUP BY host
ORDER BY line;
