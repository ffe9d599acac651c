"""`python -m bot` is the `canteen` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
