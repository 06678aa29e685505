"""One demo at a time for a database: the file that a running one holds on to, and where it answers."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.demo.files import NotHere

if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 20  # what is locked can't be read there, and the address stands at the beginning

    def _claim(file: IO[bytes]) -> None:
        file.seek(FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _claim(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(path: Path, address: str) -> Iterator[None]:
    """Hold a file until the block or the process ends.  Raises NotHere with the address of a demo that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _claim(file)
        except OSError as error:
            file.seek(0)
            there = file.read().decode()
            where = f"at {there}: open that" if there else "on these files: use that"
            raise NotHere(f"A demo runs already {where}, or stop it first.") from error
        file.truncate(0)
        file.write(address.encode())
        file.flush()
        yield
