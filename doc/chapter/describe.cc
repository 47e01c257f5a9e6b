/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * mptcp-describe FOLDER: writes the tables of the model chapter (doc/mptcp.rst) from what the module registers with
 * ns-3, one file each: attributes.inc, traces.inc, counters.inc, pairs.inc.
 */

#include "ns3/core-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

using Row = std::vector<std::string>;

/** What is called otherwise in ns3::TcpSocket, TcpSocketBase or Linux. */
const std::map<std::string, std::string> OTHER_NAMES = {
    {"SendBuffer", "SndBufSize; net.ipv4.tcp_wmem"},
    {"ReceiveBuffer", "RcvBufSize; net.ipv4.tcp_rmem"},
    {"MssMax", "SegmentSize + 12"},
    {"InitialWindowSegments", "InitialCwnd"},
    {"RtoInitial", "ConnTimeout"},
    {"RtoMin", "MinRto"},
    {"SynRetries", "ConnCount; net.ipv4.tcp_syn_retries"},
    {"DataRetries", "DataRetries; net.ipv4.tcp_retries2"},
    {"DelayedAckTime", "DelAckTimeout"},
    {"DelayedAckSegments", "DelAckCount"},
    {"Nagle", "not TcpNoDelay"},
    {"DupThreshold", "ReTxThreshold"},
    {"TimeWait", "2 MaxSegLifetime"},
    {"Timestamps", "Timestamp; net.ipv4.tcp_timestamps"},
    {"WindowScaling", "WindowScaling"},
    {"Sack", "Sack; net.ipv4.tcp_sack"},
    {"Ecn", "UseEcn; net.ipv4.tcp_ecn"},
    {"LimitedTransmit", "LimitedTransmit"},
    {"CongestionControl", "SocketType; net.ipv4.tcp_congestion_control"},
    {"Scheduler", "net.mptcp.scheduler"},
    {"DssChecksum", "net.mptcp.checksum_enabled"},
    {"Mptcp", "net.mptcp.enabled"},
    {"BlackholeTimeout", "net.mptcp.blackhole_timeout"},
    {"Cwnd", "CongestionWindow"},
    {"Ssthresh", "SlowStartThreshold"},
    {"Rtt", "RTT"},
    {"Rto", "RTO"},
    {"Tx", "Tx, without the subflow"},
    {"Rx", "Rx, without the subflow"},
    {"State", "State"},
    {"BytesInFlight", "BytesInFlight"},
    {"DsnSent", "HighestSequence"},
};

/** @param name of an Attribute or trace source @return its name elsewhere */
std::string
GetOtherName(const std::string& name)
{
    const auto found = OTHER_NAMES.find(name);
    return found == OTHER_NAMES.end() ? "" : found->second;
}

/** Write a list-table, whose cells are free text. @param path of the file @param widths of the columns @param rows the head first */
bool
Write(const std::string& path, const std::string& widths, const std::vector<Row>& rows)
{
    std::ofstream file(path);
    file << ".. list-table::\n   :header-rows: 1\n   :widths: " << widths << "\n\n";
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < row.size(); i++)
        {
            file << (i == 0 ? "   * - " : "     - ") << row[i] << "\n";
        }
    }
    file.close();
    return file.good();
}

/** @param type of a value, as its checker says @param help of an Attribute @return its unit */
std::string
GetUnit(const std::string& type, const std::string& help)
{
    for (const char* unit : {"bytes", "segments", "seconds"})
    {
        if (help.find(unit) != std::string::npos && type == "Uinteger")
        {
            return unit;
        }
    }
    if (help.rfind("MSS ", 0) == 0)
    {
        return "bytes";
    }
    return type == "Time" ? "time" : "";
}

