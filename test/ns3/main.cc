/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Runs the ns-3 test suites of the module: without arguments all of them; --help lists what ns-3's runner knows.
 */

#include "ns3/test.h"

int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
