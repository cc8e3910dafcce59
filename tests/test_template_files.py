"""The shipped templates copied out for an office to change."""

from __future__ import annotations

import pytest

from taskkit.errors import UsageError
from taskkit.settings import Settings
from taskkit.template_files import Outcome, copy_templates, shipped_templates


def test_all_templates_and_words_are_copied_as_they_are(tmp_path):
    copied = copy_templates(tmp_path / "本局模板")

    assert {"workbooks/plan.xlsx", "reports/progress.docx", "words/states.toml"} <= set(shipped_templates())
    assert {Outcome.WRITTEN} == {each.outcome for each in copied}
    for each in copied:
        assert Settings().template(each.name) == each.path.read_bytes()


def test_a_copied_folder_is_one_that_commands_take(tmp_path):
    copy_templates(tmp_path)

    assert Settings().states() == Settings(tmp_path).states()


def test_what_an_office_has_changed_stays_and_what_is_missing_comes_back(tmp_path):
    copy_templates(tmp_path)
    (tmp_path / "words/states.toml").write_text("# 本局的叫法", encoding="utf-8")
    (tmp_path / "workbooks/plan.xlsx").unlink()

    outcomes = {each.name: each.outcome for each in copy_templates(tmp_path)}
    assert Outcome.KEPT == outcomes["words/states.toml"]
    assert Outcome.WRITTEN == outcomes["workbooks/plan.xlsx"]
    assert Outcome.SAME == outcomes["reports/progress.docx"]
    assert "# 本局的叫法" == (tmp_path / "words/states.toml").read_text(encoding="utf-8")


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path):
    (tmp_path / "模板").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="不是文件夹"):
        copy_templates(tmp_path / "模板")
