use einsum::ndarray::{Array, Array2, array, s};
use einsum::{einsum, try_einsum};

#[test]
fn q() {
    let a = array![[1, 2], [3, 4]];
    let r = einsum!("ij,jk->ik", a, a);
    assert_eq!(r, array![[7, 10], [15, 22]]);
    let r = einsum!("ij,jk->ik", a.slice(s![.., ..;-1]), a.t().to_owned());
    assert_eq!(r, a.slice(s![.., ..;-1]).dot(&a.t()));
    let t: i32 = einsum!("ii", a);
    assert_eq!(t, 5);
    let x = array![1, 2];
    assert_eq!(einsum!("i,ij,j->", x, a, &x), 1 + 4 + 6 + 16);
    let mut c = Array2::zeros((2, 2));
    einsum!(c = "ij,jk->ik", a, a);
    einsum!(c += "ij,jk->ik", a, a);
    assert_eq!(c, array![[14, 20], [30, 44]]);
    println!("{}", try_einsum!("ij,jk->ik", a.slice(s![.., ..1]), &a.view().into_dyn()).unwrap_err());
    let z = einsum!("ij,jk->i", a, a);
    assert_eq!(z, array![3 + 14, 9 + 28]);
    let _ = Array::<f32, _>::zeros([2]);
}
