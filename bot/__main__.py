"""`ember` and `python -m bot`: the command line, quiet when Ctrl+C comes before a command has begun."""

import sys

from bot.interrupts import ends_at_once

INTERRUPTED = 130
"""What a shell says of a process that Ctrl+C has ended."""


def main() -> None:
    """Run the command line."""
    with ends_at_once():
        from bot.cli import cli
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
