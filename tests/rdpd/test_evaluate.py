"""Networks over whole data sets: scores, state, time, and what is left behind."""

import json

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from rdpd import checkpoint, metrics
from rdpd.checkpoint import CheckpointError
from rdpd.config import ModelConfig
from rdpd.evaluate import (
    WARM_UP_CALLS,
    EvaluationError,
    Scoring,
    device_name,
    evaluate,
    niqe_reference,
    outputs,
    rounded,
    scores_of,
)
from rdpd.evaluation_files import (
    check_names,
    file_stem,
    write_evaluation,
    write_pictures,
)
from rdpd.evaluation_set import PLACE, open_evaluation_set
from rdpd.methods import BLURRED, Method, load_method
from rdpd.model import RDPD, build_model
from rdpd.niqe import fit
from rdpd.pictures import DataError
from rdpd.tables import markdown_table
from tests.rdpd.data_files import HEIGHT, WIDTH, write_canon, write_dataset

SPLITS = {"one": "train", "two": "test", "three": "test"}
FRAMES = 3


class MeanOfViews(nn.Module):
    """Gives the combined view, and remembers what it was fed."""

    def __init__(self, channels=6):
        super().__init__()
        self.channels = channels
        self.weight = nn.Parameter(torch.zeros(1))
        self.states = []

    def forward(self, x, state=None):
        self.states.append(state)
        return (x[:, :, :3] + x[:, :, 3:6]) / 2, (0 if state is None else state) + 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data") / "tiny", SPLITS, FRAMES)


@pytest.fixture
def data(folder):
    return open_evaluation_set(folder, "test")


def read(path):
    codes = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    return codes[..., ::-1] / np.float32(65535)


def ignore(*_):
    pass


def test_the_blurred_input_is_scored_as_the_metrics_say(data, folder):
    found = evaluate([Method(BLURRED)], data, Scoring(), ignore)
    assert len(found) == 2 * FRAMES == data.frame_count
    for one in found:
        place = f"{one.labels['sequence']}/{one.labels['frame']}.png"
        blurred = read(folder / "test_c/source" / place)
        target = read(folder / "test_c/target" / place)
        assert one.values == {
            "psnr_db": metrics.psnr(blurred, target),
            "ssim": metrics.ssim(blurred, target),
            "mae": metrics.mae(blurred, target),
        }


def test_a_network_that_averages_the_views_scores_as_the_blurred_input(data):
    methods = [Method(BLURRED), Method("mean", MeanOfViews())]
    found = evaluate(methods, data, Scoring(), ignore)
    blurred, network = found[: 2 * FRAMES], found[2 * FRAMES :]
    for before, after in zip(blurred, network, strict=True):
        # The combined view was rounded to 16 bits once more.
        assert before.labels == after.labels
        assert after.values["psnr_db"] == pytest.approx(
            before.values["psnr_db"], abs=0.01
        )


def test_labels_say_where_a_frame_belongs(data):
    labels = [frame.labels for frame in data.frames(("target",))]
    assert labels[0] == {
        "split": "test",
        "scene": "two",
        "sequence": "seq_002",
        "frame": "000001",
    }
    assert [one["scene"] for one in labels] == ["two"] * 3 + ["three"] * 3


def test_the_camera_is_that_of_the_manifest(tmp_path):
    folder = write_dataset(tmp_path / "tiny", SPLITS, 1)
    manifest = json.loads((folder / "dataset.json").read_text())
    for number, row in enumerate(manifest["sequences"]):
        row["settings"] = {"camera": {"name": str(number)}}
    (folder / "dataset.json").write_text(json.dumps(manifest))
    data = open_evaluation_set(folder, "test")
    assert [frame.labels["camera"] for frame in data.frames()] == ["1", "2"]


def test_the_state_is_carried_through_a_sequence_and_not_into_the_next(data):
    model = MeanOfViews()
    list(outputs(Method("m", model), data.frames()))
    # The warm-up comes before the first frame, and starts from nothing.
    assert model.states[:WARM_UP_CALLS] == [None] * WARM_UP_CALLS
    assert model.states[WARM_UP_CALLS:] == [None, 1, 2, None, 1, 2]


def test_single_frames_know_nothing_of_each_other(data):
    model = MeanOfViews()
    list(outputs(Method("m", model, single_frames=True), data.frames()))
    assert set(model.states) == {None}


