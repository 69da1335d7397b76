"""Prompts are files: one YAML per prompt and version, checked when loaded, immutable once released.

``load("answer@1")`` gives a ``Prompt``; ``prompt.render(question=…, evidence=…)`` gives its messages. Every variable is
data from outside: it stands between a pair of tags of its own in the template, and no value can close them. Not known
here: who calls a model with the messages, and what its output means (``output`` is only a name, see
``bot.llm.outputs``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from bot.errors import PromptError

Role = Literal["system", "user", "assistant"]

REGISTRY = "released.json"
"""Name@version → SHA-256 of the file: what has been released may not change any more."""

_NAME = re.compile(r"(?P<id>[a-z][a-z0-9-]*)@(?P<version>[1-9]\d*)")
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_TAGGED = re.compile(r"<(?P<tag>[^<>/\s]+)>\n\{\{(?P<name>\w+)\}\}\n</(?P=tag)>")
_KEYS = frozenset({"id", "version", "purpose", "variables", "output", "messages", "repair", "examples"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a model."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """A few-shot example: the values of the variables, and the output (plain data) that they should give."""

    given: Mapping[str, str]
    output: Any


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt.

    ``variables``: name → what it holds. ``output``: the name of the output's schema, None for plain text. ``repair``:
    the template of the message that asks again, with the variable ``findings``. ``sha256``: of the file, line ends
    normalised; ``released``: whether it stands in the registry.
    """

    id: str
    version: int
    purpose: str
    variables: Mapping[str, str]
    output: str | None
    messages: tuple[Message, ...]
    repair: str | None
    examples: tuple[Example, ...]
    sha256: str
    released: bool

    @property
    def name(self) -> str:
        """``answer@1``: how a prompt is asked for and recorded."""
        return f"{self.id}@{self.version}"

    def render(self, **values: str) -> tuple[Message, ...]:
        """The messages, few-shot examples before the last one. Raises ``PromptError`` naming every wrong variable."""
        self._check(values)
        *first, last = self.messages
        shown = [message for example in self.examples for message in self._example(last, example)]
        return (*(_filled(m, values) for m in first), *shown, _filled(last, values))

    def ask_again(self, findings: str) -> Message:
        """The message that asks for a corrected output. Raises ``PromptError`` where the prompt has none."""
        if self.repair is None:
            raise PromptError(f"提示词 {self.name} 没有 repair 部分，不能要求模型更正")
        return _filled(Message("user", self.repair), {"findings": findings})

    def _example(self, template: Message, example: Example) -> tuple[Message, Message]:
        output = json.dumps(example.output, ensure_ascii=False, separators=(",", ":"))
        return _filled(template, example.given), Message("assistant", output)

    def _check(self, values: Mapping[str, str]) -> None:
        missing = [name for name in self.variables if name not in values]
        unknown = [name for name in values if name not in self.variables]
        wrong = [f"缺少变量 {'、'.join(missing)}"] * bool(missing) + [f"没有变量 {'、'.join(unknown)}"] * bool(unknown)
        if wrong:
            raise PromptError(f"提示词 {self.name} {'；'.join(wrong)}（它的变量是 {'、'.join(self.variables)}）")


def _filled(message: Message, values: Mapping[str, str]) -> Message:
    """Every slot filled in one pass: a value that holds ``{{x}}`` stays as it is."""
    return Message(message.role, _SLOT.sub(lambda slot: as_data(values[slot[1]]), message.content))


def as_data(value: str) -> str:
    """A value that can neither close its tags nor forge a model's control tokens: ``<`` and ``>`` become full-width.

    Folding (``bot.fold``) takes both forms for the same, so quotations out of the value are still found.
    """
    return value.replace("<", "＜").replace(">", "＞")


# -- files -------------------------------------------------------------------------------------------------------------


