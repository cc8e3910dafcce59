"""疑似串行: a text of several paragraphs, pasted from Word into one cell, that ran on into the rows below.

Each paragraph then stands in the cell of the next row and has pushed out what that row's own task
had to say: nothing looks wrong, and every text stands with the wrong task. No single sign proves
it, so signs are weighed: the numbering goes on, a sentence was broken off, the piece speaks of the
first row's task and not of its own, the row was not otherwise filled in, text ran over a band row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from taskkit.text import fold, pairs, parse_numeral

ENOUGH = 4.0  # points from where on a piece counts as spilled
_LONGEST_RUN = 60
_REASONS = 3  # that are told
_OWN = "说的是本行的任务"


@dataclass(frozen=True)
class Piece:
    """What came back in one cell of a column, one below the other.

    ``about`` is what the row's task is about, None for a row that is nobody's (a band, below the
    form). ``number`` is the task's printed number, ``before`` what stood there; ``busy`` says that
    other cells of the row were filled in at the same time.
    """

    row: int
    text: str
    about: str | None
    number: str = ""
    before: str = ""
    busy: bool = False

    @property
    def stray(self) -> bool:
        return self.about is None

    @cached_property
    def heading(self) -> _Ordinal | None:
        """The number that the piece begins with."""
        return _ordinal(self.text)

    @property
    def numbered_as_task(self) -> bool:
        """Whether that may be the number of its own task, which some clerks write before each text."""
        found = self.heading
        return found is not None and found.kind in _AS_TASKS and str(found.number) == self.number

    @cached_property
    def words(self) -> frozenset[str]:
        return _words(self.text)

    @cached_property
    def topic(self) -> frozenset[str]:
        return _words(self.about or "")


@dataclass(frozen=True)
class Spill:
    """Rows of a column that hold one text, from ``rows[0]``, where it was pasted; ``reasons`` say why it seems so."""

    rows: tuple[int, ...]
    reasons: tuple[str, ...]


def spills(pieces: Iterable[Piece]) -> Iterator[Spill]:
    """The texts of a column that seem to have run on into the rows below."""
    for run in _runs(pieces):
        at = 0
        while at < len(run) - 1:
            spill = _spill(run[at:])
            if spill:
                yield spill
                at += sum(piece.row in spill.rows for piece in run)
            else:
                at += 1


def _runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces in rows one below the other: a blank paragraph leaves one row out."""
    run: list[Piece] = []
    for piece in sorted((each for each in pieces if each.text), key=lambda each: each.row):
        if run and piece.row - run[-1].row > 2:
            yield run
            run = []
        run.append(piece)
    yield run


def _spill(run: Sequence[Piece]) -> Spill | None:
    """The spill that begins with the first piece of a run, if one does."""
    if run[0].stray:
        return None
    last = 0
    sure: dict[str, float] = {}
    waiting: dict[str, float] = {}  # of pieces between, which count once a later one is sure
    for at in range(1, min(len(run), _LONGEST_RUN)):
        signs = _signs(run[: at + 1])
        if last and last == at - 1 and not run[at].busy and _OWN not in signs:
            signs["紧接在串下来的文字之后"] = 2.0
        score = sum(signs.values())
        if score <= 0:
            break
        waiting = {**waiting, **signs}
        if score >= ENOUGH:
            last, sure, waiting = at, {**sure, **waiting}, {}
    if not last:
        return None
    shown = sorted((sign for sign, points in sure.items() if points >= 1), key=lambda sign: -sure[sign])
    return Spill(tuple(piece.row for piece in run[: last + 1]), tuple(shown[:_REASONS]))


