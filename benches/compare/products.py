"""Products of matrices, of a matrix and a vector, and of batches of them, as one calls them where one knows them."""

# The matrices that an equation multiplies, and how the product becomes the result: views all.
IDIOMS = {
    "bhqd,bhkd->bhqk": lambda q, k: (q, k.swapaxes(2, 3)),
    "bqhd,bkhd->bhqk": lambda q, k: (q.swapaxes(1, 2), k.transpose(0, 2, 3, 1)),
    "bhqk,bhkd->bhqd": lambda p, v: (p, v),
    "bhqk,bkhd->bqhd": lambda p, v: (p, v.swapaxes(1, 2), lambda out: out.swapaxes(1, 2)),
    "ij,j->i": lambda a, x: (a, x),
    "ij,i->j": lambda a, x: (x, a),
    "i,i->": lambda x, y: (x, y),
}


def add(candidates, modules, a, b, turn=lambda out: out):
    """A view is enough of a result: it is brought into the order of the equation for the check alone. In place, the
    array is in that order, and its view is overwritten."""
    import numpy as np

    out = turn(np.array(turn(a @ b), order="C"))
    candidates.add("numpy.matmul", lambda: a @ b, finish=turn)
    candidates.add("numpy.matmul-out", lambda: np.matmul(a, b, out=out), "in-place", finish=turn)
    if torch := modules.get("torch"):
        s, t, target = (torch.from_numpy(array) for array in (a, b, out.copy("K")))
        candidates.add("torch.matmul", lambda: torch.matmul(s, t), finish=turn)
        candidates.add("torch.matmul-out", lambda: torch.matmul(s, t, out=target), "in-place", finish=turn)
