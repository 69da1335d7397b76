"""Users and their passwords, the audit log, the files both lie in."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import journal
from bot.audit import COLUMNS, Audit, Entry, Wanted, parse_day, to_csv
from bot.errors import StoreDamaged, StoreError, UsageError
from bot.records import Citation
from bot.users import Users, hashed, matches
from tests.support import run_here

PASSWORD = "临湘-2021-abc"


def test_a_password_is_kept_as_a_salted_hash_that_only_the_owner_reads(tmp_path: Path) -> None:
    """The file holds no password, two hashes of one password differ, and other accounts cannot read it."""
    users = Users(tmp_path)
    users.add("张三", PASSWORD, "admin")
    users.add("李四", PASSWORD)
    text = users.path.read_text("utf-8")
    assert PASSWORD not in text
    assert len({record["password"] for record in json.loads(text)}) == 2
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    assert [(user.name, user.role) for user in users.all()] == [("张三", "admin"), ("李四", "user")]


def test_only_the_right_password_of_an_existing_user_passes(tmp_path: Path) -> None:
    """A wrong password, an empty one, another user's and an unknown name are all refused."""
    users = Users(tmp_path)
    users.add("张三", PASSWORD)
    found = users.check(" 张三 ", PASSWORD)
    assert found is not None
    assert found.name == "张三"
    for name, password in (("张三", PASSWORD + "x"), ("张三", ""), ("李四", PASSWORD), ("", "")):
        assert users.check(name, password) is None


def test_a_hash_tells_its_own_cost() -> None:
    """A hash made with another cost still verifies: the cost can be raised later."""
    assert matches(PASSWORD, hashed(PASSWORD))
    salt = b"0123456789abcdef"
    digest = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=2, r=8, p=1, dklen=32)
    cheap = f"scrypt$2$8$1${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
    assert matches(PASSWORD, cheap)
    assert not matches(PASSWORD + "x", cheap)


@pytest.mark.parametrize(
    ("name", "password"),
    [("", PASSWORD), ("张 三", PASSWORD), ("a/b", PASSWORD), ("a:b", PASSWORD), ("张三", "short"), ("张三", "a" * 20)],
)
def test_names_and_passwords_that_would_harm_are_refused(name: str, password: str, tmp_path: Path) -> None:
    """Empty or broken names, short and trivial passwords end with a message; no file is made."""
    with pytest.raises(UsageError):
        Users(tmp_path).add(name, password)
    assert not (tmp_path / "users.json").exists()


def test_another_process_sees_a_removed_user_at_once(tmp_path: Path) -> None:
    """What one process changes, the other reads at its next look."""
    server, command = Users(tmp_path), Users(tmp_path)
    command.add("张三", PASSWORD)
    assert server.get("张三") is not None
    command.remove("张三")
    assert server.get("张三") is None
    with pytest.raises(UsageError):
        command.remove("张三")


def test_a_damaged_user_file_lets_nobody_in(tmp_path: Path) -> None:
    """A file that cannot be read is an error, not an empty list of users."""
    (tmp_path / "users.json").write_text("{", "utf-8")
    with pytest.raises(StoreDamaged):
        Users(tmp_path).check("张三", PASSWORD)


def test_the_user_commands(tmp_path: Path) -> None:
    """add, list and remove speak Chinese and end with the right codes; a second add needs --reset."""
    base = ("--data", tmp_path / "data", "user")
    added = run_here(*base, "add", "张三", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout) == (0, "已添加用户 张三（管理员）\n")
    again = run_here(*base, "add", "张三", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (again.returncode, again.stderr) == (2, "错误：张三：已有这个用户：要换密码请加 --reset\n")
    reset = run_here(*base, "add", "张三", "--reset", "--password-stdin", stdin="另一个密码-2022\n")
    assert (reset.returncode, reset.stdout) == (0, "已更新用户 张三（普通用户）\n")
    assert Users(tmp_path / "data").check("张三", "另一个密码-2022") is not None
    listed = json.loads(run_here(*base, "list", "--json").stdout)
    assert [(user["name"], user["role"]) for user in listed] == [("张三", "user")]
    assert run_here(*base, "remove", "张三").returncode == 0
    assert run_here(*base, "remove", "张三").returncode == 2


# -- audit -------------------------------------------------------------------------------------------------------------


def entry(user: str, day: str, subject: str) -> Entry:
    """A record with a citation."""
    proof = Citation(1, "n", "n.txt", "通报", 3, 9, "建设25公里")
    return Entry(f"{day}T09:00:00+08:00", user, "10.0.0.8", "ask", subject, "25公里[1]", "answered", (proof,))


def test_the_audit_log_is_searched_by_user_day_and_word(tmp_path: Path) -> None:
    """Filters hold together, both days are included, words are folded; only the owner may read the file."""
    log = Audit(tmp_path)
    records = [
        entry("甲", "2021-10-20", "管网多少公里"),
        entry("乙", "2021-10-21", "秸秆"),
        entry("甲", "2021-10-22", "黑臭"),
    ]
    for record in records:
        log.record(record)
    assert list(log.entries()) == records
    assert list(log.entries(Wanted(user="甲", since="2021-10-21"))) == records[2:]
    assert list(log.entries(Wanted(until="2021-10-20", keyword="公里"))) == records[:1]
    assert list(log.entries(Wanted(keyword="２５公里", user="乙"))) == records[1:2]
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_records_of_many_threads_stay_whole(tmp_path: Path) -> None:
    """Two hundred records written at once are two hundred records."""
    log = Audit(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: log.record(entry(f"u{n}", "2021-10-20", "问" * 500)), range(200)))
    assert sorted(found.user for found in log.entries()) == sorted(f"u{n}" for n in range(200))


def test_a_line_cut_by_a_power_failure_costs_only_itself(tmp_path: Path) -> None:
    """The record before and the record after a half-written line are read."""
    file = tmp_path / "x.jsonl"
    journal.append(file, {"n": 1})
    with file.open("a") as half:
        half.write('{"n": 2, "te')
    journal.append(file, {"n": 3})
    assert [record["n"] for record in journal.read(file)] == [1, 3]


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A folder in the way of the file: the message names the file, nothing is swallowed."""
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(StoreError, match=r"audit\.jsonl"):
        Audit(tmp_path).record(entry("甲", "2021-10-20", "问"))


def test_an_exported_log_runs_nothing_in_a_spreadsheet() -> None:
    """A question that begins like a formula is neutralised; the header names all columns."""
    text = to_csv([entry("甲", "2021-10-20", "=HYPERLINK(1)")]).decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert "'=HYPERLINK(1)" in text


def test_the_audit_command(tmp_path: Path) -> None:
    """Records are printed, exported and narrowed; a day that is none is refused."""
    log = Audit(tmp_path)
    log.record(entry("甲", "2021-10-20", "管网多少公里"))
    shown = run_here("--data", tmp_path, "audit", "--keyword", "管网")
    assert shown.stdout == "2021-10-20T09:00:00+08:00  甲  10.0.0.8  提问  管网多少公里  25公里[1]  已回答\n"
    lines = run_here("--data", tmp_path, "audit", "--format", "jsonl").stdout
    assert json.loads(lines)["citations"][0]["quote"] == "建设25公里"
    assert run_here("--data", tmp_path, "audit", "--user", "乙").stdout == ""
    out = tmp_path / "a.csv"
    assert run_here("--data", tmp_path, "audit", "--format", "csv", "-o", out).returncode == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert run_here("--data", tmp_path, "audit", "--since", "昨天").returncode == 2
    with pytest.raises(UsageError):
        parse_day("2021-13-01")
