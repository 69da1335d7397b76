"""The catalogue: notices, their versions, items, chunks and the lexical index, in one SQLite file (WAL).

It decides what exists. A vector counts only where the catalogue has its chunk; a write is one transaction, so a killed
process leaves either the former state or the new one. Knows nothing of Chroma or embeddings but the flag
``chunks.indexed``.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from bot.errors import NoSuchNotice, StoreBusy, StoreDamaged, StoreFull, StoreReadOnly
from bot.fold import fold, fold_all
from bot.records import Chunk, Extraction, Item, Notice
from vectorstore.lexical import token_lines, tokens_version

SCHEMA_VERSION = "2"
MIGRATIONS: Mapping[str, Sequence[str]] = {
    # The index that was stored with its tokens, read by a tokenizer for prose; it is filled anew behind the last step.
    "1": ("DROP TABLE lexical_terms", "DROP TABLE lexical", "DELETE FROM meta WHERE key = 'tokens_version'"),
}
"""Statements that lead from a schema version to the next one."""
_BUSY_SECONDS = 30.0
_CHECKPOINT_MS = 1000
_NEARLY_NOTHING = 64 * 1024
"""Bytes: with less, SQLite cannot even make its -shm file, and says only that it cannot open the database."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice as the list shows it: ``notice`` without text, with the numbers of its parts."""

    notice: Notice
    items: int
    chunks: int
    vectors: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored chunk: ``rowid`` is also its vector's id; ``text == notice.text[start:end]``."""

    rowid: int
    notice_id: str
    seq: int
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    item_id: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store holds. ``vectors``: chunks whose vector is in the collection."""

    notices: int
    items: int
    chunks: int
    vectors: int
    tombstones: int


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What the ledger is asked for. Texts mean *contains* on folded text; empty means everything."""

    notices: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    status: tuple[str, ...] = ()
    category: str = ""
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An item with the notice that prints it. ``title``: of the notice, else its file name."""

    item: Item
    notice_id: str
    file: str
    title: str


class Catalogue:
    """Connections to one catalogue file: one per thread, opened read-only unless ``writable``.

    Raises ``StoreDamaged`` where the file is no catalogue of this version; writing, ``StoreReadOnly``, ``StoreFull``.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self.path = path
        self.writable = writable
        self._local = threading.local()
        self._opened: weakref.WeakSet[_Held] = weakref.WeakSet()
        if writable:
            self._create()

    # -- connections ---------------------------------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        found: _Held | None = getattr(self._local, "held", None)
        if found is None:
            # Held by its thread alone: a web server's threads come and go, and their connections with them.
            found = self._local.held = _Held(_open(self.path, writable=self.writable))
            self._opened.add(found)
        return found.connection

    def close(self) -> None:
        """Close every thread's connection; a writer's log goes into the file first, with what it overwrote."""
        for held in list(self._opened):
            if self.writable:
                _checkpoint(held.connection)
            held.connection.close()
        self._opened.clear()
        self._local = threading.local()

    def _create(self) -> None:
        if self.made() and self.meta("tokens_version") == tokens_version():
            return
        # One transaction: a process killed here leaves no half-made catalogue.
        with self.transaction() as tx:
            _complete(tx)

    def made(self) -> bool:
        """Whether the file holds a catalogue. Raises ``StoreDamaged`` for one of another version of the program."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return False
        known = self.meta("schema_version")
        if known == SCHEMA_VERSION:
            return True
        way_out = (
            "请运行 zhenggai migrate 升级"
            if known in MIGRATIONS
            else "请用该版本打开，或用 --data 另指定文件夹后重新导入"
        )
        raise StoreDamaged(
            f"数据文件夹 {self.path.parent} 由另一版本的程序建立（{known}，本程序用 {SCHEMA_VERSION}）：{way_out}"
        )

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the file, what other processes have committed included."""
        with _translated(self.path):
            target = sqlite3.connect(path)
            try:
                self._connect().backup(target)
            finally:
                target.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write: all of it or nothing."""
        connection = self._connect()
        with _translated(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                # SQLite itself rolls back when the disk is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        with _translated(self.path):
            return self._connect().execute(sql, parameters).fetchall()

    def _value(self, sql: str, parameters: Sequence[object] = ()) -> object:
        rows = self._rows(sql, parameters)
        return rows[0][0] if rows else None

    # -- meta ----------------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A remembered fact about the store (embedding, fingerprint, collection)."""
        value = self._value("SELECT value FROM meta WHERE key = ?", (key,))
        return None if value is None else str(value)

    def set_meta(self, **facts: str) -> None:
        """Remember facts about the store."""
        with self.transaction() as tx:
            for key, value in facts.items():
                _set_meta(tx, key, value)

    def revision(self) -> int:
        """A number that changes with every committed write of any process; what a cache is keyed by."""
        return int(str(self.meta("revision") or 0))

    # -- reading -------------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        """How many notices, items, chunks, vectors and pending deletions there are."""
        row = self._rows(
            "SELECT (SELECT count(*) FROM notices), (SELECT count(*) FROM items), (SELECT count(*) FROM chunks),"
            " (SELECT count(*) FROM chunks WHERE indexed = 1), (SELECT count(*) FROM tombstones)"
        )[0]
        return Counts(*row)

    def chunk_count(self) -> int:
        """How many chunks there are."""
        return int(str(self._value("SELECT count(*) FROM chunks")))

    def notice_ids(self) -> list[str]:
        """All ids, in the order of their file names."""
        return [row[0] for row in self._rows("SELECT id FROM notices ORDER BY file, id")]

    def entries(self) -> list[Entry]:
        """All notices without their text, ordered by file name."""
        rows = self._rows(
            "SELECT n.document, (SELECT count(*) FROM items i WHERE i.notice_id = n.id) AS items,"
            " count(c.rowid) AS chunks, coalesce(sum(c.indexed), 0) AS vectors"
            " FROM notices n LEFT JOIN chunks c ON c.notice_id = n.id GROUP BY n.id ORDER BY n.file, n.id"
        )
        return [Entry(_extraction(r["document"]).notice, r["items"], r["chunks"], r["vectors"]) for r in rows]

    def extraction(self, notice_id: str) -> Extraction:
        """The whole extraction document of a notice. Raises ``NoSuchNotice``."""
        # One statement, so that a writer in between cannot mix two versions.
        rows = self._rows(
            "SELECT n.document, n.text, i.record FROM notices n LEFT JOIN items i ON i.notice_id = n.id"
            " WHERE n.id = ? ORDER BY i.seq",
            (notice_id,),
        )
        if not rows:
            raise NoSuchNotice(f"没有编号为 {notice_id} 的通报：用 zhenggai list 查看全部编号")
        found = _extraction(rows[0]["document"])
        notice = replace(found.notice, text=rows[0]["text"])
        return replace(found, notice=notice, items=tuple(_item(r["record"]) for r in rows if r["record"]))

    def text(self, notice_id: str) -> str:
        """``Notice.text``. Raises ``NoSuchNotice``."""
        value = self._value("SELECT text FROM notices WHERE id = ?", (notice_id,))
        if value is None:
            raise NoSuchNotice(f"没有编号为 {notice_id} 的通报：用 zhenggai list 查看全部编号")
        return str(value)

    def raw(self, notice_id: str) -> tuple[str, bytes]:
        """The file's base name and its bytes as they came in. Raises ``NoSuchNotice``."""
        rows = self._rows("SELECT file, raw FROM notices WHERE id = ?", (notice_id,))
        if not rows:
            raise NoSuchNotice(f"没有编号为 {notice_id} 的通报：用 zhenggai list 查看全部编号")
        return rows[0]["file"], rows[0]["raw"]

    def versions(self, notice_id: str) -> list[tuple[int, str]]:
        """Former versions of a notice as (version, when it was replaced), oldest first."""
        rows = self._rows("SELECT version, replaced FROM versions WHERE notice_id = ? ORDER BY version", (notice_id,))
        return [(r["version"], r["replaced"]) for r in rows]

    def former(self, notice_id: str, version: int) -> Extraction:
        """The extraction document of a former version. Raises ``NoSuchNotice``."""
        rows = self._rows("SELECT document FROM versions WHERE notice_id = ? AND version = ?", (notice_id, version))
        if not rows:
            raise NoSuchNotice(f"通报 {notice_id} 没有第 {version} 版")
        return _extraction(rows[0]["document"])

    def heads(self) -> list[tuple[str, str, str]]:
        """(id, file, title) of all notices; the title falls back to the file name."""
        return [(r[0], r[1], r[2] or r[1]) for r in self._rows("SELECT id, file, title FROM notices ORDER BY file, id")]

    def stamps(self) -> list[tuple[str, int, str]]:
        """(id, version, sha256) of all notices, ordered by file name: what a cache per notice is keyed by."""
        return [
            (r[0], r[1], r[2]) for r in self._rows("SELECT id, version, sha256 || added FROM notices ORDER BY file, id")
        ]

    def by_identity(self, identity: str) -> tuple[str, str] | None:
        """(id, sha256) of the notice with that identity."""
        rows = self._rows("SELECT id, sha256 FROM notices WHERE identity = ?", (identity,))
        return (rows[0][0], rows[0][1]) if rows else None

    def by_sha256(self, sha256: str) -> list[tuple[str, str]]:
        """(id, file) of the notices made from exactly these bytes."""
        return [(r[0], r[1]) for r in self._rows("SELECT id, file FROM notices WHERE sha256 = ?", (sha256,))]

    def passages(self, rowids: Iterable[int]) -> dict[int, Passage]:
        """Stored chunks by rowid; rowids that no longer exist are simply not there."""
        marks = json.dumps(list(rowids))
        rows = self._rows("SELECT * FROM chunks WHERE rowid IN (SELECT value FROM json_each(?))", (marks,))
        return {r["rowid"]: _passage(r) for r in rows}

    def passages_of(self, notice_ids: Iterable[str]) -> list[Passage]:
        """All chunks of some notices in reading order."""
        marks = json.dumps(list(notice_ids))
        sql = "SELECT * FROM chunks WHERE notice_id IN (SELECT value FROM json_each(?)) ORDER BY notice_id, seq"
        return [_passage(r) for r in self._rows(sql, (marks,))]

    def lexical(self, query: Sequence[str], k: int, notice_ids: Iterable[str] | None = None) -> list[tuple[int, float]]:
        """The ``k`` best (rowid, BM25 score) for index tokens, higher is closer; headings count a quarter."""
        if not query:
            return []
        match = " OR ".join(f'"{token}"' for token in query)
        # The + keeps SQLite from looking every chunk up in the index on its own, which takes ten times as long.
        scope = (
            ""
            if notice_ids is None
            else (" AND +rowid IN (SELECT rowid FROM chunks WHERE notice_id IN (SELECT value FROM json_each(:scope)))")
        )
        sql = (
            "SELECT rowid, -bm25(lexical, 1.0, 0.25) AS score FROM lexical"
            f" WHERE lexical MATCH :match{scope} ORDER BY score DESC LIMIT :k"
        )
        values = {"match": match, "k": k, "scope": None if notice_ids is None else json.dumps(list(notice_ids))}
        with _translated(self.path):
            return [(r[0], r[1]) for r in self._connect().execute(sql, values)]

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many chunks each index token stands; tokens that stand nowhere are left out."""
        marks = json.dumps(list(terms))
        sql = "SELECT term, doc FROM lexical_terms WHERE term IN (SELECT value FROM json_each(?))"
        return {r[0]: r[1] for r in self._rows(sql, (marks,))}

    def items(self, wanted: ItemFilter = ItemFilter()) -> list[LedgerRow]:
        """The ledger: all items that satisfy the filter, ordered by file name and place in the notice."""
        where, values = _where(wanted)
        sql = (
            "SELECT i.record, n.id, n.file, n.title FROM items i JOIN notices n ON n.id = i.notice_id"
            f" WHERE {where} ORDER BY n.file, n.id, i.seq"
        )
        return [LedgerRow(_item(r[0]), r[1], r[2], r[3] or r[2]) for r in self._rows(sql, values)]

    def problem_spans(self, item_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Where each item's problem stands in its notice."""
        marks = json.dumps(list(item_ids))
        sql = (
            "SELECT id, json_extract(record, '$.problem.span[0]'), json_extract(record, '$.problem.span[1]')"
            " FROM items WHERE id IN (SELECT value FROM json_each(?))"
        )
        return {r[0]: (r[1], r[2]) for r in self._rows(sql, (marks,))}

    def scope(self, *, place: str = "", year: str = "", notices: Sequence[str] = ()) -> list[str]:
        """Ids of the notices about a place (contains, folded), of a year, among those named by id, file or title."""
        sql = (
            "SELECT id, file, title FROM notices WHERE instr(places, ?) > 0 AND (? = '' OR year = ?) ORDER BY file, id"
        )
        rows = self._rows(sql, (fold(place), year, year))
        return [r["id"] for r in rows if not notices or any(_names(r, wanted) for wanted in notices)]

    # -- writing -------------------------------------------------------------------------------------------------------

    def put(
        self, extraction: Extraction, chunks: Sequence[Chunk], raw: bytes, *, identity: str, keep_version: bool
    ) -> None:
        """Store a notice with its items, chunks and index in one transaction, replacing what its id held.

        ``keep_version``: what it replaces is kept as a former version. Old vectors become tombstones.
        """
        from bot.schemas import to_json

        notice = extraction.notice
        bare = replace(extraction, notice=replace(notice, text=""), items=())
        with self.transaction() as tx:
            version = _retire(tx, notice.id, keep=keep_version)
            tx.execute(
                "INSERT INTO notices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    notice.id, identity, notice.file, notice.source.sha256, version,
                    notice.title.text if notice.title else "", notice_year(notice), _places(notice),
                    notice.text, to_json(bare), raw, datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )  # fmt: skip
            tx.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)", _item_rows(extraction))
            _add_chunks(tx, chunks)
            _bump(tx)

    def remove(self, notice_id: str) -> None:
        """Delete a notice; its vectors in the collection become tombstones. Raises ``NoSuchNotice``."""
        self.text(notice_id)
        with self.transaction() as tx:
            _drop_chunks(tx, notice_id)
            for table, key in (("items", "notice_id"), ("notices", "id"), ("versions", "notice_id")):
                tx.execute(f"DELETE FROM {table} WHERE {key} = ?", (notice_id,))
            # Merging the index drops the words of deleted passages from the file; until then they are only masked.
            tx.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")
            _bump(tx)

    def pending(self, limit: int) -> list[Passage]:
        """Chunks whose vector is not in the collection yet, oldest first."""
        return [
            _passage(r) for r in self._rows("SELECT * FROM chunks WHERE indexed = 0 ORDER BY rowid LIMIT ?", (limit,))
        ]

    def mark_indexed(self, rowids: Iterable[int]) -> None:
        """The vectors of these chunks are in the collection now."""
        with self.transaction() as tx:
            tx.executemany("UPDATE chunks SET indexed = 1 WHERE rowid = ?", [(rowid,) for rowid in rowids])
            _bump(tx)

    def mark_all_pending(self, **facts: str) -> None:
        """Start a new collection: no chunk has its vector there; remember ``facts`` in the same transaction."""
        with self.transaction() as tx:
            tx.execute("UPDATE chunks SET indexed = 0")
            tx.execute("DELETE FROM tombstones")
            for key, value in facts.items():
                _set_meta(tx, key, value)
            _bump(tx)

    def indexed_rowids(self) -> list[int]:
        """Chunks whose vector the collection must have."""
        return [r[0] for r in self._rows("SELECT rowid FROM chunks WHERE indexed = 1")]

    def mark_pending(self, rowids: Iterable[int]) -> None:
        """These vectors are missing in the collection after all."""
        with self.transaction() as tx:
            tx.executemany("UPDATE chunks SET indexed = 0 WHERE rowid = ?", [(rowid,) for rowid in rowids])

    def tombstones(self) -> list[int]:
        """Vectors that the collection must lose."""
        return [r[0] for r in self._rows("SELECT chunk FROM tombstones")]

    def bury(self, rowids: Iterable[int]) -> None:
        """These vectors are gone from the collection."""
        with self.transaction() as tx:
            tx.executemany("DELETE FROM tombstones WHERE chunk = ?", [(rowid,) for rowid in rowids])


