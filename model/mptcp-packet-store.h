/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_PACKET_STORE_H
#define MPTCP_PACKET_STORE_H

#include "ns3/packet.h"

#include <cstdint>
#include <deque>
#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * What was written to a connection and is not yet acknowledged, as packets indexed by stream offset. Bytes are never
 * copied: what is taken out are fragments of the packets that were put in.
 */
class MptcpSendStore
{
  public:
    /** Append to the stream. @param packet not empty, not changed by anyone afterwards */
    void Append(Ptr<Packet> packet);
    /**
     * @param offset stream offset of the first byte; of what was dropped there are zeros, see mpt_conn_acked_offset()
     * @param bytes how many; all of them must have been appended
     * @return a new packet with these bytes; where ns-3 keeps metadata (Packet::EnablePrinting()) and the bytes are of
     * thousands of packets, metadata tells the first of them apart no more
     */
    Ptr<Packet> Copy(uint64_t offset, uint32_t bytes);
    uint64_t GetEnd() const; //!< @return stream offset after the last byte that was appended
    /** Forget what lies below an offset (up to whole packets). @param offset stream offset */
    void DropBefore(uint64_t offset);

  private:
    /** One packet of the application. */
    struct Chunk
    {
        uint64_t end;       //!< stream offset after its last byte
        Ptr<Packet> packet; //!< its bytes
    };

    /** @param offset a stream offset in the store @return index of the chunk that holds it */
    std::size_t Find(uint64_t offset);

    std::deque<Chunk> m_chunks; //!< in order, without holes
    uint64_t m_start{0};        //!< stream offset of the first chunk
    uint64_t m_end{0};          //!< stream offset after the last chunk
    std::size_t m_hint{0};      //!< chunk where the last Copy() ended; the next mostly goes on there
};

/**
 * @ingroup mptcp
 * What was received on a connection and is not yet read, as packets indexed by stream offset. Pieces may come in any
 * order and overlap; the byte that came first is kept.
 */
class MptcpReceiveStore
{
  public:
    /** Store a piece. @param offset stream offset of its first byte @param packet taken over; not empty */
    void Insert(uint64_t offset, Ptr<Packet> packet);
    /**
     * Take bytes from the front.
     * @param bytesMax at most so many; there must be some, see GetReadable()
     * @return a packet with at least one byte; with fewer than there are and were asked for only where ns-3 keeps
     * metadata (Packet::EnablePrinting()), of which a packet holds no more than that of a few thousand others
     */
    Ptr<Packet> Read(uint32_t bytesMax);
    uint64_t GetReadable() const; //!< @return bytes in order from the front

  private:
    /** Append to what is in order. @param packet the bytes that come next */
    void Append(Ptr<Packet> packet);
    /** Put a piece beyond a hole, without what is there already. @param start stream offset @param packet the piece */
    void InsertBeyond(uint64_t start, Ptr<Packet> packet);
    /** Move to the readable part what has become in order. */
    void JoinBeyond();

    std::deque<Ptr<Packet>> m_readable;       //!< in order, without holes
    std::map<uint64_t, Ptr<Packet>> m_beyond; //!< by stream offset, beyond a hole; no overlaps
    uint64_t m_readableBytes{0};              //!< of m_readable
    uint64_t m_readableEnd{0};                //!< stream offset after m_readable
};

} // namespace ns3

#endif /* MPTCP_PACKET_STORE_H */
