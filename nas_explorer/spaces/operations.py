
"""What the primitive operations cost, in closed form. How to build them is the models' room.

A cost function maps (source shape, result shape, stride, parameters) to (parameter count, MACs). MACs count
convolutions and linear layers only, the convention of NAS-Bench-201 and of most papers; one multiply-add is one MAC.
"""

from __future__ import annotations

from nas_explorer.spaces.primitives import Amounts, primitive
from nas_explorer.spaces.shapes import Shape


@primitive("global_pool")
@primitive("pad")
def free(x: Shape, y: Shape, stride: int) -> Amounts:
    """Nothing to learn, nothing to multiply."""
    return 0, 0


@primitive("activation", kind="relu")
def activation(x: Shape, y: Shape, stride: int, kind: str) -> Amounts:
    """An activation that stands alone, behind a sum for example: "relu", "silu", "gelu", ..."""
    return 0, 0


def sides(kernel: int | str) -> tuple[int, int]:
    """Height and width of a kernel.

    >>> sides(3), sides("3x5")
    ((3, 3), (3, 5))
    """
    if isinstance(kernel, int):
        return kernel, kernel
    height, width = kernel.split("x")
    return int(height), int(width)


@primitive("project")
def project(x: Shape, y: Shape, stride: int) -> Amounts:
    """1x1 convolution and batch norm, two halves when it strides (FactorizedReduce); linear with bias off the image."""
    if y.dimensions < 2:
        return (x.channels + 1) * y.channels, x.channels * y.channels * y.positions
    return (x.channels + 2) * y.channels, x.channels * y.channels * y.positions


@primitive("project_part")
def project_part(x: Shape, y: Shape, stride: int) -> Amounts:
    """One source's slice of a 1x1 convolution over a concatenation."""
    return x.channels * y.channels, x.channels * y.channels * y.positions


@primitive("bn")
def bn(x: Shape, y: Shape, stride: int) -> Amounts:
    return 2 * y.channels, 0


@primitive("bn_relu")
def bn_relu(x: Shape, y: Shape, stride: int) -> Amounts:
    return bn(x, y, stride)


@primitive("layer_norm")
def layer_norm(x: Shape, y: Shape, stride: int) -> Amounts:
    return 2 * y.channels, 0


@primitive("conv", kernel=3, groups=1, order="relu-conv-bn")
def conv(x: Shape, y: Shape, stride: int, kernel: int | str, groups: int, order: str) -> Amounts:
    """`order` says what stands around the convolution: "relu-conv-bn", "conv-bn-silu", "conv-bias-relu", ..."""
    height, width = sides(kernel)
    weights = height * width * x.channels * y.channels // groups
    before, _, after = order.partition("conv")            # a norm before the convolution is as wide as its input
    norms = 2 * x.channels * before.count("bn") + 2 * y.channels * after.count("bn")
    return weights + norms + y.channels * ("bias" in order), weights * y.positions


@primitive("sep_conv", kernel=3)
def sep_conv(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    """DARTS: depthwise-pointwise-bn, twice; the first one strides and keeps its channels."""
    c, k2 = x.channels, kernel * kernel
    weights = 2 * k2 * c + c * c + c * y.channels
    return weights + 2 * c + 2 * y.channels, weights * y.positions


@primitive("enas_sep_conv", kernel=3)
def enas_sep_conv(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    """ENAS micro: like sep_conv, but the first pointwise already changes the channels."""
    c, d, k2 = x.channels, y.channels, kernel * kernel
    weights = k2 * c + c * d + k2 * d + d * d
    return weights + 4 * d, weights * y.positions


@primitive("dil_conv", kernel=3)
def dil_conv(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    weights = kernel * kernel * x.channels + x.channels * y.channels
    return weights + 2 * y.channels, weights * y.positions


@primitive("factorized_conv", kernel=3)
def factorized_conv(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    """ReLU, a 1 x kernel and a kernel x 1 convolution, one batch norm; the first strides along the width only."""
    first, second = kernel * x.channels * x.channels, kernel * x.channels * y.channels
    between = x.size * y.size if y.dimensions == 2 else y.positions
    return first + second + 2 * y.channels, first * between + second * y.positions


@primitive("avg_pool", kernel=3)
def avg_pool(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    """Pooling is free; where it also changes channels, a projection does that."""
    return (0, 0) if x.channels == y.channels else project(x, y, 1)


@primitive("max_pool", kernel=3)
def max_pool(x: Shape, y: Shape, stride: int, kernel: int) -> Amounts:
    return avg_pool(x, y, stride, kernel)


@primitive("resnet_block")
def resnet_block(x: Shape, y: Shape, stride: int) -> Amounts:
    """NAS-Bench-201's reduction: two 3x3 ReLU-conv-BN, beside it average pooling and a bare 1x1 convolution."""
    weights = 9 * x.channels * y.channels + 9 * y.channels**2 + x.channels * y.channels
    return weights + 4 * y.channels, weights * y.positions


@primitive("mbconv", kernel=3, expand=6, se=0.25, activation="silu")
def mbconv(x: Shape, y: Shape, stride: int, kernel: int, expand: int, se: float, activation: str) -> Amounts:
    """Inverted residual with squeeze-and-excitation (0 switches it off); the residual is free."""
    hidden, squeezed = x.channels * expand, max(1, int(x.channels * se)) if se else 0
    widen = x.channels * hidden if expand != 1 else 0
    spatial, narrow, excite = kernel * kernel * hidden, hidden * y.channels, 2 * hidden * squeezed
    norms = 2 * hidden * (expand != 1) + 2 * hidden + 2 * y.channels
    bias = hidden + squeezed if squeezed else 0
    return (widen + spatial + narrow + excite + norms + bias,
            widen * x.positions + (spatial + narrow) * y.positions + excite)


@primitive("linear", bias=True)
def linear(x: Shape, y: Shape, stride: int, bias: bool) -> Amounts:
    return x.channels * y.channels + bias * y.channels, x.channels * y.channels * y.positions


@primitive("dense", activation="relu")
def dense(x: Shape, y: Shape, stride: int, activation: str) -> Amounts:
    return linear(x, y, stride, True)


@primitive("embedding", vocabulary=65)
def embedding(x: Shape, y: Shape, stride: int, vocabulary: int) -> Amounts:
    return (vocabulary + y.size) * y.channels, 0


@primitive("attention", heads=4)
def attention(x: Shape, y: Shape, stride: int, heads: int) -> Amounts:
    """Pre-norm causal self-attention: norm, query-key-value, output projection, all with bias."""
    c, n = x.channels, y.positions
    return 2 * c + 4 * c * c + 4 * c, n * 4 * c * c + 2 * n * n * c


@primitive("mlp", ratio=4, activation="gelu")
def mlp(x: Shape, y: Shape, stride: int, ratio: int, activation: str) -> Amounts:
    c, hidden = x.channels, x.channels * ratio
    return 2 * c + 2 * c * hidden + hidden + c, 2 * c * hidden * y.positions


@primitive("gate_in")
def gate_in(x: Shape, y: Shape, stride: int) -> Amounts:
    """First node of a recurrent cell: reads (input, hidden) side by side; `y` has the hidden width."""
    return x.channels * 2 * y.channels, x.channels * 2 * y.channels


@primitive("highway", activation="tanh")
def highway(x: Shape, y: Shape, stride: int, activation: str) -> Amounts:
    """h + sigmoid(c) * (activation(g) - h) with (c, g) = h W; no bias."""
    return 2 * x.channels**2, 2 * x.channels**2
