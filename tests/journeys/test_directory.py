"""An administrator keeps the directory, on a phone and at a desk: every page of it is looked at for access and width."""

from __future__ import annotations

import pytest

from holdfast.directory.snapshot import current_version, load
from tests.journeys.browsing import DESK, PHONE
from tests.journeys.conftest import Opens
from tests.journeys.town import Town

pytestmark = pytest.mark.journey

ADMIN, HERE = "otto-kestrel", "/directory/tideway-community"
PAGES = (
    "/organisation/tideway-community",
    "/team/community-north",
    "/team/new",
    "/team/community-north/roster",
    "/staff/kai-linden",
    "/staff/kai-linden/roles",
    "/absence/new",
    "/service/north-step-up",
    "/contact/new",
)


@pytest.mark.requirement("BEY-08", "BEY-09")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_directory_is_kept(town: Town, opens: Opens, size: dict[str, int]) -> None:
    otto = opens(size)
    otto.sign_in(ADMIN)
    otto.press("Directory", "link", exact=True)
    otto.must_see("Kai Linden")
    otto.must_see("More intensive support at home")
    otto.picture(f"directory-{size['width']}")
    for page in PAGES:
        otto.goes(HERE + page)
        otto.picture(f"{page.strip('/').replace('/', '-')}-{size['width']}")
    otto.goes("/directory/services")
    otto.must_see("Old: ask before you count on it.")
    otto.goes(f"{HERE}/absence/new")
    otto.press("Keep")
    otto.must_see("There is a problem")
    otto.goes("/directory/people/kai-linden/leave")
    otto.must_see("They hold:")
    otto.picture(f"leave-{size['width']}")
    otto.press("Move all of it and end the account")
    otto.must_see("Name who takes it over")
    otto.page.select_option("[name=to]", "rosa-penhale")
    otto.press("Move all of it and end the account")
    otto.must_see("The account of Kai Linden is closed.")
    assert not load(current_version()).staff["kai-linden"].active
