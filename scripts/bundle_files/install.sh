#!/bin/sh
# 整改通离线安装：sh install.sh [安装位置]。不需要网络，也不需要管理员权限。
# PYTHON 可以指定另一个 Python，例如 PYTHON=/opt/python/bin/python3.11 sh install.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-"$HOME/zhenggai"}

stop() {
    echo "安装中止：$1" >&2
    exit 1
}

wanted() { sed -n "s/^$1=//p" "$here/platform"; }

# 1. 安装包是否完整，是否适合这台电脑
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) >&2 ||
    stop "上面列出的文件不完整，请重新拷贝整个文件夹"
machine=$(uname -m)
[ "$machine" = "$(wanted machine)" ] ||
    stop "安装包适用于 $(wanted machine) 处理器，这台电脑是 $machine：请在同类电脑上重新制作（make bundle）"
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
[ "$(printf '%s\n' "$(wanted glibc)" "${glibc:-0}" | sort -V | head -n1)" = "$(wanted glibc)" ] ||
    stop "系统的 C 运行库（glibc）应不低于 $(wanted glibc)，这台电脑是 ${glibc:-未知}：请升级操作系统"
python=${PYTHON:-"python$(wanted python)"}
command -v "$python" >/dev/null ||
    stop "没有找到 $python：请先安装 Python $(wanted python)，或用 PYTHON=路径 指定"
[ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$(wanted python)" ] ||
    stop "$python 不是 Python $(wanted python)"

# 2. 程序；已有的数据不动
mkdir -p "$target" || stop "无法建立文件夹 $target：请指定另一个安装位置"
target=$(CDPATH='' cd -- "$target" && pwd)
echo "正在安装到 $target，需要几分钟……"
"$python" -m venv --clear "$target/venv" ||
    stop "无法建立 Python 环境：Debian、Ubuntu、统信、麒麟等系统请先安装 python$(wanted python)-venv"
PIP_CONFIG_FILE=/dev/null "$target/venv/bin/pip" --isolated install --quiet --disable-pip-version-check \
    --no-cache-dir --no-index --find-links "$here/wheels" --no-deps --requirement "$here/requirements.lock" zhenggai ||
    stop "上面是原因；磁盘至少应有 3 GB 空闲"

# 3. 向量模型在安装包里；在这台电脑上备好，并与原模型核对
"$target/venv/bin/python" -m vectorstore.embedding.prepare "$target/cache" || true

# 4. 启动命令：数据和模型都在安装位置
cat >"$target/zhenggai" <<'END'
#!/bin/sh
home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
export ZHENGGAI_DATA="${ZHENGGAI_DATA:-$home/data}" ZHENGGAI_CACHE="${ZHENGGAI_CACHE:-$home/cache}"
exec "$home/venv/bin/zhenggai" "$@"
END
chmod 755 "$target/zhenggai"

echo "安装完成。接下来："
echo "  $target/zhenggai ingest $here/seeds    导入随附的五份通报试一试（或换成自己的文件夹）"
echo "  $target/zhenggai chat                  打开网页 http://127.0.0.1:7860"
[ ! -e "$target/data" ] || echo "  $target/zhenggai migrate               这里已有数据：请先升级数据"
