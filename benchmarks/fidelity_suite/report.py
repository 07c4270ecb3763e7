"""Writes ``docs/fidelity.md`` and the numbers behind it."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fidelity_suite.cases import Case
from benchmarks.fidelity_suite.compare import MODES, ControlScore, Score
from benchmarks.fidelity_suite.measures import decibels
from benchmarks.fidelity_suite.pictures import DIFFERENCE_GAIN
from benchmarks.fidelity_suite.references import FRAME_SAMPLES

COMMAND = "make fidelity"
_TEMPLATE = Path(__file__).with_name("page.md")


@dataclass(frozen=True)
class CaseResult:
    """What was measured on one case."""

    case: Case
    noise: float
    largest_coc_px: float
    edge_share: float
    scores: dict[str, Score]


@dataclass(frozen=True)
class Results:
    """Everything that the report tells."""

    cases: list[CaseResult]
    controls: dict[str, ControlScore]

    def of_kind(self, kind: str) -> list[CaseResult]:
        """Return the results of cases of a kind."""
        return [result for result in self.cases if result.case.kind == kind]


def write_report(results: Results, docs: Path) -> None:
    """Write the page and its JSON into the documentation."""
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "fidelity.md").write_text(_page(results), encoding="utf-8")
    text = json.dumps(_numbers(results), indent=1, sort_keys=True)
    (docs / "fidelity.json").write_text(text + "\n", encoding="utf-8")


def _numbers(results: Results) -> dict[str, Any]:
    return {
        "command": COMMAND,
        "date": _today(),
        "machine": _machine(),
        "cases": {
            result.case.name: {
                "kind": result.case.kind,
                "noise_db": _rounded(-decibels(result.noise)),
                "largest_coc_px": _rounded(result.largest_coc_px),
                "edge_share": _rounded(result.edge_share),
                "modes": {
                    mode: {k: _rounded(v) for k, v in dataclasses.asdict(score).items()}
                    for mode, score in result.scores.items()
                },
            }
            for result in results.cases
        },
        "controls": {
            name: {k: _rounded(v) for k, v in dataclasses.asdict(score).items()}
            for name, score in results.controls.items()
        },
    }


def _rounded(value: float) -> float | None:
    """Return four decimals; None where nothing could be measured."""
    return round(value, 4) if math.isfinite(value) else None


def _page(results: Results) -> str:
    cases = results.cases
    return _TEMPLATE.read_text(encoding="utf-8").format(
        command=COMMAND,
        date=_today(),
        machine=_machine(),
        emission_samples=FRAME_SAMPLES["emission"],
        lit_samples=FRAME_SAMPLES["lit"],
        gain=DIFFERENCE_GAIN,
        summary=_summary(results.of_kind("emission")),
        psnr=_table(cases, "psnr_db", 1),
        edge_psnr=_table(cases, "edge_psnr_db", 1),
        ssim=_table(cases, "ssim", 4),
        disparity=_disparity_table(cases),
        cases=_case_table(cases),
        controls=_control_table(results.controls),
        pictures="\n".join(
            f"**{name}**\n\n![{name}](images/fidelity_{name}.png)\n"
            for name in (result.case.name for result in cases)
        ),
    )


def _summary(emission: list[CaseResult]) -> str:
    if not emission:
        return "No emission case was run.\n"
    rows = []
    for mode in MODES:
        psnr = [result.scores[mode].psnr_db for result in emission]
        worst = emission[int(np.argmin(psnr))].case.name
        edge = [result.scores[mode].edge_psnr_db for result in emission]
        similarity = [result.scores[mode].ssim for result in emission]
        rows.append(
            [
                mode, f"{np.mean(psnr):.1f}", f"{min(psnr):.1f} ({worst})",
                f"{np.nanmean(edge):.1f}", f"{np.mean(similarity):.4f}",
            ]
        )  # fmt: skip
    header = ["mode", "mean PSNR", "lowest", "mean at edges", "mean SSIM"]
    return f"Over the {len(emission)} emission cases.\n\n" + _markdown(header, rows)


def _table(results: list[CaseResult], field: str, places: int) -> str:
    """Return one number per case and mode, and the means over emission cases."""

    def values(result: CaseResult) -> list[float]:
        return [getattr(result.scores[mode], field) for mode in MODES]

    rows = [
        [result.case.name, *(_number(value, places) for value in values(result))]
        for result in results
    ]
    emission = [values(r) for r in results if r.case.kind == "emission"]
    if emission:
        means = np.nanmean(emission, axis=0)
        rows.append(["**mean, emission**", *(f"**{m:.{places}f}**" for m in means)])
    return _markdown(["case", *MODES], rows)


def _disparity_table(results: list[CaseResult]) -> str:
    modes = MODES[:-1]
    rows = [
        [
            result.case.name,
            *(_number(100 * result.scores[mode].disparity_error, 2) for mode in modes),
        ]
        for result in results
    ]
    return _markdown(["case", *modes], rows)


def _case_table(results: list[CaseResult]) -> str:
    rows = [
        [
            result.case.name, f"`{result.case.scene}`", f"`{result.case.psf!r}`",
            f"{result.case.width}x{result.case.height}",
            f"{result.case.focus_distance_m:g} m", f"{result.largest_coc_px:.1f} px",
            f"{100 * result.edge_share:.0f} %", f"{-decibels(result.noise):.1f} dB",
        ]
        for result in results
    ]  # fmt: skip
    header = [
        "case", "scene", "PSF", "size", "focus", "largest CoC radius", "near edges",
        "noise",
    ]  # fmt: skip
    return _markdown(header, rows)


def _control_table(controls: dict[str, ControlScore]) -> str:
    rows = [
        [
            name, f"{-score.noise_db:.1f}", f"{score.convolution_db:.1f}",
            f"{score.psnr_db:.1f}", f"{score.disparity_px:.3f}",
            f"{score.true_disparity_px:.3f}", f"{score.separation_px:.3f}",
        ]
        for name, score in controls.items()
    ]  # fmt: skip
    header = [
        "control", "noise, dB", "one convolution, dB", "occlusion, dB",
        "disparity, px", "of the truth, px", "centroids apart, px",
    ]  # fmt: skip
    return _markdown(header, rows)


def _markdown(header: Sequence[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _number(value: float, places: int) -> str:
    if math.isinf(value):
        return "lost"
    return "-" if math.isnan(value) else f"{value:.{places}f}"


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), no GPU"
