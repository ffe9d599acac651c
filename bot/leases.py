"""What only one process may do at a time, taken over in seconds from one that died."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from models.messaging import Lease

LIFE: Final = timedelta(seconds=8)


class Leases:
    """This process's hand on leases. They run on the world's time, also where the house's clock is moved."""

    def __init__(self) -> None:
        self._host = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
        self.me = f"{self._host}:{os.getpid()}:{secrets.token_hex(4)}"

    async def hold(self, name: str) -> bool:
        """Take or keep a lease; False while another living process holds it."""
        now = Clock().now()
        if await Lease.hold(name, self.me, now, now + LIFE):
            return True
        holder = await Lease.get_or_none(name=name)
        if holder is not None and self._dead(holder.owner):
            await Lease.filter(name=name, owner=holder.owner).update(until=now - LIFE)
            return await Lease.hold(name, self.me, now, now + LIFE)
        return False

    async def release(self) -> None:
        """Give back all that is held, so that another machine need not wait for it to run out."""
        await Lease.filter(owner=self.me).delete()

    def _dead(self, owner: str) -> bool:
        """Tell whether a holder was a process of this machine that is no more; its lease need not run out."""
        host, _colon, rest = owner.partition(":")
        pid = rest.partition(":")[0]
        if host != self._host or not pid.isdigit():
            return False
        if int(pid) == os.getpid():
            return owner != self.me
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False
