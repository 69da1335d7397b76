"""The one tree of errors, split by who can act.

    ZhenggaiError
    ├── UsageError            the caller: wrong flag, wrong setting, no store here (exit 2)
    │   ├── SettingsError
    │   ├── PromptError       a prompt file is wrong, or was changed after its release
    │   ├── StoreNotFound
    │   └── NoSuchNotice
    ├── InputError            whoever supplied the file: that file fails, the others go on (exit 1)
    │   ├── EmptyInput  UnsupportedInput  DamagedInput  EncryptedInput  NoTextLayer  TooLarge  Unreadable
    │   └── NotUnderstood     the rules of reading fail on it: a bug, kept to that file
    ├── StoreError            whoever runs the machine (exit 1)
    │   ├── StoreBusy  StoreReadOnly  StoreFull  StoreDamaged
    │   └── FingerprintMismatch   another embedding made the vectors
    └── EngineError           an embedding or an LLM (exit 1)
        └── LLMError          knows whether a retry may help
            ├── LLMCut        the answer was longer than allowed: asking for less helps
            └── LLMUnproved   it answered, but nothing of it holds against the sources

Messages are Chinese: what happened, where, what to do next. Every other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

import errno

_SYSTEM = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.ELOOP: "链接循环",
    errno.ENAMETOOLONG: "名称过长",
    errno.EEXIST: "同名文件已存在",
}


def system_reason(error: OSError) -> str:
    """What the operating system says, in Chinese; its own words where it is something rare."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


class ZhenggaiError(Exception):
    """Base of all expected failures; ``exit_code`` is what the command line returns."""

    exit_code = 1


class UsageError(ZhenggaiError):
    """The call itself is wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting has a value it cannot have, or two settings contradict each other."""


class PromptError(UsageError):
    """A prompt does not exist, is malformed, was changed after its release, or was given the wrong variables."""


class StoreNotFound(UsageError):
    """A command needs a store and there is none; the message says where it looked."""


class NoSuchNotice(UsageError):
    """No notice with that id."""


class InputError(ZhenggaiError):
    """One input file cannot be read as a notice."""


class NotUnderstood(InputError):
    """The rules of reading fail on a file: a bug of ours, its cause attached, that must not stop the other files."""


class EmptyInput(InputError):
    """Nothing in it, or nothing but white space."""


class UnsupportedInput(InputError):
    """A format that is not read, or binary data."""


class DamagedInput(InputError):
    """The format is known, the content is broken."""


class EncryptedInput(InputError):
    """A password is needed."""


class NoTextLayer(InputError):
    """A scan: pictures without text."""


class TooLarge(InputError):
    """Larger than the limit in the settings."""


class Unreadable(InputError):
    """The operating system does not let us read it."""


class StoreError(ZhenggaiError):
    """The data folder cannot do what is asked."""


class StoreBusy(StoreError):
    """Another process is writing; the message says which."""


class StoreReadOnly(StoreError):
    """The data folder cannot be written."""


class StoreFull(StoreError):
    """No space left on the disk."""


class StoreDamaged(StoreError):
    """The catalogue or the vectors cannot be opened."""


class FingerprintMismatch(StoreError):
    """The store's vectors were made by another embedding."""


class EngineError(ZhenggaiError):
    """An embedding or an LLM cannot be loaded or does not answer."""


class LLMError(EngineError):
    """A call to an LLM failed. ``retryable``: the same call may succeed later."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class LLMCut(LLMError):
    """The answer was cut at the length limit; asking for less in one call helps, the same call does not."""


class LLMUnproved(LLMError):
    """The model answered, but nothing of what it wrote stands in the sources, or in the form asked for."""
