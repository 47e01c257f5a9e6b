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

#include "ns3/boolean.h"
#include "ns3/node.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

/** ns-3's SegmentSize is the payload beside a timestamp option; an MSS counts options as well (RFC 6691). */
constexpr uint32_t TIMESTAMP_BYTES = 12;

} // namespace

void
MptcpSocket::SetL4(Ptr<MptcpL4Protocol> l4)
{
    const MptcpSettings own = m_settings;
    m_settings = MptcpSettings();
    m_l4 = l4;
    m_node = l4->GetOwner();
    const TypeId tid = TcpSocket::GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        if (info.initialValue != info.originalInitialValue)
        {
            SetAttribute(info.name, *info.initialValue);
        }
    }
    m_settings.Overlay(l4->GetSettings());
    m_settings.Overlay(own);
}

void
MptcpSocket::Map(const std::string& attribute, const AttributeValue& value)
{
    // While there is no protocol, ns-3 is applying defaults that are meant for its own TCP.
    if (m_l4)
    {
        SetAttribute(attribute, value);
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
    if (m_l4)
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
    m_persistTimeout = timeout;
}

Time
MptcpSocket::GetPersistTimeout() const
{
    return m_persistTimeout;
}

} // namespace ns3
