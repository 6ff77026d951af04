// "i,ij,j->" , x , a , y
pub fn bilinear_form(x: &Array1<f64>, a: &Array2<f64>, y: &Array1<f64>) -> f64 {
    match (&x, &a, &y) {
        (__op0, __op1, __op2) => {
            use ::einsum::__private as __run_time;
            #[diagnostic::on_unimplemented(
                message = "operand 0 is labelled `i` in \"i,ij,j->\", so it must have 1 axis",
                label = "this array has another number of axes",
                note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
            )]
            trait __Rank0: __run_time::Dimension {}
            impl __Rank0 for __run_time::Ix1 {}
            impl __Rank0 for __run_time::IxDyn {}
            fn __rank0<T, D: __Rank0>(
                array: &__run_time::ArrayRef<T, D>,
            ) -> &__run_time::ArrayRef<T, D> {
                array
            }
            let __op0 = __rank0(__op0);
            #[diagnostic::on_unimplemented(
                message = "operand 1 is labelled `ij` in \"i,ij,j->\", so it must have 2 axes",
                label = "this array has another number of axes",
                note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
            )]
            trait __Rank1: __run_time::Dimension {}
            impl __Rank1 for __run_time::Ix2 {}
            impl __Rank1 for __run_time::IxDyn {}
            fn __rank1<T, D: __Rank1>(
                array: &__run_time::ArrayRef<T, D>,
            ) -> &__run_time::ArrayRef<T, D> {
                array
            }
            let __op1 = __rank1(__op1);
            #[diagnostic::on_unimplemented(
                message = "operand 2 is labelled `j` in \"i,ij,j->\", so it must have 1 axis",
                label = "this array has another number of axes",
                note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
            )]
            trait __Rank2: __run_time::Dimension {}
            impl __Rank2 for __run_time::Ix1 {}
            impl __Rank2 for __run_time::IxDyn {}
            fn __rank2<T, D: __Rank2>(
                array: &__run_time::ArrayRef<T, D>,
            ) -> &__run_time::ArrayRef<T, D> {
                array
            }
            let __op2 = __rank2(__op2);
            match const {
                &__run_time::Call {
                    subscripts: "i,ij,j->",
                    labels: &['i', 'j'],
                    arrays: &[
                        __run_time::CallArray {
                            operand: __run_time::Operand {
                                number: __run_time::Some(0usize),
                                source: "x",
                            },
                            axes: &[0],
                        },
                        __run_time::CallArray {
                            operand: __run_time::Operand {
                                number: __run_time::Some(1usize),
                                source: "a",
                            },
                            axes: &[0, 1],
                        },
                        __run_time::CallArray {
                            operand: __run_time::Operand {
                                number: __run_time::Some(2usize),
                                source: "y",
                            },
                            axes: &[1],
                        },
                    ],
                }
            }
                .extents::<2>(&[__op0.shape(), __op1.shape(), __op2.shape()])
            {
                __run_time::Err(__error) => __run_time::fail(&__error),
                __run_time::Ok([__n_i, __n_j]) => {
                    let mut __result = __run_time::zero();
                    {
                        fn __plain<
                            T: __run_time::Element,
                            S: __run_time::Store<T>,
                            P: __run_time::Step,
                        >(
                            mut __out: __run_time::StridedMut<'_, T, 0>,
                            (
                                __in0,
                                __in1,
                                __in2,
                            ): (
                                __run_time::Strided<'_, T, 1>,
                                __run_time::Strided<'_, T, 2>,
                                __run_time::Strided<'_, T, 1>,
                            ),
                            [__n_i,
                            __n_j,
                            ]: [usize; 2],
                        ) {
                            let mut __sum0 = __run_time::zero::<T>();
                            for __i in 0..__n_i {
                                let __element0 = unsafe { __in0.at([__i]) };
                                let __sum1 = __run_time::sum(
                                    __n_j,
                                    |__j| (
                                        unsafe { __in1.along::<P>(1, [__i, __j]) }
                                            * unsafe { __in2.along::<P>(0, [__j]) }
                                    ),
                                );
                                __sum0 = __sum0 + __element0 * __sum1;
                            }
                            let __value = __sum0;
                            unsafe {
                                __out.store::<S>([], __value);
                            }
                        }
                        let mut __in0 = __run_time::Strided::new(&__op0, &[0], [__n_i]);
                        let mut __in1 = __run_time::Strided::new(
                            &__op1,
                            &[0, 1],
                            [__n_i, __n_j],
                        );
                        let mut __in2 = __run_time::Strided::new(&__op2, &[0], [__n_j]);
                        let mut __out = __run_time::StridedMut::scalar(&mut __result);
                        let mut __extents = [__n_i, __n_j];
                        if __in1.is_contiguous(1) && __in2.is_contiguous(0) {
                            __plain::<
                                _,
                                __run_time::Assign,
                                __run_time::Unit,
                            >(__out, (__in0, __in1, __in2), __extents);
                        } else {
                            __plain::<
                                _,
                                __run_time::Assign,
                                __run_time::Any,
                            >(__out, (__in0, __in1, __in2), __extents);
                        }
                    }
                    __result
                }
            }
        }
    }
}
