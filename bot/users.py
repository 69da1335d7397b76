"""Who may log in: names, roles and password hashes in ``users.json`` of the data folder, readable by its owner."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bot.errors import StoreDamaged, StoreError, UsageError, system_reason
from bot.journal import OWNER_ONLY
from bot.schemas import from_data, to_data

Role = Literal["admin", "user"]
ROLE_LABELS: dict[Role, str] = {"admin": "管理员", "user": "普通用户"}
FILE_NAME = "users.json"
SHORTEST_PASSWORD = 8
"""Characters."""
LONGEST = 64
"""Characters of a name; of a password twice as many."""
_N, _R, _P = 2**15, 8, 3
"""scrypt's cost, 32 MiB: OWASP Password Storage Cheat Sheet, 2024."""


@dataclass(frozen=True, slots=True)
class User:
    """``password``: scrypt$n$r$p$salt$hash, the last two in base64. ``added``: YYYY-MM-DD."""

    name: str
    role: Role
    password: str
    added: str


class Users:
    """The users of one data folder. Reading follows changes that another process makes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._read: tuple[tuple[int, int] | None, dict[str, User]] = (None, {})

    def all(self) -> list[User]:
        """All users, by name. Raises ``StoreError``."""
        return sorted(self._current().values(), key=lambda user: user.name)

    def get(self, name: str) -> User | None:
        """The user of that name as the file has it now."""
        return self._current().get(name)

    def add(self, name: str, password: str, role: Role = "user", *, replacing: bool = False) -> User:
        """Add a user, or give an existing one another password and role. Raises ``UsageError``, ``StoreError``."""
        name = _checked_name(name)
        _check_password(password, name)
        known = dict(self._current())
        if (name in known) != replacing:
            hint = "没有这个用户，请去掉 --reset" if replacing else "已有这个用户：要换密码请加 --reset"
            raise UsageError(f"{name}：{hint}")
        user = User(name, role, hashed(password), date.today().isoformat())
        self._write(known | {name: user})
        return user

    def remove(self, name: str) -> None:
        """Remove a user. Raises ``UsageError``, ``StoreError``."""
        known = dict(self._current())
        if known.pop(name, None) is None:
            raise UsageError(f"没有用户 {name}：用 zhenggai user list 查看")
        self._write(known)

    def check(self, name: str, password: str) -> User | None:
        """The user, if the password is right. Takes as long for a name that does not exist."""
        user = self.get(unicodedata.normalize("NFC", name.strip()))
        right = matches(password[: 2 * LONGEST], user.password if user else _NOBODY)
        return user if user and right else None

    def _current(self) -> dict[str, User]:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (stat.st_mtime_ns, stat.st_size)
        if self._read[0] != stamp:
            self._read = (stamp, self._load())
        return self._read[1]

    def _load(self) -> dict[str, User]:
        try:
            found = from_data(tuple[User, ...], json.loads(self.path.read_text("utf-8")))
        except OSError as error:
            raise StoreError(f"无法读取 {self.path}（{system_reason(error)}）：请检查权限") from error
        except (ValueError, ValidationError) as error:
            raise StoreDamaged(f"用户文件 {self.path} 已损坏：请恢复备份，或删除它后重新添加用户") from error
        return {user.name: user for user in found}

    def _write(self, users: dict[str, User]) -> None:
        data = json.dumps([to_data(user) for user in users.values()], ensure_ascii=False, indent=1).encode()
        beside = self.path.with_suffix(f".{secrets.token_hex(4)}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
            try:
                os.write(file, data)
                os.fsync(file)
            finally:
                os.close(file)
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise StoreError(f"无法写入 {self.path}（{system_reason(error)}）：请检查空间和权限") from error


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not name or len(name) > LONGEST or any(unicodedata.category(char)[0] in "CZ" or char in "/\\:" for char in name):
        raise UsageError(f"用户名应为 1 到 {LONGEST} 个字，不含空格、冒号和斜杠")
    return name


def _check_password(password: str, name: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= 2 * LONGEST:
        raise UsageError(f"密码应为 {SHORTEST_PASSWORD} 到 {2 * LONGEST} 个字符")
    if password == name or len(set(password)) < 4:
        raise UsageError("密码太简单：不能与用户名相同，也不能只由一两个字符重复而成")


# -- hashing -----------------------------------------------------------------------------------------------------------


def hashed(password: str) -> str:
    """A new salted hash (scrypt, RFC 7914)."""
    salt = secrets.token_bytes(16)
    return "$".join(("scrypt", str(_N), str(_R), str(_P), _text(salt), _text(_scrypt(password, salt, _N, _R, _P))))


def matches(password: str, stored: str) -> bool:
    """Whether the hash is of this password."""
    _, n, r, p, salt, expected = stored.split("$")
    found = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, base64.b64decode(expected))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    given = unicodedata.normalize("NFC", password).encode()
    return hashlib.scrypt(given, salt=salt, n=n, r=r, p=p, maxmem=256 * r * (n + p + 8), dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


_NOBODY = "$".join(("scrypt", str(_N), str(_R), str(_P), _text(bytes(16)), _text(bytes(32))))
"""What a password is checked against when there is no such user."""
