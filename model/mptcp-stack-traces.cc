/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The core's trace events as trace sources of MptcpSocket, and as lines of the log.
 */

#include "mptcp-stack.h"

#include "core/mpt.h"
#include "mptcp-connection.h"
#include "mptcp-convert.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-log.h"
#include "mptcp-socket.h"

#include "ns3/node.h"
#include "ns3/tcp-header.h"
#include "ns3/trace-source-accessor.h"

#include <sstream>
#include <string>
#include <utility>

namespace ns3
{

using namespace mptcpconvert;

namespace
{

/** A trace source's way to one of the trace kinds of a MptcpSocket; connecting a sink switches tracing on. */
class TraceKindAccessor : public TraceSourceAccessor
{
  public:
    explicit TraceKindAccessor(uint32_t kind)
        : m_kind(kind)
    {
    }

    bool ConnectWithoutContext(ObjectBase* obj, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->ConnectTrace(m_kind, cb), true);
    }

    bool Connect(ObjectBase* obj, std::string context, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->ConnectTrace(m_kind, cb, context), true);
    }

    bool DisconnectWithoutContext(ObjectBase* obj, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->DisconnectTrace(m_kind, cb), true);
    }

    bool Disconnect(ObjectBase* obj, std::string context, const CallbackBase& cb) const override
    {
        auto socket = dynamic_cast<MptcpSocket*>(obj);
        return socket && (socket->DisconnectTrace(m_kind, cb, context), true);
    }

  private:
    uint32_t m_kind; //!< which
};

/** The names that ns-3's TCP has for what is the same here. */
constexpr std::pair<const char*, mpt_trace_kind> ALIASES[] = {
    {"CongestionWindow", MPT_TRACE_Cwnd},
    {"SlowStartThreshold", MPT_TRACE_Ssthresh},
    {"RTT", MPT_TRACE_Rtt},
    {"RTO", MPT_TRACE_Rto},
    {"HighestSequence", MPT_TRACE_DsnSent},
};

/** @return the name of a trace kind */
const char*
KindName(mpt_trace_kind kind)
{
    switch (kind)
    {
#define MPT_X(name, help)                                                                                              \
    case MPT_TRACE_##name:                                                                                             \
        return #name;
        MPT_SUBFLOW_TRACES(MPT_X)
        MPT_CONN_TRACES(MPT_X)
#undef MPT_X
    case MPT_TRACE_KINDS:
        break;
    }
    return "";
}

constexpr uint32_t KINDS = MPT_TRACE_KINDS; //!< the core's

/** Trace sources that are none of the core's kinds, after those: with the addresses of a subflow, and with a segment. */
enum OtherTrace : uint32_t
{
    ESTABLISHED,
    CLOSED,
    SENT,
    RECEIVED,
};

constexpr const char* VALUE_SIGNATURE = "ns3::MptcpSocket::ValueTracedCallback";
constexpr const char* SUBFLOW_SIGNATURE = "ns3::MptcpSocket::SubflowTracedCallback";
constexpr const char* SEGMENT_SIGNATURE = "ns3::MptcpSocket::SegmentTracedCallback";

/** Counters that say why a connection fell back to TCP. */
constexpr const char* FALLBACKS[] = {"MPCapableFallbackACK",
                                     "MPCapableFallbackSYNACK",
                                     "MPCapableSYNTXDrop",
                                     "MPCapableSYNTXDisabled",
                                     "MPFallbackTokenInit",
                                     "DSSCorruptionFallback",
                                     "InfiniteMapRx",
                                     "InfiniteMapTx",
                                     "DSSNoMatchTCP",
                                     "MPFailRx",
                                     "MPFailTx"};

} // namespace

