/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim_fail.h"

static int open_or_fail(const char *path, int flags) {
    int fd = open(path, flags);
    SIM_REQUIRE(fd >= 0, "cannot open %s: %s", path, strerror(errno));
    return fd;
}

/** A device lies in the namespace that its opener is in at that moment. */
int tun_open(const char *netns, const char *device) {
    char path[256];
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    snprintf(path, sizeof path, "/var/run/netns/%s", netns);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
    int own = open_or_fail("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), other = open_or_fail(path, O_RDONLY | O_CLOEXEC);
    SIM_REQUIRE(setns(other, CLONE_NEWNET) == 0, "cannot enter namespace %s: %s", netns, strerror(errno));
    int fd = open_or_fail("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    SIM_REQUIRE(ioctl(fd, TUNSETIFF, &request) == 0, "cannot attach to %s of %s: %s", device, netns, strerror(errno));
    SIM_REQUIRE(setns(own, CLONE_NEWNET) == 0, "cannot leave namespace %s: %s", netns, strerror(errno));
    close(own);
    close(other);
    return fd;
}

uint32_t tun_read(int fd, uint8_t packet[TUN_PACKET_BYTES_MAX]) {
    ssize_t bytes = read(fd, packet, TUN_PACKET_BYTES_MAX);
    SIM_REQUIRE(bytes >= 0 || errno == EAGAIN || errno == EINTR, "cannot read from the TUN device: %s",
                strerror(errno));
    return bytes > 0 ? (uint32_t)bytes : 0;
}

bool tun_write(int fd, const uint8_t *packet, uint32_t bytes) {
    return write(fd, packet, bytes) == (ssize_t)bytes;
}
