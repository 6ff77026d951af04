// "ii->i" , a
pub fn diagonal(a: &Array2<f64>) -> Array1<f64> {
    match (&a,) {
        (__op0,) => {
            use ::einsum::__private as __run_time;
            #[diagnostic::on_unimplemented(
                message = "operand 0 is labelled `ii` in \"ii->i\", so it must have 2 axes",
                label = "this array has another number of axes",
                note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
            )]
            trait __Rank0: __run_time::Dimension {}
            impl __Rank0 for __run_time::Ix2 {}
            impl __Rank0 for __run_time::IxDyn {}
            fn __rank0<T, D: __Rank0>(
                array: &__run_time::ArrayRef<T, D>,
            ) -> &__run_time::ArrayRef<T, D> {
                array
            }
            let __op0 = __rank0(__op0);
            match const {
                &__run_time::Call {
                    subscripts: "ii->i",
                    labels: &['i'],
                    arrays: &[
                        __run_time::CallArray {
                            operand: __run_time::Operand {
                                number: __run_time::Some(0usize),
                                source: "a",
                            },
                            axes: &[0, 0],
                        },
                    ],
                }
            }
                .extents::<1>(&[__op0.shape()])
            {
                __run_time::Err(__error) => __run_time::fail(&__error),
                __run_time::Ok([__n_i]) => {
                    let mut __result = __run_time::Array::zeros([__n_i]);
                    {
                        fn __plain<
                            T: __run_time::Element,
                            S: __run_time::Store<T>,
                            P: __run_time::Step,
                        >(
                            mut __out: __run_time::StridedMut<'_, T, 1>,
                            (__in0,): (__run_time::Strided<'_, T, 1>,),
                            [__n_i,
                            ]: [usize; 1],
                        ) {
                            for __i in 0..__n_i {
                                let __element0 = unsafe { __in0.at([__i]) };
                                let __value = __element0;
                                unsafe {
                                    __out.store::<S>([__i], __value);
                                }
                            }
                        }
                        fn __tiled<
                            T: __run_time::Element,
                            S: __run_time::Store<T>,
                            const W: usize,
                        >(
                            mut __out: __run_time::StridedMut<'_, T, 1>,
                            (__in0,): (__run_time::Strided<'_, T, 1>,),
                            [__n_i,
                            ]: [usize; 1],
                        ) {
                            for __tile in __run_time::tiles::<W>(__n_i) {
                                let __i = __tile.start;
                                let __value = |__lane| unsafe {
                                    __in0.along::<__run_time::Unit>(0, [__i + __lane])
                                };
                                unsafe {
                                    __out.store_tile::<S, W>(0, [__i], __tile, __value);
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
                        if __run_time::run(__extents[0], [__in0.is_contiguous(0)])
                            >= __run_time::WIDE
                        {
                            __tiled::<
                                _,
                                __run_time::Assign,
                                { __run_time::WIDE },
                            >(__out, (__in0,), __extents);
                        } else if __run_time::run(__extents[0], [__in0.is_contiguous(0)])
                            >= __run_time::NARROW
                        {
                            __tiled::<
                                _,
                                __run_time::Assign,
                                { __run_time::NARROW },
                            >(__out, (__in0,), __extents);
                        } else {
                            __plain::<
                                _,
                                __run_time::Assign,
                                __run_time::Any,
                            >(__out, (__in0,), __extents);
                        }
                    }
                    __result
                }
            }
        }
    }
}
