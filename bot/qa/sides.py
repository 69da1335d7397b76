"""The things that a question compares, as it names them: A比B多, A、B和C哪个最多, 是A还是B.

Cuts the question; knows no notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.qa.words import cut_words

_PLACE_TAIL = r"(?:[省市县区](?![委政局级直]))?(?:的|要|这边|这次|这份|通报|那份|里|中|[:：])?"
_END = re.compile(
    r"(?:的?比(?=[,，])|相比|比较|比起来|[,，]?\s*(?:一共|总共|合计|加起来|加一块儿?|加在一起|合起来|相差|差|到底|究竟|分别)"
    r"|[,，]?\s*(?:哪|谁|走哪|是哪)|[,，]?\s*(?:更|最)(?=[多少大小高低长短早晚先快慢])).*$"
)
_MORE = re.compile(
    r"(?:要|还)?(?:多|少|高|低|大|小|长|短|早|晚|快|慢|贵|便宜)(?:了|出|出来)?(?:多少|几|吗|还是|没|些|一?点)?[^,，]*$"
)
_THAN = re.compile(r"(?<!相)(?<!占)比(?!例|较|起|重|率|[,，]|$)(?:起)?")
_JOIN = re.compile(r"[、，,]?(?:还是|以及|和|跟|与|同|加上|或者?)|、|[,，]")


def sides_of(question: str, places: Sequence[str]) -> list[str]:
    """The phrases compared, two or more; empty where the question names none."""
    kept = question.rstrip("?？。!！ ")
    kept = _whole_names(kept, places)
    # Of two places each belongs to its own side.
    for place in places if len(places) == 1 else ():
        kept = re.sub(rf"^\s*{re.escape(place.translate(_MASK))}{_PLACE_TAIL}\s*", "", kept)
    either = re.match(r"(.+?)[,，]?\s?还是(.+)$", kept)
    if either and not _THAN.search(kept):
        return _clean([_last_clause(either[1]), _END.sub("", either[2])])
    than = _THAN.search(kept)
    if than and 0 < than.start() < len(kept) - 2:
        left, right = kept[: than.start()], _MORE.sub("", _END.sub("", kept[than.end() :]))
        return _clean([_last_clause(left), right])
    body = _END.sub("", kept)
    if body == kept:
        body = _MORE.sub("", kept)
    return _clean(_parts(body))


_MASK = str.maketrans("和与同跟、比", "\ue000\ue001\ue002\ue003\ue004\ue005")
_UNMASK = str.maketrans("\ue000\ue001\ue002\ue003\ue004\ue005", "和与同跟、比")


def _whole_names(question: str, places: Sequence[str]) -> str:
    """The question with the joining words inside names of places masked (和平区)."""
    for place in places:
        question = question.replace(place, place.translate(_MASK))
    return question


def _last_clause(text: str) -> str:
    """Of what stands before 比 the clause that is compared: 城固县26个审计问题,已整改到位的."""
    pieces = [piece for piece in re.split(r"[,，:：\s]", text) if piece.strip()]
    return pieces[-1] if pieces else text


def _parts(body: str) -> list[str]:
    """The members of A、B和C; what stands before them up to a comma is what they are of."""
    pieces = [piece for piece in re.split(r"[,，:：\s]+", body) if piece.strip()]
    joined = [piece for piece in pieces if _JOIN.search(piece)]
    if joined and _JOIN.match(joined[-1]) and len(pieces) >= 2:
        return [pieces[-2], _JOIN.sub("", joined[-1], count=1)]
    if joined:
        return _JOIN.split(joined[-1])
    return pieces[-2:] if len(pieces) >= 2 else []


def _clean(parts: Sequence[str]) -> list[str]:
    shown = [
        re.sub(
            r"^(?:是|的|那)+|(?:的|时|那边|两个|两家|三家|这?[两三]个?(?:问题|单位|地方)?|问题多|(?:整改)?(?:时限|期限|时间)?[多少早晚大小高低长短快慢]|(?:整改)?(?:时限|期限))$",
            "",
            p.translate(_UNMASK).strip(" ,，、"),
        )
        for p in parts
    ]
    shown = [re.sub(r"(?:的)$", "", part) for part in shown if len(part) >= 2]
    return shown if len(shown) >= 2 else []


def context_of(question: str, sides: Sequence[str]) -> str:
    """The rest of the question, which all sides share."""
    for side in sides:
        question = question.replace(side, " ")
    return question


def spread(sides: Sequence[str], places: Sequence[str]) -> list[str]:
    """The sides with what they share: in 泾县和芦坪的渗滤液 both places have 渗滤液."""
    own = {side: _place_of(side, places) for side in sides}
    told = {side: told_of(side, places) for side in sides}
    shared = max(told.values(), key=len, default="")
    if not shared or not all(own.values()) or all(told.values()):
        return list(sides)
    return [side if told[side] else f"{side}{shared}" for side in sides]


_OWN_UNIT = re.compile(r"^(?:[\u4e00-\u9fff]{2,6}?(?:局|委|办|厅|院|党组|党委)|[\u4e00-\u9fff]{2}(?=$))+的?")
"""The unit behind a place (永新水利局, 永乐交通): it says whose the figure is, not what it is of."""


def _place_of(side: str, places: Sequence[str]) -> str:
    return next((place for place in sorted(places, key=len, reverse=True) if place in side), "")


def told_of(side: str, places: Sequence[str]) -> str:
    """What a side says beside its place and the unit there: 违规发的津补贴 of 永新水利局违规发的津补贴."""
    place = _place_of(side, places)
    if not place:
        return side
    return _OWN_UNIT.sub("", re.sub(rf"^.*?{re.escape(place)}(?:[省市县区](?![委政局级直]))?的?", "", side))


def names_of(sides: Sequence[str], places: Sequence[str]) -> list[str]:
    """What the sides are called in an answer: without what all say alike, where each has a place of its own."""
    suffix = _whole_words(_common_end(sides), sides)
    own = [side[: len(side) - len(suffix)].rstrip("的") for side in sides]
    distinct = len(set(own)) == len(own) and all(any(place in name for place in places) for name in own)
    return own if len(suffix) >= 2 and distinct else list(sides)


def _whole_words(suffix: str, sides: Sequence[str]) -> str:
    """As much of a common end as begins with a word in every side: not 支的钱 of 列支的钱."""
    for start in range(len(suffix)):
        tail = suffix[start:]
        if all(any("".join(cut_words(side)[n:]) == tail for n in range(len(side))) for side in sides):
            return tail
    return ""


def _common_end(texts: Sequence[str]) -> str:
    size = 0
    while all(len(text) > size and text[-1 - size] == texts[0][-1 - size] for text in texts):
        size += 1
    return texts[0][len(texts[0]) - size :] if texts else ""
