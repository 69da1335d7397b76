"""Uploaded files: names, recognition, import, stopping."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from gradio.data_classes import FileData, ListFiles

from bot.app import open_store
from bot.errors import StoreBusy
from bot.web import library
from bot.web.desk import Desk
from bot.web.jobs import watched
from bot.web.library import former, looked_at, outcomes_table, preview, recognised, removed, saved, table, uploads
from bot.web.sessions import Visitor
from bot.web.uploads import LONGEST_NAME, Outcome, Upload, importing, recognise, safe_name
from tests.support import settings_for
from tests.web.test_chat import NOTICE, VISITOR
from tests.web.test_markup import SCRIPT
from vectorstore.lock import writer

ADMIN = Visitor("王五", "admin", "c" * 32, "10.0.0.7")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("通报（一）.txt", "通报（一）.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\某人\\通报.docx", "通报.docx"),
        ("通报\u202etxt.exe", "通报txt.exe"),
        ("a\x00b\n.txt", "ab.txt"),
        ("..", "未命名.txt"),
        ("", "未命名.txt"),
    ],
)
def test_a_name_is_reduced_to_a_safe_base_name(given: str, expected: str) -> None:
    """Paths, control characters and direction marks go; what a person reads stays."""
    assert safe_name(given) == expected


def test_a_long_name_keeps_its_extension() -> None:
    """A name is cut before its extension, which tells the format."""
    name = safe_name("长" * 500 + ".docx")
    assert len(name) == LONGEST_NAME
    assert name.endswith("长.docx")


def test_the_file_box_hands_on_the_names_that_users_gave(tmp_path: Path) -> None:
    """Gradio's own path is where the file lies; the name shown is the original one."""
    path = str(tmp_path / "x.txt")
    given = ListFiles([FileData(path=path, orig_name="甲（一）.txt"), FileData(path=path)])
    assert uploads(given) == [Upload("甲（一）.txt", Path(path)), Upload("x.txt", Path(path))]
    assert uploads(None) == []


def test_what_is_recognised_is_told_before_anything_is_saved(tmp_path: Path) -> None:
    """Title, issuer, date and number of problems in one line; a file that cannot be read says why."""
    settings = settings_for(tmp_path / "data")
    good, empty = put(tmp_path, "甲.txt", NOTICE), put(tmp_path, "空.txt", "")
    outcome, found = recognise(good, settings)
    assert outcome == Outcome(
        "甲.txt", "ready", "中共甲山县委关于巡察整改进展情况的通报；中共甲山县委；2023-09-01；问题 2 项"
    )
    assert found is not None
    assert "河道保洁不到位" in recognised(found)
    outcome, found = recognise(empty, settings)
    assert (outcome.state, found) == ("failed", None)
    assert outcome.detail.startswith("文件是空的")
    *_, (shown, ready) = looked_at([good, empty], settings)
    assert "已识别 2 个文件，1 个可以导入" in shown
    assert ready == (good,)
    assert not (tmp_path / "data").exists()


def test_each_file_has_its_own_result(tmp_path: Path) -> None:
    """A broken file fails with its reason, others go in, a second time unchanged; users name no file on disk."""
    settings = settings_for(tmp_path / "data")
    store = open_store(settings, create=True)
    files = [put(tmp_path, "甲.txt", NOTICE), put(tmp_path, "空.txt", "")]
    *_, last = importing(store, settings, files)
    assert [(outcome.name, outcome.state) for outcome in last.outcomes] == [("甲.txt", "added"), ("空.txt", "failed")]
    assert last.line == "完成：共 2 个文件，新增 1，失败 1"
    *_, again = importing(store, settings, files[:1])
    assert again.line == "完成：共 1 个文件，未变 1"
    assert store.catalogue.counts().notices == 1
    assert not [path for path in settings.data.rglob("*") if "甲" in path.name]
    store.close()


def test_a_stopped_import_keeps_what_is_in_and_leaves_the_store_free(tmp_path: Path) -> None:
    """Closing the import after the first file leaves that file in, the second out, and the lock free."""
    settings = settings_for(tmp_path / "data", lock_wait=10)
    store = open_store(settings, create=True)
    files = [put(tmp_path, f"{name}.txt", NOTICE.replace("甲山县", f"{name}县")) for name in ("甲", "乙", "丙")]
    steps = importing(store, settings, files)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    with writer(settings.data, "测试", wait=10):
        before = store.catalogue.counts().notices
    assert before < 3
    *_, last = importing(store, settings, files)
    assert store.catalogue.counts().notices == 3
    assert sum(outcome.state == "added" for outcome in last.outcomes) == 3 - before
    store.close()


