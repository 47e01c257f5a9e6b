#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""random_scenario.py SEED: a scenario that both engines can run, drawn by SEED: unlike paths of one to three hosts, links that they share, queues,
losses, boxes, events, flows of every kind in both directions, hosts on one path with their servers among them."""

import random
import sys


class Drawn:
    """Draws for one scenario."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *values):
        return self.random.choice(values)

    def is_true(self, probability):
        return self.random.random() < probability

    def log_uniform(self, least, most):
        return round(least * (most / least) ** self.random.random(), 3)

    def some_of(self, values):
        return self.random.sample(values, self.random.randint(1, len(values)))


def text_of(group):
    return "{" + ", ".join(f"{key}: {value}" for key, value in group.items()) + "}"


def list_of(values):
    return "[" + ", ".join(map(str, values)) + "]"


def draw_rate_mbps(d):
    return d.log_uniform(0.1, 30)


def draw_delay_ms(d):
    return d.log_uniform(0.1, 200)


def draw_cable(d):
    """What links and the cables of paths have in common."""
    cable = {"rate_mbps": draw_rate_mbps(d), "delay_ms": draw_delay_ms(d)}
    discipline = d.one_of("drop-tail", "drop-tail", "drop-tail", "red", "codel", "fq-codel")
    limit = d.one_of("default", "packets", "packets", "bytes")
    if limit == "packets":
        cable["queue_packets"] = d.one_of(1, 2, 3, 10, 50, 1000)
    elif limit == "bytes" and discipline in ("drop-tail", "codel"):
        cable["queue_bytes"] = d.one_of(1600, 3000, 10000, 64000)
    if discipline != "drop-tail":
        cable["queue_discipline"] = discipline
        if d.is_true(0.4):
            cable["ecn"] = "true"
    for direction in ("loss_down", "loss_up"):
        if d.is_true(0.25):
            cable[direction] = d.one_of(0.001, 0.01, 0.05, 0.2)
    return cable


def draw_box(d, may_edit):
    boxes = [
        {"type": "nat"},
        {"type": "sequence-rewriter"},
        {"type": "splitter", "payload_max_bytes": d.one_of(100, 500, 1000)},
        {"type": "coalescer", "payload_max_bytes": 1400, "hold_ms": d.one_of(0.5, 2)},
        {"type": "option-filter", "mptcp_subtype": d.one_of("dss", "mp-join", "add-addr", "mp-capable", "any"), "probability": d.one_of(1, 0.1, 0.01)},
        {"type": "reset-injector", "after_bytes": d.one_of(0, 100000), "reset_probability": 0.0005},
    ]
    if may_edit:
        boxes.append({"type": "payload-rewriter", "position_bytes": d.one_of(0, 1000, 50000), "interval_bytes": 70000, "removed_bytes": 4, "inserted_bytes": d.one_of(1, 4)})
    return text_of(d.one_of(*boxes))


def draw_path(d, name, host, others, links, may_edit):
    is_server = host == "server"
    path = {"name": name, "type": "ethernet", "hosts": list_of(d.one_of(*[[host]] * 6, [host, host], [host, others[0]]))}
    path.update({"rate_mbps": 100, "delay_ms": 0.1} if is_server and d.is_true(0.7) else draw_cable(d))
    if "," in path["hosts"]:
        path["access_rate_mbps"] = d.one_of(5, 20, 100)
        path["access_delay_spread_ms"] = d.one_of(0, 0.5, 3)
    if links and d.is_true(0.5):
        path["links"] = list_of(d.some_of(links))
    if d.is_true(0.2):
        path["middleboxes"] = f"[{draw_box(d, may_edit)}]"
    return path


def draw_flow(d, index, hosts, own_paths, checks_content):
    client, server = d.random.sample(hosts, 2)
    flow = {"name": f"flow{index}", "client": client, "server": server, "start_s": round(d.random.uniform(0.05, 1), 3)}
    flow["start_jitter_s"] = d.one_of(0, 0.3)
    flow["direction"] = d.one_of("download", "upload")
    settings = [s for s in ("Pacing=true", "Ecn=true", "Sack=false", "Timestamps=false") if d.is_true(0.15)]
    if d.is_true(0.3):
        flow["protocol"] = "tcp"
        flow["congestion_control"] = d.one_of("reno", "cubic", "bbr", "dctcp")
    else:
        flow["congestion_control"] = d.one_of("reno", "cubic", "lia", "lia-rfc", "olia", "balia", "ewtcp", "coupled", "wvegas", "dctcp", "bbr")
        flow["scheduler"] = d.one_of("earliest", "minrtt", "roundrobin", "redundant", "blest", "ecf", "linux", "primary", "weighted")
        flow["path_manager"] = d.one_of("fullmesh", "fullmesh", "ndiffports", "linux", "none")
        settings += ["DssChecksum=true"] if d.is_true(0.3) else []
    if d.is_true(0.25):
        flow["paths"] = list_of(d.some_of(own_paths[client]))
    for key, values in {
        "bytes": (0, 1, 1000, 100000, 3000000),
        "stop_s": (1.4, 1.7),
        "send_buffer_bytes": (3000, 20000, 100000, 1000000),
        "receive_buffer_bytes": (3000, 20000, 100000, 1000000),
        "mss_bytes": (200, 536, 1000),
    }.items():
        if d.is_true(0.3):
            flow[key] = d.one_of(*values)
    if checks_content:
        flow["check_content"] = "true"
    if settings:
        flow["settings"] = list_of(settings)
    return flow


def draw_events(d, names, duration_s):
    times = sorted(round(d.random.uniform(0.1, duration_s - 0.1), 2) for _ in range(d.one_of(0, 0, 1, 2, 4)))
    changes = ("link: down", "link: up", f"rate_mbps: {draw_rate_mbps(d)}", f"delay_ms: {draw_delay_ms(d)}", "loss_down: 0.02", "loss_up: 0.01")
    return [f"{{time_s: {time_s}, path: {d.one_of(*names)}, {d.one_of(*changes)}}}" for time_s in times]


def draw(seed):
    d = Drawn(seed)
    duration_s = d.one_of(2, 3, 4)
    hosts = d.one_of(["client", "server"], ["client", "server"], ["client", "other", "server"])
    checks_content = d.is_true(0.3)
    links = [f"link{i}" for i in range(d.one_of(0, 0, 1, 2))]
    lines = [f"duration_s: {duration_s}", "hosts: " + list_of(text_of({"name": host}) for host in hosts)]
    if links:
        lines += ["links:"] + [f"  - {text_of({'name': name, **draw_cable(d)})}" for name in links]
    lines += ["paths:"]
    own_paths = {}
    for host in hosts:
        others = [other for other in hosts if other != host]
        own_paths[host] = [f"{host}{i}" for i in range(d.one_of(1, 1, 2) if host == "server" else d.one_of(1, 2, 2, 3))]
        lines += [f"  - {text_of(draw_path(d, name, host, others, links, not checks_content))}" for name in own_paths[host]]
    lines += ["flows:"]
    lines += [f"  - {text_of(draw_flow(d, i, hosts, own_paths, checks_content))}" for i in range(d.one_of(1, 1, 2, 3))]
    events = draw_events(d, sum(own_paths.values(), links), duration_s)
    if events:
        lines += [f"events: {list_of(events)}"]
    lines += ["sampling: {interval_ms: 100, series: [goodput, cwnd, rtt]}", "counters: [all]"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(draw(int(sys.argv[1])), end="")
