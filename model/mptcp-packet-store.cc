/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-packet-store.h"

#include "ns3/abort.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace ns3
{

namespace
{

/**
 * Items of metadata (see ns3::Packet::EnablePrinting()) that packets are joined up to. ns-3 keeps a packet's items in at
 * most 65535 bytes, which it does not check but where it asserts (packet-metadata.h: m_used); one has up to 30.
 */
constexpr uint32_t ITEMS_MAX = 2000;

/** @param packet some @return its items of metadata; 0 where ns-3 keeps none */
uint32_t
CountItems(Ptr<const Packet> packet)
{
    uint32_t items = 0;
    for (PacketMetadata::ItemIterator i = packet->BeginItem(); i.HasNext(); i.Next())
    {
        items++;
    }
    return items;
}

/** @param packet some @return its bytes and byte tags, of which ns-3's metadata knows nothing but the length: one item */
Ptr<Packet>
Merge(Ptr<const Packet> packet)
{
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), packet->GetSize());
    Ptr<Packet> merged = Create<Packet>(bytes.data(), packet->GetSize());
    for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        NS_ABORT_MSG_IF(!item.GetTypeId().HasConstructor(),
                        "mptcp: byte tag " << item.GetTypeId().GetName()
                                           << ": expected .AddConstructor<>() in its TypeId, so that it can be copied "
                                              "where many small packets become one");
        const std::unique_ptr<ObjectBase> made(item.GetTypeId().GetConstructor()());
        Tag& tag = dynamic_cast<Tag&>(*made);
        item.GetTag(tag);
        merged->AddByteTag(tag, item.GetStart(), item.GetEnd());
    }
    return merged;
}

} // namespace

void
MptcpSendStore::Append(Ptr<Packet> packet)
{
    m_end += packet->GetSize();
    m_chunks.push_back({m_end, packet});
}

uint64_t
MptcpSendStore::GetEnd() const
{
    return m_end;
}

std::size_t
MptcpSendStore::Find(uint64_t offset)
{
    const auto starts = [this](std::size_t i) { return i == 0 ? m_start : m_chunks[i - 1].end; };
    for (std::size_t i = m_hint; i < m_chunks.size() && i < m_hint + 2; i++)
    {
        if (starts(i) <= offset && offset < m_chunks[i].end)
        {
            return i;
        }
    }
    const auto isBelow = [](uint64_t value, const Chunk& chunk) { return value < chunk.end; };
    return std::upper_bound(m_chunks.begin(), m_chunks.end(), offset, isBelow) - m_chunks.begin();
}

Ptr<Packet>
MptcpSendStore::Copy(uint64_t offset, uint32_t bytes)
{
    NS_ABORT_MSG_UNLESS(bytes > 0 && offset + bytes <= m_end,
                        "stream range " << offset << "+" << bytes << " is not in the send store");
    if (offset < m_start)
    {
        const auto dropped = static_cast<uint32_t>(std::min<uint64_t>(bytes, m_start - offset));
        Ptr<Packet> zeros = Create<Packet>(dropped);
        if (dropped < bytes)
        {
            zeros->AddAtEnd(Copy(m_start, bytes - dropped));
        }
        return zeros;
    }
    std::size_t i = Find(offset);
    Ptr<Packet> result;
    uint32_t items = 0;
    while (bytes > 0)
    {
        const Chunk& chunk = m_chunks[i];
        const uint64_t start = chunk.end - chunk.packet->GetSize();
        const auto part = static_cast<uint32_t>(std::min<uint64_t>(bytes, chunk.end - offset));
        Ptr<Packet> piece = chunk.packet->CreateFragment(static_cast<uint32_t>(offset - start), part);
        items += CountItems(piece);
        if (result && items > ITEMS_MAX)
        {
            result = Merge(result);
            items = 1 + CountItems(piece);
        }
        if (result)
        {
            result->AddAtEnd(piece);
        }
        else
        {
            result = piece;
        }
        offset += part;
        bytes -= part;
        m_hint = i++;
    }
    return result;
}

void
MptcpSendStore::DropBefore(uint64_t offset)
{
    while (!m_chunks.empty() && m_chunks.front().end <= offset)
    {
        m_start = m_chunks.front().end;
        m_chunks.pop_front();
        m_hint -= m_hint > 0 ? 1 : 0;
    }
}

