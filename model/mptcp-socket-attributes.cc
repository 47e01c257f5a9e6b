/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The settings of a MptcpSocket: what it starts with, and the Attributes of ns3::TcpSocket that stand for some of them.
 */

#include "mptcp-socket.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-log.h"

#include "ns3/boolean.h"
#include "ns3/node.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/tcp-socket-state.h"
#include "ns3/type-id.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

/** ns-3's SegmentSize is the payload beside a timestamp option; an MSS counts options as well (RFC 6691). */
constexpr uint32_t TIMESTAMP_BYTES = 12;

/** An Attribute of ns3::TcpSocketBase or TcpSocketState and what it is here. */
struct Counterpart
{
    const char* theirs; //!< there
    const char* ours;   //!< in MptcpSocket
};

constexpr Counterpart COUNTERPARTS[] = {
    {"MaxSegLifetime", "MaxSegLifetime"},
    {"MinRto", "RtoMin"},
    {"ReTxThreshold", "DupThreshold"},
    {"LimitedTransmit", "LimitedTransmit"},
    {"Sack", "Sack"},
    {"Timestamp", "Timestamps"},
    {"WindowScaling", "WindowScaling"},
    {"EnablePacing", "Pacing"},
};

/** Call a function with the information of each Attribute of a type whose default the program changed. */
template <typename Function>
void
ForEachChanged(TypeId tid, Function function)
{
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        if (info.initialValue != info.originalInitialValue)
        {
            function(info);
        }
    }
}

} // namespace

void
MptcpSocket::NotifyConstructionCompleted()
{
    TcpSocket::NotifyConstructionCompleted();
    m_settings.KeepChanged(GetTypeId());
}

void
MptcpSocket::SetL4(Ptr<MptcpL4Protocol> l4)
{
    const MptcpSettings own = m_settings;
    m_settings = MptcpSettings();
    m_l4 = l4;
    m_node = l4->GetOwner();
    for (const TypeId& tid : {TcpSocketBase::GetTypeId(), TcpSocketState::GetTypeId()})
    {
        ForEachChanged(tid, [&](const auto& info) { TakeTcpDefault(tid, info); });
    }
    ForEachChanged(TcpSocket::GetTypeId(), [this](const auto& info) { SetAttribute(info.name, *info.initialValue); });
    m_settings.Overlay(l4->GetSettings());
    ForEachChanged(GetTypeId(), [this](const auto& info) {
        if (info.name == "MaxSegLifetime")
        {
            SetAttribute(info.name, *info.initialValue);
        }
    });
    m_settings.Overlay(own);
    WarnOfTypes();
}

void
MptcpSocket::WarnOfTypes() const
{
    const auto isChanged = [this](const char* name, TypeIdValue& type) {
        TypeId::AttributeInformation info;
        const bool isKnown = TcpL4Protocol::GetTypeId().LookupAttributeByName(name, &info);
        m_l4->GetAttribute(name, type);
        return isKnown &&
               (info.initialValue != info.originalInitialValue ||
                type.SerializeToString(info.checker) != info.originalInitialValue->SerializeToString(info.checker));
    };
    TypeIdValue type;
    if (isChanged("SocketType", type) && !m_settings.IsSet("CongestionControl"))
    {
        MptcpWarning::Tell(
            "ns3::TcpL4Protocol::SocketType is " + type.Get().GetName() +
            ", which is for ns-3's TCP only; MptcpSocket uses its CongestionControl (\"lia\" unless set)");
    }
    if (isChanged("RecoveryType", type))
    {
        MptcpWarning::Tell("ns3::TcpL4Protocol::RecoveryType is " + type.Get().GetName() +
                           ", which is for ns-3's TCP only; MptcpSocket reduces its window in proportion (RFC 9937)");
    }
}

void
MptcpSocket::TakeTcpDefault(const TypeId& tid, const TypeId::AttributeInformation& info)
{
    const std::string text = info.initialValue->SerializeToString(info.checker);
    const std::string name = tid.GetName() + "::" + info.name;
    if (info.name == "UseEcn" && text != "AcceptOnly")
    {
        SetAttribute("Ecn", BooleanValue(text == "On"));
        return;
    }
    for (const Counterpart& counterpart : COUNTERPARTS)
    {
        if (info.name == counterpart.theirs)
        {
            Map(counterpart.ours, StringValue(text));
            return;
        }
    }
    MptcpWarning::Tell("the default of " + name + " was changed (" + text +
                       "), which MptcpSocket has no counterpart of");
}

bool
MptcpSocket::MaySet(const std::string& attribute) const
{
    if (m_phase == Phase::UNCONNECTED)
    {
        return true;
    }
    const std::string prefix = attribute.find(' ') == std::string::npos ? "ns3::MptcpSocket::" : "";
    MptcpWarning::Tell(prefix + attribute + " was set after Connect() or Listen(), which has no effect; set it before");
    return false;
}

