"""The store: catalogue and collection behind one interface, for readers and for the one writer.

A write goes in two phases. First the text, in one transaction per notice: at once searchable by words. Then the
vectors: a chunk is *pending* until its vector is in the collection. A process killed in between leaves ``meta.dirty``;
whoever opens the store next repairs it. Readers never wait for a writer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from bot.errors import EngineError, FingerprintMismatch, StoreBusy, StoreError, StoreFull, StoreNotFound, StoreReadOnly
from bot.records import Chunk, Extraction
from vectorstore.catalogue import Catalogue
from vectorstore.embedding import Embedder, open_embedder
from vectorstore.index import VectorIndex, collection_name, drop_other_collections
from vectorstore.lock import writer
from vectorstore.search import Candidate, search

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
        path = folder / CATALOGUE_NAME
        if create:
            _make_folder(folder)
            Catalogue(path, writable=True).close()
        if not path.exists():
            raise StoreNotFound(
                f"在 {folder.absolute()} 没有找到数据：请先运行 zhenggai ingest 导入通报，或用 --data 指定数据文件夹"
            )
        self.catalogue = Catalogue(path)

    def close(self) -> None:
        """Close the catalogue's connections."""
        self.catalogue.close()

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

    @cached_property
    def index(self) -> VectorIndex | None:
        """The collection that the catalogue names, or None while there is none."""
        name = self.catalogue.meta("collection")
        return VectorIndex(self.chroma, name, create=False) if name else None

    # -- searching -----------------------------------------------------------------------------------------------------

    def search(self, question: str, k: int, *, scope: Sequence[str] | None = None) -> tuple[list[Candidate], list[str]]:
        """The ``k`` best passages, and warnings where the vectors could not be used."""
        index, warning = self._usable_index()
        vector = self.embedder.embed_query(question) if index is not None and self.embedder else None
        found = search(self.catalogue, index, vector, question, k, scope=scope)
        return found, [warning] if warning else []

    def _usable_index(self) -> tuple[VectorIndex | None, str]:
        """The collection if its vectors were made by this embedding, else why not (empty for ``none``)."""
        if self.embedding == "none":
            return None, ""
        try:
            embedder, index = self.embedder, self.index
        except (EngineError, StoreError) as error:
            return None, f"本次只用关键词检索：{error}"
        if index is None or embedder is None:
            return None, "向量尚未建立，本次只用关键词检索：运行 zhenggai reindex 建立"
        if self.catalogue.meta("fingerprint") != embedder.fingerprint:
            return None, "向量由另一版本的模型生成，本次只用关键词检索：运行 zhenggai reindex 重建"
        return index, ""

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
                say("上次操作中断，已检查并恢复数据")
                pending = len(self.catalogue.pending(SMALL_REPAIR + 1))
                if 0 < pending <= SMALL_REPAIR:
                    hand.embed_pending()
        except (StoreBusy, StoreReadOnly, StoreFull):
            return


class Writer:
    """The hand that holds the lock: made by ``Store.writing``, used by one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.catalogue = Catalogue(store.folder / CATALOGUE_NAME, writable=True)
        self._index: VectorIndex | None = None

    def close(self) -> None:
        """Close the writing connection."""
        self.catalogue.close()

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
        embedder = self._ready()
        if embedder is None:
            return 0
        counts = self.catalogue.counts()
        total, done, start = counts.chunks - counts.vectors, 0, time.monotonic()
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
            return
        embedder = open_embedder(spec, cache_dir=self._store.cache_dir)
        assert embedder is not None
        name = collection_name(embedder.fingerprint)
        self.catalogue.mark_all_pending(embedding=spec, fingerprint=embedder.fingerprint, collection=name)
        self._store.wanted = spec
        self._store.__dict__["embedder"] = embedder
        self._index = None
        self._collection().delete(self._collection().rowids())
        drop_other_collections(self._store.chroma, keep=name)

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
        self._bury()
        if not self.catalogue.meta("collection"):
            return
        there, wanted = self._collection().rowids(), set(self.catalogue.indexed_rowids())
        self._collection().delete(there - wanted)
        self.catalogue.mark_pending(wanted - there)


def embedded_text(path: Sequence[str], text: str) -> str:
    """What is embedded of a chunk: its text under its headings."""
    return "\n".join([*path, text])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(
            f"无法建立数据文件夹 {folder}（{error.strerror}）：请检查权限，或用 --data 指定别的文件夹"
        ) from error