def test_a_sequence_frame_by_frame_equals_the_sequence_at_once(data):
    torch.manual_seed(0)
    model = RDPD(width=2).eval()
    with torch.no_grad():
        model.tail.bias.fill_(0.5)
    streamed = [o.picture for o in outputs(Method("m", model), data.frames())][:FRAMES]
    item = data.dataset[0]
    x = torch.cat([item["left"], item["right"], item["radial"]], dim=1)
    with torch.inference_mode():
        whole = model(x[None])[0][0]
    expected = np.moveaxis(whole.numpy(), 1, -1)
    np.testing.assert_allclose(np.stack(streamed), expected, atol=1e-5)


def test_the_time_is_that_of_the_network_alone(data):
    now = 0.0

    def slowly_read():
        nonlocal now
        for frame in data.frames():
            now += 1000.0
            yield frame

    class Slow(MeanOfViews):
        def forward(self, x, state=None):
            nonlocal now
            # The first calls are slower: they are the warm-up's.
            now += 50.0 if len(self.states) < WARM_UP_CALLS else 2.0
            return super().forward(x, state)

    found = list(outputs(Method("m", Slow()), slowly_read(), lambda: now))
    assert [one.seconds for one in found] == [2.0] * 2 * FRAMES


def test_the_blurred_input_takes_no_time(data):
    assert all(one.seconds is None for one in outputs(Method(BLURRED), data.frames()))


@pytest.mark.parametrize(("depth", "step"), [("8", 1 / 255), ("16", 1 / 65535)])
def test_outputs_are_rounded_to_the_stated_depth(depth, step):
    picture = np.random.default_rng(0).random((5, 6, 3))
    found = rounded(picture, depth)
    assert np.abs(found - picture).max() <= step / 2
    np.testing.assert_allclose(found / step, np.round(found / step), atol=1e-9)
    assert rounded(picture, "float") is picture


def test_scores_are_those_of_the_rounded_output(data):
    method = Method(BLURRED)
    output = next(outputs(method, data.frames()))
    target = output.frame.picture("target")
    found = scores_of(output, method, Scoring(bit_depth="8")).values["psnr_db"]
    in_8_bits = np.round(output.picture.astype(np.float64) * 255) / 255
    assert found == metrics.psnr(in_8_bits, target)
    assert found != scores_of(output, method, Scoring()).values["psnr_db"]


def noise(seed):
    return np.random.default_rng(seed).random((HEIGHT * 9, WIDTH * 6, 3))


def test_niqe_and_lpips_are_among_the_scores_where_they_can_be(data):
    model = fit((noise(seed) for seed in range(8)), 0.0)
    scoring = Scoring(niqe_model=model, lpips=lambda output, target: 0.25)
    output = next(outputs(Method(BLURRED), data.frames()))
    large = type(output)(
        type(output.frame)(
            output.frame.labels, {"target": torch.rand(1, 3, HEIGHT * 3, WIDTH * 2)}
        ),
        noise(9)[: HEIGHT * 3, : WIDTH * 2],
        None,
    )
    found = scores_of(large, Method(BLURRED), scoring).values
    assert found["lpips"] == 0.25
    assert found["niqe"] > 0


def test_targets_too_small_for_niqe_are_said_to_be(data):
    with pytest.raises(EvaluationError, match=r"has no block of 96 x 96"):
        niqe_reference(data, 0.75)


def test_an_output_that_is_not_a_number_is_refused_by_name(data):
    class Diverged(MeanOfViews):
        def forward(self, x, state=None):
            return x[:, :, :3] * torch.nan, None

    with pytest.raises(EvaluationError, match=r"net: .* seq_002, frame 000001 is not"):
        list(outputs(Method("net", Diverged()), data.frames()))


def test_pictures_too_small_for_a_given_niqe_model_are_named(data):
    model = fit((noise(seed) for seed in range(8)), 0.0)
    with pytest.raises(EvaluationError, match=r"seq_002, frame 000001: .* no block"):
        evaluate([Method(BLURRED)], data, Scoring(niqe_model=model), ignore)


def test_a_network_with_other_channels_is_refused(data):
    with pytest.raises(EvaluationError, match="takes 9 channels; expected 6"):
        list(outputs(Method("net", MeanOfViews(9)), data.frames()))


