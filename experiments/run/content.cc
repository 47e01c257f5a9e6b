/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "content.h"

#include <vector>

using namespace ns3;

namespace experiment
{

namespace
{

/** Mixes all bits of a position (the finaliser of SplitMix64), so that no piece of the stream equals another one. */
uint64_t
WordAt(uint64_t index)
{
    uint64_t z = (index + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::vector<uint8_t>
BytesAt(uint64_t offset, uint32_t bytes)
{
    std::vector<uint8_t> content(bytes);
    uint64_t word = WordAt(offset / 8);
    for (uint32_t i = 0; i < bytes; i++)
    {
        const uint64_t at = offset + i;
        if (at % 8 == 0)
        {
            word = WordAt(at / 8);
        }
        content[i] = uint8_t(word >> (8 * (at % 8)));
    }
    return content;
}

} // namespace

Ptr<Packet>
CreateContent(uint64_t offset, uint32_t bytes)
{
    return Create<Packet>(BytesAt(offset, bytes).data(), bytes);
}

bool
IsContent(Ptr<const Packet> packet, uint64_t offset)
{
    std::vector<uint8_t> received(packet->GetSize());
    packet->CopyData(received.data(), packet->GetSize());
    return received == BytesAt(offset, packet->GetSize());
}

} // namespace experiment
