//! Several tensors: what users know beforehand as a literal, what a function built as an equation that is read once.

use std::hint::black_box;

use einsum::dynamic::Equation;
use einsum::einsum;
use ndarray::{Array, ArrayD, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

use super::fixed;
use crate::candidate::{Entry, OURS};
use crate::operands::Operands;
use crate::real::Real;
use crate::table::Network;

/// The entries of the literal that is this equation; of none, those of an equation at run time.
macro_rules! literals {
    ($network:ident, $operands:ident; $($subscripts:tt ($($name:ident: $rank:ident),+) $output:ident;)+) => {
        match $network.equation.as_str() {
            $($subscripts => {
                let mut arrays = $operands.arrays.iter();
                $(let $name = fixed::<$rank, T>(arrays.next().expect("an operand for each term"));)+
                let shape = output::<$output>($network);
                vec![
                    Entry::owned(OURS, move || einsum!($subscripts, $(black_box(&$name)),+)),
                    Entry::in_place(OURS, shape, move |out: &mut Array<T, $output>| {
                        einsum!(out = $subscripts, $(black_box(&$name)),+)
                    }),
                ]
            })+
            _ => built($network, $operands),
        }
    };
}

#[rustfmt::skip]
pub fn entries<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    literals! { network, operands;
        "ij,jk,kl,lm->im" (a: Ix2, b: Ix2, c: Ix2, d: Ix2) Ix2;
        "ij,jk,kl,lm,mn->in" (a: Ix2, b: Ix2, c: Ix2, d: Ix2, e: Ix2) Ix2;
        "ij,ik,il->jkl" (a: Ix2, b: Ix2, c: Ix2) Ix3;
        "ijk,ia,jb,kc->abc" (t: Ix3, a: Ix2, b: Ix2, c: Ix2) Ix3;
        "ijkl,ia,jb,kc,ld->abcd" (t: Ix4, a: Ix2, b: Ix2, c: Ix2, d: Ix2) Ix4;
        "ab,aic,bid->cd" (e: Ix2, a: Ix3, b: Ix3) Ix2;
        "ai,ijk,jb,kc->abc" (a: Ix2, t: Ix3, b: Ix2, c: Ix2) Ix3;
        "bi,oij,bj->bo" (x: Ix2, w: Ix3, y: Ix2) Ix2;
        "ki,k,kj->ij" (x: Ix2, d: Ix1, y: Ix2) Ix2;
        "i,ij,j->" (x: Ix1, a: Ix2, y: Ix1) Ix0;
        "ea,fb,abcd,gc,hd->efgh" (e: Ix2, f: Ix2, t: Ix4, g: Ix2, h: Ix2) Ix4;
        "ar,br,cr,dr->abcd" (a: Ix2, b: Ix2, c: Ix2, d: Ix2) Ix4;
        "bhqd,bhkd,bhkv->bhqv" (q: Ix4, k: Ix4, v: Ix4) Ix4;
        "xr,yr,zr,rs,us,vs->xyzuv" (x: Ix2, y: Ix2, z: Ix2, c: Ix2, u: Ix2, v: Ix2) Ix5;
        "ijk,jr,kr->ir" (t: Ix3, b: Ix2, c: Ix2) Ix2;
        "ijk,ir,kr->jr" (t: Ix3, a: Ix2, c: Ix2) Ix2;
        "ijk,ir,jr->kr" (t: Ix3, a: Ix2, b: Ix2) Ix2;
        "ijkl,jr,kr,lr->ir" (t: Ix4, b: Ix2, c: Ix2, d: Ix2) Ix2;

        "bhqd,bhkd->bhqk" (q: Ix4, k: Ix4) Ix4;
        "bqhd,bkhd->bhqk" (q: Ix4, k: Ix4) Ix4;
        "bhqk,bhkd->bhqd" (p: Ix4, v: Ix4) Ix4;
        "bhqk,bkhd->bqhd" (p: Ix4, v: Ix4) Ix4;
        "ij,j->i" (a: Ix2, x: Ix1) Ix1;
        "ij,i->j" (a: Ix2, x: Ix1) Ix1;
        "i,i->" (x: Ix1, y: Ix1) Ix0;

        "ki,jk->ji" (a: Ix2, b: Ix2) Ix2;
        "lik,jkl->ji" (a: Ix3, b: Ix3) Ix2;
        "lki,jl->kji" (a: Ix3, b: Ix2) Ix3;
        "li,klj->kji" (a: Ix2, b: Ix3) Ix3;
        "kli,jl->kji" (a: Ix3, b: Ix2) Ix3;
        "njmi,mknl->lkji" (a: Ix4, b: Ix4) Ix4;
        "nkmi,mlnj->lkji" (a: Ix4, b: Ix4) Ix4;
        "nlmi,mknj->lkji" (a: Ix4, b: Ix4) Ix4;
        "nlmi,kmjn->lkji" (a: Ix4, b: Ix4) Ix4;
        "knim,mlnj->lkji" (a: Ix4, b: Ix4) Ix4;
        "lnim,kmjn->lkji" (a: Ix4, b: Ix4) Ix4;
        "ap,srqp->srqa" (a: Ix2, b: Ix4) Ix4;
        "bq,srqa->srba" (a: Ix2, b: Ix4) Ix4;
        "abk,kj->bja" (a: Ix3, b: Ix2) Ix3;
        "akbc,jk->cjba" (a: Ix4, b: Ix2) Ix4;
        "abkc,kj->cbja" (a: Ix4, b: Ix2) Ix4;
        "cabk,kj->cjba" (a: Ix4, b: Ix2) Ix4;
        "akdbc,jk->cjbda" (a: Ix5, b: Ix2) Ix5;
        "dabkc,kj->cdbja" (a: Ix5, b: Ix2) Ix5;
        "bmji,cakm->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cmji,bakm->kjicba" (a: Ix4, b: Ix4) Ix6;
        "amki,cbjm->kjicba" (a: Ix4, b: Ix4) Ix6;
        "bmki,cajm->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cmki,bajm->kjicba" (a: Ix4, b: Ix4) Ix6;
        "amkj,cbim->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cmkj,baim->kjicba" (a: Ix4, b: Ix4) Ix6;
        "baie,cekj->kjicba" (a: Ix4, b: Ix4) Ix6;
        "caie,bekj->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cbie,aekj->kjicba" (a: Ix4, b: Ix4) Ix6;
        "baje,ceki->kjicba" (a: Ix4, b: Ix4) Ix6;
        "caje,beki->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cake,beji->kjicba" (a: Ix4, b: Ix4) Ix6;
        "cbke,aeji->kjicba" (a: Ix4, b: Ix4) Ix6;
    }
}

/// The shape of the result, of static rank.
fn output<D: Dimension>(network: &Network) -> D {
    let shape = network.shape(&network.terms().1);
    D::from_dimension(&IxDyn(&shape)).expect("the rank of the output")
}

fn built<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let views: Vec<_> = operands.arrays.iter().map(|array| array.view()).collect();
    let equation = Equation::new(&network.equation, views.len()).expect("an equation of the table");
    let shape = network.shape(&network.terms().1);
    let (same, again) = (equation.clone(), views.clone());
    let store = move |out: &mut ArrayD<T>| same.assign(out, black_box(&again)).expect("its shape");
    vec![
        Entry::owned(OURS, move || equation.einsum(black_box(&views)).expect("shapes of the table")),
        Entry::in_place(OURS, shape, store),
    ]
}
