# SPDX-License-Identifier: GPL-2.0-or-later
# From `mptcp-lab export': a Markdown table of a campaign: awk -v campaign=NAME -v axis=KEY -v metrics='goodput app_delay_p50 ...' -f table.awk
# A cell is the mean over seeds; goodput and completion time have the half-width of their 95 % interval (Student), too. With -v pair=A/B, in
# place of the table: for each value of the axis the mean of A's value by B's, seed by seed, of each metric, and its interval.

function student(n) { # of n values
    split("12.71 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145", t, " ")
    return n < 2 ? 0 : n - 1 in t ? t[n - 1] : 1.96 + 2.4 / (n - 1)
}

function statistics(values, n, i, sum, squares) {
    for (i = 1; i <= n; i++) { sum += values[i]; squares += values[i] * values[i] }
    mean = sum / n
    half = n > 1 ? student(n) * sqrt((squares / n - mean * mean > 0 ? squares / n - mean * mean : 0) / (n - 1)) : 0
}

function cell(a, s, m, i, n, v) {
    for (i = 1; i <= seeds; i++)
        if ((a, s, m, i) in value) v[++n] = value[a, s, m, i]
    if (n == 0) return "-"
    statistics(v, n)
    return m ~ /goodput|completion/ ? sprintf("%.3g ± %.2g", mean, half) : sprintf("%.3g", mean)
}

function title(m) {
    if (m ~ /^app_delay_p/) return "delay, " substr(m, 12) " %, ms"
    return m in titles ? titles[m] : m
}

BEGIN {
    FS = ","
    count = split(metrics, metric, " ")
    titles["goodput"] = "goodput, Mb/s"
    titles["completion_time"] = "completion time, s"
    titles["reorder_mean"] = "behind holes, kB"
    titles["bytes_reinjected"] = "sent twice, kB"
    titles["bytes_duplicate"] = "arrived twice, kB"
}
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
$column["campaign"] == campaign && $column["entity"] == "flow:download" && $column["is_current"] == 1 {
    a = $column[axis]; s = $column["scheduler"]; m = $column["name"]
    gsub(/"/, "", a)
    if (!(a in has_axis)) { has_axis[a] = 1; axes[++axis_count] = a }
    if (!(s in has_scheduler)) { has_scheduler[s] = 1; schedulers[++scheduler_count] = s }
    value[a, s, m, $column["seed"]] = $column["value"] * (m ~ /^(reorder|bytes)/ ? 0.001 : 1)
    if ($column["seed"] > seeds) seeds = $column["seed"]
}
END {
    if (axis_count == 0) exit 1
    for (i = 2; i <= axis_count; i++) # by their numbers
        for (j = i; j > 1 && axes[j - 1] + 0 > axes[j] + 0; j--) { x = axes[j]; axes[j] = axes[j - 1]; axes[j - 1] = x }
    if (pair == "") {
        printf "| %s | scheduler |", axis
        for (k = 1; k <= count; k++) printf " %s |", title(metric[k])
        printf "\n| --- | --- |"
        for (k = 1; k <= count; k++) printf " --- |"
        print ""
        for (i = 1; i <= axis_count; i++)
            for (j = 1; j <= scheduler_count; j++) {
                printf "| %s | %s |", axes[i], schedulers[j]
                for (k = 1; k <= count; k++) printf " %s |", cell(axes[i], schedulers[j], metric[k])
                print ""
            }
        exit 0
    }
    split(pair, of, "/")
    for (i = 1; i <= axis_count; i++) {
        printf "| %s |", axes[i]
        for (k = 1; k <= count; k++) {
            n = 0
            for (seed = 1; seed <= seeds; seed++)
                if ((axes[i], of[1], metric[k], seed) in value && value[axes[i], of[2], metric[k], seed] > 0)
                    v[++n] = value[axes[i], of[1], metric[k], seed] / value[axes[i], of[2], metric[k], seed]
            if (n == 0) { printf " - |"; continue }
            statistics(v, n)
            printf " %+.0f %% [%+.0f, %+.0f] |", 100 * (mean - 1), 100 * (mean - half - 1), 100 * (mean + half - 1)
        }
        print ""
    }
}
