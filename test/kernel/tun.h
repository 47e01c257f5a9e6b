/* SPDX-License-Identifier: GPL-2.0-or-later */
/** tun.h: a TUN device of another network namespace: the kernel's packets out of it and ours into it. */
#ifndef TUN_H
#define TUN_H

#include <stdbool.h>
#include <stdint.h>

enum { TUN_PACKET_BYTES_MAX = 65536 };

/**
 * Attach to device @p device of namespace @p netns (a name below /var/run/netns). Ends the process when that fails.
 * @return a non-blocking descriptor
 */
int tun_open(const char *netns, const char *device);
/** @return bytes of the next packet, 0 when there is none now. */
uint32_t tun_read(int fd, uint8_t packet[TUN_PACKET_BYTES_MAX]);
/** @return false when the kernel did not take the packet. */
bool tun_write(int fd, const uint8_t *packet, uint32_t bytes);

#endif
