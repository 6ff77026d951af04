//! Known networks, and what opt_einsum found for them.

use super::network;

/// Equations, the extents of their labels from `a` on, and the operations of the best order: `opt_cost` of opt_einsum 3.4.0,
/// `contract_path(…, optimize="optimal")`. Chains of matrices, inner products of chains and grids, MTTKRP, tensor trains, outer
/// products, hyperedges, and the examples of its documentation and tests.
const FIGURES: &[(&str, &[usize], f64)] = &[
    ("ab,bc,cd->ad", &[1000, 10, 1000, 10], 400_000.0),
    ("ab,bc,cd->ad", &[10, 1000, 10, 1000], 400_000.0),
    ("ab,bc,cd,de,ef,fg->ag", &[30, 35, 15, 5, 10, 20, 25], 30_250.0),
    ("abc,bd,cd->ad", &[50, 60, 70, 8], 3_393_600.0),
    ("abcd,be,ce,de->ae", &[20, 30, 40, 50, 8], 19_224_800.0),
    ("ab,bcd,def,fgh,hi->acegi", &[4, 3, 5, 3, 6, 3, 4, 3, 5], 17_280.0),
    ("ea,fb,abcd,gc,hd->efgh", &[10; 8], 800_000.0),
    ("abc,cde,efg,gh,ib,jbd,kdf->ahijk", &[4; 11], 29_184.0),
    ("ab,bcd,def,fg,ah,hci,iej,jg->", &[5; 10], 5_550.0),
    ("ab,acd,be,cefg,dh,fhi,gj,ij->", &[4; 10], 3_872.0),
    ("ab,acd,ce,bfg,fdhi,hej,gk,kil,lj->", &[3; 12], 3_096.0),
    ("a,ab,b->", &[30, 40], 2_460.0),
    ("abe,bce,cde->ade", &[5, 6, 7, 8, 9], 8_820.0),
    ("ab,ac,ad->bcd", &[5, 6, 7, 8], 3_570.0),
    (",ab,b,->a", &[5, 6], 66.0),
    ("ab,cd,ef->abcdef", &[2, 3, 4, 5, 6, 7], 5_160.0),
    ("ca,ba,da->bcd", &[20, 10, 10, 10], 42_000.0),
    ("bca,cdb,dbe,aec->", &[6; 5], 5_616.0),
    ("abd,ac,eaf,fcg->bdeg", &[5; 7], 8_750.0),
];

#[test]
fn orders_are_as_good_as_those_of_opt_einsum() {
    for &(text, extents, best) in FIGURES {
        let (network, own) = network(text, |letter| extents[letter as usize - 'a' as usize]);
        let flops = network.flops(&network.search(&own, None).unwrap(), &own);
        // It sums a label of one array along with the first pair that the array is in, and counts that with it.
        let has_lone =
            text.matches(|c: char| c.is_alphabetic()).any(|letter| text.matches(letter).count() == 1);
        assert!(flops <= best && (has_lone || flops == best), "{text}: {flops} against {best}");
    }
}
