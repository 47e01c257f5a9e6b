/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * Runs the ns-3 test suites of the module: without arguments all of them, one after the other, as newer versions of
 * ns-3 run only one at a time; with arguments what ns-3's runner makes of them (--help).
 */

#include "mptcp-test-suite.h"

int
main(int argc, char* argv[])
{
    if (argc > 1)
    {
        return ns3::TestRunner::Run(argc, argv);
    }
    int status = 0;
    for (const std::string& name : ns3::mptcptest::Suite::GetNames())
    {
        std::string suite = "--suite=" + name;
        std::string verbose = "--verbose";
        char* arguments[] = {argv[0], suite.data(), verbose.data(), nullptr};
        status |= ns3::TestRunner::Run(3, arguments);
    }
    return status;
}
