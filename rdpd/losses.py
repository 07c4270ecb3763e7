"""The training loss: mean squared error and the same of Sobel edges of three sizes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import comb
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

SOBEL_SIZES = (3, 7, 11)
LAMBDA_X, LAMBDA_Y = 0.03, 0.02


class Loss(NamedTuple):
    """The loss and its parts, scalars."""

    total: Tensor
    mse: Tensor
    edge_x: Tensor
    edge_y: Tensor


def training_loss(
    output: Tensor,
    target: Tensor,
    *,
    lambda_x: float = LAMBDA_X,
    lambda_y: float = LAMBDA_Y,
    sizes: Sequence[int] = SOBEL_SIZES,
) -> Loss:
    """Return L = MSE + lambda_x L_edge^x + lambda_y L_edge^y.

    Parameters
    ----------
    output, target : Tensor (..., C, H, W)
        Encoded colour in [0, 1]; every item of the batch counts alike.
    lambda_x, lambda_y : float
        Weights of the edges along columns and rows.
    sizes : sequence of int
        Of the Sobel kernels, odd.

    Raises
    ------
    ValueError
        If shapes differ, or the picture is smaller than a kernel.

    Notes
    -----
    L_edge is the mean over the sizes of MSE(S * target, S * output), over the pixels
    for which the kernel fits in the picture. Kernels are normalised (`sobel_kernel`).

    References
    ----------
    Abuolaim et al. (2021), Eq. 13-16. Their code squares the lambdas, uses the 3 x 3
    kernel twice and looks at the first item of a batch only.
    """
    if output.shape != target.shape:
        raise ValueError(
            f"output has shape {tuple(output.shape)}, target {tuple(target.shape)}; "
            "expected equal ones"
        )
    height, width = output.shape[-2:]
    if sizes and min(height, width) < max(sizes):
        raise ValueError(
            f"pictures of {width} x {height} pixels are smaller than the Sobel kernel "
            f"of {max(sizes)}"
        )
    mse = functional.mse_loss(output, target)
    error = (output - target).reshape(-1, 1, height, width)
    edges = [_edge_mse(error, size) for size in sizes]
    edge_x, edge_y = torch.stack(edges).mean(dim=0) if edges else mse.new_zeros(2)
    total = mse + lambda_x * edge_x + lambda_y * edge_y
    return Loss(total, mse, edge_x, edge_y)


def _edge_mse(error: Tensor, size: int) -> Tensor:
    """Return the mean squares of the derivatives of an error, (2,): along x, along y.

    A convolution is linear: the edges' difference is the edge of the difference.
    """
    kernels = _sobel_pair(size, error.dtype, error.device)
    return functional.conv2d(error, kernels).square().mean(dim=(0, 2, 3))


@cache
def _sobel_pair(size: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the kernels along x and along y, (2, 1, size, size).

    Kept: to copy them to a GPU, a step would wait for all that it has begun.
    """
    with torch.inference_mode(False):
        across = sobel_kernel(size).to(device, dtype)
        return torch.stack([across, across.T])[:, None]


def sobel_kernel(size: int) -> Tensor:
    """Return the Sobel kernel of a size for derivatives along columns, float64.

    A binomial smoothing of rows times the derivative of a binomial smoothing of
    columns, scaled so that the largest weight is 1.

    Parameters
    ----------
    size : int
        Odd, at least 3.

    Returns
    -------
    Tensor (size, size)

    Raises
    ------
    ValueError
        For another size.

    Examples
    --------
    >>> (2 * sobel_kernel(3)).tolist()
    [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
    """
    if size < 3 or size % 2 == 0:
        raise ValueError(f"a Sobel kernel has an odd size of at least 3; got {size}")
    smooth = [comb(size - 1, n) for n in range(size)]
    # Binomial coefficients of two fewer, derived: convolved with (-1, 0, 1).
    below = [comb(size - 3, n) for n in range(size - 2)]
    slope = [
        (below[n - 2] if n >= 2 else 0) - (below[n] if n < size - 2 else 0)
        for n in range(size)
    ]
    kernel = torch.outer(
        torch.tensor(smooth, dtype=torch.float64),
        torch.tensor(slope, dtype=torch.float64),
    )
    return kernel / kernel.abs().max()
