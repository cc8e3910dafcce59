"""The county of the tests of kinds of return: issued once for all of them."""

from __future__ import annotations

import pytest

from tests.returned.county import County, make_county


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return make_county(tmp_path_factory.mktemp("county"))
