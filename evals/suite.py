"""A suite as declared in ``suites/*.yaml``: cases, system under test, gate. Reading and checking the declaration,
nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import UsageError

ROOT = Path(__file__).resolve().parent
SUITES = ROOT / "suites"


class Suite(BaseModel):
    """One suite. ``title``: its name in reports; ``unit``: what is resampled; ``gate``: the metrics judged, each
    with margin ``delta``.

    ``passes``: a case passes when each of these that it has is perfect. ``floors``: by split, the value each metric
    must reach (a ceiling where lower is better). ``needs_model``: not run without one unless it is named.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str
    title: str = ""
    task: str
    cases: tuple[str, ...]
    unit: str
    system: dict[str, str] = Field(default_factory=dict)
    gate: tuple[str, ...]
    delta: float = Field(0.03, gt=0, le=0.03)
    floors: dict[str, dict[str, float]] = Field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    needs_model: bool = False

    def files(self) -> list[Path]:
        """The files of cases, in order."""
        return sorted(path for pattern in self.cases for path in ROOT.glob(pattern))


def names(folder: Path = SUITES) -> list[str]:
    """All declared suites."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load_suite(name: str, folder: Path = SUITES) -> Suite:
    """A suite by name, or by the path of a declaration of one's own. Raises ``UsageError``."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else folder / f"{name}.yaml"
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Suite.model_validate(raw)
    except FileNotFoundError as error:
        raise UsageError(f"没有评测集 {name}：可用的有 {'、'.join(names(folder))}，或给出 .yaml 文件的路径") from error
    except (ValidationError, yaml.YAMLError) as error:
        raise UsageError(f"评测集 {path.name} 的写法有误：{error}") from error


def suite_of(name: str, declared: dict[str, Any]) -> Suite:
    """The suite of a logged run: as declared now, else as it was declared then. Raises ``UsageError``."""
    if name in names():
        return load_suite(name)
    return Suite.model_validate(declared) if declared else load_suite(name)


def load_suites(wanted: Sequence[str], *, with_model: bool = False) -> list[Suite]:
    """The suites named, or all of them that the system under test can run."""
    found = [load_suite(name) for name in (wanted or names())]
    return [suite for suite in found if wanted or with_model or not suite.needs_model]
