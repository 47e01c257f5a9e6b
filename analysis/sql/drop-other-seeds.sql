-- SPDX-License-Identifier: GPL-2.0-or-later
DELETE FROM chosen_run WHERE seed <> :seed;