class _Held:
    """A thread's connection, closed when its thread ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


def migrate(path: Path) -> tuple[str, Path | None]:
    """Bring a catalogue to this program's version: (the version it had, the copy kept of it or None if up to date).

    All steps go in one transaction. Call it as the one writer. Raises ``StoreDamaged`` where no step leads on.
    """
    catalogue = Catalogue(path)
    try:
        known = catalogue.meta("schema_version") or ""
        if known == SCHEMA_VERSION:
            return known, None
        if known not in MIGRATIONS:
            catalogue.made()  # raises, with the ways out
        copy = path.with_name(f"{path.name}.v{known}")
        catalogue.copy_to(copy)
        catalogue.writable = True
    finally:
        catalogue.close()
    with catalogue.transaction() as tx:
        at = known
        while at != SCHEMA_VERSION:
            for statement in MIGRATIONS[at]:
                tx.execute(statement)
            at = str(int(at) + 1)
        _complete(tx)
        _bump(tx)
    catalogue.close()
    return known, copy


# -- connection details ------------------------------------------------------------------------------------------------


def _open(path: Path, *, writable: bool) -> sqlite3.Connection:
    with _translated(path):
        if writable:
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            # What is deleted is overwritten: a removed notice must not be readable in the file's free pages.
            connection.execute("PRAGMA secure_delete = ON")
        else:
            connection = _open_reader(path)
    connection.row_factory = sqlite3.Row
    return connection


def _checkpoint(connection: sqlite3.Connection) -> None:
    """Empty the -wal file, which otherwise stays as long as any reader is there; readers may put it off."""
    with suppress(sqlite3.DatabaseError):
        connection.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MS}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open_reader(path: Path) -> sqlite3.Connection:
    """Read-only; on a folder that cannot be written (no -shm file can be made) the file is read as immutable."""
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(
        f"{uri}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise
        return sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    return connection


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's failures in the tree of errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "disk is full" in text or "disk I/O" in text or ("unable to open" in text and _no_space(path.parent)):
            raise StoreFull(f"磁盘已满或无法写入：{path.parent}。请腾出空间后重试，已保存的内容不受影响") from error
        if "readonly" in text or "unable to open" in text:
            raise StoreReadOnly(f"无法打开或写入数据文件夹 {path.parent}：请检查是否存在以及读写权限") from error
        if "locked" in text:
            raise StoreBusy(f"数据文件夹 {path.parent} 正忙，请稍后重试") from error
        if "malformed" in text or "not a database" in text:
            raise StoreDamaged(f"目录文件 {path} 已损坏：请用备份恢复，或删除数据文件夹后重新导入通报") from error
        raise


def _no_space(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NEARLY_NOTHING
    except OSError:
        return False


def _statements(script: str) -> Iterator[str]:
    """The statements of an SQL script, for a transaction that ``executescript`` would end."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


