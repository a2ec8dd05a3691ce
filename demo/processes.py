"""Starts and stops the processes of one run, and finds those of an earlier run."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .paths import ROOT
from .progress import fail

__all__ = ('Processes', 'command_of', 'end', 'foreground')

SET_PDEATHSIG = 1


class Processes:
    """The servers of one run, stopped in the reverse order of their start.

    They are recorded in the file ``record``, so that the next run finds those left behind by a kill -9.
    """

    def __init__(self, record: Path):
        self.record = record
        self.started = []

    def start(self, command, stop_with=signal.SIGTERM, **options) -> subprocess.Popen:
        """Start a server in its own session, so that Ctrl-C only reaches us and we stop the servers in order."""
        command = [str(part) for part in command]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # Runs after the change of user, which would clear the setting
            preexec_fn=_dies_with(os.getpid(), stop_with) if sys.platform == 'linux' else None,
            **options,
        )
        self.started.append((process, stop_with))
        running = [[process.pid, ' '.join(process.args), int(how)] for process, how in self.started]
        self.record.write_text(json.dumps(running))
        return process

    def stop(self):
        """Stop the remaining servers, the last one first."""
        while self.started:
            process, how = self.started.pop()
            if process.poll() is None:
                process.send_signal(how)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    # Including its children, while the PID is still its own
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.record.unlink(missing_ok=True)

    def sweep(self):
        """Stop servers left behind by an earlier run. The caller holds the lock, so they are not in use."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            for pid, command, how in reversed(json.loads(self.record.read_text())):
                # The PID may belong to another process by now
                if command_of(pid) == command:
                    end(pid, how)
        self.record.unlink(missing_ok=True)


def _dies_with(parent: int, how: int):
    """On Linux the kernel sends the signal ``how`` when we die for any reason."""
    prctl = ctypes.CDLL(None).prctl

    def in_child():
        prctl(SET_PDEATHSIG, int(how))
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def command_of(pid: int) -> str:
    """The command line of a process, or '' if it does not exist."""
    with contextlib.suppress(OSError):
        return Path(f'/proc/{pid}/cmdline').read_bytes().rstrip(b'\0').replace(b'\0', b' ').decode(errors='replace')
    with contextlib.suppress(OSError):
        shown = subprocess.run(['ps', '-ww', '-o', 'command=', '-p', str(pid)], capture_output=True, text=True)
        return shown.stdout.strip()
    return ''


def end(pid: int, how=signal.SIGTERM, patience=20):
    """End a process that is not our child."""
    command, until = command_of(pid), time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        while command_of(pid) == command:
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


def foreground(command, env=None) -> int:
    """Run a command on our terminal and return its exit code. On an interrupt it is given time to clean up."""
    try:
        process = subprocess.Popen([str(part) for part in command], env=env, cwd=ROOT)
    except OSError as error:
        fail(f'{command[0]} cannot be run: {error.strerror}')
    try:
        return process.wait()
    except KeyboardInterrupt as interrupt:
        # Ctrl-C has reached it as well; other signals have only reached us
        if interrupt.args != (signal.SIGINT,):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