TypeId
MptcpStack::AddTraceSources(TypeId tid)
{
    const auto add = [&tid](const char* name, const std::string& help, uint32_t kind, const char* signature) {
        tid = tid.AddTraceSource(name, help, Create<TraceKindAccessor>(kind), signature);
    };
#define MPT_X(name, help)                                                                                              \
    add(#name,                                                                                                         \
        MPT_TRACE_##name == MPT_TRACE_State ? "TCP state, as ns3::TcpSocket::TcpStates_t" : help,                      \
        MPT_TRACE_##name,                                                                                              \
        VALUE_SIGNATURE);
    MPT_SUBFLOW_TRACES(MPT_X)
    MPT_CONN_TRACES(MPT_X)
#undef MPT_X
    for (const auto& [name, kind] : ALIASES)
    {
        add(name,
            std::string("The same as ") + KindName(kind) + ", by its name in ns3::TcpSocketBase",
            kind,
            VALUE_SIGNATURE);
    }
    add("SubflowEstablished", "A subflow came up: its id and ends", KINDS + ESTABLISHED, SUBFLOW_SIGNATURE);
    add("SubflowClosed", "A subflow that was up ended: its id and ends", KINDS + CLOSED, SUBFLOW_SIGNATURE);
    add("Tx", "A segment goes out: its subflow, payload and header", KINDS + SENT, SEGMENT_SIGNATURE);
    add("Rx", "A segment came in: its subflow, payload and header", KINDS + RECEIVED, SEGMENT_SIGNATURE);
    return tid;
}

std::size_t
MptcpStack::GetTraceKinds()
{
    return MPT_TRACE_KINDS;
}

void
MptcpStack::EnableTrace(uint32_t kind)
{
    const uint32_t ends = MPT_TRACE_BIT(MPT_TRACE_SubflowUp) | MPT_TRACE_BIT(MPT_TRACE_SubflowDown);
    if (kind >= KINDS + SENT)
    {
        m_hasSegmentSinks = true;
        return;
    }
    const uint32_t kinds = m_traces | (kind < MPT_TRACE_KINDS ? MPT_TRACE_BIT(kind) : ends);
    if (kinds == m_traces || mpt_stack_set_trace(m_core, kinds) != MPT_OK)
    {
        return;
    }
    m_traces = kinds;
    for (auto& [conn, connection] : m_connections)
    {
        NoteSubflows(*connection, false);
    }
}

void
MptcpStack::NoteSubflows(MptcpConnection& connection, bool isTold)
{
    // Sinks of the accept callback are told after it.
    if (connection.isAccepting || !connection.socket || !(m_traces & MPT_TRACE_BIT(MPT_TRACE_SubflowUp)))
    {
        return;
    }
    for (const MptcpSubflowInfo& subflow : GetSubflows(connection))
    {
        const bool isNew =
            subflow.isEstablished && connection.ends.insert({subflow.id, {subflow.local, subflow.remote}}).second;
        if (isNew && isTold && connection.socket)
        {
            connection.socket->Trace(MPT_TRACE_SubflowUp, subflow.id, 0, 1);
            connection.socket->TraceSubflow(ESTABLISHED, subflow.id, subflow.local, subflow.remote);
        }
    }
}

void
MptcpStack::DeliverTraces()
{
    mpt_trace trace;
    while (mpt_stack_trace(m_core, &trace))
    {
        auto connection = static_cast<MptcpConnection*>(trace.user);
        if (!connection || !connection->socket)
        {
            continue;
        }
        const bool isState = trace.kind == MPT_TRACE_State;
        connection->socket->Trace(trace.kind,
                                  trace.subflow_id,
                                  isState ? ToTcpState(trace.old_value) : trace.old_value,
                                  isState ? ToTcpState(trace.new_value) : trace.new_value);
        if (trace.kind == MPT_TRACE_SubflowUp || trace.kind == MPT_TRACE_SubflowDown)
        {
            TraceSubflow(*connection, trace.subflow_id, trace.kind == MPT_TRACE_SubflowUp);
        }
    }
}

bool
MptcpStack::TraceSegment(const mpt_segment& segment, Ptr<const Packet> payload, bool isSent)
{
    const auto port = [&](uint32_t at) {
        return static_cast<uint16_t>(segment.header[at] << 8 | segment.header[at + 1]);
    };
    const mpt_endpoint source{segment.source, port(0)};
    const mpt_endpoint destination{segment.destination, port(2)};
    uint32_t id = 0;
    mpt_conn* conn = mpt_stack_find_conn(m_core, isSent ? &source : &destination, isSent ? &destination : &source, &id);
    auto connection = conn ? static_cast<MptcpConnection*>(mpt_conn_user(conn)) : nullptr;
    if (connection && connection->socket)
    {
        TcpHeader header;
        Create<Packet>(segment.header, segment.header_bytes)->PeekHeader(header);
        connection->socket->TraceSegment(isSent ? 0 : 1, id, payload, header);
    }
    return conn;
}

