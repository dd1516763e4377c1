"""Schemas of Grafana, Kubernetes and GitHub, as packages of npm.

They are installed once into build/.  Where npm or its registry is
missing, the tests that need them are skipped; each has a plainer one beside
it that needs nothing.
"""

import json
import os
import pathlib
import shutil
import subprocess
import zlib

import pytest

import program

HERE = pathlib.Path(__file__).resolve().parent
WANTED = HERE / "npm/package.json"
# other packages are another folder
MARK = f"{zlib.crc32(WANTED.read_bytes()):08x}"
FOLDER = program.TOP / "build" / f"monitoring-{MARK}"

# An enum's words, as they stand in JSON.
PLAIN = """\
type Plain<T> = T extends string ? `${T}`
  : T extends (infer U)[] ? Plain<U>[]
  : T extends (...a: never[]) => unknown ? T
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Part<T> = T extends (infer U)[] ? Part<U>[]
  : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;
"""


def install():
    """The folder with node_modules; else the test is skipped."""
    if (FOLDER / "node_modules").is_dir():
        return FOLDER
    for tool in ("npm", "node"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is missing, and the schemas not installed")
    FOLDER.parent.mkdir(exist_ok=True)
    made = FOLDER.with_name(f"monitoring-new-{os.getpid()}")
    made.mkdir(exist_ok=True)
    shutil.copy(WANTED, made)
    # no package may run anything while it is installed
    words = ["npm", "install", "--silent", "--no-audit", "--no-fund"]
    try:
        run = subprocess.run(
            [*words, "--ignore-scripts"],
            cwd=made,
            capture_output=True,
            timeout=180,
            check=False,
        )
    except subprocess.TimeoutExpired:
        shutil.rmtree(made, ignore_errors=True)
        pytest.skip("npm did not install the schemas in three minutes")
    try:
        if run.returncode == 0:
            made.rename(FOLDER)
    except OSError:
        pass  # another worker was first
    shutil.rmtree(made, ignore_errors=True)
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("npm could not install the schemas")
    return FOLDER


def node(*words):
    """Run something there, and give what it prints."""
    return subprocess.run(
        ["node", *map(str, words)],
        cwd=install(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_of_type(name, constants):
    """Hold literals against types: [(import, type, value), ...].

    "Part TYPE" is one whose properties may all be left out.

    TypeScript refuses a property of an object literal that its type does not
    know, which a JSON schema of Kubernetes does not.  What it has to say.
    """
    lines, imports = [PLAIN], {}
    for number, (source, kind, value) in enumerate(constants):
        part, kind = kind.startswith("Part "), kind.removeprefix("Part ")
        alias = imports.setdefault((source, kind), f"T{len(imports)}")
        plain = f"Part<Plain<{alias}>>" if part else f"Plain<{alias}>"
        text = json.dumps(value, indent=1)
        lines.append(f"export const c{number}: {plain} = {text};")
    for (source, kind), alias in imports.items():
        lines.insert(0, f'type {alias} = import("{source}").{kind};')
    path = install() / f"{name}-{os.getpid()}.ts"
    path.write_text("\n".join(lines) + "\n")
    try:
        run = node(
            *("node_modules/typescript/bin/tsc", "--noEmit", "--strict"),
            *("--skipLibCheck", "--module", "esnext", "--target", "es2022"),
            *("--moduleResolution", "bundler", path),
        )
    finally:
        path.unlink()
    return run.stdout + run.stderr