def _signs(run: Sequence[Piece]) -> dict[str, float]:
    """What speaks for (and against) the last piece of a run being a part of the text that its first one begins."""
    head, piece = run[0], run[-1]
    if any(each.text == piece.text for each in run[:-1]):
        return {"": -9}  # filled down, not spilled
    signs = _form_signs(run)
    if piece.stray:
        same = {"说的是前一行的事": 1.5} if piece.words & (head.topic | head.words) else {}
        return {**signs, **same, "文字落到了不属于任何任务的行": 3.0}
    signs |= _topic_signs(head, piece)
    if piece.busy:
        signs["另有填写"] = -2.5
    elif head.busy:
        signs["这些行没有填写其他栏目"] = 1.5
    if piece.before:
        shared = len(_words(piece.before) & piece.words)
        signs["接着上期"] = -3.0 if shared >= max(3, len(_words(piece.before)) // 4) else 0.0
    return signs


def _form_signs(run: Sequence[Piece]) -> dict[str, float]:
    """What the form of a text says: its numbering, how the one before ends, how it begins."""
    before, piece = run[-2], run[-1]
    signs = {**_numbering(run), **_broken_off(before.text, piece.text)}
    if _CONNECTED.match(piece.text) or _GOES_ON.match(piece.text):
        signs["以“同时”“其次”等接续的话开头"] = 3.0 if _CONNECTED.match(piece.text) else 1.5
    if piece.text[0] in _NEVER_FIRST and len(piece.text) >= _SENTENCE:
        signs["以标点开头"] = 4.5
    if _CLOSING.fullmatch(piece.text.strip()):
        signs["像是一份材料的落款"] = 4.5
    if _TITLE.fullmatch(piece.text.strip()):
        signs["像是一份材料的小标题"] = 2.0
    return signs


def _numbering(run: Sequence[Piece]) -> dict[str, float]:
    """Whether the numbering of the pieces before goes on."""
    before, piece = run[-2], run[-1]
    heading = piece.heading
    if heading is None:
        return {}
    if heading.number == 1:
        return {"编号前后相接": 3.0} if before.text.rstrip().endswith(("：", ":")) else {}
    earlier = [each.heading for each in run[:-1] if each.heading]
    follows = any(each.kind == heading.kind and each.number == heading.number - 1 for each in earlier)
    if follows or any(_has_ordinal(each.text, heading.before) for each in run[:-1]):
        return {"编号前后相接": 2.0 if piece.numbered_as_task else 4.5}
    return {} if _has_ordinal(piece.text, heading.before) else {"编号不是从一开始": 3.0}


def _broken_off(before: str, text: str) -> dict[str, float]:
    """Whether the piece before was broken off in the middle of what it says."""
    points = 0.0
    if unclosed := _left_over(before):
        points = 4.5 if unclosed & _left_over(text, ends=True) else 1.5
    elif not _ends(before) and _wrapped(before, text):
        points = 1.5
    if before.rstrip().endswith(_BROKEN_OFF) and len(before) >= _SENTENCE:
        points = max(points, 3.0)
    elif before.rstrip().endswith(("；", ";")):
        points = max(points, 1.5)
    return {"上一行的话没有说完": points} if points else {}


def _topic_signs(head: Piece, piece: Piece) -> dict[str, float]:
    """Of which task a piece speaks: of its own, of the first row's, or of none."""
    own = piece.words & (piece.topic - head.topic)
    first = piece.words & (head.topic - piece.topic)
    if own:
        return {_OWN: -2.0 - min(len(own), 4)}
    if first:
        return {"说的是前一行的任务，没有提到本行的": 2.5 if len(first) > 1 else 1.0}
    talks = piece.words & head.words
    if len(talks) >= 3:
        return {"说的是前一行的事，没有提到本行的任务": 1.5}
    return {"没有提到本行的任务": 0.5} if piece.topic else {}


# --- reading a text -------------------------------------------------------------------


@dataclass(frozen=True)
class _Ordinal:
    """A number that a text begins with, and how it is written (（一）, 1., 一是)."""

    kind: str
    number: int

    @property
    def before(self) -> str:
        """The number before it, as it would be written."""
        return _written(self.kind, self.number - 1)


_AS_TASKS = frozenset(("{}.", "{}）"))  # as the column 序号 prints them
_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "（{}）": re.compile(rf"[（(]([{_CHINESE}]{{1,3}})[）)]"),
    "（{}) ": re.compile(r"[（(](\d{1,2})[）)]"),
    "{}、": re.compile(rf"([{_CHINESE}]{{1,3}})、"),
    "{}.": re.compile(r"(\d{1,2})\s?[.．、](?!\d)"),
    "{}）": re.compile(r"(\d{1,2})[）)]"),
    "{}是": re.compile(rf"([{_CHINESE}])是"),
    "第{}": re.compile(rf"第([{_CHINESE}])[，、,]"),
    "{}": re.compile(rf"([{_CIRCLED}])"),
}
_CONNECTED = re.compile(
    "其次|再次|最后，|此外|另外|另一方面|与此同时|同时，|同时对|并且|并对|并于|并由|并在|以及|而且|因此|从而|为此|综上|总之|其中[，：:]|不仅如此|在此基础上|以上"
)
_GOES_ON = re.compile(
    "其中|同时|并|下一步|下步|存在的?(?:主要)?问题|(?:主要|具体)(?:做法|措施|成效)|接下来|此项|上述|该项?"
)
_CLOSING = re.compile(
    r"(?:特此(?:报告|汇报|说明)|以上(?:报告|汇报|情况).{0,10}|专此报告|妥否，请批示|请审阅|此复|\S{2,14}(?:局|委|厅|办|办公室|政府|委员会|中心|公司)|20\d\d年\d{1,2}月\d{1,2}日)[。.]?"
)
_TITLE = re.compile(r".{2,16}[：:]|[（(]?[一二三四五六七八九十]+[）)、].{2,14}")
_SENTENCE = 5  # characters from where on a text says something
_BROKEN_OFF = tuple("，、：,:（“")
_NEVER_FIRST = "，。；、）”)》,;"
_PAIRED = ("（）", "“”", "《》")
_ENDINGS = tuple("。！？；!?;.”）)…")
_COMMON = frozenset(
    pair
    for word in (
        "工作 推进 建设 完成 项目 进展 情况 任务 目标 开展 加强 全面 积极 正在 累计"
        " 以上 全市 全县 全省 全区 本市 本县 实施 落实 推动 提升 提高 促进 发展 加快"
        " 力度 进一步 相关 单位 部门 组织 会议 召开 印发 方案 计划 年度 季度 上半年"
        " 下半年 月底 不断 深入 做好 重点 有效 管理 服务 持续 继续 确保 各项 要求"
        " 按照 有关 机制 制度 体系 改造 新建 启动 达到 同比 增长 万元 亿元 目前 已经"
        " 覆盖 支持 保障 其中 主要 总体 稳步 有序"
    ).split()
    for pair in pairs(word)
)
_LETTERS = re.compile("[\u4e00-\u9fffa-z]{2,}")


