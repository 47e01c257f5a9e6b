/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp-tests
 * What is sent and received as packets.
 */

#include "mptcp-test-net.h"
#include "mptcp-test-suite.h"

#include "ns3/core-module.h"
#include "ns3/flow-id-tag.h"
#include "mptcp-header.h"
#include "mptcp-packet-store.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mptcptest;

namespace
{

constexpr uint8_t SALT = 9;

/** @param offset in a stream @param bytes how many @return a packet with the stream's bytes */
Ptr<Packet>
MakePacket(uint64_t offset, uint32_t bytes)
{
    std::vector<uint8_t> data(bytes);
    for (uint32_t i = 0; i < bytes; i++)
    {
        data[i] = PatternByte(SALT, offset + i);
    }
    return Create<Packet>(data.data(), bytes);
}

/** @param packet some @param offset where it should be from @return bytes that are not the stream's */
uint64_t
CountWrong(Ptr<const Packet> packet, uint64_t offset)
{
    std::vector<uint8_t> data(packet->GetSize());
    packet->CopyData(data.data(), packet->GetSize());
    uint64_t wrong = 0;
    for (uint8_t byte : data)
    {
        wrong += byte == PatternByte(SALT, offset++) ? 0 : 1;
    }
    return wrong;
}

/** Random ranges of a send store, and dropping below them. */
class SendStoreTestCase : public TestCase
{
  public:
    SendStoreTestCase()
        : TestCase("send_store_gives_any_range_it_holds")
    {
    }

  private:
    void DoRun() override
    {
        Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
        random->SetStream(1);
        MptcpSendStore store;
        uint64_t start = 0;
        uint64_t end = 0;
        uint64_t wrong = 0;
        for (int i = 0; i < 3000; i++)
        {
            const uint32_t bytes = random->GetInteger(1, 4000);
            store.Append(MakePacket(end, bytes));
            end += bytes;
            for (int j = 0; j < 3; j++)
            {
                const uint64_t offset = start + random->GetInteger(0, static_cast<uint32_t>(end - start - 1));
                const uint64_t most = std::min<uint64_t>(end - offset, 9000);
                const uint32_t count = random->GetInteger(1, static_cast<uint32_t>(most));
                Ptr<Packet> packet = store.Copy(offset, count);
                wrong += packet->GetSize() == count ? CountWrong(packet, offset) : 1;
                packet->AddHeader(MptcpHeader()); // must not disturb what is stored
            }
            if (end - start > 50000)
            {
                start += random->GetInteger(1, 20000);
                store.DropBefore(start);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "all ranges had the stream's bytes");
        Ptr<Packet> whole = store.Copy(start, static_cast<uint32_t>(end - start));
        NS_TEST_EXPECT_MSG_EQ(CountWrong(whole, start), 0, "and the whole, too");
    }
};

/** Pieces in random order, overlapping, read in random sizes. */
class ReceiveStoreTestCase : public TestCase
{
  public:
    ReceiveStoreTestCase()
        : TestCase("receive_store_puts_overlapping_pieces_in_order")
    {
    }

  private:
    void DoRun() override
    {
        Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
        random->SetStream(2);
        constexpr uint64_t END = 400000;
        constexpr uint32_t WINDOW = 30000;
        MptcpReceiveStore store;
        std::vector<bool> has(END);
        uint64_t read = 0;
        uint64_t inOrder = 0;
        uint64_t wrong = 0;
        while (read < END)
        {
            const uint64_t last = std::min<uint64_t>(read + WINDOW, END) - 1;
            const uint64_t offset = read + random->GetInteger(0, static_cast<uint32_t>(last - read));
            const uint32_t bytes = random->GetInteger(1, static_cast<uint32_t>(std::min<uint64_t>(END - offset, 3000)));
            store.Insert(offset, MakePacket(offset, bytes));
            std::fill(has.begin() + offset, has.begin() + offset + bytes, true);
            while (inOrder < END && has[inOrder])
            {
                inOrder++;
            }
            NS_TEST_ASSERT_MSG_EQ(store.GetReadable(), inOrder - read, "readable is what is in order");
            if (store.GetReadable() > 0 && random->GetInteger(0, 2) == 0)
            {
                Ptr<Packet> packet = store.Read(random->GetInteger(1, 5000));
                wrong += CountWrong(packet, read);
                read += packet->GetSize();
            }
        }
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "what was read is the stream");
        NS_TEST_EXPECT_MSG_EQ(store.GetReadable(), 0, "nothing is left");
    }
};

/** @param packet some @return bytes that its metadata tells of */
uint64_t
CountDescribed(Ptr<const Packet> packet)
{
    uint64_t bytes = 0;
    for (PacketMetadata::ItemIterator i = packet->BeginItem(); i.HasNext();)
    {
        bytes += i.Next().currentSize;
    }
    return bytes;
}

/** Where ns-3 keeps metadata, a read is no longer than the metadata of one packet can be. */
class PrintedTestCase : public TestCase
{
  public:
    PrintedTestCase()
        : TestCase("a_read_has_no_more_pieces_than_ns3_can_keep_book_of")
    {
    }