# -- rows --------------------------------------------------------------------------------------------------------------


def notice_year(notice: Notice) -> str | None:
    """The year that a notice counts under: signed, else published, else feedback date."""
    for date in (notice.signed_date, notice.published_date, notice.feedback_date):
        if date is not None:
            return date.iso[:4]
    return None


def _places(notice: Notice) -> str:
    names = (
        {place.text for place in notice.places}
        | {place.canonical for place in notice.places}
        | set(notice.places_derived)
    )
    return "\n" + "\n".join(sorted(fold(name) for name in names)) + "\n"


def item_body(item: Item) -> str:
    """All words of an item, for *contains* filters."""
    parts = [item.problem.text, *(m.text for m in item.measures)]
    parts += [g.text for g in (*item.documents, *item.organizations, *item.responsible_units, *item.accountability)]
    parts += [q.text for q in item.status.quotes]
    return "\n".join(parts)


def _item_rows(extraction: Extraction) -> list[tuple[object, ...]]:
    from bot.schemas import to_json

    items = extraction.items
    folded = fold_all([item.category.text if item.category else "" for item in items] + list(map(item_body, items)))
    return [
        (item.id, extraction.notice.id, seq, item.status.value, category, body, to_json(item))
        for seq, (item, category, body) in enumerate(zip(items, folded, folded[len(items) :], strict=False))
    ]


