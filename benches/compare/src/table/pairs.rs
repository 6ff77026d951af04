//! Contractions of two tensors that are no plain matrix products.

use super::networks::form;
use super::{Family, Network};

type Line = (&'static str, Network);

/// All of them, each for both types of elements.
pub fn rows() -> Vec<(Family, Line)> {
    let families: [(Family, &[_]); 5] = [
        (Family::Tiny, &tiny()),
        (Family::Attention, &attention()),
        (Family::MatrixVector, &vectors()),
        (Family::Tccg, &tccg()),
        (Family::SixIndex, &six_index()),
    ];
    families
        .into_iter()
        .flat_map(|(family, lines)| lines.iter().map(move |line| (family, line.clone())))
        .collect()
}

/// Every combination of the labels is a multiplication and an addition.
fn pair(equation: &str, extents: &str) -> Network {
    let network = form(equation, extents, 0);
    let flops = 2 * network.extents.values().map(|&extent| extent as u64).product::<u64>();
    Network { flops, ..network }
}

/// So few numbers that the call itself counts.
fn tiny() -> [Line; 2] {
    [("dot8", pair("i,i->", "i=8")), ("bilinear8", form("i,ij,j->", "ij=8", 144))]
}

/// Scores, and the values that they weigh, with the heads outside (`bhqd`) and inside (`bqhd`).
#[rustfmt::skip]
fn attention() -> [Line; 4] {
    let extents = "b=4 h=8 qk=256 d=64";
    [
        ("attn-qk", pair("bhqd,bhkd->bhqk", extents)),
        ("attn-qk-bthd", pair("bqhd,bkhd->bhqk", extents)),
        ("attn-av", pair("bhqk,bhkd->bhqd", extents)),
        ("attn-av-bthd", pair("bhqk,bkhd->bqhd", extents)),
    ]
}

#[rustfmt::skip]
fn vectors() -> [Line; 5] {
    [
        ("mv1024", pair("ij,j->i", "ij=1024")),
        ("mv4096", pair("ij,j->i", "ij=4096")),
        ("mvT1024", pair("ij,i->j", "ij=1024")),
        ("mvT4096", pair("ij,i->j", "ij=4096")),
        ("dot1M", pair("i,i->", "i=1048576")),
    ]
}

/// From the benchmark of the tensor contraction code generator (TCCG). Its arrays are column-major, so its letters are
/// read from the right here.
#[rustfmt::skip]
fn tccg() -> [Line; 19] {
    [
        ("tccg-ij-ik-kj", pair("ki,jk->ji", "ik=1032 j=1024")),
        ("tccg-ij-kil-lkj", pair("lik,jkl->ji", "ikl=192 j=184")),
        ("tccg-ijk-ikl-lj", pair("lki,jl->kji", "il=216 jk=204")),
        ("tccg-ijk-il-jlk", pair("li,klj->kji", "ij=168 kl=160")),
        ("tccg-ijk-ilk-lj", pair("kli,jl->kji", "il=216 jk=204")),
        ("tccg-ijkl-imjn-lnkm", pair("njmi,mknl->lkji", "il=48 jkmn=28")),
        ("tccg-ijkl-imkn-jnlm", pair("nkmi,mlnj->lkji", "ij=48 klmn=28")),
        ("tccg-ijkl-imln-jnkm", pair("nlmi,mknj->lkji", "ij=48 klmn=28")),
        ("tccg-ijkl-imln-njmk", pair("nlmi,kmjn->lkji", "in=48 jklm=28")),
        ("tccg-ijkl-mink-jnlm", pair("knim,mlnj->lkji", "ijklmn=24")),
        ("tccg-ijkl-minl-njmk", pair("lnim,kmjn->lkji", "ijklmn=24")),
        ("tccg-aqrs-pa-pqrs", pair("ap,srqp->srqa", "apqrs=72")),
        ("tccg-abrs-qb-aqrs", pair("bq,srqa->srba", "aq=72 brs=60")),
        ("tccg-ajb-kba-jk", pair("abk,kj->bja", "ak=384 b=376 j=24")),
        ("tccg-abjc-cbka-kj", pair("akbc,jk->cjba", "abck=72 j=24")),
        ("tccg-ajbc-ckba-jk", pair("abkc,kj->cbja", "ac=96 bk=84 j=24")),
        ("tccg-abjc-kbac-jk", pair("cabk,kj->cjba", "ak=96 bc=84 j=24")),
        ("tccg-adbjc-cbdka-kj", pair("akdbc,jk->cjbda", "abcdjk=24")),
        ("tccg-ajbdc-ckbad-jk", pair("dabkc,kj->cdbja", "ac=48 bdk=32 j=24")),
    ]
}

/// The triples of coupled-cluster methods: products with few summands for each of many elements.
#[rustfmt::skip]
fn six_index() -> [Line; 14] {
    [
        ("tccg-abcijk-ijmb-mkac", pair("bmji,cakm->kjicba", "aim=24 bcjk=16")),
        ("tccg-abcijk-ijmc-mkab", pair("cmji,bakm->kjicba", "aim=24 bcjk=16")),
        ("tccg-abcijk-ikma-mjbc", pair("amki,cbjm->kjicba", "aim=24 bcjk=16")),
        ("tccg-abcijk-ikmb-mjac", pair("bmki,cajm->kjicba", "aim=24 bcjk=16")),
        ("tccg-abcijk-ikmc-mjab", pair("cmki,bajm->kjicba", "aim=24 bcjk=16")),
        ("tccg-abcijk-jkma-mibc", pair("amkj,cbim->kjicba", "ajm=24 bcik=16")),
        ("tccg-abcijk-jkmc-miab", pair("cmkj,baim->kjicba", "ajm=24 bcik=16")),
        ("tccg-abcijk-eiab-jkec", pair("baie,cekj->kjicba", "aej=24 bcik=16")),
        ("tccg-abcijk-eiac-jkeb", pair("caie,bekj->kjicba", "aej=24 bcik=16")),
        ("tccg-abcijk-eibc-jkea", pair("cbie,aekj->kjicba", "aej=24 bcik=16")),
        ("tccg-abcijk-ejab-ikec", pair("baje,ceki->kjicba", "aei=24 bcjk=16")),
        ("tccg-abcijk-ejac-ikeb", pair("caje,beki->kjicba", "aei=24 bcjk=16")),
        ("tccg-abcijk-ekac-ijeb", pair("cake,beji->kjicba", "aei=24 bcjk=16")),
        ("tccg-abcijk-ekbc-ijea", pair("cbke,aeji->kjicba", "aei=24 bcjk=16")),
    ]
}
