"""Mutation testing of ``netbox_gwports/rules``: make mutants [ARGS="ports cover"], python3 -m demo mutants [MODULE ...]

Each mutant is one small change of one module, such as ``<`` for ``<=`` or a condition left out. The tests of
``tests/pure/rules`` run on it in a child process; a mutant that all of them pass survives and is printed. Those that
change nothing of the behavior are explained in docs/development/mutants.md, with a line here that says which they are:
the command fails for any other.

Options: ``-j N`` (children at a time, one for each core by default), ``--every N`` (each Nth mutant, for a first
impression), ``--list`` (print the mutants, run none).
"""

import ast
import copy
import importlib.abc
import importlib.util
import os
import re
import resource
import sys
import time
from pathlib import Path

# Imported before the children are made, so that each of them starts at once
import hypothesis.strategies  # noqa: F401
import pytest  # noqa: F401
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / 'netbox_gwports' / 'rules'
EXPLAINED = ROOT / 'docs' / 'development' / 'mutants.md'
# CPU seconds: a mutant that loops is noticed
PATIENCE = 120
GOAL = 0.9
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.Mod: ast.Mult,
}  # fmt: skip
CALLED = {'any': 'all', 'all': 'any', 'min': 'max', 'max': 'min', 'sorted': 'list'}


def mutants(source: str):
    """(line, what was changed, tree) of every mutant of a module."""
    tree = ast.parse(source)
    for path, node in _places(tree):
        for what, new in _changes(node):
            yield node.lineno, what, _replaced(tree, path, new)


def _places(tree):
    """(path, node) of what may be changed; a path is the (field, index) steps from the top."""
    open_ = [((), tree)]
    while open_:
        path, node = open_.pop()
        if _is_left_alone(node):
            continue
        if hasattr(node, 'lineno'):
            yield path, node
        for field, value in ast.iter_fields(node):
            if field in ('annotation', 'returns', 'decorator_list', 'type_params', 'bases'):
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    open_.append(((*path, (field, index if isinstance(value, list) else None)), child))


def _is_left_alone(node):
    """Docstrings, imports, types, and the words of messages."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == '__all__':
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, (ast.JoinedStr, ast.TypeAlias, ast.Import, ast.ImportFrom))


def _changes(node):
    """(what, new node) of every small change of one node."""
    change = CHANGES.get(type(node))
    return change(node) if change else ()


def _compare(node):
    for number, operator in enumerate(node.ops):
        new = copy.deepcopy(node)
        new.ops[number] = COMPARED[type(operator)]()
        yield f'{ast.unparse(node)} -> {ast.unparse(new)}', new


def _bool_op(node):
    other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    yield f'{ast.unparse(node)}: {type(other).__name__.lower()}', ast.BoolOp(other, node.values)
    for number, value in enumerate(node.values):
        values = [v for n, v in enumerate(node.values) if n != number]
        new = values[0] if len(values) == 1 else ast.BoolOp(node.op, values)
        yield f'{ast.unparse(node)} without {ast.unparse(value)}', new


def _unary_op(node):
    if isinstance(node.op, ast.Not):
        yield f'{ast.unparse(node)} without not', node.operand


def _bin_op(node):
    if type(node.op) in COMPUTED:
        new = ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
        yield f'{ast.unparse(node)} -> {ast.unparse(new)}', new


def _comprehension(node):
    for number, generator in enumerate(node.generators):
        for place, condition in enumerate(generator.ifs):
            new = copy.deepcopy(node)
            del new.generators[number].ifs[place]
            yield f'without if {ast.unparse(condition)}', new


def _condition(node):
    new = copy.copy(node)
    new.test = ast.UnaryOp(ast.Not(), node.test)
    yield f'if {ast.unparse(node.test)}: not', new


def _return(node):
    if node.value and ast.unparse(node.value) != 'None':
        yield f'{ast.unparse(node)} -> None', ast.Return(ast.Constant(None))


def _statement(node):
    yield f'without {ast.unparse(node)}', ast.Pass()


def _continue(node):
    yield 'continue -> break', ast.Break()


def _constant(node):
    if isinstance(node.value, bool):
        yield f'{node.value} -> {not node.value}', ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield f'{node.value} -> {node.value + 1}', ast.Constant(node.value + 1)
    elif isinstance(node.value, float):
        yield f'{node.value} -> {node.value * 1.5}', ast.Constant(node.value * 1.5)
    elif isinstance(node.value, str):
        yield f'{node.value!r} -> other text', ast.Constant(f'{node.value}XX')


def _call(node):
    name = node.func.id if isinstance(node.func, ast.Name) else ''
    if name in CALLED:
        new = copy.copy(node)
        new.func = ast.Name(CALLED[name], ast.Load())
        new.keywords = [] if CALLED[name] == 'list' else node.keywords
        yield f'{ast.unparse(node)}: {CALLED[name]}', new
    for keyword in node.keywords:
        new = copy.copy(node)
        new.keywords = [k for k in node.keywords if k is not keyword]
        yield f'{ast.unparse(node)} without {keyword.arg or "**"}', new


CHANGES = {
    ast.Compare: _compare,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary_op,
    ast.BinOp: _bin_op,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.If: _condition,
    ast.IfExp: _condition,
    ast.While: _condition,
    ast.Return: _return,
    ast.AugAssign: _statement,
    ast.Expr: _statement,
    ast.Continue: _continue,
}


def _replaced(tree, path, new):
    tree = copy.deepcopy(tree)
    node = tree
    for field, index in path[:-1]:
        node = getattr(node, field) if index is None else getattr(node, field)[index]
    field, index = path[-1]
    if index is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[index] = new
    return ast.fix_missing_locations(tree)


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module from a changed tree; all others come as always."""

    def __init__(self, name, path, tree):
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self, origin=str(self.path)) if name == self.name else None

    def exec_module(self, module):
        exec(compile(self.tree, str(self.path), 'exec'), module.__dict__)