def names() -> list[str]:
    """All prompts as ``id@version``, by id and version."""
    stems = [entry.name.removesuffix(".yaml") for entry in _folder().iterdir() if entry.name.endswith(".yaml")]
    found = [match for stem in stems if (match := _NAME.fullmatch(stem))]
    return [match.group() for match in sorted(found, key=lambda match: (match["id"], int(match["version"])))]


@cache
def load(name: str) -> Prompt:
    """The prompt ``id@version``. Raises ``PromptError``: unknown, malformed, or changed after its release."""
    text = source(name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = registry().get(name)
    if known not in (None, digest):
        raise PromptError(f"提示词 {name} 在发布后被改动：请恢复 prompts/{name}.yaml，改动请另存为新版本的文件")
    return parse(name, text, digest, released=known is not None)


def source(name: str) -> str:
    """The text of a prompt's file, line ends normalised. Raises ``PromptError`` where there is none."""
    if not _NAME.fullmatch(name) or name not in names():
        raise PromptError(f"没有提示词 {name}：现有 {'、'.join(names())}（写法是 名称@版本）")
    text: str = _folder().joinpath(f"{name}.yaml").read_text("utf-8")
    return text.replace("\r\n", "\n")


def registry() -> dict[str, str]:
    """What has been released: name → SHA-256."""
    found: dict[str, str] = json.loads(_folder().joinpath(REGISTRY).read_text("utf-8"))
    return found


def _folder() -> Any:
    return resources.files("prompts")


# -- checking ----------------------------------------------------------------------------------------------------------


def parse(name: str, text: str, digest: str, *, released: bool) -> Prompt:
    """The prompt out of a file's text. Raises ``PromptError`` that names every fault."""
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptError(f"提示词文件 {name}.yaml 不是有效的 YAML（{error}）") from error
    faults = list(_faults(name, data))
    if faults:
        raise PromptError(f"提示词文件 {name}.yaml 有误：{'；'.join(faults)}")
    return Prompt(
        id=data["id"],
        version=data["version"],
        purpose=data["purpose"].strip(),
        variables=data["variables"],
        output=data["output"],
        messages=tuple(Message(m["role"], m["content"].strip()) for m in data["messages"]),
        repair=data["repair"].strip() if data.get("repair") else None,
        examples=tuple(Example(e["given"], e["output"]) for e in data.get("examples", ())),
        sha256=digest,
        released=released,
    )


def _faults(name: str, data: Any) -> list[str]:
    if not isinstance(data, dict):
        return ["应是一组 键: 值"]
    faults = [f"缺少 {key}" for key in sorted(_KEYS - {"repair", "examples"} - data.keys())]
    faults += [f"不认识 {key}" for key in sorted(data.keys() - _KEYS)]
    if faults:
        return faults
    if f"{data['id']}@{data['version']}" != name:
        faults.append(f"id 和 version 与文件名 {name} 不符")
    if not data["messages"] or data["messages"][-1].get("role") != "user":
        faults.append("最后一条消息应是 user")
    faults += [f"角色 {m.get('role')} 无效" for m in data["messages"] if m.get("role") not in get_args(Role)]
    return faults + _variable_faults(data)


def _variable_faults(data: dict[str, Any]) -> list[str]:
    template = "\n".join(message["content"] for message in data["messages"])
    used, declared = set(_SLOT.findall(template)), set(data["variables"])
    faults = [f"变量 {name} 没有声明" for name in sorted(used - declared)]
    faults += [f"变量 {name} 没有用到" for name in sorted(declared - used)]
    tagged = {match["name"] for match in _TAGGED.finditer(template)}
    faults += [f"变量 {name} 没有放在一对标签之间" for name in sorted(used - tagged)]
    if data.get("repair") and {m["name"] for m in _TAGGED.finditer(data["repair"])} != {"findings"}:
        faults.append("repair 应有 findings 这一个变量，放在一对标签之间")
    for example in data.get("examples", ()):
        if set(example["given"]) != declared:
            faults.append("示例的变量与声明的不符")
    return faults
