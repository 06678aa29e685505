"""Our own code with one line written otherwise, to show that a test notices."""

import ast
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType


@contextmanager
def rewritten(module: ModuleType, before: str, after: str) -> Iterator[None]:
    """Have a piece of a module's source read otherwise for as long as the block lasts.

    Nowhere else is our own code replaced in a test: what is tested is real.  Here the question is the test itself,
    which has to fail once a filter is gone.  A function keeps its identity, so that whoever imported it is reached.
    """
    source = inspect.getsource(module)
    assert source.count(before) == 1, f"{module.__name__} has not exactly one {before!r}"
    otherwise = ast.parse(source.replace(before, after)).body
    ((was, now),) = (
        (old, new) for old, new in zip(ast.parse(source).body, otherwise, strict=True) if ast.dump(old) != ast.dump(new)
    )
    name = was.targets[0].id if isinstance(was, ast.Assign) else was.name
    if not isinstance(now, ast.Assign):
        now.decorator_list = []
    namespace = dict(vars(module))
    exec(compile(ast.Module([now], []), module.__file__, "exec"), namespace)
    kept = getattr(module, name)
    code = kept.__code__ if isinstance(kept, FunctionType) else None
    try:
        if isinstance(kept, FunctionType):
            kept.__code__ = namespace[name].__code__
        else:
            setattr(module, name, namespace[name])
        yield
    finally:
        if isinstance(kept, FunctionType) and code is not None:
            kept.__code__ = code
        else:
            setattr(module, name, kept)