std::vector<Row>
ListAttributes()
{
    std::vector<Row> rows = {{"Attribute", "type", "unit", "default", "elsewhere", "what it is"}};
    const TypeId tid = MptcpL4Protocol::GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        std::string type = info.checker->GetValueTypeName();
        type = type.substr(0, type.rfind("Value"));
        type = type.substr(type.rfind("::") == std::string::npos ? 0 : type.rfind("::") + 2);
        const bool isTime = type == "Time";
        const Time time = isTime ? Time(info.initialValue->SerializeToString(info.checker)) : Time();
        const std::string value = isTime ? std::to_string(time.GetMicroSeconds() / 1000) + " ms"
                                         : info.initialValue->SerializeToString(info.checker);
        rows.push_back(
            {"``" + info.name + "``", type, GetUnit(type, info.help), value, GetOtherName(info.name), info.help});
    }
    return rows;
}

std::vector<Row>
ListTraces()
{
    std::vector<Row> rows = {{"trace source", "arguments", "elsewhere", "what it is"}};
    const TypeId tid = MptcpSocket::GetTypeId();
    for (std::size_t i = 0; i < tid.GetTraceSourceN(); i++)
    {
        const TypeId::TraceSourceInformation info = tid.GetTraceSource(i);
        static const std::map<std::string, std::string> arguments = {
            {"ns3::MptcpSocket::ValueTracedCallback", "``uint32_t subflow, uint64_t old, uint64_t new``"},
            {"ns3::MptcpSocket::SubflowTracedCallback",
             "``uint32_t subflow, const Address& local, const Address& remote``"},
            {"ns3::MptcpSocket::SegmentTracedCallback",
             "``uint32_t subflow, Ptr<const Packet> payload, const TcpHeader& header, Ptr<const MptcpSocket> socket``"},
        };
        rows.push_back({"``" + info.name + "``", arguments.at(info.callback), GetOtherName(info.name), info.help});
    }
    return rows;
}

/** @param name of a counter @return where Linux shows it, empty where it does not */
std::string
GetLinuxTable(const std::string& name)
{
    for (const char* own : {"TraceDropped", "NoMemory", "PolicyFaults", "MPFastcloseKeyFailure"})
    {
        if (name == own)
        {
            return "";
        }
    }
    for (const char* tcp : {"InSegs",
                            "OutSegs",
                            "RetransSegs",
                            "OutRsts",
                            "InErrs",
                            "AttemptFails",
                            "EstabResets",
                            "ActiveOpens",
                            "PassiveOpens"})
    {
        if (name == tcp)
        {
            return "Tcp";
        }
    }
    return name.rfind("TCP", 0) == 0 || name == "PAWSEstab" || name == "ListenOverflows" ? "TcpExt" : "MPTcpExt";
}

std::vector<Row>
ListCounters()
{
    std::vector<Row> rows = {{"counter", "table in Linux"}};
    NodeContainer node(1);
    MptcpHelper().Install(node);
    Ptr<MptcpL4Protocol> l4 = MptcpHelper::GetMptcp(node.Get(0));
    l4->GetStack();
    for (const auto& [name, value] : l4->GetCounters())
    {
        rows.push_back({"``" + name + "``", GetLinuxTable(name)});
    }
    return rows;
}

std::vector<Row>
ListPairStates()
{
    std::vector<Row> rows = {{"state", "what it means"}};
    for (const auto& [state, why] : MptcpPairInfo::ListStates())
    {
        rows.push_back({"``" + state + "``", why});
    }
    return rows;
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc != 2)
    {
        std::cerr << "usage: mptcp-describe FOLDER\n";
        return 2;
    }
    const std::string folder = std::string(argv[1]) + "/";
    const bool isWritten = Write(folder + "attributes.inc", "22 9 9 12 20 28", ListAttributes()) &&
                           Write(folder + "traces.inc", "22 22 20 36", ListTraces()) &&
                           Write(folder + "counters.inc", "50 50", ListCounters()) &&
                           Write(folder + "pairs.inc", "25 75", ListPairStates());
    Simulator::Destroy();
    if (!isWritten)
    {
        std::cerr << "mptcp-describe: cannot write to " << folder << "\n";
    }
    return isWritten ? 0 : 1;
}
