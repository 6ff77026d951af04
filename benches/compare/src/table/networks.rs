//! Contractions of several tensors, each of one type of elements.

use super::{Family, Kind, Network, Problem, Workload, lattices};
use Kind::{F32, F64};

/// The rows of both families. Flops are those of the cheapest order that opt_einsum 3.4 found: `optimal` up to 8 tensors,
/// the best of some searches by `auto-hq` beyond.
pub fn workloads() -> Vec<Workload> {
    let networks = forms().into_iter().chain(lattices());
    networks
        .map(|row| (Family::Network, row))
        .chain(mttkrps().map(|row| (Family::Mttkrp, row)))
        .map(workload)
        .collect()
}

type Line = (&'static str, Kind, Network);

fn workload((family, (name, element, network)): (Family, Line)) -> Workload {
    Workload { name: format!("{name}/{element}"), family, element, problem: Problem::Network(network) }
}

/// An equation as users write it. `ik=8 j=2` gives the letters their extents.
pub fn form(equation: &str, extents: &str, flops: u64) -> Network {
    let extents = extents.split(' ').flat_map(|group| {
        let (letters, extent) = group.split_once('=').expect("letters and their extent");
        let extent = extent.parse().expect("an extent");
        letters.chars().map(move |letter| (letter, extent))
    });
    Network { equation: equation.into(), extents: extents.collect(), flops }
}

#[rustfmt::skip]
fn forms() -> [Line; 15] {
    [
        ("net-chain4", F32, form("ij,jk,kl,lm->im", "ikm=1024 jl=16", 34_603_008)),
        ("net-chain5", F64, form("ij,jk,kl,lm,mn->in", "i=1500 j=60 k=2000 l=50 m=1500 n=40", 25_440_000)),
        ("net-outer3-sum", F64, form("ij,ik,il->jkl", "i=256 jkl=48", 57_212_928)),
        ("net-tucker3", F32, form("ijk,ia,jb,kc->abc", "ijk=160 abc=16", 145_489_920)),
        ("net-tucker4", F64, form("ijkl,ia,jb,kc,ld->abcd", "ijkl=40 abcd=12", 87_060_480)),
        ("net-mps-step", F64, form("ab,aic,bid->cd", "abcd=128 i=16", 134_217_728)),
        ("net-tt-als", F64, form("ai,ijk,jb,kc->abc", "abc=32 ijk=128", 176_160_768)),
        ("net-bilinear", F32, form("bi,oij,bj->bo", "bij=128 o=64", 270_532_608)),
        ("net-xtdx", F32, form("ki,k,kj->ij", "k=8192 ij=128", 269_484_032)),
        ("net-quadratic", F64, form("i,ij,j->", "ij=2048", 8_392_704)),
        ("net-ao-mo", F64, form("ea,fb,abcd,gc,hd->efgh", "abcdefgh=28", 137_682_944)),
        ("net-cp", F32, form("ar,br,cr,dr->abcd", "abcd=40 r=32", 163_942_400)),
        ("net-batch", F32, form("bhqd,bhkd,bhkv->bhqv", "bh=8 qk=128 dv=32", 33_554_432)),
        ("net-mixture", F64, form("xr,yr,zr,rs,us,vs->xyzuv", "xyzuv=16 rs=32", 67_780_608)),
        ("net-rank10", F32, form(
            "abcdefghij,abcdklmnop,efklqrwx,ghmnqruv,ijopuvyz->wxyz",
            "aehknqvw=4 bfilorxy=3 cdgjmpuz=2", 74_566_656,
        )),
    ]
}

#[rustfmt::skip]
fn lattices() -> [Line; 5] {
    [
        ("net-mps24", F64, lattices::states(24, 64, 2, 30_810_112)),
        ("net-peps4x4", F64, lattices::grid([4, 4], [4, 4], 2, 76_701_696)),
        ("net-peps7x8", F32, lattices::grid([7, 8], [4, 4], 1, 57_921_536)),
        ("net-cubic60", F32, lattices::cubic(60, 4, 43_328_512)),
        ("net-circuit10", F64, lattices::circuit(10, 8, 16_688)),
    ]
}

fn mttkrps() -> impl Iterator<Item = Line> {
    let mode = |name, element, equation| {
        let network = match element {
            F32 => form(equation, "ijk=256 r=32", 1_075_838_976),
            F64 => form(equation, "ijk=192 r=32", 454_164_480),
        };
        (name, element, network)
    };
    let modes = [F32, F64].into_iter().flat_map(move |element| {
        [
            mode("mttkrp-i", element, "ijk,jr,kr->ir"),
            mode("mttkrp-j", element, "ijk,ir,kr->jr"),
            mode("mttkrp-k", element, "ijk,ir,jr->kr"),
        ]
    });
    modes.chain([("mttkrp4-i", F32, form("ijkl,jr,kr,lr->ir", "ijkl=64 r=32", 1_074_135_040))])
}
