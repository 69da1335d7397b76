"""The collection of vectors in Chroma: the only module that imports chromadb.

Ids are chunk rowids, so a vector never changes meaning; the catalogue decides which of them count.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import StoreDamaged, StoreError
from vectorstore.quiet import quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 2000


def _client(where: str | Path) -> Any:
    quiet()
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(where, Path):
        return chromadb.PersistentClient(str(where), settings=settings)
    ssl, _, rest = where.partition("://")
    host, _, port = rest.rstrip("/").partition(":")
    return chromadb.HttpClient(host=host, port=int(port or 8000), ssl=ssl == "https", settings=settings)


class VectorIndex:
    """One collection of L2-normalised vectors, in a folder (``Path``) or on a Chroma server (``http://host:port``).

    Raises ``StoreDamaged`` where the folder cannot be opened, ``StoreError`` where the server does not answer.
    """

    def __init__(self, where: str | Path, collection: str, *, create: bool) -> None:
        self.where = where
        try:
            self._client = _client(where)
            # The vectors come from our own embedder; Chroma must not look for one of its own.
            make = self._client.get_or_create_collection if create else self._client.get_collection
            extra: dict[str, Any] = {"configuration": {"hnsw": {"space": "cosine"}}} if create else {}
            self._collection = make(collection, embedding_function=None, **extra)
        except Exception as error:  # Chroma raises its Rust side's panics, sqlite errors and httpx errors alike
            raise _opening(where, error) from error

    def upsert(self, rowids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors (float32 (n, dim), L2-normalised) under chunk rowids."""
        for low in range(0, len(rowids), _BATCH):
            part = slice(low, low + _BATCH)
            self._collection.upsert(ids=[str(rowid) for rowid in rowids[part]], embeddings=vectors[part])

    def delete(self, rowids: Iterable[int]) -> None:
        """Forget vectors; unknown rowids are passed over."""
        ids = [str(rowid) for rowid in rowids]
        for low in range(0, len(ids), _BATCH):
            self._collection.delete(ids=ids[low : low + _BATCH])

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` nearest (rowid, cosine similarity), closest first."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [
            (int(rowid), 1.0 - float(far)) for rowid, far in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def vectors(self, rowids: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
        """The stored vectors of those rowids that are there: (rowids, float32 (n, dim))."""
        found = self._collection.get(ids=[str(rowid) for rowid in rowids], include=["embeddings"])
        return [int(rowid) for rowid in found["ids"]], np.asarray(found["embeddings"], dtype=np.float32)

    def rowids(self) -> set[int]:
        """All rowids that have a vector."""
        return {int(rowid) for rowid in self._collection.get(include=[])["ids"]}

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())


def drop_other_collections(where: str | Path, keep: str) -> None:
    """Delete the collections of former embeddings."""
    client = _client(where)
    for collection in client.list_collections():
        if collection.name != keep and collection.name.startswith(PREFIX):
            client.delete_collection(collection.name)


PREFIX = "zhenggai-"


def collection_name(fingerprint: str) -> str:
    """The collection of one embedding: its name changes with whatever changes the vectors."""
    return f"{PREFIX}{fingerprint[:24]}"


def _opening(where: str | Path, error: Exception) -> StoreError:
    if isinstance(where, Path):
        writable = os.access(where if where.exists() else where.parent, os.W_OK)
        if not writable:
            return StoreDamaged(f"向量库 {where} 只读，无法打开；仍可用关键词检索")
        return StoreDamaged(f"向量库 {where} 无法打开（{error}）：请运行 zhenggai reindex 重建")
    return StoreError(f"无法连接 Chroma 服务 {where}：请检查地址和服务是否启动")
