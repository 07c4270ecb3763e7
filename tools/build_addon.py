"""Pack the add-on and the part of dp_model that it needs into one zip for Blender.

Usage: build_addon.py OUTPUT_FOLDER

Equal sources give equal bytes.  Needs nothing but Python.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDON = "blender_scenes.addon"
MODEL = "dp_model"

BLENDERS_OWN = {"numpy", "bpy", "bpy_extras", "mathutils", "gpu", "gpu_extras", "blf"}
ACCELERATORS = {"array_api_compat", "cv2", "scipy"}  # dp_model does without them

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_READABLE = 0o644 << 16
# The one form in which our modules import one another.
_OUR_IMPORT = re.compile(
    rf"^(\s*from )({re.escape(ADDON)}|{MODEL})((?:\.\w+)*)( import )"
)


class BuildError(Exception):
    """Why the zip cannot be made."""


def main() -> None:
    """Write the zip into the folder that is named, and print its path."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {Path(sys.argv[0]).name} OUTPUT_FOLDER")
    try:
        print(build(Path(sys.argv[1])))  # noqa: T201
    except BuildError as error:
        sys.exit(f"error: {error}")


def build(output_folder: Path, root: Path = ROOT) -> Path:
    """Write the zip into a folder and return its path.

    Parameters
    ----------
    output_folder : Path
        Made if missing.
    root : Path
        Folder of the packages ``blender_scenes`` and ``dp_model``.

    Raises
    ------
    BuildError
        If a module imports what Blender's Python lacks, or in a form that cannot be
        rewritten.
    """
    files = packed_files(root)
    manifest = tomllib.loads(files["blender_manifest.toml"].decode())
    output_folder.mkdir(parents=True, exist_ok=True)
    path = output_folder / f"{manifest['id']}-{manifest['version']}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = _READABLE
            archive.writestr(entry, files[name])
    return path


def packed_files(root: Path) -> dict[str, bytes]:
    """Return the contents of the zip by their names in it."""
    addon = root / ADDON.replace(".", "/")
    files = {
        path.relative_to(addon).as_posix(): path.read_bytes()
        for path in addon.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    for module in sorted(_needed_model_modules(addon, root)):
        path = _model_file(root, module)
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    files[f"{MODEL}/__init__.py"] = (root / MODEL / "__init__.py").read_bytes()
    files[f"{MODEL}/LICENSE"] = (root / "LICENSE").read_bytes()
    return {
        name: _rewritten(name, text) if name.endswith(".py") else text
        for name, text in files.items()
    }


def _needed_model_modules(addon: Path, root: Path) -> set[str]:
    """Return the modules of dp_model that the add-on imports, and theirs in turn."""
    needed: set[str] = set()
    waiting = list(addon.rglob("*.py"))
    while waiting:
        path = waiting.pop()
        for name in _imports(path.read_text(encoding="utf-8"), root):
            if name.split(".")[0] == MODEL and name != MODEL and name not in needed:
                needed.add(name)
                waiting.append(_model_file(root, name))
    return needed


def _model_file(root: Path, module: str) -> Path:
    """Return the file of a module of dp_model."""
    path = root / (module.replace(".", "/") + ".py")
    if not path.is_file():
        raise BuildError(f"{module} is imported, but {path} does not exist")
    return path


def _imports(source: str, root: Path) -> Iterator[str]:
    """Yield the dotted name of every module that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            # `from dp_model import thin_lens` imports dp_model.thin_lens.
            folder = root / module.replace(".", "/")
            for alias in node.names:
                is_module = (folder / f"{alias.name}.py").is_file()
                yield f"{module}.{alias.name}" if is_module else module


def _rewritten(name: str, source: bytes) -> bytes:
    """Return a module whose imports of ours are relative to the zip."""
    depth = name.count("/")
    lines = source.decode("utf-8").splitlines(keepends=True)
    for index, line in enumerate(lines):
        match = _OUR_IMPORT.match(line)
        if match is None:
            continue
        start, package, rest, end = match.groups()
        inside = MODEL + rest if package == MODEL else rest.removeprefix(".")
        head = f"{start}{'.' * (depth + 1)}{inside}{end}"
        lines[index] = head + line[match.end() :]
    text = "".join(lines)
    _check_imports(name, text)
    return text.encode("utf-8")


def _check_imports(name: str, text: str) -> None:
    """Refuse what Blender's own Python cannot import."""
    allowed = sys.stdlib_module_names | BLENDERS_OWN | {"__future__"}
    if name.startswith(f"{MODEL}/"):
        allowed = allowed | ACCELERATORS
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for imported in names:
            if imported.split(".")[0] not in allowed:
                raise BuildError(
                    f"{name}, line {node.lineno}: imports {imported}; expected the "
                    "standard library, NumPy, Blender's own modules, or "
                    f"'from {ADDON}.x import y', 'from {MODEL}.x import y'"
                )


if __name__ == "__main__":
    main()