@lru_cache(maxsize=1_000)
def _words(text: str) -> frozenset[str]:
    """The pairs of characters that a text is known by: no figures, none of what every report says."""
    return frozenset(pair for part in _LETTERS.findall(fold(text)) for pair in pairs(part)) - _COMMON


def _ordinal(text: str) -> _Ordinal | None:
    for kind, form in _FORMS.items():
        if found := form.match(text.lstrip()):
            sign = found[1]
            number = _CIRCLED.index(sign) + 1 if sign in _CIRCLED else parse_numeral(sign)
            return _Ordinal(kind, number) if number else None
    return None


def _written(kind: str, number: int) -> str:
    if not 1 <= number <= 10:
        return ""
    sign = {"{}": _CIRCLED, "（{}) ": None, "{}.": None, "{}）": None}.get(kind, _CHINESE)
    return kind.strip().format(sign[number - 1] if sign else number)


def _has_ordinal(text: str, ordinal: str) -> bool:
    return bool(ordinal) and ordinal.replace(")", "）") in text.replace("(", "（").replace(")", "）")


def _ends(text: str) -> bool:
    return text.rstrip().endswith(_ENDINGS)


def _left_over(text: str, ends: bool = False) -> set[str]:
    """The brackets and quotations that a text opens and does not close (with ``ends``: closes and did not open)."""
    odd = {pair: text.count(pair[0]) - text.count(pair[1]) for pair in _PAIRED}
    return {pair for pair, more in odd.items() if (more < 0 if ends else more > 0)}


def _wrapped(before: str, piece: str) -> bool:
    """Lines of a document that broke where the page ended: long, without a full stop, followed by more."""
    return len(before) >= 18 and (len(piece) <= len(before) + 3)
