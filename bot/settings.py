"""Settings, built once at the edge: TOML file, environment ``ZHENGGAI_*``, flags, in rising order.

Nothing else reads the environment or a settings file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from bot.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CONFIG_NAME = "zhenggai.toml"


def default_cache() -> Path:
    """Where prepared models are kept: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "zhenggai"


class Masthead(BaseModel):
    """What stands above and below a briefing; what is empty is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", description="简报名称，例如：整改工作简报；空为不印报头")
    issue: str = Field(default="", description="期号，例如：第3期")
    office: str = Field(default="", description="编发单位")
    date: str = Field(default="", description="日期，例如：2021年10月20日；空为当天")
    report_to: str = Field(default="", description="报：上级单位")
    send_to: str = Field(default="", description="送：平级单位")
    copy_to: str = Field(default="", description="发：下级单位")
    copies: int | None = Field(default=None, ge=1, description="共印份数")


class Settings(BaseSettings):
    """All settings with their defaults; unknown keys in the TOML file are an error."""

    model_config = SettingsConfigDict(env_prefix="ZHENGGAI_", extra="forbid", frozen=True)

    data: Path = Field(Path("data"), description="数据文件夹")
    cache: Path = Field(default_factory=default_cache, description="模型缓存文件夹")
    embedding: str | None = Field(None, description="向量引擎：bundled、st:模型名或路径、openai:模型名、none")
    chroma: str = Field("", description="Chroma 服务地址，如 http://127.0.0.1:8000；空为数据文件夹内")
    max_file_mb: int = Field(50, ge=1, le=2000, description="单个文件的大小上限（MB）")
    llm: str | None = Field(
        None, description="大模型：openai:模型名（地址由 OPENAI_BASE_URL 指定）或 gguf:文件路径；空为不用"
    )
    llm_timeout: float = Field(120.0, gt=0, description="等待大模型一次回答的最长秒数")
    llm_retries: int = Field(2, ge=0, le=10, description="大模型出错后再试的次数")
    llm_parallel: int = Field(4, ge=1, le=64, description="同时向大模型提出的请求数")
    mask: bool | Literal["auto"] = Field(
        "auto", description="发给大模型前隐去电话、邮箱、证件号：auto 只在地址不属于本机或内网时"
    )
    questions_per_minute: int = Field(30, ge=0, description="网页上每个登录用户每分钟最多提问次数；0 为不限")
    briefing: Masthead = Field(default_factory=Masthead, description="简报的报头和报尾（配置文件中的 [briefing] 表）")
    lock_wait: float = Field(600.0, ge=0, description="等待另一个写入进程的最长秒数")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before the TOML file."""
        del dotenv_settings, file_secret_settings
        file = Path(os.environ.get("ZHENGGAI_CONFIG", CONFIG_NAME))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def load_settings(**flags: Any) -> Settings:
    """The settings in force; flags that are None were not given. Raises ``SettingsError``."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"设置 {name} 无效（{_reason(first)}）：请检查 {CONFIG_NAME}、环境变量 ZHENGGAI_{name.upper()} 或命令参数"
        ) from error
    except ValueError as error:
        raise SettingsError(f"设置文件 {CONFIG_NAME} 无法读取（{error}）：请检查它的 TOML 语法") from error


def _reason(error: ErrorDetails) -> str:
    """What pydantic finds wrong, in Chinese; its own words where it is something rare."""
    limits = error.get("ctx", {})
    known = {
        "int_parsing": "应为整数",
        "int_from_float": "应为整数",
        "int_type": "应为整数",
        "float_parsing": "应为数字",
        "float_type": "应为数字",
        "bool_parsing": "应为 true 或 false",
        "string_type": "应为文字",
        "path_type": "应为路径",
        "greater_than_equal": f"不能小于 {limits.get('ge')}",
        "less_than_equal": f"不能大于 {limits.get('le')}",
        "literal_error": f"可用：{limits.get('expected')}",
        "extra_forbidden": "没有这个设置",
    }
    return known.get(error["type"], error["msg"])
