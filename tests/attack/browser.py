"""An installed Chromium, signed in to NetBox; the tests that need it are skipped, with a word, where there is none."""

import contextlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

from demo.prepare import USERNAME

__all__ = ('browser_page',)

PROGRAMS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')


@contextlib.contextmanager
def browser_page(url, password=USERNAME):
    """A page of a browser in which the administrator is signed in."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip('No Chromium is installed: this test looks at pages in a browser.')
    with sync_playwright() as playwright:
        arguments = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        page = browser.new_page()
        page.goto(f'{url}/login/')
        page.fill('input[name=username]', USERNAME)
        page.fill('input[name=password]', password)
        page.click('button[type=submit]')
        page.wait_for_load_state()
        yield page
        browser.close()
