#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_contrib.sh BUILD_DIR: CMakeLists.txt builds the module and its tests as contrib/mptcp of an ns-3 tree would, and the
# suites pass; what depends on a module that is not enabled is left out, and without nettle the whole module is, and the rest
# of ns-3 builds. The tree is a stand-in (CMakeLists.txt here) in BUILD_DIR/contrib, over the ns-3 that is installed.

build=${1:?usage: test_contrib.sh BUILD_DIR}
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
tree=$build/contrib
flags='-O0 -Wall -Wextra -Wpedantic -Werror -DNS3_ASSERT_ENABLE -DNS3_LOG_ENABLE' # as ns-3's profile "debug" has them
# Of C++ besides what -Wall has with the C++20 of later versions of ns-3.
mkdir -p "$tree/contrib" && ln -sfn "$top" "$tree/contrib/mptcp" && cp "$top/test/contrib/CMakeLists.txt" "$tree/" &&
    pkg-config --modversion ns3-core >"$tree/VERSION" &&
    cmake -S "$tree" -B "$tree/build" -DCMAKE_CXX_FLAGS="$flags -Wenum-conversion" -DCMAKE_C_FLAGS="$flags" >"$tree/log" 2>&1 &&
    cmake --build "$tree/build" -j "${JOBS:-$(nproc)}" >>"$tree/log" 2>&1 || {
    grep -E 'error|Error|undefined' "$tree/log" || tail -n 30 "$tree/log"
    exit 1
}

configure() { # OPTION: prints what cmake says
    rm -rf "$tree/other" && cmake -S "$tree" -B "$tree/other" "$@" 2>&1
}
for file in helper/mptcp-path-ethernet helper/mptcp-path-wifi helper/mptcp-path-lte mptcp-user-test; do
    grep -q "Module mptcp: .*$file" "$tree/log" || { echo "$file is left out, though its modules are enabled"; exit 1; }
done
names=$(configure '-DWITHOUT_MODULES=csma;lte;wifi') || { echo "$names"; exit 1; }
echo "$names" | grep -q 'Module mptcp: .*mptcp-helper' || { echo 'the module needs csma, lte or wifi'; exit 1; }
! echo "$names" | grep -E -o 'Module mptcp: .*mptcp-(path-(ethernet|lte|wifi)|wifi-link|user-test)' ||
    { echo 'files of modules that are not enabled are built'; exit 1; }
for module in csma lte wifi; do
    echo "$names" | grep -q "mptcp: without paths over .*: ns-3's module $module is not enabled" ||
        { echo "nobody says that $module is missing"; exit 1; }
done
said=$(configure -DWITHOUT_NETTLE=ON) || { echo "$said"; exit 1; }
echo "$said" | grep -q 'mptcp is not built: nettle was not found' || { echo 'nobody says that nettle is missing'; exit 1; }
! echo "$said" | grep 'Module mptcp' || { echo 'the module is built without nettle'; exit 1; }

exec "$top/test/ns3/run_suites.sh" "$tree/build/contrib/mptcp"
