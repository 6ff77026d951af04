"""The Python peers of the comparison, in turns with the Rust ones: see src/python.rs for what is said on the pipe.

Arguments: the number of threads, and the file for results. A peer that cannot be imported is skipped. Operands are those
of src/operands.rs, to the bit. torch has its results as it likes them (channels_last for NHWC, weights `oihw`), and
is not charged for bringing them into the order of the equation, which is done for the check alone.
"""

import importlib
import math
import os
import sys
import time
import warnings

import networks
import products

THREADS, FILE = int(sys.argv[1]), sys.argv[2]
PEERS = ["numpy", "opt_einsum", "torch", "onnxruntime", "pytblis", "jax"]
modules, missing = {}, {}

# torch warns of tensors that it must not write to; nobody writes here.
warnings.filterwarnings("ignore")

# Libraries print; the pipe is for answers alone.
pipe = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def import_peers():
    for name in PEERS:
        try:
            modules[name] = importlib.import_module(name)
        except Exception as error:
            missing[name] = " ".join(str(error).split())
    if "onnxruntime" in modules:
        try:
            importlib.import_module("onnx")
        except Exception as error:
            missing["onnxruntime"] = " ".join(str(error).split())
            del modules["onnxruntime"]
    if "torch" in modules:
        modules["torch"].set_num_threads(THREADS)
        modules["torch"].set_grad_enabled(False)
    if "pytblis" in modules:
        getattr(modules["pytblis"], "set_num_threads", lambda count: None)(THREADS)
    if "jax" in modules:
        modules["jax"].config.update("jax_enable_x64", True)


def version(name):
    from importlib.metadata import version

    return f"{name} {version(name)}"


