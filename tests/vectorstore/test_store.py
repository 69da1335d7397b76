"""The store as its users see it: what goes in, changes, leaves, and what others see meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import ingest, migrate, open_store, reindex, remove
from bot.errors import EngineError, FingerprintMismatch, NoSuchNotice, StoreDamaged, StoreNotFound
from bot.settings import Settings
from tests.support import (
    NOTICE,
    SEEDS,
    FakeEmbedder,
    contents,
    disagreements,
    fake_engines,
    filled,
    notice_file,
    settings_for,
)
from vectorstore import catalogue as catalogue_module
from vectorstore import store as store_module
from vectorstore.store import Store

pytestmark = pytest.mark.usefixtures("fake_embedding")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A new data folder with the fake engine."""
    return settings_for(tmp_path / "data", "fake")


def put_in(settings: Settings, *files: Path) -> list[tuple[str, str | None, str]]:
    """Ingest files; (result, notice id, reason) of each."""
    store = open_store(settings, create=True)
    try:
        return [(r.result, r.notice_id, r.reason) for r in ingest(store, list(files), settings)]
    finally:
        store.close()


def test_all_parts_agree_after_an_ingest(settings: Settings) -> None:
    """After the seeds went in, every passage stands in its text, in the lexical index and in the collection."""
    store = filled(settings)
    counts = store.catalogue.counts()
    assert (counts.notices, counts.vectors, disagreements(store)) == (5, counts.chunks, [])


def test_the_same_file_again_changes_nothing(settings: Settings) -> None:
    """A second run reports every file unchanged and leaves even the row numbers as they were."""
    store = filled(settings)
    before = [p.rowid for p in store.catalogue.passages_of(store.catalogue.notice_ids())]
    results = put_in(settings, *sorted(SEEDS.glob("*.txt")))
    assert [result for result, _, _ in results] == ["unchanged"] * 5
    assert [p.rowid for p in store.catalogue.passages_of(store.catalogue.notice_ids())] == before


def test_a_notice_with_a_new_text_is_updated_and_the_former_kept(settings: Settings, tmp_path: Path) -> None:
    """Same title, issuer and date with another text: one notice, its former text and extraction kept as version 1."""
    old = notice_file(tmp_path / "old")
    new = notice_file(tmp_path / "new", "再次报送.txt", **{"30吨": "45吨"})
    assert put_in(settings, old, new) == [("added", "通报", ""), ("updated", "通报", "")]
    store = open_store(settings)
    assert "清理河道垃圾45吨" in store.catalogue.text("通报")
    assert [number for number, _ in store.catalogue.versions("通报")] == [1]
    former = store.catalogue.former("通报", 1)
    assert "清理河道垃圾30吨" in former.notice.text
    assert [item.label for item in former.items] == ["一/1", "一/2"]
    assert disagreements(store) == []


def test_same_bytes_under_another_name_are_the_same_notice(settings: Settings, tmp_path: Path) -> None:
    """A copy of a file is not ingested twice; the reason names the first."""
    results = put_in(settings, notice_file(tmp_path, "甲.txt"), notice_file(tmp_path, "乙.txt"))
    assert results == [("added", "甲", ""), ("unchanged", "甲", "与已导入的 甲.txt 内容相同")]


def test_two_notices_with_one_file_name_get_two_ids(settings: Settings, tmp_path: Path) -> None:
    """Different notices in files of the same name: the second id carries a short hash."""
    first = notice_file(tmp_path / "a")
    second = notice_file(tmp_path / "b", 明江县="清河县")
    (_, id_1, _), (result, id_2, _) = put_in(settings, first, second)
    assert (id_1, result) == ("通报", "added")
    assert id_2 is not None
    assert (id_2[:3], len(id_2)) == ("通报-", 9)


def test_removal_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    """After a removal no table, index, collection, version or byte of the folder holds the notice's words."""
    old = notice_file(tmp_path / "old", 河道垃圾清理不及时="飘浮垃圾堆积")
    put_in(settings, *SEEDS.glob("004*"), old, notice_file(tmp_path / "new", 河道垃圾清理不及时="飘浮垃圾未清"))
    store = open_store(settings)
    gone = [p.rowid for p in store.catalogue.passages_of(["通报"])]
    remove(store, "通报", settings)
    assert store.catalogue.lexical(["飘浮"], 5) == []
    assert store.catalogue.document_frequency(["飘浮"]) == {}
    assert store.catalogue.passages(gone) == {}
    assert store.catalogue.versions("通报") == []
    assert store.index is not None
    assert store.index.rowids().isdisjoint(gone)
    assert disagreements(store) == []
    store.close()
    for file in settings.data.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert ("飘浮".encode() in data, "明江县".encode() in data) == (False, False), file


