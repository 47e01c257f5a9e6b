#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_page.sh BUILD: the page of `mptcp-figures report' in a browser, as wide as a screen and as a phone: every picture is
# there, every link leads somewhere, nothing is wider than the window, and the console stays silent.

cd "$(dirname "$0")/../.." || exit 1
build=$(realpath "${1:-build}")
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "SKIPPED: no chromium (Debian's package chromium): the page was not looked at"; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

say() { # NAME CONDITION...: counts it
    local name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $name"; fi
}

"$build/test/analysis/make_synthetic_db" experiments/schema.sql "$dir/all.db" || exit 1
printf 'campaign: zoo\nkind: heat\nx: delay_ms\nseries: variant\ny: goodput\n' >"$dir/own.yaml"
printf 'campaign: zoo\nx: nothing\ny: goodput\n' >"$dir/wrong.yaml"
"$build/mptcp-figures" report --db "$dir/all.db" --figure "$dir/own.yaml" --figure "$dir/wrong.yaml" --out "$dir/page.html" >/dev/null 2>&1 || exit 1
"$build/mptcp-figures" report --db "$dir/all.db" --figure "$dir/own.yaml" --figure "$dir/wrong.yaml" --out "$dir/again.html" >/dev/null 2>&1
say 'the same page again' cmp "$dir/page.html" "$dir/again.html"
say 'needs nothing from elsewhere' test -z "$(grep -oE '(src|href)="?(https?:|//|[a-z]+/)' "$dir/page.html")"
say 'a figure that cannot be drawn is named with the reason' grep -q "wrong was not drawn: .*has no axis 'nothing'" "$dir/page.html"
say 'names are text, not markup' grep -q '&lt;b&gt;&amp;amp;&lt;/b&gt;' "$dir/page.html"

# The page looks at itself and writes what it sees into an element, which --dump-dom shows.
cat >"$dir/look.js" <<'END'
<script>addEventListener('load', async () => {
  const images = [...document.images], links = [...document.links];
  await Promise.all(images.map(i => i.decode().catch(() => 0)));
  const inner = links.filter(a => a.getAttribute('href').startsWith('#'));
  const data = links.filter(a => a.getAttribute('href').startsWith('data:text/csv'));
  document.querySelectorAll('details').forEach(d => d.open = true);
  const seen = {images: images.length, shown: images.filter(i => i.naturalWidth > 0 && i.clientHeight > 50).length,
    links: inner.length, dead: inner.filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length,
    data: data.length, empty: data.filter(a => atob(a.href.split(',')[1]).split('\n').length < 3).length,
    other: links.length - inner.length - data.length,
    over: document.documentElement.scrollWidth > document.documentElement.clientWidth};
  document.body.dataset.seen = JSON.stringify(seen);
});</script>
END
sed -e "/<\/body>/{
r $dir/look.js
N
}" "$dir/page.html" >"$dir/looked.html"
for width in 1280 400; do
    "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$dir/profile" --window-size=$width,900 --enable-logging=stderr --v=0 \
        --virtual-time-budget=20000 --dump-dom "file://$dir/looked.html" >"$dir/dom" 2>"$dir/log"
    seen=$(grep -o 'data-seen="[^"]*"' "$dir/dom" | sed 's/&quot;/"/g; s/data-seen="//; s/"$//')
    say "$width: every picture is shown ($seen)" test "$(grep -o '"images":6,"shown":6' <<<"$seen")" != ''
    say "$width: every link leads somewhere ($seen)" test "$(grep -o '"links":5,"dead":0' <<<"$seen")" != ''
    say "$width: every figure has its numbers ($seen)" test "$(grep -o '"data":6,"empty":0,"other":0' <<<"$seen")" != ''
    say "$width: nothing is wider than the window ($seen)" test "$(grep -o '"over":false' <<<"$seen")" != ''
    say "$width: the console is silent" test -z "$(grep CONSOLE "$dir/log")"
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
