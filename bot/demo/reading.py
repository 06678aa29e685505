"""Reading the demo's YAML files."""

from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C reads ten times as fast; not every platform has it."""


def read_yaml(path: Path) -> Any:
    """Return what a file holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  both are safe
