"""A run as JUnit XML: a test case per gold case, and one per suite for its verdict; targets that are not reached are
properties of the suite and no failure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as xml

from evals.compare import passes
from evals.log import CaseResult, Run, SuiteRun
from evals.outcome import missed
from evals.suite import Suite

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WITHHELD = "留出集，明细不显示"


def junit(suites: Sequence[Suite], run: Run, result: Mapping[str, Any], *, reveal: bool = False) -> str:
    """The XML document. ``result``: what ``outcome`` gives."""
    root = xml.Element("testsuites", name=f"zhenggai eval {run.id}")
    for suite, done in zip(suites, run.suites, strict=True):
        verdicts = {part["verdict"] for part in result["suites"] if part["suite"] == suite.suite}
        _suite(root, suite, done, sorted(verdicts), reveal)
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: xml.Element, suite: Suite, done: SuiteRun, verdicts: Sequence[str], reveal: bool) -> None:
    failed = [case for case in done.cases if passes(suite, case) is False]
    errors = [case for case in done.cases if case.error is not None]
    unscored = [case for case in done.cases if case.error is None and passes(suite, case) is None]
    bad = [verdict for verdict in verdicts if verdict != "pass"]
    node = xml.SubElement(
        root, "testsuite", name=suite.suite, tests=str(len(done.cases) + 1), failures=str(len(failed) + bool(bad)),
        errors=str(len(errors)), skipped=str(len(unscored)), time=str(done.seconds),
    )  # fmt: skip
    if below := missed(suite, done):
        properties = xml.SubElement(node, "properties")
        for one in below:
            value = "未评分" if one.value is None else f"{one.value:.3f}"
            name = f"below_target.{one.split}.{one.metric}"
            xml.SubElement(properties, "property", name=name, value=f"{value}（目标 {one.floor:g}）")
    gate = xml.SubElement(node, "testcase", classname=suite.suite, name="verdict")
    if bad:
        xml.SubElement(gate, "failure", message="；".join(bad))
    for case in done.cases:
        _case(node, suite, case, reveal)


def _case(parent: xml.Element, suite: Suite, case: CaseResult, reveal: bool) -> None:
    node = xml.SubElement(parent, "testcase", classname=f"{suite.suite}.{case.splits[-1]}", name=case.id)
    passed = passes(suite, case)
    if case.error is not None:
        xml.SubElement(node, "error", message=_clean(case.error))
    elif passed is None:
        xml.SubElement(node, "skipped", message="未评分")
    elif not passed:
        hidden = "held_out" in case.splits and not reveal
        xml.SubElement(node, "failure", message=WITHHELD if hidden else _clean(_why(case)))


def _why(case: CaseResult) -> str:
    wrong = [score for score in case.scores if score.value is not None and score.value < 1]
    return "；".join(f"{score.metric}：{score.why}，得到 {score.got}，应为 {score.expected}" for score in wrong[:5])[
        :1000
    ]


def _clean(text: str) -> str:
    """Characters that XML 1.0 cannot hold are taken out."""
    return _CONTROL.sub("", text)