void
MptcpSocket::Map(const std::string& attribute, const AttributeValue& value)
{
    // While there is no protocol, ns-3 is applying defaults that are meant for its own TCP.
    if (m_l4 && !SetAttributeFailSafe(attribute, value))
    {
        TypeId::AttributeInformation info;
        GetTypeId().LookupAttributeByName(attribute, &info);
        MptcpWarning::Tell("ns3::MptcpSocket::" + attribute + " was not set: " + value.SerializeToString(info.checker) +
                           " is not within its range");
    }
}

uint32_t
MptcpSocket::UnmapUinteger(const std::string& attribute) const
{
    UintegerValue value;
    GetAttribute(attribute, value);
    return static_cast<uint32_t>(value.Get());
}

Time
MptcpSocket::UnmapTime(const std::string& attribute) const
{
    TimeValue value;
    GetAttribute(attribute, value);
    return value.Get();
}

void
MptcpSocket::SetSndBufSize(uint32_t size)
{
    Map("SendBuffer", UintegerValue(size));
}

uint32_t
MptcpSocket::GetSndBufSize() const
{
    return UnmapUinteger("SendBuffer");
}

void
MptcpSocket::SetRcvBufSize(uint32_t size)
{
    Map("ReceiveBuffer", UintegerValue(size));
}

uint32_t
MptcpSocket::GetRcvBufSize() const
{
    return UnmapUinteger("ReceiveBuffer");
}

void
MptcpSocket::SetSegSize(uint32_t size)
{
    Map("MssMax", UintegerValue(size + TIMESTAMP_BYTES));
}

uint32_t
MptcpSocket::GetSegSize() const
{
    return UnmapUinteger("MssMax") - TIMESTAMP_BYTES;
}

void
MptcpSocket::SetInitialSSThresh(uint32_t threshold)
{
    if (m_l4 && threshold != UINT32_MAX) // ns-3 is not applying its default
    {
        MptcpWarning::Tell(
            "InitialSlowStartThreshold has no effect on a MptcpSocket: slow start ends by loss or delay");
    }
    m_initialSsthresh = threshold;
}

uint32_t
MptcpSocket::GetInitialSSThresh() const
{
    return m_initialSsthresh;
}

void
MptcpSocket::SetInitialCwnd(uint32_t cwnd)
{
    Map("InitialWindowSegments", UintegerValue(cwnd));
}

uint32_t
MptcpSocket::GetInitialCwnd() const
{
    return UnmapUinteger("InitialWindowSegments");
}

void
MptcpSocket::SetConnTimeout(Time timeout)
{
    Map("RtoInitial", TimeValue(timeout));
}

Time
MptcpSocket::GetConnTimeout() const
{
    return UnmapTime("RtoInitial");
}

void
MptcpSocket::SetSynRetries(uint32_t count)
{
    Map("SynRetries", UintegerValue(count));
}

uint32_t
MptcpSocket::GetSynRetries() const
{
    return UnmapUinteger("SynRetries");
}

void
MptcpSocket::SetDataRetries(uint32_t retries)
{
    if (m_l4 && MaySet("DataRetries"))
    {
        m_settings.SetDataRetries(retries);
    }
}

uint32_t
MptcpSocket::GetDataRetries() const
{
    return m_settings.GetDataRetries();
}

void
MptcpSocket::SetMaxSegLifetime(double seconds)
{
    Map("TimeWait", TimeValue(Seconds(2 * seconds)));
}

double
MptcpSocket::GetMaxSegLifetime() const
{
    return UnmapTime("TimeWait").GetSeconds() / 2;
}

void
MptcpSocket::SetDelAckTimeout(Time timeout)
{
    Map("DelayedAckTime", TimeValue(timeout));
}

Time
MptcpSocket::GetDelAckTimeout() const
{
    return UnmapTime("DelayedAckTime");
}

void
MptcpSocket::SetDelAckMaxCount(uint32_t count)
{
    Map("DelayedAckSegments", UintegerValue(count));
}

uint32_t
MptcpSocket::GetDelAckMaxCount() const
{
    return UnmapUinteger("DelayedAckSegments");
}

void
MptcpSocket::SetTcpNoDelay(bool noDelay)
{
    Map("Nagle", BooleanValue(!noDelay));
}

bool
MptcpSocket::GetTcpNoDelay() const
{
    BooleanValue nagle;
    GetAttribute("Nagle", nagle);
    return !nagle.Get();
}

void
MptcpSocket::SetPersistTimeout(Time timeout)
{
    if (m_l4) // ns-3 is not applying its default
    {
        MptcpWarning::Tell("PersistTimeout has no effect on a MptcpSocket: a closed window is probed with the "
                           "retransmission timeout");
    }
    m_persistTimeout = timeout;
}

Time
MptcpSocket::GetPersistTimeout() const
{
    return m_persistTimeout;
}

} // namespace ns3
