"""`tracker serve` and `tracker worker`."""

from __future__ import annotations

import os
import socket

import click

from tracker.core.config import Settings
from tracker.core.jobs.worker import SHORT
from tracker.core.options import Whole

_CORES = os.cpu_count() or 1


@click.command("worker")
@click.option(
    "--processes",
    type=Whole(1, 64),
    default=_CORES,
    help="一件事最多用几个进程同时办理；默认与处理器核数相同。",
)
@click.option(
    "--short",
    type=Whole(1, 16),
    default=SHORT,
    help=f"同时办几件短的事（计分、装订等）；默认 {SHORT}。",
)
def worker_command(processes: int, short: int) -> None:
    """启动一个工作进程，办理队列中的事（签发文书、计分、装订等），直到被终止。

    成批的事（签发）一次办一件，短的事在旁边同时办，不用等成批的办完。
    可以启动多个，也可以在多台机器上启动；各台机器须用同一个数据库和同一个队列（TRACKER_QUEUE）。
    被强行终止也不会丢失或重复：没办完的由其他工作进程接手。
    """
    from tracker.core.jobs import serving
    from tracker.core.jobs.queue import shown_address

    settings = Settings.from_environment()
    serving.run_worker(
        processes,
        short,
        lambda: click.echo(f"工作进程已启动，队列 {shown_address(settings)}", err=True),
    )


@click.command("serve")
@click.option("--host", default="127.0.0.1", help="在哪个地址上服务；默认只供本机访问。")
@click.option("--port", type=Whole(1, 65535), default=8000, help="端口；默认 8000。")
@click.option("--processes", type=Whole(1, 64), default=2, help="网页服务的进程数；默认 2。")
@click.option("--threads", type=Whole(2, 64), default=8, help="每个进程的线程数；默认 8。")
@click.option(
    "--workers",
    type=Whole(0, 16),
    default=1,
    help="同时启动几个工作进程；默认 1。已在别处启动 tracker worker 的，可为 0。",
)
def serve_command(host: str, port: int, processes: int, threads: int, workers: int) -> None:
    """启动网页服务和工作进程；一同启动，一同结束。"""
    from tracker.core.jobs import serving
    from tracker.core.jobs.queue import opened

    settings = Settings.from_environment()
    with opened(settings):  # a queue that cannot be reached is found now, not when it is needed
        pass
    _look_at_port(host, port)
    web = serving.Web(host, port, processes, threads)
    each = max(1, _CORES // max(1, workers))
    if not serving.serve(web, workers, each, lambda words: click.echo(words, err=True)):
        raise click.ClickException("网页服务意外结束，原因见上")


def _look_at_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"不能在 {host} 的端口 {port} 上服务：{error.strerror}"
            ) from None
