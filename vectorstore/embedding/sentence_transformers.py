"""``st:NAME_OR_PATH``: any sentence-transformers model. The only module that imports sentence_transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import EngineError
from vectorstore.embedding.families import Prefixes, prefixes_of
from vectorstore.embedding.fingerprint import fingerprint
from vectorstore.embedding.text import clean
from vectorstore.quiet import quiet

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SAMPLE = 256


class SentenceTransformerEmbedder:
    """A model on the device that sentence-transformers chooses (a GPU where there is one), with torch's own threads."""

    def __init__(self, name: str) -> None:
        self.spec = f"st:{name}"
        self._model = _load(name)
        self._prefixes = _prefixes(self._model, name)
        self.dim = len(self.embed_query("维度"))
        self.fingerprint = _fingerprint(self._model, self._prefixes, self.dim)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dim), L2-normalised; sentence-transformers sorts by length and batches."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        prompt = self._prefixes.passage
        return self._float32(self._model.encode_document([clean(text) for text in texts], prompt=prompt, **_ENCODE))

    def embed_query(self, text: str) -> np.ndarray:
        """float32 (dim,), L2-normalised."""
        return self._float32(self._model.encode_query(clean(text), prompt=self._prefixes.query, **_ENCODE))

    @staticmethod
    def _float32(vectors: Any) -> np.ndarray:
        return np.asarray(vectors, dtype=np.float32)


_ENCODE: dict[str, Any] = {"normalize_embeddings": True, "show_progress_bar": False, "batch_size": 16}


def _load(name: str) -> SentenceTransformer:
    quiet()
    try:
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        return _from_disk_or_hub(name)
    except Exception as error:  # transformers, safetensors, tokenizers and torch share no base for a bad model
        raise EngineError(
            f"无法加载向量模型 {name}：{_first_line(error)}。请检查名称或路径；没有网络的机器请先把模型文件夹拷贝过来，"
            "再写成 st:文件夹路径。"
        ) from error


def _from_disk_or_hub(name: str) -> SentenceTransformer:
    """From a path or the Hugging Face cache; only a name that is in neither is downloaded, as the user asked."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, local_files_only=True)
    except FileNotFoundError:
        raise
    except OSError:  # a model name that the cache does not hold
        return SentenceTransformer(name)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _prefixes(model: SentenceTransformer, name: str) -> Prefixes:
    """The model's own prompts where its configuration has any, else those of its family."""
    prompts = {key: text for key, text in model.prompts.items() if text}
    if not prompts:
        return prefixes_of(name)
    passage = next((prompts[key] for key in ("document", "passage", "corpus") if key in prompts), "")
    return Prefixes(prompts.get("query", ""), passage)


def _fingerprint(model: SentenceTransformer, prefixes: Prefixes, dim: int) -> str:
    return fingerprint(
        {
            "weights": _weights_sample(model),
            "modules": [[type(module).__name__, getattr(module, "pooling_mode", None)] for module in model],
            "prefixes": [prefixes.query, prefixes.passage],
            "normalised": True,
            "max_length": model.max_seq_length,
            "dim": dim,
        }
    )


def _weights_sample(model: SentenceTransformer) -> str:
    """Hash over the name, shape and 256 evenly spaced values of each tensor.

    Reading all of a 2 GB model would take seconds at each start; training changes every tensor.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        step = max(1, tensor.numel() // _SAMPLE)
        values = tensor.detach().reshape(-1)[::step].float().cpu().numpy()
        digest.update(f"{name} {tuple(tensor.shape)}".encode() + values.tobytes())
    return digest.hexdigest()
