"""Is everything in order? One finding per check, each with what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import ZhenggaiError
from bot.settings import Settings
from vectorstore.store import CATALOGUE_NAME, Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. ``fix``: what to do, empty where nothing is to be done."""

    check: str
    ok: bool
    message: str
    fix: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All checks, none of which changes anything."""
    return [*_program(settings), *_store(settings)]


def _program(settings: Settings) -> Iterator[Finding]:
    yield Finding("Python", True, sys.version.split()[0])
    with sqlite3.connect(":memory:") as db:
        fts = any("ENABLE_FTS5" in row[0] for row in db.execute("PRAGMA compile_options"))
    yield Finding("SQLite 全文检索", fts, sqlite3.sqlite_version, "" if fts else "请安装带 FTS5 的 Python")
    yield _engine(settings)
    office = shutil.which("soffice")
    yield Finding("LibreOffice", True, office or "未安装：不能读取 .doc、.wps 旧格式", "")


def _engine(settings: Settings) -> Finding:
    from vectorstore.embedding import open_embedder

    spec = settings.embedding or "bundled"
    try:
        engine = open_embedder(spec, cache_dir=settings.cache)
    except ZhenggaiError as error:
        return Finding("向量引擎", False, str(error), "可用 --embedding none 只按关键词检索")
    return Finding("向量引擎", True, f"{spec}，{engine.dim} 维" if engine else "none：只按关键词检索")


def _store(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    if not (folder / CATALOGUE_NAME).exists():
        yield Finding("数据文件夹", False, f"{folder.absolute()} 中没有数据", "运行 zhenggai ingest 导入通报")
        return
    writable = os.access(folder, os.W_OK)
    yield Finding("数据文件夹", writable, str(folder.absolute()), "" if writable else "文件夹只读：不能导入或删除通报")
    try:
        store = Store(folder, cache_dir=settings.cache, embedding=settings.embedding, chroma=settings.chroma)
        yield from _contents(store)
    except ZhenggaiError as error:
        yield Finding("数据", False, str(error))


def _contents(store: Store) -> Iterator[Finding]:
    counts = store.catalogue.counts()
    dirty = store.catalogue.meta("dirty") == "1"
    yield Finding("通报", True, f"{counts.notices} 份，问题 {counts.items} 项，文本 {counts.chunks} 段")
    yield Finding("上次写入", not dirty, "未完成" if dirty else "完整", "下次导入或提问时自动恢复" if dirty else "")
    if store.embedding != "none":
        yield _vectors(store)
    for notice_id in store.catalogue.notice_ids():
        for check in store.catalogue.extraction(notice_id).checks:
            yield Finding(f"通报核对 {notice_id}", True, check.message)


def _vectors(store: Store) -> Finding:
    counts = store.catalogue.counts()
    there = store.index.count() if store.index is not None else 0
    if there == counts.chunks == counts.vectors:
        return Finding("向量", True, f"{there} 段，与目录一致")
    message = f"文本 {counts.chunks} 段，已记录向量 {counts.vectors} 段，向量库中 {there} 段"
    return Finding("向量", False, message, "运行 zhenggai reindex")