def test_a_gpu_without_room_is_one_line(data):
    class Large(MeanOfViews):
        def forward(self, x, state=None):
            raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(EvaluationError, match="too little memory for a frame of 48 x"):
        evaluate([Method("net", Large())], data, Scoring(), ignore)


def test_a_cpu_is_named_with_its_threads():
    assert device_name(torch.device("cpu")).endswith(" threads")


# Canon layout and lists of places


def test_canon_pictures_are_sequences_of_one_frame(tmp_path):
    data = open_evaluation_set(write_canon(tmp_path, 3), "test")
    labels = [frame.labels for frame in data.frames()]
    assert [one["sequence"] for one in labels] == ["P9", "P10", "P11"]
    model = MeanOfViews()
    list(outputs(Method("m", model), data.frames()))
    assert set(model.states) == {None}


def test_lists_say_what_is_indoors(tmp_path):
    folder = write_canon(tmp_path / "canon", 3)
    np.save(tmp_path / "indoor.npy", np.array([1, 3]))
    (tmp_path / "outdoor.txt").write_text("P10.png\n\n")
    lists = {
        "indoor": tmp_path / "indoor.npy",
        "outdoor": tmp_path / "outdoor.txt",
    }
    data = open_evaluation_set(folder, "test", lists)
    places = [frame.labels[PLACE] for frame in data.frames(("target",))]
    assert places == ["indoor", "outdoor", "indoor"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "P77", "'P77' is not in the split; expected a number from 1 to 3"),
        ("a.txt", "4", "'4' is not in the split"),
        ("gone.txt", None, "No such file"),
        ("a.npy", "no array", "not a list of pictures"),
        ("a.npy", "", "not a list of pictures"),
        ("a.txt", "\u00b2", "is not in the split"),
    ],
)
def test_a_list_that_fits_no_picture_is_refused(tmp_path, name, text, message):
    folder = write_canon(tmp_path / "canon", 3)
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        open_evaluation_set(folder, "test", {"indoor": tmp_path / name})


def test_a_folder_that_is_no_dataset_and_an_empty_split_are_refused(tmp_path, folder):
    with pytest.raises(DataError, match=r"dataset.json: No such file"):
        open_evaluation_set(tmp_path, "test")
    with pytest.raises(DataError, match="no sequence in split 'val'"):
        open_evaluation_set(folder, "val")


# Methods from checkpoints


def saved(path, config, **training):
    model = build_model(config)
    details = {"steps": 7, "training": training} if training else {}
    checkpoint.save(path, config, model.state_dict(), details=details)
    return path


@pytest.mark.parametrize(
    ("config", "frames", "name", "single"),
    [
        (ModelConfig(width=2), 4, "RDPD", False),
        (ModelConfig(width=2), 1, "sRDPD", True),
        (ModelConfig(name="dpdnet", width=2), 4, "DPDNet", False),
        (ModelConfig(width=2, recurrent=False), 1, "RDPD", True),
    ],
)
def test_a_checkpoint_says_how_its_network_is_fed(
    tmp_path, config, frames, name, single
):
    path = saved(tmp_path / "best.json", config, clip_frames=frames)
    found = load_method(path)
    assert (found.name, found.single_frames) == (name, single)
    assert found.described(32, 48)["steps"] == 7
    assert load_method(path, "mine", single_frames=True).single_frames
    assert load_method(path, "mine").name == "mine"


def test_a_network_can_compute_in_half_precision(tmp_path, data):
    path = saved(tmp_path / "best.json", ModelConfig(width=2))
    method = load_method(path, precision="bfloat16")
    output = next(outputs(method, data.frames()))
    assert next(method.model.parameters()).dtype == torch.bfloat16
    assert output.picture.dtype == np.float32


# Files


@pytest.fixture
def written(data, tmp_path):
    methods = [
        Method(BLURRED),
        Method("RDPD, mean", MeanOfViews(), ModelConfig(width=2)),
    ]
    scores = evaluate(
        methods,
        data,
        Scoring(),
        lambda method, output: write_pictures(tmp_path, method, output),
    )
    settings = {"dataset": "tiny", "split": "test"}
    described = [method.described(HEIGHT, WIDTH) for method in methods]
    return tmp_path, scores, write_evaluation(tmp_path, scores, described, settings)


