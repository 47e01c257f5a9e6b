/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_MIDDLEBOX_H
#define MPTCP_MIDDLEBOX_H

#include "mbx_tcp.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv6-header.h"
#include "ns3/object.h"
#include "ns3/packet.h"

#include <functional>

namespace ns3
{

/**
 * @ingroup mptcp
 * A box on the path that does something to TCP segments: translates addresses, strips options, rewrites numbers...
 * MptcpMiddleboxChannel puts boxes on a point-to-point link; all but TCP segments pass them untouched.
 *
 * A new kind of box is a subclass with Process(), or of MptcpSharedBox. Checksums and lengths are set right behind the last box.
 */
class MptcpMiddlebox : public Object
{
  public:
    /** Which way a segment goes over the link. */
    enum Direction
    {
        UP,   //!< away from the link's first device: from the hosts to the core, on an MptcpPath
        DOWN, //!< towards the link's first device
    };

    /** Which segments a box works on. */
    enum Scope
    {
        BOTH,      //!< all
        ONLY_UP,   //!< those that go up
        ONLY_DOWN, //!< those that go down
    };

    /** A TCP segment taken apart. */
    struct Segment
    {
        bool isIpv6{false};  //!< which of the two headers counts
        Ipv4Header ipv4;     //!< its IPv4 header
        Ipv6Header ipv6;     //!< its IPv6 header
        mbx_tcp tcp{};       //!< its TCP header
        Ptr<Packet> payload; //!< its payload, maybe empty; the box may change it

        uint32_t GetSeq() const;            //!< @return its sequence number
        uint32_t GetAck() const;            //!< @return its acknowledgement number
        uint8_t GetFlags() const;           //!< @return its MBX_... flags
        bool HasFlags(uint8_t flags) const; //!< @param flags MBX_... @return whether it has any of them
        uint8_t GetTos() const;             //!< @return its TOS field or traffic class, ECN included
        void SetSeq(uint32_t seq);          //!< @param seq its sequence number from now on
        void SetAck(uint32_t ack);          //!< @param ack its acknowledgement number from now on
        void SetFlags(uint8_t flags);       //!< @param flags its MBX_... flags from now on
        uint32_t GetPayloadBytes() const;   //!< @return size of its payload
        /**
         * @param source receives its source address
         * @param destination receives its destination address
         * @return bytes of each: 4 or 16
         */
        uint32_t CopyAddresses(uint8_t* source, uint8_t* destination) const;
    };

    /** Takes a segment that leaves the box, and which way it goes. */
    using Output = std::function<void(const Segment&, Direction)>;

    /** @return the TypeId */
    static TypeId GetTypeId();

    void SetOutput(const Output& output); //!< Called once. @param output takes what leaves the box

    /**
     * A segment arrives. What becomes of it, now or later, is given to Forward().
     * @param segment the segment, which the box may change
     * @param direction which way it goes
     */
    virtual void Process(Segment& segment, Direction direction) = 0;

    /** Use fixed random streams. @param stream first stream number @return how many were used */
    virtual int64_t AssignStreams(int64_t stream);

    virtual uint64_t GetActions() const; //!< @return how many segments the box has changed, dropped, made or merged

  protected:
    void DoDispose() override;

    /** Let a segment leave the box. @param segment the segment @param direction which way */
    void Forward(const Segment& segment, Direction direction) const;
    void CountAction(); //!< The box did what it is there for

    /** @param tid of a box that can be told which segments to work on @return the same with Attribute "Scope" */
    static TypeId AddScope(TypeId tid);
    bool IsInScope(Direction direction) const; //!< @param direction which way @return whether to work on it
    Scope GetScope() const;                    //!< @return which segments the box works on

    static Direction Opposite(Direction direction); //!< @param direction one way @return the other

  private:
    Output m_output;       //!< takes what leaves the box
    Scope m_scope{BOTH};   //!< segments to work on
    uint64_t m_actions{0}; //!< see GetActions()
};

} // namespace ns3

#endif /* MPTCP_MIDDLEBOX_H */
