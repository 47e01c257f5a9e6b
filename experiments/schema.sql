-- SPDX-License-Identifier: GPL-2.0-or-later
-- The result store: one file, written by one process (mptcp-lab), one transaction a run. A number in a figure leads from
-- metric or sample to its run (seed, host, times), its point (of a campaign), its config (every resolved parameter) and
-- its build (commit, ns-3 version, every library).
PRAGMA application_id = 0x4d505443;  -- "MPTC"
PRAGMA user_version = 2;

CREATE TABLE IF NOT EXISTS campaign (
    campaign_id INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,   -- of the sweep, as its file says
    file        TEXT NOT NULL,          -- path of the sweep file as given
    text        TEXT NOT NULL,          -- its content
    scenario    TEXT NOT NULL,          -- content of the scenario file; '' when not known
    swept_at    TEXT                    -- UTC, when it was swept last; NULL when not known
) STRICT;

CREATE TABLE IF NOT EXISTS build (
    build_id    INTEGER PRIMARY KEY,
    commit_id   TEXT NOT NULL,          -- git commit, or 'unknown'
    dirty       INTEGER NOT NULL,       -- 1 = the work tree differed from the commit
    ns3_version TEXT NOT NULL,
    compiler    TEXT NOT NULL,
    binary_hash TEXT NOT NULL UNIQUE    -- SHA-256 of the names and hashes of build_file
) STRICT;

CREATE TABLE IF NOT EXISTS build_file (  -- what its runs load: mptcp-run, for engine ns3 mptcp-run-ns3, every library
    build_id    INTEGER NOT NULL REFERENCES build ON DELETE CASCADE,
    name        TEXT NOT NULL,          -- without the folder
    hash        TEXT NOT NULL,          -- SHA-256
    PRIMARY KEY (build_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS config (
    config_id   INTEGER PRIMARY KEY,
    hash        TEXT NOT NULL UNIQUE,   -- SHA-256 of json
    json        TEXT NOT NULL           -- all resolved parameters, keys sorted; the runs start from it
) STRICT;

CREATE TABLE IF NOT EXISTS config_known (  -- what mptcp-run answered before: loading ns-3 only to ask again takes long
    key         TEXT PRIMARY KEY,       -- SHA-256 of binary_hash, the scenario's content and the changes to it
    config_id   INTEGER NOT NULL REFERENCES config ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A point of a campaign's grid: a configuration under the names that this campaign has for it. Each start of the sweep
-- writes label, axes and is_current anew; points that the sweep has no longer stay as long as they have runs.
CREATE TABLE IF NOT EXISTS point (
    point_id    INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    config_id   INTEGER NOT NULL REFERENCES config,
    position    INTEGER NOT NULL,       -- its place in the grid, from 0
    label       TEXT NOT NULL,          -- the swept keys only, 'key=value key=value'
    is_current  INTEGER NOT NULL CHECK (is_current IN (0, 1)),  -- 0 = not of the sweep as it was started last
    UNIQUE (campaign_id, config_id)
) STRICT;

CREATE TABLE IF NOT EXISTS point_axis (  -- the swept keys again, for GROUP BY
    point_id    INTEGER NOT NULL REFERENCES point ON DELETE CASCADE,
    position    INTEGER NOT NULL,       -- of the axis in the sweep file, from 0
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (point_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS run (
    run_id      INTEGER PRIMARY KEY,
    point_id    INTEGER NOT NULL REFERENCES point ON DELETE CASCADE,
    build_id    INTEGER NOT NULL REFERENCES build,
    seed        INTEGER NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('ok', 'exit', 'signal', 'timeout', 'oom', 'bad-output')),
    exit_code   INTEGER NOT NULL,       -- exit status, or number of the signal
    argv        TEXT NOT NULL,          -- the command line that gives this configuration, quoted for a shell
    started_at  TEXT,                   -- UTC, '2026-01-31T12:00:00.000Z'; NULL when not known
    host        TEXT NOT NULL,          -- name of the machine; '' when not known
    wall_s      REAL NOT NULL,
    cpu_s       REAL NOT NULL,          -- user and system
    memory_kib  INTEGER NOT NULL,       -- peak resident set
    stderr_end  TEXT NOT NULL,          -- its last 4096 bytes
    result_hash TEXT NOT NULL,          -- SHA-256 of what the run printed
    ignored     TEXT NOT NULL DEFAULT '',  -- why tables and figures leave it out (`mptcp-lab ignore'); '' = they do not
    UNIQUE (point_id, build_id, seed)
) STRICT;
CREATE INDEX IF NOT EXISTS run_build ON run (build_id);

CREATE TABLE IF NOT EXISTS quantity (   -- what metrics and samples are of, named once
    quantity_id INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,          -- 'goodput'
    entity      TEXT NOT NULL,          -- 'flow:download', 'flow:download path:wifi', or '' for the whole run
    unit        TEXT NOT NULL,          -- 'Mb/s'
    UNIQUE (name, entity, unit)
) STRICT;

CREATE TABLE IF NOT EXISTS metric_value (
    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    quantity_id INTEGER NOT NULL REFERENCES quantity,
    value       REAL NOT NULL,
    is_censored INTEGER NOT NULL CHECK (is_censored IN (0, 1)),  -- 1 = the true value is above this: the run ended first
    PRIMARY KEY (run_id, quantity_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sample_value (
    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    quantity_id INTEGER NOT NULL REFERENCES quantity,
    time_us     INTEGER NOT NULL,
    value       REAL NOT NULL,
    PRIMARY KEY (run_id, quantity_id, time_us)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS event (
    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position    INTEGER NOT NULL,       -- in the run's output, from 0
    time_us     INTEGER NOT NULL,
    name        TEXT NOT NULL,          -- 'subflow_up'
    entity      TEXT NOT NULL,          -- 'flow:download path:wifi'
    detail      TEXT NOT NULL,          -- more of it in words, or ''
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS trace (      -- files that configurations name, of paths of type trace
    hash        TEXT PRIMARY KEY,       -- SHA-256 of the content, as in the configuration
    content     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS prediction (  -- of runs that have metrics predicted_... (`mptcp-lab predict')
    run_id      INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
    oracle      TEXT NOT NULL,          -- SHA-256 of the mptcp-oracle that made them
    note        TEXT NOT NULL           -- why it made none, or not all; '' = it made all
) STRICT;

CREATE VIEW IF NOT EXISTS metric AS
    SELECT run_id, name, entity, unit, value, is_censored FROM metric_value JOIN quantity USING (quantity_id);

CREATE VIEW IF NOT EXISTS sample AS
    SELECT run_id, name, entity, unit, time_us, value FROM sample_value JOIN quantity USING (quantity_id);

CREATE VIEW IF NOT EXISTS run_named AS  -- runs with the names that they have
    SELECT run.*, campaign.name AS campaign, campaign.campaign_id, point.label, point.is_current, point.config_id,
           config.hash AS config_hash, build.commit_id, build.dirty, build.binary_hash
    FROM run JOIN point USING (point_id) JOIN campaign USING (campaign_id) JOIN config USING (config_id)
    JOIN build USING (build_id);
