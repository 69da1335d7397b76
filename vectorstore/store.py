"""The store: catalogue and collection behind one interface, for readers and for the one writer.

A write goes in two phases. First the text, in one transaction per notice: at once searchable by words. Then the
vectors: a chunk is *pending* until its vector is in the collection. A process killed in between leaves ``meta.dirty``;
whoever opens the store next repairs it. Readers never wait for a writer.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import (
    EngineError,
    FingerprintMismatch,
    StoreDamaged,
    StoreError,
    StoreNotFound,
    StoreReadOnly,
    UsageError,
    system_reason,
)
from bot.records import Chunk, Extraction
from vectorstore.catalogue import Catalogue
from vectorstore.embedding import Embedder, open_embedder
from vectorstore.index import VectorIndex, collection_name, drop_other_collections
from vectorstore.lock import writer
from vectorstore.search import Candidate, search

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CATALOGUE_NAME = "catalogue.sqlite"
DEFAULT_EMBEDDING = "bundled"
_WINDOW = 256
"""Chunks embedded between two commits: what a killed process loses at the most."""
SMALL_REPAIR = 256
"""A reader finishes up to so many pending vectors by itself; more would make the question wait."""

Progress = Callable[[int, int, float], None]
"""Called with (chunks done, chunks in all, seconds since the start)."""


class Store:
    """A data folder. ``embedding``: engine wanted, None for the one that made the store (``bundled`` for a new one).

    Raises ``StoreNotFound`` where the folder holds no store and ``create`` is false.
    """

    def __init__(
        self, folder: Path, *, cache_dir: Path, embedding: str | None = None, chroma: str = "", create: bool = False
    ) -> None:
        self.folder = folder
        self.cache_dir = cache_dir
        self.wanted = embedding
        self.chroma: str | Path = chroma or folder / "chroma"
        self._index: VectorIndex | None = None
        self._index_of: tuple[str, int] | None = None
        self._index_lock = threading.RLock()
        path = folder / CATALOGUE_NAME
        if create:
            _make_folder(folder)
            Catalogue(path, writable=True).close()
        self.catalogue = Catalogue(path)
        if not path.exists() or not self.catalogue.made():
            raise not_found(folder)

    def close(self) -> None:
        """Close the catalogue's connections and the collection."""
        self.catalogue.close()
        self._close_index()

    # -- the embedding -------------------------------------------------------------------------------------------------

    @property
    def embedding(self) -> str:
        """The engine in use. Raises ``FingerprintMismatch`` where another one than the store's is wanted."""
        made = self.catalogue.meta("embedding")
        if made and self.wanted and made != self.wanted:
            raise FingerprintMismatch(
                f"数据文件夹 {self.folder} 的向量由 {made} 生成，现在指定的是 {self.wanted}：请去掉该设置，"
                f"或运行 zhenggai reindex --embedding {self.wanted} 重建向量"
            )
        return self.wanted or made or DEFAULT_EMBEDDING

    @cached_property
    def embedder(self) -> Embedder | None:
        """The engine, loaded on first use; None for ``none``."""
        return open_embedder(self.embedding, cache_dir=self.cache_dir)

    @property
    def index(self) -> VectorIndex | None:
        """The collection that the catalogue names, or None while there is none.

        Opened anew after every write of any process: an open Chroma folder does not notice what another process adds.
        """
        name = self.catalogue.meta("collection")
        if not name:
            return None
        state = (name, self.catalogue.revision())
        if self._index is None or self._index_of != state:
            self._close_index()
            self._index, self._index_of = VectorIndex(self.chroma, name, create=False), state
        return self._index

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index = None

    # -- searching -----------------------------------------------------------------------------------------------------

    def search(
        self, question: str, k: int, *, scope: Sequence[str] | None = None, words: str = ""
    ) -> tuple[list[Candidate], list[str]]:
        """The ``k`` best passages, and warnings where the vectors could not be used.

        ``words``: what the lexical index is asked, where that is not the question itself (synonyms added).
        """
        words = words or question
        if self.embedding == "none":
            return search(self.catalogue, None, None, words, k, scope=scope), []
        with self._index_lock:
            try:
                return self._search_both(question, words, k, scope), []
            except (EngineError, StoreError) as error:
                warning = f"本次只用关键词检索：{error}"
        return search(self.catalogue, None, None, words, k, scope=scope), [warning]

    def _search_both(self, question: str, words: str, k: int, scope: Sequence[str] | None) -> list[Candidate]:
        """Words and vectors. Raises ``EngineError``, ``StoreError`` where the vectors cannot be used."""
        if not self.catalogue.meta("collection"):
            raise StoreError("向量尚未建立，可运行 zhenggai reindex 建立")
        vector, index = self._vector_and_index(question)
        try:
            return search(self.catalogue, index, vector, words, k, scope=scope)
        except StoreDamaged:
            # Another process may have written between our opening the collection and our reading it.
            self._close_index()
            return search(self.catalogue, self.index, vector, words, k, scope=scope)

    def _vector_and_index(self, question: str) -> tuple[NDArray[np.float32], VectorIndex | None]:
        """The question as a vector, and the collection; at first the model loads while the collection opens."""
        if self._index is not None:
            return self._embed(question), self.index
        with ThreadPoolExecutor(1) as pool:
            vector = pool.submit(self._embed, question)
            index = self.index
            return vector.result(), index

    def _embed(self, question: str) -> NDArray[np.float32]:
        embedder = self.embedder
        assert embedder is not None, "only none has no embedder"
        if self.catalogue.meta("fingerprint") != embedder.fingerprint:
            raise FingerprintMismatch("向量由另一版本的模型生成，可运行 zhenggai reindex 重建")
        vector: NDArray[np.float32] = embedder.embed_query(question)
        return vector

    # -- writing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, what: str, *, wait: float = 600.0, say: Callable[[str], None] | None = None) -> Iterator[Writer]:
        """Hold the store as its one writer; what a killed process left is repaired first.

        Raises ``StoreBusy`` after ``wait`` seconds, ``StoreReadOnly``, ``StoreFull``.
        """
        with writer(self.folder, what, wait=wait, say=say):
            hand = Writer(self)
            try:
                hand.begin()
                with _finishing_what_stopped(hand):
                    yield hand
                hand.finish()
            finally:
                hand.close()

    def repair(self, say: Callable[[str], None]) -> None:
        """If a process was killed while writing and nobody writes now, put the store right. Readers call it."""
        if self.catalogue.meta("dirty") != "1":
            return
        try:
            with self.writing("恢复", wait=0) as hand:
                pending = len(self.catalogue.pending(SMALL_REPAIR + 1))
                if 0 < pending <= SMALL_REPAIR:
                    hand.embed_pending()
            say("上次操作中断，已检查并恢复数据")
        except (StoreError, EngineError):
            # Whoever only reads can go on by words; the next writer repairs, or says what is the matter.
            return