void
MptcpStack::TraceSubflow(MptcpConnection& connection, uint32_t subflowId, bool isUp)
{
    for (const MptcpSubflowInfo& subflow : isUp ? GetSubflows(connection) : std::vector<MptcpSubflowInfo>())
    {
        if (subflow.id == subflowId)
        {
            connection.ends[subflowId] = {subflow.local, subflow.remote};
        }
    }
    const auto found = connection.ends.find(subflowId);
    if (found == connection.ends.end())
    {
        return; // it never came up
    }
    const auto [local, remote] = found->second;
    if (!isUp)
    {
        connection.ends.erase(found);
    }
    connection.socket->TraceSubflow(isUp ? ESTABLISHED : CLOSED, subflowId, local, remote);
}

// ---- The log -------------------------------------------------------------------------------------------------------

std::string
MptcpStack::Name(const MptcpConnection& connection) const
{
    std::ostringstream name;
    name << "node " << m_l4.GetOwner()->GetId() << " connection " << mpt_conn_id(connection.conn) << ": ";
    return name.str();
}

std::string
MptcpStack::TakeFallbackReasons()
{
    std::string reasons;
    const std::map<std::string, uint64_t> counters = GetCounters();
    for (const char* name : FALLBACKS)
    {
        const bool isNew = counters.at(name) > m_loggedCounters[name];
        reasons += isNew ? std::string(reasons.empty() ? "" : ", ") + name : "";
        m_loggedCounters[name] = counters.at(name);
    }
    return reasons;
}

void
MptcpStack::Log()
{
    for (auto& [conn, connection] : m_connections)
    {
        if (!connection->isReleased)
        {
            Log(*connection);
        }
    }
}

void
MptcpStack::LogSubflows(MptcpConnection& connection)
{
    std::map<uint32_t, std::string> ended = connection.loggedSubflows;
    for (const MptcpSubflowInfo& subflow : GetSubflows(connection))
    {
        ended.erase(subflow.id);
        if (subflow.isEstablished && connection.loggedSubflows.count(subflow.id) == 0)
        {
            const std::string ends = ToText(subflow.local) + " to " + ToText(subflow.remote);
            connection.loggedSubflows[subflow.id] = ends;
            MptcpLog::Write(Name(connection) + "subflow " + std::to_string(subflow.id) + " is up: " + ends);
        }
    }
    for (const auto& [id, ends] : ended)
    {
        connection.loggedSubflows.erase(id);
        MptcpLog::Write(Name(connection) + "subflow " + std::to_string(id) + " has ended: " + ends);
    }
}

void
MptcpStack::Log(MptcpConnection& connection)
{
    const auto tell = [&](const std::string& about, const std::string& what) {
        std::string& told = connection.logged[about];
        if (told != what)
        {
            told = what;
            MptcpLog::Write(Name(connection) + about + what);
        }
    };
    const MptcpConnectionInfo info = GetInfo(connection);
    if (info.mode == MptcpConnectionInfo::FALLBACK && connection.logged[""].find("fell back") == std::string::npos)
    {
        const std::string reasons = TakeFallbackReasons();
        tell("", "fell back to plain TCP, one subflow for good" + (reasons.empty() ? "" : " (" + reasons + ")"));
    }
    else if (info.mode == MptcpConnectionInfo::MPTCP)
    {
        tell("", "speaks Multipath TCP");
    }
    LogSubflows(connection);
    for (const MptcpPairInfo& pair : GetPairs(connection))
    {
        std::string why = pair.why;
        if (pair.state == "PAUSED")
        {
            std::ostringstream text;
            text << why << " until " << pair.retryAt.As(Time::S) << " (failures: " << pair.failures << ")";
            why = text.str();
        }
        tell(ToText(pair.local) + " to " + ToText(pair.remote) + ": ", why);
    }
}

} // namespace ns3
