"""Progress messages with timing. Standard library only, because the bootstrap imports it."""

import contextlib
import os
import sys
import threading
import time

__all__ = ('fail', 'say', 'step')

# Set by the bootstrap, and inherited by later processes
STARTED = float(os.environ.setdefault('DEMO_STARTED', repr(time.time())))


def say(text: str):
    """Print one line with the seconds since the command started."""
    # A closed terminal or pipe must not prevent us from stopping our processes
    with contextlib.suppress(OSError, ValueError):
        print(f'[{time.time() - STARTED:6.1f} s] {text}', flush=True)


@contextlib.contextmanager
def step(text: str):
    """Report a step that takes longer than a second, that it continues, and finally how long it took."""
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
    """Exit with a message that says how to fix the problem."""
    sys.exit(f'error: {message}')