  private:
    void DoRun() override
    {
        Packet::EnablePrinting();
        constexpr uint32_t PIECES = 10000;
        constexpr uint32_t BYTES = 1000;
        MptcpReceiveStore store;
        for (uint32_t i = 0; i < PIECES; i++)
        {
            store.Insert(uint64_t{i} * BYTES, MakePacket(uint64_t{i} * BYTES, BYTES));
        }
        uint64_t read = 0;
        uint32_t reads = 0;
        while (store.GetReadable() > 0)
        {
            Ptr<Packet> packet = store.Read(UINT32_MAX);
            NS_TEST_EXPECT_MSG_EQ(CountWrong(packet, read), 0, "the stream's bytes");
            NS_TEST_EXPECT_MSG_EQ(CountDescribed(packet), packet->GetSize(), "each byte has its item");
            read += packet->GetSize();
            reads++;
        }
        NS_TEST_EXPECT_MSG_EQ(read, uint64_t{PIECES} * BYTES, "all was read");
        NS_TEST_EXPECT_MSG_EQ(reads, PIECES / 2000, "in pieces as long as they may be");
    }
};

/** A segment of many small writes is whole where ns-3 keeps metadata, and keeps their byte tags. */
class PrintedSendTestCase : public TestCase
{
  public:
    PrintedSendTestCase()
        : TestCase("a_segment_has_no_more_pieces_than_ns3_can_keep_book_of")
    {
    }

  private:
    void DoRun() override
    {
        Packet::EnablePrinting();
        constexpr uint32_t WRITES = 9000;
        MptcpSendStore store;
        for (uint32_t i = 0; i < WRITES; i++)
        {
            Ptr<Packet> packet = MakePacket(i, 1);
            if (i % 100 == 7)
            {
                packet->AddByteTag(FlowIdTag(i));
            }
            store.Append(packet);
        }
        Ptr<Packet> segment = store.Copy(0, WRITES);
        NS_TEST_EXPECT_MSG_EQ(segment->GetSize(), WRITES, "all bytes");
        NS_TEST_EXPECT_MSG_EQ(CountWrong(segment, 0), 0, "the stream's bytes");
        NS_TEST_EXPECT_MSG_EQ(CountDescribed(segment), WRITES, "each byte has its item");
        uint32_t tags = 0;
        for (ByteTagIterator i = segment->GetByteTagIterator(); i.HasNext(); tags++)
        {
            const ByteTagIterator::Item item = i.Next();
            FlowIdTag tag;
            item.GetTag(tag);
            NS_TEST_EXPECT_MSG_EQ(tag.GetFlowId(), item.GetStart(), "a tag is where it was");
            NS_TEST_EXPECT_MSG_EQ(item.GetEnd(), item.GetStart() + 1, "of its byte alone");
        }
        NS_TEST_EXPECT_MSG_EQ(tags, WRITES / 100, "all tags");
    }
};

/** What stock applications send are zeros that a packet only counts; reading many pieces at once must not write them out. */
class JoinTestCase : public TestCase
{
  public:
    JoinTestCase()
        : TestCase("pieces_behind_a_hole_are_joined_without_writing_out_zeros")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t PIECES = 5000;
        constexpr uint32_t BYTES = 1000;
        MptcpReceiveStore store;
        std::vector<Ptr<Packet>> kept; // others that share the bytes, as packets in flight do
        for (uint32_t i = PIECES - 1; i > 0; i--)
        {
            kept.push_back(Create<Packet>(BYTES));
            store.Insert(uint64_t{i} * BYTES, kept.back()->Copy());
        }
        store.Insert(0, MakePacket(0, BYTES));
        NS_TEST_EXPECT_MSG_EQ(CountWrong(store.Read(BYTES), 0), 0, "the first piece has bytes of its own");
        Ptr<Packet> packet = store.Read(UINT32_MAX);
        if (packet->BeginItem().HasNext()) // a suite of ns-3 in the same program has switched metadata on
        {
            NS_TEST_EXPECT_MSG_EQ(packet->GetSize(), 2000 * BYTES, "one read takes what can be joined");
            NS_TEST_EXPECT_MSG_LT(packet->GetSerializedSize(), 2000 * 32 + BYTES, "its zeros are counted, not written");
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(packet->GetSize(), (PIECES - 1) * BYTES, "one read takes all that is there");
            NS_TEST_EXPECT_MSG_LT(packet->GetSerializedSize(), BYTES, "and its zeros are counted, not written");
        }
        NS_TEST_EXPECT_MSG_EQ(kept.front()->GetSize(), BYTES, "what others hold is as it was");
    }
};

