-- SPDX-License-Identifier: GPL-2.0-only
DELETE FROM chosen_run WHERE seed <> :seed;
