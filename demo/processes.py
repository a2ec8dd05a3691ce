"""Starting and stopping what the demo needs, and saying how long it takes."""

import ctypes
import os
import signal
import subprocess
import sys
import time

__all__ = ('say', 'start', 'stop')

STARTED = float(os.environ.get('DEMO_STARTED', time.time()))
SET_PDEATHSIG = 1


def say(text):
    print(f'[{time.time() - STARTED:5.1f}s] {text}', flush=True)


def start(command, death=signal.SIGTERM, **options):
    """Start a process in a session of its own, so that Ctrl-C reaches us alone and we stop things in order.

    On Linux it gets the signal ``death`` when we die without a word (kill -9).
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        # After the change of user, which would clear it
        preexec_fn=_dies_with_us(death) if sys.platform == 'linux' else None,
        **options,
    )


def _dies_with_us(death):
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(SET_PDEATHSIG, int(death))


def stop(process, how=signal.SIGTERM, patience=15):
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