def _where(wanted: ItemFilter) -> tuple[str, list[object]]:
    clauses: list[str] = ["1"]
    values: list[object] = []
    for column, ids in (("notice_id", wanted.notices), ("id", wanted.items)):
        if ids is not None:
            clauses.append(f"i.{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(ids))
    if wanted.status:
        clauses.append("i.status IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(wanted.status))
    for column, text in (("category", wanted.category), ("body", wanted.keyword)):
        if text:
            clauses.append(f"instr(i.{column}, ?) > 0")
            values.append(fold(text))
    return " AND ".join(clauses), values


def _names(row: sqlite3.Row, wanted: str) -> bool:
    return wanted in (row["id"], row["file"]) or fold(wanted) in fold(row["title"])


def _extraction(document: str) -> Extraction:
    from bot.schemas import from_json

    return from_json(Extraction, document)


def _item(record: str) -> Item:
    from bot.schemas import from_json

    return from_json(Item, record)


def _passage(row: sqlite3.Row) -> Passage:
    path = tuple(row["path"].split("\n")) if row["path"] else ()
    return Passage(
        row["rowid"], row["notice_id"], row["seq"], row["start"], row["end"], row["text"], path, row["item_id"]
    )


# -- parts of a transaction --------------------------------------------------------------------------------------------


def _set_meta(tx: sqlite3.Connection, key: str, value: str) -> None:
    tx.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def _bump(tx: sqlite3.Connection) -> None:
    tx.execute("INSERT INTO meta VALUES ('revision', '1') ON CONFLICT (key) DO UPDATE SET value = value + 1")


def _add_chunks(tx: sqlite3.Connection, chunks: Sequence[Chunk]) -> None:
    used = tx.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    rows = [
        (rowid, c.notice_id, c.seq, c.start, c.end, c.text, "\n".join(c.path), c.item_id)
        for rowid, c in enumerate(chunks, used[0] + 1 if used else 1)
    ]
    tx.executemany(
        "INSERT INTO chunks (rowid, notice_id, seq, start, end, text, path, item_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    _change_lexical(tx, _INDEX, [(row[0], row[5], row[6]) for row in rows])


_INDEX = "INSERT INTO lexical (rowid, body, context) VALUES (?, ?, ?)"
_UNINDEX = "INSERT INTO lexical (lexical, rowid, body, context) VALUES ('delete', ?, ?, ?)"


def _change_lexical(tx: sqlite3.Connection, statement: str, rows: Sequence[tuple[int, str, str]]) -> None:
    """Put the tokens of (rowid, text, path) into the lexical index, or take out the same ones."""
    paths = list(dict.fromkeys(path for _, _, path in rows))
    lines = token_lines(fold_all([*paths, *(text for _, text, _ in rows)]))
    contexts = dict(zip(paths, lines, strict=False))
    bodies = lines[len(paths) :]
    tx.executemany(
        statement,
        [(rowid, body, contexts[path]) for (rowid, _, path), body in zip(rows, bodies, strict=True)],
    )


def _complete(tx: sqlite3.Connection) -> None:
    """Make what is missing of this version's tables; the lexical index anew where other tokens made it."""
    script = resources.files("vectorstore").joinpath("schema.sql").read_text("utf-8")
    for statement in _statements(script):
        tx.execute(statement)
    _set_meta(tx, "schema_version", SCHEMA_VERSION)
    known = tx.execute("SELECT value FROM meta WHERE key = 'tokens_version'").fetchone()
    if known is None or known[0] != tokens_version():
        tx.execute("INSERT INTO lexical (lexical) VALUES ('delete-all')")
        _change_lexical(tx, _INDEX, tx.execute("SELECT rowid, text, path FROM chunks").fetchall())
        _set_meta(tx, "tokens_version", tokens_version())


def _drop_chunks(tx: sqlite3.Connection, notice_id: str) -> None:
    rows = tx.execute("SELECT rowid, text, path FROM chunks WHERE notice_id = ?", (notice_id,)).fetchall()
    _change_lexical(tx, _UNINDEX, rows)
    # A vector may be in the collection without its flag (killed in between), so every rowid is buried.
    tx.executemany("INSERT OR IGNORE INTO tombstones VALUES (?)", [(row["rowid"],) for row in rows])
    tx.execute("DELETE FROM chunks WHERE notice_id = ?", (notice_id,))


def _retire(tx: sqlite3.Connection, notice_id: str, *, keep: bool) -> int:
    """Take a notice's state out of the tables, keep it as a version if asked; the number of the next version."""
    row = tx.execute("SELECT * FROM notices WHERE id = ?", (notice_id,)).fetchone()
    if row is None:
        return 1
    if keep:
        _keep_version(tx, row)
    _drop_chunks(tx, notice_id)
    tx.execute("DELETE FROM items WHERE notice_id = ?", (notice_id,))
    tx.execute("DELETE FROM notices WHERE id = ?", (notice_id,))
    return int(row["version"]) + (1 if keep else 0)


def _keep_version(tx: sqlite3.Connection, row: sqlite3.Row) -> None:
    from bot.schemas import to_json

    records = tx.execute("SELECT record FROM items WHERE notice_id = ? ORDER BY seq", (row["id"],)).fetchall()
    bare = _extraction(row["document"])
    whole = replace(
        bare, notice=replace(bare.notice, text=row["text"]), items=tuple(_item(r["record"]) for r in records)
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    tx.execute(
        "INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?)",
        (row["id"], row["version"], row["sha256"], to_json(whole), row["raw"], now),
    )
