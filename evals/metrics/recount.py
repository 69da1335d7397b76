"""Computed figures of a summary's overview, counted again over the members that the sentence cites.

EVALS.md asks that every overview sentence is cited and token-supported. A count (3个问题) stands in no quote:
it is supported where the cited members give the same figure, and nothing else makes it so. What is left of the
sentence is held against the quotes like any other.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.records import STATUS_LABELS, OverviewSentence, Summary

_STATES = {label: state for state, label in STATUS_LABELS.items()}
_COUNT = re.compile(
    rf"(?P<n>\d+)(?P<what>份通报|个问题)|(?P<state>{'|'.join(map(re.escape, _STATES))})(?P<of>\d+)个(?!\w)|，其中(?=\w)"
)


def without_counts(sentence: OverviewSentence, summary: Summary) -> str:
    """The sentence without its computed figures where the cited members bear all of them out, else as it is."""
    spots = {(c.notice_id, (c.start, c.end)) for c in summary.citations if c.n in sentence.citations}
    cited = [g for g in summary.groups if (g.notice_id, g.problem.span) in spots]
    states = Counter(group.status.value for group in cited)
    figures = {"份通报": len({group.notice_id for group in cited}), "个问题": len(cited)}
    for match in _COUNT.finditer(sentence.text):
        if match["what"] and int(match["n"]) != figures[match["what"]]:
            return sentence.text
        if match["state"] and int(match["of"]) != states[_STATES[match["state"]]]:  # type: ignore[index]  # a label
            return sentence.text
    return _COUNT.sub("", sentence.text) if cited else sentence.text
