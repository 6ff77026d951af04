"""Empty stand-ins for the CUDA libraries that PyPI's torch is linked against: cuda_stubs.py VENV

That wheel is the CUDA build, and all of CUDA is gigabytes that a CPU never calls. torch starts once every library
and symbol that it names exists, so each library is built here from functions that do nothing, in VENV/cuda-stubs, which
LD_LIBRARY_PATH must then name. Only the CUDA runtime is the real one (the small package nvidia-cuda-runtime): torch asks it
how many GPUs there are.
"""

import re
import subprocess
import sys
from pathlib import Path

CUDA_LIBRARY = re.compile(r"NEEDED.*\[(lib(?:cu|nv|nccl)[^\]]*)\]")
CUDA_SYMBOL = re.compile(r"(cu|nv|nccl|pnccl)|.*nvshmem")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def symbols(library, which):
    """Names and versions of the dynamic symbols that are defined, or undefined."""
    lines = output("nm", "-D", which, library).splitlines()
    return {tuple(line.split()[-1].replace("@@", "@").partition("@")[::2]) for line in lines}


def required_versions(library):
    """The symbol versions that a library wants, by the library that it wants them from."""
    versions, source = {}, None
    for line in output("readelf", "-VW", library).splitlines():
        if found := re.search(r"File: (\S+)", line):
            source = found[1]
        elif (found := re.search(r"Name: (\S+)\s+Flags", line)) and source:
            versions.setdefault(source, set()).add(found[1])
    return versions


def build(folder, name, functions, versions):
    source, script, target = folder / "stub.c", folder / "stub.map", folder / name
    source.write_text("".join(f"int {function}(void) {{ return 1; }}\n" for function in sorted(functions)))
    nodes = [f"{version} {{ {'global: *;' if i == 0 else ''} }};" for i, version in enumerate(sorted(versions))]
    script.write_text("\n".join(nodes))
    command = ["cc", "-shared", "-fPIC", "-w", "-fno-builtin", "-o", target, source, f"-Wl,-soname,{name}"]
    subprocess.run(command + ([f"-Wl,--version-script,{script}"] if versions else []), check=True)


def main(venv):
    [site] = venv.glob("lib/python3*/site-packages")
    libraries = sorted(site.glob("torch/lib/*.so*"))
    runtimes = {path.name: path for path in site.glob("nvidia/**/libcudart.so*")}
    needed, undefined, defined, versions = set(), set(), set(), {}
    for library in [*libraries, *runtimes.values()]:
        defined |= {name for name, _ in symbols(library, "--defined-only")}
    for library in libraries:
        needed |= set(CUDA_LIBRARY.findall(output("readelf", "-dW", library)))
        undefined |= symbols(library, "--undefined-only")
        for source, names in required_versions(library).items():
            versions.setdefault(source, set()).update(names)
    needed -= {library.name for library in libraries}
    missing = {(name, version) for name, version in undefined if name not in defined}
    # Which library has a symbol without a version is not written anywhere, so each of those that may gets them all.
    plain = {name for name, version in missing if not version and CUDA_SYMBOL.match(name)}
    folder = venv / "cuda-stubs"
    folder.mkdir(exist_ok=True)
    for name in sorted(needed):
        if name in runtimes:
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(runtimes[name].resolve())
            continue
        wanted = versions.get(name, set())
        functions = {symbol for symbol, version in missing if version in wanted}
        build(folder, name, functions or plain, wanted)
    print(f"{len(needed)} libraries in {folder}")


main(Path(sys.argv[1]))
