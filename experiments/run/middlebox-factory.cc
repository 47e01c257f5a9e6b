/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "middlebox-factory.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/mptcp-nat.h"
#include "ns3/mptcp-option-filter.h"
#include "ns3/mptcp-payload-rewriter.h"
#include "ns3/mptcp-reset-injector.h"
#include "ns3/mptcp-segment-coalescer.h"
#include "ns3/mptcp-segment-splitter.h"
#include "ns3/mptcp-sequence-rewriter.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <string>

using namespace ns3;

namespace experiment
{

namespace
{

Ptr<MptcpMiddlebox>
CreateNat(const scn_middlebox& spec, Ipv4Address address)
{
    return CreateObjectWithAttributes<MptcpNat>("Address",
                                                Ipv4AddressValue(address),
                                                "Timeout",
                                                TimeValue(Seconds(spec.timeout_s)));
}

Ptr<MptcpMiddlebox>
CreateOptionFilter(const scn_middlebox& spec)
{
    static const char* const segments[] = {"All", "Syn", "Data"};
    static const char* const actions[] = {"Strip", "Drop"};
    return CreateObjectWithAttributes<MptcpOptionFilter>("Kind",
                                                         UintegerValue(uint64_t(spec.option_kind)),
                                                         "Subtype",
                                                         IntegerValue(spec.mptcp_subtype - 1),
                                                         "Segments",
                                                         StringValue(segments[spec.segments]),
                                                         "Action",
                                                         StringValue(actions[spec.action]),
                                                         "Probability",
                                                         DoubleValue(spec.probability));
}

Ptr<MptcpMiddlebox>
CreatePayloadRewriter(const scn_middlebox& spec)
{
    return CreateObjectWithAttributes<MptcpPayloadRewriter>("Position",
                                                            UintegerValue(uint64_t(spec.position_bytes)),
                                                            "Interval",
                                                            UintegerValue(uint64_t(spec.interval_bytes)),
                                                            "Removed",
                                                            UintegerValue(uint64_t(spec.removed_bytes)),
                                                            "Inserted",
                                                            UintegerValue(uint64_t(spec.inserted_bytes)));
}

Ptr<MptcpMiddlebox>
CreateCoalescer(const scn_middlebox& spec)
{
    static const char* const options[] = {"Equal", "First"};
    return CreateObjectWithAttributes<MptcpSegmentCoalescer>("PayloadMax",
                                                             UintegerValue(uint64_t(spec.payload_max_bytes)),
                                                             "HoldTime",
                                                             TimeValue(NanoSeconds(int64_t(spec.hold_ms * 1e6))),
                                                             "Options",
                                                             StringValue(options[spec.merge_options]));
}

Ptr<MptcpMiddlebox>
Create(const scn_middlebox& spec, Ipv4Address natAddress)
{
    switch (static_cast<scn_middlebox_type>(spec.type))
    {
    case SCN_NAT:
        return CreateNat(spec, natAddress);
    case SCN_OPTION_FILTER:
        return CreateOptionFilter(spec);
    case SCN_SEQUENCE_REWRITER:
        return CreateObjectWithAttributes<MptcpSequenceRewriter>("Sack", BooleanValue(spec.rewrite_sack));
    case SCN_PAYLOAD_REWRITER:
        return CreatePayloadRewriter(spec);
    case SCN_SPLITTER:
        return CreateObjectWithAttributes<MptcpSegmentSplitter>("PayloadMax",
                                                                UintegerValue(uint64_t(spec.payload_max_bytes)));
    case SCN_COALESCER:
        return CreateCoalescer(spec);
    case SCN_RESET_INJECTOR:
        return CreateObjectWithAttributes<MptcpResetInjector>("AfterBytes",
                                                              UintegerValue(uint64_t(spec.after_bytes)),
                                                              "Probability",
                                                              DoubleValue(spec.reset_probability));
    }
    return nullptr;
}

} // namespace

Ipv4Address
GetNatAddress(const scn_path& path, uint8_t number)
{
    const std::string address = path.type == SCN_LTE ? "7.255.255.254" : "192.168." + std::to_string(number) + ".254";
    return Ipv4Address(address.c_str());
}

Ptr<MptcpMiddlebox>
CreateMiddlebox(const scn_middlebox& spec, Ipv4Address natAddress)
{
    static const char* const scopes[] = {"Both", "Up", "Down"};
    auto box = Create(spec, natAddress);
    if (spec.type != SCN_NAT)
    {
        box->SetAttribute("Scope", StringValue(scopes[spec.direction]));
    }
    return box;
}

} // namespace experiment