def test_the_result_is_json_with_means_costs_and_settings(written):
    folder, scores, result = written
    again = json.loads(json.dumps(result, allow_nan=False))
    assert again["settings"]["split"] == "test"
    blurred, network = again["methods"]
    assert blurred["seconds_per_frame"] is None
    assert network["macs_per_frame"] > 0
    assert network["seconds_per_frame"] > 0
    (mean,) = (
        row["mean"]
        for row in again["summaries"]
        if (row["method"], row["label"], row["metric"]) == (BLURRED, "split", "mae")
    )
    by_hand = [s.values["mae"] for s in scores if s.method == BLURRED]
    assert mean == pytest.approx(np.mean(by_hand))
    assert {p.name for p in folder.iterdir()} == {
        *("frames.csv", "summary.csv", "results.md", "pictures")
    }


def test_the_page_has_a_table_of_all_and_one_by_sequence(written):
    folder, *_ = written
    page = (folder / "results.md").read_text()
    assert page.startswith("# tiny, split test\n")
    assert "| blurred input |" in page
    assert "GMACs at 48 x 32" in page
    assert "## By sequence" in page
    assert "frames are drawn" in page
    assert "## By camera" not in page
    assert "<" not in page


def test_pictures_are_input_target_output_and_errors(written, data):
    folder, *_ = written
    place = folder / "pictures" / "seq_002-000001"
    assert {p.name for p in place.iterdir()} == {
        *("input.png", "input_error.png", "target.png"),
        *("RDPD_mean.png", "RDPD_mean_error.png"),
    }
    target = next(data.frames()).picture("target")
    shown = cv2.imread(str(place / "target.png"))[..., ::-1]
    assert np.abs(shown / 255 - target).max() <= 0.5 / 255 + 1e-6


def test_names_of_methods_are_harmless_as_file_names():
    assert file_stem("../a b/c") == ".._a_b_c"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ["input"],
            "'input': its images would be called like those of blurred input",
        ),
        (["Target"], "'Target': its images .* those of the target"),
        (["input error"], "'input error': its images"),
        (["blurred input"], "2 methods are called 'blurred input'"),
        (["RDPD", "RDPD"], "2 methods are called 'RDPD'"),
        (["RDPD", "rdpd"], "2 methods are called 'rdpd'"),
        (["a b", "a/b"], "'a/b': its images would be called like those of 'a b'"),
        (["a", "a_error"], "'a_error': its images .* those of 'a'"),
        (["a_error", "a"], "'a': its images .* those of 'a_error'"),
        (["\u00e9", "e\u0301"], "2 methods are called"),
        (["///"], "'///': a network's name is a file's too"),
        ([".."], "a network's name is a file's too"),
        ([""], "a network's name is a file's too"),
        (["a\nb"], "a network's name is a file's too"),
        (["a" * 300], "at most 60 characters"),
    ],
)
def test_names_that_would_share_a_file_are_refused(names, message):
    with pytest.raises(EvaluationError, match=message) as caught:
        check_names(names)
    assert "\n" not in str(caught.value)


def test_a_line_in_a_name_stays_in_its_cell():
    table = markdown_table(["method", "PSNR"], [["a|b", "1"]])
    assert table.splitlines()[-1] == "| a\\|b | 1 |"


def test_a_checkpoint_whose_training_is_no_object_is_refused(tmp_path):
    path = saved(tmp_path / "best.json", ModelConfig(width=2))
    described = json.loads(path.read_text())
    described["details"]["training"] = 3
    path.write_text(json.dumps(described))
    with pytest.raises(CheckpointError, match="training is 3; expected an object"):
        load_method(str(path))


def test_a_compiled_network_gives_the_same_pictures(data, tmp_path):
    torch.manual_seed(0)
    model = RDPD(width=2)
    path = tmp_path / "net.json"
    checkpoint.save(path, ModelConfig(width=2), model.state_dict())
    plain, compiled = (
        list(outputs(load_method(path, compiler=compiler), data.frames()))
        for compiler in ("off", "eager")
    )
    for one, other in zip(plain, compiled, strict=True):
        np.testing.assert_allclose(one.picture, other.picture, atol=1e-6)
