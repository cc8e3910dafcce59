"""Findings of issuing workbooks."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "date-provisional",
        "note",
        "{year}年的放假安排尚未公布，按工作日算出的报送日期为暂定（只按周末推算）",
        "公布后请核对；本单位知道的，写在 words/calendar.toml 里再生成",
    ),
    Kind("file-kept", "doubt", "“{name}”已被改动过，没有覆盖", "如已填好请先收回；需要新表的，请移走它后再生成"),
    Kind(
        "sheet-left-out",
        "note",
        "模板里没有工作表“{sheet}”，表格里也就没有",
        "要用的话，请把自带模板里的这张表复制过来，再用 taskkit templates --check 检查",
    ),
    Kind(
        "row-too-tall",
        "doubt",
        "文字太长，一行最高409磅，末尾几行显示和打印时看不到",
        "请加宽模板里这一列，或精简方案里的文字后重新生成",
    ),
    Kind(
        "supplement-withdrawn",
        "doubt",
        "补发给“{units}”的配合单位进展，内容已全部撤回；发送清单和压缩包不再列入，文件仍在文件夹里",
        "已经发出的，请告诉这些单位不再使用",
    ),
    Kind("file-other", "doubt", "“{name}”是另一份方案或另一期的表，没有覆盖", "请用 --out 另指定一个文件夹"),
    Kind(
        "asked-before",
        "note",
        "“{unit}”另有{count}项任务已在别的表里要求报送，{form}表里不再重复",
        "请提醒该单位两张表都要报",
    ),
)
