"""Where the `canteen` command begins, also as `python -m bot`."""

import gc


def main() -> None:
    """Load the command line and run it."""
    # Nothing that is being loaded is garbage: looking for some takes a fifth of the time.
    gc.disable()
    from bot.cli import main as run

    run()


if __name__ == "__main__":
    main()
