"""Files put in their places: what a person changed is never replaced, whatever becomes of the names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from taskkit.errors import OutputError
from taskkit.saving import Saved, save


def is_ours(data: bytes) -> bool:
    return data.startswith(b"ours")


def put(path: Path, text: str) -> Saved:
    return save(text.encode(), path, is_ours)


def edited(path: Path, text: str, when: int = 0) -> Path:
    path.write_text(text, "utf-8")
    if when:
        os.utime(path, (when, when))
    return path


def test_a_file_goes_where_nothing_stands_and_folders_are_made(tmp_path):
    path = tmp_path / "新的" / "报告.txt"
    assert Saved(path) == put(path, "ours 1")
    assert [path] == list(path.parent.iterdir())


def test_one_that_nobody_changed_is_replaced_and_what_it_held_comes_back(tmp_path):
    path = tmp_path / "报告.txt"
    put(path, "ours 1")
    assert Saved(path, None, b"ours 1") == put(path, "ours 2")
    assert Saved(path) == put(path, "ours 2"), "the same again replaces nothing"


def test_but_one_that_a_person_changed_stays_and_the_new_one_stands_beside_it(tmp_path):
    path = edited(tmp_path / "报告.txt", "改过")
    new = tmp_path / "报告（新）.txt"
    assert Saved(new, path) == put(path, "ours 1")
    assert Saved(new, path, b"ours 1") == put(path, "ours 2")
    assert "改过" == path.read_text("utf-8")


def test_a_new_one_that_was_changed_too_stays_and_the_one_changed_last_is_named(tmp_path):
    path = edited(tmp_path / "报告.txt", "改过", 1_000)
    new = edited(tmp_path / "报告（新）.txt", "也改过", 2_000)
    assert Saved(tmp_path / "报告（新2）.txt", new) == put(path, "ours 1")
    os.utime(path, (3_000, 3_000))
    assert path == put(path, "ours 1").kept


def test_a_file_that_another_program_holds_is_left_alone(tmp_path, monkeypatch):
    path = edited(tmp_path / "报告.txt", "ours 1")
    read = Path.read_bytes

    def refuse(self):
        if self == path:
            raise PermissionError(13, "in use")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert Saved(tmp_path / "报告（新）.txt", path) == put(path, "ours 2")


def test_a_folder_of_that_name_and_too_many_versions_are_refused(tmp_path):
    (tmp_path / "报告.txt").mkdir()
    with pytest.raises(OutputError, match="是文件夹"):
        put(tmp_path / "报告.txt", "ours")
    path = edited(tmp_path / "月报.txt", "改过")
    edited(tmp_path / "月报（新）.txt", "改过")
    for number in range(2, 99):
        edited(tmp_path / f"月报（新{number}）.txt", "改过")
    with pytest.raises(OutputError, match="太多改动过的版本"):
        put(path, "ours")


def test_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(OutputError, match="换一个短的文件名"):
        put(tmp_path / f"{'长' * 300}.txt", "ours")


def test_why_nothing_could_be_written_is_said_in_words_of_a_clerk(tmp_path):
    (tmp_path / "台账").write_text("是个文件", "utf-8")
    with pytest.raises(OutputError, match=r"（路径中间有一个不是文件夹）"):
        put(tmp_path / "台账" / "报告.txt", "ours")
    with pytest.raises(OutputError, match=r"（文件名太长）"):
        put(tmp_path / ("长" * 300 + ".txt"), "ours")
