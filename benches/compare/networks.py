"""Contractions of two tensors or more by the Python peers.

All of them contract in the order that opt_einsum finds, before the clock starts: the cheapest for up to 8 tensors, beyond
the best of its random tries, which are the same in each run as long as the seed of Python's hashes is.
"""

# What numpy can read, and pytblis, which has its parser.
ASCII_LABELS = 52


def add(candidates, modules, equation, arrays):
    opt_einsum = modules.get("opt_einsum")
    if not opt_einsum:
        return
    order = path(opt_einsum, equation, arrays)
    shapes = [array.shape for array in arrays]
    contract = opt_einsum.contract_expression(equation, *shapes, optimize=order)
    turned = row_major if len(arrays) == 2 else (lambda result: result)
    candidates.add("opt_einsum", lambda: turned(contract(*arrays)))
    if len(set(equation) - set(",->")) <= ASCII_LABELS:
        add_numpy(candidates, modules, equation, arrays, order, turned)
    else:
        candidates.skipped.append(f"numpy.einsum and pytblis on networks of more than {ASCII_LABELS} labels")
    if torch := modules.get("torch"):
        tensors = [torch.from_numpy(array) for array in arrays]
        if len(tensors) > 2:
            candidates.add("opt_einsum+torch", lambda: contract(*tensors, backend="torch"))
        else:
            candidates.add("torch.einsum", lambda: torch.einsum(equation, *tensors).contiguous())
    if jax := modules.get("jax"):
        add_jax(candidates, jax, equation, arrays, order)


def row_major(result):
    """A new array in the order of the equation: of two tensors, numpy and torch may give a view of a product in that of the product,
    which is most of the work where sums are short."""
    import numpy as np

    return np.ascontiguousarray(result)


def path(opt_einsum, equation, arrays):
    optimize = "optimal" if len(arrays) <= 8 else "auto-hq"
    return opt_einsum.contract_path(equation, *arrays, optimize=optimize)[0]


def add_numpy(candidates, modules, equation, arrays, order, turned):
    import numpy as np

    steps = ["einsum_path", *order]
    candidates.add("numpy.einsum", lambda: turned(np.einsum(equation, *arrays, optimize=steps)))
    if len(arrays) == 2:
        out = np.array(np.einsum(equation, *arrays, optimize=steps), order="C")
        call = lambda: np.einsum(equation, *arrays, out=out, optimize=steps)
        candidates.add("numpy.einsum-out", call, "in-place")
    if pytblis := modules.get("pytblis"):
        candidates.add("pytblis", lambda: pytblis.einsum(equation, *arrays, optimize=steps))


def add_jax(candidates, jax, equation, arrays, order):
    operands = [jax.numpy.asarray(array) for array in arrays]
    call = jax.jit(lambda *operands: jax.numpy.einsum(equation, *operands, optimize=order))
    candidates.add("jax", lambda: call(*operands).block_until_ready())