class Writer:
    """The hand that holds the lock: made by ``Store.writing``, used by one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.catalogue = Catalogue(store.folder / CATALOGUE_NAME, writable=True)
        self._index: VectorIndex | None = None

    def close(self) -> None:
        """Close the writing connection and the collection."""
        self.catalogue.close()
        self._let_go()

    def begin(self) -> None:
        """Repair what a killed process left, then mark the store as being written."""
        if self.catalogue.meta("dirty") == "1":
            self._reconcile()
        self.catalogue.set_meta(dirty="1")

    def finish(self) -> None:
        """Vectors of deleted chunks go, and the mark of an unfinished write with them."""
        self._bury()
        self.catalogue.set_meta(dirty="0")

    def put(
        self, extraction: Extraction, chunks: Sequence[Chunk], raw: bytes, *, identity: str, keep_version: bool
    ) -> None:
        """Phase one for one notice: committed when this returns."""
        self.catalogue.put(extraction, chunks, raw, identity=identity, keep_version=keep_version)

    def remove(self, notice_id: str) -> None:
        """Take a notice out of everything. Raises ``NoSuchNotice``."""
        self.catalogue.remove(notice_id)

    def embed_pending(self, progress: Progress | None = None) -> int:
        """Phase two: embed and store the vectors of all pending chunks; how many there were."""
        counts = self.catalogue.counts()
        total, done, start = counts.chunks - counts.vectors, 0, time.monotonic()
        embedder = self._ready() if total else None
        if embedder is None:
            return 0
        while batch := self.catalogue.pending(_WINDOW):
            # The headings tell what a passage is about where its own words do not.
            vectors = embedder.embed_passages([embedded_text(p.path, p.text) for p in batch])
            rowids = [passage.rowid for passage in batch]
            self._collection().upsert(rowids, vectors)
            self.catalogue.mark_indexed(rowids)
            done += len(batch)
            if progress:
                progress(done, total, time.monotonic() - start)
        return done

    def restart_vectors(self, spec: str) -> None:
        """Forget all vectors and note the engine that will make the new ones."""
        if spec == "none":
            self.catalogue.mark_all_pending(embedding="none", fingerprint="", collection="")
            self._use("none", None)
            self._drop_collections(keep="")
            return
        embedder = open_embedder(spec, cache_dir=self._store.cache_dir)
        assert embedder is not None
        name = collection_name(embedder.fingerprint)
        self.catalogue.mark_all_pending(embedding=spec, fingerprint=embedder.fingerprint, collection=name)
        self._use(spec, embedder)
        self._drop_collections(keep=name)
        self._collection().delete(self._collection().rowids())

    # -- inside --------------------------------------------------------------------------------------------------------

    def _ready(self) -> Embedder | None:
        """The engine whose vectors the collection takes; the first use fixes it for the store."""
        embedder = self._store.embedder
        if embedder is None:
            if self.catalogue.meta("embedding") is None:
                self.catalogue.set_meta(embedding="none", fingerprint="", collection="")
            return None
        made = self.catalogue.meta("fingerprint")
        if not made:
            name = collection_name(embedder.fingerprint)
            self.catalogue.set_meta(embedding=embedder.spec, fingerprint=embedder.fingerprint, collection=name)
        elif made != embedder.fingerprint:
            raise FingerprintMismatch("已有向量由另一版本的模型生成：请运行 zhenggai reindex 重建向量")
        return embedder

    def _use(self, spec: str, embedder: Embedder | None) -> None:
        """The store's engine from now on."""
        self._store.wanted = spec
        self._store.__dict__["embedder"] = embedder

    def _let_go(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index = None

    def _drop_collections(self, *, keep: str) -> None:
        """Other embeddings' collections go; a folder that Chroma cannot open goes as a whole."""
        where = self._store.chroma
        self._let_go()
        if isinstance(where, Path) and not where.exists():
            return
        try:
            drop_other_collections(where, keep=keep)
        except StoreDamaged:
            if not isinstance(where, Path):
                raise
            shutil.rmtree(where)

    def _collection(self) -> VectorIndex:
        if self._index is None:
            name = self.catalogue.meta("collection")
            assert name, "the collection is named before it is used"
            self._index = VectorIndex(self._store.chroma, name, create=True)
        return self._index

    def _bury(self) -> None:
        gone = self.catalogue.tombstones()
        if gone and self.catalogue.meta("collection"):
            self._collection().delete(gone)
        if gone:
            self.catalogue.bury(gone)

    def _reconcile(self) -> None:
        """Make catalogue and collection agree after a crash: the catalogue decides what exists."""
        name = self.catalogue.meta("collection")
        if not name:
            self._bury()
            return
        self._drop_collections(keep=name)
        self._bury()
        there, wanted = self._collection().rowids(), set(self.catalogue.indexed_rowids())
        self._collection().delete(there - wanted)
        self.catalogue.mark_pending(wanted - there)


@contextmanager
def _finishing_what_stopped(hand: Writer) -> Iterator[None]:
    """A refused call changed nothing, and what an engine could not embed is known to be pending: neither is a crash."""
    try:
        yield
    except (UsageError, EngineError, FingerprintMismatch):
        hand.finish()
        raise


def embedded_text(path: Sequence[str], text: str) -> str:
    """What is embedded of a chunk: its text under its headings."""
    return "\n".join([*path, text])


def not_found(folder: Path) -> StoreNotFound:
    """The error for a folder that holds no store."""
    return StoreNotFound(
        f"在 {folder.absolute()} 没有找到数据：请先运行 zhenggai ingest 导入通报，或用 --data 指定数据文件夹"
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(
            f"无法建立数据文件夹 {folder}（{system_reason(error)}）：请检查权限，或用 --data 指定别的文件夹"
        ) from error
