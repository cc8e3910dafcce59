"""The command line: its commands, and how they end.

0 done · 1 done, but a person must look (an error or doubt, a refused file, a conflict) ·
2 wrong arguments or all refused, nothing changed · 3 our own fault · 130 interrupted.
The commands stand in taskkit/commands; they import libraries where they need them, so that
``taskkit --help`` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from taskkit.chinese import speak_chinese

speak_chinese()  # before click looks up its own words

import click  # noqa: E402

from taskkit import __version__  # noqa: E402
from taskkit.commands import (  # noqa: E402
    amending,
    calendar,
    deciding,
    directing,
    judging,
    plans,
    reporting,
    returning,
    sending,
)
from taskkit.errors import UNCHANGED, TaskkitError  # noqa: E402

# In the order of the work.
COMMANDS = (
    plans.read,
    plans.load,
    plans.units,
    amending.changes,
    sending.issue,
    returning.collect,
    deciding.conflicts,
    deciding.review,
    deciding.history,
    deciding.undo,
    returning.register,
    directing.directives,
    returning.status,
    calendar.due,
    calendar.extend,
    judging.compare,
    judging.score,
    reporting.report,
    sending.templates,
    sending.demo,
)


class _Commands(click.Group):
    """The commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_Commands,
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="taskkit", message="%(prog)s %(version)s")
def commands() -> None:
    """政府工作报告任务分工的台账工具：读方案、发表格、收表格、出报告。

    \b
    taskkit read  分工方案.docx            看看读得对不对
    taskkit load  分工方案.docx --as 2026  登记到台账
    taskkit units 2026 --xlsx 名册.xlsx    单位的次序、简称、成员，填好后登记
    taskkit issue 2026 --period plan       给各牵头单位生成表格
    taskkit collect 收到的文件夹           先预览，再加 --apply 收入台账
    taskkit conflicts 2026                 有冲突的，由人决定
    taskkit review 2026 --xlsx 审核.xlsx   督查核定：审定、退回、销号，填好后登记
    taskkit register 2026 --xlsx 登记.xlsx 收件登记：补登电话、纸质报送，改好后登记
    taskkit directives 2026                领导批示：登记、交办、落实到哪一步
    taskkit status 2026                    谁报了、谁没报，任务到了哪一步（--html 写成网页）
    taskkit due 2026                       今天、本周该报的和逾期的，还剩几天
    taskkit compare 2026                   对比：目标和完成、本期和上期、单位之间
    taskkit score 2026                     各单位得分，每一项都有依据
    taskkit report progress 2026           生成 Word 进展报告
    """


for each in COMMANDS:
    commands.add_command(each)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: runs a command and turns errors into a message and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console or pipe in GBK cannot show every sign
    try:
        status = commands.main(args=arguments, prog_name="taskkit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        if not isinstance(error, click.exceptions.NoArgsIsHelpError):
            click.echo(UNCHANGED, err=True)
        status = 2
    except TaskkitError as error:
        click.echo(str(error), err=True)
        status = error.exit_status
    except (KeyboardInterrupt, click.Abort):
        click.echo("已中断。", err=True)
        status = 130
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        if os.environ.get("TASKKIT_DEBUG"):
            raise
        click.echo(
            f"程序内部出错（{type(error).__name__}），不是您的操作有误。"
            "请把这行字和所用的文件发给维护人员；设 TASKKIT_DEBUG=1 再运行可看到细节。",
            err=True,
        )
        status = 3
    sys.exit(status or 0)


if __name__ == "__main__":
    main()
