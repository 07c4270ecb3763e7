"""The loss against sums by hand."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from rdpd.losses import sobel_kernel, training_loss


def pictures(batch=2, steps=2, size=(20, 24)):
    generator = torch.Generator().manual_seed(1)
    shape = (2, batch, steps, 3, *size)
    return torch.rand(shape, generator=generator, dtype=torch.float64)


def test_the_smallest_kernel_is_sobels():
    expected = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 2
    assert np.array_equal(sobel_kernel(3).numpy(), expected)


@pytest.mark.parametrize("size", [3, 5, 7, 11])
def test_a_kernel_measures_slopes_along_columns_only(size):
    kernel = sobel_kernel(size).numpy()
    assert np.abs(kernel).max() == 1.0
    assert kernel.sum() == pytest.approx(0.0, abs=1e-12)
    assert np.array_equal(kernel, -kernel[:, ::-1])
    assert np.array_equal(kernel, kernel[::-1])
    rows, columns = np.mgrid[:size, :size]
    assert (kernel * columns).sum() > 0
    assert (kernel * rows).sum() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("size", [5, 7, 11])
def test_wider_kernels_are_binomial_smoothings_of_the_next_smaller_one(size):
    smoothing = np.outer([1, 2, 1], [1, 2, 1]) / 16
    wider = np.pad(sobel_kernel(size - 2).numpy(), 2)
    wider = correlate2d(wider, smoothing, mode="valid")
    np.testing.assert_allclose(
        sobel_kernel(size).numpy(), wider / np.abs(wider).max(), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("size", [1, 2, 4, 0])
def test_even_and_small_kernels_are_refused(size):
    with pytest.raises(ValueError, match=f"got {size}"):
        sobel_kernel(size)


def test_the_loss_is_the_sum_that_the_paper_prints():
    output, target = pictures()
    found = training_loss(output, target, lambda_x=0.3, lambda_y=0.2)
    flat = (p.reshape(-1, 20, 24).numpy() for p in (output, target))
    images = list(zip(*flat, strict=True))
    mse = np.mean([(o - t) ** 2 for o, t in images])
    edges = {}
    for axis in "xy":
        per_size = []
        for size in (3, 7, 11):
            kernel = sobel_kernel(size).numpy()
            kernel = kernel if axis == "x" else kernel.T
            errors = [correlate2d(t - o, kernel, mode="valid") for o, t in images]
            per_size.append(np.mean(np.square(errors)))
        edges[axis] = np.mean(per_size)
    assert found.mse.item() == pytest.approx(mse, rel=1e-10)
    assert found.edge_x.item() == pytest.approx(edges["x"], rel=1e-10)
    assert found.edge_y.item() == pytest.approx(edges["y"], rel=1e-10)
    total = mse + 0.3 * edges["x"] + 0.2 * edges["y"]
    assert found.total.item() == pytest.approx(total, rel=1e-10)


def test_a_batch_is_the_mean_of_its_items():
    output, target = pictures(batch=3)
    together = training_loss(output, target).total
    alone = [training_loss(o, t).total for o, t in zip(output, target, strict=True)]
    assert together.item() == pytest.approx(torch.stack(alone).mean().item())


def test_equal_pictures_have_no_loss():
    output, _ = pictures()
    assert [part.item() for part in training_loss(output, output)] == [0.0] * 4


def test_an_error_of_upright_stripes_is_an_edge_along_x():
    target = torch.zeros(1, 1, 32, 32, dtype=torch.float64)
    output = target.clone()
    output[..., ::2] = 1.0
    blurred = output + 0.0
    found = training_loss(blurred, target, sizes=(3,))
    assert found.edge_y.item() == 0.0
    stairs = torch.arange(32, dtype=torch.float64).expand(1, 1, 32, 32)
    assert training_loss(stairs, target).edge_y.item() == pytest.approx(0.0, abs=1e-18)
    assert training_loss(stairs, target).edge_x.item() > 1.0


def test_the_gradient_is_that_of_the_numbers():
    output, target = (p[:1, :1, :1, :12, :12].clone() for p in pictures())
    output.requires_grad_()
    assert torch.autograd.gradcheck(lambda o: training_loss(o, target).total, (output,))


def test_without_sizes_only_the_squares_count():
    output, target = pictures()
    found = training_loss(output, target, sizes=())
    assert found.total.item() == found.mse.item() > 0


def test_other_shapes_and_too_small_pictures_are_refused():
    output, target = pictures()
    with pytest.raises(ValueError, match="output has shape"):
        training_loss(output[..., :-1], target)
    with pytest.raises(ValueError, match=r"smaller than the Sobel kernel of 11"):
        training_loss(output[..., :8], target[..., :8])
