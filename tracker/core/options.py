"""Options of commands: numbers that are read strictly, and what the system says of files."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tracker.engine.scoring.strict import whole


class Whole(click.IntRange):
    """A whole number within bounds, written with the digits 0 to 9 alone."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that was typed; a usage error for anything else."""
        if isinstance(value, str):
            try:
                value = whole(value)
            except ValueError as error:
                self.fail(f"{error}。", param, ctx)
        return super().convert(value, param, ctx)


YEAR = Whole(2002, 2100)

_FAULTS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已存在",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘限额已满",
    errno.EROFS: "磁盘只读",
}


def write_made(make: Callable[[], bytes], target: Path) -> None:
    """Write what `make` gives to `target` and say so. Raises ClickException."""
    try:
        target.write_bytes(make())
    except OSError as error:
        raise click.ClickException(f"无法写入 {target}：{fault_of(error)}") from None
    click.echo(f"已生成 {target}")


def fault_of(error: OSError) -> str:
    """What went wrong with a file or folder, in Chinese where it is known."""
    return _FAULTS.get(error.errno or 0, error.strerror or str(error))
