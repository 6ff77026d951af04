// "i,ij,j->" , x , a , y
pub fn bilinear_form(x: &Array1<f64>, a: &Array2<f64>, y: &Array1<f64>) -> f64 {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::ArrayOrSliceMethod as _;
        use ::einsum::__private::NestedOperand as _;
        use ::einsum::__private::SliceOperand as _;
        match (
            &(&(x)).as_einsum_array_or_slice(),
            &(&(a)).as_einsum_array_or_nested(),
            &(&(y)).as_einsum_array_or_slice(),
        ) {
            (__op0, __op1, __op2) => {
                use ::einsum::__private as __run_time;
                let __op0 = __run_time::operand1::<0, 'i', _, _>(__op0);
                let __op1 = __run_time::operand2::<1, 'i', 'j', _, _>(__op1);
                let __pair = (__op0, __op1);
                let __op1 = __run_time::same(__pair);
                let __op2 = __run_time::operand1::<2, 'j', _, _>(__op2);
                let __pair = (__op0, __op2);
                let __op2 = __run_time::same(__pair);
                let __call = const {
                    &__run_time::Call {
                        subscripts: "i,ij,j->",
                        labels: &['i', 'j'],
                        arrays: &[
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(0),
                                    source: __run_time::Some("x"),
                                },
                                axes: &[__run_time::Index::Label(0)],
                                ellipsis: __run_time::None,
                            },
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(1),
                                    source: __run_time::Some("a"),
                                },
                                axes: &[
                                    __run_time::Index::Label(0),
                                    __run_time::Index::Label(1),
                                ],
                                ellipsis: __run_time::None,
                            },
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(2),
                                    source: __run_time::Some("y"),
                                },
                                axes: &[__run_time::Index::Label(1)],
                                ellipsis: __run_time::None,
                            },
                        ],
                        resolutions: &[],
                    }
                };
                let [__n_i, __n_j] = match (
                    __run_time::shape(__op0),
                    __run_time::shape(__op1),
                    __run_time::shape(__op2),
                ) {
                    (
                        &[__n_i,
                        ],
                        &[__axis0,
                        __n_j,
                        ],
                        &[__axis1,
                        ],
                    ) if __axis0 == __n_i && __axis1 == __n_j => [__n_i, __n_j],
                    _ => {
                        __run_time::unwrap(
                            __run_time::Call::extents::<
                                2,
                            >(
                                __call,
                                &[
                                    __run_time::shape(__op0),
                                    __run_time::shape(__op1),
                                    __run_time::shape(__op2),
                                ],
                            ),
                        )
                    }
                };
                let __limit = __run_time::None;
                {
                    let mut __result = __run_time::zero();
                    {
                        #[inline(always)]
                        fn __plain<
                            T: __run_time::Element,
                            S: __run_time::Store<T>,
                            P: __run_time::Step,
                        >(
                            __out: &mut __run_time::StridedMut<'_, T, 0>,
                            (
                                &__in0,
                                &__in1,
                                &__in2,
                            ): (
                                &__run_time::Strided<'_, T, 1>,
                                &__run_time::Strided<'_, T, 2>,
                                &__run_time::Strided<'_, T, 1>,
                            ),
                            [__n_i,
                            __n_j,
                            ]: [__run_time::usize; 2],
                        ) {
                            let mut __out = __run_time::StridedMut::reborrow(__out);
                            let mut __sum0 = __run_time::zero::<T>();
                            for __i in 0..__n_i {
                                let __element0 = unsafe {
                                    __run_time::Strided::at(&__in0, [__i])
                                };
                                let __line1 = unsafe {
                                    __run_time::Strided::line(&__in1, 1, [__i, 0])
                                };
                                let __line2 = unsafe {
                                    __run_time::Strided::line(&__in2, 0, [0])
                                };
                                let __sum1 = <P as __run_time::Step>::sum(
                                    __n_j,
                                    |__j| (
                                        unsafe { __run_time::Line::get::<P>(&__line1, __j) }
                                            * unsafe { __run_time::Line::get::<P>(&__line2, __j) }
                                    ),
                                );
                                __sum0 = __sum0 + __element0 * __sum1;
                            }
                            let __value = __sum0;
                            unsafe {
                                __run_time::StridedMut::store::<S>(&mut __out, [], __value);
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
                        if !{
                            static __CACHE: __run_time::Cache = __run_time::Cache::new();
                            let __in_pairs = __run_time::NetworkCall {
                                network: const {
                                    __run_time::Network {
                                        orders: &[
                                            __run_time::Order {
                                                pairs: &[[0, 1], [2, 3]],
                                                steps: &[
                                                    __run_time::Term::new(2.0, &[0, 1], false),
                                                    __run_time::Term::new(2.0, &[1], false),
                                                ],
                                            },
                                            __run_time::Order {
                                                pairs: &[[1, 2], [0, 3]],
                                                steps: &[
                                                    __run_time::Term::new(2.0, &[0, 1], false),
                                                    __run_time::Term::new(2.0, &[0], false),
                                                ],
                                            },
                                        ],
                                        nest: __run_time::Some(
                                            &[
                                                __run_time::Term::new(2.0, &[0], false),
                                                __run_time::Term::new(2.0, &[0, 1], false),
                                            ],
                                        ),
                                    }
                                },
                                cache: &__CACHE,
                                memory_limit: __limit,
                                subscripts: __call.subscripts,
                            };
                            match __run_time::NetworkCall::choose(
                                &__in_pairs,
                                &__out,
                                &__extents,
                            ) {
                                __run_time::Some(__choice) => {
                                    __run_time::unwrap(
                                        __run_time::contract_network(
                                            (&mut __out, &[]),
                                            &[
                                                __run_time::Factor::new(&__in0, &[0]),
                                                __run_time::Factor::new(&__in1, &[0, 1]),
                                                __run_time::Factor::new(&__in2, &[1]),
                                            ],
                                            &__in_pairs,
                                            __choice,
                                            {
                                                use __run_time::{WithKernels as _, WithoutKernels as _};
                                                (&__run_time::Elements::of_strided(&__in0))
                                                    .einsum_arithmetic::<__run_time::Assign>()
                                            },
                                        ),
                                    );
                                    true
                                }
                                __run_time::None => false,
                            }
                        } {
                            if __run_time::Strided::is_contiguous(&__in1, 1)
                                && __run_time::Strided::is_contiguous(&__in2, 0)
                            {
                                __plain::<
                                    _,
                                    __run_time::Assign,
                                    __run_time::Unit,
                                >(&mut __out, (&__in0, &__in1, &__in2), __extents);
                            } else {
                                __plain::<
                                    _,
                                    __run_time::Assign,
                                    __run_time::Any,
                                >(&mut __out, (&__in0, &__in1, &__in2), __extents);
                            }
                        }
                    }
                    __result
                }
            }
        }
    }
}
