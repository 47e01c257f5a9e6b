#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_install.sh: what `./waf install --destdir` puts there is enough: a program outside of this folder is compiled with pkg-config and runs, with a
# scheduler of its own as a class and one as a table in C; public headers are there, private ones are not, and the library exports of the core what
# mpt_ext.h declares for policies. Ends with "N passed, N failed".

top=$(realpath "$(dirname "$0")/../..")
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT || exit 1
passed=0 failed=0

check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$dir/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        tail -n 20 "$dir/said"
    fi
}
(cd "$top" && ./waf install --destdir="$dir/root" >"$dir/log" 2>&1) || { tail -n 20 "$dir/log"; exit 1; }
pc=$(find "$dir/root" -name ns3-mptcp.pc)
library=$(find "$dir/root" -name libns3-mptcp.so)
headers=$(dirname "$(find "$dir/root" -name mptcp-module.h)")
check "there are ns3-mptcp.pc, the library and ns3/mptcp-module.h" [ -n "$pc" -a -n "$library" -a -n "$headers" ]

while read -r line; do
    case $line in '#'* | '') continue ;; esac
    check "$line stays private" [ ! -e "$headers/$(basename "$line")" ]
done <"$top/model/private-headers.txt"
only_public() { ! ls "$headers" | grep -vE '^(mptcp-[a-z0-9-]+|mpt|mpt_ext|mbx_[a-z]+)\.h$'; } # mbx_: classes of boxes hold those structs
check "nothing but public headers" only_public

to_prefix() {
    (cd "$top" && ./waf install --prefix="$dir/prefix") && [ -e "$dir/prefix/lib/libns3-mptcp.so" ] &&
        [ "$(PKG_CONFIG_PATH=$dir/prefix/lib/pkgconfig pkg-config --variable=includedir ns3-mptcp)" = "$dir/prefix/include" ]
}
check "--prefix is where it goes, whatever was configured" to_prefix

declared=$(tr '\n' ' ' <"$headers/mpt_ext.h" | sed -e 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' -e 's/static inline[^}]*}//g' |
    grep -oE '\bmpt_(cc|sched|pm)_[a-z_]+\(' | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '$3 ~ /^mpt_/ && $3 != "mpt_assert_failed" { print $3 }' | sort)
check "of the core the functions for policies are exported, and no others" diff <(echo "$declared") <(echo "$exported")

cat >"$dir/mine.cc" <<'END'
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include <iostream>
using namespace ns3;

class LastFirst : public MptcpScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::LastFirst").SetParent<MptcpScheduler>().AddConstructor<LastFirst>();
        return tid;
    }
    mpt_sched_choice Next(const mpt_sched_view& view) override
    {
        asked++;
        uint32_t path = view.count - 1;
        while (!mpt_sched_has_room(&view, path))
            path--;
        return mpt_sched_new(&view, path);
    }
    static int asked;
};
int LastFirst::asked = 0;
NS_OBJECT_ENSURE_REGISTERED(LastFirst);

static mpt_sched_choice Earliest(const mpt_sched_view* view)
{
    uint32_t best = view->count;
    for (uint32_t i = 0; i < view->count; i++)
        if (mpt_sched_has_room(view, i) && (best == view->count || mpt_sched_arrival(view, i) < mpt_sched_arrival(view, best)))
            best = i;
    return mpt_sched_new(view, best);
}

int main(int argc, char** argv)
{
    mpt_sched_ops inC{};
    inC.name = "mine-in-c";
    inC.next = &Earliest;
    MptcpHelper::AddScheduler(inC);
    std::string scheduler = "ns3::LastFirst";
    CommandLine cmd;
    cmd.AddValue("scheduler", "which", scheduler);
    cmd.Parse(argc, argv);
    NodeContainer nodes(2);
    MptcpHelper mptcp;
    mptcp.SetAttribute("Scheduler", StringValue(scheduler));
    mptcp.Install(nodes);
    PointToPointHelper link;
    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    Ipv4InterfaceContainer first = addresses.Assign(link.Install(nodes));
    NetDeviceContainer second = link.Install(nodes);
    addresses.NewNetwork();
    addresses.Assign(second);
    MptcpHelper::GetMptcp(nodes.Get(1))->SetSignal(second.Get(1), true);
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    Ptr<PacketSink> server = DynamicCast<PacketSink>(sink.Install(nodes.Get(1)).Get(0));
    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(first.GetAddress(1), 80));
    source.SetAttribute("MaxBytes", UintegerValue(100000));
    source.Install(nodes.Get(0));
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    std::cout << server->GetTotalRx() << (LastFirst::asked > 0 ? " asked" : "") << std::endl;
    Simulator::Destroy();
}
END
# Where it would be installed, pkg-config finds it by itself.
config() { PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-prefix "$@" ns3-mptcp ns3-applications ns3-point-to-point; }
standard=$(sed -n 's/^standard=//p' "$pc")
flags=$(config --cflags | tr ' ' '\n' | grep -v '^;$' | tr '\n' ' ')
compile() { cd "$dir" && ${CXX:-g++} -std="${standard:-c++17}" -Wall -Wextra mine.cc $flags $(config --libs) -o mine; }
check "a program of one's own is compiled with pkg-config" compile
printf '#include "ns3/mptcp-module.h"\nint main() {\n' >"$dir/paths.cc"
for path in Ethernet Wifi Lte; do echo "ns3::CreateObject<ns3::MptcpPath$path>();"; done >>"$dir/paths.cc"
echo '}' >>"$dir/paths.cc"
make_paths() { cd "$dir" && ${CXX:-g++} -std="${standard:-c++17}" -fsyntax-only paths.cc $flags; }
check "a program makes each path with ns3/mptcp-module.h alone" make_paths
wrong() { ! "$dir/mine" --scheduler=nope && "$dir/mine" --scheduler=nope 2>&1 | grep '"nope" is not a value .*Scheduler: .*roundrobin'; }
says() { [ "$("$dir/mine" "--scheduler=$1")" = "$2" ]; }
check "it runs, with a scheduler that is a class" says ns3::LastFirst "100000 asked"
check "a scheduler that there is not is named, and those that there are" wrong
check "and with one in C" says mine-in-c 100000
echo '#include "ns3/mpt_ext.h"' >"$dir/c.c" && echo 'mpt_sched_ops ops;' >>"$dir/c.c"
check "mpt_ext.h is C, too" ${CC:-cc} -std=c11 -Wall -Wextra -Werror -c "$dir/c.c" -I"$(dirname "$headers")" -o "$dir/c.o"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
