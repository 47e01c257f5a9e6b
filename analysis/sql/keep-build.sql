-- SPDX-License-Identifier: GPL-2.0-or-later
-- The build whose runs count at the points of an engine.
UPDATE chosen_point SET build_id = :build_id WHERE engine = :engine;
