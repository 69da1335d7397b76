"""``openai:MODEL``: any endpoint that speaks OpenAI's embeddings protocol, through the ``openai`` client.

The address and key are the client's own settings, OPENAI_BASE_URL and OPENAI_API_KEY. Not known here: which weights the
server holds; a server that changes them under the same model name goes unnoticed.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import openai

from bot.errors import EngineError
from vectorstore.embedding.families import prefixes_of
from vectorstore.embedding.fingerprint import fingerprint
from vectorstore.embedding.text import clean

BATCH = 32
"""Texts in one request; halved for servers that refuse so many (Alibaba's take 10)."""
RETRIES = 3
"""Further attempts after no connection, a time-out, 408, 409, 429 or 5xx; the client waits 0.5 s to 8 s between."""
TIMEOUT = 60.0

_ADVICE = {
    400: "请检查模型名和文本长度限制",
    401: "密钥无效：请检查 OPENAI_API_KEY",
    403: "没有权限：请检查 OPENAI_API_KEY 和账户权限",
    404: "地址或模型不存在：请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和模型名",
    429: "请求过多或额度用完：请稍后再试",
}


class OpenAIEmbedder:
    """A model behind an address. ``mask``: applied to texts that leave the machine's own networks."""

    def __init__(self, model: str, *, mask: Callable[[str], str] | None = None) -> None:
        self.spec = f"openai:{model}"
        self._model = model
        self._client = _client()
        outside = not is_own_network(self._client.base_url.host)
        self._mask = mask if mask and outside else _unchanged
        self._prefixes = prefixes_of(model)
        self._batch = BATCH
        self.dim = self._request(["维度"]).shape[1]
        self.fingerprint = fingerprint(
            {
                "model": model,
                "prefixes": [self._prefixes.query, self._prefixes.passage],
                "masked": self._mask is not _unchanged,
                "normalised": True,
                "dim": self.dim,
            }
        )

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dim), L2-normalised. Raises EngineError when the server does not answer as it should."""
        ready = [self._prefixes.passage + self._mask(clean(text)) for text in texts]
        return np.concatenate([np.empty((0, self.dim), np.float32), *self._batches(ready)])

    def embed_query(self, text: str) -> np.ndarray:
        """float32 (dim,), L2-normalised. Raises EngineError when the server does not answer as it should."""
        vector: np.ndarray = self._request([self._prefixes.query + self._mask(clean(text))])[0]
        return vector

    def _batches(self, texts: Sequence[str]) -> Iterator[np.ndarray]:
        at = 0
        while at < len(texts):
            part = texts[at : at + self._batch]
            try:
                vectors = self._request(part)
            except _TooMuch:
                self._batch = len(part) // 2
                continue
            if vectors.shape[1] != self.dim:
                raise self._error(f"向量维度由 {self.dim} 变成了 {vectors.shape[1]}")
            yield vectors
            at += len(part)

    def _request(self, texts: Sequence[str]) -> np.ndarray:
        """One request. Raises _TooMuch where fewer texts may pass, EngineError otherwise."""
        try:
            # Plain floats: not every server knows the base64 form that the client would ask for.
            answer = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        except openai.APIStatusError as error:
            if error.status_code in (400, 413, 422) and len(texts) > 1:
                raise _TooMuch from error
            advice = _ADVICE.get(error.status_code, "请查看服务端日志")
            raise self._error(f"返回错误 {error.status_code}，{advice}") from error
        except openai.APITimeoutError as error:
            raise self._error(f"在 {TIMEOUT:.0f} 秒内没有回答，请检查服务是否繁忙") from error
        except openai.APIConnectionError as error:
            raise self._error("连接不上，请确认服务已启动、地址（OPENAI_BASE_URL）正确") from error
        except (openai.OpenAIError, ValueError) as error:
            raise self._error("回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）") from error
        return self._vectors(answer, len(texts))

    def _vectors(self, answer: object, count: int) -> np.ndarray:
        """The answer's vectors in the order asked, made of length one; the client checks no types, so we do."""
        try:
            rows = sorted(answer.data, key=lambda row: row.index)  # type: ignore[attr-defined]
            vectors = np.array([row.embedding for row in rows], np.float32)
        except (AttributeError, TypeError, ValueError) as error:
            raise self._error("回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）") from error
        if vectors.ndim != 2 or len(vectors) != count:
            raise self._error(f"应回答 {count} 个向量，实际 {len(vectors)} 个")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not (np.isfinite(lengths) & (lengths > 0)).all():
            raise self._error("回答的向量含有无效数值")
        unit: np.ndarray = vectors / lengths
        return unit

    def _error(self, what: str) -> EngineError:
        return EngineError(f"向量服务 {self._client.base_url.host}（模型 {self._model}）{what}。")


class _TooMuch(Exception):
    """The server refused a request with several texts."""


def _client() -> openai.OpenAI:
    """Servers of one's own need no key and are not reached through a proxy."""
    key = os.environ.get("OPENAI_API_KEY")
    try:
        client = openai.OpenAI(api_key=key or "local", max_retries=RETRIES, timeout=TIMEOUT)
    except (openai.OpenAIError, ValueError) as error:
        raise EngineError(f"OPENAI_BASE_URL 设置有误：{error}。") from error
    if is_own_network(client.base_url.host):
        return client.with_options(http_client=openai.DefaultHttpxClient(trust_env=False))
    if not key:
        raise EngineError(
            "使用 openai: 向量引擎需要密钥：请设置 OPENAI_API_KEY，或把 OPENAI_BASE_URL 设为本地服务的地址。"
        )
    return client


def is_own_network(host: str) -> bool:
    """Loopback, private address ranges (RFC 1918, RFC 4193), link-local, names without a dot and local domains."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return "." not in host or host.lower().endswith((".local", ".lan", ".internal", ".localhost"))
    return address.is_private or address.is_loopback or address.is_link_local


def _unchanged(text: str) -> str:
    return text
