//! Calls with affine indices and their answers: the shape of the result, its sum and its weighted sum.
//!
//! The answers were computed by plain loops over all index values, from the operands that `layouts::numbers` makes; see
//! `conformance`.

/// Expands `$callback` with the cases, each of them
/// `name "subscripts" operand[shape] .. = [shape of the result] sum weighted_sum;`
macro_rules! for_each_affine_case {
    ($callback:ident) => {
        $callback! {
            case_01 "(x+i)(y+j),ij->xy" a[8, 9] b[3, 3] = [6, 7] -2 2080;
            case_02 "(x+i),i->x" a[10] b[3] = [8] -31 -216;
            case_03 "(3x+i),i->x" a[10] b[3] = [3] -25 -46;
            case_04 "(x+i),i->x" a[5] b[5] = [1] -22 -22;
            case_05 "(x+i),i->x" a[7] b[1] = [7] -15 -90;
            case_06 "(3x+i),i->x" a[7] b[1] = [3] 3 9;
            case_07 "(x+i-1),i->x" a[8] b[3] = [8] -27 -143;
            case_08 "(2x+i-1),i->x" a[8] b[3] = [4] -35 -97;
            case_09 "(x+2i-2),i->x" a[8] b[3] = [8] -24 -139;
            case_10 "(2x+2i-1),i->x" a[8] b[3] = [3] 9 27;
            case_11 "n(h+i)(w+j)c,ijco->nhwo" a[2, 7, 8, 3] b[3, 3, 3, 4] = [2, 5, 6, 4] 383 4514;
            case_12 "ngc(x+i),goci->ngox" a[2, 2, 3, 6] b[2, 4, 3, 3] = [2, 2, 4, 4] -61 -4252;
            case_13 "nohw,ocij->nc(h+i)(w+j)" a[2, 4, 5, 5] b[4, 3, 3, 3] = [2, 3, 7, 7] 101 6766;
            case_14 "ik,(i+k)->i" a[8, 3] b[10] = [8] 23 52;
            case_15 "(x+i)(y+j)(z+k),ijk->xyz" a[5, 5, 5] b[2, 3, 2] = [4, 3, 4] 158 3376;
            case_16 "n(3h+i-1)(2w+2j-1)c,ijco->nhwo" a[2, 6, 7, 3] b[3, 3, 3, 1] = [2, 2, 3, 1] -54 22;
            case_17 "nohw,ocij->nc(h+i)(w+j)" a[1, 3, 5, 4] b[3, 1, 2, 3] = [1, 1, 6, 6] 20 195;
            case_18 "n(h+2i)(w+j)c,ijco->nhwo" a[1, 3, 4, 2] b[1, 4, 2, 1] = [1, 3, 1, 1] 22 41;
            case_19 "nc(3h+2i)(3w+2j-2),ocij->nohw" a[1, 2, 6, 10] b[2, 2, 1, 4] = [1, 2, 2, 3] -4 156;
            case_20 "(2h+i-2)c(3w+j),cij->hwc" a[4, 2, 3] b[2, 3, 2] = [3, 1, 2] 14 96;
            case_21 "nc(3h+2i)(w+j),ocij->nohw" a[3, 3, 6, 5] b[3, 3, 1, 1] = [3, 3, 2, 5] -70 -1070;
            case_22 "(3h+i),i->h" a[3] b[1] = [1] -6 -6;
            case_23 "(3h+2i)c(2w+j),cij->hwc" a[1, 2, 4] b[2, 1, 2] = [1, 2, 2] 48 132;
            case_24 "n(2h+i)(w+j)c,ijco->nhwo" a[3, 3, 5, 2] b[1, 1, 2, 2] = [3, 2, 5, 2] 48 5302;
            case_25 "nc(3h+i)(3w+j),ocij->nohw" a[1, 1, 7, 8] b[3, 1, 2, 3] = [1, 3, 2, 2] 26 159;
            case_26 "nohw,ocij->nc(2h+i)(w+j)" a[2, 3, 4, 5] b[3, 2, 2, 4] = [2, 2, 8, 8] 48 4765;
            case_27 "(3h+i-1)c(3w+2j),cij->hwc" a[8, 2, 4] b[2, 4, 1] = [3, 2, 2] -35 -46;
            case_28 "nc(2h+i)(w+2j),ocij->nohw" a[1, 1, 9, 6] b[3, 1, 4, 3] = [1, 3, 3, 2] 200 1240;
            case_29 "(3h+i)c(3w+j),cij->hwc" a[5, 3, 3] b[3, 4, 2] = [1, 1, 3] -6 39;
            case_30 "nc(2h+2i)(2w+j),ocij->nohw" a[3, 2, 2, 7] b[2, 2, 1, 2] = [3, 2, 1, 3] -11 -646;
            case_31 "(h+i-1),i->h" a[6] b[3] = [6] -15 -57;
            case_32 "nohw,ocij->nc(h+i)(w+j)" a[3, 2, 7, 1] b[2, 3, 3, 1] = [3, 3, 9, 1] -16 -1722;
            case_33 "(h+2i-2)c(3w+j),cij->hwc" a[8, 3, 3] b[3, 3, 2] = [8, 1, 3] -9 -535;
            case_34 "nohw,ocij->nc(h+i)(w+j)" a[3, 3, 3, 7] b[3, 1, 1, 3] = [3, 1, 3, 9] 40 2094;
            case_35 "nohw,ocij->nc(2h+i)(w+j)" a[1, 3, 4, 7] b[3, 3, 1, 4] = [1, 3, 7, 10] 10 4643;
            case_36 "(2h+i)c(w+2j-1),cij->hwc" a[4, 2, 7] b[2, 4, 2] = [1, 7, 2] -10 -712;
            case_37 "nohw,ocij->nc(2h+i)(w+j)" a[2, 3, 6, 6] b[3, 3, 1, 1] = [2, 3, 11, 6] 20 -1012;
            case_38 "(2h+i-2)c(w+j-1),cij->hwc" a[6, 1, 7] b[1, 3, 4] = [4, 6, 1] 10 -69;
            case_39 "(2h+i)c(3w+2j),cij->hwc" a[4, 3, 5] b[3, 4, 1] = [1, 2, 3] -16 -15;
            case_40 "n(3h+i)(w+j)c,ijco->nhwo" a[3, 1, 5, 2] b[1, 1, 2, 3] = [3, 1, 5, 3] -24 -394;
            case_41 "n(h+2i)(2w+j-1)c,ijco->nhwo" a[2, 4, 4, 3] b[1, 4, 3, 2] = [2, 4, 2, 2] 19 -740;
        }
    };
}
pub(crate) use for_each_affine_case;
