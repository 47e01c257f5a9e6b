#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the sweep runner share; sourced, after `passed` and `failed` were set to 0.

check() { # NAME COMMAND...: the case passes when the command does
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        [ -s err ] && sed 's/^/     /' err | tail -5
    fi
}

query() { sqlite3 "$1" "$2"; }
equals() { [ "$1" = "$2" ] || { echo "     expected '$2', got '$1'"; false; }; }

# Every result column, without ids and measured times.
dump() {
    query "$1" "SELECT c.name, hash, label, p.position, is_current, json FROM point p JOIN config USING (config_id)
            JOIN campaign c USING (campaign_id) ORDER BY c.name, hash;
        SELECT c.name, hash, a.position, key, value FROM point_axis a JOIN point USING (point_id)
            JOIN config USING (config_id) JOIN campaign c USING (campaign_id) ORDER BY c.name, hash, key;
        SELECT campaign, config_hash, binary_hash, seed, status, exit_code, argv, host, stderr_end, result_hash, ignored
            FROM run_named ORDER BY campaign, config_hash, binary_hash, seed;
        SELECT binary_hash, name, f.hash FROM build_file f JOIN build USING (build_id) ORDER BY 1, 2;
        SELECT config_hash, seed, m.name, entity, unit, value, is_censored FROM metric m JOIN run_named USING (run_id)
            ORDER BY 1, 2, 3, 4;
        SELECT config_hash, seed, s.name, entity, unit, time_us, value FROM sample s JOIN run_named USING (run_id)
            ORDER BY 1, 2, 3, 4, time_us;
        SELECT config_hash, seed, e.position, time_us, e.name, entity, detail FROM event e
            JOIN run_named USING (run_id) ORDER BY 1, 2, 3;"
}

same_results() { dump "$1" > a.dump; dump "$2" > b.dump; cmp a.dump b.dump; }
