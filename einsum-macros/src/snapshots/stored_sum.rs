// "ij,jk->i" , a , b
pub fn stored_sum(a: &Array2<f64>, b: &ArrayD<f64>) -> Result<Array1<f64>, EinsumError> {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::NestedOperand as _;
        match (
            &(&(a)).as_einsum_array_or_nested(),
            &(&(b)).as_einsum_array_or_nested(),
        ) {
            (__op0, __op1) => {
                use ::einsum::__private as __run_time;
                let __op0 = __run_time::operand2::<0, 'i', 'j', _, _>(__op0);
                let __op1 = __run_time::operand2::<1, 'j', 'k', _, _>(__op1);
                let __pair = (__op0, __op1);
                let __op1 = __run_time::same(__pair);
                let __call = const {
                    &__run_time::Call {
                        subscripts: "ij,jk->i",
                        labels: &['i', 'j', 'k'],
                        arrays: &[
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(0),
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
                                    role: __run_time::Role::Operand(1),
                                    source: __run_time::Some("b"),
                                },
                                axes: &[
                                    __run_time::Index::Label(1),
                                    __run_time::Index::Label(2),
                                ],
                                ellipsis: __run_time::None,
                            },
                        ],
                        resolutions: &[],
                    }
                };
                '__end: {
                    let [__n_i, __n_j, __n_k] = match (
                        __run_time::shape(__op0),
                        __run_time::shape(__op1),
                    ) {
                        (&[__n_i, __n_j], &[__axis0, __n_k]) if __axis0 == __n_j => {
                            [__n_i, __n_j, __n_k]
                        }
                        _ => {
                            match __run_time::Call::extents::<
                                3,
                            >(
                                __call,
                                &[__run_time::shape(__op0), __run_time::shape(__op1)],
                            ) {
                                __run_time::Ok(__value) => __value,
                                __run_time::Err(__error) => {
                                    break '__end __run_time::Err(__error);
                                }
                            }
                        }
                    };
                    __run_time::Ok({
                        let __step0 = {
                            let mut __result = match __run_time::Call::zeros(
                                __call,
                                [__n_j],
                            ) {
                                __run_time::Ok(__value) => __value,
                                __run_time::Err(__error) => {
                                    break '__end __run_time::Err(__error);
                                }
                            };
                            {
                                #[inline(never)]
                                fn __plain<
                                    T: __run_time::Element,
                                    S: __run_time::Store<T>,
                                    P: __run_time::Step,
                                >(
                                    __out: &mut __run_time::StridedMut<'_, T, 1>,
                                    (&__in0,): (&__run_time::Strided<'_, T, 2>,),
                                    [__n_i,
                                    __n_j,
                                    __n_k,
                                    ]: [__run_time::usize; 3],
                                ) {
                                    let mut __out = __run_time::StridedMut::reborrow(__out);
                                    for __j in 0..__n_j {
                                        let __line0 = unsafe {
                                            __run_time::Strided::line(&__in0, 1, [__j, 0])
                                        };
                                        let __sum2 = <P as __run_time::Step>::sum(
                                            __n_k,
                                            |__k| unsafe { __run_time::Line::get::<P>(&__line0, __k) },
                                        );
                                        let __value = __sum2;
                                        unsafe {
                                            __run_time::StridedMut::store::<
                                                S,
                                            >(&mut __out, [__j], __value);
                                        }
                                    }
                                }
                                #[inline(never)]
                                fn __tiled<
                                    T: __run_time::Element,
                                    S: __run_time::Store<T>,
                                    const W: __run_time::usize,
                                >(
                                    __out: &mut __run_time::StridedMut<'_, T, 1>,
                                    (&__in0,): (&__run_time::Strided<'_, T, 2>,),
                                    [__n_i,
                                    __n_j,
                                    __n_k,
                                    ]: [__run_time::usize; 3],
                                ) {
                                    let mut __out = __run_time::StridedMut::reborrow(__out);
                                    for __tile in __run_time::tiles::<{ W }>(__n_j) {
                                        let __j = __tile.start;
                                        let mut __sum2 = __run_time::zeros::<T, { W }>();
                                        for __k in 0..__n_k {
                                            let __line0 = unsafe {
                                                __run_time::Strided::line(&__in0, 0, [__j, __k])
                                            };
                                            __run_time::accumulate(
                                                &mut __sum2,
                                                |__lane| unsafe {
                                                    __run_time::Line::get::<__run_time::Unit>(&__line0, __lane)
                                                },
                                            );
                                        }
                                        let __value = |__lane| __run_time::value(&__sum2[__lane]);
                                        unsafe {
                                            __run_time::StridedMut::store_tile::<
                                                S,
                                                { W },
                                            >(&mut __out, 0, [__j], __tile, __value);
                                        }
                                    }
                                }
                                let mut __in0 = __run_time::Strided::new(
                                    &__op1,
                                    &[0, 1],
                                    [__n_j, __n_k],
                                );
                                let mut __out = __run_time::StridedMut::new(
                                    &mut __result,
                                    [__n_j],
                                );
                                let mut __extents = [__n_i, __n_j, __n_k];
                                {
                                    if __run_time::run(
                                        __extents[1],
                                        [__run_time::Strided::is_contiguous(&__in0, 0)],
                                    ) >= __run_time::WIDE
                                    {
                                        __tiled::<
                                            _,
                                            __run_time::Assign,
                                            { __run_time::WIDE },
                                        >(&mut __out, (&__in0,), __extents);
                                    } else if __run_time::run(
                                        __extents[1],
                                        [__run_time::Strided::is_contiguous(&__in0, 0)],
                                    ) >= __run_time::NARROW
                                    {
                                        __tiled::<
                                            _,
                                            __run_time::Assign,
                                            { __run_time::NARROW },
                                        >(&mut __out, (&__in0,), __extents);
                                    } else if __run_time::Strided::is_contiguous(&__in0, 1) {
                                        __plain::<
                                            _,
                                            __run_time::Assign,
                                            __run_time::Unit,
                                        >(&mut __out, (&__in0,), __extents);
                                    } else {
                                        __plain::<
                                            _,
                                            __run_time::Assign,
                                            __run_time::Any,
                                        >(&mut __out, (&__in0,), __extents);
                                    }
                                }
                            }
                            __result
                        };
                        let mut __result = match __run_time::Call::zeros(
                            __call,
                            [__n_i],
                        ) {
                            __run_time::Ok(__value) => __value,
                            __run_time::Err(__error) => {
                                break '__end __run_time::Err(__error);
                            }
                        };
                        {
                            #[inline(never)]
                            fn __plain<
                                T: __run_time::Element,
                                S: __run_time::Store<T>,
                                P: __run_time::Step,
                            >(
                                __out: &mut __run_time::StridedMut<'_, T, 1>,
                                (
                                    &__in0,
                                    &__in1,
                                ): (
                                    &__run_time::Strided<'_, T, 2>,
                                    &__run_time::Strided<'_, T, 1>,
                                ),
                                [__n_i,
                                __n_j,
                                __n_k,
                                ]: [__run_time::usize; 3],
                            ) {
                                let mut __out = __run_time::StridedMut::reborrow(__out);
                                for __i in 0..__n_i {
                                    let __line0 = unsafe {
                                        __run_time::Strided::line(&__in0, 1, [__i, 0])
                                    };
                                    let __line1 = unsafe {
                                        __run_time::Strided::line(&__in1, 0, [0])
                                    };
                                    let __sum1 = <P as __run_time::Step>::sum(
                                        __n_j,
                                        |__j| (
                                            unsafe { __run_time::Line::get::<P>(&__line0, __j) }
                                                * unsafe { __run_time::Line::get::<P>(&__line1, __j) }
                                        ),
                                    );
                                    let __value = __sum1;
                                    unsafe {
                                        __run_time::StridedMut::store::<
                                            S,
                                        >(&mut __out, [__i], __value);
                                    }
                                }
                            }
                            #[inline(never)]
                            fn __tiled<
                                T: __run_time::Element,
                                S: __run_time::Store<T>,
                                const W: __run_time::usize,
                            >(
                                __out: &mut __run_time::StridedMut<'_, T, 1>,
                                (
                                    &__in0,
                                    &__in1,
                                ): (
                                    &__run_time::Strided<'_, T, 2>,
                                    &__run_time::Strided<'_, T, 1>,
                                ),
                                [__n_i,
                                __n_j,
                                __n_k,
                                ]: [__run_time::usize; 3],
                            ) {
                                let mut __out = __run_time::StridedMut::reborrow(__out);
                                for __tile in __run_time::tiles::<{ W }>(__n_i) {
                                    let __i = __tile.start;
                                    let mut __sum1 = __run_time::zeros::<T, { W }>();
                                    for __j in 0..__n_j {
                                        let __line0 = unsafe {
                                            __run_time::Strided::line(&__in0, 0, [__i, __j])
                                        };
                                        let __element1 = unsafe {
                                            __run_time::Strided::at(&__in1, [__j])
                                        };
                                        __run_time::accumulate(
                                            &mut __sum1,
                                            |__lane| {
                                                __run_time::value(&__element1)
                                                    * unsafe {
                                                        __run_time::Line::get::<__run_time::Unit>(&__line0, __lane)
                                                    }
                                            },
                                        );
                                    }
                                    let __value = |__lane| __run_time::value(&__sum1[__lane]);
                                    unsafe {
                                        __run_time::StridedMut::store_tile::<
                                            S,
                                            { W },
                                        >(&mut __out, 0, [__i], __tile, __value);
                                    }
                                }
                            }
                            let mut __in0 = __run_time::Strided::new(
                                &__op0,
                                &[0, 1],
                                [__n_i, __n_j],
                            );
                            let mut __in1 = __run_time::Strided::new(
                                &__step0,
                                &[0],
                                [__n_j],
                            );
                            let mut __out = __run_time::StridedMut::new(
                                &mut __result,
                                [__n_i],
                            );
                            let mut __extents = [__n_i, __n_j, __n_k];
                            if !__run_time::contract(
                                &mut __out,
                                &__in0,
                                &__in1,
                                (&[0], &[0, 1], &[1]),
                                {
                                    use __run_time::{WithKernels as _, WithoutKernels as _};
                                    (&__run_time::Elements::of_strided(&__in0))
                                        .einsum_arithmetic::<__run_time::Assign>()
                                },
                            ) {
                                if __run_time::run(
                                    __extents[0],
                                    [__run_time::Strided::is_contiguous(&__in0, 0)],
                                ) >= __run_time::WIDE
                                {
                                    __tiled::<
                                        _,
                                        __run_time::Assign,
                                        { __run_time::WIDE },
                                    >(&mut __out, (&__in0, &__in1), __extents);
                                } else if __run_time::run(
                                    __extents[0],
                                    [__run_time::Strided::is_contiguous(&__in0, 0)],
                                ) >= __run_time::NARROW
                                {
                                    __tiled::<
                                        _,
                                        __run_time::Assign,
                                        { __run_time::NARROW },
                                    >(&mut __out, (&__in0, &__in1), __extents);
                                } else if __run_time::Strided::is_contiguous(&__in0, 1)
                                    && __run_time::Strided::is_contiguous(&__in1, 0)
                                {
                                    __plain::<
                                        _,
                                        __run_time::Assign,
                                        __run_time::Unit,
                                    >(&mut __out, (&__in0, &__in1), __extents);
                                } else {
                                    __plain::<
                                        _,
                                        __run_time::Assign,
                                        __run_time::Any,
                                    >(&mut __out, (&__in0, &__in1), __extents);
                                }
                            }
                        }
                        __result
                    })
                }
            }
        }
    }
}