def test_removing_an_unknown_notice_says_so_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    """The refused removal does not look like a crash to the next command."""
    put_in(settings, notice_file(tmp_path))
    store = open_store(settings)
    with pytest.raises(NoSuchNotice, match="没有编号为 甲 的通报：用 zhenggai list 查看全部编号"):
        remove(store, "甲", settings)
    said: list[str] = []
    open_store(settings, say=said.append)
    assert (said, disagreements(store)) == ([], [])


def test_reindexing_keeps_content_and_makes_vectors_anew(settings: Settings) -> None:
    """Reindexing with the same program gives the same texts, items and passages, all with vectors."""
    store = filled(settings)
    before = contents(store)
    assert reindex(store, settings) == 5
    counts = store.catalogue.counts()
    assert (contents(store), counts.vectors, disagreements(store)) == (before, counts.chunks, [])


def test_reindexing_to_another_engine_and_to_none(settings: Settings, tmp_path: Path) -> None:
    """The collection follows the engine; with ``none`` no vector stays on the disk."""
    filled(settings, notice_file(tmp_path)).close()
    with fake_engines("fake-2"):
        reindex(open_store(settings), settings_for(settings.data, "other"))
        other = open_store(settings_for(settings.data, None))
        assert (other.embedding, other.catalogue.meta("collection")) == ("other", "zhenggai-fake-2")
        assert disagreements(other) == []
        reindex(other, settings_for(settings.data, "none"))
    plain = open_store(settings_for(settings.data, None))
    assert (plain.embedding, plain.index, plain.catalogue.counts().vectors) == ("none", None, 0)
    assert plain.search("河道垃圾", 3)[0][0].lexical > 0


def test_another_engine_is_refused_with_the_command_that_rebuilds(settings: Settings, tmp_path: Path) -> None:
    """Ingesting with another engine than the store's changes nothing and names the way out."""
    put_in(settings, notice_file(tmp_path))
    other = settings_for(settings.data, "other")
    message = (
        f"数据文件夹 {settings.data} 的向量由 fake 生成，现在指定的是 other：请去掉该设置，"
        "或运行 zhenggai reindex --embedding other 重建向量"
    )
    with pytest.raises(FingerprintMismatch) as caught:
        put_in(other, *SEEDS.glob("004*"))
    assert str(caught.value) == message
    assert open_store(settings).catalogue.notice_ids() == ["通报"]


def test_another_version_of_the_engine_is_not_mixed_in(settings: Settings, tmp_path: Path) -> None:
    """When the same setting makes other vectors now, text still goes in, search goes by words and says why."""
    put_in(settings, notice_file(tmp_path))
    with fake_engines("fake-2"):
        with pytest.raises(FingerprintMismatch, match="请运行 zhenggai reindex 重建向量"):
            put_in(settings, *SEEDS.glob("004*"))
        store = open_store(settings)
        found, warnings = store.search("河道垃圾清理", 1)
        assert "河道垃圾" in found[0].passage.text
        assert warnings == ["本次只用关键词检索：向量由另一版本的模型生成，可运行 zhenggai reindex 重建"]
        assert disagreements(store) == []


