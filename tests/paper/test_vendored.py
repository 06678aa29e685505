"""What the page ships of other people's code is what its makers published, and we may ship it."""

import hashlib

import pytest

from tools.vendor import LICENCES, SHELF, Package, heading, recipe

PERMISSIVE = {"MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause"}
PACKAGES = recipe()


def by_name(package: Package) -> str:
    return package.name


@pytest.mark.parametrize("package", PACKAGES, ids=by_name)
def test_a_shipped_file_is_the_pinned_one(package):
    for one in package.files:
        assert hashlib.sha256((SHELF / one.name).read_bytes()).hexdigest() == one.sha256, one.name


@pytest.mark.parametrize("package", PACKAGES, ids=by_name)
def test_a_package_is_licensed_to_be_shipped_and_its_licence_goes_with_it(package):
    assert package.licence in PERMISSIVE
    assert package.integrity.startswith("sha512-")
    assert heading(package) in (SHELF / LICENCES).read_text(encoding="utf-8").splitlines()


def test_nothing_is_shipped_that_the_recipe_does_not_name():
    named = {one.name for package in PACKAGES for one in package.files}
    assert {path.name for path in SHELF.iterdir()} == named | {LICENCES}
