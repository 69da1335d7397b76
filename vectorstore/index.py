"""The collection of vectors in Chroma: the only module that imports chromadb.

Ids are chunk rowids, so a vector never changes meaning; the catalogue decides which of them count.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import StoreDamaged, StoreError, StoreFull, StoreReadOnly
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
        with _translated(where):
            self._client = _client(where)
            # The vectors come from our own embedder; Chroma must not look for one of its own.
            make = self._client.get_or_create_collection if create else self._client.get_collection
            extra: dict[str, Any] = {"configuration": {"hnsw": {"space": "cosine"}}} if create else {}
            self._collection = make(collection, embedding_function=None, **extra)

    def close(self) -> None:
        """Let go of files and connections; the index must not be used again."""
        self._client.close()

    def upsert(self, rowids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors (float32 (n, dim), L2-normalised) under chunk rowids."""
        for low in range(0, len(rowids), _BATCH):
            part = slice(low, low + _BATCH)
            with _translated(self.where):
                self._collection.upsert(ids=[str(rowid) for rowid in rowids[part]], embeddings=vectors[part])

    def delete(self, rowids: Iterable[int]) -> None:
        """Forget vectors; unknown rowids are passed over."""
        ids = [str(rowid) for rowid in rowids]
        for low in range(0, len(ids), _BATCH):
            with _translated(self.where):
                self._collection.delete(ids=ids[low : low + _BATCH])

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` nearest (rowid, cosine similarity), closest first."""
        with _translated(self.where):
            found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [
            (int(rowid), 1.0 - float(far)) for rowid, far in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def vectors(self, rowids: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
        """The stored vectors of those rowids that are there: (rowids, float32 (n, dim))."""
        with _translated(self.where):
            found = self._collection.get(ids=[str(rowid) for rowid in rowids], include=["embeddings"])
        return [int(rowid) for rowid in found["ids"]], np.asarray(found["embeddings"], dtype=np.float32)

    def rowids(self) -> set[int]:
        """All rowids that have a vector."""
        with _translated(self.where):
            return {int(rowid) for rowid in self._collection.get(include=[])["ids"]}

    def count(self) -> int:
        """How many vectors there are."""
        with _translated(self.where):
            return int(self._collection.count())


def drop_other_collections(where: str | Path, keep: str) -> None:
    """Delete the collections of former embeddings; ``keep`` may be empty."""
    with _translated(where):
        client = _client(where)
        for collection in client.list_collections():
            if collection.name != keep and collection.name.startswith(PREFIX):
                client.delete_collection(collection.name)
        client.close()


PREFIX = "zhenggai-"


def collection_name(fingerprint: str) -> str:
    """The collection of one embedding: its name changes with whatever changes the vectors."""
    return f"{PREFIX}{fingerprint[:24]}"


@contextmanager
def _translated(where: str | Path) -> Iterator[None]:
    """Chroma's failures in the tree of errors: its Rust side, SQLite and the HTTP client raise each their own."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        _forget(where)
        raise _as_store_error(where, error) from error


def _forget(where: str | Path) -> None:
    """Take a client that failed to start out of Chroma's cache, which would hand the broken one out again."""
    from chromadb.api.shared_system_client import SharedSystemClient

    if not SharedSystemClient._identifier_to_refcount.get(str(where)):
        SharedSystemClient._identifier_to_system.pop(str(where), None)


def _as_store_error(where: str | Path, error: Exception) -> StoreError:
    if not isinstance(where, Path):
        return StoreError(f"Chroma 服务 {where} 没有正常应答：请检查地址和服务是否启动")
    text = str(error)
    if "disk is full" in text or "No space left" in text:
        return StoreFull(f"磁盘已满：{where}。请腾出空间后重试，已保存的内容不受影响")
    # Chroma writes to its files even when it only reads: it cannot be opened on a read-only disk.
    if "readonly" in text or not os.access(where if where.exists() else where.parent, os.W_OK):
        return StoreReadOnly(f"向量库 {where} 只读，无法打开")
    return StoreDamaged(f"向量库 {where} 无法使用：请运行 zhenggai reindex 重建")
