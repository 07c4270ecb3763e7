"""The released network against the same network built in Keras."""

import os

import h5py
import numpy as np
import pytest
import torch

from rdpd.checkpoint import CheckpointError
from rdpd.keras_weights import load_keras_weights
from rdpd.model import RDPD

WIDTH = 4
CLIP = 3, 48, 32  # frames, rows, columns
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def keras_network(tmp_path_factory):
    """The network in Keras, with random weights, and its file."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras
    from keras import layers, ops

    keras.utils.set_random_seed(3)

    def hard_sigmoid(x):
        return ops.clip(0.2 * x + 0.5, 0.0, 1.0)

    def each(layer, x):
        return layers.TimeDistributed(layer)(x)

    def conv(x, channels, size=3):
        layer = layers.Conv2D(
            channels, size, padding="same", activation="relu",
            bias_initializer=keras.initializers.RandomNormal(stddev=0.05),
        )  # fmt: skip
        return each(layer, x)

    x = picture = keras.Input((*CLIP, 7))
    skips = []
    for level in range(4):
        x = conv(conv(x, WIDTH * 2**level), WIDTH * 2**level)
        skips.append(x)
        x = each(layers.MaxPooling2D(2), x)
    x = conv(x, WIDTH * 16)
    x = layers.ConvLSTM2D(
        WIDTH * 16, 3, padding="same", return_sequences=True,
        recurrent_activation=hard_sigmoid, unit_forget_bias=True, dropout=0.4,
    )(x)  # fmt: skip
    for level in reversed(range(4)):
        x = conv(each(layers.UpSampling2D(2), x), WIDTH * 2**level, 2)
        x = layers.Concatenate(axis=-1)([skips[level], x])
        x = conv(conv(x, WIDTH * 2**level), WIDTH * 2**level)
    x = conv(x, 3)
    x = each(layers.Conv2D(3, 1), x)
    model = keras.Model(picture, x)
    path = tmp_path_factory.mktemp("keras") / "rdpd.hdf5"
    model.save(path)
    return model, path


def test_outputs_are_equal_with_weights_from_kerass_file(keras_network):
    keras_model, path = keras_network
    rng = np.random.default_rng(5)
    x = rng.random((2, *CLIP, 7), dtype=np.float32)
    with torch.no_grad():
        expected = np.asarray(keras_model(x, training=False).cpu())
        model = load_keras_weights(path, WIDTH).eval()
        y, _ = model(torch.from_numpy(x).permute(0, 1, 4, 2, 3))
    expected = np.clip(expected, 0.0, 1.0)
    # The clamp must not be all that is compared.
    assert ((expected > 0.001) & (expected < 0.999)).mean() > 0.1
    found = y.permute(0, 1, 3, 4, 2).numpy()
    np.testing.assert_allclose(found, expected, atol=TOLERANCE)


def test_every_weight_of_the_file_is_taken(keras_network):
    keras_model, path = keras_network
    model = load_keras_weights(path, WIDTH)
    assert keras_model.count_params() == sum(w.numel() for w in model.parameters())
    ours = sorted(float(w.detach().double().abs().sum()) for w in model.parameters())
    theirs = sorted(float(np.abs(w).sum()) for w in keras_model.get_weights())
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_a_network_of_another_width_is_refused_by_layer(keras_network):
    _, path = keras_network
    with pytest.raises(CheckpointError, match=r"layer '.*' has weights of shapes"):
        load_keras_weights(path, WIDTH * 2)


def test_other_files_are_refused(tmp_path):
    text = tmp_path / "words.hdf5"
    text.write_text("no weights")
    with pytest.raises(CheckpointError, match="not a weight file of Keras"):
        load_keras_weights(text)
    with pytest.raises(CheckpointError, match="not a weight file of Keras"):
        load_keras_weights(tmp_path / "gone.hdf5")
    empty = tmp_path / "empty.hdf5"
    with h5py.File(empty, "w") as file:
        file.attrs["layer_names"] = np.array([], dtype="S1")
    with pytest.raises(CheckpointError, match="0 layers with weights; expected 24"):
        load_keras_weights(empty)


def test_a_fresh_released_network_differs_from_the_loaded_one(keras_network):
    _, path = keras_network
    fresh, loaded = RDPD("released", WIDTH), load_keras_weights(path, WIDTH)
    assert not torch.equal(fresh.bottleneck[0].weight, loaded.bottleneck[0].weight)
