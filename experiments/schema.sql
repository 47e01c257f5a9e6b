-- SPDX-License-Identifier: GPL-2.0-or-later
-- The result store: one file, written by one process (mptcp-lab), one transaction a run. A number in a figure leads from
-- metric or sample to its run (seed, argv), its config (every resolved parameter) and its build (commit, ns-3 version).
PRAGMA application_id = 0x4d505443;  -- "MPTC"
PRAGMA user_version = 1;

CREATE TABLE IF NOT EXISTS campaign (
    campaign_id INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,   -- of the sweep, as its file says
    file        TEXT NOT NULL,          -- path of the sweep file as given
    text        TEXT NOT NULL           -- its content
) STRICT;

CREATE TABLE IF NOT EXISTS build (
    build_id    INTEGER PRIMARY KEY,
    commit_id   TEXT NOT NULL,          -- git commit, or 'unknown'
    dirty       INTEGER NOT NULL,       -- 1 = the work tree differed from the commit
    ns3_version TEXT NOT NULL,
    compiler    TEXT NOT NULL,
    binary_hash TEXT NOT NULL UNIQUE    -- SHA-256 of mptcp-run and the module's library
) STRICT;

CREATE TABLE IF NOT EXISTS config (
    config_id   INTEGER PRIMARY KEY,
    hash        TEXT NOT NULL UNIQUE,   -- SHA-256 of json
    label       TEXT NOT NULL,          -- the swept keys only, 'key=value key=value'
    json        TEXT NOT NULL           -- all resolved parameters of the point, keys sorted
) STRICT;

CREATE TABLE IF NOT EXISTS config_axis (  -- the swept keys again, for GROUP BY
    config_id   INTEGER NOT NULL REFERENCES config,
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (config_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS config_known (  -- what mptcp-run answered before: loading ns-3 only to ask again takes long
    key         TEXT PRIMARY KEY,       -- SHA-256 of binary_hash, the scenario's content and the changes to it
    config_id   INTEGER NOT NULL REFERENCES config
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS run (
    run_id      INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    config_id   INTEGER NOT NULL REFERENCES config,
    build_id    INTEGER NOT NULL REFERENCES build,
    seed        INTEGER NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('ok', 'exit', 'signal', 'timeout', 'oom', 'bad-output')),
    exit_code   INTEGER NOT NULL,       -- exit status, or number of the signal
    argv        TEXT NOT NULL,          -- the command line, quoted for a shell
    wall_s      REAL NOT NULL,
    cpu_s       REAL NOT NULL,          -- user and system
    memory_kib  INTEGER NOT NULL,       -- peak resident set
    stderr_end  TEXT NOT NULL,          -- its last 4096 bytes
    result_hash TEXT NOT NULL,          -- SHA-256 of what the run printed
    UNIQUE (campaign_id, config_id, build_id, seed)
) STRICT;

CREATE TABLE IF NOT EXISTS metric (
    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    name        TEXT NOT NULL,          -- 'goodput'
    entity      TEXT NOT NULL,          -- 'flow:download', 'path:wifi', or '' for the whole run
    unit        TEXT NOT NULL,          -- 'Mb/s'
    value       REAL NOT NULL,
    PRIMARY KEY (run_id, name, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sample (
    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    series      TEXT NOT NULL,          -- 'goodput flow:download path:wifi Mb/s'
    time_us     INTEGER NOT NULL,
    value       REAL NOT NULL,
    PRIMARY KEY (run_id, series, time_us)
) STRICT, WITHOUT ROWID;
