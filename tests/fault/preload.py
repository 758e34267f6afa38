"""Builds a library of preload/ that changes what the C library does for a process."""
import pathlib
import shutil
import subprocess

from fault import NotPossible

FOLDER = pathlib.Path(__file__).resolve().parent / "preload"


def build(name, folder):
    """Its path, for LD_PRELOAD."""
    if shutil.which("gcc") is None:
        raise NotPossible("there is no gcc to build preload/" + name)
    library = pathlib.Path(folder) / (name + ".so")
    subprocess.run(["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", FOLDER / (name + ".c"), "-o", library, "-ldl"], check=True)
    return str(library)