def numbers(shape, seed, dtype):
    import numpy as np

    mask = np.uint64(0xFFFFFFFF)
    mixed = (np.arange(math.prod(shape), dtype=np.uint64) + np.uint64(seed * 0x9E3779B9)) & mask
    mixed = ((mixed ^ (mixed >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & mask
    mixed = ((mixed ^ (mixed >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & mask
    return ((mixed >> np.uint64(16)).astype(dtype) / 65536 - 0.5).astype(dtype).reshape(shape)


class Candidates:
    """Those of a problem: how they are called, and how the result becomes that of the equation."""

    def __init__(self):
        self.calls, self.modes, self.finish, self.skipped = {}, {}, {}, []

    def add(self, name, call, mode="owned", finish=lambda result: result):
        self.calls[name], self.modes[name], self.finish[name] = call, mode, finish


def einsums(candidates, equation, left, right):
    import numpy as np

    candidates.add("numpy.einsum", lambda: np.einsum(equation, left, right, optimize=True))
    if opt_einsum := modules.get("opt_einsum"):
        candidates.add("opt_einsum", lambda: opt_einsum.contract(equation, left, right))
    if torch := modules.get("torch"):
        a, b = as_torch(left), as_torch(right)
        candidates.add("torch.einsum", lambda: torch.einsum(equation, a, b))
    if pytblis := modules.get("pytblis"):
        # Negative strides are refused here too.
        turned = np.ascontiguousarray(right)
        candidates.add("pytblis", lambda: pytblis.einsum(equation, left, turned))


def as_torch(array):
    """A tensor over the same memory, except where numpy has a negative stride, which torch has not."""
    if any(stride < 0 for stride in array.strides):
        array = array.copy()
    return modules["torch"].from_numpy(array)


def matmul(candidates, equation, dtype, form, batch, m, n, k):
    m, n, k, batch = int(m), int(n), int(k), int(batch)
    left, right = {
        "plain": ((m, k), (k, n)),
        "out-transposed": ((m, k), (k, n)),
        "right-transposed": ((m, k), (n, k)),
        "left-transposed": ((k, m), (k, n)),
        "batch": ((batch, m, k), (batch, k, n)),
    }[form]
    left, right = numbers(left, 1, dtype), numbers(right, 2, dtype)
    a = left.T if form == "left-transposed" else left
    b = right.T if form == "right-transposed" else right
    if form == "out-transposed":
        a, b = right.T, left.T
    products.add(candidates, modules, a, b)
    einsums(candidates, equation, left, right)
    if jax := modules.get("jax"):
        networks.add_jax(candidates, jax, equation, [left, right], [(0, 1)])


def conv(candidates, equation, dtype, layout, **sizes):
    import numpy as np

    which = sizes.pop("pass")
    keys = ("n", "groups", "c", "o", "x", "k", "stride", "pad")
    n, groups, c, o, x, k, stride, pad = (int(sizes[key]) for key in keys)
    image, gradient = (x - 1) * stride + k, x + 2 * (k - 1 - pad)
    nhwc = layout == "nhwc"

    def channels(*group):
        """As `Conv::axes` has them."""
        return group if groups == 1 else (groups,) if c == o == 1 else (groups, *group)

    def pixels(group, extent):
        return (n, extent, extent, *channels(group)) if nhwc else (n, *channels(group), extent, extent)

    kernel = (k, k, *channels(c, o)) if nhwc else (*channels(o, c), k, k)
    shapes = {
        "forward": (pixels(c, image), kernel),
        "kernel": (pixels(c, image), pixels(o, x)),
        "input": (pixels(o, gradient), kernel),
        "image": ((image, image), (k, k)),
    }[which]
    left, right = numbers(shapes[0], 1, dtype), numbers(shapes[1], 2, dtype)
    if which == "input":
        inside = numpy_inside(left, nhwc, k - 1 - pad)
        left = np.where(inside, left, 0).astype(dtype)
    axes = (0, 1) if which == "image" else (1, 2) if nhwc else (left.ndim - 2, left.ndim - 1)
    windows = np.lib.stride_tricks.sliding_window_view(left, (k, k), axes)
    steps = [slice(None)] * left.ndim
    for axis in axes:
        steps[axis] = slice(None, None, stride)
    turned = right
    if which == "input":
        turned = right[::-1, ::-1] if nhwc else right[..., ::-1, ::-1]
    einsums(candidates, equation, windows[tuple(steps)], turned)
    torch_conv(candidates, left, right, which, nhwc, stride, pad, (k, groups, c, o))
    # onnxruntime has no convolution in double precision, and none of NHWC.
    if which == "forward" and not nhwc and dtype == np.float32:
        flat = left.reshape(n, groups * c, image, image), right.reshape(groups * o, c, k, k)
        onnx_conv(candidates, *flat, stride, groups)


def numpy_inside(gradient, nhwc, around):
    """Where the padded gradient is not padding, to broadcast over its axes."""
    import numpy as np

    extent = gradient.shape[1 if nhwc else -1]
    line = (np.arange(extent) >= around) & (np.arange(extent) < extent - around)
    plane = line[:, None] & line
    return plane.reshape(extent, extent, *[1] * (gradient.ndim - 3)) if nhwc else plane


def torch_conv(candidates, left, right, which, nhwc, stride, pad, kernel_sizes):
    torch = modules.get("torch")
    if not torch:
        return
    k, groups, c, o = kernel_sizes
    left, right = torch.from_numpy(left), torch.from_numpy(right)
    if which == "image":
        left, right = left[None, None], right[None, None]
        candidates.add("torch.conv2d", lambda: torch.nn.functional.conv2d(left, right))
        return

    def pixels(tensor):
        """As `nchw`, with all groups in one axis; in memory as it was."""
        return tensor.flatten(3).permute(0, 3, 1, 2) if nhwc else tensor.flatten(1, -3)

    def kernel(tensor):
        """As `oihw`, in the format that goes with the images'."""
        if not nhwc:
            return tensor.reshape(groups * o, c, k, k)
        tensor = tensor.reshape(k, k, groups, c, o).permute(2, 4, 3, 0, 1).reshape(groups * o, c, k, k)
        return tensor.contiguous(memory_format=torch.channels_last)

    backward = torch.ops.aten.convolution_backward
    steps, ones, zeros = [stride] * 2, [1, 1], [0, 0]
    if which == "forward":
        images, weights = pixels(left), kernel(right)
        call = lambda: torch.nn.functional.conv2d(images, weights, stride=stride, groups=groups)
        back = (lambda y: y.permute(0, 2, 3, 1)) if nhwc else (lambda y: y)
    elif which == "kernel":
        images, gradient = pixels(left), pixels(right)
        weights = torch.zeros(groups * o, c, k, k, dtype=left.dtype)
        weights = weights.contiguous(memory_format=torch.channels_last) if nhwc else weights
        rest = [None, steps, zeros, ones, False, zeros, groups, [False, True, False]]
        call = lambda: backward(gradient, images, weights, *rest)[1]
        grouped = lambda w: w.reshape(groups, o, c, k, k)
        back = (lambda w: grouped(w).permute(3, 4, 0, 2, 1)) if nhwc else (lambda w: w)
    else:
        # Its own way: the gradient without zeros around it, for an image without its padding.
        around, padded = k - 1 - pad, pixels(left)
        inside = slice(around, padded.shape[2] - around)
        inner = padded[:, :, inside, inside]
        gradient = inner.contiguous(memory_format=torch.channels_last if nhwc else torch.contiguous_format)
        weights, extent = kernel(right), gradient.shape[2] + k - 1 - 2 * pad
        images = torch.zeros(gradient.shape[0], groups * c, extent, extent, dtype=left.dtype)
        images = images.contiguous(memory_format=torch.channels_last) if nhwc else images
        rest = [None, steps, [pad] * 2, ones, False, zeros, groups, [True, False, False]]
        call = lambda: backward(gradient, images, weights, *rest)[0]
        back = (lambda x: x.permute(0, 2, 3, 1)) if nhwc else (lambda x: x)
    candidates.add("torch.conv2d", call, finish=back)


def onnx_conv(candidates, images, weights, stride, groups):
    if "onnxruntime" not in modules:
        return
    import onnx
    import onnxruntime as ort

    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    node = helper.make_node("Conv", ["x", "w"], ["y"], strides=[stride, stride], group=groups)
    inputs = [helper.make_tensor_value_info("x", floats, images.shape)]
    outputs = [helper.make_tensor_value_info("y", floats, [None] * 4)]
    graph = helper.make_graph([node], "conv", inputs, outputs, [onnx.numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Idle threads must not spin while others are timed.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    candidates.add("onnxruntime", lambda: session.run(None, {"x": images})[0])


def network(candidates, equation, dtype, **extents):
    shapes = [[int(extents[label]) for label in term] for term in equation.split("->")[0].split(",")]
    arrays = [numbers(shape, seed, dtype) for seed, shape in enumerate(shapes, 1)]
    networks.add(candidates, modules, equation, arrays)
    if idiom := products.IDIOMS.get(equation):
        products.add(candidates, modules, *idiom(*arrays))


def open_problem(kind, dtype, equation, *sizes):
    import numpy as np

    candidates = Candidates()
    dtype = {"f32": np.float32, "f64": np.float64}[dtype]
    sizes = dict(size.split("=") for size in sizes)
    {"matmul": matmul, "conv": conv, "network": network}[kind](candidates, equation, dtype, **sizes)
    return candidates


def run(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start


def answer(line, candidates):
    """Answers a command; gives the candidates of the problem that is open."""
    command, *words = line.split()
    if command == "open":
        for name, why in missing.items():
            print(f"skipped {name}: {why}", file=pipe)
        candidates = open_problem(*words) if "numpy" in modules else Candidates()
        for what in candidates.skipped:
            print(f"skipped {what}", file=pipe)
        for name, mode in candidates.modes.items():
            print(f"candidate {name} {mode}", file=pipe)
        print("end", file=pipe)
    elif command == "time":
        print(run(candidates.calls[words[0]], int(words[1])), file=pipe)
    elif command == "result":
        import numpy as np

        result = candidates.finish[words[0]](candidates.calls[words[0]]())
        np.ascontiguousarray(result).tofile(FILE)
        print("written", file=pipe)
    return candidates


import_peers()
print(", ".join(version(name) for name in modules), file=pipe)
candidates = None
for line in sys.stdin:
    candidates = answer(line, candidates)