/** Header bytes survive a packet, whatever their length says. */
class HeaderTestCase : public TestCase
{
  public:
    HeaderTestCase()
        : TestCase("header_bytes_travel_unchanged")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t count = MptcpHeader::BYTES_MIN; count <= MptcpHeader::BYTES_MAX; count += 4)
        {
            std::vector<uint8_t> bytes(count);
            for (uint32_t i = 0; i < count; i++)
            {
                bytes[i] = PatternByte(SALT, i);
            }
            bytes[12] = static_cast<uint8_t>(count / 4 << 4);
            Ptr<Packet> packet = Create<Packet>(100);
            packet->AddHeader(MptcpHeader(bytes.data(), count));
            MptcpHeader header;
            NS_TEST_EXPECT_MSG_EQ(packet->RemoveHeader(header), count, "its length");
            NS_TEST_EXPECT_MSG_EQ(std::equal(bytes.begin(), bytes.end(), header.GetBytes()), true, "its bytes");
            NS_TEST_EXPECT_MSG_EQ(packet->GetSize(), 100, "and no more");
        }
        const std::vector<uint8_t> bad(MptcpHeader::BYTES_MIN, 0xff); // says 60 bytes, has 20
        Ptr<Packet> packet = Create<Packet>(bad.data(), MptcpHeader::BYTES_MIN);
        MptcpHeader header;
        const uint32_t removed = packet->RemoveHeader(header);
        NS_TEST_EXPECT_MSG_EQ(removed, MptcpHeader::BYTES_MIN, "a length beyond the packet is not believed");
    }
};

/** The stores and the header. */
class PacketStoreTestSuite : public Suite
{
  public:
    PacketStoreTestSuite()
        : Suite("mptcp-packet-store", TestSuite::Type::UNIT)
    {
        AddTestCase(new SendStoreTestCase);
        AddTestCase(new ReceiveStoreTestCase);
        AddTestCase(new JoinTestCase);
        AddTestCase(new HeaderTestCase);
    }
};

PacketStoreTestSuite g_packetStoreTestSuite; //!< registers itself

/** A suite of its own, for metadata cannot be switched off again. */
class PrintedStoreTestSuite : public Suite
{
  public:
    PrintedStoreTestSuite()
        : Suite("mptcp-packet-store-printed", TestSuite::Type::UNIT)
    {
        AddTestCase(new PrintedTestCase);
        AddTestCase(new PrintedSendTestCase);
    }
};

PrintedStoreTestSuite g_printedStoreTestSuite; //!< registers itself

} // namespace
