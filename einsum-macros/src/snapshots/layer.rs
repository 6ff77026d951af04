// y = "(2x+i-1)c,ico->xo" , x , w
pub fn layer(y: &mut Array2<f64>, x: &Array2<f64>, w: &Array3<f64>) {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::NestedOperand as _;
        use ::einsum::__private::Target as _;
        use ::einsum::__private::TargetMethod as _;
        match (&(&(x)).as_einsum_array_or_nested(), &(w)) {
            (__op0, __op1) => {
                match (y).as_einsum_target() {
                    mut __target => {
                        use ::einsum::__private as __run_time;
                        let __op0 = __run_time::operand2::<0, 'x', 'c', _, _>(__op0);
                        let __op1 = __run_time::operand3::<
                            1,
                            'i',
                            'c',
                            'o',
                            _,
                            _,
                        >(__op1);
                        let __pair = (__op0, __op1);
                        let __op1 = __run_time::same(__pair);
                        let __target = __run_time::target::<2, _, _>(&mut __target);
                        let __pair = (__op0, __target);
                        let __target = __run_time::same_mut(__pair);
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
                                            role: __run_time::Role::Target,
                                            source: __run_time::Some("y"),
                                        },
                                        axes: &[
                                            __run_time::Index::Label(0),
                                            __run_time::Index::Label(1),
                                        ],
                                        ellipsis: __run_time::None,
                                    },
                                ],
                                resolutions: &[],
                            }
                        };
                        let [__n_x, __n_o, __n_i, __n_c] = __run_time::unwrap(
                            __run_time::Call::resolved_extents::<
                                4,
                            >(
                                __call,
                                &[
                                    __run_time::shape(__op0),
                                    __run_time::shape(__op1),
                                    __run_time::shape(__target),
                                ],
                                &[],
                            ),
                        );
                        {
                            let mut __pieces = __run_time::Pieces::new(
                                const {
                                    &__run_time::Loops {
                                        inputs: &[0, 1],
                                        output: __run_time::CallArray {
                                            operand: __run_time::Operand {
                                                role: __run_time::Role::Target,
                                                source: __run_time::None,
                                            },
                                            axes: &[
                                                __run_time::Index::Label(0),
                                                __run_time::Index::Label(1),
                                            ],
                                            ellipsis: __run_time::None,
                                        },
                                        gathers: &[],
                                        written: &[0, 1],
                                        idle: &[],
                                    }
                                },
                                __call,
                                &[
                                    __run_time::shape(__op0),
                                    __run_time::shape(__op1),
                                    __run_time::shape(__target),
                                ],
                                &[__n_x, __n_o],
                                &[__n_x, __n_o, __n_i, __n_c],
                            );
                            __run_time::contract_pieces(
                                __target,
                                &__op0,
                                &__op1,
                                &mut __pieces,
                                [(&[0, 1], 2), (&[0, 2, 3], 0), (&[2, 3, 1], 1)],
                                false,
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
                                            for __o in 0..__n_o {
                                                let mut __sum2 = __run_time::zero::<T>();
                                                for __i in 0..__n_i {
                                                    let __line0 = unsafe {
                                                        __run_time::Strided::line(&__in0, 2, [__x, __i, 0])
                                                    };
                                                    let __line1 = unsafe {
                                                        __run_time::Strided::line(&__in1, 1, [__i, 0, __o])
                                                    };
                                                    let __sum3 = <P as __run_time::Step>::sum(
                                                        __n_c,
                                                        |__c| (
                                                            unsafe { __run_time::Line::get::<P>(&__line0, __c) }
                                                                * unsafe { __run_time::Line::get::<P>(&__line1, __c) }
                                                        ),
                                                    );
                                                    __sum2 = __sum2 + __sum3;
                                                }
                                                let __value = __sum2;
                                                unsafe {
                                                    __run_time::StridedMut::store::<
                                                        S,
                                                    >(&mut __out, [__x, __o], __value);
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
                                            for __tile in __run_time::tiles::<{ W }>(__n_o) {
                                                let __o = __tile.start;
                                                let mut __sum2 = __run_time::zeros::<T, { W }>();
                                                for __i in 0..__n_i {
                                                    let mut __sum3 = __run_time::zeros::<T, { W }>();
                                                    for __c in 0..__n_c {
                                                        let __element0 = unsafe {
                                                            __run_time::Strided::at(&__in0, [__x, __i, __c])
                                                        };
                                                        let __line1 = unsafe {
                                                            __run_time::Strided::line(&__in1, 2, [__i, __c, __o])
                                                        };
                                                        __run_time::accumulate(
                                                            &mut __sum3,
                                                            |__lane| {
                                                                __run_time::value(&__element0)
                                                                    * unsafe {
                                                                        __run_time::Line::get::<__run_time::Unit>(&__line1, __lane)
                                                                    }
                                                            },
                                                        );
                                                    }
                                                    __run_time::accumulate(
                                                        &mut __sum2,
                                                        |__lane| __run_time::value(&__sum3[__lane]),
                                                    );
                                                }
                                                let __value = |__lane| __run_time::value(&__sum2[__lane]);
                                                unsafe {
                                                    __run_time::StridedMut::store_tile::<
                                                        S,
                                                        { W },
                                                    >(&mut __out, 1, [__x, __o], __tile, __value);
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
                                        &__op1,
                                        &__piece,
                                        1,
                                        [2, 3, 1],
                                    );
                                    let mut __out = __run_time::StridedMut::placed(
                                        __target,
                                        &__piece,
                                        2,
                                        [0, 1],
                                    );
                                    let mut __extents = [__n_x, __n_o, __n_i, __n_c];
                                    if !__run_time::contract(
                                        &mut __out,
                                        &__in0,
                                        &__in1,
                                        (&[0, 1], &[0, 2, 3], &[2, 3, 1]),
                                        {
                                            use __run_time::{WithKernels as _, WithoutKernels as _};
                                            (&__run_time::Elements::of_strided(&__in0))
                                                .einsum_arithmetic::<__run_time::Accumulate>()
                                        },
                                    ) {
                                        if __run_time::run(
                                            __extents[2],
                                            [
                                                __run_time::Strided::is_contiguous(&__in0, 1),
                                                __run_time::Strided::is_contiguous(&__in1, 0),
                                            ],
                                        )
                                            > __run_time::run(
                                                __extents[3],
                                                [
                                                    __run_time::Strided::is_contiguous(&__in0, 2),
                                                    __run_time::Strided::is_contiguous(&__in1, 1),
                                                ],
                                            )
                                        {
                                            (__extents[3], __extents[2]) = (__extents[2], __extents[3]);
                                            __run_time::Strided::swap_axes(&mut __in0, 2, 1);
                                            __run_time::Strided::swap_axes(&mut __in1, 1, 0);
                                        }
                                        if __run_time::run(
                                            __extents[1],
                                            [__run_time::Strided::is_contiguous(&__in1, 2)],
                                        ) >= __run_time::NARROW
                                        {
                                            __tiled::<
                                                _,
                                                __run_time::Accumulate,
                                                { __run_time::NARROW },
                                            >(&mut __out, (&__in0, &__in1), __extents);
                                        } else if __run_time::Strided::is_contiguous(&__in0, 2)
                                            && __run_time::Strided::is_contiguous(&__in1, 1)
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
                        }
                    }
                }
            }
        }
    }
}
