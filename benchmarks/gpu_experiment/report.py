"""What is sent back: one JSON file, one page, and weights in small pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.gpu_experiment.measure import Peak
from pipeline import layout
from pipeline.manifest import Json, write_json
from rdpd import checkpoint
from rdpd.evaluation_files import file_stem
from rdpd.methods import Method
from rdpd.tables import markdown_table

NAMES = ("DPDNet", "sRDPD", "RDPD")
"""In the order of the tables, as `rdpd.variants.comparison`."""

PIECE_BYTES = 31 << 19  # 15.5 MiB


def write_weights(method: Method, folder: Path) -> Json:
    """Write a network in half precision; return what puts its pieces together.

    A checkpoint as `rdpd.checkpoint.load` reads it, its tensors cut into
    ``NAME.safetensors.0``, ``.1`` ... in place of one file.
    """
    if method.model is None or method.config is None:
        raise ValueError(f"{method.name}: expected a network")
    stem = f"{file_stem(method.name)}-half"
    weights = {k: tensor.half() for k, tensor in method.model.state_dict().items()}
    path = folder / f"{stem}.json"
    checkpoint.save(path, method.config, weights, details=method.details)
    (whole,) = folder.glob(f"{stem}-*.safetensors")
    data = whole.read_bytes()
    whole.unlink()
    starts = range(0, len(data), PIECE_BYTES)
    for number, start in enumerate(starts):
        piece = folder / f"{whole.name}.{number}"
        piece.write_bytes(data[start : start + PIECE_BYTES])
    return {
        "checkpoint": path.name,
        "pieces": len(starts),
        "join": f"cat {whole.name}.? > {whole.name}",
    }


def write_page(folder: Path, state: Json) -> None:
    """Write ``results.json``, and append what is known to ``results.md``."""
    write_json(folder / layout.EVALUATION_RESULTS, state)
    page = folder / layout.EVALUATION_PAGE
    before = page.read_text(encoding="utf-8") if "evaluation" in state else ""
    page.write_text(before + page_of(state), encoding="utf-8")


def page_of(state: Json) -> str:
    """Return the tables of training, inference and synthesis as Markdown."""
    settings = state["settings"]
    peak = settings["peak"] and Peak(**settings["peak"])
    parts = [
        f"\n## Training, {settings['seconds_of_training']:g} s each\n",
        f"{settings['device']}, torch {settings['torch']}; {settings['frames']}; "
        f"{_pool_words(state)}.\n",
        _training_table(state["networks"], peak),
    ]
    if "inference" in state:
        width, height = state["inference"]["size"]
        parts += [f"\n## Inference, ms per frame of {width} x {height}\n"]
        parts += [_inference_table(state["inference"]["ms"])]
    if "synthesis" in state:
        width, height = state["synthesis"]["size"]
        parts += [f"\n## View synthesis, {width} x {height}\n"]
        parts += [_synthesis_table(state["synthesis"]["rows"], peak)]
    if "weights" in state:
        parts += [f"\nWeights: `{state['weights']['join']}`, then load the JSON file."]
    return "\n".join(parts) + "\n"


def _pool_words(state: Json) -> str:
    pool = state["settings"]["pool"]
    if not pool:
        return "every patch synthesised anew"
    seconds = f" in {state['pool_s']:.0f} s" if "pool_s" in state else ""
    return f"patches of {pool} clips, synthesised before{seconds}"


def _training_table(networks: Json, peak: Peak | None) -> str:
    header = ["network", "samples/s", "compute share", "step, ms", "TFLOP/step"]
    header += ["MFU", "peak memory, GB", "seconds", "steps", "validation PSNR, dB"]
    return markdown_table(
        header,
        [
            _training_row(name, networks[name], peak)
            for name in NAMES
            if name in networks
        ],
    )


def _training_row(name: str, row: Json, peak: Peak | None) -> list[str]:
    speed, result = row["speed"], row.get("result")
    rate = speed["tflop_per_step"] / speed["step_s"]
    return [
        name,
        f"{speed['samples_per_s']:.1f}",
        f"{speed['compute_share']:.0%}",
        f"{1e3 * speed['step_s']:.1f}",
        f"{speed['tflop_per_step']:.3g}",
        "" if peak is None else f"{rate / peak.tflops:.1%}",
        f"{speed['peak_memory_gb']:.1f}" if "peak_memory_gb" in speed else "",
        f"{result['seconds']:.0f}" if result else "not yet",
        str(result["steps"]) if result else "",
        f"{result['val']['psnr_db']:.2f}" if result else "",
    ]


def _inference_table(times_ms: dict[str, dict[str, float]]) -> str:
    precisions = list(next(iter(times_ms.values())))
    rows = [
        [name, *(f"{row[precision]:.2f}" for precision in precisions)]
        for name, row in times_ms.items()
    ]
    return markdown_table(["network", *precisions], rows)


def _synthesis_table(rows: list[Json], peak: Peak | None) -> str:
    header = ["camera", "surfaces", "ms", "floor, ms", "GB moved", "FFTs"]
    table = markdown_table(
        [*header, "operations", "host waits"],
        [_synthesis_row(row, peak) for row in rows],
    )
    words = (
        "\nGB moved: every operation's inputs and outputs once, nothing fused. Floor: "
        "the time that takes at the memory's bandwidth."
    )
    return table + "\n" + words


def _synthesis_row(row: dict[str, Any], peak: Peak | None) -> list[str]:
    return [
        row["camera"],
        str(row["surfaces"]),
        f"{row['ms']:.1f}" if "ms" in row else "",
        "" if peak is None else f"{1e3 * row['gb_moved'] / peak.gb_per_s:.1f}",
        f"{row['gb_moved']:.2f}",
        str(row["ffts"]),
        str(row["operations"]),
        str(row["host_waits"]),
    ]