def _start(path, tree) -> int:
    """Run the tests on a mutant in a child; returns its process id. It ends with 0 where all of them pass."""
    if child := os.fork():
        return child
    passed = False
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.meta_path.insert(0, _Mutated(f'netbox_gwports.rules.{path.stem}', path, tree))
        _test(path.stem)
        passed = True
    finally:
        os._exit(0 if passed else 1)


def _test(module):
    """Run every test of the folder; the first failure is raised.

    pytest would spend more time on finding the tests than they take. They use no fixtures, only parameters.
    """
    # Its own tests first, then what is quick, then the generated gateways
    slow = ('test_subtract', 'test_reference', 'test_properties')
    names = [path.stem for path in (ROOT / 'tests' / 'pure' / 'rules').glob('test_*.py')]
    for name in sorted(names, key=lambda name: (name != f'test_{module}', name in slow, name)):
        for key, function in vars(importlib.import_module(f'tests.pure.rules.{name}')).items():
            if key.startswith('test_'):
                for arguments in _cases(function):
                    function(**arguments)


def _cases(function):
    """The keyword arguments of each call that pytest.mark.parametrize asks for."""
    cases = [{}]
    for mark in (m for m in getattr(function, 'pytestmark', ()) if m.name == 'parametrize'):
        names = mark.args[0].replace(' ', '').split(',') if isinstance(mark.args[0], str) else mark.args[0]
        values = [dict(zip(names, v if len(names) > 1 else (v,), strict=True)) for v in mark.args[1]]
        cases = [case | value for case in cases for value in values]
    return cases


def _explained() -> set[str]:
    """``module: change`` of each survivor that the page explains."""
    text = EXPLAINED.read_text() if EXPLAINED.exists() else ''
    return set(re.findall(r'^- `(\w+\.py: .*)`$', text, re.MULTILINE))


def _option(arguments, name, default):
    return int(arguments.pop(arguments.index(name) + 1)) if name in arguments else default


def main(*arguments):
    arguments = list(arguments)
    jobs = _option(arguments, '-j', os.cpu_count() or 1)
    every = _option(arguments, '--every', 1)
    names = [argument for argument in arguments if not argument.startswith('-')]
    paths = [path for path in sorted(RULES.glob('*.py')) if not names or path.stem in names]
    made = [(path, *mutant) for path in paths for mutant in mutants(path.read_text())][::every]
    if '--list' in arguments:
        for path, line, what, _tree in made:
            print(f'{path.name}:{line}: {" ".join(what.split())}')
        print(len(made))
        return
    _start(paths[0], ast.parse(paths[0].read_text()))
    if os.wait()[1]:
        sys.exit('the tests fail on the rules as they are: python3 -m demo test-fast tests/pure/rules')
    began, running, survivors, done = time.time(), {}, [], 0
    todo = iter(made)
    while done < len(made):
        while len(running) < jobs and (mutant := next(todo, None)):
            path, line, what, tree = mutant
            running[_start(path, tree)] = path.name, line, ' '.join(what.split())
        child, status = os.wait()
        name, line, what = running.pop(child)
        done += 1
        if status == 0:
            survivors.append((name, line, what))
            print(f'survived: {name}:{line}: {what}', flush=True)
        if done % 50 == 0:
            print(f'[{time.time() - began:.0f} s] {done} of {len(made)}, {len(survivors)} survived', flush=True)
    explained = _explained()
    new = [s for s in survivors if f'{s[0]}: {s[2]}' not in explained]
    killed = (len(made) - len(survivors)) / len(made)
    print(f'{len(made)} mutants, {killed:.1%} killed, {len(survivors)} survived, {len(new)} of them not explained')
    sys.exit(1 if new or killed < GOAL else 0)


if __name__ == '__main__':
    sys.path.insert(0, str(ROOT))
    settings.register_profile('mutants', derandomize=True, database=None)
    settings.load_profile('mutants')
    main(*sys.argv[1:])
