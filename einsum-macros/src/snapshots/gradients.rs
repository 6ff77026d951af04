// "(2x+i-1)c,ico->xo" , x , w ; dy
pub fn gradients(
    x: &Array2<f64>,
    w: &Array3<f64>,
    dy: &Array2<f64>,
) -> Result<(Array2<f64>, Array3<f64>), EinsumError> {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::NestedOperand as _;
        match (
            &(&(x)).as_einsum_array_or_nested(),
            &(w),
            &(&(dy)).as_einsum_array_or_nested(),
        ) {
            (__op0, __op1, __op2) => {
                use ::einsum::__private as __run_time;
                let __op0 = __run_time::operand2::<0, 'x', 'c', _, _>(__op0);
                let __op1 = __run_time::operand3::<1, 'i', 'c', 'o', _, _>(__op1);
                let __pair = (__op0, __op1);
                let __op1 = __run_time::same(__pair);
                let __op2 = __run_time::gradient::<2, _, _>(__op2);
                let __pair = (__op0, __op2);
                let __op2 = __run_time::same(__pair);
                let __call = const {
                    &__run_time::Call {
                        subscripts: "(2x+i-1)c,ico->xo",
                        labels: &['x', 'o', 'i', 'c'],
                        arrays: &[
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(0),
                                    source: __run_time::Some("x"),
                                },
                                axes: &[
                                    __run_time::Index::Affine(__run_time::Affine {
                                        parts: &[(0, 2), (2, 1)],
                                        constant: -1,
                                        padding: 1,
                                    }),
                                    __run_time::Index::Label(3),
                                ],
                                ellipsis: __run_time::None,
                            },
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(1),
                                    source: __run_time::Some("w"),
                                },
                                axes: &[
                                    __run_time::Index::Label(2),
                                    __run_time::Index::Label(3),
                                    __run_time::Index::Label(1),
                                ],
                                ellipsis: __run_time::None,
                            },
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Gradient,
                                    source: __run_time::Some("dy"),
                                },
                                axes: &[
                                    __run_time::Index::Label(0),
                                    __run_time::Index::Label(1),
                                ],
                                ellipsis: __run_time::None,
                            },
                        ],
                        resolutions: &[
                            __run_time::Resolution {
                                label: 0,
                                array: 0,
                                position: 0,
                            },
                        ],
                    }
                };
                '__end: {
                    let [__n_x, __n_o, __n_i, __n_c] = match __run_time::Call::resolved_extents::<
                        4,
                    >(
                        __call,
                        &[
                            __run_time::shape(__op0),
                            __run_time::shape(__op1),
                            __run_time::shape(__op2),
                        ],
                        &[],
                    ) {
                        __run_time::Ok(__value) => __value,
                        __run_time::Err(__error) => break '__end __run_time::Err(__error),
                    };
                    __run_time::Ok((
                        {
                            let mut __result = match __run_time::zeros_like(
                                __call,
                                __op0,
                            ) {
                                __run_time::Ok(__value) => __value,
                                __run_time::Err(__error) => {
                                    break '__end __run_time::Err(__error);
                                }
                            };
                            let mut __pieces = __run_time::Pieces::new(
                                const {
                                    &__run_time::Loops {
                                        inputs: &[1, 2],
                                        output: __run_time::CallArray {
                                            operand: __run_time::Operand {
                                                role: __run_time::Role::Target,
                                                source: __run_time::None,
                                            },
                                            axes: &[
                                                __run_time::Index::Affine(__run_time::Affine {
                                                    parts: &[(0, 2), (2, 1)],
                                                    constant: -1,
                                                    padding: 1,
                                                }),
                                                __run_time::Index::Label(3),
                                            ],
                                            ellipsis: __run_time::None,
                                        },
                                        gathers: &[(0, 0)],
                                        written: &[0, 3],
                                        idle: &[],
                                    }
                                },
                                __call,
                                &[
                                    __run_time::shape(__op0),
                                    __run_time::shape(__op1),
                                    __run_time::shape(__op2),
                                ],
                                &__run_time::Call::labelled_extents(
                                    __call,
                                    0,
                                    __run_time::shape(__op0),
                                ),
                                &[__n_x, __n_o, __n_i, __n_c],
                            );
                            __run_time::contract_pieces(
                                &mut __result,
                                &__op1,
                                &__op2,
                                &mut __pieces,
                                [(&[0, 3], 2), (&[2, 3, 1], 0), (&[0, 2, 1], 1)],
                                true,
                                {
                                    use __run_time::{WithKernels as _, WithoutKernels as _};
                                    (&__run_time::Elements::of_array(&__op1))
                                        .einsum_arithmetic::<__run_time::Assign>()
                                },
                            );
                            for __piece in __run_time::Pieces::iter(&__pieces) {
                                let [__n_x, __n_o, __n_i, __n_c] = __run_time::Piece::extents::<
                                    4,
                                >(&__piece);
                                {
                                    #[inline(never)]
                                    fn __plain<
                                        T: __run_time::Element,
                                        S: __run_time::Store<T>,
                                        P: __run_time::Step,
                                    >(
                                        __out: &mut __run_time::StridedMut<'_, T, 2>,
                                        (
                                            &__in0,
                                            &__in1,
                                        ): (
                                            &__run_time::Strided<'_, T, 3>,
                                            &__run_time::Strided<'_, T, 3>,
                                        ),
                                        [__n_x,
                                        __n_o,
                                        __n_i,
                                        __n_c,
                                        ]: [__run_time::usize; 4],
                                    ) {
                                        let mut __out = __run_time::StridedMut::reborrow(__out);
                                        for __x in 0..__n_x {
                                            for __c in 0..__n_c {
                                                let mut __sum2 = __run_time::zero::<T>();
                                                for __i in 0..__n_i {
                                                    let __line0 = unsafe {
                                                        __run_time::Strided::line(&__in0, 2, [__i, __c, 0])
                                                    };
                                                    let __line1 = unsafe {
                                                        __run_time::Strided::line(&__in1, 2, [__x, __i, 0])
                                                    };
                                                    let __sum1 = <P as __run_time::Step>::sum(
                                                        __n_o,
                                                        |__o| (
                                                            unsafe { __run_time::Line::get::<P>(&__line0, __o) }
                                                                * unsafe { __run_time::Line::get::<P>(&__line1, __o) }
                                                        ),
                                                    );
                                                    __sum2 = __sum2 + __sum1;
                                                }
                                                let __value = __sum2;
                                                unsafe {
                                                    __run_time::StridedMut::store::<
                                                        S,
                                                    >(&mut __out, [__x, __c], __value);
                                                }
                                            }
                                        }
                                    }
                                    #[inline(never)]
                                    fn __tiled<
                                        T: __run_time::Element,
                                        S: __run_time::Store<T>,
                                        const W: __run_time::usize,
                                    >(
                                        __out: &mut __run_time::StridedMut<'_, T, 2>,
                                        (
                                            &__in0,
                                            &__in1,
                                        ): (
                                            &__run_time::Strided<'_, T, 3>,
                                            &__run_time::Strided<'_, T, 3>,
                                        ),
                                        [__n_x,
                                        __n_o,
                                        __n_i,
                                        __n_c,
                                        ]: [__run_time::usize; 4],
                                    ) {
                                        let mut __out = __run_time::StridedMut::reborrow(__out);
                                        for __x in 0..__n_x {
                                            for __tile in __run_time::tiles::<{ W }>(__n_c) {
                                                let __c = __tile.start;
                                                let mut __sum2 = __run_time::zeros::<T, { W }>();
                                                for __i in 0..__n_i {
                                                    let mut __sum1 = __run_time::zeros::<T, { W }>();
                                                    for __o in 0..__n_o {
                                                        let __line0 = unsafe {
                                                            __run_time::Strided::line(&__in0, 1, [__i, __c, __o])
                                                        };
                                                        let __element1 = unsafe {
                                                            __run_time::Strided::at(&__in1, [__x, __i, __o])
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
                                                    __run_time::accumulate(
                                                        &mut __sum2,
                                                        |__lane| __run_time::value(&__sum1[__lane]),
                                                    );
                                                }
                                                let __value = |__lane| __run_time::value(&__sum2[__lane]);
                                                unsafe {
                                                    __run_time::StridedMut::store_tile::<
                                                        S,
                                                        { W },
                                                    >(&mut __out, 1, [__x, __c], __tile, __value);
                                                }
                                            }
                                        }
                                    }
                                    let mut __in0 = __run_time::Strided::placed(
                                        &__op1,
                                        &__piece,
                                        0,
                                        [2, 3, 1],
                                    );
                                    let mut __in1 = __run_time::Strided::placed(
                                        &__op2,
                                        &__piece,
                                        1,
                                        [0, 2, 1],
                                    );
                                    let mut __out = __run_time::StridedMut::placed(
                                        &mut __result,
                                        &__piece,
                                        2,
                                        [0, 3],
                                    );
                                    let mut __extents = [__n_x, __n_o, __n_i, __n_c];
                                    if !__run_time::contract(
                                        &mut __out,
                                        &__in0,
                                        &__in1,
                                        (&[0, 3], &[2, 3, 1], &[0, 2, 1]),
                                        {
                                            use __run_time::{WithKernels as _, WithoutKernels as _};
                                            (&__run_time::Elements::of_strided(&__in0))
                                                .einsum_arithmetic::<__run_time::Accumulate>()
                                        },
                                    ) {
                                        if __run_time::run(
                                            __extents[2],
                                            [
                                                __run_time::Strided::is_contiguous(&__in0, 0),
                                                __run_time::Strided::is_contiguous(&__in1, 1),
                                            ],
                                        )
                                            > __run_time::run(
                                                __extents[1],
                                                [
                                                    __run_time::Strided::is_contiguous(&__in0, 2),
                                                    __run_time::Strided::is_contiguous(&__in1, 2),
                                                ],
                                            )
                                        {
                                            (__extents[1], __extents[2]) = (__extents[2], __extents[1]);
                                            __run_time::Strided::swap_axes(&mut __in0, 2, 0);
                                            __run_time::Strided::swap_axes(&mut __in1, 2, 1);
                                        }
                                        if __run_time::run(
                                            __extents[3],
                                            [__run_time::Strided::is_contiguous(&__in0, 1)],
                                        ) >= __run_time::NARROW
                                        {
                                            __tiled::<
                                                _,
                                                __run_time::Accumulate,
                                                { __run_time::NARROW },
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        } else if __run_time::Strided::is_contiguous(&__in0, 2)
                                            && __run_time::Strided::is_contiguous(&__in1, 2)
                                        {
                                            __plain::<
                                                _,
                                                __run_time::Accumulate,
                                                __run_time::Unit,
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        } else {
                                            __plain::<
                                                _,
                                                __run_time::Accumulate,
                                                __run_time::Any,
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        }
                                    }
                                }
                            }
                            __result
                        },
                        {
                            let mut __result = match __run_time::zeros_like(
                                __call,
                                __op1,
                            ) {
                                __run_time::Ok(__value) => __value,
                                __run_time::Err(__error) => {
                                    break '__end __run_time::Err(__error);
                                }
                            };
                            let mut __pieces = __run_time::Pieces::new(
                                const {
                                    &__run_time::Loops {
                                        inputs: &[0, 2],
                                        output: __run_time::CallArray {
                                            operand: __run_time::Operand {
                                                role: __run_time::Role::Target,
                                                source: __run_time::None,
                                            },
                                            axes: &[
                                                __run_time::Index::Label(2),
                                                __run_time::Index::Label(3),
                                                __run_time::Index::Label(1),
                                            ],
                                            ellipsis: __run_time::None,
                                        },
                                        gathers: &[],
                                        written: &[2, 3, 1],
                                        idle: &[],
                                    }
                                },
                                __call,
                                &[
                                    __run_time::shape(__op0),
                                    __run_time::shape(__op1),
                                    __run_time::shape(__op2),
                                ],
                                &__run_time::Call::labelled_extents(
                                    __call,
                                    1,
                                    __run_time::shape(__op1),
                                ),
                                &[__n_x, __n_o, __n_i, __n_c],
                            );
                            __run_time::contract_pieces(
                                &mut __result,
                                &__op0,
                                &__op2,
                                &mut __pieces,
                                [(&[2, 3, 1], 2), (&[0, 2, 3], 0), (&[0, 1], 1)],
                                true,
                                {
                                    use __run_time::{WithKernels as _, WithoutKernels as _};
                                    (&__run_time::Elements::of_array(&__op0))
                                        .einsum_arithmetic::<__run_time::Assign>()
                                },
                            );
                            for __piece in __run_time::Pieces::iter(&__pieces) {
                                let [__n_x, __n_o, __n_i, __n_c] = __run_time::Piece::extents::<
                                    4,
                                >(&__piece);
                                {
                                    #[inline(never)]
                                    fn __plain<
                                        T: __run_time::Element,
                                        S: __run_time::Store<T>,
                                        P: __run_time::Step,
                                    >(
                                        __out: &mut __run_time::StridedMut<'_, T, 3>,
                                        (
                                            &__in0,
                                            &__in1,
                                        ): (
                                            &__run_time::Strided<'_, T, 3>,
                                            &__run_time::Strided<'_, T, 2>,
                                        ),
                                        [__n_x,
                                        __n_o,
                                        __n_i,
                                        __n_c,
                                        ]: [__run_time::usize; 4],
                                    ) {
                                        let mut __out = __run_time::StridedMut::reborrow(__out);
                                        for __i in 0..__n_i {
                                            for __c in 0..__n_c {
                                                for __o in 0..__n_o {
                                                    let __line0 = unsafe {
                                                        __run_time::Strided::line(&__in0, 0, [0, __i, __c])
                                                    };
                                                    let __line1 = unsafe {
                                                        __run_time::Strided::line(&__in1, 0, [0, __o])
                                                    };
                                                    let __sum0 = <P as __run_time::Step>::sum(
                                                        __n_x,
                                                        |__x| (
                                                            unsafe { __run_time::Line::get::<P>(&__line0, __x) }
                                                                * unsafe { __run_time::Line::get::<P>(&__line1, __x) }
                                                        ),
                                                    );
                                                    let __value = __sum0;
                                                    unsafe {
                                                        __run_time::StridedMut::store::<
                                                            S,
                                                        >(&mut __out, [__i, __c, __o], __value);
                                                    }
                                                }
                                            }
                                        }
                                    }
                                    #[inline(never)]
                                    fn __tiled<
                                        T: __run_time::Element,
                                        S: __run_time::Store<T>,
                                        const W: __run_time::usize,
                                    >(
                                        __out: &mut __run_time::StridedMut<'_, T, 3>,
                                        (
                                            &__in0,
                                            &__in1,
                                        ): (
                                            &__run_time::Strided<'_, T, 3>,
                                            &__run_time::Strided<'_, T, 2>,
                                        ),
                                        [__n_x,
                                        __n_o,
                                        __n_i,
                                        __n_c,
                                        ]: [__run_time::usize; 4],
                                    ) {
                                        let mut __out = __run_time::StridedMut::reborrow(__out);
                                        for __i in 0..__n_i {
                                            for __c in 0..__n_c {
                                                for __tile in __run_time::tiles::<{ W }>(__n_o) {
                                                    let __o = __tile.start;
                                                    let mut __sum0 = __run_time::zeros::<T, { W }>();
                                                    for __x in 0..__n_x {
                                                        let __element0 = unsafe {
                                                            __run_time::Strided::at(&__in0, [__x, __i, __c])
                                                        };
                                                        let __line1 = unsafe {
                                                            __run_time::Strided::line(&__in1, 1, [__x, __o])
                                                        };
                                                        __run_time::accumulate(
                                                            &mut __sum0,
                                                            |__lane| {
                                                                __run_time::value(&__element0)
                                                                    * unsafe {
                                                                        __run_time::Line::get::<__run_time::Unit>(&__line1, __lane)
                                                                    }
                                                            },
                                                        );
                                                    }
                                                    let __value = |__lane| __run_time::value(&__sum0[__lane]);
                                                    unsafe {
                                                        __run_time::StridedMut::store_tile::<
                                                            S,
                                                            { W },
                                                        >(&mut __out, 2, [__i, __c, __o], __tile, __value);
                                                    }
                                                }
                                            }
                                        }
                                    }
                                    let mut __in0 = __run_time::Strided::placed(
                                        &__op0,
                                        &__piece,
                                        0,
                                        [0, 2, 3],
                                    );
                                    let mut __in1 = __run_time::Strided::placed(
                                        &__op2,
                                        &__piece,
                                        1,
                                        [0, 1],
                                    );
                                    let mut __out = __run_time::StridedMut::placed(
                                        &mut __result,
                                        &__piece,
                                        2,
                                        [2, 3, 1],
                                    );
                                    let mut __extents = [__n_x, __n_o, __n_i, __n_c];
                                    if !__run_time::contract(
                                        &mut __out,
                                        &__in0,
                                        &__in1,
                                        (&[2, 3, 1], &[0, 2, 3], &[0, 1]),
                                        {
                                            use __run_time::{WithKernels as _, WithoutKernels as _};
                                            (&__run_time::Elements::of_strided(&__in0))
                                                .einsum_arithmetic::<__run_time::Accumulate>()
                                        },
                                    ) {
                                        if __run_time::run(
                                            __extents[1],
                                            [__run_time::Strided::is_contiguous(&__in1, 1)],
                                        ) >= __run_time::NARROW
                                        {
                                            __tiled::<
                                                _,
                                                __run_time::Accumulate,
                                                { __run_time::NARROW },
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        } else if __run_time::Strided::is_contiguous(&__in0, 0)
                                            && __run_time::Strided::is_contiguous(&__in1, 0)
                                        {
                                            __plain::<
                                                _,
                                                __run_time::Accumulate,
                                                __run_time::Unit,
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        } else {
                                            __plain::<
                                                _,
                                                __run_time::Accumulate,
                                                __run_time::Any,
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        }
                                    }
                                }
                            }
                            __result
                        },
                    ))
                }
            }
        }
    }
}
