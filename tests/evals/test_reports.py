"""Reports made from a log: terminal, HTML, JUnit, JSON; held-out details stay out unless revealed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.cli.evals import eval_, eval_report
from evals import baselines, log, table
from evals.compare import compare
from evals.html import Reported, report
from evals.junit import junit
from evals.log import CaseResult, Hashes, Run, SuiteRun
from evals.markdown import markdown
from evals.metrics.score import Ratio, Score
from evals.outcome import outcome
from evals.suite import ROOT, Suite, suite_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TEXT = "一是建成污水管网25公里。二是<script>alert(1)</script>继续推进。"
SUITE = Suite(
    suite="answer", title="问答", task="answer", cases=(), unit="题", gate=("right",), passes=("right",),
    floors={"development": {"right": 0.9}},
)  # fmt: skip
HIDDEN = "留出题的正确答案"


def _case(name: str, split: str, value: float | None, text: str) -> CaseResult:
    ratio = Ratio(value or 0, value is not None)
    score = Score("right", "问了什么", value, "26公里", [text], "数字不符", (2, 12))
    detail = {"kind": "fact", "question": f"问题 {name}", "text": TEXT}
    return CaseResult(name, (split,), name, "", {"right": ratio}, (score,), detail=detail)


CASES = (
    _case("q-001", "development", 1.0, "25公里"),
    _case("q-003", "development", 0.0, "<b>25公里</b>"),
    _case("q-005", "development", None, "25公里"),
    CaseResult("q-007", ("development",), "q-007", error="RuntimeError：坏了\x00"),
    _case("q-002", "held_out", 0.0, HIDDEN),
)
DONE = SuiteRun("answer", "answer", "题", {"embedding": "none"}, Hashes("g", "s", "c"), 1.5, CASES)
RUN = Run("20260101-000000-abcd", "2026-01-01T00:00:00+00:00", "0.1", (DONE,))


def _html(**more: bool) -> str:
    lines = [
        {"suite": "answer", "gold": "g", "scorer": "s", "n": 5, "metrics": {"right": value}}
        for value in (0.2, 0.4, 0.5)
    ]
    former = [_case(case.id, case.splits[0], 1.0, "25公里") for case in CASES]
    former[1] = replace(former[1], scores=(replace(former[1].scores[0], got="从前的回答"),))
    before = replace(DONE, cases=tuple(former))
    part = Reported(SUITE, DONE, compare(SUITE, before, DONE), lines, before)
    return report(RUN, [part], outcome([SUITE], RUN), **more)


# -- HTML --------------------------------------------------------------------------------------------------------------


def test_the_html_loads_nothing_from_outside() -> None:
    """No address, no source, no import; a policy in the page forbids it too."""
    html = _html()
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#)[^"']*|https?://|@import|url\(""", html) == []
    assert "default-src 'none'" in html


def test_markup_in_a_notice_is_shown_as_text() -> None:
    """Texts and answers are escaped."""
    html = _html()
    assert "&lt;b&gt;25公里&lt;/b&gt;" in html
    assert ("<b>25公里</b>" in html, "<script>alert" in html) == (False, False)


def test_spans_are_highlighted_in_their_surroundings() -> None:
    """What stands at the span is marked, what is around it is shown."""
    assert "一是<mark>建成污水管网25公里</mark>。二是&lt;script&gt;" in _html()


def test_held_out_details_stay_out_unless_revealed() -> None:
    """Neither answer nor question of a held-out case."""
    assert (HIDDEN in _html(), "问题 q-002" in _html(), HIDDEN in _html(reveal=True)) == (False, False, True)


def test_errors_and_unscored_are_shown() -> None:
    """Each with its own state, for the filter too."""
    states = re.findall(r'data-state="(\w+)"', _html())
    assert (states, "1 个用例出错" in _html()) == (["pass", "fail", "unscored", "error", "fail"], True)


def test_flips_and_trend() -> None:
    """Cases that no longer pass carry their mark and what the baseline had, held-out ones their mark alone; three
    runs make a line of three points."""
    html = _html()
    assert re.findall(r'data-flip="(\w+)"', html) == ["broken", "broken"]
    assert html.count("从前的回答") == 1
    assert 'points="4.0,29.6 120.0,23.2 236.0,20.0"' in html


# -- JUnit, terminal ---------------------------------------------------------------------------------------------------


def test_junit_counts_and_reasons() -> None:
    """Failure, error and skipped as JUnit knows them, the verdict as a case of its own; control characters are gone."""
    (suite,) = ElementTree.fromstring(junit([SUITE], RUN, outcome([SUITE], RUN)))
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "answer",
        "tests": "6",
        "failures": "3",
        "errors": "1",
        "skipped": "1",
    }
    messages = {case.get("name"): case[0].get("message") for case in suite.iter("testcase") if len(case)}
    assert messages == {
        "verdict": "insufficient data",
        "q-003": "right：数字不符，得到 26公里，应为 ['<b>25公里</b>']",
        "q-005": "未评分",
        "q-007": "RuntimeError：坏了",
        "q-002": "留出集，明细不显示",
    }


