//! One list of equations for every implementation.
//!
//! Each case reads `name "subscripts" operand[shape] ..;` and is unique within its heading. Extents are small and
//! different, so that a mixed-up axis shows. A callback that makes tests of the cases:
//!
//! ```ignore
//! macro_rules! tests {
//!     ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
//!         $(mod $heading {
//!             use super::*;
//!             $(#[test]
//!             fn $name() {
//!                 let mut index = 0..;
//!                 $(let $operand = numbers::<i64, _>($shape, index.next().unwrap());)*
//!                 let expected = oracle($subscripts, &[$($operand.view().into_dyn()),*]);
//!                 let result: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
//!                 assert_eq!(result, expected);
//!             })*
//!         })*
//!     };
//! }
//! for_each_case!(tests);
//! ```

/// Expands `$callback` with the cases whose operands have at most 6 axes, so that ranks can be static.
macro_rules! for_each_case {
    ($callback:ident) => {
        $callback! {
            copies_and_permutations {
                vector "i->i" a[5];
                matrix "ij->ij" a[2, 3];
                transpose "ij->ji" a[2, 3];
                rank_3_in_order "ijk->ijk" a[2, 3, 4];
                rank_3_ikj "ijk->ikj" a[2, 3, 4];
                rank_3_jik "ijk->jik" a[2, 3, 4];
                rank_3_jki "ijk->jki" a[2, 3, 4];
                rank_3_kij "ijk->kij" a[2, 3, 4];
                rank_3_kji "ijk->kji" a[2, 3, 4];
                channels_last "nchw->nhwc" a[2, 3, 4, 5];
                rank_6 "abcdef->cfbead" a[2, 3, 1, 4, 2, 5];
            }
            diagonals {
                diagonal "ii->i" a[4, 4];
                trace "ii->" a[4, 4];
                diagonal_of_3 "iii->i" a[3, 3, 3];
                trace_of_3 "iii->" a[3, 3, 3];
                first_two "iij->ij" a[2, 2, 3];
                first_two_transposed "iij->ji" a[2, 2, 3];
                first_two_summed "iij->j" a[2, 2, 3];
                rest_summed "iij->i" a[2, 2, 3];
                outer_two "iji->ij" a[3, 2, 3];
                last_two "ijj->ij" a[2, 3, 3];
                interleaved "ijij->ij" a[2, 3, 2, 3];
                interleaved_transposed "ijij->ji" a[2, 3, 2, 3];
                nested "ijji->" a[2, 3, 3, 2];
                threes "iiijj->ij" a[2, 2, 2, 3, 3];
                two_diagonals "iijj->ij" a[2, 2, 3, 3];
                trace_times_matrix "ii,jk->jk" a[2, 2] b[3, 4];
                diagonal_times_matrix "ii,ij->ij" a[3, 3] b[3, 4];
                diagonals_of_both "ii,ii->i" a[3, 3] b[3, 3];
                matmul_of_diagonals "iij,jkk->ik" a[2, 2, 3] b[3, 4, 4];
                contracted_diagonal "ijj,jk->ik" a[2, 3, 3] b[3, 4];
            }
            sums {
                vector "i->" a[5];
                matrix "ij->" a[2, 3];
                rows "ij->i" a[2, 3];
                columns "ij->j" a[2, 3];
                all_but_first "ijk->i" a[2, 3, 4];
                all_but_middle "ijk->j" a[2, 3, 4];
                all_but_last "ijk->k" a[2, 3, 4];
                last "ijk->ij" a[2, 3, 4];
                middle_transposed "ijk->ki" a[2, 3, 4];
                first_transposed "ijk->kj" a[2, 3, 4];
                rank_6 "abcdef->eb" a[2, 3, 2, 1, 4, 2];
            }
            elementwise_and_outer {
                vectors "i,i->i" a[5] b[5];
                matrices "ij,ij->ij" a[2, 3] b[2, 3];
                with_transpose "ij,ji->ij" a[2, 3] b[3, 2];
                both_transposed "ij,ij->ji" a[2, 3] b[2, 3];
                scaled_rows "ij,i->ij" a[2, 3] b[2];
                scaled_columns "ij,j->ij" a[2, 3] b[3];
                vector_first "j,ij->ij" a[3] b[2, 3];
                rank_3 "ijk,kij->jki" a[2, 3, 4] b[4, 2, 3];
                outer "i,j->ij" a[2] b[3];
                outer_transposed "i,j->ji" a[2] b[3];
                outer_of_matrices "ij,kl->ijkl" a[2, 3] b[4, 5];
                kronecker "ij,kl->ikjl" a[2, 3] b[4, 5];
                batched_outer "bi,bj->bij" a[2, 3] b[2, 4];
            }
            dot_and_matrix_vector {
                dot "i,i->" a[5] b[5];
                dot_of_matrices "ij,ij->" a[2, 3] b[2, 3];
                trace_of_product "ij,ji->" a[2, 3] b[3, 2];
                batched_dot "bi,bi->b" a[2, 3] b[2, 3];
                matrix_vector "ij,j->i" a[2, 3] b[3];
                transposed_matrix_vector "ij,i->j" a[2, 3] b[2];
                vector_matrix "i,ij->j" a[2] b[2, 3];
                vector_transposed_matrix "j,ij->i" a[3] b[2, 3];
                batched "bij,bj->bi" a[2, 3, 4] b[2, 4];
                over_two_labels "ijk,jk->i" a[2, 3, 4] b[3, 4];
            }
            matrix_products {
                matmul "ij,jk->ik" a[2, 3] b[3, 4];
                left_transposed "ji,jk->ik" a[3, 2] b[3, 4];
                right_transposed "ij,kj->ik" a[2, 3] b[4, 3];
                both_transposed "ji,kj->ik" a[3, 2] b[4, 3];
                result_transposed "ij,jk->ki" a[2, 3] b[3, 4];
                left_and_result_transposed "ji,jk->ki" a[3, 2] b[3, 4];
                right_and_result_transposed "ij,kj->ki" a[2, 3] b[4, 3];
                all_transposed "ji,kj->ki" a[3, 2] b[4, 3];
                batched "bij,bjk->bik" a[2, 3, 4] b[2, 4, 5];
                batch_last "ijb,jkb->ikb" a[3, 4, 2] b[4, 5, 2];
                batch_in_the_middle "ibj,jbk->kbi" a[3, 2, 4] b[4, 2, 5];
                shared_matrix "bij,jk->bik" a[2, 3, 4] b[4, 5];
                two_batch_labels "abij,abjk->abik" a[2, 3, 4, 5] b[2, 3, 5, 1];
                attention_scores "bqhd,bkhd->bhqk" a[2, 3, 2, 4] b[2, 5, 2, 4];
                over_two_labels "ijk,jkl->il" a[2, 3, 4] b[3, 4, 5];
                over_two_swapped_labels "ijk,kjl->il" a[2, 3, 4] b[4, 3, 5];
                split_free_labels "ikj,jl->ilk" a[2, 3, 4] b[4, 5];
            }
            lone_summed_labels {
                right "ij,jk->i" a[2, 3] b[3, 4];
                left "ij,jk->k" a[2, 3] b[3, 4];
                both "ij,jk->" a[2, 3] b[3, 4];
                left_of_outer "ai,bj->ab" a[2, 3] b[4, 5];
                whole_operand "i,jk->i" a[2] b[3, 4];
                everything "ij,kl->" a[2, 3] b[4, 5];
                beside_a_batch "bi,bj->b" a[2, 3] b[2, 4];
                of_a_scale "ij,jk->ij" a[2, 3] b[3, 4];
                in_three_operands "ij,k,lj->i" a[2, 3] b[4] c[5, 3];
            }
            three_and_more_operands {
                bilinear_form "i,ij,j->" a[2] b[2, 3] c[3];
                batched_bilinear_form "bi,ij,bj->b" a[4, 2] b[2, 3] c[4, 3];
                chain "ij,jk,kl->il" a[2, 3] b[3, 4] c[4, 5];
                chain_of_4 "ij,jk,kl,lm->im" a[2, 3] b[3, 4] c[4, 5] d[5, 2];
                chain_in_disorder "kl,ij,jk->li" a[4, 5] b[2, 3] c[3, 4];
                ring "ij,jk,ki->" a[2, 3] b[3, 4] c[4, 2];
                outer_of_3 "i,j,k->kij" a[2] b[3] c[4];
                elementwise_of_3 "ij,ij,ij->ij" a[2, 3] b[2, 3] c[2, 3];
                label_in_3 "ai,bi,ci->abc" a[2, 5] b[3, 5] c[4, 5];
                label_in_4 "ai,bi,ci,i->abc" a[2, 5] b[3, 5] c[4, 5] d[5];
                label_in_4_kept "i,ai,bi,ij->ij" a[5] b[2, 5] c[3, 5] d[5, 4];
                change_of_basis "ea,fb,abcd,gc,hd->efgh" a[3, 2] b[2, 3] c[2, 3, 4, 2] d[3, 4] e[5, 2];
                attention "qd,kd,kv->qv" a[2, 3] b[4, 3] c[4, 5];
                trilinear "ijk,i,j,k->" a[2, 3, 4] b[2] c[3] d[4];
                matrix_squared_by_labels "ij,ij,jk->ik" a[2, 3] b[2, 3] c[3, 4];
                five_vectors "a,b,c,d,e->cebad" a[2] b[3] c[1] d[4] e[2];
                five_vectors_summed "a,b,a,b,c->c" a[2] b[3] c[2] d[3] e[4];
            }
            empty_terms {
                scalar_first ",ij->ij" a[] b[2, 3];
                scalar_last "ij,->ji" a[2, 3] b[];
                scalar_in_the_middle "ij,,jk->ik" a[2, 3] b[] c[3, 4];
                two_scalars "," a[] b[];
                two_scalars_with_arrow ",->" a[] b[];
                one_scalar "->" a[];
                nothing_written "" a[];
                scalar_times_sum ",i->" a[] b[3];
            }
            implicit_outputs {
                matmul "ij,jk" a[2, 3] b[3, 4];
                result_in_label_order "kj,ji" a[2, 3] b[3, 4];
                transpose "ji" a[2, 3];
                transpose_ba "ba" a[2, 3];
                in_order "ij" a[2, 3];
                trace "ii" a[3, 3];
                first_two "iij" a[2, 2, 3];
                dot "i,i" a[5] b[5];
                trace_of_product "ij,ji" a[2, 3] b[3, 2];
                outer "j,i" a[2] b[3];
                upper_case_first "bA" a[2, 3];
                upper_case_throughout "cB,Ba,aD" a[2, 3] b[3, 4] c[4, 5];
                greek "βα" a[2, 3];
                chain "ab,bc,cd" a[2, 3] b[3, 4] c[4, 5];
                in_both_is_summed "bij,bjk" a[2, 3, 4] b[2, 4, 5];
            }
            spaces {
                everywhere " i j , j k -> i k " a[2, 3] b[3, 4];
                implicit " j i " a[2, 3];
                only " " a[];
                around_the_comma "i , j->ij" a[2] b[3];
                in_empty_terms " , i j -> j i" a[] b[2, 3];
            }
            windows_as_operands {
                correlation "xyij,ij->xy" a[4, 5, 2, 3] b[2, 3];
                kernel_gradient "xyij,xy->ij" a[4, 5, 2, 3] b[4, 5];
                channels_last "nxyijc,ijco->nxyo" a[2, 3, 4, 2, 3, 2] b[2, 3, 2, 5];
                channels_last_kernel_gradient "nxyijc,nxyo->ijco" a[2, 3, 4, 2, 3, 2] b[2, 3, 4, 5];
                channels_first "ncxyij,ocij->noxy" a[2, 3, 4, 5, 2, 3] b[2, 3, 2, 3];
                channels_first_kernel_gradient "ncxyij,noxy->ocij" a[2, 3, 4, 5, 2, 3] b[2, 2, 4, 5];
                depthwise "nxyijc,ijc->nxyc" a[2, 3, 4, 2, 3, 5] b[2, 3, 5];
                one_axis "ncxi,oci->nox" a[2, 3, 5, 4] b[2, 3, 4];
                sums "xyij->xy" a[4, 5, 2, 3];
            }
            unicode_labels {
                greek_matmul "αβ,βγ->αγ" a[2, 3] b[3, 4];
                cyrillic_transpose "жя->яж" a[2, 3];
                three_bytes "中a,a文->文中" a[2, 3] b[3, 4];
            }
            ellipses {
                kept "...->..." a[2, 3, 4];
                implicit "...j" a[2, 3, 4];
                transposed "...ij->...ji" a[2, 3, 4, 5];
                moved "i...j->j...i" a[2, 3, 4, 5];
                in_the_middle "i...j->ij..." a[2, 3, 4, 5];
                summed_beside "...i->..." a[2, 3, 17];
                diagonal "...ii->...i" a[2, 3, 4, 4];
                split_diagonal "i...i->..." a[4, 3, 2, 4];
                of_no_axes "...ij->...ji" a[2, 3];
                in_the_output_alone "ij->j...i" a[2, 3];
                matmul "...ij,...jk->...ik" a[2, 3, 4, 5] b[2, 3, 5, 17];
                matmul_of_fewer_axes "...ij,...jk->...ik" a[3, 4, 5] b[2, 3, 5, 6];
                matmul_stretched "...ij,...jk->...ik" a[2, 1, 4, 5] b[3, 5, 6];
                matmul_implicit "...ij,...jk" a[2, 3, 4] b[4, 5];
                only_one_operand "...ij,jk->...ik" a[2, 3, 4, 5] b[5, 6];
                at_different_places "i...,...j->i...j" a[2, 3, 4] b[3, 4, 5];
                elementwise "...,...->..." a[2, 3, 4] b[2, 3, 4];
                outer_by_stretching "...,...->..." a[3, 1] b[4];
                three "...,...,...->..." a[2, 1, 4] b[3, 1] c[4];
                scaled ",...->..." a[] b[2, 3, 4];
                lone_sum_stored "...ij,jk->...i" a[2, 3, 4, 5] b[5, 6];
                lone_sum_under_ellipsis "...aj,b...->...ab" a[2, 3, 4, 5] b[6, 2, 3];
                sum_beside "...,ij->..." a[2, 3] b[4, 17];
                sum_beside_of_two "...,ij,ij->..." a[2, 3] b[4, 5] c[4, 5];
                matmul_beside "ij,...i,jk->...ik" a[4, 5] b[2, 3, 4] c[5, 17];
                sums_beside "...,ij,jk,l,->...i" a[2, 3] b[4, 5] c[5, 6] d[7] e[];
                empty "...i->...i" a[2, 0, 3];
                summed_to_nothing "...i->..." a[2, 3, 0];
            }
            stretched_extents {
                elementwise "ij,ij->ij" a[1, 3] b[2, 1];
                contracted "ij,jk->ik" a[2, 1] b[3, 4];
                contracted_on_the_right "ij,jk->ik" a[2, 17] b[1, 5];
                free_and_contracted "ij,ij->j" a[1, 5] b[4, 1];
                scalar_like "ij,ij->" a[1, 1] b[3, 4];
                diagonal_of_ones "ii,ij->j" a[1, 1] b[3, 4];
                batch "bij,bjk->bik" a[1, 2, 3] b[4, 3, 16];
                three "ij,ij,ij->ij" a[1, 3] b[2, 1] c[1, 1];
                to_nothing "ij,ij->ij" a[1, 3] b[0, 1];
                to_an_empty_sum "ij,jk->ik" a[2, 1] b[0, 3];
                stored_sum "ij,jk->i" a[2, 5] b[1, 3];
            }
            alphabet {
                all_letters "abcdef,ghijkl,mnopqr,stuvwx,yzABCD,EFGHIJ,KLMNOP,QRSTUV,WXYZ->Zma"
                    a[2, 1, 1, 1, 1, 2] b[1, 1, 1, 1, 1, 1] c[3, 1, 1, 1, 1, 1] d[1, 2, 1, 1, 1, 1]
                    e[1, 1, 1, 1, 2, 1] f[1, 1, 1, 1, 1, 1] g[1, 1, 1, 3, 1, 1] h[1, 1, 1, 1, 1, 1]
                    i[1, 1, 1, 4];
                all_letters_contracted "abcdef,ghijkl,mnopqr,stuvwx,yzABCD,EFGHIJ,KLMNOP,QRSTUV,WXYZ,aZ,AN->Az"
                    a[2, 1, 1, 1, 1, 2] b[1, 1, 1, 1, 1, 1] c[3, 1, 1, 1, 1, 1] d[1, 2, 1, 1, 1, 1]
                    e[1, 3, 2, 1, 1, 1] f[1, 1, 1, 1, 1, 1] g[1, 1, 1, 3, 1, 1] h[1, 1, 1, 1, 1, 1]
                    i[1, 1, 1, 4] j[2, 4] k[2, 3];
            }
            high_rank_results {
                rank_6 "abc,def->dafbec" a[2, 1, 3] b[4, 2, 1];
                rank_6_contracted "abcx,xdef->abcdef" a[2, 1, 3, 4] b[4, 2, 1, 2];
                rank_7 "abcd,efg->gfedcba" a[2, 1, 3, 2] b[2, 1, 3];
                rank_8 "abcd,efgh->aebfcgdh" a[2, 1, 3, 2] b[1, 2, 1, 3];
            }
            zero_sized_axes {
                contracted "ij,jk->ik" a[2, 0] b[0, 3];
                free_on_the_left "ij,jk->ik" a[0, 2] b[2, 3];
                free_on_the_right "ij,jk->ik" a[2, 3] b[3, 0];
                batch "bij,bjk->bik" a[0, 2, 3] b[0, 3, 4];
                summed "ij->i" a[2, 0];
                kept "ij->j" a[2, 0];
                vector_sum "i->" a[0];
                dot "i,i->" a[0] b[0];
                trace "ii->" a[0, 0];
                diagonal "ii->i" a[0, 0];
                transpose "ij->ji" a[0, 3];
                outer "i,j->ij" a[0] b[3];
                lone_label "ij,k->ij" a[2, 3] b[0];
                in_a_chain "ij,jk,kl->il" a[2, 3] b[3, 0] c[0, 4];
                windows "xyij,ij->xy" a[2, 3, 0, 2] b[0, 2];
            }
            dot_by_width {
                width_1 "i,i->" a[1] b[1];
                width_3 "i,i->" a[3] b[3];
                width_4 "i,i->" a[4] b[4];
                width_5 "i,i->" a[5] b[5];
                width_8 "i,i->" a[8] b[8];
                width_15 "i,i->" a[15] b[15];
                width_16 "i,i->" a[16] b[16];
                width_17 "i,i->" a[17] b[17];
                width_31 "i,i->" a[31] b[31];
                width_33 "i,i->" a[33] b[33];
            }
            elementwise_by_width {
                width_1 "ij,ij->ij" a[33, 1] b[33, 1];
                width_3 "ij,ij->ij" a[31, 3] b[31, 3];
                width_4 "ij,ij->ij" a[17, 4] b[17, 4];
                width_5 "ij,ij->ij" a[16, 5] b[16, 5];
                width_8 "ij,ij->ij" a[15, 8] b[15, 8];
                width_15 "ij,ij->ij" a[8, 15] b[8, 15];
                width_16 "ij,ij->ij" a[5, 16] b[5, 16];
                width_17 "ij,ij->ij" a[4, 17] b[4, 17];
                width_31 "ij,ij->ij" a[3, 31] b[3, 31];
                width_33 "ij,ij->ij" a[1, 33] b[1, 33];
            }
            matrix_vector_by_width {
                width_1_by_17 "ij,j->i" a[1, 17] b[17];
                width_3_by_31 "ij,j->i" a[3, 31] b[31];
                width_4_by_15 "ij,j->i" a[4, 15] b[15];
                width_5_by_33 "ij,j->i" a[5, 33] b[33];
                width_8_by_16 "ij,j->i" a[8, 16] b[16];
                width_15_by_4 "ij,j->i" a[15, 4] b[4];
                width_16_by_1 "ij,j->i" a[16, 1] b[1];
                width_17_by_8 "ij,j->i" a[17, 8] b[8];
                width_31_by_5 "ij,j->i" a[31, 5] b[5];
                width_33_by_3 "ij,j->i" a[33, 3] b[3];
            }
            matmul_by_width {
                width_1_over_33 "ij,jk->ik" a[8, 33] b[33, 1];
                width_3_over_16 "ij,jk->ik" a[17, 16] b[16, 3];
                width_4_over_31 "ij,jk->ik" a[3, 31] b[31, 4];
                width_5_over_17 "ij,jk->ik" a[16, 17] b[17, 5];
                width_8_over_15 "ij,jk->ik" a[31, 15] b[15, 8];
                width_15_over_8 "ij,jk->ik" a[4, 8] b[8, 15];
                width_16_over_5 "ij,jk->ik" a[15, 5] b[5, 16];
                width_17_over_4 "ij,jk->ik" a[5, 4] b[4, 17];
                width_31_over_1 "ij,jk->ik" a[33, 1] b[1, 31];
                width_33_over_3 "ij,jk->ik" a[1, 3] b[3, 33];
            }
        }
    };
}
pub(crate) use for_each_case;

