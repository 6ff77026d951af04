// "ii->i" , a
pub fn diagonal(a: &Array2<f64>) -> Array1<f64> {
    {
        use ::einsum::__private::ArrayOperand as _;
        use ::einsum::__private::ArrayOrNestedMethod as _;
        use ::einsum::__private::NestedOperand as _;
        match (&(&(a)).as_einsum_array_or_nested(),) {
            (__op0,) => {
                use ::einsum::__private as __run_time;
                let __op0 = __run_time::operand2::<0, 'i', 'i', _, _>(__op0);
                let __call = const {
                    &__run_time::Call {
                        subscripts: "ii->i",
                        labels: &['i'],
                        arrays: &[
                            __run_time::CallArray {
                                operand: __run_time::Operand {
                                    role: __run_time::Role::Operand(0),
                                    source: __run_time::Some("a"),
                                },
                                axes: &[
                                    __run_time::Index::Label(0),
                                    __run_time::Index::Label(0),
                                ],
                                ellipsis: __run_time::None,
                            },
                        ],
                        resolutions: &[],
                    }
                };
                let [__n_i] = match (__run_time::shape(__op0),) {
                    (&[__n_i, __axis0],) if __axis0 == __n_i => [__n_i],
                    _ => {
                        __run_time::unwrap(
                            __run_time::Call::extents::<
                                1,
                            >(__call, &[__run_time::shape(__op0)]),
                        )
                    }
                };
                {
                    let mut __result = __run_time::unwrap(
                        __run_time::Call::zeros(__call, [__n_i]),
                    );
                    {
                        #[inline(never)]
                        fn __plain<
                            T: __run_time::Element,
                            S: __run_time::Store<T>,
                            P: __run_time::Step,
                        >(
                            __out: &mut __run_time::StridedMut<'_, T, 1>,
                            (&__in0,): (&__run_time::Strided<'_, T, 1>,),
                            [__n_i,
                            ]: [__run_time::usize; 1],
                        ) {
                            let mut __out = __run_time::StridedMut::reborrow(__out);
                            for __i in 0..__n_i {
                                let __element0 = unsafe {
                                    __run_time::Strided::at(&__in0, [__i])
                                };
                                let __value = __element0;
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
                            (&__in0,): (&__run_time::Strided<'_, T, 1>,),
                            [__n_i,
                            ]: [__run_time::usize; 1],
                        ) {
                            let mut __out = __run_time::StridedMut::reborrow(__out);
                            for __tile in __run_time::tiles::<{ W }>(__n_i) {
                                let __i = __tile.start;
                                let __line0 = unsafe {
                                    __run_time::Strided::line(&__in0, 0, [__i])
                                };
                                let __value = |__lane| unsafe {
                                    __run_time::Line::get::<__run_time::Unit>(&__line0, __lane)
                                };
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
                            &[0, 0],
                            [__n_i],
                        );
                        let mut __out = __run_time::StridedMut::new(
                            &mut __result,
                            [__n_i],
                        );
                        let mut __extents = [__n_i];
                        {
                            if __run_time::run(
                                __extents[0],
                                [__run_time::Strided::is_contiguous(&__in0, 0)],
                            ) >= __run_time::WIDE
                            {
                                __tiled::<
                                    _,
                                    __run_time::Assign,
                                    { __run_time::WIDE },
                                >(&mut __out, (&__in0,), __extents);
                            } else if __run_time::run(
                                __extents[0],
                                [__run_time::Strided::is_contiguous(&__in0, 0)],
                            ) >= __run_time::NARROW
                            {
                                __tiled::<
                                    _,
                                    __run_time::Assign,
                                    { __run_time::NARROW },
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
                }
            }
        }
    }
}
