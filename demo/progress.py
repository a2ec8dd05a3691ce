"""What is being done, and how long it takes. Standard library only: the bootstrap uses it too."""

import contextlib
import os
import sys
import threading
import time

__all__ = ('fail', 'say', 'step')

# The bootstrap's, also in the processes after it
STARTED = float(os.environ.setdefault('DEMO_STARTED', repr(time.time())))


def say(text: str):
    """One line with the seconds since the command began."""
    # A terminal or pipe that was closed must not keep us from stopping what we started
    with contextlib.suppress(OSError, ValueError):
        print(f'[{time.time() - STARTED:6.1f} s] {text}', flush=True)


@contextlib.contextmanager
def step(text: str):
    """Say what is done now when it takes longer than a second, that it goes on, and in the end how long it took."""
    done, began = threading.Event(), time.time()

    def announce():
        if not done.wait(1):
            say(f'{text} ...')
        while not done.wait(15):
            say(f'{text} ... {time.time() - began:.0f} s')

    threading.Thread(target=announce, daemon=True).start()
    try:
        yield
    except BaseException:
        done.set()
        raise
    done.set()
    say(f'{text}: {time.time() - began:.1f} s')


def fail(message: str):
    """End the command with a message that names the mend."""
    sys.exit(f'error: {message}')
