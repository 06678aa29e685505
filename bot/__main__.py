"""`ember` and `python -m bot`: the command line, quiet when Ctrl+C comes while it is still being loaded."""

from bot.interrupts import ends_at_once


def main() -> None:
    """Run the command line."""
    with ends_at_once():
        from bot.cli import cli
    cli()


if __name__ == "__main__":
    main()
