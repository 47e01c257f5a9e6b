/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_kinds.h"

static bool is_looked_at(const mbx_option_filter *f, const mbx_segment *s) {
    switch (f->segments) {
    case MBX_FILTER_ALL: return true;
    case MBX_FILTER_SYN: return mbx_has_flags(s, MBX_SYN);
    case MBX_FILTER_DATA: return s->payload_bytes > 0;
    }
    return false;
}

static bool is_affected(const mbx_option_filter *f, const mbx_segment *s, mbx_direction direction) {
    const mbx_host *host = &f->box.host;

    return is_looked_at(f, s) && mbx_box_is_in_scope(&f->box, direction) &&
           mbx_option_find(&s->tcp, f->kind, f->subtype) &&
           (f->probability == 1 || host->draw(host->user) < f->probability);
}

static void process(mbx_box *box, mbx_segment *s, mbx_direction direction) {
    mbx_option_filter *f = (mbx_option_filter *)box;

    if (is_affected(f, s, direction)) {
        box->actions++;
        if (f->is_dropping) {
            mbx_box_drop(box, s);
            return;
        }
        mbx_option_remove(&s->tcp, f->kind, f->subtype);
    }
    mbx_box_forward(box, s, direction);
}

void mbx_option_filter_init(mbx_option_filter *f) {
    static const mbx_box_ops ops = {process, NULL, NULL};

    f->box.ops = &ops;
}