def test_an_engine_that_fails_leaves_text_searchable_and_vectors_pending(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that breaks off mid-ingest loses nothing: the next ingest embeds what is pending."""

    def broken(*_: object) -> None:
        raise EngineError("向量服务没有应答")

    file = notice_file(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(FakeEmbedder, "embed_passages", broken)
        with pytest.raises(EngineError):
            put_in(settings, file)
        store = open_store(settings)
        assert (store.search("河道垃圾", 1)[0][0].passage.notice_id, store.catalogue.counts().vectors) == ("通报", 0)
    assert put_in(settings, file) == [("unchanged", "通报", "")]
    assert (store.catalogue.counts().vectors, disagreements(store)) == (store.catalogue.counts().chunks, [])


def test_a_reader_sees_what_another_writer_added(settings: Settings, tmp_path: Path) -> None:
    """A store kept open, as the chat's is, finds the vectors of what came in later."""
    reader = filled(settings, notice_file(tmp_path))
    reader.search("河道", 3)
    put_in(settings, *SEEDS.glob("004*"))
    found, warnings = reader.search("河道", 20)
    assert (warnings, {c.dense is None for c in found}) == ([], {False})
    assert {c.passage.notice_id for c in found} == {"通报", "004_1eb820fdb94078f3"}


def test_embedding_goes_on_in_windows(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is told after each window with the number done and in all."""
    monkeypatch.setattr(store_module, "_WINDOW", 50)
    told: list[tuple[int, int]] = []
    store = open_store(settings, create=True)
    list(ingest(store, sorted(SEEDS.glob("*")), settings, progress=lambda done, total, _: told.append((done, total))))
    total = store.catalogue.counts().chunks
    assert told == [(min(done, total), total) for done in range(50, total + 50, 50)]


# -- damage ------------------------------------------------------------------------------------------------------------


def test_no_store_says_where_it_looked(tmp_path: Path) -> None:
    """Opening a folder without a store names the folder and what to do."""
    with pytest.raises(StoreNotFound) as caught:
        open_store(settings_for(tmp_path / "data"))
    assert str(caught.value) == (
        f"在 {tmp_path / 'data'} 没有找到数据：请先运行 zhenggai ingest 导入通报，或用 --data 指定数据文件夹"
    )


@pytest.mark.parametrize("content", [b"", b"\0" * 4096], ids=["empty file", "zeros"])
def test_a_catalogue_without_tables_is_no_store(tmp_path: Path, content: bytes) -> None:
    """What a process killed before its first commit leaves counts as no store, or as a damaged one; never as a bug."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "catalogue.sqlite").write_bytes(content)
    with pytest.raises((StoreNotFound, StoreDamaged)):
        open_store(settings_for(folder))


def test_a_damaged_catalogue_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    """Overwritten catalogue bytes give one message with the file and the way out."""
    put_in(settings, notice_file(tmp_path))
    path = settings.data / "catalogue.sqlite"
    path.write_bytes(b"damaged " * 1000)
    with pytest.raises(StoreDamaged) as caught:
        open_store(settings)
    assert str(caught.value) == f"目录文件 {path} 已损坏：请用备份恢复，或删除数据文件夹后重新导入通报"


def test_a_catalogue_of_another_version_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A data folder that another version of the program made is neither read nor changed."""
    put_in(settings, notice_file(tmp_path))
    with Store(settings.data, cache_dir=settings.cache).writing("test") as hand:
        hand.catalogue.set_meta(schema_version="99")
    for create in (False, True):
        with pytest.raises(StoreDamaged) as caught:
            open_store(settings, create=create)
        assert str(caught.value) == (
            f"数据文件夹 {settings.data} 由另一版本的程序建立（99，本程序用 2）："
            "请用该版本打开，或用 --data 另指定文件夹后重新导入"
        )


def test_an_older_catalogue_is_brought_up_to_date_and_a_copy_kept(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with a newer schema refuses the folder with the way out, migrates it in one go, and then reads it."""
    put_in(settings, notice_file(tmp_path))
    path = settings.data / "catalogue.sqlite"
    monkeypatch.setattr(catalogue_module, "SCHEMA_VERSION", "3")
    monkeypatch.setattr(catalogue_module, "MIGRATIONS", {"2": ("ALTER TABLE notices ADD COLUMN mark TEXT",)})
    with pytest.raises(StoreDamaged, match="请运行 zhenggai migrate 升级"):
        open_store(settings)
    copy = settings.data / "catalogue.sqlite.v2"
    assert (migrate(settings), migrate(settings)) == (("2", copy), ("3", None))
    store = open_store(settings)
    assert store.catalogue.counts().notices == 1
    store.close()
    with sqlite3.connect(path) as new, sqlite3.connect(copy) as old:
        columns = [[row[1] for row in one.execute("PRAGMA table_info(notices)")] for one in (new, old)]
    assert ("mark" in columns[0], "mark" in columns[1]) == (True, False)


_LEXICAL_OF_VERSION_1 = """
DROP TABLE lexical_terms;
DROP TABLE lexical;
CREATE VIRTUAL TABLE lexical USING fts5 (body, context, tokenize = 'unicode61');
CREATE VIRTUAL TABLE lexical_terms USING fts5vocab (lexical, 'row');
INSERT INTO lexical (rowid, body, context) SELECT rowid, '河道 道垃 垃圾', '' FROM chunks;
UPDATE meta SET value = '1' WHERE key = 'schema_version';
UPDATE meta SET value = '2' WHERE key = 'tokens_version';
"""


def test_a_catalogue_of_the_first_version_gets_the_new_lexical_index(settings: Settings, tmp_path: Path) -> None:
    """Migrated, a store finds every passage by its words as one that was made anew, and can change it."""
    put_in(settings, notice_file(tmp_path))
    before = open_store(settings).search("河道垃圾", 5)
    with closing(sqlite3.connect(settings.data / "catalogue.sqlite")) as old:
        old.executescript(_LEXICAL_OF_VERSION_1)
    with pytest.raises(StoreDamaged, match="请运行 zhenggai migrate 升级"):
        open_store(settings)
    assert migrate(settings) == ("1", settings.data / "catalogue.sqlite.v1")
    store = open_store(settings)
    assert (disagreements(store), store.search("河道垃圾", 5)) == ([], before)
    remove(store, "通报", settings)
    assert (disagreements(store), store.search("河道垃圾", 5)[0]) == ([], [])


def test_other_folding_tables_make_the_lexical_index_anew(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tokens would come out otherwise, the next writer makes the index anew before it takes anything out."""
    with monkeypatch.context() as older:
        older.setattr(catalogue_module, "tokens_version", lambda: "older")
        older.setattr(catalogue_module, "token_lines", lambda folded: ["另外的 词语"] * len(folded))
        put_in(settings, notice_file(tmp_path))
    store = open_store(settings)
    assert store.catalogue.document_frequency(["词语", "河道"]).keys() == {"词语"}
    with store.writing("test"):
        pass
    assert store.catalogue.document_frequency(["词语", "河道"]).keys() == {"河道"}


def test_a_decimal_number_is_one_word_of_the_index(settings: Settings, tmp_path: Path) -> None:
    """25.3 is found as 25.3, not as 25 beside 3."""
    put_in(settings, notice_file(tmp_path, text=f"{NOTICE}\n新建污水管网25.3公里。\n"))
    found, _ = open_store(settings).search("25.3", 1)
    assert "25.3公里" in found[0].passage.text
    assert open_store(settings).catalogue.document_frequency(["25.3", "25"]) == {"25.3": 1}


def test_a_failed_migration_changes_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a step fails, the catalogue keeps its former version and content."""
    put_in(settings, notice_file(tmp_path))
    with monkeypatch.context() as newer:
        newer.setattr(catalogue_module, "SCHEMA_VERSION", "3")
        newer.setattr(catalogue_module, "MIGRATIONS", {"2": ("DELETE FROM items", "INSERT INTO nowhere VALUES (1)")})
        with pytest.raises(sqlite3.OperationalError):
            migrate(settings)
    store = open_store(settings)
    assert (store.catalogue.meta("schema_version"), store.catalogue.counts().items > 0) == ("2", True)
    store.close()


def test_connections_end_with_their_threads(settings: Settings, tmp_path: Path) -> None:
    """A server whose threads come and go keeps no file open for those that are gone."""
    put_in(settings, notice_file(tmp_path))
    store = open_store(settings)
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    for _ in range(20):
        thread = threading.Thread(target=store.catalogue.counts)
        thread.start()
        thread.join()
    assert len(list(handles.iterdir())) <= before + 2
    store.close()


def damage_collection(settings: Settings) -> None:
    """Overwrite Chroma's own database."""
    (settings.data / "chroma" / "chroma.sqlite3").write_bytes(b"damaged " * 1000)


def test_damaged_vectors_leave_search_by_words(settings: Settings, tmp_path: Path) -> None:
    """A broken collection costs the vectors, says so with the command that rebuilds, and answers by words."""
    put_in(settings, notice_file(tmp_path))
    damage_collection(settings)
    found, warnings = open_store(settings).search("河道垃圾", 1)
    assert "河道垃圾" in found[0].passage.text
    chroma = settings.data / "chroma"
    assert warnings == [f"本次只用关键词检索：向量库 {chroma} 无法使用：请运行 zhenggai reindex 重建"]


def test_reindexing_rebuilds_damaged_vectors(settings: Settings, tmp_path: Path) -> None:
    """The command that the message names does repair: afterwards everything agrees."""
    put_in(settings, notice_file(tmp_path))
    damage_collection(settings)
    store = open_store(settings)
    reindex(store, settings)
    assert (disagreements(store), store.search("河道垃圾", 1)[1]) == ([], [])


def test_a_crash_that_also_damaged_vectors_is_repaired(settings: Settings, tmp_path: Path) -> None:
    """An unfinished write and a broken collection together: the next start makes the vectors anew."""
    put_in(settings, notice_file(tmp_path))
    store = open_store(settings)
    with store.writing("test") as hand:
        hand.catalogue.set_meta(dirty="1")
        damage_collection(settings)
        hand.finish = lambda: None  # type: ignore[method-assign]
    said: list[str] = []
    repaired = open_store(settings, say=said.append)
    assert (said, disagreements(repaired)) == (["上次操作中断，已检查并恢复数据"], [])
