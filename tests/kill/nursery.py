"""Bear processes of the product in milliseconds: forked from one that has read all modules.

One JSON object a line on standard input asks for a process; lines on standard output tell births and deaths.
It ends, and its children with it, when its input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import bot.app
from tests.kill import victim


class Nursery:
    """Fork, and reap."""

    def __init__(self) -> None:
        self._alive: set[int] = set()

    def run(self) -> None:
        """Serve until the input ends."""
        bot.app.load_features()
        signal.signal(signal.SIGCHLD, lambda _number, _frame: self._reap())
        tell("ready")
        try:
            for line in sys.stdin:
                self._bear(json.loads(line))
        finally:
            for child in list(self._alive):
                os.kill(child, signal.SIGKILL)

    def _bear(self, told: dict[str, Any]) -> None:
        # A child that dies at once is reaped after its birth was told.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            live(told)
        self._alive.add(child)
        tell("born", child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})

    def _reap(self) -> None:
        while self._alive:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self._alive.discard(child)
            tell("died", child, os.waitstatus_to_exitcode(status))


def live(told: dict[str, Any]) -> None:
    """Be the child: take on its surroundings and run the command; never return."""
    status = 1
    try:
        os.chdir(told["folder"])
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        os.environ.update(told["environment"])
        victim.main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def tell(*words: object) -> None:
    """Write a line at once, from a signal's handler, too."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


if __name__ == "__main__":
    Nursery().run()
