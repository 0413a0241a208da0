"""The console script `tracker`: the commands of all features.

Commands that need no database (`score-file`, `rulebook …`) import neither Flask nor SQLAlchemy,
so features are imported only when one of their commands is called.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import signal
import sys

import click

from tracker.core.interrupting import outside_of_statements
from tracker.core.told import ToldError

# name → (module, attribute, one line of help shown by `tracker --help`)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "db": ("tracker.core.db.migration_commands", "db_commands", "数据库：升级、回退、查看版本"),
    "public-data": ("tracker.exchange.publicdata.cli", "public_data", "载入公开资料"),
    "sample-data": ("tracker.exchange.sampledata.cli", "sample_data", "载入或清除示例数据"),
    "sample-course": (
        "tracker.exchange.sampledata.cli",
        "sample_course",
        "把示例年度的考核办到某个阶段",
    ),
    "assessment": (
        "tracker.year.procedure.cli",
        "assessment",
        "年度考核：启动、核对、复核、转入下一阶段",
    ),
    "score": ("tracker.year.assessments.cli", "score", "冻结一个年度的事实并计分"),
    "trial": ("tracker.year.trials.cli", "trial_command", "试算进行中的年度，不作为考核结果"),
    "changes": ("tracker.year.assessments.cli", "changes_command", "说明两份快照之间得分的变化"),
    "next-points": ("tracker.year.assessments.cli", "next_points_command", "说明怎样再得分"),
    "snapshot": (
        "tracker.year.assessments.cli",
        "snapshot_commands",
        "快照：导出细则和事实，供重新计分",
    ),
    "report": ("tracker.papers.issuing.cli", "report", "由快照生成全部文书的试算稿（PDF）"),
    "issue": ("tracker.papers.issuing.cli", "issue", "签发文书：编号，存档"),
    "volume": ("tracker.papers.issuing.cli", "volume", "装订合订本，打压缩包"),
    "sign": ("tracker.papers.issuing.cli", "sign_command", "给已签发的文书加盖电子签名"),
    "verify": ("tracker.papers.issuing.cli", "verify_command", "核验一份文书（PDF）"),
    "form": ("tracker.papers.quarter.cli", "form", "打印季度报送表、年度任务清单(PDF)"),
    "brief": ("tracker.site.brief.cli", "brief", "打印工作简报：月报、季报(PDF)"),
    "summary": ("tracker.site.brief.cli", "summary", "打印全省年度总结(PDF)"),
    "score-file": (
        "tracker.year.rulebooks.cli",
        "score_file",
        "不用数据库，按评分细则给事实文件计分",
    ),
    "rulebook": ("tracker.year.rulebooks.cli", "rulebook", "检查、比较评分细则"),
    "ledger": ("tracker.records.ledger.cli", "ledger", "补上由合同得出的应付日期"),
    "submissions": (
        "tracker.records.submissions.cli",
        "submissions",
        "设定报送期限，生成应报送的材料",
    ),
    "reminders": ("tracker.records.reminders.cli", "reminders", "提醒：生成并发送"),
    "evidence": ("tracker.records.evidence.cli", "evidence", "核对存放的佐证文件"),
    "measures": ("tracker.year.measures.cli", "measures", "列出指标目录"),
    "dictionary": (
        "tracker.exchange.dictionary.cli",
        "dictionary",
        "数据字典：表、字段、单位、含义",
    ),
    "twins": ("tracker.site.twins_cli", "twins", "列出同名的记录和账户"),
    "serve": ("tracker.core.jobs.commands", "serve_command", "启动网页服务和工作进程"),
    "worker": ("tracker.core.jobs.commands", "worker_command", "启动一个工作进程，办理队列中的事"),
    "users": ("tracker.records.accounts.cli", "users", "账户：新建、演示账户"),
}


# What click says of values, in its own words.
_RANGE = re.compile(r"(.+) is not in the range (\S+?)<=x<=(\S+?)\.?")
_FOLDER = re.compile(r"\S+ '(.+)' is a directory\.?", re.S)
_CHOICE = re.compile(r"'(.+)' is not one of (.+?)\.?", re.S)


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """山海协作考核：记录、事实、计分、评分表。"""


class _ToldToEnd(BaseException):
    """The system asks this process to end."""


def main() -> None:
    """Run a command; a fault is one line on standard error. Exit 2 for wrong use, 1 otherwise;
    128 and the signal's number for one that was told to end."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # no SIGHUP on Windows
        # One that nohup has it ignore goes on being ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            # An exception, so that what a command holds is given back on its way out.
            signal.signal(number, outside_of_statements(_ToldToEnd))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, outside_of_statements(lambda _number: KeyboardInterrupt()))
    try:
        code = cli.main(standalone_mode=False)
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "tracker"
        sys.exit(_complain(f"{_in_chinese(error)}。用法见 {name} --help", 2))
    except click.ClickException as error:
        sys.exit(_complain(error.format_message(), error.exit_code))
    except ToldError as error:
        sys.exit(_complain(str(error).rstrip("。"), 1))
    except click.Abort:
        sys.exit(_complain("已中止", 1))
    except _ToldToEnd as error:
        with contextlib.suppress(OSError):  # the terminal may be gone
            _complain("已被终止", 1)
        sys.exit(128 + error.args[0])
    except Exception as error:
        # The engine's own stands apart: it knows nothing of ours.
        if type(error).__module__ == "tracker.engine.typeset.faces":
            sys.exit(_complain(str(error), 1))
        if type(error).__module__.startswith(("sqlalchemy", "psycopg")):
            sys.exit(_complain(_database_fault(error), 1))
        raise
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, code: int) -> int:
    click.echo(f"错误：{' '.join(message.split())}", err=True)
    return code


def _in_chinese(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面没有内容，或多写了内容"
    if isinstance(error, click.MissingParameter):
        hint = error.param.get_error_hint(error.ctx) if error.param else (error.param_hint or "")
        return f"缺少参数 {hint}"
    if isinstance(error, click.BadParameter):
        hint = error.param.get_error_hint(error.ctx) if error.param else (error.param_hint or "")
        return f"参数 {hint} 有误：{_of_value(error.message)}"
    if error.message.startswith("No such command"):
        return f"没有命令 {error.message.split(maxsplit=3)[-1].rstrip('.')}"
    if error.message.startswith("Got unexpected extra argument"):
        return f"多余的参数 {error.message.split('(', 2)[-1].rstrip(').')}"
    return error.message.rstrip(".。")


def _of_value(message: str) -> str:
    if found := _RANGE.fullmatch(message):
        return f"{found[1]} 不在 {found[2]} 至 {found[3]} 之间"
    if found := _FOLDER.fullmatch(message):
        return f"{found[1]} 是文件夹，请写上文件名"
    if found := _CHOICE.fullmatch(message):
        return f"“{found[1]}”应为 {found[2].replace(chr(39), '')} 之一"
    return message.rstrip(".。")


def _database_fault(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error)
    if "no such table" in text or "does not exist" in text:
        return "数据库尚未建表，请先运行 tracker db upgrade"
    return f"数据库出错：{text}"
