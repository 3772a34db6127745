"""Every address that Holdfast answers has a name, so that no page, mail or test spells one out."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(found: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def test_every_address_has_a_name():
    assert not [address for address, one in patterns(get_resolver().url_patterns) if not one.name]
