"""``gwports-catalog convert``, and its options and questions for the same command of NetBox."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import yaml

from ..convert import KINDS, Answers, ConversionError, Draft, Head, Question, convert
from .files import FileError, read_bytes, read_text, write

__all__ = ('Refused', 'add_arguments', 'add_convert', 'run')

# A workbook may be larger than its text
MOST_BYTES = 10_000_000
# Answers to questions about several things are pairs: "*=optional"
PAIRS = ('columns', 'footnotes', 'zones')


class Refused(Exception):
    """Nothing was converted; as text, why."""


def add_convert(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    parser = commands.add_parser('convert', help="Convert a vendor's table to a draft of a catalog")
    add_arguments(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    try:
        draft = run(vars(options), out, err)
    except Refused as e:
        err.write(f'{e}\n')
        return 2
    return int(bool(draft.undecided))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add('file', help='The table; - reads standard input')
    add('--manufacturer', required=True)
    add('--name', required=True, help='The product')
    add('--release', required=True, help='Its version')
    add('--slug', default='', help='Default: derived from manufacturer, name and release')
    add('--kind', choices=KINDS, help='Default: detected')
    add('--output', type=Path, help='Write the draft, with its doubts as comments, to this file')
    add('--force', action='store_true', help='Overwrite the file')
    answers = parser.add_argument_group('answers')
    add = answers.add_argument
    add('--answers', metavar='FILE', help='Take the answers from an earlier draft')
    add('--column', action='append', dest='columns', metavar='HEADING=FIELD', help='What a column contains')
    add('--table', action='append', dest='tables', type=int, metavar='NUMBER', help='Read only this table, from 1')
    add('--itself', metavar='TEXT, TEXT', help='What the table calls the product')
    add('--direction', choices=('inbound', 'outbound'), help='Of rows that state none')
    add('--protocol', choices=('tcp', 'udp', 'tcp/udp'), help='Of ports that state none')
    add('--comma', choices=('ports', 'thousands'), help='What a comma between digits separates')
    add('--footnote', action='append', dest='footnotes', metavar='MARK=remark|optional|undecided')
    add('--zone', action='append', dest='zones', metavar='[REMOTE=]ZONE', help='Of remotes that are not known')
    add('--any-ports', choices=('undecided',), help='Leave rows with every port undecided')
    add('--no-questions', action='store_true', help='Do not ask, even on a terminal')


def run(options: dict[str, Any], out: TextIO, err: TextIO, ask: Callable[[str], str] | None = None) -> Draft:
    """Convert as ``options`` say, ask on a terminal, and write the draft. ``ask`` replaces the terminal.

    Raises Refused with an error in one line.
    """
    output = options.get('output')
    try:
        if output and output.exists() and not options.get('force'):
            raise FileError(f'{output} already exists: use another file name, or --force.')
        source = read_bytes(options['file'], MOST_BYTES)
        answers = _answers(options)
        ask = ask or _terminal(options)
        draft = _draft(options, source, answers)
        seen: set[str] = set()
        while ask and (open_questions := [q for q in draft.questions if q.name not in seen]):
            seen |= {question.name for question in open_questions}
            answers = _joined(answers, _asked(open_questions, ask, err))
            draft = _draft(options, source, answers)
        if output:
            write(output, draft.commented(), force=True)
    except (FileError, ConversionError) as e:
        name = '' if isinstance(e, FileError) else f'{options["file"]}: '
        raise Refused(f'{name}{e}') from None
    _report(draft, output, out, err)
    return draft


def _draft(options: dict[str, Any], source: bytes, answers: dict[str, Any]) -> Draft:
    head = Head(options['manufacturer'], options['name'], options['release'], options.get('slug') or '')
    return convert(source, head=head, kind=options.get('kind'), answers=Answers.of(answers))


def _report(draft: Draft, output: Path | None, out: TextIO, err: TextIO) -> None:
    for doubt in draft.doubts:
        if not output:
            err.write(f'{doubt}\n')
    if output:
        total = f'{draft.rows} of {len(draft.table)} rows'
        out.write(f'{output}: {total}, {len(draft.undecided)} undecided, {len(draft.doubts)} doubts\n')
    else:
        out.write(draft.text)
    for question in draft.questions:
        err.write(f'question {_shown(question)}\n')


def _shown(question: Question) -> str:
    numbers = ', '.join(map(str, question.rows[:10])) + (', …' if len(question.rows) > 10 else '')
    about = f' {"; ".join(question.about)}' if question.about else ''
    options = f'; answers: {", ".join(question.options)}' if question.options else ''
    return f'{question.name}{f" (rows {numbers})" if numbers else ""}: {question.text}{about}{options}'


def _terminal(options: dict[str, Any]) -> Callable[[str], str] | None:
    """Asks where somebody sits: standard input is a terminal, and not the table."""
    if options.get('no_questions') or options['file'] == '-' or not (sys.stdin and sys.stdin.isatty()):
        return None
    return input


def _asked(asked: list[Question], ask: Callable[[str], str], err: TextIO) -> dict[str, Any]:
    """The answers that were given; an empty line leaves a question open."""
    found: dict[str, Any] = {}
    for question in asked:
        err.write(f'{_shown(question)}\n')
        try:
            if question.name in PAIRS:
                pairs = {about: ask(f'  {about}: ').strip() for about in question.about}
                answer: Any = {about: text for about, text in pairs.items() if text}
            else:
                answer = _plain(question.name, ask('  ').strip())
        except (EOFError, KeyboardInterrupt):
            return {}
        if answer:
            found[question.name] = answer
    return found


def _joined(answers: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**answers, **{k: {**answers.get(k, {}), **v} if isinstance(v, dict) else v for k, v in more.items()}}


def _plain(name: str, text: str) -> Any:
    """The answer in a text: lists are separated by commas."""
    if name == 'itself':
        return [part.strip() for part in text.split(',') if part.strip()]
    if name == 'tables':
        return [part.strip() for part in text.split(',') if part.strip()]
    return text


def _answers(options: dict[str, Any]) -> dict[str, Any]:
    """Those of an earlier draft, and those of the options."""
    found: dict[str, Any] = _remembered(options['answers']) if options.get('answers') else {}
    given = {name: options.get(name) for name in ('tables', 'direction', 'protocol', 'comma', 'any_ports')}
    given['itself'] = _plain('itself', options.get('itself') or '')
    for name in PAIRS:
        pairs = [text.rpartition('=') for text in options.get(name) or ()]
        if any(not separator and name != 'zones' for _, separator, _ in pairs):
            raise FileError(f'--{name.removesuffix("s")} needs a text, =, and the answer')
        given[name] = {key.strip() or '*': value.strip() for key, _, value in pairs}
    return _joined(found, {name: value for name, value in given.items() if value})


def _remembered(name: str) -> dict[str, Any]:
    """The answers in a draft. They are checked later."""
    try:
        data = yaml.safe_load(read_text(name))
    except yaml.YAMLError:
        raise FileError(f'{name}: is not valid YAML') from None
    answers = ((data or {}).get('draft') or {}).get('answers') if isinstance(data, dict) else None
    if not isinstance(answers, dict):
        raise FileError(f'{name}: has no answers: use a draft of the converter')
    return answers