void
MptcpReceiveStore::Insert(uint64_t offset, Ptr<Packet> packet)
{
    const uint64_t end = offset + packet->GetSize();
    if (end <= m_readableEnd)
    {
        return;
    }
    if (offset < m_readableEnd)
    {
        packet->RemoveAtStart(static_cast<uint32_t>(m_readableEnd - offset));
        offset = m_readableEnd;
    }
    if (offset == m_readableEnd && (m_beyond.empty() || end <= m_beyond.begin()->first))
    {
        Append(packet);
    }
    else
    {
        InsertBeyond(offset, packet);
    }
    JoinBeyond();
}

void
MptcpReceiveStore::Append(Ptr<Packet> packet)
{
    m_readableBytes += packet->GetSize();
    m_readableEnd += packet->GetSize();
    m_readable.push_back(packet);
}

void
MptcpReceiveStore::InsertBeyond(uint64_t start, Ptr<Packet> packet)
{
    const uint64_t offset = start;
    const uint64_t end = start + packet->GetSize();
    auto next = m_beyond.upper_bound(start);
    if (next != m_beyond.begin())
    {
        auto before = std::prev(next);
        start = std::max<uint64_t>(start, before->first + before->second->GetSize());
    }
    // What is there already cuts the piece into the parts between.
    while (start < end)
    {
        const uint64_t partEnd = next == m_beyond.end() ? end : std::min(end, next->first);
        if (start < partEnd)
        {
            const auto bytes = static_cast<uint32_t>(partEnd - start);
            m_beyond.emplace_hint(next,
                                  start,
                                  bytes == packet->GetSize()
                                      ? packet
                                      : packet->CreateFragment(static_cast<uint32_t>(start - offset), bytes));
        }
        if (next == m_beyond.end())
        {
            return;
        }
        start = next->first + next->second->GetSize();
        ++next;
    }
}

void
MptcpReceiveStore::JoinBeyond()
{
    while (!m_beyond.empty() && m_beyond.begin()->first == m_readableEnd)
    {
        Append(m_beyond.begin()->second);
        m_beyond.erase(m_beyond.begin());
    }
}

namespace
{

/**
 * Join packets. Two halves of like size are joined each time, so that a byte is copied once a doubling; bytes that a
 * packet only counts (zeros of stock applications) are not copied at all, which ns-3 knows of packets that it made
 * from nothing.
 */
Ptr<Packet>
Join(const std::vector<Ptr<Packet>>& pieces, std::size_t begin, std::size_t end)
{
    if (end - begin == 1)
    {
        return pieces[begin];
    }
    const std::size_t middle = begin + (end - begin) / 2;
    Ptr<Packet> joined = Join(pieces, begin, middle);
    if (middle - begin == 1)
    {
        Ptr<Packet> own = Create<Packet>();
        own->AddAtEnd(joined);
        joined = own;
    }
    joined->AddAtEnd(Join(pieces, middle, end));
    return joined;
}

} // namespace

Ptr<Packet>
MptcpReceiveStore::Read(uint32_t bytesMax)
{
    NS_ABORT_MSG_UNLESS(bytesMax > 0 && !m_readable.empty(), "nothing to read");
    std::vector<Ptr<Packet>> pieces;
    uint32_t bytes = 0;
    uint32_t items = 0;
    while (!m_readable.empty() && bytes < bytesMax)
    {
        Ptr<Packet> front = m_readable.front();
        items += CountItems(front);
        if (items > ITEMS_MAX && !pieces.empty())
        {
            break;
        }
        if (front->GetSize() > bytesMax - bytes)
        {
            pieces.push_back(front->CreateFragment(0, bytesMax - bytes));
            front->RemoveAtStart(bytesMax - bytes);
        }
        else
        {
            pieces.push_back(front);
            m_readable.pop_front();
        }
        bytes += pieces.back()->GetSize();
    }
    m_readableBytes -= bytes;
    return Join(pieces, 0, pieces.size());
}

uint64_t
MptcpReceiveStore::GetReadable() const
{
    return m_readableBytes;
}

} // namespace ns3
