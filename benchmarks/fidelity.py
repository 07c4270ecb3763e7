"""Fidelity of `dp_model` against views that Cycles traces through the lens.

Renders what is missing of the references into ``work/fidelity``, measures every mode
and writes ``docs/fidelity.md``, ``docs/fidelity.json`` and the pictures. If only some
cases are asked for, the page is written into the work folder instead.

    python -m benchmarks.fidelity [--cases LIST] [--work DIR] [--docs DIR]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tqdm import tqdm

from benchmarks.fidelity_suite.cases import CASES, Case
from benchmarks.fidelity_suite.compare import (
    MODES,
    coc_radius_px,
    compare,
    compare_control,
    views_of,
)
from benchmarks.fidelity_suite.measures import edge_band
from benchmarks.fidelity_suite.pictures import write_difference_picture
from benchmarks.fidelity_suite.references import PICTURES, Reference, reference
from benchmarks.fidelity_suite.report import CaseResult, Results, write_report

BEST_MODE = MODES[1]


def main() -> None:
    """Render, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default="", help="names, by commas; all if empty")
    parser.add_argument("--work", type=Path, default=Path("work/fidelity"))
    parser.add_argument("--docs", type=Path, help="where the page goes")
    options = parser.parse_args()
    cases = chosen_cases(options.cases)
    is_whole = len(cases) == len(CASES)
    docs = options.docs or (Path("docs") if is_whole else options.work / "report")
    results = Results([], {})
    with tqdm(total=len(cases) * (PICTURES + 1), unit="step") as bar:
        for case in cases:
            bar.set_description(f"{case.name:<16}")
            rendered = reference(case, options.work, bar.update)
            if case.kind == "control":
                results.controls[case.name] = compare_control(rendered)
            else:
                results.cases.append(measured(rendered, docs))
            bar.update()
    write_report(results, docs)
    for result in results.cases:
        psnr = "  ".join(f"{result.scores[mode].psnr_db:6.2f}" for mode in MODES)
        print(f"{result.case.name:<16} {psnr}")
    print(f"PSNR, dB: {'; '.join(MODES)}. Page: {docs / 'fidelity.md'}")


def chosen_cases(names: str) -> list[Case]:
    """Return the cases of a comma-separated list, all of them if it is empty."""
    by_name = {case.name: case for case in CASES}
    wanted = [name.strip() for name in names.split(",") if name.strip()] or by_name
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        raise SystemExit(
            f"no case {', '.join(unknown)}; expected some of {', '.join(by_name)}"
        )
    return [by_name[name] for name in wanted]


def measured(rendered: Reference, docs: Path) -> CaseResult:
    """Measure every mode on a case, and write its picture."""
    coc = coc_radius_px(rendered)
    picture = docs / "images" / f"fidelity_{rendered.case.name}.png"
    write_difference_picture(picture, rendered, views_of(rendered, BEST_MODE))
    return CaseResult(
        case=rendered.case,
        noise=rendered.noise,
        largest_coc_px=float(abs(coc).max()),
        edge_share=float(edge_band(coc).mean()),
        scores=compare(rendered),
    )


if __name__ == "__main__":
    main()
