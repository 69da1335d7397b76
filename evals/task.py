"""What a task gives the runner: cases, how an output is produced from a case, how it is scored.

Producing asks the system under test and may cost something; scoring is pure and can be done again from a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.errors import ZhenggaiError
from evals.log import CaseResult

if TYPE_CHECKING:
    from bot.llm.chat import Chat
    from bot.settings import Settings
    from prompts.loader import Prompt

Say = Callable[[str], None]


class CaseError(ZhenggaiError):
    """A case that cannot be run or scored: its message is the case's error."""


@dataclass(frozen=True, slots=True)
class System:
    """What is under test. ``prompts``: by id, where not the program's own choice; ``chat``: the model, None for the
    program without one; ``max_tokens``: a lower limit of its answers' length than the program's own; ``kept``: what one
    suite had the program make and another needs again, where no model has a part in it."""

    settings: Settings
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    chat: Chat | None = None
    max_tokens: int | None = None
    kept: dict[tuple[str, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def described(self) -> dict[str, str]:
        """For the log: what a reader must know to run the same again."""
        model = {"model": self.chat.model} if self.chat else {}
        limit = {"max_tokens": str(self.max_tokens)} if self.max_tokens else {}
        return {
            "embedding": self.settings.embedding or "bundled",
            **model,
            **limit,
            **{f"prompt.{key}": prompt.name for key, prompt in sorted(self.prompts.items())},
        }


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``data``: the gold record that its task reads; the rest as in ``CaseResult``."""

    id: str
    splits: tuple[str, ...]
    cluster: str
    stratum: str
    data: Any

    def result(self, **more: Any) -> CaseResult:
        """A result of this case."""
        return CaseResult(self.id, self.splits, self.cluster, self.stratum, **more)


@dataclass(frozen=True, slots=True)
class Opened:
    """A task ready to run. ``made``: the record class of an output, by which a logged one is read again.

    ``produce``: safe to call from several threads; the model it is given counts what the case costs.
    """

    cases: Sequence[Case]
    made: Any
    produce: Callable[[Case, Chat | None], Any]
    score: Callable[[Case, Any], CaseResult]
    close: Callable[[], None] = lambda: None
