// c += "xyij,ij->xy" , a , b
pub fn convolution(c: &mut Array2<f64>, a: ArrayView4<'_, f64>, b: &Array2<f64>) {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::NestedOperand as _;
        use ::einsum::__private::Target as _;
        use ::einsum::__private::TargetMethod as _;
        match (&(a), &(&(b)).as_einsum_array_or_nested()) {
            (__op0, __op1) => {
                match (c).as_einsum_target() {
                    mut __target => {
                        use ::einsum::__private as __run_time;
                        let __op0 = __run_time::operand4::<
                            0,
                            'x',
                            'y',
                            'i',
                            'j',
                            _,
                            _,
                        >(__op0);
                        let __op1 = __run_time::operand2::<1, 'i', 'j', _, _>(__op1);
                        let __pair = (__op0, __op1);
                        let __op1 = __run_time::same(__pair);
                        let __target = __run_time::target::<2, _, _>(&mut __target);
                        let __pair = (__op0, __target);
                        let __target = __run_time::same_mut(__pair);
                        let __call = const {
                            &__run_time::Call {
                                subscripts: "xyij,ij->xy",
                                labels: &['x', 'y', 'i', 'j'],
                                arrays: &[
                                    __run_time::CallArray {
                                        operand: __run_time::Operand {
                                            role: __run_time::Role::Operand(0),
                                            source: __run_time::Some("a"),
                                        },
                                        axes: &[
                                            __run_time::Index::Label(0),
                                            __run_time::Index::Label(1),
                                            __run_time::Index::Label(2),
                                            __run_time::Index::Label(3),
                                        ],
                                        ellipsis: __run_time::None,
                                    },
                                    __run_time::CallArray {
                                        operand: __run_time::Operand {
                                            role: __run_time::Role::Operand(1),
                                            source: __run_time::Some("b"),
                                        },
                                        axes: &[
                                            __run_time::Index::Label(2),
                                            __run_time::Index::Label(3),
                                        ],
                                        ellipsis: __run_time::None,
                                    },
                                    __run_time::CallArray {
                                        operand: __run_time::Operand {
                                            role: __run_time::Role::Target,
                                            source: __run_time::Some("c"),
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
                        let [__n_x, __n_y, __n_i, __n_j] = match (
                            __run_time::shape(__op0),
                            __run_time::shape(__op1),
                            __run_time::shape(__target),
                        ) {
                            (
                                &[__n_x,
                                __n_y,
                                __n_i,
                                __n_j,
                                ],
                                &[__axis0,
                                __axis1,
                                ],
                                &[__axis2,
                                __axis3,
                                ],
                            ) if __axis0 == __n_i && __axis1 == __n_j && __axis2 == __n_x
                                && __axis3 == __n_y => [__n_x, __n_y, __n_i, __n_j],
                            _ => {
                                __run_time::unwrap(
                                    __run_time::Call::extents::<
                                        4,
                                    >(
                                        __call,
                                        &[
                                            __run_time::shape(__op0),
                                            __run_time::shape(__op1),
                                            __run_time::shape(__target),
                                        ],
                                    ),
                                )
                            }
                        };
                        {
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
                                        &__run_time::Strided<'_, T, 4>,
                                        &__run_time::Strided<'_, T, 2>,
                                    ),
                                    [__n_x,
                                    __n_y,
                                    __n_i,
                                    __n_j,
                                    ]: [__run_time::usize; 4],
                                ) {
                                    let mut __out = __run_time::StridedMut::reborrow(__out);
                                    for __x in 0..__n_x {
                                        for __y in 0..__n_y {
                                            let mut __sum2 = __run_time::zero::<T>();
                                            for __i in 0..__n_i {
                                                let __line0 = unsafe {
                                                    __run_time::Strided::line(&__in0, 3, [__x, __y, __i, 0])
                                                };
                                                let __line1 = unsafe {
                                                    __run_time::Strided::line(&__in1, 1, [__i, 0])
                                                };
                                                let __sum3 = <P as __run_time::Step>::sum(
                                                    __n_j,
                                                    |__j| (
                                                        unsafe { __run_time::Line::get::<P>(&__line0, __j) }
                                                            * unsafe { __run_time::Line::get::<P>(&__line1, __j) }
                                                    ),
                                                );
                                                __sum2 = __sum2 + __sum3;
                                            }
                                            let __value = __sum2;
                                            unsafe {
                                                __run_time::StridedMut::store::<
                                                    S,
                                                >(&mut __out, [__x, __y], __value);
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
                                        &__run_time::Strided<'_, T, 4>,
                                        &__run_time::Strided<'_, T, 2>,
                                    ),
                                    [__n_x,
                                    __n_y,
                                    __n_i,
                                    __n_j,
                                    ]: [__run_time::usize; 4],
                                ) {
                                    let mut __out = __run_time::StridedMut::reborrow(__out);
                                    for __x in 0..__n_x {
                                        for __tile in __run_time::tiles::<{ W }>(__n_y) {
                                            let __y = __tile.start;
                                            let mut __sum2 = __run_time::zeros::<T, { W }>();
                                            for __i in 0..__n_i {
                                                let mut __sum3 = __run_time::zeros::<T, { W }>();
                                                for __j in 0..__n_j {
                                                    let __line0 = unsafe {
                                                        __run_time::Strided::line(&__in0, 1, [__x, __y, __i, __j])
                                                    };
                                                    let __element1 = unsafe {
                                                        __run_time::Strided::at(&__in1, [__i, __j])
                                                    };
                                                    __run_time::accumulate(
                                                        &mut __sum3,
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
                                                    |__lane| __run_time::value(&__sum3[__lane]),
                                                );
                                            }
                                            let __value = |__lane| __run_time::value(&__sum2[__lane]);
                                            unsafe {
                                                __run_time::StridedMut::store_tile::<
                                                    S,
                                                    { W },
                                                >(&mut __out, 1, [__x, __y], __tile, __value);
                                            }
                                        }
                                    }
                                }
                                let mut __in0 = __run_time::Strided::new(
                                    &__op0,
                                    &[0, 1, 2, 3],
                                    [__n_x, __n_y, __n_i, __n_j],
                                );
                                let mut __in1 = __run_time::Strided::new(
                                    &__op1,
                                    &[0, 1],
                                    [__n_i, __n_j],
                                );
                                let mut __out = __run_time::StridedMut::new(
                                    __target,
                                    [__n_x, __n_y],
                                );
                                let mut __extents = [__n_x, __n_y, __n_i, __n_j];
                                if !__run_time::contract(
                                    &mut __out,
                                    &__in0,
                                    &__in1,
                                    (&[0, 1], &[0, 1, 2, 3], &[2, 3]),
                                    {
                                        use __run_time::{WithKernels as _, WithoutKernels as _};
                                        (&__run_time::Elements::of_strided(&__in0))
                                            .einsum_arithmetic::<__run_time::Accumulate>()
                                    },
                                ) {
                                    if __run_time::run(
                                        __extents[0],
                                        [__run_time::Strided::is_contiguous(&__in0, 0)],
                                    )
                                        > __run_time::run(
                                            __extents[1],
                                            [__run_time::Strided::is_contiguous(&__in0, 1)],
                                        )
                                    {
                                        (__extents[1], __extents[0]) = (__extents[0], __extents[1]);
                                        __run_time::Strided::swap_axes(&mut __in0, 1, 0);
                                        __run_time::StridedMut::swap_axes(&mut __out, 1, 0);
                                    }
                                    if __run_time::run(
                                        __extents[2],
                                        [
                                            __run_time::Strided::is_contiguous(&__in0, 2),
                                            __run_time::Strided::is_contiguous(&__in1, 0),
                                        ],
                                    )
                                        > __run_time::run(
                                            __extents[3],
                                            [
                                                __run_time::Strided::is_contiguous(&__in0, 3),
                                                __run_time::Strided::is_contiguous(&__in1, 1),
                                            ],
                                        )
                                    {
                                        (__extents[3], __extents[2]) = (__extents[2], __extents[3]);
                                        __run_time::Strided::swap_axes(&mut __in0, 3, 2);
                                        __run_time::Strided::swap_axes(&mut __in1, 1, 0);
                                    }
                                    if __run_time::run(
                                        __extents[1],
                                        [__run_time::Strided::is_contiguous(&__in0, 1)],
                                    ) >= __run_time::WIDE
                                    {
                                        __tiled::<
                                            _,
                                            __run_time::Accumulate,
                                            { __run_time::WIDE },
                                        >(&mut __out, (&__in0, &__in1), __extents);
                                    } else if __run_time::run(
                                        __extents[1],
                                        [__run_time::Strided::is_contiguous(&__in0, 1)],
                                    ) >= __run_time::NARROW
                                    {
                                        __tiled::<
                                            _,
                                            __run_time::Accumulate,
                                            { __run_time::NARROW },
                                        >(&mut __out, (&__in0, &__in1), __extents);
                                    } else if __run_time::Strided::is_contiguous(&__in0, 3)
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
