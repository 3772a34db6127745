"""The core is the standard library and nothing else: it can be read, run and tested without Django."""

import subprocess
import sys

from tests.house.repository import ROOT

IMPORT_ALL = """
import importlib, pkgutil, sys
for name in ("django", "pydantic", "ninja", "rfc8785", "cryptography", "ruamel", "hl7", "fhir"):
    sys.modules[name] = None
import holdfast.core
for found in pkgutil.walk_packages(holdfast.core.__path__, "holdfast.core."):
    importlib.import_module(found.name)
ours = {name.split(".")[0] for name, module in sys.modules.items() if module is not None}
ours = {name for name in ours if not name.startswith("_sysconfigdata")}
foreign = {name for name in ours if name not in sys.stdlib_module_names} - started - {"holdfast"}
assert not foreign, foreign
"""


def test_the_core_imports_nothing_from_outside():
    start = "import sys; started = {name.split('.')[0] for name in sys.modules}\n"
    done = subprocess.run(
        [sys.executable, "-c", start + IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
