/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @defgroup mptcp-tests Tests of Multipath TCP
 * @ingroup mptcp
 */
#ifndef MPTCP_TEST_SUITE_H
#define MPTCP_TEST_SUITE_H

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mptcptest
{

/** A TestSuite that main() knows of. */
class Suite : public TestSuite
{
  public:
    /** @param name of the suite @param type of the suite */
    Suite(const std::string& name, TestSuite::Type type)
        : TestSuite(name, type)
    {
        GetNames().push_back(name);
    }

    static std::vector<std::string>& GetNames() //!< @return names of all suites
    {
        static std::vector<std::string> names;
        return names;
    }
};

} // namespace mptcptest
} // namespace ns3

#endif /* MPTCP_TEST_SUITE_H */
