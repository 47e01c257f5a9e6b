/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "content.h"

#include <vector>

using namespace ns3;

namespace experiment
{

namespace
{

/** The pattern that the link simulator and the checker of captures use, too; the server's is the client's inverted. */
std::vector<uint8_t>
BytesAt(bool isServer, uint64_t offset, uint32_t bytes)
{
    std::vector<uint8_t> content(bytes);
    for (uint32_t i = 0; i < bytes; i++)
    {
        const auto byte = uint8_t((offset + i) * UINT64_C(2654435761) >> 13);
        content[i] = isServer ? uint8_t(~byte) : byte;
    }
    return content;
}

} // namespace

Ptr<Packet>
CreateContent(bool isServer, uint64_t offset, uint32_t bytes)
{
    return Create<Packet>(BytesAt(isServer, offset, bytes).data(), bytes);
}

bool
IsContent(Ptr<const Packet> packet, bool isServer, uint64_t offset)
{
    std::vector<uint8_t> received(packet->GetSize());
    packet->CopyData(received.data(), packet->GetSize());
    return received == BytesAt(isServer, offset, packet->GetSize());
}

} // namespace experiment
