/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * streams.h: which random streams are whose. They are fixed, so that with equal seeds two points of a sweep see the same
 * draws where they have the same parts: comparisons between them are paired, and so are those between engines.
 */
#ifndef EXP_STREAMS_H
#define EXP_STREAMS_H

enum scn_stream {
    STREAM_FLOW = 1000,       /**< start of each flow */
    STREAM_MOBILITY = 2000,   /**< start of each walk */
    STREAM_HOST = 100000,     /**< stacks of hosts */
    STREAM_HOST_STEP = 100,   /**< of each host */
    STREAM_PATH = 1000000,    /**< radio, loss and queues */
    STREAM_PATH_STEP = 10000, /**< of each path */
    STREAM_TRACE = 6000,      /**< of those, losses that a trace says: down, up */
    STREAM_EVENT = 7000,      /**< likewise, of a wire without losses before the event */
    STREAM_LINK = 2000000     /**< of links, as of paths */
};

#endif
