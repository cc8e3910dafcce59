"""The county of the tests of kinds of return: issued once for all of them."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.returned.kinds")  # so that a failure shows what was told

from tests.returned.county import County, make_county  # noqa: E402


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return make_county(tmp_path_factory.mktemp("county"))