/// Expands `$callback` with the cases that have an operand of more than 6 axes, in the same form.
macro_rules! for_each_high_rank_case {
    ($callback:ident) => {
        $callback! {
            high_rank_operands {
                sum_of_7 "abcdefg->" a[2, 1, 3, 2, 1, 2, 3];
                reversed_7 "abcdefg->gfedcba" a[2, 1, 3, 2, 1, 2, 3];
                three_left_of_8 "abcdefgh->hae" a[2, 1, 2, 2, 3, 1, 2, 4];
                diagonals_of_7 "aabbccd->dbc" a[2, 2, 3, 3, 2, 2, 4];
                times_vector "abcdefg,g->fa" a[2, 1, 3, 2, 1, 2, 3] b[3];
                windows_in_3_axes "nxyzijkc,ijkco->nxyzo" a[1, 2, 3, 2, 2, 1, 2, 3] b[2, 1, 2, 3, 4];
                both_operands "abcdefg,cfaxyzw->gzxe" a[2, 1, 3, 2, 2, 1, 3] b[3, 1, 2, 4, 1, 5, 1];
                implicit "gfedcba" a[2, 1, 3, 2, 1, 2, 3];
                rank_9 "abcdefghi->ig" a[1, 2, 1, 1, 2, 1, 3, 1, 4];
            }
        }
    };
}
pub(crate) use for_each_high_rank_case;
