// "b(x+i)->bxi" , x ; i = n
pub fn windows(x: ArrayView2<'_, f64>, n: usize) -> ArrayView3<'_, f64> {
    match (&(x), n) {
        (__op0, __given0) => {
            use ::einsum::__private as __run_time;
            use ::einsum::__private::LentView as _;
            use ::einsum::__private::LentArray as _;
            use ::einsum::__private::LentNested as _;
            use ::einsum::__private::ViewOrNestedMethod as _;
            let __view = __op0.as_einsum_view_or_nested();
            let __op0 = &__view;
            let __op0 = __run_time::operand2::<0, 'b', 'x', _, _>(__op0);
            let __rank = __run_time::Rank::and::<3>(__run_time::Rank::none());
            let __view = __run_time::unwrap(
                __run_time::view(
                    __view,
                    __rank,
                    const {
                        &__run_time::Call {
                            subscripts: "b(x+i)->bxi",
                            labels: &['b', 'x', 'i'],
                            arrays: &[
                                __run_time::CallArray {
                                    operand: __run_time::Operand {
                                        role: __run_time::Role::Operand(0),
                                        source: __run_time::Some("x"),
                                    },
                                    axes: &[
                                        __run_time::Index::Label(0),
                                        __run_time::Index::Affine(__run_time::Affine {
                                            parts: &[(1, 1), (2, 1)],
                                            constant: 0,
                                            padding: 0,
                                        }),
                                    ],
                                    ellipsis: __run_time::None,
                                },
                            ],
                            resolutions: &[
                                __run_time::Resolution {
                                    label: 1,
                                    array: 0,
                                    position: 1,
                                },
                            ],
                        }
                    },
                    const {
                        __run_time::CallArray {
                            operand: __run_time::Operand {
                                role: __run_time::Role::Target,
                                source: __run_time::None,
                            },
                            axes: &[
                                __run_time::Index::Label(0),
                                __run_time::Index::Label(1),
                                __run_time::Index::Label(2),
                            ],
                            ellipsis: __run_time::None,
                        }
                    },
                    &[(2, __run_time::extent(__given0))],
                ),
            );
            __view
        }
    }
}
