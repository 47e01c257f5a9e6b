/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_box.h"

void mbx_box_process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    box->ops->process(box, s, direction);
}

void mbx_box_timer(mbx_box *box) {
    if (box->ops->timer)
        box->ops->timer(box);
}

void mbx_box_free(mbx_box *box) {
    if (box->ops && box->ops->free)
        box->ops->free(box);
    box->has_deadline = false;
}

void mbx_box_forward(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    box->host.forward(box->host.user, s, direction);
}

void mbx_box_drop(mbx_box *box, mbx_segment *s) {
    box->host.drop(box->host.user, s->carrier);
}

bool mbx_box_is_in_scope(const mbx_box *box, mbx_direction direction) {
    return box->scope == MBX_BOTH || (box->scope == MBX_ONLY_UP) == (direction == MBX_UP);
}