def test_a_busy_store_is_an_error_on_the_page(tmp_path: Path) -> None:
    """When another process writes too long, the page says who, and that nothing was lost."""
    settings = settings_for(tmp_path / "data", lock_wait=0)
    store = open_store(settings, create=True)
    with writer(settings.data, "别的导入", wait=0):
        *_, last = saved(Desk(store, settings), VISITOR, [put(tmp_path, "甲.txt", NOTICE)])
    assert "出错了" in last
    assert "别的导入" in last
    store.close()


def test_a_bug_in_reading_is_shown_and_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says at which file it broke, without details, then the error is raised for the log."""

    def broken(*_: object) -> Outcome:
        raise KeyError("secret")

    monkeypatch.setattr(library, "recognise", broken)
    steps = looked_at([Upload("甲.txt", tmp_path / "x")], settings_for(tmp_path / "data"))
    next(steps)
    shown, _ = next(steps)
    assert "程序内部错误" in shown
    assert "识别 甲.txt 时中断" in shown
    assert "secret" not in shown
    with pytest.raises(KeyError):
        next(steps)


def test_a_job_stops_at_its_next_report_once_nobody_watches() -> None:
    """Closing the iterator ends the job's thread."""
    ended = threading.Event()

    def job(report: Callable[[int], None]) -> None:
        try:
            for number in range(10**9):
                report(number)
        finally:
            ended.set()

    steps = watched(job)
    assert next(steps) == 0
    steps.close()  # type: ignore[attr-defined]
    assert ended.wait(10)


def test_what_a_job_raises_reaches_the_watcher() -> None:
    """An error in the thread is raised where its steps are read, after what it reported."""

    def job(report: Callable[[int], None]) -> None:
        report(1)
        raise StoreBusy("忙")

    steps = watched(job)
    assert next(steps) == 1
    with pytest.raises(StoreBusy):
        next(steps)


def test_removing_takes_the_notice_away_once(tmp_path: Path) -> None:
    """The first removal works, the second says that it is gone; the preview of a removed notice too."""
    settings = settings_for(tmp_path / "data")
    store = open_store(settings, create=True)
    *_, _ = importing(store, settings, [put(tmp_path, "甲.txt", NOTICE)])
    assert "甲山县" in preview(store, "甲")
    desk = Desk(store, settings)
    assert "只有管理员可以删除" in removed(desk, VISITOR, "甲")
    assert "已删除。" in removed(desk, ADMIN, "甲")
    assert "已不在通报库中" in removed(desk, ADMIN, "甲")
    assert [(entry.user, entry.action) for entry in desk.audit.entries()] == [(ADMIN.name, "remove")]
    assert "已从通报库删除" in preview(store, "甲")
    assert "还没有通报" in table(store.catalogue.entries())
    store.close()


def test_a_former_version_is_kept_and_shown(tmp_path: Path) -> None:
    """A notice with a new text replaces the former, which the preview offers and which shows what was read then."""
    settings = settings_for(tmp_path / "data")
    store = open_store(settings, create=True)
    *_, _ = importing(store, settings, [put(tmp_path, "甲.txt", NOTICE)])
    *_, last = importing(store, settings, [put(tmp_path, "甲.txt", NOTICE.replace("12公里", "15公里"))])
    assert last.outcomes[0].state == "updated"
    assert 'data-event="former" data-notice="甲" data-version="1"' in preview(store, "甲")
    shown = former(store, "甲", 1)
    assert "12公里" in shown
    assert "河道保洁不到位" in shown
    assert "没有这个历史版本" in former(store, "甲", 7)
    store.close()


def test_a_hostile_name_or_reason_is_shown_as_text() -> None:
    """The outcome of a file whose name is markup is escaped."""
    html = outcomes_table([Outcome(SCRIPT, "failed", SCRIPT)], SCRIPT)
    assert "<img" not in html
    assert html.count("&lt;img") == 3


def put(folder: Path, name: str, text: str) -> Upload:
    """A file as it lies in the server's upload folder."""
    path = folder / f"upload-{len(list(folder.iterdir()))}.txt"
    path.write_text(text, "utf-8")
    return Upload(name, path)
