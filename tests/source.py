"""Find the project's own source files."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "models")


def python_files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
