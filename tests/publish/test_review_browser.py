"""The HTML of a comparison in a real browser, without a window: it asks for nothing, complains of nothing, nothing overlaps."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from review_sample import sample

from perfdsl.publish.review_html import page

pytestmark = pytest.mark.full

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

BOOKS = Path(__file__).parents[2] / "rulebooks" / "示例市"

MEASURE = """
<script>
const found = [];
for (const chart of document.querySelectorAll("svg")) {
  const boxes = [...chart.querySelectorAll("text")].map(one => [one.getBoundingClientRect(), one.textContent]);
  const edge = chart.getBoundingClientRect();
  boxes.forEach(([a, said], i) => {
    if (a.left < edge.left - 1 || a.right > edge.right + 1 || a.bottom > edge.bottom + 1) found.push("outside " + said);
    for (const [b, other] of boxes.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > a.height / 2) found.push(said + " / " + other);
    }
  });
}
for (const cell of document.querySelectorAll("td, th, p, li, h1, h2, h3, figcaption"))
  if (cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth > 0) found.push("wide " + cell.textContent.slice(0, 40));
if (document.documentElement.scrollWidth > innerWidth) found.push("page");
const told = document.createElement("pre");
told.id = "measured";
told.textContent = JSON.stringify({charts: document.querySelectorAll("svg").length, asked: performance.getEntriesByType("resource").length, found: found.slice(0, 5)});
document.body.append(told);
</script>
"""


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser of this machine."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    pytest.skip("没有浏览器（chromium），网页没有在浏览器里看")


def run(browser: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The browser with a profile of its own, on a page that is a file."""
    profile = f"--user-data-dir={folder / 'profile'}"
    return subprocess.run(
        [browser, *QUIET, profile, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def real() -> str:
    """The page of 示例市 2024 → 2025, with the data of both years."""
    from perfdsl.reports.diff import diff
    from perfdsl.workspace.opening import open_rulebook
    from perfdsl.workspace.review.whole import review

    old, new = (open_rulebook(BOOKS / f"{year}.perf") for year in (2024, 2025))
    found = review(old, new, old.data_folder, new.data_folder)
    return page(diff(found, ("2024.perf", "2025.perf"), ("2024/数据", "2025/数据")))


@pytest.mark.parametrize("units", [0, 60])
def test_no_request_no_complaint_and_a_picture(browser: str, tmp_path: Path, units: int) -> None:
    path = tmp_path / "对照.html"
    path.write_text(page(sample(units)), encoding="utf-8")
    picture = tmp_path / "page.png"
    done = run(
        browser,
        tmp_path,
        "--enable-logging=stderr",
        f"--screenshot={picture}",
        "--window-size=1200,3000",
        path.as_uri(),
    )
    assert "CONSOLE" not in done.stderr  # a request that the page's own policy forbids would be told here
    assert picture.stat().st_size > 50_000


@pytest.mark.parametrize("units", [0, 60, 400])
@pytest.mark.parametrize("wide", [1200, 800])
def test_nothing_overlaps_and_nothing_is_cut_off(browser: str, tmp_path: Path, units: int, wide: int) -> None:
    measure(browser, tmp_path, page(sample(units)), wide)


def test_the_report_of_示例市(browser: str, tmp_path: Path, real: str) -> None:
    path = tmp_path / "对照.html"
    path.write_text(real, encoding="utf-8")
    picture = f"--screenshot={tmp_path / 'page.png'}"
    done = run(browser, tmp_path, "--enable-logging=stderr", picture, path.as_uri())
    assert "CONSOLE" not in done.stderr
    measure(browser, tmp_path, real, 1200)
    for said in (
        "修订对照表",
        "B203 机关数字化",
        "市商务局",
        "未受影响",
        'class="slope"',
        'class="fall"',
        'class="strip"',
    ):
        assert said in real


def measure(browser: str, tmp_path: Path, html: str, wide: int) -> None:
    """Look at a copy of the page with a ruler in it."""
    text = re.sub(r"<meta http-equiv=[^>]*>", "", html)  # only so that the ruler may run
    path = tmp_path / "measured.html"
    path.write_text(text.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    done = run(browser, tmp_path, f"--window-size={wide},2000", "--dump-dom", path.as_uri())
    told = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told is not None
    measured = json.loads(told[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
    assert measured["charts"] > 0
    assert measured["asked"] == 0
    assert measured["found"] == []
    assert done.stdout.count("<table") >= 3


def test_it_prints_on_a4(browser: str, tmp_path: Path) -> None:
    path, printed = tmp_path / "对照.html", tmp_path / "page.pdf"
    path.write_text(page(sample(30)), encoding="utf-8")
    run(browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}", path.as_uri())
    boxes = {
        tuple(round(float(one)) for one in found)
        for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed.read_bytes())
    }
    assert {tuple(sorted(box)) for box in boxes} == {(595, 842)}
    assert len(boxes) == 2
