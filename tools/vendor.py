"""`make vendor`: fetch the pinned libraries of the playground's page into its folder, as their makers published them.

Needs npm here, on a maintainer's machine; NPM_CONFIG_REGISTRY names another registry, as always.  The page's users need
neither npm nor Node.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
RECIPE = HOUSE / "tools" / "vendor.toml"
SHELF = HOUSE / "bot" / "playground" / "page" / "static" / "vendor"
LICENCES = "LICENSES"


class Altered(Exception):
    """What came from the registry is not what was pinned."""


@dataclass(frozen=True)
class Shipped:
    """One file: where it is in the package, what it is called here, the sum it must have."""

    source: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """One pinned package; `integrity` is "sha512-" and the sum of the tarball in base64."""

    name: str
    version: str
    licence: str
    licence_file: str
    integrity: str
    files: tuple[Shipped, ...]


def recipe() -> list[Package]:
    """Return what is pinned, in order."""
    read: list[dict[str, Any]] = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["package"]
    return [
        Package(**{**one, "files": tuple(Shipped(each["from"], each["to"], each["sha256"]) for each in one["files"])})
        for one in read
    ]


def fetch(package: Package, into: Path) -> Path:
    """Return the package's tarball, checked against its pin; raises Altered."""
    pinned = f"{package.name}@{package.version}"
    command = ["npm", "pack", pinned, "--silent", "--ignore-scripts", "--pack-destination", str(into)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=into)  # noqa: S603  names are pinned
    tarball = into / told.stdout.split()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise Altered(f"{pinned} has the sum {found}, pinned is {package.integrity}")
    return tarball


def unpack(package: Package, tarball: Path) -> tuple[dict[str, bytes], str]:
    """Return the files to ship by name, and the licence's text; raises Altered."""
    with tarfile.open(tarball) as bundle:
        files = {one.name: _read(bundle, one.source) for one in package.files}
        licence = _read(bundle, package.licence_file).decode()
    for one in package.files:
        if (found := hashlib.sha256(files[one.name]).hexdigest()) != one.sha256:
            raise Altered(f"{one.source} of {package.name} has the sum {found}, pinned is {one.sha256}")
    return files, licence


def _read(bundle: tarfile.TarFile, path: str) -> bytes:
    inside = bundle.extractfile(f"package/{path}")
    if inside is None:
        raise Altered(f"{path} is not a file")
    with inside:
        return inside.read()


def heading(package: Package) -> str:
    """Return the line above a package's licence text."""
    names = ", ".join(one.name for one in package.files)
    return f"{package.name} {package.version} ({package.licence}): {names}"


def main() -> None:
    """Fetch everything, check it all, and only then write."""
    shelf: dict[str, bytes] = {}
    licences: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in recipe():
            files, licence = unpack(package, fetch(package, Path(folder)))
            shelf |= files
            licences.append(f"{heading(package)}\n\n{licence.strip()}\n")
    SHELF.mkdir(parents=True, exist_ok=True)
    for left_over in {path.name for path in SHELF.iterdir()} - {*shelf, LICENCES}:
        (SHELF / left_over).unlink()
    for name, content in shelf.items():
        (SHELF / name).write_bytes(content)
    (SHELF / LICENCES).write_text(f"\n{'=' * 80}\n\n".join(licences), encoding="utf-8")
    sys.stdout.write(f"{len(shelf)} files in {SHELF.relative_to(HOUSE)}\n")


if __name__ == "__main__":
    main()
