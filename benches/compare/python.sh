#!/usr/bin/env bash
# Makes a virtual environment with the Python peers: benches/compare/python.sh FOLDER, then compare --python FOLDER/bin/python
set -euo pipefail
folder=${1:?"usage: python.sh FOLDER"}
here=$(cd "$(dirname "$0")" && pwd)

python3 -m venv "$folder"
install() { "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"; }

# One by one: a peer that has no wheel for this machine is skipped by the comparison, and must not stop the others.
for peer in numpy opt_einsum "onnxruntime onnx" pytblis jax; do
    # shellcheck disable=SC2086
    install $peer || echo "SKIPPED $peer: not installable here"
done

# torch without CUDA's gigabytes: its plain dependencies, the small CUDA runtime, and stand-ins for the rest.
install filelock typing-extensions sympy networkx jinja2 fsspec
if install --no-deps torch nvidia-cuda-runtime; then
    "$folder/bin/python" "$here/cuda_stubs.py" "$folder"
else
    echo "SKIPPED torch: not installable here"
fi
