// c += "xyij,ij->xy" , a , b
pub fn convolution(c: &mut Array2<f64>, a: ArrayView4<'_, f64>, b: &Array2<f64>) {
    match (&a, &b) {
        (__op0, __op1) => {
            match (c).view_mut() {
                mut __target => {
                    use ::einsum::__private as __run_time;
                    #[diagnostic::on_unimplemented(
                        message = "operand 0 is labelled `xyij` in \"xyij,ij->xy\", so it must have 4 axes",
                        label = "this array has another number of axes",
                        note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
                    )]
                    trait __Rank0: __run_time::Dimension {}
                    impl __Rank0 for __run_time::Ix4 {}
                    impl __Rank0 for __run_time::IxDyn {}
                    fn __rank0<T, D: __Rank0>(
                        array: &__run_time::ArrayRef<T, D>,
                    ) -> &__run_time::ArrayRef<T, D> {
                        array
                    }
                    let __op0 = __rank0(__op0);
                    #[diagnostic::on_unimplemented(
                        message = "operand 1 is labelled `ij` in \"xyij,ij->xy\", so it must have 2 axes",
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
                        message = "the target is labelled `xy` in \"xyij,ij->xy\", so it must have 2 axes",
                        label = "this array has another number of axes",
                        note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
                    )]
                    trait __Ranktarget: __run_time::Dimension {}
                    impl __Ranktarget for __run_time::Ix2 {}
                    impl __Ranktarget for __run_time::IxDyn {}
                    fn __ranktarget<T, D: __Ranktarget>(
                        array: &mut __run_time::ArrayRef<T, D>,
                    ) -> &mut __run_time::ArrayRef<T, D> {
                        array
                    }
                    let __target = __ranktarget(&mut __target);
                    match const {
                        &__run_time::Call {
                            subscripts: "xyij,ij->xy",
                            labels: &['x', 'y', 'i', 'j'],
                            arrays: &[
                                __run_time::CallArray {
                                    operand: __run_time::Operand {
                                        number: __run_time::Some(0usize),
                                        source: "a",
                                    },
                                    axes: &[0, 1, 2, 3],
                                },
                                __run_time::CallArray {
                                    operand: __run_time::Operand {
                                        number: __run_time::Some(1usize),
                                        source: "b",
                                    },
                                    axes: &[2, 3],
                                },
                                __run_time::CallArray {
                                    operand: __run_time::Operand {
                                        number: __run_time::None,
                                        source: "c",
                                    },
                                    axes: &[0, 1],
                                },
                            ],
                        }
                    }
                        .extents::<4>(&[__op0.shape(), __op1.shape(), __target.shape()])
                    {
                        __run_time::Err(__error) => __run_time::fail(&__error),
                        __run_time::Ok([__n_x, __n_y, __n_i, __n_j]) => {
                            fn __plain<
                                T: __run_time::Element,
                                S: __run_time::Store<T>,
                                P: __run_time::Step,
                            >(
                                mut __out: __run_time::StridedMut<'_, T, 2>,
                                (
                                    __in0,
                                    __in1,
                                ): (
                                    __run_time::Strided<'_, T, 4>,
                                    __run_time::Strided<'_, T, 2>,
                                ),
                                [__n_x,
                                __n_y,
                                __n_i,
                                __n_j,
                                ]: [usize; 4],
                            ) {
                                for __x in 0..__n_x {
                                    for __y in 0..__n_y {
                                        let mut __sum2 = __run_time::zero::<T>();
                                        for __i in 0..__n_i {
                                            let __sum3 = __run_time::sum(
                                                __n_j,
                                                |__j| (
                                                    unsafe { __in0.along::<P>(3, [__x, __y, __i, __j]) }
                                                        * unsafe { __in1.along::<P>(1, [__i, __j]) }
                                                ),
                                            );
                                            __sum2 = __sum2 + __sum3;
                                        }
                                        let __value = __sum2;
                                        unsafe {
                                            __out.store::<S>([__x, __y], __value);
                                        }
                                    }
                                }
                            }
                            fn __tiled<
                                T: __run_time::Element,
                                S: __run_time::Store<T>,
                                const W: usize,
                            >(
                                mut __out: __run_time::StridedMut<'_, T, 2>,
                                (
                                    __in0,
                                    __in1,
                                ): (
                                    __run_time::Strided<'_, T, 4>,
                                    __run_time::Strided<'_, T, 2>,
                                ),
                                [__n_x,
                                __n_y,
                                __n_i,
                                __n_j,
                                ]: [usize; 4],
                            ) {
                                for __x in 0..__n_x {
                                    for __tile in __run_time::tiles::<W>(__n_y) {
                                        let __y = __tile.start;
                                        let mut __sum2 = __run_time::zeros::<T, W>();
                                        for __i in 0..__n_i {
                                            let mut __sum3 = __run_time::zeros::<T, W>();
                                            for __j in 0..__n_j {
                                                let __element1 = unsafe { __in1.at([__i, __j]) };
                                                __run_time::accumulate(
                                                    &mut __sum3,
                                                    |__lane| {
                                                        __run_time::value(&__element1)
                                                            * unsafe {
                                                                __in0
                                                                    .along::<__run_time::Unit>(1, [__x, __y + __lane, __i, __j])
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
                                            __out.store_tile::<S, W>(1, [__x, __y], __tile, __value);
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
                            if __run_time::run(__extents[0], [__in0.is_contiguous(0)])
                                > __run_time::run(__extents[1], [__in0.is_contiguous(1)])
                            {
                                __extents.swap(1, 0);
                                __in0.swap_axes(1, 0);
                                __out.swap_axes(1, 0);
                            }
                            if __run_time::run(
                                __extents[2],
                                [__in0.is_contiguous(2), __in1.is_contiguous(0)],
                            )
                                > __run_time::run(
                                    __extents[3],
                                    [__in0.is_contiguous(3), __in1.is_contiguous(1)],
                                )
                            {
                                __extents.swap(3, 2);
                                __in0.swap_axes(3, 2);
                                __in1.swap_axes(1, 0);
                            }
                            if __run_time::run(__extents[1], [__in0.is_contiguous(1)])
                                >= __run_time::WIDE
                            {
                                __tiled::<
                                    _,
                                    __run_time::Accumulate,
                                    { __run_time::WIDE },
                                >(__out, (__in0, __in1), __extents);
                            } else if __run_time::run(
                                __extents[1],
                                [__in0.is_contiguous(1)],
                            ) >= __run_time::NARROW
                            {
                                __tiled::<
                                    _,
                                    __run_time::Accumulate,
                                    { __run_time::NARROW },
                                >(__out, (__in0, __in1), __extents);
                            } else if __in0.is_contiguous(3) && __in1.is_contiguous(1) {
                                __plain::<
                                    _,
                                    __run_time::Accumulate,
                                    __run_time::Unit,
                                >(__out, (__in0, __in1), __extents);
                            } else {
                                __plain::<
                                    _,
                                    __run_time::Accumulate,
                                    __run_time::Any,
                                >(__out, (__in0, __in1), __extents);
                            }
                        }
                    }
                }
            }
        }
    }
}
