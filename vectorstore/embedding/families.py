"""What well-known model families want in front of a text, for models that do not say it themselves.

Source: the model cards of intfloat/multilingual-e5-*, BAAI/bge-*-zh-v1.5 and Qwen/Qwen3-Embedding-*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TASK = "Given a web search query, retrieve relevant passages that answer the query"


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Text put before a query and before a passage; empty for most models."""

    query: str = ""
    passage: str = ""


_FAMILIES = (
    (re.compile(r"\be5-.*instruct"), Prefixes(query=f"Instruct: {_TASK}\nQuery: ")),
    (re.compile(r"\be5-(small|base|large)"), Prefixes("query: ", "passage: ")),
    (re.compile(r"\bbge-(small|base|large)-zh"), Prefixes(query="为这个句子生成表示以用于检索相关文章：")),
    (re.compile(r"\bqwen3-embedding"), Prefixes(query=f"Instruct: {_TASK}\nQuery:")),
)


def prefixes_of(model: str) -> Prefixes:
    """By the model's name or the last part of its path."""
    name = model.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower()
    return next((prefixes for pattern, prefixes in _FAMILIES if pattern.search(name)), Prefixes())