def test_terminal_table_withholds_held_out_differences() -> None:
    """Figures of all splits, differences of development alone."""
    console = Console(width=140, record=True, file=None, quiet=False)
    with console.capture() as captured:
        table.show_suite(console, SUITE, DONE, ["development", "held_out"])
        table.show_differences(console, DONE.cases, reveal=False)
    text = captured.get()
    assert ("0.500" in text, "✗0.9" in text, "出错 q-007：RuntimeError：坏了" in text) == (True, True, True)
    assert ("<b>25公里</b>" in text, HIDDEN in text, table.WITHHELD in text) == (True, False, True)


def test_missed_targets_are_shown_everywhere() -> None:
    """On the page beside the verdict of the comparison, in JUnit as a property and no failure, under the table."""
    note = "开发集“答对”0.500（目标 0.9）"
    (suite,) = ElementTree.fromstring(junit([SUITE], RUN, outcome([SUITE], RUN)))
    shown = {node.get("name"): node.get("value") for node in suite.iter("property")}
    with (console := Console(width=140)).capture() as captured:
        table.show_suite(console, SUITE, DONE, ["development", "held_out"])
    assert shown == {"below_target.development.right": "0.500（目标 0.9）"}
    assert (note in _html(), note in captured.get()) == (True, True)


def test_the_table_for_the_readme() -> None:
    """Gated figures by split; a ceiling is shown as one, what was not scored is empty."""
    suite = SUITE.model_copy(
        update={"gate": ("right", "wrong_document"), "floors": {"held_out": {"wrong_document": 0.0}}}
    )
    case = CaseResult("a", ("held_out",), "a", ratios={"wrong_document": Ratio(1, 4)})
    run = replace(RUN, suites=(replace(DONE, cases=(*CASES, case)),))
    assert markdown([suite], run).splitlines()[2:] == [
        "| answer | 答对 `right` |  | 0.500 | 0.000 |  |",
        "| answer | 引用他文 `wrong_document` |  |  | 0.250 | ≤ 0 |",
    ]


def test_the_readme_quotes_the_blessed_figures() -> None:
    """It holds the table that ``zhenggai eval-report blessed --markdown`` prints, word for word."""
    run = baselines.find_run(baselines.BLESSED)
    quoted = markdown([suite_of(done.suite, done.declared) for done in run.suites], run)
    assert quoted in (ROOT.parent / "README.md").read_text(encoding="utf-8")


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of runs that holds one."""
    monkeypatch.setattr(log, "RUNS", tmp_path / "runs")
    log.save(RUN)
    return tmp_path / "runs"


@pytest.mark.usefixtures("runs")
def test_eval_report_remakes_everything_from_the_log(tmp_path: Path) -> None:
    """JSON on stdout, HTML and JUnit where asked for, the run's exit code."""
    html, xml = tmp_path / "r.html", tmp_path / "r.xml"
    got = CliRunner().invoke(
        eval_report, ["last", "--json", "--report", str(html), "--junit", str(xml)], standalone_mode=False
    )
    result = json.loads(got.stdout)
    assert (got.return_value, [part["verdict"] for part in result["suites"]]) == (
        4,
        ["insufficient data", "insufficient data"],
    )
    assert (RUN.id in html.read_text("utf-8"), xml.read_text("utf-8")[:5]) == (True, "<?xml")


@pytest.mark.usefixtures("runs")
def test_eval_report_of_an_unknown_run() -> None:
    """Says where runs are."""
    got = CliRunner().invoke(eval_report, ["nosuch"], standalone_mode=False)
    assert str(got.exception) == "没有运行记录 nosuch：请给出 evals/runs 里的编号、.json 路径、last，或 blessed"


def test_eval_runs_logs_blesses_and_compares(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite of one labelled notice: first blessed, then compared with itself."""
    monkeypatch.setattr(baselines, "BASELINES", tmp_path / "baselines")
    suite = tmp_path / "one.yaml"
    suite.write_text(
        "{suite: one, task: extraction, cases: [gold/extraction/dev-renwu.yaml], unit: 通报, gate: [item_f1],"
        " floors: {development: {spans_valid: 0.0}}}",
        encoding="utf-8",
    )
    first = CliRunner().invoke(eval_, [str(suite), "--bless", "--json"], obj=None, standalone_mode=False)
    assert first.exception is None
    again = CliRunner().invoke(eval_, [str(suite), "--baseline", "blessed", "--json"], standalone_mode=False)
    (part,) = json.loads(again.stdout)["suites"]
    assert (first.return_value, again.return_value, part["verdict"], part["n"]) == (0, 0, "pass", 1)
    assert len(log.history(runs)) == 3


# -- the page in a browser ---------------------------------------------------------------------------------------------


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "the browser tests need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_filters_and_fits(browser: Browser, tmp_path: Path, width: int) -> None:
    """Offline, at desk and phone width: nothing overflows, nothing is requested, filters and drill-down work."""
    file = tmp_path / "r.html"
    file.write_text(_html(), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.select_option("#f-state", "fail")
    page.select_option("#f-split", "development")
    assert page.inner_text("#f-count") == "显示 1 / 5 例"
    page.locator("details.case:visible summary").click()
    assert page.locator("details.case:visible mark").first.inner_text() == "建成污水管网25公里"
    assert (page.evaluate("document.documentElement.scrollWidth"), asked) == (width, [file.as_uri()])
    context.close()
